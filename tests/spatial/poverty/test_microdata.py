"""The out-of-core path gives what the path in memory gives."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from fuping.spatial.poverty.estimate import Inference
from fuping.spatial.poverty.fgt import headcount_ratio, poor_population, poverty_gap, severity
from fuping.spatial.poverty.microdata import fgt_by_unit
from fuping.spatial.poverty.survey import by_group

COLUMNS = {"value": "income", "unit": "county", "year": "year"}


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        yield opened


@pytest.fixture(scope="module")
def households():
    """2,400 simulated households in two years, 3 strata and 240 clusters a year, some without an income."""
    random = np.random.default_rng(0)
    n = 2400
    income = random.lognormal(size=n)
    income[::40] = np.nan
    return pd.DataFrame(
        {
            "income": income,
            "county": random.choice(["001", "002", "003", "004"], n),
            "year": np.repeat([2015, 2020], n // 2),
            "people": random.uniform(0, 5, n),
            "stratum": np.tile(np.repeat([1, 2, 3], n // 6), 2),
            "cluster": np.tile(np.repeat(range(120), n // 240), 2),
            "own_line": random.choice([0.6, 0.9], n),
        }
    )


@pytest.mark.parametrize(
    "design",
    [
        {},
        {"weights": "people"},
        {"weights": "people", "strata": "stratum"},
        {"weights": "people", "strata": "stratum", "clusters": "cluster"},
        {"clusters": "cluster"},
    ],
)
@pytest.mark.parametrize("line", [0.8, "own_line"])
def test_values_errors_and_intervals_are_those_in_memory(connection, households, design, line):
    connection.register("households", households)
    found = fgt_by_unit(connection, "households", **COLUMNS, line=line, **design)
    for year, rows in households.groupby("year"):
        arrays = {role: rows[name] for role, name in design.items()}
        for measure in (headcount_ratio, poverty_gap, severity):
            apart = {}
            for county in sorted(rows["county"].unique()):
                w = rows["people"] if "weights" in design else pd.Series(1.0, rows.index)
                inner = {**arrays, "weights": w.where(rows["county"] == county, 0.0)}
                apart[county] = measure(rows["income"], line=rows[line] if line == "own_line" else line, **inner)
            mine = found.xs(year, level="year")
            name = measure.__name__
            for column, field in (
                (name, "value"),
                (f"{name}_se", "se"),
                (f"{name}_low", "low"),
                (f"{name}_high", "high"),
            ):
                expected = [getattr(one, field) for one in apart.values()]
                np.testing.assert_allclose(mine[column], expected, rtol=1e-9, atol=1e-12)


def test_counts_are_the_sums_of_weights(connection, households):
    connection.register("households", households)
    found = fgt_by_unit(connection, "households", **COLUMNS, line=0.8, weights="people")
    some = households[(households["county"] == "002") & (households["year"] == 2020)]
    row = found.loc[("002", 2020)]
    known = some.dropna(subset="income")
    assert row["population"] == pytest.approx(known["people"].sum())
    assert row["poor_population"] == pytest.approx(
        poor_population(some["income"], line=0.8, weights=some["people"]).value
    )
    assert (row["n"], row["n_missing"]) == (len(known), len(some) - len(known))


def test_parquet_files_are_read_without_a_table(connection, households, tmp_path):
    for year, rows in households.groupby("year"):
        rows.to_parquet(tmp_path / f"survey_{year}.parquet")
    one = fgt_by_unit(connection, str(tmp_path / "*.parquet"), **COLUMNS, line=0.8)
    two = fgt_by_unit(connection, sorted(map(str, tmp_path.glob("*.parquet"))), **COLUMNS, line=0.8)
    connection.register("households", households)
    pd.testing.assert_frame_equal(one, fgt_by_unit(connection, "households", **COLUMNS, line=0.8))
    pd.testing.assert_frame_equal(one, two)


def test_a_unit_without_a_value_has_a_row_and_no_number(connection):
    rows = pd.DataFrame({"income": [None, 1.0, 3.0], "county": ["a", "b", "b"], "year": 2020})
    connection.register("rows", rows)
    found = fgt_by_unit(connection, "rows", **COLUMNS, line=2)
    assert np.isnan(found.loc[("a", 2020), "headcount_ratio"])
    assert found["n"].tolist() == [0, 2]
    assert found["n_missing"].tolist() == [1, 0]
    assert found.loc[("b", 2020), "headcount_ratio"] == 0.5


def test_rows_without_a_unit_are_counted(connection):
    rows = pd.DataFrame({"income": [1.0, 3.0, 5.0], "county": ["a", "a", None], "year": 2020})
    connection.register("rows", rows)
    found = fgt_by_unit(connection, "rows", **COLUMNS, line=2)
    assert found.index.tolist() == [("a", 2020)]
    assert found.attrs["n_without_unit"] == 1


def test_a_stratum_of_one_unit_can_be_certain(connection, households):
    few = households[households["year"] == 2015].iloc[:401].assign(year=2015)
    connection.register("few", few)
    design = {"strata": "stratum", "clusters": "cluster"}
    found = fgt_by_unit(connection, "few", **COLUMNS, line=0.8, **design, single_psu="certainty")
    assert few["stratum"].value_counts().min() == 1
    apart = by_group(
        headcount_ratio,
        few["income"],
        groups=few["county"],
        strata=few["stratum"],
        clusters=few["cluster"],
        line=0.8,
        inference=Inference(single_psu="certainty"),
    )
    np.testing.assert_allclose(found["headcount_ratio_se"], apart["se"].astype(float))


def test_a_column_may_have_any_name(connection):
    rows = pd.DataFrame({'in"come': [1.0, 3.0], "县": ["a", "a"], "select": 2020})
    connection.register("odd name", rows)
    found = fgt_by_unit(connection, "odd name", value='in"come', unit="县", year="select", line=2)
    assert found["headcount_ratio"].tolist() == [0.5]


def test_half_a_million_rows_fit_into_a_little_memory(connection, tmp_path):
    rows = str(tmp_path / "rows.parquet")
    connection.execute(
        f"""COPY (SELECT hash(range) % 1000 / 500.0 AS income, range % 300 AS county, 2020 AS year,
            range % 50000 AS cluster FROM range(500000)) TO '{rows}'"""
    )
    connection.execute(f"SET memory_limit = '60MB'; SET threads = 1; SET temp_directory = '{tmp_path}'")
    found = fgt_by_unit(connection, rows, **COLUMNS, line=1, clusters="cluster")
    assert found["n"].sum() == 500000
    np.testing.assert_allclose(found["headcount_ratio"], 0.5, atol=0.06)
