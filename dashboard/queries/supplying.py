"""What people can supply for a pack: its sources, what their files must have, what was proposed, and what is in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fuping.dashboard.checks import checks_of
from fuping.dashboard.identity import WRITERS, identity
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.errors import SourceError
from fuping.layers.ingest.proposals import Proposal
from fuping.layers.stores import Build

__all__ = ["Supplying", "TableForm", "added_over", "may_supply", "needed_columns", "supplying"]


@dataclass(frozen=True)
class TableForm:
    """A table that is read from a source: how, of which level, and the columns that it must have."""

    id: str
    form: str
    level: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Supplying:
    """What the page of a pack shows.

    Parameters
    ----------
    sources
        Those that people supply, as the catalogue has them.
    source
        The one chosen; ``None`` where there is none to supply.
    tables
        Read from the chosen one.
    proposals
        For the pack, the latest first; none for who may not see them.
    opened
        The proposal that the URL names.
    reports
        What the joins of the opened proposal's build matched, where it is ready.
    builds
        That are kept: the one in use, then the others, the latest first.
    """

    sources: tuple[Mapping[str, Any], ...]
    source: Mapping[str, Any] | None
    tables: tuple[TableForm, ...]
    proposals: tuple[Proposal, ...]
    opened: Proposal | None
    reports: tuple[Mapping[str, Any], ...]
    builds: tuple[Build, ...]


def may_supply() -> bool:
    """Return whether who asks may change the data of a whole pack: an editor or administrator without areas."""
    asking = identity()
    return asking.role in WRITERS and not asking.areas


def supplying(reader: Reader, view: ViewState) -> Supplying:
    """Return what the view's page shows."""
    catalogue = reader.catalogue(view.pack)
    sources = tuple(one for one in catalogue["sources"] if one["kind"] == "url" or one.get("replaceable"))
    ids = [one["id"] for one in sources]
    opened = _opened(reader, view)
    wanted = opened.source if opened else view.option("source", ids, ids[0] if ids else "")
    source = next((one for one in sources if one["id"] == wanted), None)
    proposals = checks_of(reader).proposals
    return Supplying(
        sources=sources,
        source=source,
        tables=tuple(_form(one) for one in catalogue["tables"] if one["source"] == wanted),
        proposals=tuple(proposals.of(view.pack)) if may_supply() else (),
        opened=opened,
        reports=tuple(proposals.reports(opened.id)) if opened and opened.state == "ready" else (),
        builds=tuple(reader.store.builds(view.pack)),
    )


def _opened(reader: Reader, view: ViewState) -> Proposal | None:
    wanted = dict(view.extra).get("proposal", "")
    if not wanted or not may_supply():
        return None
    try:
        found = checks_of(reader).proposals.get(wanted)
    except SourceError:
        return None
    return found if found.pack == view.pack else None


def _form(table: Mapping[str, Any]) -> TableForm:
    return TableForm(table["id"], table.get("format", "csv"), table["level"], needed_columns(table))


def needed_columns(table: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns that a table's file must have, in the order in which they are declared."""
    found = [table[key] for key in ("code_column", "name_column", "year_column") if table.get(key)]
    for series in table.get("series", ()):
        found += [series[key] for key in ("value", "lower", "upper") if isinstance(series.get(key), str)]
        found += [*added_over(series), *series.get("where", {})]
    found += [*table.get("where", {}), *table.get("prefer", {})]
    return tuple(dict.fromkeys(str(one) for one in found))


def added_over(series: Mapping[str, Any]) -> list[str]:
    """Return the columns whose rows a series adds up."""
    named = series.get("sum_over", [])
    return [named] if isinstance(named, str) else list(named)
