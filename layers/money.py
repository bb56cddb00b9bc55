"""Money of several currencies and years in common terms; what has no rate is counted, never guessed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from fuping.layers.errors import SourceError
from fuping.layers.sources.project_places import MONEY, ProjectPlaces
from fuping.layers.sources.reference_rates import consumer_prices, rates_on, reference_rates
from fuping.spatial.projects import convert, deflate

__all__ = ["DOLLARS", "Expressed", "MoneyTerms", "Why", "express", "express_payments", "in_one_currency", "price_years"]

DOLLARS = "USD"
"""The one currency that a price index is at hand for."""

Why = Literal["", "no_year", "no_rate", "no_price"]
"""Why an amount cannot be expressed: its year is not known, no rate of its currency and year, no price index of it."""


@dataclass(frozen=True)
class MoneyTerms:
    """What money is expressed in.

    Parameters
    ----------
    currency
        ISO 4217 code.
    price_year
        Year whose prices it is in; ``None``: those of its own year.
    """

    currency: str
    price_year: int | None = None


@dataclass(frozen=True, eq=False)
class Expressed:
    """Amounts in common terms.

    Parameters
    ----------
    amount
        float64, on the index given; NaN where one cannot be expressed, or was not given.
    why
        One of :data:`Why` for each amount.
    rates
        Rates that were used: ``currency``, ``to_currency``, ``year``, ``rate``, ``days``.
    until, releases
        Last day of the rates; packages that rates and prices came with.
    """

    amount: pd.Series
    why: pd.Series
    rates: pd.DataFrame
    until: str
    releases: tuple[str, ...]

    @property
    def left_out(self) -> int:
        """Amounts that are known and cannot be expressed."""
        return int(self.why.ne("").sum())


def price_years() -> list[int]:
    """Return the years whose prices money can be expressed in, latest first: from the first exchange rates on."""
    first = int(reference_rates(DOLLARS).table["year"].min())
    return [int(year) for year in reversed(consumer_prices().index) if year >= first]


def express(amounts: pd.DataFrame, terms: MoneyTerms) -> Expressed:
    """Express amounts in one currency, and where asked in the prices of one year.

    Parameters
    ----------
    amounts
        n rows with ``amount``, ``currency`` (ISO 4217 code) and ``year`` (NaN where not known).
    terms
        What in. Prices of one year in US dollars only.

    Raises
    ------
    SourceError
        Prices of a year are asked for in another currency, or of a year that the index does not have; no rates of the
        currency are known.
    AllocationError
        An amount is negative or no number.

    Notes
    -----
    Converted first, with the mean rate of its own year, then deflated by the consumer prices of the United States: what
    the money would have bought there, not where it was spent.
    """
    rates = reference_rates(terms.currency)
    prices = consumer_prices() if terms.price_year is not None else None
    if prices is not None and (terms.currency != DOLLARS or terms.price_year not in prices.index):
        raise SourceError(
            f"There are no prices to express {terms.currency} of {terms.price_year} in.",
            remedy=f"Constant prices are in US dollars, {prices.index.min()} to {prices.index.max()}.",
        )
    year = pd.to_numeric(amounts["year"], errors="coerce")
    known = pd.MultiIndex.from_frame(rates.table[["currency", "year"]])
    pair = pd.MultiIndex.from_arrays([amounts["currency"], year.fillna(0).astype(int)])
    same = amounts["currency"].eq(terms.currency)
    given = amounts["amount"].notna()
    # What is in the currency already needs neither year nor rate, unless prices are to be compared.
    no_year = given & year.isna() & (~same | (prices is not None))
    no_rate = given & ~no_year & ~same & ~pair.isin(known)
    no_price = given & ~no_year & ~no_rate & (False if prices is None else ~year.isin(prices.index))
    why = pd.Series(
        np.select([no_year, no_rate, no_price], ["no_year", "no_rate", "no_price"], ""), amounts.index, dtype="str"
    )
    use = amounts.assign(year=year.fillna(0).astype(int))[given & why.eq("")]
    found = convert(use, to=terms.currency, rates=rates.table)
    if prices is not None and terms.price_year is not None:
        found = deflate(use.assign(amount=found), prices=prices, base_year=terms.price_year)
    used = pair[given & why.eq("") & ~same].unique()
    return Expressed(
        amount=found.reindex(amounts.index).rename("amount"),
        why=why,
        rates=rates.table[known.isin(used)].reset_index(drop=True),
        until=rates.until,
        releases=(rates.release, *(() if prices is None else (str(prices.attrs["release"]),))),
    )


def express_payments(payments: pd.DataFrame, terms: MoneyTerms) -> Expressed:
    """Express dated payments in one currency, and where asked in the prices of one year.

    Parameters
    ----------
    payments
        ``date`` (text, year-month-day), ``amount`` (a correction below zero) and ``currency``.
    terms
        What in, as :func:`express` takes it.

    Returns
    -------
    Expressed
        Each amount with the rate of its own day, then deflated by the prices of its year; ``rates`` names none, as
        every day has its own.

    Raises
    ------
    SourceError
        As :func:`express`.
    """
    year = payments["date"].str[:4].astype(int)
    # The same question of nothing: refuses terms that cannot be, and tells where rates and prices come from.
    empty = pd.DataFrame({"amount": pd.Series(dtype="float64"), "currency": pd.Series(dtype=str), "year": year[:0]})
    about = express(empty, terms)
    rate = rates_on(payments["date"], payments["currency"], terms.currency)
    factor = pd.Series(1.0, payments.index)
    if terms.price_year is not None:
        prices = consumer_prices()
        factor = prices[terms.price_year] / year.map(prices)
    why = pd.Series(np.select([rate.isna(), factor.isna()], ["no_rate", "no_price"], ""), payments.index, dtype="str")
    return replace(about, amount=(payments["amount"] * rate * factor).rename("amount"), why=why)


def in_one_currency(read: ProjectPlaces, currency: str) -> ProjectPlaces:
    """Express the money of a file of projects in one currency; what has no rate is left out, and told.

    Parameters
    ----------
    read
        From a file. Money of a place counts as of the project's first year, as a file names no other.
    currency
        ISO 4217 code.

    Raises
    ------
    SourceError
        No rates of the currency are known.
    """
    terms = MoneyTerms(currency)
    first = read.places.drop_duplicates("project").set_index("project")["first_year"]
    dated = read.money.assign(year=read.money["year"].fillna(read.money["project"].map(first)))
    # A correction is negative; what is spent less is converted like what is spent.
    sign = np.sign(dated["amount"])
    money = express(dated.assign(amount=dated["amount"].abs()), terms)
    places = express(read.places[["amount", "currency"]].assign(year=read.places["first_year"]), terms)
    kept = money.why.eq("") & money.amount.notna()
    told = [f"money is in {currency}, converted with yearly means of the ECB's reference rates to {money.until}"]
    lost = dated[money.why.ne("")]
    if len(lost):
        named = ", ".join(
            f"{currency} {'' if np.isnan(year) else f'{year:.0f}'}".strip()
            for currency, year in dict.fromkeys(zip(lost["currency"], lost["year"], strict=True))
        )
        told.append(f"{len(lost)} amounts have no rate to {currency} and are left out: {named}")
    # To the cent, as money is allocated.
    converted = dated[kept].assign(amount=(money.amount * sign)[kept].round(2), currency=currency)
    notes = tuple(one for one in read.notes if not one.startswith("money in several currencies"))
    return replace(
        read,
        places=read.places.assign(amount=places.amount.round(2), currency=currency),
        money=converted[list(MONEY)].reset_index(drop=True),
        notes=(*notes, *told),
    )
