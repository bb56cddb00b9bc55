"""A table with more columns than a page has room for, as several below each other."""

from __future__ import annotations

from dataclasses import replace

from fuping.dashboard.i18n.messages import message
from fuping.dashboard.reports.content import Section, Table

__all__ = ["side_by_side"]

MOST_FIGURES = 8
"""Columns of figures beside those that name the row; more are printed over each other."""


def side_by_side(section: Section, naming: int, language: str) -> list[Section]:
    """Return the section, or several with a part of its table each; the note stands under the last.

    Parameters
    ----------
    naming
        How many of the first columns name the row: they are repeated in each part.
    """
    table = section.body
    figures = len(table.columns) - naming if isinstance(table, Table) else 0
    if not isinstance(table, Table) or figures <= MOST_FIGURES:
        return [section]
    parts = -(-figures // MOST_FIGURES)
    # Of even width: a last part of one column would look like something left over.
    width = -(-figures // parts)
    made = []
    for part in range(parts):
        at = [*range(naming), *range(naming + part * width, min(naming + (part + 1) * width, len(table.columns)))]
        columns = tuple(table.columns[one] for one in at)
        rows = tuple(replace(row, cells=tuple(row.cells[one] for one in at)) for row in table.rows)
        title = message("paper.part_of", language, title=section.title, part=part + 1, parts=parts)
        hint, note = section.hint if part == 0 else "", section.note if part == parts - 1 else ""
        made.append(replace(section, title=title, hint=hint, body=Table(columns, rows), note=note))
    return made
