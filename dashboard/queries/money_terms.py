"""What the URL asks money to be expressed in, and a pack's projects and budgets in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.register import Entry
from fuping.dashboard.state import ViewState
from fuping.layers.export.projects import committed, project_payments_table
from fuping.layers.money import DOLLARS, Expressed, MoneyTerms, express, express_payments, price_years

__all__ = ["TermsChoice", "budget_in_terms", "projects_in_terms", "terms_choice"]


@dataclass(frozen=True)
class TermsChoice:
    """What is asked, and what can be.

    Parameters
    ----------
    key
        ``published``, ``report`` (the pack's report currency), ``usd`` or ``usd_constant``.
    offered
        Keys that the pack can be asked for.
    terms
        What to express in; ``None``: as published.
    report_currency
        Of the pack; empty where it declares none.
    """

    key: str
    offered: tuple[str, ...]
    terms: MoneyTerms | None
    report_currency: str


def terms_choice(reader: Reader, view: ViewState) -> TermsChoice:
    """Return what the URL's ``money`` and ``prices`` ask for."""
    # Builds made before packs declared a report currency have none.
    report = str(reader.catalogue(view.pack)["pack"].get("report_currency") or "")
    offered = ("published", *(["report"] if report not in ("", DOLLARS) else []), "usd", "usd_constant")
    key = view.option("money", offered, "published")
    if key == "published":
        return TermsChoice(key, offered, None, report)
    if key == "report":
        return TermsChoice(key, offered, MoneyTerms(report), report)
    years = [str(year) for year in price_years()]
    year = int(view.option("prices", years, years[0])) if key == "usd_constant" else None
    return TermsChoice(key, offered, MoneyTerms(DOLLARS, year), report)


def projects_in_terms(entries: Sequence[Entry], terms: MoneyTerms) -> Expressed:
    """Express what each project costs in all: dated commitments with the rate of their day, else of its first year."""
    rows = [
        (one.money.amount, one.money.currency, one.project["first_year"]) if one.money else (np.nan, "", np.nan)
        for one in entries
    ]
    table = pd.DataFrame(rows, columns=["amount", "currency", "year"], index=[one.project["id"] for one in entries])
    found = express(table.astype({"amount": "float64"}), terms)
    for one in entries:
        payments = project_payments_table([one.project])
        made = payments[payments["kind"].eq("commitment")]
        if len(made) and one.money is not None and committed(one.project) == one.money:
            dated = express_payments(made, terms)
            found.amount[one.project["id"]] = dated.amount.sum(skipna=False)
            found.why[one.project["id"]] = next((why for why in dated.why if why), "")
    return found


def budget_in_terms(
    declared: Mapping[str, Any], years: Sequence[int], amounts: Sequence[float], terms: MoneyTerms
) -> Expressed | None:
    """Express an indicator's amounts by year; ``None`` where the pack does not declare their currency."""
    currency = declared.get("currency")
    if not currency:
        return None
    whole = np.asarray(amounts, dtype=np.float64) * float(declared["currency_scale"])
    return express(pd.DataFrame({"amount": whole, "currency": currency, "year": list(years)}, index=list(years)), terms)
