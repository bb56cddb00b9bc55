"""A field whose value is a parameter of the URL."""

from fuping.dashboard.components.field.component import Field, indicator_field, level_field, select_field, year_field

__all__ = ["Field", "indicator_field", "level_field", "select_field", "year_field"]
