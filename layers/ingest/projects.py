"""Bring projects from a file to the units of a pack: by code, else by what a point, line or polygon lies in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
from fuping.layers.errors import Fault, SourceError, TableError
from fuping.layers.sources.iati import read_iati
from fuping.layers.sources.project_places import ProjectPlaces, read_project_table
from fuping.layers.stores.contract import Store
from fuping.spatial.boundaries.codes import normalise_codes
from fuping.spatial.match_report import MatchReport, Reason, Unmatched
from fuping.spatial.projects import Located, Rule, allocate, check_projects, locate
from fuping.spatial.projects.allocation import largest_remainder
from fuping.spatial.projects.errors import AllocationError, ProjectError
from fuping.spatial.wording import worded

__all__ = [
    "FoundPlaces",
    "find_places",
    "place_in_pack",
    "place_projects",
    "projects_of_file",
    "read_projects",
    "told_of",
]


def read_projects(path: Path) -> ProjectPlaces:
    """Read a file of projects: IATI activities where it is XML, else a table.

    Raises
    ------
    TableError
        With every fault of the file.
    """
    return read_iati(path) if path.suffix.lower() == ".xml" else read_project_table(path)


@contextmanager
def told_of(file: str) -> Iterator[None]:
    """Tell what is wrong with a list of projects, seen once its places are known, as faults of the file it came from.

    Raises
    ------
    TableError
        In place of a ProjectError.
    """
    try:
        yield
    except ProjectError as error:
        expected = worded("each project once in a unit at a time, its years in order")
        faults = [Fault(file, "", one, expected) for one in cast("list[str]", error.values["faults"])]
        raise TableError(file, faults) from error


def projects_of_file(
    store: Store, pack: str, path: Path, *, level: str, rule: Rule | None = None
) -> tuple[pd.DataFrame, MatchReport]:
    """Read a file of projects and place them in the units of a pack; nothing is stored.

    Takes ``rule`` and returns as :func:`place_projects`.

    Raises
    ------
    TableError
        The file is faulty.
    SourceError
        The pack has no such level.
    """
    read = read_projects(path)
    with told_of(path.name):
        return place_in_pack(store, pack, read, level=level, rule=rule)


def place_in_pack(
    store: Store, pack: str, read: ProjectPlaces, *, level: str, rule: Rule | None = None
) -> tuple[pd.DataFrame, MatchReport]:
    """Place projects that were read in the units of a pack, as :func:`place_projects` does.

    Raises
    ------
    SourceError
        The pack has no such level.
    """
    levels = [one["id"] for one in store.catalogue(pack)["levels"]]
    if level not in levels:
        raise SourceError(f"The pack {pack!r} has no level {level!r}.", remedy=f"Levels: {', '.join(levels)}.")
    units = pd.DataFrame(store.units(pack, level))
    # Polygons are many: they are read where a place is drawn and no code of it is a unit's.
    if (read.places["geometry"].notna() & _by_code(read.places, units["code"].astype(str)).isna()).any():
        units = store.boundaries(pack, level)[["code", "geometry"]]
    others: dict[str, Reason] = {
        code: "other_level" for one in levels if one != level for code in store.units(pack, one)["code"]
    }
    return place_projects(read, units, elsewhere=others, rule=rule)


@dataclass(frozen=True, eq=False)
class FoundPlaces:
    """Where the places of a file of projects lie.

    Parameters
    ----------
    by_code
        Place → the unit that one of its codes names; missing where none does.
    located
        What of the others was found by its shape; ``None`` where none is drawn.
    listed
        A row for each place and unit, missing where there is none: what the file says of the place but its codes and
        shape, ``place`` (its label), ``share`` of it that lies there, ``kind`` and ``extent`` (what it measures there),
        ``amount`` (by share, to the cent).
    """

    by_code: pd.Series
    located: Located | None
    listed: pd.DataFrame


def find_places(read: ProjectPlaces, units: pd.DataFrame) -> FoundPlaces:
    """Look up each place of a file: by the first of its codes that is a unit's, else by what it lies in.

    Takes what :func:`place_projects` takes.
    """
    places = read.places
    by_code = _by_code(places, units["code"].astype(str))
    drawn = by_code.isna() & places["geometry"].notna()
    located = None
    if drawn.any():
        shapes = gpd.GeoSeries(places.loc[drawn, "geometry"], crs="EPSG:4326")
        located = locate(shapes, gpd.GeoDataFrame(units))
    return FoundPlaces(by_code, located, _listed(places, by_code, located))


def place_projects(
    read: ProjectPlaces,
    units: pd.DataFrame,
    *,
    elsewhere: Mapping[str, Reason] | None = None,
    rule: Rule | None = None,
    where: FoundPlaces | None = None,
) -> tuple[pd.DataFrame, MatchReport]:
    """Find the units of each place of each project.

    Parameters
    ----------
    read
        What the file says.
    units
        ``code`` and, to place what is drawn, ``geometry`` (polygons in a known CRS).
    elsewhere
        Codes that are known and are no units of this level → why a place with such a code finds no unit.
    rule
        How the money of a project is spread over its units where the file does not say what each got; without it that
        stays missing. Commitments are spread, else budgets or totals. ``"shares"`` spreads by what the places measure:
        km of lines, km² of polygons, or the number of points and codes.
    where
        What :func:`find_places` found of the same places and units; it is looked up where not given.

    Returns
    -------
    (pandas.DataFrame, MatchReport)
        As :func:`fuping.spatial.projects.check_projects` gives them, ``unit`` missing where no unit was found, with
        ``component``, ``currency``, ``title``, ``financier`` and ``place_name``. A line or polygon is a row for each
        unit that it touches, the money of the place spread by its length or area, to the cent; what of it lies in no
        unit is a row without one. Several places of a component in one unit are one row. The report counts places, and
        projects that name none; its notes tell how they were matched, and what lies partly outside.

    Raises
    ------
    ProjectError
        The list is faulty: the same project, component and unit twice in overlapping years, for example.
    AllocationError
        A rule is asked for and amounts are in several currencies, or cannot be spread by it.
    """
    places, where = read.places, where or find_places(read, units)
    listed = where.listed.drop(columns="share")
    found = listed[listed["unit"].notna()]
    lost = places[~places.index.isin(found["place"])]
    unmatched = tuple(
        Unmatched(
            row["codes"][0] if row["codes"] else "",
            " ".join(filter(None, (row["project"], row["component"], row["place_name"]))),
            *_why(row, elsewhere or {}),
        )
        for _, row in lost.iterrows()
    )
    twice = found[found.duplicated(KEY)]
    report = MatchReport(
        "projects → units",
        n_left=len(places),
        n_right=len(units),
        matched=len(places) - len(lost),
        unmatched_left=unmatched,
        duplicated_left=tuple(sorted({f"{row.project} {row.unit}" for row in twice.itertuples()})),
        notes=(*_notes(places, where.by_code, where.located, found), *read.notes),
    )
    merged = _merged(listed)
    # Faults name rows as the file does; two units of one place have its name both.
    checked = check_projects(merged.set_index("place")).set_axis(merged.index)
    rows = checked if rule is None else _allocated(checked, read, rule)
    return rows.drop(columns=["kind", "extent"]), report


KEY = ["project", "component", "programme", "unit", "first_year", "last_year"]

MIXED = "mixed"
"""Kind of places in one unit that are measured in different ways."""

HOW = {
    "point": "{n} by the unit that their point lies in",
    "line": "{n} lines by length",
    "polygon": "{n} polygons by area",
}


def _by_code(places: pd.DataFrame, codes: pd.Series) -> pd.Series:
    """Return the first of each place's codes that is a unit's; missing where none is."""
    width = int(codes.str.len().max())
    tried = places["codes"].explode()
    read = normalise_codes(tried.fillna("").astype("string"), width=width).codes
    hit = read[read.isin(set(codes))]
    return hit[~hit.index.duplicated()].reindex(places.index).astype(object)


def _listed(places: pd.DataFrame, by_code: pd.Series, located: Located | None) -> pd.DataFrame:
    """Lay out a row for each place and unit, as :class:`FoundPlaces` has them."""
    # A place that a code names counts one, like a point.
    named = {"location": places.index, "unit": by_code.to_numpy(), "kind": "point", "share": 1.0, "extent": 1.0}
    parts = pd.DataFrame(named)
    if located is not None:
        parts = pd.concat([parts[~parts["location"].isin(located.parts["location"])], located.parts])
    order = {label: number for number, label in enumerate(places.index)}
    parts = parts.sort_values("location", key=lambda labels: labels.map(order), kind="stable", ignore_index=True)
    listed = places.drop(columns=["codes", "geometry"]).loc[parts["location"]].reset_index(drop=True)
    amount = listed["amount"].copy()
    split = amount.notna() & parts["share"].lt(1)
    if split.any():
        group, labels = pd.factorize(parts.loc[split, "location"])
        cents = (places.loc[labels, "amount"].to_numpy() * 100).round().astype(np.int64)
        amount[split] = largest_remainder(cents, parts.loc[split, "share"].to_numpy(), group) / 100
    unit = parts["unit"].astype(object).where(parts["unit"].notna(), None)
    place = parts["location"].astype(places.index.dtype)
    measured = {name: parts[name] for name in ("kind", "extent", "share")}
    return listed.assign(unit=unit, amount=amount, place=place, **measured)


def _notes(places: pd.DataFrame, by_code: pd.Series, located: Located | None, found: pd.DataFrame) -> tuple[str, ...]:
    n_named = int(by_code.notna().sum())
    drawn = found[found["place"].isin(by_code.index[by_code.isna()])].drop_duplicates("place")["kind"].value_counts()
    how = [f"{n_named} places by code", *(words.format(n=drawn[one]) for one, words in HOW.items() if one in drawn)]
    within = found["project"].nunique()
    notes = [f"{places['project'].nunique()} projects, {within} of them in at least one unit", ", ".join(how)]
    if located is not None:
        for label, share in located.outside[located.outside < 1].items():
            row = places.loc[label]
            name = " ".join(filter(None, (row["project"], row["component"], row["place_name"])))
            notes.append(f"{share:.1%} of {name} (row {label}) lies outside every unit")
    return tuple(notes)


def _why(row: pd.Series, elsewhere: Mapping[str, Reason]) -> tuple[Reason, str]:
    shape = row["geometry"]
    if shape is not None:
        where = f"({shape.x:g}, {shape.y:g})" if shape.geom_type == "Point" else f"the {shape.geom_type}"
        return "outside", f"{where} lies in no unit"
    if not row["codes"]:
        return "missing_code", "names neither a code nor a position"
    known = next((elsewhere[code] for code in row["codes"] if code in elsewhere), None)
    return known or "unknown_code", ""


def _merged(listed: pd.DataFrame) -> pd.DataFrame:
    """Give several places of a component in one unit and span of years one row, known money and extents added."""
    placed = listed["unit"].notna()
    groups = listed[placed].groupby(KEY, dropna=False, sort=False)
    one = groups["kind"].first().where(groups["kind"].nunique().eq(1), MIXED)
    together = listed[placed & ~listed.duplicated(KEY)].assign(
        amount=groups["amount"].sum(min_count=1).to_numpy(),
        extent=groups["extent"].sum().to_numpy(),
        kind=one.to_numpy(),
    )
    # What was not placed stays a row of its own, so that it can be looked up.
    return pd.concat([together, listed[~placed]]).sort_index()


def _allocated(rows: pd.DataFrame, read: ProjectPlaces, rule: Rule) -> pd.DataFrame:
    """Spread the money of projects whose file does not say what each unit got."""
    totals = read.totals()
    order = {"commitment": 0, "total": 1, "budget": 2}
    known = totals[totals["kind"].isin(order)].sort_values("kind", key=lambda kinds: kinds.map(order), kind="stable")
    known = known[known["kind"] == known.groupby("project")["kind"].transform("first")]
    currencies = sorted(set(known["currency"]))
    if len(currencies) > 1:
        raise AllocationError(
            f"Amounts are in {', '.join(currencies)}; they are not added.",
            remedy="Convert them first with dated rates: fuping.layers.money.in_one_currency.",
            currencies=currencies,
        )
    open_ = rows["amount"].isna() & rows["project"].isin(known["project"])
    if rule != "shares":
        open_ &= rows["unit"].notna()
    told = rows[open_]
    if told.empty:
        return rows
    weight = np.ones(len(told))
    if rule == "shares":
        _require_one_measure(told)
        weight = told["extent"].to_numpy()
    # What lies in no unit keeps its part of what is shared out by length or area.
    pairs = told.assign(unit=told["unit"].fillna(""), extent=weight)
    links = pairs.groupby(["project", "unit"], sort=False, as_index=False)["extent"].sum()
    links["share"] = links["extent"] / links.groupby("project")["extent"].transform("sum")
    parts, _ = allocate(known[known["project"].isin(links["project"])], links, rule=rule)
    pair = pd.MultiIndex.from_frame(links[["project", "unit"]])
    group = pair.get_indexer(pd.MultiIndex.from_frame(pairs[["project", "unit"]]))
    cents = (parts["amount"].to_numpy() * 100).round().astype("int64")
    filled = pd.Series(largest_remainder(cents, weight, group) / 100, told.index)
    return rows.assign(amount=rows["amount"].fillna(filled))


def _require_one_measure(rows: pd.DataFrame) -> None:
    """Refuse shares of projects whose places are measured in different ways."""
    kinds = rows.groupby("project")["kind"].agg(["nunique", "first"])
    mixed = kinds.index[kinds["nunique"].gt(1) | kinds["first"].eq(MIXED)]
    if len(mixed):
        raise AllocationError(
            f"Places of {', '.join(mixed)} are measured in different ways (km, km², places), which make no shares.",
            remedy="Choose the rule equal, or tell what each place got.",
            projects=list(mixed),
        )
