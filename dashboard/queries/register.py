"""The projects that a pack declares, and which of them the URL asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.export.projects import Money, committed, declared_money
from fuping.layers.schema.vocabulary import ProjectStatus

__all__ = ["Entry", "Register", "project_register"]


@dataclass(frozen=True)
class Entry:
    """One project.

    Parameters
    ----------
    project
        As the catalogue has it.
    money
        What it costs in all, where the pack says so or dated commitments are in one currency.
    source
        Where its list of units is from.
    lead
        Who finances or runs it, by language.
    n_units
        Units that are known to be covered in any year.
    covers
        Years in which it is known to cover the selected unit.
    """

    project: Mapping[str, Any]
    money: Money | None
    source: Mapping[str, Any]
    lead: Mapping[str, str]
    n_units: int
    covers: tuple[int, ...]


@dataclass(frozen=True)
class Register:
    """Projects that are shown.

    Parameters
    ----------
    entries
        Those that the URL asks for.
    n_all
        How many the pack has.
    programmes
        Names of all programmes, by language, in the pack's order.
    years
        All years in which any project of the pack runs.
    programme, running, status, financier
        What the URL asks for: English name of a programme, a year, a status, English name of a financier; empty for
        all.
    statuses, financiers
        Of all projects of the pack; names of financiers by language.
    """

    entries: tuple[Entry, ...]
    n_all: int
    programmes: tuple[Mapping[str, str], ...]
    years: tuple[int, ...]
    programme: str
    running: str
    status: str = ""
    financier: str = ""
    statuses: tuple[str, ...] = ()
    financiers: tuple[Mapping[str, str], ...] = ()


def project_register(reader: Reader, view: ViewState) -> Register:
    """Return the projects of the view's pack that its ``programme`` and ``running`` ask for."""
    catalogue = reader.catalogue(view.pack)
    projects = catalogue["projects"]
    programmes = {one["programme"]["en"]: one["programme"] for one in projects}
    spans = [range(one["first_year"], one["last_year"] + 1) for one in projects]
    years = tuple(sorted({year for span in spans for year in span}))
    programme = view.option("programme", list(programmes), "")
    running = view.option("running", [str(year) for year in years], "")
    # Builds made before projects told who pays for them and how they stand have neither.
    payers = {who["name"]["en"]: who["name"] for one in projects for who in one.get("financiers") or []}
    statuses = [one for one in get_args(ProjectStatus) if any(project.get("status") == one for project in projects)]
    status, financier = view.option("status", statuses, ""), view.option("financier", list(payers), "")
    kept = [
        one
        for one, span in zip(projects, spans, strict=True)
        if (not programme or one["programme"]["en"] == programme)
        and (not running or int(running) in span)
        and (not status or one.get("status") == status)
        and (not financier or financier in [who["name"]["en"] for who in one.get("financiers") or []])
    ]
    sources = {one["id"]: one for one in catalogue["sources"]}
    entries = tuple(_entry(reader, view, one, sources[one["source"]]) for one in kept)
    return Register(
        entries=entries,
        n_all=len(projects),
        programmes=tuple(programmes.values()),
        years=years,
        programme=programme,
        running=running,
        status=status,
        financier=financier,
        statuses=tuple(statuses),
        financiers=tuple(payers.values()),
    )


def _entry(reader: Reader, view: ViewState, project: Mapping[str, Any], source: Mapping[str, Any]) -> Entry:
    years, covered = reader.coverage(view.pack, project["id"], project["level"])
    codes = reader.units(view.pack, project["level"])["code"]
    mine: tuple[int, ...] = ()
    if view.unit in codes:
        at = codes.index(view.unit)
        mine = tuple(year for year, row in zip(years, covered, strict=True) if row[at])
    # Builds made before the catalogue named who runs a programme have the publisher of its list only.
    lead = project.get("publisher") or source["publisher"]
    money = declared_money(dict(project)) or committed(project)
    return Entry(project, money, source, lead, int(covered.any(axis=0).sum()), mine)
