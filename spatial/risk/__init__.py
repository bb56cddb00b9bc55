"""What threatens: hazards, what is exposed to them, how it is hurt, and what that means for the poor."""
