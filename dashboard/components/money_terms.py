"""The choice of what money is expressed in, and the note that names the rates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.field import Field, select_field
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import clauses
from fuping.dashboard.queries.money_terms import TermsChoice
from fuping.dashboard.state import ViewState
from fuping.layers.money import Expressed, MoneyTerms, price_years

__all__ = ["rates_note", "terms_fields", "terms_words"]

SHOWN = 12
"""Rates that are named; more are counted."""


def terms_fields(view: ViewState, choice: TermsChoice) -> list[Field]:
    """Return the choice, and the year of prices where they are held constant."""
    language = view.language
    options = [
        {"value": one, "label": message(f"money.terms.{one}", language, currency=choice.report_currency)}
        for one in choice.offered
    ]
    fields = [select_field("money", message("money.terms", language), choice.key, options, clears=["prices"])]
    if choice.terms is not None and choice.terms.price_year is not None:
        years = [{"value": str(one), "label": str(one)} for one in price_years()]
        fields.append(select_field("prices", message("money.prices", language), str(choice.terms.price_year), years))
    return fields


def terms_words(terms: MoneyTerms, language: str) -> str:
    """Return what money is expressed in, behind a figure or an axis."""
    if terms.price_year is None:
        return message("money.of_the_year", language, currency=terms.currency)
    return message("money.constant", language, currency=terms.currency, year=terms.price_year)


def rates_note(
    found: Sequence[Expressed], terms: MoneyTerms, language: str, *, by_day: bool = False, published: str = ""
) -> html.Div:
    """Return which rates and prices were used, and what could not be expressed and why.

    Parameters
    ----------
    by_day
        Whether each amount has the rate of its own day.
    published
        Unit that the amounts were published in, where that is one.
    """
    rates = pd.concat([one.rates for one in found]).drop_duplicates(["currency", "year"])
    told: list[Any] = []
    if published:
        told.append(message("money.published_in", language, unit=published, terms=terms_words(terms, language)))
    if by_day:
        told.append(message("money.day_rates", language, until=found[0].until, release=found[0].releases[0]))
    if len(rates):
        named = [
            message(
                "money.rate",
                language,
                currency=row.currency,
                to=row.to_currency,
                rate=f"{row.rate:#.4g}",
                year=row.year,
            )
            for row in rates.sort_values(["currency", "year"]).head(SHOWN).itertuples()
        ]
        if len(rates) > SHOWN:
            named.append(message("money.more_rates", language, n=len(rates) - SHOWN))
        told.append(
            message(
                "money.rates",
                language,
                until=found[0].until,
                release=found[0].releases[0],
                rates=clauses(named, language),
            )
        )
    if terms.price_year is not None:
        told.append(message("money.deflated", language, year=terms.price_year, release=found[0].releases[-1]))
    for why in ("no_year", "no_rate", "no_price"):
        n = sum(int(one.why.eq(why).sum()) for one in found)
        if n:
            told.append(message(f"money.{why}", language, n=number(n, 0, language)))
    return html.Div([html.P(one) for one in told], className="source-note", **data(note="rates"))
