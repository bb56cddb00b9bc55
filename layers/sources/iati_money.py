"""Money that IATI 2.0x activities report: budgets by period, and transactions by day."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from fuping.layers.sources.currencies import known_currency
from fuping.layers.sources.iati_text import YEAR_ONLY, attribute, narrative, period
from fuping.layers.sources.payments import expected_day, read_day
from fuping.spatial.wording import worded

__all__ = ["read_money"]

PAID = {"2": "commitment", "3": "disbursement", "4": "expenditure"}
"""Codes of TransactionType: outgoing commitment; disbursement and expenditure, which are added up as one."""

OTHER = {
    "1": "incoming funds",
    "5": "interest payment",
    "6": "loan repayment",
    "7": "reimbursement",
    "8": "purchase of equity",
    "9": "sale of equity",
    "10": "credit guarantee",
    "11": "incoming commitment",
    "12": "outgoing pledge",
    "13": "incoming pledge",
}
"""Codes of TransactionType that are not what a project commits or spends."""

REVISED = "2"
"""Code of BudgetType; a revised budget stands in place of the original of the same period."""


def read_money(
    element: Any, project: str, fault: Callable[[str, str], None], passed_over: Counter[str]
) -> Iterator[dict[str, Any]]:
    """Yield the money of an activity, a row for each budget and transaction.

    Parameters
    ----------
    element, project
        The activity and its identifier.
    fault
        Is told what was found and what was expected of money that cannot be read.
    passed_over
        Counts what is no money of the project, by what it is.

    Yields
    ------
    dict
        ``project``, ``kind`` (budget, commitment, disbursement), ``amount``, ``currency``, ``year``; of what is dated
        to the day also ``paid`` (commitment, disbursement, expenditure) and ``date``.
    """
    default = element.get("default-currency") or ""
    sums: dict[tuple[str, str], float] = {}
    for written_kind, one, day in [*_budgets(element, passed_over), *_transactions(element, passed_over)]:
        kind = "disbursement" if written_kind == PAID["4"] else written_kind
        written, currency = _value(one, default)
        try:
            amount = float(written)
        except ValueError:
            amount = math.nan
        when = read_day(day)
        if not math.isfinite(amount):
            fault(worded("the {what} {written!r}", what=kind, written=written), worded("a number"))
        elif not known_currency(currency):
            told = worded("a {kind} in the unknown currency {currency!r}", kind=kind, currency=currency)
            fault(told, worded("an ISO 4217 code: CNY, USD"))
        elif kind == "budget" and amount < 0:
            told = worded("negative money: a budget of {amount} {currency}", amount=written, currency=currency)
            fault(told, worded("zero or more"))
        elif when is None:
            what = {"kind": written_kind, "amount": written, "currency": currency}
            late = worded("the date {day!r} of a {kind} of {amount} {currency}", day=day, **what)
            fault(late if day else worded("a {kind} of {amount} {currency} without a date", **what), expected_day())
        else:
            sums[kind, currency] = sums.get((kind, currency), 0.0) + amount
            row = {"project": project, "kind": kind, "amount": amount, "currency": currency, "year": when.year}
            dated = kind != "budget" and YEAR_ONLY not in narrative(one.find("description"))
            yield row | ({"paid": written_kind, "date": str(when)} if dated else {})
    for (kind, currency), total in sums.items():
        if total < 0:
            told = worded(
                "negative money: {kind}s that add up to {total:g} {currency}", kind=kind, total=total, currency=currency
            )
            fault(told, worded("zero or more"))


def _budgets(element: Any, passed_over: Counter[str]) -> Iterator[tuple[str, Any, str]]:
    """Yield the budget of each period: the revised one, or the original; where two of a type differ, none of them."""
    periods: dict[tuple[str, str], dict[str, list[Any]]] = {}
    for one in element.findall("budget"):
        periods.setdefault(period(one), {}).setdefault(one.get("type") or "1", []).append(one)
    for (start, end), by_type in periods.items():
        stands = by_type.get(REVISED) or by_type[min(by_type)]
        if len({_value(one, "") for one in stands}) > 1:
            passed_over[f"budgets of {start} to {end} that contradict one another"] += len(stands)
            continue
        if len(stands) > 1:
            passed_over["budgets that stand twice"] += len(stands) - 1
        yield "budget", stands[0], start


def _transactions(element: Any, passed_over: Counter[str]) -> Iterator[tuple[str, Any, str]]:
    for one in element.findall("transaction"):
        code = attribute(one, "transaction-type", "code")
        if code in PAID:
            yield PAID[code], one, attribute(one, "transaction-date", "iso-date")
        else:
            passed_over[f"transactions of type {code!r} ({OTHER.get(code, 'no code of the standard')})"] += 1


def _value(element: Any, default: str) -> tuple[str, str]:
    """Return an amount as it is written, and its currency."""
    value = element.find("value")
    if value is None:
        return "", default
    return (value.text or "").strip(), value.get("currency") or default
