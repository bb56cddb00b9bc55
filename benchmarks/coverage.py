"""How long it takes to lay projects out over counties and years, against a pandas explode and merge.

Run ``python benchmarks/coverage.py``. The projects and counties are SIMULATED; only the times mean anything.
Each line compares both ways on the same rows, in the same run, and checks that they count the same; the last columns
tell how many times the rows of the first line it has, and how many times its time either way takes.
"""

if __name__ == "coverage":
    # numba, which many things here import, asks for the package of this name and does without it where there is none.
    # A script's own folder comes first when it looks, so that it would find this file and import it within itself.
    raise ImportError("This is a benchmark; the package coverage lies elsewhere. Import it as benchmarks.coverage.")

import sys
import time

import numpy as np
import pandas as pd
from fuping.spatial.projects.coverage import cover
from fuping.spatial.projects.reach import coverage_table, intensity

COUNTIES, PROJECTS, YEARS, PROGRAMMES = 3_000, 10_000, range(2001, 2021), 10


def simulate(counties_a_project, seed):
    """Draw projects that each work in some counties for some years."""
    rng = np.random.default_rng(seed)
    n = PROJECTS * counties_a_project
    project = np.repeat(np.arange(PROJECTS), counties_a_project)
    step = rng.integers(0, COUNTIES, PROJECTS)[project] + np.tile(np.arange(counties_a_project), PROJECTS)
    first = rng.integers(2001, 2021, PROJECTS)[project]
    programme = rng.integers(0, PROGRAMMES, PROJECTS)[project]
    return pd.DataFrame(
        {
            "project": np.char.mod("P%05d", project),
            "unit": np.char.mod("%06d", step % COUNTIES),
            "programme": np.char.mod("programme %d", programme),
            "first_year": first,
            "last_year": first + rng.integers(0, 10, PROJECTS)[project],
            "amount": rng.uniform(1, 100, n),
        }
    )


def counties():
    """Draw people and poor people of every county."""
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {"population": rng.integers(10_000, 1_000_000, COUNTIES), "poor_population": rng.integers(1, 9_000, COUNTIES)},
        index=np.char.mod("%06d", np.arange(COUNTIES)),
    )


def explode_and_merge(rows, units):
    """Give each row one line for each of its years, join the counties, and group."""
    spans = [range(first, last + 1) for first, last in zip(rows["first_year"], rows["last_year"], strict=True)]
    years = rows["last_year"] - rows["first_year"] + 1
    long = rows.assign(year=spans, amount=rows["amount"] / years).explode("year")
    long = long[long["year"].isin(YEARS)].merge(units, left_on="unit", right_index=True)
    money = long.groupby(["unit", "year"])["amount"].sum()
    once = long.drop_duplicates(["unit", "year"])
    return once.groupby("year")["population"].sum(), money


def laid_out(rows, units):
    """Do the same through the library, which also counts by programme and area."""
    coverage = cover(rows, units, years=YEARS)
    return coverage_table(coverage)["population_covered"], intensity(coverage)["known_amount"]


def timed(function, *arguments):
    """Return the result of a call and its seconds."""
    begin = time.perf_counter()
    result = function(*arguments)
    return result, time.perf_counter() - begin


def main():
    """Print one line for each size."""
    units = counties()
    sizes = [int(size) for size in sys.argv[1:]] or [25, 50, 100]
    print(f"Simulated: {PROJECTS:,} projects, {COUNTIES:,} counties, {len(YEARS)} years, {PROGRAMMES} programmes")
    heads = f"{'library s':>10} {'explode s':>10} {'ratio':>7} {'× rows':>7} {'× library':>10} {'× explode':>10}"
    print(f"{'rows':>12} {heads}")
    laid_out(simulate(1, 1), units)
    first = None
    for size in sizes:
        rows = simulate(size, 1)
        # The shorter of two: whatever else the machine does adds to one of them.
        (people, money), own = min((timed(laid_out, rows, units) for _ in range(2)), key=lambda one: one[1])
        (people_again, money_again), other = timed(explode_and_merge, rows, units)
        assert np.allclose(people.loc[people_again.index], people_again.astype(float))
        assert np.allclose(money.loc[money_again.index].to_numpy(), money_again.to_numpy(float))
        first = first or (len(rows), own, other)
        grown = f"{len(rows) / first[0]:>7.1f} {own / first[1]:>10.1f} {other / first[2]:>10.1f}"
        print(f"{len(rows):>12,} {own:>10.2f} {other:>10.2f} {other / own:>6.1f}x {grown}")


if __name__ == "__main__":
    main()
