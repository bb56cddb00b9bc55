"""Join data to units, by code, by point or by area, and report what found no partner and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
from fuping.spatial.boundaries.codes import normalise_codes
from fuping.spatial.boundaries.geometry import has_no_shape, require_crs, require_polygons
from fuping.spatial.boundaries.overlay import equal_area_units, overlap_table, unit_at, without_overlaps
from fuping.spatial.errors import CodeError
from fuping.spatial.match_report import MatchReport, Reason, Unmatched
from numpy.typing import NDArray

__all__ = ["areas_in_units", "key_join", "points_in_units"]

NONE: Mapping[str, Collection[str]] = MappingProxyType({})

NOTED = 1e-3
"""Two drawings of one border differ; a share outside every unit beyond this is told."""


def key_join(
    data: pd.DataFrame,
    units: pd.DataFrame,
    *,
    on: str,
    code: str = "code",
    by: Sequence[str] = (),
    data_name: str | None = None,
    unit_name: str | None = None,
    width: int | None = None,
    pattern: str | None = None,
    other_vintages: Mapping[str, Collection[str]] = NONE,
    other_levels: Mapping[str, Collection[str]] = NONE,
    name: str = "data → units",
) -> tuple[pd.DataFrame, MatchReport]:
    """Join rows of data to units by their codes, which are first brought to one form.

    Parameters
    ----------
    data
        n rows; a long table has one for each unit and year.
    units
        Units, each of a code of its own; a GeoDataFrame gives one back.
    on, code
        Column of codes of the data, and of the units.
    by
        Columns that tell rows of one code apart (``["year"]``); rows alike in these too are duplicates.
    data_name, unit_name
        Columns whose text the report calls rows and units by.
    width, pattern
        Of a code, as in :func:`fuping.spatial.boundaries.codes.normalise_codes`; by default the length that the codes
        of all units share.
    other_vintages, other_levels
        Codes of other vintages and levels by name, so that the report can tell them from unknown ones.
    name
        What is joined to what, for the report.

    Returns
    -------
    (pandas.DataFrame or geopandas.GeoDataFrame, MatchReport)
        Every row of the data on its own index, ``on`` in its normalised form where that could be read, and the other
        columns of its unit, with ``_unit`` behind names that the data have too; missing where there is no unit.

    Raises
    ------
    CodeError
        A column is absent, a code of the units is unreadable or stands twice, or the units' codes differ in length
        and neither ``width`` nor ``pattern`` is given.

    Examples
    --------
    >>> data = pd.DataFrame({"fips": [1001.0, 1003.0], "rate": [10.0, 20.0]})
    >>> units = pd.DataFrame({"code": ["01001", "01005"], "name": ["Autauga", "Barbour"]})
    >>> joined, report = key_join(data, units, on="fips", unit_name="name")
    >>> joined["name"].tolist()
    ['Autauga', nan]
    >>> print(report)
    data → units: 1 of 2 rows matched 2 units
      not matched: 1003.0 — unknown_code read as 01003
      nothing for: 01005 Barbour — no_data
      note: 2 codes written as floats
      note: 2 codes without their leading zeros
    """
    _require_columns(data, [on, *by, *([data_name] if data_name else [])], "data")
    _require_columns(units, [code, *([unit_name] if unit_name else [])], "units")
    known, width = _unit_codes(units[code], width, pattern)
    read = normalise_codes(data[on], width=width, pattern=pattern)
    position = known.get_indexer(read.codes)
    matched = position >= 0
    reached = np.isin(np.arange(len(known)), position)
    notes = read.notes()

    taken = units.drop(columns=code).reset_index(drop=True).reindex(position).set_axis(data.index)
    taken = taken.rename(columns={column: f"{column}_unit" for column in taken.columns if column in data.columns})
    joined = pd.concat([data.assign(**{on: read.codes.where(read.codes.ne(""), data[on])}), taken], axis=1)
    if isinstance(units, gpd.GeoDataFrame):
        shape = units.geometry.name
        joined = gpd.GeoDataFrame(joined, geometry=shape if shape in taken else f"{shape}_unit", crs=units.crs)
        null = known[reached & has_no_shape(units.geometry)]
        notes += [f"{len(null)} units without geometry have data: {', '.join(null)}"] if len(null) else []

    rows = data[list(by)].assign(**{on: read.codes})[matched]
    rest, unread = data[~matched], read.reason[~matched]
    lost = pd.DataFrame({"written": _texts(rest, on), "normal": read.codes[~matched].array, "unread": unread.array})
    lost["name"] = _texts(rest, data_name)
    for column in by:
        lost[f"by {column}"] = [f"{column} {text}" for text in _texts(rest, column)]
    report = MatchReport(
        name,
        n_left=len(data),
        n_right=len(known),
        matched=int(matched.sum()),
        unmatched_left=_unmatched(lost, _elsewhere(other_levels, other_vintages)),
        unmatched_right=_without(known, _texts(units, unit_name), reached, "no_data"),
        duplicated_left=tuple(sorted(set(rows.loc[rows.duplicated(), on]))),
        notes=tuple(notes),
    )
    return joined, report


def points_in_units(
    points: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame,
    *,
    code: str = "code",
    into: str = "unit_code",
    point_id: str | None = None,
    point_name: str | None = None,
    unit_name: str | None = None,
    name: str = "points → units",
) -> tuple[gpd.GeoDataFrame, MatchReport]:
    """Find the unit in which each point lies; a point on a border counts once, in the first unit by code.

    Parameters
    ----------
    points
        n points in a known CRS; null geometry is reported.
    units
        Valid polygons in a known CRS, each of a code of its own.
    code
        Column of the units' codes.
    into
        Column of the result that holds them.
    point_id, point_name, unit_name
        Columns by which the report calls points (their index where not given) and units; an id that several matched
        points share is reported as duplicated.

    Returns
    -------
    (geopandas.GeoDataFrame, MatchReport)
        The points, in their CRS and on their index, with the column ``into``, missing outside every unit.

    Raises
    ------
    CRSError, GeometryError, CodeError
        A CRS that is missing or wrong, geometry that is not points or not valid polygons, codes that stand twice, a
        column that is absent, or a column ``into`` that is there already.
    """
    _require_columns(points, [column for column in (point_id, point_name) if column], "points")
    if into in points.columns:
        raise CodeError(f"The points have a column {into!r} already.", remedy="Give another name as into=.")
    require_crs(points)
    require_polygons(units, code=code)
    _require_columns(units, [unit_name] if unit_name else [], "units")
    found, border = unit_at(points.geometry, units, code=code)
    lost = found.isna().to_numpy()
    ids = points.index.astype(str) if point_id is None else pd.Index(_texts(points, point_id))
    reasons = np.where(has_no_shape(points.geometry), "no_geometry", "outside")
    count = int(border.sum())
    report = MatchReport(
        name,
        n_left=len(points),
        n_right=len(units),
        matched=int((~lost).sum()),
        unmatched_left=tuple(map(Unmatched, ids[lost], _texts(points[lost], point_name), reasons[lost].tolist())),
        unmatched_right=_without(units[code], _texts(units, unit_name), units[code].isin(found).to_numpy(), "no_data"),
        duplicated_left=tuple(sorted(set(ids[~lost][ids[~lost].duplicated()]))),
        notes=(f"{count} points on a border, counted in the first unit by code",) if count else (),
    )
    return points.assign(**{into: found}), report


def areas_in_units(
    areas: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame,
    *,
    area_id: str,
    code: str = "code",
    area_name: str | None = None,
    unit_name: str | None = None,
    equal_area_crs: str = "EPSG:6933",
    minimum_share: float = 1e-6,
    name: str = "areas → units",
) -> tuple[pd.DataFrame, MatchReport]:
    """Measure which share of each area lies in each unit, counting no ground twice.

    Parameters
    ----------
    areas
        n valid polygons in a known CRS (protected areas, project zones); rows of one id are parts of one area.
    units
        Valid polygons in a known CRS, each of a code of its own; where they overlap, the first by code has the ground.
    area_id, code
        Columns of the ids of the areas and of the codes of the units.
    area_name, unit_name
        Columns by which the report calls them.
    equal_area_crs, minimum_share
        As for :func:`fuping.spatial.boundaries.overlay.overlap_table`.

    Returns
    -------
    (pandas.DataFrame, MatchReport)
        One row for each area and unit that share ground, sorted by both: ``area_id``, ``unit_code``, ``area_km2``,
        ``share_of_area`` and ``share_of_unit`` (0–1), and ``first_km2``, the part of ``area_km2`` that belongs to no
        area before it in order of the rows. ``first_km2`` adds up over a unit's areas to the ground that any of them
        covers; ``area_km2`` does not where areas overlap, which the report notes. The report counts rows.

    Raises
    ------
    CRSError, GeometryError, CodeError
        A CRS that is missing or wrong, geometry that is not valid polygons, codes that stand twice, ids that are
        missing, or a column that is absent.
    """
    _require_columns(areas, [area_id, *([area_name] if area_name else [])], "areas")
    require_polygons(areas.assign(**{area_id: np.arange(len(areas))}), code=area_id)
    require_polygons(units, code=code)
    _require_columns(units, [unit_name] if unit_name else [], "units")
    ids = np.array(_texts(areas, area_id), dtype=object)
    if (ids == "").any():
        raise CodeError(f"{int((ids == '').sum())} areas have no {area_id}.", remedy="Give each area an id.")

    whole = equal_area_units(areas.geometry, ids, equal_area_crs=equal_area_crs)
    ground = equal_area_units(units.geometry, _texts(units, code), equal_area_crs=equal_area_crs).sort_values("code")
    table = overlap_table(whole, ground, equal_area_crs=equal_area_crs, minimum_share=minimum_share)
    notes = [f"{table.attrs['slivers']} slivers left out"] if table.attrs["slivers"] else []
    if table.groupby("from_code")["share_from"].sum().gt(1 + minimum_share).any():
        exclusive, pairs = without_overlaps(ground, minimum_share=minimum_share)
        notes.append(f"units overlap, the first by code has the ground: {', '.join(pairs)}")
        table = overlap_table(whole, exclusive, equal_area_crs=equal_area_crs, minimum_share=minimum_share)
        table["share_to"] = table["area_km2"] * 1e6 / table["to_code"].map(ground.set_index("code").area)
        ground = exclusive
    first, pairs = without_overlaps(whole, minimum_share=minimum_share)
    if pairs:
        notes.append(f"areas overlap, first_km2 counts their ground once: {', '.join(pairs)}")
        own = overlap_table(first, ground, equal_area_crs=equal_area_crs, minimum_share=0.0).set_index(
            ["from_code", "to_code"]
        )["area_km2"]
        keys = pd.MultiIndex.from_frame(table[["from_code", "to_code"]])
        table["first_km2"] = own.reindex(keys, fill_value=0.0).to_numpy()
    else:
        table["first_km2"] = table["area_km2"]
    within = table.groupby("from_code")["share_from"].sum()
    notes += [f"{1 - share:.1%} of {one} lies outside every unit" for one, share in within.items() if share < 1 - NOTED]

    null = has_no_shape(areas.geometry)
    lost = null | ~np.isin(ids, within.index)
    reasons = np.where(null, "no_geometry", "outside")
    parts = pd.Series(ids[~lost])
    report = MatchReport(
        name,
        n_left=len(areas),
        n_right=len(units),
        matched=int((~lost).sum()),
        unmatched_left=tuple(map(Unmatched, ids[lost], _texts(areas[lost], area_name), reasons[lost].tolist())),
        unmatched_right=_without(
            units[code],
            _texts(units, unit_name),
            units[code].astype(str).isin(table["to_code"]).to_numpy(),
            "not_covered",
        ),
        duplicated_left=tuple(sorted(set(parts[parts.duplicated()]))),
        notes=tuple(notes),
    )
    columns = {
        "from_code": "area_id",
        "to_code": "unit_code",
        "share_from": "share_of_area",
        "share_to": "share_of_unit",
    }
    order = ["area_id", "unit_code", "area_km2", "share_of_area", "share_of_unit", "first_km2"]
    return table.rename(columns=columns)[order], report


def _unit_codes(codes: pd.Series, width: int | None, pattern: str | None) -> tuple[pd.Index, int]:
    """Return the codes of the units in their normal form, each once, and their width."""
    lengths = codes.astype("string").str.len().dropna()
    if width is None and pattern is None and lengths.nunique() > 1:
        raise CodeError(
            f"The codes of the units have from {lengths.min()} to {lengths.max()} characters.",
            remedy="Give width= or pattern=, so that leading zeros can be told.",
        )
    width = width if width is not None else int(lengths.max() if len(lengths) else 0)
    read = normalise_codes(codes, width=width, pattern=pattern)
    bad = codes[read.reason.ne("")].astype("string").fillna("(none)")
    if len(bad):
        shape = f"of {width} characters" if pattern is None else f"of the pattern {pattern}"
        raise CodeError(
            f"{len(bad)} units have no code {shape}: {', '.join(bad[:10])}.", remedy="Mend the codes of the units."
        )
    twice = sorted(set(read.codes[read.codes.duplicated()]))
    if twice:
        raise CodeError(f"{len(twice)} codes of units stand twice: {', '.join(twice[:10])}.", remedy="Keep each once.")
    return pd.Index(read.codes), width


def _elsewhere(
    other_levels: Mapping[str, Collection[str]], other_vintages: Mapping[str, Collection[str]]
) -> dict[str, tuple[Reason, str]]:
    """Return why a code is no unit here, for codes of other levels and vintages; the first that has it decides."""
    others: dict[str, tuple[Reason, str]] = {}
    for level, codes in other_levels.items():
        others = dict.fromkeys(codes, ("other_level", f"level {level}")) | others
    for vintage, codes in other_vintages.items():
        others = dict.fromkeys(codes, ("other_vintage", f"vintage {vintage}")) | others
    return others


def _unmatched(lost: pd.DataFrame, others: Mapping[str, tuple[Reason, str]]) -> tuple[Unmatched, ...]:
    unmatched = []
    for written, normal, unread, text, *when in lost.itertuples(index=False):
        # A short code of another level was padded to the width of this one: look it up as written, too.
        unknown: tuple[Reason, str] = (unread or "unknown_code", "")
        reason, detail = others.get(normal) or others.get(written) or unknown
        mended = f"read as {normal}" if normal not in ("", written) else ""
        unmatched.append(Unmatched(written, text, reason, ", ".join(filter(None, (detail, mended, *when)))))
    return tuple(unmatched)


def _without(
    codes: Iterable[object], names: Sequence[str], reached: NDArray[np.bool_], reason: Reason
) -> tuple[Unmatched, ...]:
    if reached.all():
        return ()
    rows = zip(codes, names, reached, strict=True)
    return tuple(Unmatched(str(code), text, reason) for code, text, there in rows if not there)


def _require_columns(table: pd.DataFrame, wanted: Sequence[str], whose: str) -> None:
    absent = [column for column in wanted if column not in table.columns]
    if absent:
        raise CodeError(
            f"The {whose} have no column {', '.join(absent)}.",
            remedy=f"Columns: {', '.join(str(column) for column in table.columns)}.",
        )


def _texts(table: pd.DataFrame, column: str | None) -> list[str]:
    return [""] * len(table) if column is None else table[column].astype("string").fillna("").tolist()
