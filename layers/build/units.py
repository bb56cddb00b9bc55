"""Make the units of the reference vintage, level by level: read or dissolved, checked, named, each with its parent."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from fuping.layers.build.names import romanise
from fuping.layers.errors import SourceError
from fuping.layers.pack import Pack
from fuping.layers.schema.metadata import BoundaryLayer, Level, NamesFrom
from fuping.layers.sources.cnmaps import INDEX, read_cnmaps
from fuping.layers.sources.locate import source_file
from fuping.layers.sources.tabular import read_text_table
from fuping.layers.sources.vector import read_vector, require_shapes
from fuping.spatial.boundaries.antimeridian import cut_at_antimeridian
from fuping.spatial.boundaries.codes import normalise_codes
from fuping.spatial.boundaries.coverage import area_km2
from fuping.spatial.boundaries.datum import gcj02_to_wgs84
from fuping.spatial.boundaries.geometry import check_coverage, repair_geometry
from fuping.spatial.errors import CodeError
from fuping.spatial.match_report import MatchReport, Unmatched
from fuping.spatial.wording import worded

__all__ = ["read_polygons", "read_units"]

UNITS = ["code", "name_en", "name_zh", "parent_level", "parent_code", "area_km2", "geometry"]


def read_units(
    pack: Pack, supplied: Path, tell: Callable[[str], None] = lambda level: None
) -> tuple[dict[str, gpd.GeoDataFrame], list[MatchReport]]:
    """Make every level that the reference vintage draws.

    Parameters
    ----------
    supplied
        Folder of the files that the user gave.
    tell
        Called with each level before it is made.

    Returns
    -------
    (dict of str to geopandas.GeoDataFrame, list of MatchReport)
        Level → units sorted by ``code``, in EPSG:4326: code, name_en, name_zh, parent_level, parent_code, area_km2,
        geometry. A report for each level that is read: polygons without a shape or made valid, borders that do not
        meet.

    Raises
    ------
    SourceError
        A source of polygons is not there or cannot be read.
    CodeError
        Codes of the wrong shape, or used twice at one level.
    """
    boundary = pack.reference
    levels: dict[str, gpd.GeoDataFrame] = {}
    reports: list[MatchReport] = []
    for layer in boundary.layers:
        tell(layer.level)
        if layer.dissolve_from is None:
            units, report = read_polygons(pack, layer, supplied)
            units, report = _listed_only(units, report, layer, pack)
            reports.append(replace(report, notes=(*report.notes, _borders(units))))
            if boundary.datum == "gcj02":
                units = units.set_geometry(gcj02_to_wgs84(units.geometry))
            units = units.to_crs("EPSG:4326")
        else:
            units = levels[layer.dissolve_from][["code", "geometry"]]
        units = _dissolve(units, layer, pack)
        _check_codes(units, pack.level(layer.level), layer.source or f"{layer.dissolve_from}, dissolved")
        areas = area_km2(units.geometry, equal_area_crs=boundary.equal_area_crs)
        units["area_km2"] = np.where(units.geometry.is_empty, np.nan, areas)
        levels[layer.level] = _named(units, layer, pack, supplied).sort_values("code", ignore_index=True)
    for layer in boundary.layers:
        _add_parents(levels, layer, pack)
        levels[layer.level] = levels[layer.level][UNITS]
    return levels, reports


def read_polygons(pack: Pack, layer: BoundaryLayer, supplied: Path) -> tuple[gpd.GeoDataFrame, MatchReport]:
    """Read one layer's polygons as they are in the source: code, the name columns, geometry, made valid.

    Returns
    -------
    (geopandas.GeoDataFrame, MatchReport)
        In the source's CRS; a unit without a shape stays, drawn nowhere, and stands in the report.
    """
    source = pack.source(str(layer.source))
    path = source_file(pack, source, supplied)
    if path is None:
        raise SourceError(
            worded(
                "The boundaries of level {level!r} come from {source!r}, which is not loaded.",
                level=layer.level,
                source=source.id,
            ),
            remedy=worded("Run: fuping source add {code} {source} --file FILE", code=pack.info.code, source=source.id),
        )
    if path.name == INDEX:
        units = read_cnmaps(path, str(layer.layer))
    else:
        wanted = [name for name in (layer.code_column, layer.name_zh_column, layer.name_en_column) if name]
        units = read_vector(path, layer=layer.layer, columns=wanted)
        require_shapes(units, f"{source.id} ({path.name})")
        units["code"] = _codes(units[layer.code_column], layer, pack.level(layer.level))
        for column, name in ((layer.name_zh_column, "name_zh"), (layer.name_en_column, "name_en")):
            if column:
                units[name] = units[column]
    shapes, cut = cut_at_antimeridian(units.geometry)
    units, checked = repair_geometry(units.set_geometry(shapes))
    usable = ~units.geometry.isna() & ~shapely.is_empty(units.geometry.to_numpy())
    lost = tuple(
        Unmatched(str(row.code), str(getattr(row, "name_en", "")), "no_geometry") for row in units[~usable].itertuples()
    )
    notes = [f"{fault.code}: {fault.kind} {fault.detail}".rstrip() for fault in checked.invalid]
    notes += [f"{code}: cut at the 180th meridian" for code in units.loc[cut, "code"]]
    joined = f"{source.id} → {layer.level}"
    report = MatchReport(joined, len(units), len(units), int(usable.sum()), unmatched_left=lost, notes=tuple(notes))
    return units.set_geometry(units.geometry.where(usable, shapely.MultiPolygon())), report


def _codes(column: pd.Series, layer: BoundaryLayer, level: Level) -> pd.Series:
    if layer.dissolve_map is not None:  # the list says what the source's own words or numbers stand for
        return column.astype("string").fillna("").str.strip().astype(str)
    # Pieces of a unit have longer codes than the unit.
    longest = int(column.astype(str).str.len().max())
    return normalise_codes(column, **(level.reading | {"width": max(level.width, longest)})).codes


def _listed_only(
    units: gpd.GeoDataFrame, report: MatchReport, layer: BoundaryLayer, pack: Pack
) -> tuple[gpd.GeoDataFrame, MatchReport]:
    """Leave out the polygons that the layer's list does not name, and report them."""
    if layer.dissolve_map is None:
        return units, report
    on = units["code"].isin(_two_columns(pack.folder / layer.dissolve_map))
    told = {one.code for one in report.unmatched_left}
    off = [code for code in units.loc[~on, "code"] if code not in told]
    more = tuple(Unmatched(code, "", "left_out", f"not on {layer.dissolve_map}") for code in off)
    shown = replace(report, matched=report.matched - len(off), unmatched_left=(*report.unmatched_left, *more))
    return units[on], shown


def _borders(units: gpd.GeoDataFrame) -> str:
    """Say whether neighbours meet along the same vertices; where they do not, simplifying may open slivers."""
    found = check_coverage(units.geometry)
    if found.ok:
        return "all neighbours share their borders, without overlap"
    apart, over = len(found.unmatched_edges), len(found.overlaps)
    return f"{apart} units have a border that a neighbour draws otherwise, {over} pairs overlap"


def _dissolve(units: gpd.GeoDataFrame, layer: BoundaryLayer, pack: Pack) -> gpd.GeoDataFrame:
    if layer.single_code is not None:
        codes = pd.Series(layer.single_code, index=units.index)
    elif layer.dissolve_prefix is not None:
        width = pack.level(layer.level).width
        codes = units["code"].str[: layer.dissolve_prefix].str.pad(width, side="right", fillchar="0")
    elif layer.dissolve_map is not None:
        codes = units["code"].map(_two_columns(pack.folder / layer.dissolve_map))
        units, codes = units[codes.notna()], codes.dropna()
    else:
        return units.copy()
    # Neighbours of a coverage share their edges, so the union needs no overlay: edges that stand twice fall out.
    merged = units.geometry.groupby(codes).agg(lambda shapes: shapely.union_all(shapes.to_numpy()))
    merged = merged.mask(shapely.is_empty(merged.to_numpy()), shapely.MultiPolygon())
    names = [name for name in ("name_zh", "name_en") if name in units and not units["code"].ne(codes).any()]
    kept = units.set_index("code")[names].reindex(merged.index)
    return gpd.GeoDataFrame(kept, geometry=gpd.GeoSeries(merged, crs=units.crs)).rename_axis("code").reset_index()


def _check_codes(units: gpd.GeoDataFrame, level: Level, source: str) -> None:
    wrong = units.loc[~units["code"].str.fullmatch(level.pattern), "code"].tolist()
    if wrong:
        raise CodeError(
            worded(
                "{n} codes of {level} in {source} do not match {pattern}: {which}.",
                n=len(wrong),
                level=level.id,
                source=source,
                pattern=level.pattern,
                which=_listed(wrong),
            )
        )
    twice = units.loc[units["code"].duplicated(), "code"].tolist()
    if twice:
        raise CodeError(
            worded(
                "{n} codes of {level} in {source} stand twice: {which}.",
                n=len(twice),
                level=level.id,
                source=source,
                which=_listed(twice),
            )
        )


def _listed(codes: list[str]) -> str:
    return ", ".join(repr(code[:40]) for code in codes[:10])


def _add_parents(levels: dict[str, gpd.GeoDataFrame], layer: BoundaryLayer, pack: Pack) -> None:
    """Find each unit's parent: the nearest level above that has a code given by the layer's prefixes or by a list."""
    units = levels[layer.level]
    units["parent_level"], units["parent_code"] = "", ""
    above = pack.level(layer.level).parent
    while above is not None:
        if above in levels:
            known, width = set(levels[above]["code"]), pack.level(above).width
            tries = [units["code"], *(units["code"].str[:n].str.pad(width, "right", "0") for n in layer.parent_prefix)]
            merged = next((one for one in pack.reference.layers if one.level == above), None)
            if merged and merged.dissolve_map is not None and merged.dissolve_from == layer.level:
                tries.append(units["code"].map(_two_columns(pack.folder / merged.dissolve_map)))
            if len(known) == 1:
                tries.append(pd.Series(next(iter(known)), index=units.index))
            for codes in tries:
                found = units["parent_code"].eq("") & codes.isin(known)
                units.loc[found, "parent_code"] = codes[found]
                units.loc[found, "parent_level"] = above
        above = pack.level(above).parent


def _named(units: gpd.GeoDataFrame, layer: BoundaryLayer, pack: Pack, supplied: Path) -> gpd.GeoDataFrame:
    """Name units in both languages: the pack's list, the layer's column, a table of names, else by romanisation.

    A unit that has a name in one language only shows that one in both.
    """
    given = {language: _two_columns(pack.folder / "names" / f"{language}.csv") for language in ("en", "zh")}
    listed = _names_from(pack, layer.names_from, pack.level(layer.level), supplied) if layer.names_from else {}
    suffixes = _two_columns(pack.folder / "names" / "suffixes.csv")
    codes = units["code"].tolist()
    drawn = {name: units[name].tolist() if name in units else [None] * len(codes) for name in ("name_en", "name_zh")}
    names = []
    for code, english, chinese in zip(codes, drawn["name_en"], drawn["name_zh"], strict=True):
        zh = given["zh"].get(code) or _text(chinese)
        en = given["en"].get(code) or _text(english) or listed.get(code) or (romanise(zh, suffixes) if zh else "")
        names.append((en or zh or code, zh or en or code))
    return units.assign(name_en=[en for en, _ in names], name_zh=[zh for _, zh in names])


def _text(cell: object) -> str:
    return "" if cell is None or pd.isna(cell) else str(cell)


def _names_from(pack: Pack, names: NamesFrom, level: Level, supplied: Path) -> dict[str, str]:
    path = source_file(pack, pack.source(names.source), supplied)
    if path is None:
        return {}
    rows = read_text_table(path, names.format, columns=[names.code_column, names.name_column])
    codes = normalise_codes(rows[names.code_column], **level.reading).codes
    # The last spelling stands: tables run from old to new, and a renamed unit keeps its code.
    return dict(zip(codes, rows[names.name_column], strict=True))


def _two_columns(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row[0]: row[1] for row in list(csv.reader(file))[1:]}
