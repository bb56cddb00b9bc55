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
from fuping.layers.sources.locate import check_hash, source_file
from fuping.layers.sources.rasters import read_layer
from fuping.spatial.boundaries.hierarchy import ancestors
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.match_report import MatchReport, Unmatched
from fuping.spatial.raster.coverage_table import CoverageTable, coverage_table
from fuping.spatial.raster.source import Raster
from fuping.spatial.raster.terrain import cell_metres
from fuping.spatial.raster.zonal import zonal_classes, zonal_statistics

__all__ = ["GridFigures", "read_grids"]

GENERALISED = 0.1
"""Part of the finest cell by which outlines may be moved; it bounds the error of every share of a cell."""

CELL_COLUMNS = ["raster", "level", "code", "cells", "share"]


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
    pack: Pack, shapes: Mapping[str, gpd.GeoDataFrame], supplied: Path, tell: Callable[[], None] = lambda: None
) -> GridFigures:
    """Summarise every raster of a pack whose source is there, at its finest level and those above.

    Parameters
    ----------
    shapes
        Level → its units with geometry, as the build has them.
    tell
        Called before each raster.

    Returns
    -------
    GridFigures
        A unit that covers too few cells has rows without a value and the reason ``TOO_COARSE``; the levels above are
        summed over all cells of their parts, those of refused parts included.
    """
    found = GridFigures()
    there = []
    for declared in pack.rasters:
        path = source_file(pack, pack.source(declared.source), supplied)
        if path is not None:
            there.append((declared, path))
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
        digest = raster.grid.digest
        if digest not in tables:
            tables[digest] = coverage_table(plain.to_crs(raster.grid.crs), raster.grid, code="code")
        whole = _whole(declared, raster, tables[digest])
        notes = (_cell_note(raster), moved, *filter(None, (declared.crs_reason,)))
        for level, column in parents.items():
            at_level = whole if level == finest else _merged(whole, column)
            at_level = at_level.reindex(shapes[level]["code"])
            refused = _refused(declared, at_level)
            found.observations += [_rows(pack, declared, one, level, at_level, refused) for one in declared.figures]
            found.reports.append(_report(declared, level, shapes[level], at_level, refused, notes))
            told = at_level.assign(share=_share(at_level)).reset_index(names="code")[["code", "cells", "share"]]
            cells.append(told.assign(raster=declared.id, level=level)[CELL_COLUMNS])
    found.tables["cells"] = pd.concat(cells, ignore_index=True)
    return found


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


def _whole(declared: RasterLayer, raster: Raster, table: CoverageTable) -> pd.DataFrame:
    """Return statistics of the finest units, none refused: ``mean`` or a column a class, ``cells``, areas."""
    if any(one.statistic != "mean" for one in declared.figures):
        read = zonal_classes(table, raster, minimum_cells=0).table.droplevel("layer")
        read = read.drop(columns=["majority", "status"])
    else:
        read = zonal_statistics(table, raster, statistics=["mean"], minimum_cells=0).table.droplevel("layer")
        read = read.drop(columns="status")
    known = read.pop("share").to_numpy() * table.area
    return read.assign(known=known, area=table.area)


def _merged(whole: pd.DataFrame, parents: pd.Series) -> pd.DataFrame:
    """Sum statistics over the units that lie in the same one above: means and shares weighted by the area known."""
    inside = parents[parents.ne("")]
    part = whole.loc[inside.index]
    sums = ["cells", "known", "area"]
    measured = [name for name in part.columns if name not in sums]
    weighted = part[measured].fillna(0.0).mul(part["known"], axis=0)
    grouped = pd.concat([weighted, part[sums]], axis=1).groupby(inside.to_numpy()).sum()
    grouped[measured] = grouped[measured].div(grouped["known"].where(grouped["known"] > 0), axis=0)
    return grouped


def _share(table: pd.DataFrame) -> pd.Series:
    return (table["known"] / table["area"].where(table["area"] > 0)).fillna(0.0).clip(upper=1.0)


def _refused(declared: RasterLayer, table: pd.DataFrame) -> pd.Series:
    """Return the reason code of each unit, 0 where its figures are given."""
    none = ~(table["cells"] > 0)
    few = (table["cells"] < declared.minimum_cells - 1e-6) | (_share(table) < declared.minimum_share - 1e-6)
    codes = np.select([none, few], [MissingReason.OUTSIDE, MissingReason.TOO_COARSE], MissingReason.OBSERVED)
    return pd.Series(codes, index=table.index)


def _rows(
    pack: Pack, declared: RasterLayer, figure: RasterFigure, level: str, table: pd.DataFrame, refused: pd.Series
) -> pd.DataFrame:
    classes = [name for name in table.columns if name not in ("cells", "known", "area", "mean")]
    if figure.statistic == "mean":
        value = table["mean"]
    elif figure.statistic == "share":
        wanted = [str(one) for one in figure.classes if str(one) in classes]
        value = table[wanted].sum(axis=1) if wanted else pd.Series(0.0, index=table.index)
    else:
        largest = table[classes].fillna(0.0).to_numpy().argmax(axis=1)
        value = pd.Series(np.array([float(one) for one in classes])[largest], index=table.index)
    observed = refused == MissingReason.OBSERVED
    return pd.DataFrame(
        {
            "indicator": figure.indicator,
            "level": level,
            "code": table.index.to_numpy(),
            "year": np.int32(declared.year),
            "value": np.where(observed, value * figure.scale, np.nan),
            "lower": np.nan,
            "upper": np.nan,
            "reason": refused.to_numpy().astype("uint8"),
            "status": pack.source(declared.source).status,
            "source": declared.source,
        }
    )[COLUMNS]


def _cell_note(raster: Raster) -> str:
    grid = raster.grid
    wide, high = cell_metres(grid, grid.window(grid.bounds))  # type: ignore[arg-type]
    middle = len(wide) // 2
    return f"cells of {grid.cell_width:.4g} × {grid.cell_height:.4g}, about {high[middle] / 1000:.1f} km north to south"


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
