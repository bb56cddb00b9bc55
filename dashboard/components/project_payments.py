"""The chart of what projects committed and paid, by the year of each payment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.figure import chart, data_table, figure
from fuping.dashboard.components.money_terms import rates_note, terms_words
from fuping.dashboard.components.project_note import list_note
from fuping.dashboard.figures.projects import committed_and_paid
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.money_terms import TermsChoice
from fuping.dashboard.queries.payments import PaidByYear, paid_by_year
from fuping.dashboard.queries.register import Entry

__all__ = ["payment_figures"]

MOST_NAMED = 5
"""Projects without payments that are named; more are counted."""


def payment_figures(entries: Sequence[Entry], choice: TermsChoice, language: str) -> tuple[list[html.Section], str]:
    """Return a chart for each currency, and which projects have no dated payments."""
    found = paid_by_year(entries, choice.terms)
    return [_by_year(found, one, entries, choice, language) for one in found.currencies], _without(found, language)


def _without(found: PaidByYear, language: str) -> str:
    if not found.without:
        return ""
    join = message("format.join", language)
    names = join.join(one[language] for one in found.without[:MOST_NAMED])
    key = "without_payments" if len(found.without) <= MOST_NAMED else "without_payments_more"
    n, total = len(found.without), len(found.without) + found.n_projects
    return message(f"projects.{key}", language, names=names, n=number(n, 0, language), total=number(total, 0, language))


def _by_year(
    found: PaidByYear, currency: str, entries: Sequence[Entry], choice: TermsChoice, language: str
) -> html.Section:
    table = found.table.loc[currency]
    unit = currency if choice.terms is None else terms_words(choice.terms, language)
    kinds = {name: message(f"projects.{name}", language) for name in ("commitment", "paid")}
    title = message("projects.payments", language, unit=unit)
    drawn = committed_and_paid(table, kinds, unit, language)
    rows = [[str(year), *(number(float(row[name]), 2, language) for name in kinds)] for year, row in table.iterrows()]
    rows.append([message("projects.sum", language), *(number(float(table[name].sum()), 2, language) for name in kinds)])
    head = [message("projects.year", language), *kinds.values()]
    notes: list[Any] = [list_note([one for one in entries if one.project.get("payments")], language)]
    if found.found is not None and choice.terms is not None:
        notes.append(rates_note([found.found], choice.terms, language, by_day=True))
    told = message(
        "projects.payments_of",
        language,
        n=number(found.n_payments, 0, language),
        projects=number(found.n_projects, 0, language),
    )
    return figure(
        f"payments-{currency}",
        title,
        [html.P(told), chart(drawn, title, height=280)],
        html.Div(notes),
        language,
        hint=message("projects.payments_how", language),
        table=data_table(head, rows, f"payments-{currency}"),
        saved=True,
    )
