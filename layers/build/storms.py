"""Storms at the units: the wind that every recorded storm brought, how often, and what comes once in some years."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from fuping.layers.build.observations import COLUMNS
from fuping.layers.build.rasters import GridFigures
from fuping.layers.pack import Pack
from fuping.layers.schema.raster import StormCatalogue, StormFigure
from fuping.layers.sources.locate import check_hash, source_file
from fuping.spatial.match_report import MatchReport
from fuping.spatial.risk.tracks import complete_tracks, frequencies, return_levels, storm_winds

__all__ = ["read_storms"]


def read_storms(
    pack: Pack, shapes: Mapping[str, gpd.GeoDataFrame], supplied: Path, tell: Callable[[], None] = lambda: None
) -> GridFigures:
    """Work out the winds of every storm catalogue of a pack whose source is there.

    Parameters
    ----------
    shapes, tell
        As in :func:`~fuping.layers.build.rasters.read_grids`.
    """
    found = GridFigures()
    winds, tracks = [], []
    for declared in pack.storms:
        tell()
        source = pack.source(declared.source)
        path = source_file(pack, source, supplied)
        if path is None:
            continue
        found.hashes[source.id] = check_hash(source, path, supplied)
        units = shapes[declared.level]
        points = _points(declared, path)
        track = complete_tracks(points, environmental_pressure=declared.environmental_pressure)
        mine = storm_winds(
            track,
            _places(units),
            surface_factor=declared.surface_factor,
            reach_km=declared.reach_km,
            least_wind=declared.least_wind,
        )
        reached = track[track["track_id"].isin(mine["track_id"])]
        found.observations += [_rows(pack, declared, one, mine, units) for one in declared.figures]
        found.reports.append(_report(declared, points, track, mine, units))
        winds.append(mine.assign(catalogue=declared.id))
        tracks.append(reached.assign(catalogue=declared.id))
    if winds:
        found.tables = {
            "storm_winds": pd.concat(winds, ignore_index=True),
            "storm_tracks": pd.concat(tracks, ignore_index=True),
        }
    return found


def _points(declared: StormCatalogue, path: Path) -> pd.DataFrame:
    # The basin NA is not a missing value.
    points = pd.read_csv(path, keep_default_na=False, na_values=[""])
    return points[points["season"].between(declared.first_season, declared.last_season)]


def _places(units: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return a point inside each unit; the wind of a storm hardly changes across a county."""
    inside = units.geometry.representative_point()
    return pd.DataFrame({"lon": inside.x.to_numpy(), "lat": inside.y.to_numpy()}, index=units["code"].to_numpy())


def _rows(
    pack: Pack, declared: StormCatalogue, figure: StormFigure, winds: pd.DataFrame, units: gpd.GeoDataFrame
) -> pd.DataFrame:
    codes = [str(code) for code in units["code"]]
    years = declared.last_season - declared.first_season + 1
    if figure.threshold is not None:
        value = frequencies(winds, codes=codes, years=years, threshold=figure.threshold)
    else:
        value = return_levels(winds, codes=codes, years=years, return_period=float(figure.return_period or 0))
    return pd.DataFrame(
        {
            "indicator": figure.indicator,
            "level": declared.level,
            "code": codes,
            "year": np.int32(declared.last_season),
            "value": value.to_numpy(),
            "lower": np.nan,
            "upper": np.nan,
            "reason": np.uint8(0),
            "status": pack.source(declared.source).status,
            "source": declared.source,
        }
    )[COLUMNS]


def _report(
    declared: StormCatalogue, points: pd.DataFrame, track: pd.DataFrame, winds: pd.DataFrame, units: gpd.GeoDataFrame
) -> MatchReport:
    storms, used = points["track_id"].nunique(), track["track_id"].nunique()
    estimated = float((points.loc[points["slp"].notna(), "wind"].isna()).mean())
    notes = (
        f"{storms} storms of {declared.first_season} to {declared.last_season} in all basins; {storms - used} without "
        "two points of known pressure are left out",
        f"{winds['track_id'].nunique()} storms brought at least {declared.least_wind:g} m/s to a unit",
        f"greatest wind estimated from the pressure at {estimated:.0%} of the points",
        f"environmental pressure {declared.environmental_pressure:g} hPa: {declared.environmental_pressure_reason}",
        f"wind near the ground {declared.surface_factor:g} of that above: {declared.surface_factor_reason}",
    )
    return MatchReport(
        name=f"{declared.id} → {declared.level}", n_left=len(units), n_right=len(units), matched=len(units), notes=notes
    )
