"""A reader's household table read as a survey: which column means what, and the rows that count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from fuping.dashboard.queries.uploaded import UploadedTable, UploadError
from fuping.dashboard.state import ViewState
from numpy.typing import NDArray

__all__ = [
    "ROLES",
    "SurveyColumns",
    "SurveyRows",
    "column_of",
    "lone_strata",
    "measured_year",
    "read_survey",
    "survey_columns",
]

Floats = NDArray[np.float64]

ROLES: dict[str, tuple[str, ...]] = {
    "welfare": ("welfare", "income", "consumption", "expenditure", "pcexp", "pcinc", "y", "人均收入", "人均消费"),
    "weight": ("weight", "weights", "wt", "w", "hhweight", "pweight", "权重", "抽样权重"),
    "size": ("hhsize", "size", "household_size", "hh_size", "members", "家庭规模", "户规模", "家庭人口"),
    "stratum": ("stratum", "strata", "层", "抽样层"),
    "cluster": ("cluster", "psu", "ea", "village", "群", "初级抽样单元", "村"),
    "unit": ("unit", "code", "unit_code", "county", "district", "fips", "行政区划代码", "县代码", "地区代码"),
    "group": ("group", "sector", "urban", "region", "residence", "组别", "城乡", "地区类型"),
    "year": ("year", "wave", "round", "年份", "年度"),
}
"""What a column can be → names that it is guessed by."""


@dataclass(frozen=True)
class SurveyColumns:
    """Columns by what they are; ``None`` where there is none.

    Parameters
    ----------
    per_household
        Whether the welfare is that of a whole household, to be divided by its size.
    wave
        Year that is measured, where the file has several; ``None``: the latest.
    """

    welfare: str | None
    weight: str | None
    size: str | None
    stratum: str | None
    cluster: str | None
    unit: str | None
    group: str | None
    year: str | None
    per_household: bool = False
    wave: int | None = None


@dataclass(frozen=True, eq=False)
class SurveyRows:
    """n households or people.

    Parameters
    ----------
    welfare
        float64; welfare a person, NaN where it is missing.
    weights
        float64; people that a row stands for.
    strata, clusters
        intp; numbers of the stratum and cluster of each row, or ``None``.
    stratum_names
        Labels of the strata, by number.
    unit, group
        Labels, missing where a row has none, or ``None``.
    place
        intp; of each row in the file.
    when
        int64; year of each row; all 0 where the file has none.
    year, years
        The year measured, and all years of the file; 0 and none where it has no year.
    """

    welfare: Floats
    weights: Floats
    strata: NDArray[np.intp] | None
    clusters: NDArray[np.intp] | None
    stratum_names: tuple[str, ...]
    unit: pd.Series | None
    group: pd.Series | None
    place: NDArray[np.intp]
    when: NDArray[np.int64]
    year: int
    years: tuple[int, ...]

    @property
    def design(self) -> dict[str, Any]:
        """Weights, strata and clusters as the measures take them."""
        return {"weights": self.weights, "strata": self.strata, "clusters": self.clusters}

    @property
    def n_missing(self) -> int:
        """Rows without a welfare."""
        return int(np.isnan(self.welfare).sum())

    @property
    def least(self) -> float:
        """Smallest welfare; NaN where there is none."""
        return float(np.nanmin(self.welfare)) if np.isfinite(self.welfare).any() else float("nan")

    def of_year(self, year: int) -> SurveyRows:
        """Return the rows of one year."""
        chosen = self.when == year
        labels = {
            name: None if (given := getattr(self, name)) is None else given[chosen].reset_index(drop=True)
            for name in ("unit", "group")
        }
        arrays = {
            name: None if (given := getattr(self, name)) is None else given[chosen]
            for name in ("welfare", "weights", "strata", "clusters", "place", "when")
        }
        return replace(self, **labels, **arrays, year=year)  # type: ignore[arg-type]


def column_of(view: ViewState, param: str, columns: Sequence[str], guesses: Sequence[str]) -> str | None:
    """Return the column that the URL names, else one that is named as expected; ``None`` where it asks for none."""
    wanted = dict(view.extra).get(param)
    if wanted in columns:
        return wanted
    if wanted is not None:
        return None
    named = {one.lower(): one for one in reversed(columns)}
    return next((named[one] for one in guesses if one in named), None)


def survey_columns(view: ViewState, columns: Sequence[str]) -> SurveyColumns:
    """Return what the URL and the names of the columns say."""
    found = {role: column_of(view, role, columns, names) for role, names in ROLES.items()}
    wave = dict(view.extra).get("wave", "")
    return SurveyColumns(
        **found,
        per_household=dict(view.extra).get("per") == "household",
        wave=int(wave) if wave.isdecimal() else None,
    )


def read_survey(table: UploadedTable, columns: SurveyColumns) -> SurveyRows:
    """Read the rows of all years.

    Raises
    ------
    UploadError
        Naming row and column: a cell that is no number, a weight that is missing or negative, a size that is not above
        zero, a stratum, cluster or year that is missing.
    """
    if columns.welfare is None:
        raise UploadError("no_welfare", columns=", ".join(table.columns[:20]))
    if columns.per_household and columns.size is None:
        raise UploadError("no_size")
    welfare = table.numbers(columns.welfare)
    weights = table.numbers(columns.weight, required=True, at_least=0) if columns.weight else np.ones(table.n_rows)
    if columns.size:
        size = table.numbers(columns.size, required=True, above=0)
        welfare = welfare / size if columns.per_household else welfare
        weights = weights * size
    when = np.zeros(table.n_rows, dtype=np.int64)
    if columns.year:
        when = table.numbers(columns.year, required=True, whole=True).astype(np.int64)
    years = tuple(np.unique(when).tolist()) if columns.year else ()
    strata, names = _numbered(table, columns.stratum)
    return SurveyRows(
        welfare=welfare,
        weights=weights,
        strata=strata,
        clusters=_numbered(table, columns.cluster)[0],
        stratum_names=names,
        unit=table.text(columns.unit) if columns.unit else None,
        group=table.text(columns.group) if columns.group else None,
        place=np.arange(table.n_rows),
        when=when,
        year=next((one for one in years if one == columns.wave), years[-1] if years else 0),
        years=years,
    )


def measured_year(survey: SurveyRows, columns: SurveyColumns) -> SurveyRows:
    """Return the rows of the year that is measured.

    Raises
    ------
    UploadError
        None of them has a welfare, or the weights of those that have one sum to zero.
    """
    rows = survey.of_year(survey.year)
    if not np.isfinite(rows.welfare).any():
        raise UploadError("no_values", column=columns.welfare)
    if not rows.weights[np.isfinite(rows.welfare)].sum() > 0:
        raise UploadError("no_weight", column=columns.weight or "")
    return rows


def lone_strata(rows: SurveyRows) -> list[str]:
    """Return the strata with a single cluster, or a single row where there are no clusters: no variance follows."""
    if rows.strata is None:
        return []
    clusters = np.arange(len(rows.strata)) if rows.clusters is None else rows.clusters
    pairs = np.unique(np.column_stack([rows.strata, clusters]), axis=0)
    strata, counts = np.unique(pairs[:, 0], return_counts=True)
    return sorted(rows.stratum_names[one] for one in strata[counts == 1])


def _numbered(table: UploadedTable, column: str | None) -> tuple[NDArray[np.intp] | None, tuple[str, ...]]:
    if column is None:
        return None, ()
    codes, names = pd.factorize(table.text(column, required=True))
    return codes.astype(np.intp), tuple(map(str, names))
