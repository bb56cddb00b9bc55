"""Make a cube of a long table: join its codes to units once, then lay every year out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from fuping.spatial.boundaries.join import key_join
from fuping.spatial.cube.dataset import to_dataset
from fuping.spatial.cube.values import lay_out_at
from fuping.spatial.errors import CubeError
from fuping.spatial.match_report import MatchReport

__all__ = ["cube_from_table"]


def cube_from_table(
    table: pd.DataFrame,
    units: gpd.GeoDataFrame,
    *,
    on: str,
    year: str,
    values: str | Sequence[str],
    code: str = "code",
    attrs: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[xr.Dataset, MatchReport]:
    """Join a long table to units and lay it out as a unit × year cube.

    Codes are joined once for all years, so the cost hardly grows with the years.

    Parameters
    ----------
    table
        One row for each unit and year.
    units
        Units with a column of codes and geometry.
    on, year
        Columns of codes and of years.
    values
        Column or columns of numbers; each becomes an indicator of the cube.
    code
        Column of codes of the units.
    attrs
        Column → what must travel with it (units, source, licence …).

    Returns
    -------
    (xarray.Dataset, MatchReport)
        See :func:`fuping.spatial.cube.dataset.to_dataset`. The report counts codes, not rows; a note tells how many
        rows went with those that found no unit.

    Raises
    ------
    CubeError
        A year is not a whole number, a unit-year stands twice, or a column is absent.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"code": ["01", "02"]}, geometry=[shapely.Point(0, 0)] * 2, crs="EPSG:4326")
    >>> table = pd.DataFrame({"fips": [1, 2, 9], "year": [2012, 2012, 2012], "rate": [5.0, 6.0, 7.0]})
    >>> cube, report = cube_from_table(table, units, on="fips", year="year", values="rate")
    >>> cube["rate"].values.tolist(), report.reasons()
    ([[5.0, 6.0]], {'unknown_code': 1})
    """
    wanted = [values] if isinstance(values, str) else list(values)
    absent = [name for name in (on, year, *wanted) if name not in table.columns]
    if absent:
        there = ", ".join(map(str, table.columns[:20]))
        raise CubeError(f"The table has no column {', '.join(absent)}.", remedy=f"Columns: {there}.")
    number, written = pd.factorize(table[on], use_na_sentinel=False)
    joined, report = key_join(pd.DataFrame({on: written}), pd.DataFrame(units[code]), on=on, code=code)
    position = pd.Index(units[code]).get_indexer(joined[on])
    column = position[number]
    rows = table if (column >= 0).all() else table[column >= 0]
    when = rows[year] if pd.api.types.is_integer_dtype(rows[year]) else pd.to_numeric(rows[year], errors="coerce")
    wrong = rows.index[~(when == np.floor(when))] if when.dtype.kind == "f" else rows.index[:0]
    if len(wrong):
        raise CubeError(
            f"{len(wrong)} years are no whole numbers, the first in row {wrong[0]!r}: {rows.at[wrong[0], year]!r}.",
            remedy="Give each row its calendar year.",
        )
    column = column[column >= 0]
    slices = {name: lay_out_at(column, when, rows[name], units=units[code]) for name in wanted}
    lost = len(table) - len(rows)
    if lost:
        report = replace(report, notes=(*report.notes, f"{lost} rows have a code that found no unit"))
    return to_dataset(slices, units.rename(columns={code: "code"}), attrs=attrs), report
