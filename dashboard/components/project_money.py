"""Money of projects and programmes: amounts in their own currency, and budgets by year where a pack has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.components.money_terms import rates_note, terms_words
from fuping.dashboard.components.project_payments import payment_figures
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.figures.projects import bars_by_year
from fuping.dashboard.i18n.formats import compact, number
from fuping.dashboard.i18n.formats import figure as written
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.money_terms import TermsChoice, budget_in_terms, projects_in_terms
from fuping.dashboard.queries.register import Entry
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.state import ViewState, levels_with_figures
from fuping.layers.export.projects import Money
from fuping.layers.money import MoneyTerms

__all__ = ["budget_indicators", "money_figures", "money_text"]

MILLION = 1e6


def money_text(money: Money, language: str) -> str:
    """Return an amount with its currency: in millions in English, by 万 and 亿 in Chinese.

    >>> money_text(Money(150e6, "USD"), "en"), money_text(Money(150e6, "USD"), "zh")
    ('USD 150 million', 'USD 1.5亿')
    """
    if language == "en" and money.amount >= MILLION:
        millions = money.amount / MILLION
        text = message("projects.million", language, n=number(millions, 0 if millions % 1 == 0 else 1, language))
    else:
        text = compact(money.amount, "", 0, language)
    return f"{money.currency} {text}"


def budget_indicators(reader: Reader, pack: str) -> list[Mapping[str, Any]]:
    """Return the indicators that are money spent: amounts that add up and are neither good nor bad in themselves."""
    catalogue = reader.catalogue(pack)
    return [
        one
        for one in catalogue["indicators"]
        if one["shown"]
        and (one["kind"], one["aggregation"], one["direction"]) == ("amount", "extensive", "neutral")
        and levels_with_figures(catalogue, one)
    ]


def money_figures(reader: Reader, view: ViewState, entries: Sequence[Entry], choice: TermsChoice) -> list[html.Section]:
    """Return budgets by year at their highest level, what projects cost in all, and what is not known of it."""
    language = view.language
    catalogue = reader.catalogue(view.pack)
    parts = []
    for declared in budget_indicators(reader, view.pack):
        level = levels_with_figures(catalogue, declared)[0]
        values = reader.values(view.pack, declared["id"], level)
        if values.value.shape[1] == 1:
            parts.append(_budget(reader, view, declared, level, choice.terms))
    told: list[Any] = []
    note = None
    if entries and choice.terms is not None:
        found = projects_in_terms(entries, choice.terms)
        known = int(found.amount.notna().sum())
        if known:
            whole = money_text(Money(float(f"{found.amount.sum():.4g}"), choice.terms.currency), language)
            words = terms_words(choice.terms, language)
            told.append(message("money.in_all", language, amount=whole, terms=words, n=known, total=len(entries)))
        note = rates_note([found], choice.terms, language)
    told += _published(entries, language)
    if entries:
        paid, without = payment_figures(entries, choice, language)
        parts += paid
        told += [without] if without else []
    if told:
        title = message("projects.money", language)
        body = [html.H2(title), *(html.P(one, className="hint") for one in told), *([note] if note else [])]
        parts.append(html.Section(body, className="figure", **data(figure="money-in-all")))
    return parts


def _budget(
    reader: Reader, view: ViewState, declared: Mapping[str, Any], level: str, terms: MoneyTerms | None
) -> html.Section:
    """Return an indicator of money spent by year, in the terms asked for where its currency is declared."""
    language = view.language
    values = reader.values(view.pack, declared["id"], level)
    unit, decimals, name = declared["unit"][language], declared["decimals"], declared["name"][language]
    amounts = values.value[:, 0]
    notes: list[Any] = []
    found = None if terms is None else budget_in_terms(declared, values.years, amounts.tolist(), terms)
    if found is not None and terms is not None:
        amounts = found.amount.to_numpy() / MILLION
        unit, decimals = message("money.million_of", language, terms=terms_words(terms, language)), 0
        notes = [rates_note([found], terms, language, published=declared["unit"][language])]
    elif terms is not None:
        notes = [html.P(message("money.no_currency", language), className="source-note")]
    rows = [
        [str(year), written(value, unit, decimals, language)] for year, value in zip(values.years, amounts, strict=True)
    ]
    head = [message("projects.year", language), name]
    facts = note_facts(reader, view.pack, level, {declared["id"]: values.years})
    note = source_note(facts, language, converted=found is not None)
    return figure(
        "money",
        name,
        chart(bars_by_year(values.years, amounts.tolist(), unit, decimals, language), name, height=260),
        html.Div([note, *notes]),
        language,
        hint=declared["meaning"][language],
        table=data_table(head, rows, "money"),
        saved=True,
    )


def _published(entries: Sequence[Entry], language: str) -> list[str]:
    """Return which currencies projects' money is published in, and how much of it is not known."""
    currencies = sorted({one.money.currency for one in entries if one.money})
    without = sum(one.money is None for one in entries)
    told = []
    if currencies:
        told.append(message("projects.money_currencies", language, currencies=", ".join(currencies)))
    if without:
        told.append(message("projects.money_unknown", language, n=without, total=len(entries)))
    if entries:
        told.append(message("projects.money_units", language))
    return told
