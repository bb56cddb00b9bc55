r"""Poverty by unit and year from microdata larger than memory.

The sums are taken by the database that holds or reads the rows; only one row a unit, year and stratum comes back. This
file writes SQL in DuckDB's dialect and imports no database: the caller opens the connection and decides, with
``SET memory_limit``, ``SET temp_directory`` and ``SET threads``, how much of the machine it may use.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd
from fuping.spatial.inference import check_confidence
from fuping.spatial.poverty.errors import DesignError, LineError, PovertyError
from fuping.spatial.wording import worded
from scipy import stats

__all__ = ["Connection", "fgt_by_unit"]

MEASURES = ("headcount_ratio", "poverty_gap", "severity")
"""Foster–Greer–Thorbecke with α = 0, 1, 2."""

NUMERIC = re.compile(r"U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*")
"""DuckDB's names of number types."""


class Connection(Protocol):
    """An open connection of DuckDB."""

    def execute(self, query: str, parameters: Any = ..., /) -> Any:
        """Run a statement; the result has ``df()``."""
        ...


def fgt_by_unit(
    connection: Connection,
    source: str | Sequence[str],
    *,
    value: str,
    unit: str,
    year: str,
    line: float | str,
    weights: str | None = None,
    strata: str | None = None,
    clusters: str | None = None,
    confidence: float = 0.95,
    single_psu: Literal["refuse", "certainty"] = "refuse",
) -> pd.DataFrame:
    r"""Estimate headcount ratio, poverty gap and severity of each unit and year.

    Parameters
    ----------
    connection
        Open connection.
    source
        Name of a table or view, or Parquet files: one or several paths or patterns that end in ``.parquet``.
    value
        Column of income or consumption a person; NULL or NaN is missing.
    unit, year
        Columns of the unit's code and the year. The sample of a year is one design, a unit a part of it.
    line
        Poverty line, or the column that holds each row's.
    weights
        Column of the people that a row stands for, not negative; each row counts 1 without it.
    strata, clusters
        Columns of the stratum and, unique within it, the primary sampling unit; a row is its own without.
    confidence
        Nominal coverage of the intervals, between 0 and 1.
    single_psu
        What a stratum of one primary sampling unit means, see
        :data:`~fuping.spatial.poverty.estimate.SinglePSU`.

    Returns
    -------
    pandas.DataFrame
        Sorted by unit and year: ``n``, ``n_missing``, ``population``, ``poor_population``, and ``headcount_ratio``,
        ``poverty_gap``, ``severity``, each with ``_se``, ``_low`` and ``_high``; NaN where a unit has no value in a
        year. ``attrs["n_without_unit"]`` counts rows without unit or year.

    Raises
    ------
    PovertyError
        Columns are absent or not numbers, the source is empty, values are infinite, weights negative or missing.
    LineError
        A line is missing or not above zero.
    DesignError
        A stratum or cluster is missing, a stratum has a single primary sampling unit, or ``single_psu`` is unknown.
    FupingError
        The confidence is not between 0 and 1.

    Notes
    -----
    Same estimator and linearised variance as :func:`~fuping.spatial.poverty.survey.by_group` with Wald intervals. With
    totals :math:`t_c=\sum w p` and :math:`s_c=\sum w` of a primary sampling unit c, its linearised total is
    :math:`u_c=(t_c-Pt s_c)/W`, so that the sums of :math:`t^2`, :math:`ts` and :math:`s^2` over a stratum are enough.
    """
    check_confidence(confidence)
    if single_psu not in ("refuse", "certainty"):
        raise DesignError(f"single_psu {single_psu!r} is unknown here.", remedy="Choose refuse or certainty.")
    columns = {"y": value, "unit": unit, "year": year, "weights": weights, "strata": strata, "clusters": clusters}
    table, parameters = _source(source)
    _refuse_columns(connection, table, parameters, {**columns, "line": line if isinstance(line, str) else None})
    if not isinstance(line, str) and not (np.isfinite(line) and line > 0):
        raise LineError(f"The line is {line}.", remedy="A poverty line must be a number above zero.")
    sums = connection.execute(
        _statement(table, columns, line),
        [*([] if isinstance(line, str) else [float(line)]), *parameters],
    ).df()
    _refuse_rows(sums)
    return _estimates(sums, confidence, single_psu)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _source(source: str | Sequence[str]) -> tuple[str, list[Any]]:
    paths = [source] if isinstance(source, str) else list(source)
    if not paths:
        raise PovertyError("There are no files.", remedy="Give at least one Parquet file or the name of a table.")
    if all(path.endswith(".parquet") for path in paths):
        return "read_parquet(?)", [paths]
    if len(paths) > 1:
        odd = [path for path in paths if not path.endswith(".parquet")]
        raise PovertyError(f"Not Parquet files: {', '.join(odd)}.", remedy="Give several files only as Parquet.")
    return _quoted(paths[0]), []


def _refuse_columns(connection: Connection, table: str, parameters: list[Any], columns: dict[str, str | None]) -> None:
    shape = connection.execute(f"DESCRIBE SELECT * FROM {table}", parameters).df()
    kinds = dict(zip(shape["column_name"], shape["column_type"], strict=True))
    absent = [name for name in columns.values() if name is not None and name not in kinds]
    if absent:
        raise PovertyError(f"There is no column {', '.join(absent)}.", remedy=f"There are {', '.join(kinds)}.")
    for role in ("y", "weights", "line"):
        name = columns[role]
        if name is not None and not NUMERIC.fullmatch(kinds[name]):
            raise PovertyError(f"Column {name} is {kinds[name]}, not a number.", remedy="Convert it first.")


def _statement(table: str, columns: dict[str, str | None], line: float | str) -> str:
    """Write the one statement that reads the rows once."""

    def column(role: str, default: str) -> str:
        name = columns[role]
        return default if name is None else _quoted(name)

    bad = {
        "infinite": "isinf(y)",
        "bad_weights": "NOT coalesce(w >= 0 AND isfinite(w), false)",
        "bad_lines": "NOT coalesce(z > 0 AND isfinite(z), false)",
        "no_stratum": "stratum IS NULL",
        "no_cluster": "cluster IS NULL" if columns["clusters"] else "false",
    }
    faults = ", ".join(f"count(*) FILTER ({words}) AS {name}" for name, words in bad.items())
    counted = ("rows", "n", "n_missing", *bad)
    terms = ", ".join(f"coalesce(sum(w * p{a}) FILTER (there), 0) AS t{a}" for a in range(3))
    squares = ", ".join(f"sum(t{a}) AS t{a}, sum(t{a} * t{a}) AS tt{a}, sum(t{a} * s) AS ts{a}" for a in range(3))
    # Without clusters a row is its own unit and the first aggregation would only copy the rows.
    inner = (
        f"""
        SELECT unit, year, stratum, cluster, count(*) AS rows,
               count(*) FILTER (there AND w > 0) AS n, count(*) FILTER (NOT there) AS n_missing, {faults},
               coalesce(sum(w) FILTER (there), 0) AS s, {terms}
        FROM scored GROUP BY unit, year, stratum, cluster"""
        if columns["clusters"]
        else f"""
        SELECT unit, year, stratum, 1 AS rows, (there AND w > 0)::INT AS n, (NOT there)::INT AS n_missing,
               {", ".join(f"({words})::INT AS {name}" for name, words in bad.items())},
               CASE WHEN there THEN w ELSE 0 END AS s,
               {", ".join(f"CASE WHEN there THEN w * p{a} ELSE 0 END AS t{a}" for a in range(3))}
        FROM scored"""
    )
    design = (
        "SELECT year, stratum, count(*) AS n_psu FROM (SELECT DISTINCT year, stratum, cluster FROM psu) GROUP BY ALL"
        if columns["clusters"]
        else "SELECT year, stratum, sum(rows) AS n_psu FROM parts GROUP BY ALL"
    )
    return f"""
    WITH read AS (
        SELECT {column("unit", "")} AS unit, {column("year", "")} AS year,
               {column("strata", "'all'")} AS stratum, {column("clusters", "0")} AS cluster,
               CAST({column("y", "")} AS DOUBLE) AS y, CAST({column("weights", "1")} AS DOUBLE) AS w,
               CAST({_quoted(line) if isinstance(line, str) else "?"} AS DOUBLE) AS z
        FROM {table}
    ), scored AS (
        SELECT *, y IS NOT NULL AND NOT isnan(y) AS there,
               (y < z)::INT AS p0, greatest(1 - y / z, 0) AS p1, pow(greatest(1 - y / z, 0), 2) AS p2
        FROM read
    ), psu AS {"MATERIALIZED" if columns["clusters"] else "NOT MATERIALIZED"} ({inner}
    ), parts AS MATERIALIZED (
        SELECT unit, year, stratum, {", ".join(f"sum({name}) AS {name}" for name in counted)},
               sum(s) AS s, sum(s * s) AS ss, {squares}
        FROM psu GROUP BY unit, year, stratum
    ), design AS ({design})
    SELECT parts.*, design.n_psu FROM parts
    JOIN design ON parts.year IS NOT DISTINCT FROM design.year
        AND parts.stratum IS NOT DISTINCT FROM design.stratum
    """


def _refuse_rows(sums: pd.DataFrame) -> None:
    if not sums["rows"].sum():
        raise PovertyError("The source has no rows.", remedy="Check its name and filters.")
    faults: tuple[tuple[str, type[PovertyError], str, str], ...] = (
        ("infinite", PovertyError, "values are infinite", "Mend these rows."),
        ("bad_weights", PovertyError, "weights are negative or missing", "Give each row a weight of zero or more."),
        ("bad_lines", LineError, "lines are missing or not above zero", "A poverty line must be above zero."),
        ("no_stratum", DesignError, "rows have no stratum", "Give each row its label."),
        ("no_cluster", DesignError, "rows have no cluster", "Give each row its label."),
    )
    for name, error, words, remedy in faults:
        count = int(sums[name].sum())
        if count:
            raise error(f"{count} of {int(sums['rows'].sum())} {words}.", remedy=remedy, count=count)
    if not sums["s"].sum() > 0:
        raise PovertyError(
            worded("No row has a value and a positive weight."), remedy=worded("Check values and weights.")
        )


def _estimates(sums: pd.DataFrame, confidence: float, single_psu: str) -> pd.DataFrame:
    strata = sums.groupby(["year", "stratum"], dropna=False)["n_psu"].first()
    alone = strata[strata == 1]
    if len(alone) and single_psu == "refuse":
        named = ", ".join(f"{stratum} in {when}" for when, stratum in alone.index[:10])
        raise DesignError(
            worded("{n} strata have one primary sampling unit: {named}.", n=len(alone), named=named),
            remedy=worded("Merge them with a neighbouring stratum, or give single_psu='certainty'."),
        )
    freedom = strata.groupby("year", dropna=False).agg(lambda sizes: sizes.sum() - len(sizes))
    keys = ["unit", "year"]
    lost = sums[keys].isna().any(axis=1)
    kept = sums[~lost]
    totals = kept.groupby(keys)[["n", "n_missing", "s", "t0", "t1", "t2"]].sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        df = totals.index.get_level_values("year").map(freedom).to_numpy(dtype=float)
        t = stats.t.ppf((1 + confidence) / 2, np.where(df > 0, df, np.nan))
        found: dict[str, Any] = {
            "n": totals["n"].astype("int64"),
            "n_missing": totals["n_missing"].astype("int64"),
            "population": totals["s"],
            "poor_population": totals["t0"],
        }
        for alpha, name in enumerate(MEASURES):
            p = totals[f"t{alpha}"] / totals["s"].where(totals["s"] > 0)
            own = pd.MultiIndex.from_frame(kept[keys])
            p_of, w_of = p.reindex(own).to_numpy(), totals["s"].reindex(own).to_numpy()
            squares = kept[f"tt{alpha}"] - 2 * p_of * kept[f"ts{alpha}"] + p_of**2 * kept["ss"]
            sums_of_u = kept[f"t{alpha}"] - p_of * kept["s"]
            size = kept["n_psu"].to_numpy(dtype=float)
            # Rounding can leave a sum of squares that should be zero a little below it.
            spread = (squares - sums_of_u**2 / size).clip(lower=0) / w_of**2
            part = np.where(size > 1, size / (size - 1) * spread, 0.0)
            variance = pd.Series(part, index=own).groupby(level=keys).sum(min_count=1)
            se = np.sqrt(variance.reindex(totals.index)).where(p.notna() & (df > 0))
            found |= {name: p, f"{name}_se": se, f"{name}_low": p - t * se, f"{name}_high": p + t * se}
    table = pd.DataFrame(found).sort_index()
    table.attrs["n_without_unit"] = int(sums.loc[lost, "rows"].sum())
    return table
