"""Fuping: an open spatial information system for poverty monitoring."""
