"""Earthquakes at the units: how often main shocks come near, the intensity once in a period, the nearest fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from fuping.layers.build.observations import COLUMNS
from fuping.layers.build.rasters import GridFigures
from fuping.layers.errors import SourceError
from fuping.layers.pack import Pack
from fuping.layers.schema.assessment import Attenuations
from fuping.layers.schema.seismicity import EarthquakeCatalogue, EarthquakeFigure
from fuping.layers.sources.locate import check_hash, source_file
from fuping.layers.sources.vector import read_vector
from fuping.spatial.match_report import MatchReport
from fuping.spatial.risk.earthquakes import Attenuation, GutenbergRichter, gutenberg_richter
from fuping.spatial.risk.seismicity import intensity_of_period, main_shocks, nearest_km, ring_counts
from fuping.spatial.wording import worded
from numpy.typing import NDArray

__all__ = ["read_catalogue", "read_earthquakes", "read_traces"]

RING_KM = 10.0

EVENTS = {"time": "time", "longitude": "lon", "latitude": "lat", "depth": "depth", "mag": "magnitude"}


def read_catalogue(path: Path) -> pd.DataFrame:
    """Read a catalogue as the USGS answers it (CSV): ``time``, ``lon``, ``lat``, ``depth``, ``magnitude``.

    Raises
    ------
    SourceError
        A column is missing, or there is no earthquake with time, place and magnitude.
    """
    try:
        told = pd.read_csv(path)
    except (ValueError, UnicodeDecodeError) as problem:
        raise SourceError(
            worded("{file} is no table of earthquakes: {why}.", file=path.name, why=str(problem)),
            remedy=worded("Ask the service for format=csv."),
        ) from None
    absent = [name for name in EVENTS if name not in told.columns]
    if absent:
        raise SourceError(
            worded("{file} has no column {columns}.", file=path.name, columns=", ".join(absent)),
            remedy=worded("It has {columns}; ask for format=csv.", columns=", ".join(map(str, told.columns))),
        )
    if "type" in told.columns:
        told = told[told["type"].eq("earthquake")]
    events = told[list(EVENTS)].rename(columns=EVENTS)
    events["time"] = pd.to_datetime(events["time"], utc=True, errors="coerce", format="ISO8601").dt.tz_localize(None)
    for name in ("lon", "lat", "depth", "magnitude"):
        events[name] = pd.to_numeric(events[name], errors="coerce")
    known = events.dropna(subset=["time", "lon", "lat", "magnitude"])
    if known.empty:
        raise SourceError(
            worded("{file} has no earthquake with a time, place and magnitude.", file=path.name),
            remedy=worded("Check the file."),
        )
    return known.sort_values("time", ignore_index=True)


def read_traces(path: Path) -> NDArray[np.object_]:
    """Read the lines of a file, such as the traces of active faults, in longitude and latitude.

    Raises
    ------
    SourceError
        As in :func:`~fuping.layers.sources.vector.read_vector`, or nothing in the file is a line.
    """
    read = read_vector(path, columns=[]).to_crs("EPSG:4326")
    lines = read.geometry[read.geom_type.isin(["LineString", "MultiLineString"])]
    if lines.empty:
        raise SourceError(
            worded("{file} has {n} features and no line.", file=path.name, n=len(read)),
            remedy=worded("Supply the traces of faults."),
        )
    return np.asarray(lines.to_numpy())


def read_earthquakes(
    pack: Pack, shapes: Mapping[str, gpd.GeoDataFrame], supplied: Path, tell: Callable[[], None] = lambda: None
) -> GridFigures:
    """Work out what every catalogue of earthquakes of a pack whose source is there says of the units.

    Parameters
    ----------
    shapes, tell
        As in :func:`~fuping.layers.build.rasters.read_grids`.
    """
    found = GridFigures()
    kept = []
    for declared in pack.seismicity:
        tell()
        units = shapes[declared.level]
        inside = units.geometry.representative_point()
        places = pd.DataFrame({"lon": inside.x.to_numpy(), "lat": inside.y.to_numpy()})
        traces = _faults(pack, declared, supplied, found)
        source = pack.source(declared.source)
        path = source_file(pack, source, supplied)
        if path is not None:
            found.hashes[source.id] = check_hash(source, path, supplied)
            events = read_catalogue(path)
            events = events[events["time"].dt.year.between(declared.first_year, declared.last_year)]
            events = events.assign(main_shock=main_shocks(events), catalogue=declared.id)
            complete = events[
                events["main_shock"] & (events["magnitude"] >= declared.completeness - declared.bin_width / 2)
            ]
            law = _law(declared, complete)
            kept.append(events)
            found.reports.append(_report(declared, events, complete, law, units))
            rings = ring_counts(complete, places, edges_km=_edges(declared))
            for figure in declared.figures:
                if figure.statistic == "rate":
                    value = rings.sum(axis=1) / _length(declared)
                    found.observations.append(_rows(pack, declared, figure, units, value, declared.source))
                elif figure.statistic == "intensity" and pack.earthquakes:
                    each = _intensities(pack.earthquakes, declared, figure, rings, law)
                    value = np.median(each, axis=0)
                    low, high = each.min(axis=0), each.max(axis=0)
                    found.observations.append(_rows(pack, declared, figure, units, value, declared.source, low, high))
        if traces is not None and declared.faults is not None:
            value = nearest_km(traces, places)
            for figure in declared.figures:
                if figure.statistic == "fault_distance":
                    found.observations.append(_rows(pack, declared, figure, units, value, declared.faults))
            if path is None:
                # Without the catalogue nothing else says how the distances were made.
                note = (f"{len(traces)} traces of active faults; distances to a point inside each unit",)
                n = len(units)
                name = f"{declared.id} → {declared.level}"
                found.reports.append(MatchReport(name=name, n_left=n, n_right=n, matched=n, notes=note))
    if kept:
        found.tables["earthquakes"] = pd.concat(kept, ignore_index=True)
    return found


def _length(declared: EarthquakeCatalogue) -> int:
    return declared.last_year - declared.first_year + 1


def _edges(declared: EarthquakeCatalogue) -> list[float]:
    rings = max(1, round(declared.reach_km / RING_KM))
    return [declared.reach_km * (one + 1) / rings for one in range(rings)]


def _faults(
    pack: Pack, declared: EarthquakeCatalogue, supplied: Path, found: GridFigures
) -> NDArray[np.object_] | None:
    if declared.faults is None:
        return None
    source = pack.source(declared.faults)
    path = source_file(pack, source, supplied)
    if path is None:
        return None
    found.hashes[source.id] = check_hash(source, path, supplied)
    return read_traces(path)


def _law(declared: EarthquakeCatalogue, complete: pd.DataFrame) -> GutenbergRichter:
    return gutenberg_richter(
        complete["magnitude"],
        completeness=declared.completeness,
        bin_width=declared.bin_width,
        years=_length(declared),
    )


def _intensities(
    relations: tuple[Attenuations, ...],
    declared: EarthquakeCatalogue,
    figure: EarthquakeFigure,
    rings: NDArray[np.int64],
    law: GutenbergRichter,
) -> NDArray[np.float64]:
    """Return the intensity by each relation of the pack: which holds for a unit is not known to it."""
    each = []
    for relation in relations:
        # The packs give common logarithms, as the papers do.
        sides = [
            Attenuation(a, b, c / np.log(10), h, 0.0, relation.citation)
            for a, b, c, h in (relation.along, relation.across)
        ]
        each.append(
            intensity_of_period(
                rings,
                edges_km=_edges(declared),
                years=_length(declared),
                law=law,
                greatest=declared.greatest,
                attenuations=sides,
                sigma=relation.sigma,
                return_period=float(figure.return_period or 0),
            )
        )
    return np.stack(each)


def _rows(
    pack: Pack,
    declared: EarthquakeCatalogue,
    figure: EarthquakeFigure,
    units: gpd.GeoDataFrame,
    value: NDArray[np.float64],
    source: str,
    lower: NDArray[np.float64] | float = np.nan,
    upper: NDArray[np.float64] | float = np.nan,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indicator": figure.indicator,
            "level": declared.level,
            "code": units["code"].to_numpy(),
            "year": np.int32(declared.last_year),
            "value": value,
            "lower": lower,
            "upper": upper,
            "reason": np.uint8(0),
            "status": pack.source(source).status,
            "source": source,
        }
    )[COLUMNS]


def _report(
    declared: EarthquakeCatalogue,
    events: pd.DataFrame,
    complete: pd.DataFrame,
    law: GutenbergRichter,
    units: gpd.GeoDataFrame,
) -> MatchReport:
    notes = (
        f"{len(events)} earthquakes of {declared.first_year} to {declared.last_year}, of which "
        f"{int(events['main_shock'].sum())} are main shocks (Gardner & Knopoff 1974), {len(complete)} of at least "
        f"M {declared.completeness:g}",
        f"Gutenberg–Richter of these: a = {law.a:.2f}, b = {law.b:.2f} ± {law.b_se:.2f} (Aki 1965; "
        f"{law.b_se_shi_bolt:.2f} by Shi & Bolt 1982)",
        f"complete from M {declared.completeness:g}: {declared.completeness_reason.en}",
        f"nothing beyond M {declared.greatest:g}: {declared.greatest_reason.en}",
        "magnitudes are taken as the catalogue has them, whatever their scale",
    )
    return MatchReport(
        name=f"{declared.id} → {declared.level}", n_left=len(units), n_right=len(units), matched=len(units), notes=notes
    )
