"""What projects committed and paid by year, from their dated payments; what has no date is spread over no year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from fuping.dashboard.queries.register import Entry
from fuping.layers.export.projects import project_payments_table
from fuping.layers.money import Expressed, MoneyTerms, express_payments

__all__ = ["PaidByYear", "paid_by_year"]


@dataclass(frozen=True, eq=False)
class PaidByYear:
    """Payments of some projects.

    Parameters
    ----------
    table
        Indexed by currency and year, every year from the first payment to the last: ``commitment`` and ``paid``
        (disbursements and expenditures).
    found
        How they were expressed; ``None``: as published, each currency apart.
    n_payments, n_projects
        Payments, and projects that have any.
    without
        Names of the projects without, by language.
    """

    table: pd.DataFrame
    found: Expressed | None
    n_payments: int
    n_projects: int
    without: tuple[dict[str, str], ...]

    @property
    def currencies(self) -> list[str]:
        """Currencies of the table."""
        return list(dict.fromkeys(self.table.index.get_level_values("currency")))


def paid_by_year(entries: Sequence[Entry], terms: MoneyTerms | None) -> PaidByYear:
    """Add up dated payments by the year of their day, in the terms asked for."""
    payments = project_payments_table(one.project for one in entries)
    there = set(payments["project"])
    without = tuple(dict(one.project["name"]) for one in entries if one.project["id"] not in there)
    found = None
    rows = payments
    if terms is not None and len(payments):
        found = express_payments(payments, terms)
        rows = payments.assign(amount=found.amount, currency=terms.currency)[found.why.eq("")]
    empty = pd.DataFrame(columns=["commitment", "paid"], index=pd.MultiIndex.from_arrays([[], []], names=KEYS))
    if not len(rows):
        return PaidByYear(empty, found, len(payments), len(there), without)
    kind = rows["kind"].where(rows["kind"].eq("commitment"), "paid")
    years = rows["date"].str[:4].astype(int)
    added = rows.assign(kind=kind, year=years).pivot_table(
        index=KEYS, columns="kind", values="amount", aggfunc="sum", fill_value=0.0
    )
    span = range(int(years.min()), int(years.max()) + 1)
    every = pd.MultiIndex.from_product([sorted(set(rows["currency"])), span], names=KEYS)
    table = added.reindex(every, fill_value=0.0).reindex(columns=["commitment", "paid"], fill_value=0.0)
    # To the cent: sums of binary fractions carry dust behind it.
    return PaidByYear(table.round(2), found, len(payments), len(there), without)


KEYS = ["currency", "year"]
