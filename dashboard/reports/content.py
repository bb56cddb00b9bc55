"""What a report says: one content that PDF and Word both set, so that a figure is the same in both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = ["Align", "Cell", "Column", "Credit", "Picture", "Report", "Row", "Section", "Table", "texts"]

Align = Literal["left", "right", "center"]


@dataclass(frozen=True)
class Picture:
    """A drawing.

    Parameters
    ----------
    svg
        The drawing.
    width_mm
        How wide it stands on the page; its height follows.
    alt
        What a reader who cannot see it is told.
    """

    svg: str
    width_mm: float
    alt: str


Cell = str | Picture


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    title, small
        Its head, and what stands small below it.
    align
        Of its cells.
    share
        Of the width, beside the shares of the other columns.
    """

    title: str
    small: str = ""
    align: Align = "left"
    share: float = 1.0


@dataclass(frozen=True)
class Row:
    """Cells; ``marked`` is the row that is looked at."""

    cells: tuple[Cell, ...]
    marked: bool = False


@dataclass(frozen=True)
class Table:
    """A table; its head is repeated on each page."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """A part with its title.

    Parameters
    ----------
    title
        Its heading.
    hint
        How it is read; empty where that is plain.
    body
        A picture or a table; ``None`` where the words say all.
    note
        Sources and status of its figures, and why some are missing.
    lead
        What it comes to, in a sentence above the hint.
    share
        Of the width of a page: sections in a row whose shares fit stand side by side in a PDF.
    """

    title: str
    hint: str = ""
    body: Picture | Table | None = None
    note: str = ""
    lead: str = ""
    share: float = 1.0


@dataclass(frozen=True)
class Credit:
    """A source: what it is, with its licence, how to cite it, and the years that come from it."""

    number: int
    name: str
    licence: str
    citation: str
    years: str
    url: str = ""


@dataclass(frozen=True)
class Report:
    """A report.

    Parameters
    ----------
    language
        Of its words.
    kicker, title, other_title
        What kind of report, of which unit, and the unit's name in the other language.
    facts
        Name and value of what is said first: code, level, area, date, build.
    locator
        Where the unit lies; ``None`` without a boundary.
    lead
        The figure that is looked at, in words.
    sections
        The parts.
    sources_title, credits, closing
        The list of sources, and what stands under it.
    page
        Words of the page number, with ``{page}`` and ``{pages}``.
    footer
        At the left of each page's foot.
    compact
        Whether it is set close, to stand on one page.
    """

    language: str
    kicker: str
    title: str
    other_title: str
    facts: tuple[tuple[str, str], ...]
    locator: Picture | None
    lead: str
    sections: tuple[Section, ...]
    sources_title: str
    credits: tuple[Credit, ...]
    closing: tuple[str, ...]
    page: str
    footer: str
    compact: bool = False


def texts(report: Report) -> Iterator[str]:
    """Yield every text of a report, those within pictures among them."""
    yield from (report.kicker, report.title, report.other_title, report.lead, report.page, report.footer)
    yield from (part for fact in report.facts for part in fact)
    yield from report.closing
    for credit in report.credits:
        yield from (credit.name, credit.licence, credit.citation, credit.years)
    for section in report.sections:
        yield from (section.title, section.lead, section.hint, section.note)
        if isinstance(section.body, Picture):
            yield section.body.svg
        elif section.body:
            yield from (text for column in section.body.columns for text in (column.title, column.small))
            yield from (cell for row in section.body.rows for cell in row.cells if isinstance(cell, str))
