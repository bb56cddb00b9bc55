"""A figure of a page: title, chart or table, what can be taken away, and the note on its sources."""

from fuping.dashboard.components.figure.component import CONFIG, chart, data_table, figure
from fuping.dashboard.components.figure.line_mark import line_mark, series_key

__all__ = ["CONFIG", "chart", "data_table", "figure", "line_mark", "series_key"]
