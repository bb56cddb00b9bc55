"""How safe the land: soil loss, dryness, vegetation trends, land-cover change, and a graded index."""
