"""Import: a table of millions of rows, checked, joined, built and compared, against pandas' read_csv and to_parquet.

``python benchmarks/import.py`` prints the ratio to pandas in the same run, what four times the rows cost, the peak of
memory, and how long it takes to go back to the build before. Units and figures are simulated (squares, random counts).
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from fuping.layers.build.pipeline import build_pack
from fuping.layers.ingest.guess import guess_boundary, guess_table
from fuping.layers.ingest.new_pack import Credit, NewPack, write_pack
from fuping.layers.pack import read_pack
from fuping.layers.stores import EmbeddedStore

N_UNITS, N_YEARS = 3000, 100

NAMED = {"en": "Square", "zh": "方格"}


def write_inputs(folder: Path, n_rows: int) -> None:
    """Write squares, and a table with a row for each unit, year and group; a year of one unit has several groups."""
    side = int(np.ceil(np.sqrt(N_UNITS)))
    codes = [f"S{number:05d}" for number in range(N_UNITS)]
    x, y = np.divmod(np.arange(N_UNITS), side)
    squares = gpd.GeoDataFrame(
        {"code": codes}, geometry=shapely.box(x / 10, y / 10, x / 10 + 0.1, y / 10 + 0.1), crs=4326
    )
    squares.to_file(folder / "squares.geojson")
    n_groups = n_rows // (N_UNITS * N_YEARS)
    rng = np.random.default_rng(0)
    rows = pd.DataFrame(
        {
            "code": np.repeat(codes, N_YEARS * n_groups),
            "year": np.tile(np.repeat(np.arange(1920, 1920 + N_YEARS), n_groups), N_UNITS),
            "group": np.tile([f"g{number}" for number in range(n_groups)], N_UNITS * N_YEARS),
            "people": rng.integers(0, 100_000, n_rows),
        }
    )
    rows.to_csv(folder / "rows.csv", index=False)


def declare(folder: Path, n_rows: int) -> Path:
    """Declare the pack: one indicator for each group."""
    first = folder / "first.csv"
    n_groups = n_rows // (N_UNITS * N_YEARS)
    pd.read_csv(folder / "rows.csv", nrows=N_YEARS * n_groups).query("group == 'g0'").to_csv(first, index=False)
    boundary = guess_boundary(folder / "squares.geojson")
    table = guess_table(first, boundary.codes, level=boundary.level(NAMED, NAMED, "nation"))
    credit = Credit("Simulated", "Benchmark", "CC0", "Simulated for a benchmark")
    new = NewPack(
        "bm", NAMED, NAMED, NAMED, folder / "squares.geojson", boundary, credit, first, table, credit, table.figures
    )
    home = folder / "data" / "declared" / "bm"
    write_pack(new, home)
    groups = [f"g{number}" for number in range(n_groups)]
    one = (home / "indicators.toml").read_text(encoding="utf-8")
    (home / "indicators.toml").write_text(
        "\n".join(one.replace('id = "people"', f'id = "people_{group}"') for group in groups), encoding="utf-8"
    )
    series = [
        f'[[table.series]]\nindicator = "people_{g}"\nvalue = "people"\nwhere = {{ group = "{g}" }}\n' for g in groups
    ]
    head = (home / "tables.toml").read_text(encoding="utf-8").split("series = [")[0]
    (home / "tables.toml").write_text(head + "\n" + "\n".join(series), encoding="utf-8")
    info = (home / "pack.toml").read_text(encoding="utf-8")
    (home / "pack.toml").write_text(info.replace('"people"', '"people_g0"'), encoding="utf-8")
    return home


def measure(folder: Path) -> None:
    """Build in this process and print seconds and peak memory in GiB."""
    store = EmbeddedStore(folder / "data")
    pack = read_pack(store.declared / "bm")
    started = time.perf_counter()
    build_pack(pack, store)
    seconds = time.perf_counter() - started
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)


def built(folder: Path) -> tuple[float, float]:
    """Build in a process of its own, so that its peak of memory is its own."""
    told = subprocess.run(
        [sys.executable, __file__, "--measure", str(folder)], check=True, stdout=subprocess.PIPE, text=True
    )
    seconds, peak = map(float, told.stdout.split())
    return seconds, peak


def by_pandas(folder: Path) -> float:
    """Return seconds of reading the same file and writing it as Parquet, unchecked."""
    started = time.perf_counter()
    pd.read_csv(folder / "rows.csv").to_parquet(folder / "rows.parquet", index=False)
    return time.perf_counter() - started


def main(n_rows: int) -> None:
    """Print what an import of at least that many rows costs, and a quarter of them."""
    whole = 4 * N_UNITS * N_YEARS
    n_rows = -(-n_rows // whole) * whole
    cost = {}
    for rows in (n_rows // 4, n_rows):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            write_inputs(folder, rows)
            home = declare(folder, rows)
            first = built(folder)
            (folder / "rows.csv").replace(home / "data" / "figures.csv")
            seconds, peak = built(folder)
            (folder / "rows.csv").symlink_to(home / "data" / "figures.csv")
            reference = by_pandas(folder)
            store = EmbeddedStore(folder / "data")
            before = store.builds("bm")[-1].version
            started = time.perf_counter()
            store.use("bm", before)
            back = time.perf_counter() - started
            cost[rows] = seconds
            print(
                f"{rows:,} rows: {seconds:.1f} s, {seconds / reference:.1f} x pandas ({reference:.1f} s), "
                f"peak {peak:.2f} GiB, "
                f"back to the build before in {back:.3f} s; a build without the rows takes {first[0]:.1f} s"
            )
    few, many = cost.values()
    print(f"four times the rows take {many / few:.1f} times as long")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--measure", type=Path)
    given = parser.parse_args()
    measure(given.measure) if given.measure else main(given.rows)
