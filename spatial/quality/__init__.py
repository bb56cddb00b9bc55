"""Which figures to ask the source about: gaps, outliers, broken series, totals that do not fit, values that repeat.

Nothing here changes a figure, and a flag is a question, not an error.
"""

from fuping.spatial.quality.broken_series import SeriesCheck, broken_series
from fuping.spatial.quality.completeness import completeness, completeness_by_unit
from fuping.spatial.quality.neighbours import against_neighbours
from fuping.spatial.quality.own_past import against_own_past
from fuping.spatial.quality.repeats import copied_series, last_digits, long_runs, outside_limits
from fuping.spatial.quality.robust import MODIFIED_Z, Flags, Scale, modified_z
from fuping.spatial.quality.totals import RollUpCheck, check_roll_up

__all__ = [
    "MODIFIED_Z",
    "Flags",
    "RollUpCheck",
    "Scale",
    "SeriesCheck",
    "against_neighbours",
    "against_own_past",
    "broken_series",
    "check_roll_up",
    "completeness",
    "completeness_by_unit",
    "copied_series",
    "last_digits",
    "long_runs",
    "modified_z",
    "outside_limits",
]
