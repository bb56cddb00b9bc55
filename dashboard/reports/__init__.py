"""Reports of a unit or a region as PDF and Word, both from one content."""
