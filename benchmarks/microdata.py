"""Poverty by county and year from SIMULATED household rows: DuckDB out of core against a pandas groupby, in one run.

Run ``python benchmarks/microdata.py [ROWS] [MEMORY]``, 5,000,000 rows and 256MB by default. The households are drawn,
so that only times, memory and the agreement of both ways mean anything. Each way runs in a process of its own, which
reports its wall-clock seconds and its peak memory beyond that of the imports. The library also computes standard
errors; pandas only the three measures.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from fuping.spatial.poverty.microdata import fgt_by_unit

COUNTIES, YEARS, LINE, THREADS = 2_850, 10, 0.6, 2


def simulate(rows, path):
    """Write households with a lognormal income, a county, a year, a weight and a cluster of ten."""
    with duckdb.connect() as connection:
        connection.execute(f"SET threads = {THREADS}")
        connection.execute(
            f"""COPY (
                SELECT (hash(i // 10) % {COUNTIES})::INT AS county,
                       (2010 + hash(i // 10, 1) % {YEARS})::SMALLINT AS year, (i // 10)::INT AS cluster,
                       50 + hash(i, 2) % 400 / 2.0 AS people,
                       exp(0.8 * sqrt(-2 * ln((hash(i, 3) % 1000000 + 1) / 1000001.0))
                           * cos(2 * pi() * (hash(i, 4) % 1000000) / 1000000.0)) AS income
                FROM range({rows}) AS t(i)) TO '{path}' (FORMAT parquet)"""
        )


def out_of_core(path, memory, clusters=None):
    """Let the library sum in DuckDB within the memory given."""
    with duckdb.connect() as connection:
        connection.execute(f"SET threads = {THREADS}; SET memory_limit = '{memory}'")
        connection.execute(f"SET temp_directory = '{Path(path).parent}'")
        columns = {"value": "income", "unit": "county", "year": "year", "weights": "people", "clusters": clusters}
        return fgt_by_unit(connection, path, **columns, line=LINE)


def with_clusters(path, memory):
    """Do the same with standard errors by cluster."""
    return out_of_core(path, memory, "cluster")


def in_memory(path, memory):
    """Read the rows into pandas and group them."""
    rows = pd.read_parquet(path, columns=["county", "year", "people", "income"])
    gap = (1 - rows["income"] / LINE).clip(lower=0)
    w = rows["people"]
    sums = {"people": w, "headcount_ratio": w * (rows["income"] < LINE), "poverty_gap": w * gap, "severity": w * gap**2}
    totals = pd.DataFrame(sums).groupby([rows["county"].rename("unit"), rows["year"]]).sum()
    return totals[["headcount_ratio", "poverty_gap", "severity"]].div(totals["people"], axis=0)


WAYS = {"pandas": in_memory, "library": out_of_core, "library, by cluster": with_clusters}


def child(way, path, memory, target):
    """Run one way and print what it took."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    result = WAYS[way](path, memory)
    seconds = time.perf_counter() - begin
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    result.reset_index().to_parquet(target)
    print(json.dumps({"seconds": seconds, "mib": peak}))


def main():
    """Print one line for each way."""
    rows = int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 5_000_000
    memory = sys.argv[2] if len(sys.argv) > 2 else "256MB"
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/households.parquet"
        simulate(rows, path)
        size = Path(path).stat().st_size / 2**20
        print(f"Simulated: {rows:,} households, {COUNTIES:,} counties, {YEARS} years, {size:,.0f} MiB of Parquet")
        print(f"DuckDB: {memory}, {THREADS} threads")
        print(f"{'way':>20} {'seconds':>8} {'peak MiB':>9} {'speed':>7} {'memory':>7}")
        taken, results = {}, {}
        for way in WAYS:
            target = f"{folder}/result.parquet"
            command = [sys.executable, __file__, "--child", way, path, memory, target]
            taken[way] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            results[way] = pd.read_parquet(target)
            base, own = taken["pandas"], taken[way]
            ratios = f"{base['seconds'] / own['seconds']:>6.1f}x {own['mib'] / base['mib']:>6.2f}x"
            print(f"{way:>20} {own['seconds']:>8.2f} {own['mib']:>9,.0f} {ratios}")
        for way in ("library", "library, by cluster"):
            for name in ("unit", "year", "headcount_ratio", "poverty_gap", "severity"):
                assert np.allclose(results[way][name], results["pandas"][name]), f"{way} and pandas differ in {name}"
        print("Both ways agree on every county, year and measure.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
    else:
        main()
