"""cartography."""
