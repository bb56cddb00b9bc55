"""What was done where, whom it reached, and what it changed."""
