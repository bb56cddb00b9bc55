"""Money of projects and programmes: amounts in their own currency, and budgets by year where a pack has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.figures.projects import bars_by_year
from fuping.dashboard.i18n.formats import compact, number
from fuping.dashboard.i18n.formats import figure as written
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.register import Entry
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.state import ViewState, levels_with_figures
from fuping.layers.export.projects import Money

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


def money_figures(reader: Reader, view: ViewState, entries: Sequence[Entry]) -> list[html.Section]:
    """Return budgets by year at their highest level, and what is known and not known of the projects' money."""
    language = view.language
    catalogue = reader.catalogue(view.pack)
    parts = []
    for declared in budget_indicators(reader, view.pack):
        level = levels_with_figures(catalogue, declared)[0]
        values = reader.values(view.pack, declared["id"], level)
        if values.value.shape[1] != 1:
            continue
        unit, decimals = declared["unit"][language], declared["decimals"]
        amounts = values.value[:, 0]
        rows = [
            [str(year), written(value, unit, decimals, language)]
            for year, value in zip(values.years, amounts, strict=True)
        ]
        head = [message("projects.year", language), declared["name"][language]]
        name = declared["name"][language]
        parts.append(
            figure(
                "money",
                name,
                chart(bars_by_year(values.years, amounts.tolist(), unit, decimals, language), name, height=260),
                source_note(note_facts(reader, view.pack, level, {declared["id"]: values.years}), language),
                language,
                hint=declared["meaning"][language],
                table=data_table(head, rows, "money"),
                saved=True,
            )
        )
    currencies = sorted({one.money.currency for one in entries if one.money})
    without = sum(one.money is None for one in entries)
    told = []
    if currencies:
        told.append(message("projects.money_currencies", language, currencies=", ".join(currencies)))
    if without:
        told.append(message("projects.money_unknown", language, n=without, total=len(entries)))
    if entries:
        told.append(message("projects.money_units", language))
    if told:
        title = message("projects.money", language)
        parts.append(
            html.Section([html.H2(title), *(html.P(one, className="hint") for one in told)], className="figure")
        )
    return parts
