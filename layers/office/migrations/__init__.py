"""How the office's tables came to be, step by step; Alembic runs the steps."""
