"""Read the reference vintage's polygons, level by level, into checked units."""

from __future__ import annotations

import csv
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from fuping.layers.build.names import romanise
from fuping.layers.errors import SourceError
from fuping.layers.pack import Pack
from fuping.layers.schema.metadata import BoundaryLayer
from fuping.layers.sources.cnmaps import read_cnmaps
from fuping.layers.sources.locate import source_file
from fuping.spatial.boundaries.coverage import area_km2
from fuping.spatial.boundaries.datum import gcj02_to_wgs84
from fuping.spatial.errors import CodeError, GeometryError

__all__ = ["read_units"]


def read_units(pack: Pack, level: str, supplied: Path) -> gpd.GeoDataFrame:
    """Read one level of the reference vintage.

    Returns
    -------
    geopandas.GeoDataFrame
        Sorted by ``code``: code, name_en, name_zh, parent_code, area_km2, geometry (EPSG:4326).

    Raises
    ------
    SourceError
        The level has no polygons, or their source is not there.
    CodeError, GeometryError
        Codes of the wrong shape or used twice; geometry that is null, empty or invalid.
    """
    boundary = pack.reference
    layer = next((layer for layer in boundary.layers if layer.level == level), None)
    if layer is None:
        raise SourceError(f"The vintage {boundary.id!r} of pack {pack.info.code!r} draws no level {level!r}.")
    source = pack.source(layer.source)
    path = source_file(pack, source, supplied)
    if path is None:
        raise SourceError(
            f"The boundaries of level {level!r} come from {source.id!r}, which is not loaded.",
            remedy=f"Run: fuping source add {pack.info.code} {source.id} --file FILE",
        )
    units = read_cnmaps(path, str(layer.layer))
    _check(units, pack.level(level).pattern, source.id)
    if boundary.datum == "gcj02":
        units = units.set_geometry(gcj02_to_wgs84(units.geometry))
    units["parent_code"] = _parents(units, layer, pack)
    units["name_en"] = _english(units, pack.folder)
    units["area_km2"] = area_km2(units.geometry, equal_area_crs=boundary.equal_area_crs)
    columns = ["code", "name_en", "name_zh", "parent_code", "area_km2", "geometry"]
    return units[columns].sort_values("code", ignore_index=True)


def _check(units: gpd.GeoDataFrame, pattern: str, source: str) -> None:
    wrong = units.loc[~units["code"].str.fullmatch(pattern), "code"].tolist()
    if wrong:
        raise CodeError(f"{len(wrong)} codes of {source} do not match {pattern}: {', '.join(wrong[:10])}.")
    twice = units.loc[units["code"].duplicated(), "code"].tolist()
    if twice:
        raise CodeError(f"{len(twice)} codes of {source} stand twice at one level: {', '.join(twice[:10])}.")
    shapes = units.geometry
    faulty = units.loc[shapes.isna() | shapes.is_empty | ~shapes.is_valid, "code"].tolist()
    if faulty:
        reasons = shapely.is_valid_reason(shapes[units["code"].isin(faulty)].to_numpy())
        raise GeometryError(f"{len(faulty)} units of {source} have unusable geometry: {faulty[0]} ({reasons[0]}).")


def _parents(units: gpd.GeoDataFrame, layer: BoundaryLayer, pack: Pack) -> pd.Series:
    level = pack.level(layer.level)
    if level.parent is None or layer.parent == "none":
        return pd.Series("", index=units.index)
    if layer.parent == "prefix":
        return units["code"].str[: layer.parent_prefix].str.pad(level.width, side="right", fillchar="0")
    top = next(other for other in pack.levels if other.id == level.parent)
    return pd.Series(top.pattern.strip("^$"), index=units.index)


def _english(units: gpd.GeoDataFrame, folder: Path) -> pd.Series:
    given = _two_columns(folder / "names" / "en.csv")
    suffixes = _two_columns(folder / "names" / "suffixes.csv")
    romanised = units["name_zh"].map(lambda name: romanise(name, suffixes))
    return units["code"].map(given).fillna(romanised)


def _two_columns(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row[0]: row[1] for row in list(csv.reader(file))[1:]}
