"""Read grids off at the units: coverage tables, zonal statistics, and a refusal where too few cells tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from fuping.layers.build.observations import COLUMNS
from fuping.layers.pack import Pack
from fuping.layers.schema.raster import RasterFigure, RasterLayer
from fuping.layers.sources.locate import check_hash
from fuping.layers.sources.rasters import MOST_CELLS, cell_height_m, loaded_rasters, read_layer, too_coarse, too_large
from fuping.spatial.boundaries.hierarchy import ancestors
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.match_report import MatchReport, Unmatched
from fuping.spatial.raster.coverage_table import CoverageTable, coverage_table
from fuping.spatial.raster.derived import RegriddedRaster
from fuping.spatial.raster.source import Raster
from fuping.spatial.raster.terrain import cell_metres
from fuping.spatial.raster.zonal import zonal_classes, zonal_statistics
from numpy.typing import NDArray

__all__ = ["Blocks", "GridFigures", "read_grids"]

GENERALISED = 0.1
"""Part of the finest cell by which outlines may be moved; it bounds the error of every share of a cell."""

CELL_COLUMNS = ["raster", "level", "code", "cells", "share"]

Blocks = Callable[[int, int], None]
"""Told how many blocks of the work on a grid are done, and of how many."""


@dataclass
class GridFigures:
    """What grids and storms gave.

    Parameters
    ----------
    observations
        Tables with the columns of every observation.
    tables
        What is kept beside the observations, by name. ``cells``: how many cells each unit covers and which part of its
        area (raster, level, code, cells, share). ``storm_winds``: the wind in m/s that each storm brought to each unit
        it reached (catalogue, track_id, code, wind). ``storm_tracks``: the tracks of those storms, with the columns of
        :func:`~fuping.spatial.risk.tracks.complete_tracks`.
    reports, hashes
        Of the build.
    """

    observations: list[pd.DataFrame] = field(default_factory=list)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    reports: list[MatchReport] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)


def read_grids(
    pack: Pack,
    shapes: Mapping[str, gpd.GeoDataFrame],
    supplied: Path,
    tell: Callable[[], None] = lambda: None,
    blocks: Blocks = lambda done, total: None,
) -> GridFigures:
    """Summarise every raster of a pack whose source is there, at its finest level and those above.

    Parameters
    ----------
    shapes
        Level → its units with geometry, as the build has them.
    tell
        Called before each raster.
    blocks
        Called while one is read, with the blocks done and how many there are.

    Returns
    -------
    GridFigures
        A unit that covers too few cells has rows without a value and the reason ``TOO_COARSE``, and so have all where
        the cells of the file are larger than those of which the quantity can be told; the levels above are summed over
        all cells of their parts, those of refused parts included.
    """
    found = GridFigures()
    there = loaded_rasters(pack, supplied)
    if not there:
        for _ in pack.rasters:
            tell()
        return found
    finest = next(level.id for level in reversed(pack.levels) if level.id in shapes)
    units, parents = shapes[finest], _parents(shapes, finest)
    opened = {declared.id: (read_layer(declared, path, _bounds(units)), path) for declared, path in there}
    smallest = min(raster.grid.cell_width for raster, _ in opened.values())
    plain, moved = _generalised(units, GENERALISED * smallest)
    tables: dict[str, CoverageTable] = {}
    cells = []
    for declared in pack.rasters:
        tell()
        if declared.id not in opened:
            continue
        raster, path = opened[declared.id]
        source = pack.source(declared.source)
        found.hashes[source.id] = check_hash(source, path, supplied)
        notes = (_cell_note(raster), moved, *filter(None, (declared.crs_reason,)))
        if too_coarse(declared, raster) or too_large(declared, raster):
            for level in parents:
                found.observations += [_none(pack, declared, one, level, shapes[level]) for one in declared.figures]
                found.reports.append(_unsuited_report(declared, level, shapes[level], raster, notes))
            continue
        digest = raster.grid.digest
        if digest not in tables:
            placed = plain.to_crs(raster.grid.crs)
            tables[digest] = coverage_table(placed, raster.grid, code="code", progress=blocks)
        weights = {one.weighted_by: opened[one.weighted_by][0] for one in declared.figures if one.weighted_by in opened}
        for year, whole in _whole(declared, raster, tables[digest], weights, blocks).items():
            for level, column in parents.items():
                at_level = whole if level == finest else _merged(whole, column)
                at_level = at_level.reindex(shapes[level]["code"])
                refused = _refused(declared, at_level)
                found.observations += [
                    _rows(pack, declared, one, level, at_level, refused, year)
                    for one in declared.figures
                    if one.weighted_by is None or one.weighted_by in weights
                ]
                if year == max(_years(declared, raster)):
                    found.reports.append(_report(declared, level, shapes[level], at_level, refused, notes))
                    told = at_level.assign(share=_share(at_level)).reset_index(names="code")[["code", "cells", "share"]]
                    cells.append(told.assign(raster=declared.id, level=level)[CELL_COLUMNS])
    found.tables["cells"] = pd.concat(cells, ignore_index=True) if cells else pd.DataFrame(columns=CELL_COLUMNS)
    return found


def _years(declared: RasterLayer, raster: Raster) -> list[int]:
    return [int(one) for one in raster.bands] if declared.years else [declared.year]


def _bounds(units: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    west, south, east, north = units.total_bounds
    return float(west), float(south), float(east), float(north)


def _parents(shapes: Mapping[str, gpd.GeoDataFrame], finest: str) -> dict[str, pd.Series]:
    """Return, for the finest level and each above it, the unit of that level that each finest unit lies in."""
    parents_of = {
        level: dict(zip(table["code"], zip(table["parent_level"], table["parent_code"], strict=True), strict=True))
        for level, table in shapes.items()
    }
    codes = shapes[finest]["code"].to_numpy()
    above = ancestors(parents_of, finest)
    columns = {finest: pd.Series(codes, index=codes)}
    return columns | {level: pd.Series(column, index=codes) for level, column in above.items() if level in shapes}


def _generalised(units: gpd.GeoDataFrame, tolerance: float) -> tuple[gpd.GeoDataFrame, str]:
    shapes = shapely.simplify(units.geometry.to_numpy(), tolerance)
    before, after = shapely.area(units.geometry.to_numpy()), shapely.area(shapes)
    change = np.abs(after / np.where(before > 0, before, np.nan) - 1)
    told = (
        f"outlines generalised by at most {tolerance:.2g} degrees, a tenth of the finest cell; areas of the units "
        f"change by {np.nanmedian(change):.2%} (median) and at most {np.nanmax(change):.1%}"
    )
    return gpd.GeoDataFrame({"code": units["code"].to_numpy()}, geometry=shapes, crs=units.crs), told


def _whole(
    declared: RasterLayer, raster: Raster, table: CoverageTable, weights: Mapping[str, Raster], blocks: Blocks
) -> dict[int, pd.DataFrame]:
    """Return statistics of the finest units by year, none refused.

    Columns are ``mean`` and ``sum`` or one a class, ``mean by ID`` and ``weight by ID`` of means weighted by a grid,
    ``cells``, ``known`` and ``area``.
    """
    statistics = {one.statistic for one in declared.figures}
    if statistics & {"share", "majority"}:
        read = zonal_classes(table, raster, minimum_cells=0, progress=blocks).table.drop(columns="majority")
    else:
        wanted = ["mean", *(["sum"] if "sum" in statistics else [])]
        read = zonal_statistics(table, raster, statistics=wanted, minimum_cells=0, progress=blocks).table  # type: ignore[arg-type]
    for name, other in weights.items():
        placed = other if other.grid.is_same(raster.grid) else RegriddedRaster(other, raster.grid, "sum")
        told = {"statistics": ["mean"], "minimum_cells": 0, "weight_kind": "count", "progress": blocks}
        weighted = zonal_statistics(table, raster, weights=placed, **told).table  # type: ignore[arg-type]
        read[[f"mean by {name}", f"weight by {name}"]] = weighted[["mean", "weight"]]
    found = {}
    for year, band in zip(_years(declared, raster), read.index.unique("layer"), strict=True):
        mine = read.xs(band, level="layer").drop(columns="status")
        known = mine.pop("share").to_numpy() * table.area
        found[year] = mine.assign(known=known, area=table.area)
    return found


def _merged(whole: pd.DataFrame, parents: pd.Series) -> pd.DataFrame:
    """Sum statistics over the units that lie in the same one above: means and shares weighted by the area known."""
    inside = parents[parents.ne("")]
    part = whole.loc[inside.index]
    above = inside.to_numpy()
    sums = [one for one in part.columns if one in ("cells", "known", "area", "sum") or one.startswith("weight by ")]
    merged = part[sums].fillna(0.0).groupby(above).sum()
    for name in part.columns.difference(sums):
        by = name.replace("mean by ", "weight by ") if name.startswith("mean by ") else "known"
        weight = part[by].where(part[name].notna(), 0.0)
        total = weight.groupby(above).sum()
        merged[name] = (part[name].fillna(0.0) * weight).groupby(above).sum() / total.where(total > 0)
    return merged


def _share(table: pd.DataFrame) -> pd.Series:
    return (table["known"] / table["area"].where(table["area"] > 0)).fillna(0.0).clip(upper=1.0)


def _refused(declared: RasterLayer, table: pd.DataFrame) -> pd.Series:
    """Return the reason code of each unit, 0 where its figures are given."""
    none = ~(table["cells"] > 0)
    few = (table["cells"] < declared.minimum_cells - 1e-6) | (_share(table) < declared.minimum_share - 1e-6)
    codes = np.select([none, few], [MissingReason.OUTSIDE, MissingReason.TOO_COARSE], MissingReason.OBSERVED)
    return pd.Series(codes, index=table.index)


def _rows(
    pack: Pack,
    declared: RasterLayer,
    figure: RasterFigure,
    level: str,
    table: pd.DataFrame,
    refused: pd.Series,
    year: int,
) -> pd.DataFrame:
    classes = [name for name in table.columns if name.lstrip("-").replace(".", "").isdecimal()]
    if figure.statistic in ("mean", "sum"):
        value = table[f"mean by {figure.weighted_by}" if figure.weighted_by else figure.statistic]
    elif figure.statistic == "share":
        wanted = [str(one) for one in figure.classes if str(one) in classes]
        value = table[wanted].sum(axis=1) if wanted else pd.Series(0.0, index=table.index)
    else:
        largest = table[classes].fillna(0.0).to_numpy().argmax(axis=1)
        value = pd.Series(np.array([float(one) for one in classes])[largest], index=table.index)
    observed = refused == MissingReason.OBSERVED
    # Where nobody lives, nobody is exposed and nobody is safe: there is no share.
    reason = refused.where(~(observed & value.isna()), MissingReason.OUTSIDE)
    return _table(pack, declared, figure, level, year, np.where(observed, value * figure.scale, np.nan), reason)


def _none(pack: Pack, declared: RasterLayer, figure: RasterFigure, level: str, units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return rows without a value of every unit: the cells of the file are too large for the quantity."""
    reason = pd.Series(int(MissingReason.TOO_COARSE), index=units["code"].to_numpy())
    return _table(pack, declared, figure, level, declared.year, np.full(len(units), np.nan), reason)


def _table(
    pack: Pack,
    declared: RasterLayer,
    figure: RasterFigure,
    level: str,
    year: int,
    value: NDArray[np.float64],
    reason: pd.Series,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indicator": figure.indicator,
            "level": level,
            "code": reason.index.to_numpy(),
            "year": np.int32(year),
            "value": value,
            "lower": np.nan,
            "upper": np.nan,
            "reason": reason.to_numpy().astype("uint8"),
            "status": pack.source(declared.source).status,
            "source": declared.source,
        }
    )[COLUMNS]


def _cell_note(raster: Raster) -> str:
    grid = raster.grid
    wide, high = cell_metres(grid, grid.window(grid.bounds))  # type: ignore[arg-type]
    middle = len(wide) // 2
    return f"cells of {grid.cell_width:.4g} × {grid.cell_height:.4g}, about {high[middle] / 1000:.1f} km north to south"


def _unsuited_report(
    declared: RasterLayer, level: str, units: gpd.GeoDataFrame, raster: Raster, notes: tuple[str, ...]
) -> MatchReport:
    if too_coarse(declared, raster):
        size = f"cells of {cell_height_m(raster.grid):,.0f} m, larger than {declared.coarsest_m:,.0f} m"
        why = declared.coarsest_reason.en if declared.coarsest_reason else ""
    else:
        size = f"{raster.grid.rows * raster.grid.columns:,} cells, more than {MOST_CELLS:,}"
        why = "drainage is worked out of all of them at once: give a terrain model of a part of the country"
    missed = [
        Unmatched(str(code), str(name), "not_covered", size)
        for code, name in zip(units["code"], units["name_zh"], strict=True)
    ]
    return MatchReport(
        name=f"{declared.id} → {level}",
        n_left=len(units),
        n_right=len(units),
        matched=0,
        unmatched_left=tuple(missed),
        notes=(f"{size}: {why}", *notes),
    )


def _report(
    declared: RasterLayer,
    level: str,
    units: gpd.GeoDataFrame,
    table: pd.DataFrame,
    refused: pd.Series,
    notes: tuple[str, ...],
) -> MatchReport:
    names = dict(zip(units["code"], units["name_zh"], strict=True))
    share = _share(table)
    missed = []
    for code in refused.index[refused != MissingReason.OBSERVED]:
        outside = refused[code] == MissingReason.OUTSIDE
        cells = 0.0 if outside else float(table.at[code, "cells"])
        detail = f"{cells:.2g} cells of at least {declared.minimum_cells:g}, {share[code]:.0%} of the area known"
        missed.append(Unmatched(str(code), str(names[code]), "no_data" if outside else "not_covered", detail))
    return MatchReport(
        name=f"{declared.id} → {level}",
        n_left=len(table),
        n_right=len(table),
        matched=len(table) - len(missed),
        unmatched_left=tuple(missed),
        notes=notes,
    )
