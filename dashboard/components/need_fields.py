"""The fields that choose what ranks units from the worst off, in which year, and how large the poorest part is."""

from __future__ import annotations

from collections.abc import Collection

from fuping.dashboard.components.field import Field, select_field
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.need import CUTS, Need, ranking_years, rankings
from fuping.dashboard.state import ViewState

__all__ = ["need_fields"]


def need_fields(
    reader: Reader, view: ViewState, level: str, ranked: Need, *, allowed: Collection[int] | None = None
) -> list[Field]:
    """Return the choices of ranking, year (of those allowed) and poorest part."""
    language = view.language
    there = ranking_years(reader, view.pack, ranked.declared["id"], level)
    years = [year for year in there if allowed is None or year in allowed]
    choices = {
        "ranking": (
            ranked.declared["id"],
            [(one["id"], one["name"][language]) for one in rankings(reader, view.pack, level)],
        ),
        "ranking_year": (str(ranked.year), [(str(year), str(year)) for year in reversed(years)]),
        "cut": (str(ranked.cut), [(one, message("need.poorest", language, cut=one)) for one in CUTS]),
    }
    return [
        select_field(
            param,
            message(f"need.{param}", language),
            value,
            [{"value": one, "label": label} for one, label in options],
            clears=["ranking_year"] if param == "ranking" else [],
        )
        for param, (value, options) in choices.items()
    ]
