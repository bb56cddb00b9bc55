"""From cells to units: grids, rasters, coverage tables, zonal statistics, terrain and travel time.

The functions ``coverage_table`` and ``resample`` are imported from their own modules, whose names they share.
"""
