"""Build and join: what the default pack costs, and the join of counties and years against a loop of merges.

``python benchmarks/build.py`` prints ratios and the machine's figures. The pack is real; the panel of the join is
simulated (random rates for made-up counties).
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from fuping.layers.build.pipeline import build_pack
from fuping.layers.pack import pack_folders, read_pack
from fuping.layers.stores import EmbeddedStore
from fuping.spatial.cube.build import cube_from_table


def build(code: str) -> tuple[float, float]:
    """Return seconds and peak memory in GiB of a full build."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        build_pack(read_pack(pack_folders()[code]), EmbeddedStore(Path(folder)))
        seconds = time.perf_counter() - started
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def panel(n_units: int, n_years: int) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return simulated counties and their rates."""
    rng = np.random.default_rng(0)
    codes = [f"{number:05d}" for number in range(n_units)]
    x, y = np.divmod(np.arange(n_units), 60)
    units = gpd.GeoDataFrame({"code": codes}, geometry=shapely.box(x, y, x + 1, y + 1), crs="EPSG:4326")
    years = np.arange(1989, 1989 + n_years)
    table = pd.DataFrame({"code": np.tile(codes, n_years), "year": np.repeat(years, n_units)})
    return units, table.assign(rate=rng.uniform(0, 50, len(table))).sample(frac=1, random_state=0)


def join_at_once(units: gpd.GeoDataFrame, table: pd.DataFrame) -> np.ndarray:
    """Join the codes once, with a report, and lay all years out."""
    cube, _ = cube_from_table(table, units, on="code", year="year", values="rate")
    return cube["rate"].to_numpy()


def join_by_year(units: gpd.GeoDataFrame, table: pd.DataFrame) -> np.ndarray:
    """Merge each year into the boundaries, as a notebook does."""
    frames = []
    for year in sorted(table["year"].unique()):
        frames.append(units.merge(table[table["year"] == year], on="code", how="left"))
    whole = pd.concat(frames, ignore_index=True)
    return whole["rate"].to_numpy().reshape(len(frames), len(units))


def best(function, *arguments, runs: int) -> tuple[float, np.ndarray]:
    """Return the least seconds of some runs, and the last result."""
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        result = function(*arguments)
        seconds.append(time.perf_counter() - started)
    return min(seconds), result


def main() -> None:
    """Run both and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", default="cn")
    parser.add_argument("--units", type=int, default=3200)
    parser.add_argument("--years", type=int, default=31)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--no-build", action="store_true", help="measure the join only")
    given = parser.parse_args()
    units, table = panel(given.units, given.years)
    ours, first = best(join_at_once, units, table, runs=given.runs)
    loop, second = best(join_by_year, units, table, runs=given.runs)
    np.testing.assert_array_equal(first, second)
    print(f"join of {given.units:,} units × {given.years} years (simulated), least of {given.runs} runs")
    print(f"  at once {ours * 1e3:.0f} ms, merge by year {loop * 1e3:.0f} ms, ratio {loop / ours:.1f}")
    if not given.no_build:
        seconds, gib = build(given.pack)
        print(f"build of {given.pack}: {seconds:.1f} s, peak {gib:.2f} GiB")


if __name__ == "__main__":
    main()
