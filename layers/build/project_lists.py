"""Projects of a pack that come as a file of their own (IATI, CSV, Excel), each as if it were declared."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from fuping.layers.build.project_locations import COLUMNS as LOCATIONS
from fuping.layers.errors import Fault, TableError
from fuping.layers.ingest.projects import find_places, place_projects, read_projects, told_of
from fuping.layers.pack import Pack
from fuping.layers.schema.metadata import Project, ProjectList, Text
from fuping.layers.sources.locate import check_hash, source_file
from fuping.layers.sources.project_places import ProjectPlaces
from fuping.spatial.match_report import MatchReport, Reason
from fuping.spatial.wording import worded

__all__ = ["COVERAGE", "ListedProjects", "listed_projects"]

COVERAGE = ["project", "level", "code", "year"]

STRANGE = re.compile(r"[^A-Za-z0-9_.-]+")
"""What an identifier in a file may have and an address cannot."""

TOTALS = ("commitment", "total", "budget")
"""Kinds of money that say what a project costs, the surest first."""


@dataclass(frozen=True, eq=False)
class ListedProjects:
    """What the lists of a pack say.

    Parameters
    ----------
    projects
        As the catalogue has projects.
    locations, coverage
        As :func:`~fuping.layers.build.project_locations.project_locations` and
        :func:`~fuping.layers.build.projects.project_coverage` lay them out.
    reports
        One for each list: which places found a unit, and why the others did not.
    hashes
        Source → sha256 of its file.
    """

    projects: list[dict[str, Any]]
    locations: pd.DataFrame
    coverage: pd.DataFrame
    reports: list[MatchReport]
    hashes: dict[str, str]


def listed_projects(pack: Pack, units: Mapping[str, gpd.GeoDataFrame], supplied: Path) -> ListedProjects:
    """Read the lists of a pack whose files are there.

    Parameters
    ----------
    units
        Level → its units, with ``code`` and geometry.
    supplied
        Folder of the files that people gave.

    Raises
    ------
    TableError
        A file is faulty, or two projects have the same identifier.

    Notes
    -----
    A project that still runs is drawn to the year of the build. Money in several currencies stays with the payments.
    """
    found = ListedProjects([], pd.DataFrame(columns=LOCATIONS), pd.DataFrame(columns=COVERAGE), [], {})
    locations, coverage = [found.locations], [found.coverage]
    taken = {project.id: "programmes.toml" for programme in pack.programmes for project in programme.projects}
    for declared in pack.project_lists:
        source = pack.source(declared.source)
        path = source_file(pack, source, supplied)
        if path is None:
            continue
        found.hashes[source.id] = check_hash(source, path, supplied)
        read = read_projects(path)
        names = _names(read, path.name, taken)
        here = units[declared.level]
        others: dict[str, Reason] = {
            code: "other_level" for level, table in units.items() if level != declared.level for code in table["code"]
        }
        where = find_places(read, here)
        with told_of(path.name):
            rows, report = place_projects(read, here, elsewhere=others, where=where)
        found.reports.append(report)
        rows = rows.assign(project=rows["project"].map(names))
        rows["last_year"] = rows["last_year"].fillna(np.maximum(rows["first_year"], datetime.now(UTC).year))
        found.projects.extend(_projects(declared, read, rows, where.listed, names))
        locations.append(_locations(read, where.listed, names))
        coverage.append(_coverage(declared, rows))
    return ListedProjects(
        found.projects,
        pd.concat([one for one in locations if len(one)] or locations[:1], ignore_index=True),
        pd.concat([one for one in coverage if len(one)] or coverage[:1], ignore_index=True),
        found.reports,
        found.hashes,
    )


def _names(read: ProjectPlaces, file: str, taken: dict[str, str]) -> dict[str, str]:
    """Return what each project of a file is called here, and note it as taken."""
    names = {name: STRANGE.sub("-", name) for name in dict.fromkeys(read.places["project"])}
    faults = []
    for name, own in names.items():
        if own in taken:
            found = worded("the project {name}, which {file} has as {own}", name=name, file=taken[own], own=own)
            faults.append(Fault(file, worded("project {name}", name=name), found, worded("an identifier of its own")))
        taken[own] = file
    if faults:
        raise TableError(file, faults)
    return names


def _projects(
    declared: ProjectList,
    read: ProjectPlaces,
    rows: pd.DataFrame,
    listed: pd.DataFrame,
    names: Mapping[str, str],
) -> list[dict[str, Any]]:
    standing = read.standing.set_index("project")
    totals, payments = _by_project(read.totals()), _by_project(read.payments)
    components, outputs, documents = map(_by_project, (read.components, read.outputs, read.documents))
    placed_rows = _by_project(rows)
    placed = set(listed.loc[listed["unit"].notna(), "place"])
    made = []
    for name, places in read.places.groupby("project", sort=False):
        mine = placed_rows(names[str(name)])
        units = mine["unit"].dropna().nunique()
        named = places["codes"].map(len).gt(0) | places["geometry"].notna()
        # Places that found no unit are still places: "3 of 4".
        lost = int((named & ~places.index.isin(placed)).sum())
        amount, currency = _cost(totals(str(name)), places)
        people = standing["beneficiaries"].get(name)
        project = Project(
            id=names[str(name)],
            name=_text(places["title"].iloc[0] or str(name), places["title_zh"].iloc[0]),
            source=declared.source,
            level=declared.level,
            first_year=int(mine["first_year"].min()),
            last_year=int(mine["last_year"].max()),
            named_units=units,
            total_units=units + lost,
            amount=amount,
            currency=currency,
            status=standing["status"].get(name) or None,
            beneficiaries=None if people is None or np.isnan(people) else int(people),
        )
        programme = _text(places["programme"].iloc[0], places["programme_zh"].iloc[0])
        payers = dict.fromkeys(who.strip() for who in ";".join(places["financier"]).split(";") if who.strip())
        made.append(
            project.model_dump(mode="json", exclude={"payments", "activity"})
            | {"payments": _payments(payments(str(name)))}
            | {"programme": programme.model_dump(), "publisher": programme.model_dump()}
            | {"financiers": [{"name": {"en": who, "zh": who}, "share": None, "matching": False} for who in payers]}
            | {"components": _components(components(str(name)))}
            | {"outputs": _outputs(outputs(str(name))), "documents": _documents(documents(str(name)))}
        )
    return made


def _by_project(table: pd.DataFrame) -> Callable[[str], pd.DataFrame]:
    """Return what gives the rows of a project, none where it has none; a list of thousands is gone through once."""
    places = table.groupby("project", sort=False).indices
    return lambda name: table.iloc[places.get(name, [])]


def _locations(read: ProjectPlaces, listed: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    shapes = read.places["geometry"].loc[listed["place"]].to_numpy(dtype=object)
    wkt = np.where(pd.notna(shapes), shapely.to_wkt(shapes, rounding_precision=6), "")
    rows = listed.assign(project=listed["project"].map(names), wkt=wkt)
    return rows.loc[rows["unit"].notna() | rows["wkt"].ne(""), LOCATIONS]


def _coverage(declared: ProjectList, rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each project, unit and year of the places that found a unit."""
    inside = rows[rows["unit"].notna()]
    years = [range(int(first), int(last) + 1) for first, last in zip(inside.first_year, inside.last_year, strict=True)]
    spread = inside.assign(year=years, level=declared.level).rename(columns={"unit": "code"}).explode("year")
    return spread[COVERAGE].drop_duplicates(ignore_index=True).astype({"year": "int64"})


def _text(english: str, chinese: str) -> Text:
    """Return a text; what a file says in one language only is shown as it says it."""
    return Text(en=english, zh=chinese or english)


def _cost(totals: pd.DataFrame, places: pd.DataFrame) -> tuple[float | None, str | None]:
    for kind in TOTALS:
        told = totals[totals["kind"].eq(kind)]
        if len(told):
            return (float(told["amount"].iloc[0]), str(told["currency"].iloc[0])) if len(told) == 1 else (None, None)
    # Money of places adds up to that of the project only where every place has its own.
    if places["amount"].notna().all() and places["currency"].nunique() == 1:
        return float(places["amount"].sum()), str(places["currency"].iloc[0])
    return None, None


def _payments(mine: pd.DataFrame) -> list[dict[str, Any]]:
    mine = mine.sort_values("date", kind="stable")
    return [{str(key): one for key, one in row.items()} for row in mine.drop(columns="project").to_dict("records")]


def _components(mine: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {"id": one.component, "name": {"en": one.title or one.component, "zh": one.title or one.component}}
        | {"amount": None, "currency": None}
        for one in mine.itertuples()
    ]


def _outputs(mine: pd.DataFrame) -> list[dict[str, Any]]:
    several = mine.duplicated(["component", "output", "unit"], keep=False)
    return [
        {"name": dict.fromkeys(("en", "zh"), f"{one.output} ({one.start} – {one.end})" if again else one.output)}
        | {"unit": dict.fromkeys(("en", "zh"), one.unit), "component": one.component or None}
        | {key: None if np.isnan(getattr(one, key)) else float(getattr(one, key)) for key in ("target", "achieved")}
        for one, again in zip(mine.itertuples(), several, strict=True)
    ]


def _documents(mine: pd.DataFrame) -> list[dict[str, Any]]:
    return [{"title": {"en": one.title, "zh": one.title}, "url": one.url} for one in mine.itertuples()]
