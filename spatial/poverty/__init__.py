"""poverty."""
