"""Money of one currency and year in another: dated exchange rates and a dated price index."""

from __future__ import annotations

import numpy as np
import pandas as pd
from fuping.spatial.projects.errors import AllocationError
from fuping.spatial.projects.project_list import named_rows, require_columns

__all__ = ["convert", "deflate"]


def convert(amounts: pd.DataFrame, *, to: str, rates: pd.DataFrame) -> pd.Series:
    """Convert amounts to one currency, each with the rate of its own year.

    Parameters
    ----------
    amounts
        n rows with ``amount``, ``currency`` (text, an ISO 4217 code) and ``year``.
    to
        Currency of the result.
    rates
        ``currency``, ``to_currency``, ``year`` and ``rate``: how much of ``to_currency`` one unit of ``currency``
        bought in that year. A pair that stands only the other way round is inverted.

    Returns
    -------
    pandas.Series of float64
        On the index of ``amounts``; a missing amount stays missing; ``attrs["currency"]`` is ``to``.

    Raises
    ------
    AllocationError
        Naming the rows: no rate for a currency and year, a rate that is not positive, a rate that stands twice.

    Examples
    --------
    >>> rates = pd.DataFrame({"currency": ["USD"], "to_currency": ["CNY"], "year": [2016], "rate": [6.64]})
    >>> rows = pd.DataFrame({"amount": [10.0, 5.0], "currency": ["USD", "CNY"], "year": [2016, 2017]})
    >>> [round(value, 2) for value in convert(rows, to="CNY", rates=rates)]
    [66.4, 5.0]
    """
    require_columns(amounts, ["amount", "currency", "year"], "amounts")
    require_columns(rates, ["currency", "to_currency", "year", "rate"], "rates")
    key = ["currency", "to_currency", "year"]
    rate = pd.to_numeric(rates["rate"], errors="coerce").astype("float64")
    _refuse("rates", "a rate that is not positive", rates[~(np.isfinite(rate) & (rate > 0))], [*key, "rate"])
    _refuse("rates", "the same rate twice", rates[rates.duplicated(key, keep=False)], [*key, "rate"])
    straight = rates.loc[rates["to_currency"] == to]
    back = rates.loc[rates["currency"] == to]
    known = pd.concat(
        [
            pd.Series(1 / rate[back.index].to_numpy(), index=pd.MultiIndex.from_frame(back[["to_currency", "year"]])),
            pd.Series(rate[straight.index].to_numpy(), index=pd.MultiIndex.from_frame(straight[["currency", "year"]])),
        ]
    )
    known = known[~known.index.duplicated(keep="last")]
    pairs = pd.MultiIndex.from_frame(amounts[["currency", "year"]])
    factor = pd.Series(known.reindex(pairs).to_numpy(dtype="float64", na_value=np.nan), index=amounts.index)
    factor = factor.mask(amounts["currency"] == to, 1.0)
    _refuse("amounts", f"no rate to {to}", amounts[factor.isna()], ["project", "unit", "amount", "currency", "year"])
    converted = (_numbers(amounts) * factor).rename("amount")
    converted.attrs = {"currency": to}
    return converted


def deflate(amounts: pd.DataFrame, *, prices: pd.Series, base_year: int) -> pd.Series:
    r"""Express amounts in the prices of one year.

    Parameters
    ----------
    amounts
        n rows with ``amount`` and ``year``.
    prices
        Price index by year; any base.
    base_year
        Year whose prices the result is in.

    Returns
    -------
    pandas.Series of float64
        On the index of ``amounts``; ``attrs["price_year"]`` is ``base_year``.

    Raises
    ------
    AllocationError
        Naming the rows: no index for a year, or none for the base year; an index that is not positive.

    Notes
    -----
    :math:`x^{\mathrm{real}} = x \, I_{\mathrm{base}} / I_{\mathrm{year}}`.

    Examples
    --------
    >>> prices = pd.Series({2010: 100.0, 2015: 110.0})
    >>> deflate(pd.DataFrame({"amount": [50.0], "year": [2010]}), prices=prices, base_year=2015).round(2).tolist()
    [55.0]
    """
    require_columns(amounts, ["amount", "year"], "amounts")
    level = pd.to_numeric(prices, errors="coerce").astype("float64")
    if not level.index.is_unique:
        raise AllocationError("The price index has a year twice.", years=level.index[level.index.duplicated()].tolist())
    bad = level.index[level.notna() & ~(level > 0)].tolist()
    if bad:
        raise AllocationError(f"The price index is not positive in {', '.join(map(str, bad))}.", years=bad)
    if pd.isna(level.get(base_year)):
        raise AllocationError(
            f"The price index has no value for the base year {base_year}; it has {_span(level.dropna().index)}.",
            remedy="Choose a base year that the index covers.",
            base_year=base_year,
        )
    factor = level[base_year] / amounts["year"].map(level)
    _refuse("amounts", "no price index", amounts[factor.isna()], ["project", "unit", "amount", "year"])
    real = (_numbers(amounts) * factor).rename("amount")
    real.attrs = {**amounts["amount"].attrs, "price_year": base_year}
    return real


def _numbers(amounts: pd.DataFrame) -> pd.Series:
    amount = pd.to_numeric(amounts["amount"], errors="coerce").astype("float64")
    wrong = amounts[amounts["amount"].notna() & ~(np.isfinite(amount) & (amount >= 0))]
    _refuse("amounts", "money that is negative or no number", wrong, ["project", "unit", "amount", "year"])
    return amount


def _span(years: pd.Index) -> str:
    return f"{years.min()} to {years.max()}" if len(years) else "none"


def _refuse(table: str, words: str, rows: pd.DataFrame, shown: list[str]) -> None:
    if len(rows):
        raise AllocationError(
            f"The table of {table} has {words}: {named_rows(rows, shown)}.",
            remedy="Add or mend these rows; nothing was converted.",
            rows=rows.index.tolist(),
        )
