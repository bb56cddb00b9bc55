"""Bring projects from a file to the units of a pack: by code, else by the unit that a point lies in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
from fuping.layers.errors import SourceError
from fuping.layers.sources.iati import read_iati
from fuping.layers.sources.project_places import ProjectPlaces, read_project_table
from fuping.layers.stores.contract import Store
from fuping.spatial.boundaries.codes import normalise_codes
from fuping.spatial.boundaries.join import points_in_units
from fuping.spatial.match_report import MatchReport, Reason, Unmatched
from fuping.spatial.projects import Rule, allocate, check_projects
from fuping.spatial.projects.errors import AllocationError

__all__ = ["place_in_pack", "place_projects", "projects_of_file", "read_projects"]


def read_projects(path: Path) -> ProjectPlaces:
    """Read a file of projects: IATI activities where it is XML, else a table.

    Raises
    ------
    TableError
        With every fault of the file.
    """
    return read_iati(path) if path.suffix.lower() == ".xml" else read_project_table(path)


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
    return place_in_pack(store, pack, read_projects(path), level=level, rule=rule)


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
    has_points = read.places["longitude"].notna().any()
    units = (
        store.boundaries(pack, level)[["code", "geometry"]] if has_points else pd.DataFrame(store.units(pack, level))
    )
    others: dict[str, Reason] = {
        code: "other_level" for one in levels if one != level for code in store.units(pack, one)["code"]
    }
    return place_projects(read, units, elsewhere=others, rule=rule)


def place_projects(
    read: ProjectPlaces,
    units: pd.DataFrame,
    *,
    elsewhere: Mapping[str, Reason] | None = None,
    rule: Rule | None = None,
) -> tuple[pd.DataFrame, MatchReport]:
    """Find the unit of each place of each project.

    Parameters
    ----------
    read
        What the file says.
    units
        ``code`` and, to place points, ``geometry`` (polygons in a known CRS).
    elsewhere
        Codes that are known and are no units of this level → why a place with such a code finds no unit.
    rule
        How the money of a project is spread over its units where the file does not say what each got; without it that
        stays missing. Commitments are spread, else budgets or totals.

    Returns
    -------
    (pandas.DataFrame, MatchReport)
        As :func:`fuping.spatial.projects.check_projects` gives them, ``unit`` missing where no unit was found, with
        ``currency``, ``title``, ``financier`` and ``place_name``. Several places of a project in one unit are one row.
        The report counts places, and projects that name none; its notes tell how they were matched.

    Raises
    ------
    ProjectError
        The list is faulty: the same project, programme and unit twice in overlapping years, for example.
    AllocationError
        A rule is asked for and amounts are in several currencies, or cannot be spread by it.
    """
    places = read.places
    codes = units["code"].astype(str)
    by_code = _by_code(places, codes)
    unit = by_code.copy()
    open_ = by_code.isna() & places["longitude"].notna()
    by_point = 0
    if open_.any():
        points = gpd.points_from_xy(places.loc[open_, "longitude"], places.loc[open_, "latitude"], crs="EPSG:4326")
        frame = gpd.GeoDataFrame(geometry=points, index=places.index[open_]).to_crs(gpd.GeoDataFrame(units).crs)
        placed, _ = points_in_units(frame, gpd.GeoDataFrame(units))
        unit[open_] = placed["unit_code"].astype(object)
        by_point = int(placed["unit_code"].notna().sum())
    lost = places[unit.isna()]
    unmatched = tuple(
        Unmatched(
            row["codes"][0] if row["codes"] else "",
            " ".join(filter(None, (row["project"], row["place_name"]))),
            *_why(row, elsewhere or {}),
        )
        for _, row in lost.iterrows()
    )
    listed = places.assign(unit=unit.astype(object).where(unit.notna(), None))
    twice = listed[listed["unit"].notna() & listed.duplicated(KEY)]
    notes = [
        f"{places['project'].nunique()} projects, {listed.loc[listed['unit'].notna(), 'project'].nunique()} of them "
        "in at least one unit",
        f"{int(by_code.notna().sum())} places by code, {by_point} by the unit that their point lies in",
        *read.notes,
    ]
    report = MatchReport(
        "projects → units",
        n_left=len(places),
        n_right=len(codes),
        matched=len(places) - len(lost),
        unmatched_left=unmatched,
        duplicated_left=tuple(sorted({f"{row.project} {row.unit}" for row in twice.itertuples()})),
        notes=tuple(notes),
    )
    merged = _merged(listed)
    checked = check_projects(merged)
    return (checked if rule is None else _allocated(checked, read, rule)), report


KEY = ["project", "programme", "unit", "first_year", "last_year"]


def _by_code(places: pd.DataFrame, codes: pd.Series) -> pd.Series:
    """Return the first of each place's codes that is a unit's; missing where none is."""
    width = int(codes.str.len().max())
    tried = places["codes"].explode()
    read = normalise_codes(tried.fillna("").astype("string"), width=width).codes
    hit = read[read.isin(set(codes))]
    return hit[~hit.index.duplicated()].reindex(places.index).astype(object)


def _why(row: pd.Series, elsewhere: Mapping[str, Reason]) -> tuple[Reason, str]:
    if pd.notna(row["longitude"]):
        return "outside", f"({row['longitude']:g}, {row['latitude']:g}) lies in no unit"
    if not row["codes"]:
        return "missing_code", "names neither a code nor a position"
    known = next((elsewhere[code] for code in row["codes"] if code in elsewhere), None)
    return known or "unknown_code", ""


def _merged(listed: pd.DataFrame) -> pd.DataFrame:
    """Give several places of a project in one unit and span of years one row, their known money added."""
    placed = listed[listed["unit"].notna()]
    first = placed[~placed.duplicated(KEY)]
    amounts = placed.groupby(KEY, dropna=False, sort=False)["amount"].sum(min_count=1).to_numpy()
    rows = pd.concat([first.assign(amount=amounts), listed[listed["unit"].isna()]]).sort_index()
    return rows.drop(columns=["codes", "longitude", "latitude"])


def _allocated(rows: pd.DataFrame, read: ProjectPlaces, rule: Rule) -> pd.DataFrame:
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
    open_ = rows[rows["unit"].notna() & rows["amount"].isna() & rows["project"].isin(known["project"])]
    links = open_[["project", "unit"]].drop_duplicates()
    parts, _ = allocate(known[known["project"].isin(links["project"])], links, rule=rule)
    filled = parts["amount"].reindex(rows.index)
    return rows.assign(amount=rows["amount"].fillna(filled))
