"""The projects of a pack as one list, their money and their payments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from fuping.layers.sources.currencies import known_currency
from fuping.layers.sources.payments import PAYMENTS
from fuping.layers.stores.contract import Store
from fuping.spatial.errors import FupingError

__all__ = [
    "Money",
    "committed",
    "declared_money",
    "pack_projects",
    "project_payments_table",
    "require_projects",
]

SCALES = {"": 1, "thousand": 1e3, "million": 1e6, "billion": 1e9}

WRITTEN = re.compile(r"(?P<code>[A-Z]{3})(?: (?P<scale>thousand|million|billion))?(?: \((?P<remark>.*)\))?")
"""How a pack writes the currency of a project: ``USD million (loan 8509-CN)``."""


@dataclass(frozen=True)
class Money:
    """What a project costs in all: whole units of an ISO 4217 currency, and what the pack remarks on it."""

    amount: float
    currency: str
    remark: str = ""


def declared_money(project: dict[str, Any]) -> Money | None:
    """Return the money that a pack declares for a project; ``None`` where it declares none.

    Raises
    ------
    FupingError
        The currency is not written as an ISO 4217 code with a scale.

    Examples
    --------
    >>> declared_money({"id": "P1", "amount": 150.0, "currency": "USD million (loan 8509-CN)"})
    Money(amount=150000000.0, currency='USD', remark='loan 8509-CN')
    """
    if project["amount"] is None:
        return None
    found = WRITTEN.fullmatch(project["currency"] or "")
    if found is None or not known_currency(found["code"]):
        raise FupingError(
            f"The project {project['id']} has the currency {project['currency']!r}.",
            remedy="Declare an ISO 4217 code, with thousand, million or billion behind it: USD million.",
        )
    return Money(project["amount"] * SCALES[found["scale"] or ""], found["code"], found["remark"] or "")


def committed(project: Mapping[str, Any]) -> Money | None:
    """Return the sum of a project's dated commitments; ``None`` where there is none, or in several currencies."""
    made = [one for one in project.get("payments") or [] if one["kind"] == "commitment"]
    currencies = {one["currency"] for one in made}
    if len(currencies) != 1:
        return None
    return Money(round(sum(one["amount"] for one in made), 2), currencies.pop())


def require_projects(store: Store, pack: str) -> list[dict[str, Any]]:
    """Return the projects of a pack as its catalogue has them.

    Raises
    ------
    FupingError
        It declares none.
    """
    found: list[dict[str, Any]] = store.catalogue(pack)["projects"]
    if not found:
        raise FupingError(
            f"The pack {pack!r} declares no projects.", remedy="Declare them in its programmes.toml and build it again."
        )
    return found


def pack_projects(store: Store, pack: str) -> pd.DataFrame:
    """Return the projects of a pack as :func:`fuping.spatial.projects.check_projects` takes them.

    Returns
    -------
    pandas.DataFrame
        One row for each project, unit and run of years in which the unit is known to be covered: ``project``,
        ``programme`` (its English name), ``unit``, ``level``, ``first_year``, ``last_year``, ``amount`` (missing: a
        pack does not say what a unit got), ``project_amount`` and ``currency``.
    """
    parts = [pd.DataFrame(columns=LIST)]
    for project in store.catalogue(pack)["projects"]:
        years, covered = store.coverage(pack, project["id"], project["level"])
        codes = np.array(store.units(pack, project["level"])["code"], dtype=object)
        money = declared_money(project)
        runs = _runs(np.asarray(years), covered.astype(bool))
        parts.append(
            pd.DataFrame(
                {
                    "project": project["id"],
                    "programme": project["programme"]["en"],
                    "unit": codes[runs["place"]],
                    "level": project["level"],
                    "first_year": runs["first"],
                    "last_year": runs["last"],
                    "amount": np.nan,
                    "project_amount": money.amount if money else np.nan,
                    "currency": money.currency if money else "",
                }
            )
        )
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def project_payments_table(projects: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the dated payments of projects as a catalogue has them, one row each; builds of before have none."""
    rows = [{"project": one["id"]} | payment for one in projects for payment in one.get("payments") or []]
    return pd.DataFrame(rows, columns=list(PAYMENTS))


LIST = ["project", "programme", "unit", "level", "first_year", "last_year", "amount", "project_amount", "currency"]


def _runs(years: np.ndarray[Any, Any], covered: np.ndarray[Any, Any]) -> pd.DataFrame:
    """Return the runs of consecutive years in which each unit is covered: ``place``, ``first``, ``last``."""
    place, row = np.nonzero(covered.T)
    year = years[row] if len(years) else np.zeros(0, dtype=np.int64)
    fresh = np.ones(len(place), dtype=bool)
    fresh[1:] = (np.diff(place) != 0) | (np.diff(year) != 1)
    starts = np.flatnonzero(fresh)
    ends = np.append(starts[1:], len(place)) - 1 if len(starts) else starts
    return pd.DataFrame({"place": place[starts], "first": year[starts], "last": year[ends]})
