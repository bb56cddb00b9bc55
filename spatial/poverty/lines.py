"""Poverty lines: dated, relative, international, deflated and carried to local currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from fuping.spatial.poverty.errors import LineError
from fuping.spatial.poverty.linearised import Linearised, mean
from fuping.spatial.poverty.quantiles import linearised_quantile
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "INTERNATIONAL_LINES",
    "DatedValue",
    "InternationalKind",
    "InternationalLine",
    "Line",
    "PovertyLine",
    "RelativeLine",
    "deflate",
    "in_local_currency",
    "international_line",
]

Floats = NDArray[np.float64]

InternationalKind = Literal["extreme", "lower_middle", "upper_middle"]
"""Whose national lines an international line stands for: the poorest countries, lower- or upper-middle-income ones."""


@dataclass(frozen=True)
class DatedValue:
    """A line in one year, in the prices that the line declares, and where it is written."""

    year: int
    value: float
    reference: str


@dataclass(frozen=True)
class PovertyLine:
    """An absolute line as dated values.

    Parameters
    ----------
    name
        What it is called.
    unit
        Currency, person and period: ``"yuan per person and year"``.
    values
        One for each year; each positive, no year twice.

    Raises
    ------
    LineError
        A value is not positive, a year stands twice, or there are no values.
    """

    name: str
    unit: str
    values: tuple[DatedValue, ...]

    def __post_init__(self) -> None:
        years = [dated.year for dated in self.values]
        twice = sorted({year for year in years if years.count(year) > 1})
        if not years or twice:
            raise LineError(
                f"Line {self.name!r} has {'no values' if not years else f'the years {twice} more than once'}.",
                remedy="Give one value for each year.",
            )
        for dated in self.values:
            if not (np.isfinite(dated.value) and dated.value > 0):
                raise LineError(
                    f"Line {self.name!r} is {dated.value} in {dated.year}.", remedy="A line must be above zero."
                )

    def at(self, year: int) -> float:
        """Give the line of a year, as it was published.

        Raises
        ------
        LineError
            The line has no value for that year; none is interpolated.
        """
        for dated in self.values:
            if dated.year == year:
                return dated.value
        raise LineError(
            f"Line {self.name!r} has no value for {year}, only for "
            f"{', '.join(str(y) for y in sorted(dated.year for dated in self.values))}.",
            remedy="Carry one of them to that year's prices with in_prices_of.",
            year=year,
        )

    def in_prices_of(self, year: int, *, from_year: int, prices: Mapping[int, float] | pd.Series) -> float:
        """Carry the line of one year to the prices of another: z · P(year) / P(from_year).

        Parameters
        ----------
        year
            Year whose prices the result is in.
        from_year
            Year of the value that is carried.
        prices
            Price index by year, any base, for the people whom the line is for.

        Raises
        ------
        LineError
            The line has no value for the year it is carried from, or the index lacks one of the years.
        """
        return float(deflate(self.at(from_year), prices=prices, years=from_year, base_year=year))


@dataclass(frozen=True)
class RelativeLine:
    """A line that is a share of the median or mean of the same values.

    Given as ``line=`` to a measure, it is estimated from the same sample, and its own uncertainty enters the standard
    error (Berger and Skinner 2003, Applied Statistics 52(4), 457–468).

    Parameters
    ----------
    share
        Above 0; 0.6 of the median is the European Union's at-risk-of-poverty line.
    of
        ``"median"`` or ``"mean"``.

    Raises
    ------
    LineError
        The share is not above zero, or ``of`` is neither.
    """

    share: float = 0.6
    of: Literal["median", "mean"] = "median"

    def __post_init__(self) -> None:
        if not (np.isfinite(self.share) and self.share > 0):
            raise LineError(f"A share of {self.share} gives no line.", remedy="Give 0.6, say.")
        if self.of not in ("median", "mean"):
            raise LineError(f"A line relative to the {self.of!r} is unknown.", remedy="Choose median or mean.")

    def linearised(self, values: Floats, weights: Floats) -> Linearised:
        """Compute the line of weighted values, with its influence."""
        centre = mean(values, weights) if self.of == "mean" else linearised_quantile(values, weights, 0.5)
        if not centre.value > 0:
            raise LineError(
                f"The {self.of} is {centre.value:g}, so a line relative to it is not above zero.",
                remedy="Check the values, or give an absolute line.",
            )
        return centre * self.share


Line = float | ArrayLike | RelativeLine
"""A line for all, one for each row (in the row's own prices, say), or one relative to the values."""


@dataclass(frozen=True)
class InternationalLine:
    """A line of the World Bank, in purchasing power parity dollars a person and day.

    Parameters
    ----------
    ppp_year
        Round of the International Comparison Program, whose prices the dollars are of.
    kind
        Whose national lines it stands for.
    dollars_per_day
        The line.
    reference
        Where it is written.
    """

    ppp_year: int
    kind: InternationalKind
    dollars_per_day: float
    reference: str


_CHEN_2004 = "Chen and Ravallion (2004), World Bank Research Observer 19(2) (32.74 dollars a person and month)"
_RAVALLION_2009 = "Ravallion, Chen and Sangraula (2009), World Bank Economic Review 23(2), 163–184"
_FERREIRA = "Ferreira et al. (2016), Journal of Economic Inequality 14(2), 141–172"
_JOLLIFFE_2016 = "Jolliffe and Prydz (2016), Journal of Economic Inequality 14(2), 185–198"
_JOLLIFFE_2022 = "Jolliffe et al. (2022), World Bank Policy Research Working Paper 9941"
_HELP_DESK = f"World Bank Data Help Desk, article 193308; {_JOLLIFFE_2022}"
_BLOG = "World Bank (2025), The World Bank's new global poverty lines in 2021 prices, Data Blog"

INTERNATIONAL_LINES = (
    InternationalLine(1993, "extreme", 1.08, _CHEN_2004),
    InternationalLine(2005, "extreme", 1.25, _RAVALLION_2009),
    InternationalLine(2011, "extreme", 1.90, _FERREIRA),
    InternationalLine(2011, "lower_middle", 3.20, _JOLLIFFE_2016),
    InternationalLine(2011, "upper_middle", 5.50, _JOLLIFFE_2016),
    InternationalLine(2017, "extreme", 2.15, _JOLLIFFE_2022),
    InternationalLine(2017, "lower_middle", 3.65, _HELP_DESK),
    InternationalLine(2017, "upper_middle", 6.85, _HELP_DESK),
    InternationalLine(2021, "extreme", 3.00, _BLOG),
    InternationalLine(2021, "lower_middle", 4.20, _BLOG),
    InternationalLine(2021, "upper_middle", 8.30, _BLOG),
)
"""Lines by round of the International Comparison Program. A line goes only with the parities of its own round."""


def international_line(kind: InternationalKind = "extreme", *, ppp_year: int) -> InternationalLine:
    """Find a line of the World Bank.

    Raises
    ------
    LineError
        There is none of that kind for that round; the message lists those that there are.

    Examples
    --------
    >>> international_line("lower_middle", ppp_year=2021).dollars_per_day
    4.2
    """
    for line in INTERNATIONAL_LINES:
        if (line.kind, line.ppp_year) == (kind, ppp_year):
            return line
    if kind not in get_args(InternationalKind):
        raise LineError(f"Kind {kind!r} is unknown.", remedy=f"Choose {', '.join(get_args(InternationalKind))}.")
    years = ", ".join(str(line.ppp_year) for line in INTERNATIONAL_LINES if line.kind == kind)
    raise LineError(
        f"There is no {kind} line in {ppp_year} purchasing power parities.", remedy=f"There is one for {years}."
    )


def in_local_currency(
    dollars_per_day: float,
    *,
    ppp: float,
    prices: Mapping[int, float] | pd.Series,
    ppp_year: int,
    year: int,
    days: float = 365.0,
) -> float:
    r"""Carry a line in purchasing power parity dollars to the money and prices of a country and year.

    Parameters
    ----------
    dollars_per_day
        Line in dollars of ``ppp_year`` a person and day.
    ppp
        Units of local currency that buy what one dollar buys, in ``ppp_year``, for private consumption.
    prices
        Consumer price index of the country by year, any base.
    ppp_year
        Round of the International Comparison Program.
    year
        Year of the survey.
    days
        Length of the period of the result; 365 for a line a year, 1 for a line a day.

    Returns
    -------
    float
        :math:`z \cdot PPP \cdot P_{year}/P_{ppp\,year} \cdot days`.

    Raises
    ------
    LineError
        A number is not above zero, or the index lacks a year.

    Examples
    --------
    >>> in_local_currency(3.0, ppp=4.0, prices={2021: 100.0, 2023: 125.0}, ppp_year=2021, year=2023, days=1)
    15.0
    """
    for name, number in (("line", dollars_per_day), ("ppp", ppp), ("days", days)):
        if not (np.isfinite(number) and number > 0):
            raise LineError(f"{name} is {number}.", remedy="It must be above zero.")
    return float(deflate(dollars_per_day * ppp * days, prices=prices, years=ppp_year, base_year=year))


def deflate(
    values: ArrayLike,
    *,
    prices: Mapping[int, float] | pd.Series,
    years: ArrayLike,
    base_year: int,
) -> Floats:
    """Carry money of several years to the prices of one: y · P(base_year) / P(year).

    Parameters
    ----------
    values
        Amounts, any shape; NaN stays.
    prices
        Price index by year, any base.
    years
        Year of each amount, or one year for all.
    base_year
        Year whose prices the result is in.

    Returns
    -------
    float64, shape of ``values`` and ``years`` broadcast

    Raises
    ------
    LineError
        The index lacks a year, has one twice, or is not above zero in one.

    Examples
    --------
    >>> deflate([100.0, 100.0], prices={2015: 80.0, 2020: 100.0}, years=[2015, 2020], base_year=2020).tolist()
    [125.0, 100.0]
    """
    index = pd.Series(prices, dtype="float64")
    twice = [str(year) for year in index.index[index.index.duplicated()].unique()]
    if twice:
        raise LineError(f"The price index has {', '.join(twice)} twice.", remedy="Give one value for each year.")
    wanted = np.unique(np.append(np.asarray(years).ravel(), base_year))
    absent = [str(year) for year in wanted if year not in index.index]
    if absent:
        raise LineError(f"The price index has no value for {', '.join(absent)}.", remedy="Give one for each year.")
    bad = [f"{year} ({index[year]})" for year in wanted if not (np.isfinite(index[year]) and index[year] > 0)]
    if bad:
        raise LineError(f"The price index is not above zero in {', '.join(bad)}.", remedy="Mend the index.")
    own = index.reindex(np.asarray(years).ravel()).to_numpy().reshape(np.shape(years))
    return np.asarray(values, dtype=float) * (float(index[base_year]) / own)
