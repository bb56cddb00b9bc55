"""The projects that a pack declares as one list, and as a file that can be read back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from fuping.layers.export.spreadsheet import plain_cells
from fuping.layers.sources.currencies import known_currency
from fuping.layers.sources.payments import PAYMENTS, SHEET
from fuping.layers.sources.project_places import COLUMNS
from fuping.layers.stores.contract import Store
from fuping.spatial.errors import FupingError

__all__ = [
    "Money",
    "committed",
    "declared_money",
    "pack_projects",
    "project_metadata",
    "project_payments_table",
    "require_projects",
    "write_project_table",
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


def project_metadata(store: Store, pack: str) -> dict[str, Any]:
    """Return what must travel with a pack's projects: how many units are named, and the sources with their licence."""
    catalogue = store.catalogue(pack)
    projects = catalogue["projects"]
    keys = ("id", "title", "publisher", "year", "licence", "url", "citation", "sha256", "status", "warnings")
    kept = ("id", "name", "programme", "level", "first_year", "last_year", "named_units", "total_units", "note")
    used = {project["source"] for project in projects}
    return {
        "pack": pack,
        "build": store.version(pack),
        "projects": [{key: one[key] for key in kept} | {"money": _plain(declared_money(one))} for one in projects],
        "boundary": {key: catalogue["boundary"][key] for key in ("id", "name", "note")},
        "sources": [{key: one[key] for key in keys} for one in catalogue["sources"] if one["id"] in used],
    }


def _plain(money: Money | None) -> dict[str, Any] | None:
    return asdict(money) if money else None


def write_project_table(store: Store, pack: str, path: Path) -> list[Path]:
    """Write the projects of a pack as CSV, in the columns that ``read_project_table`` reads.

    Returns
    -------
    list of pathlib.Path
        The table and, beside it, the dated payments where there are any, and the metadata.

    Raises
    ------
    FupingError
        The pack declares no projects.
    """
    named = {one["id"]: one for one in require_projects(store, pack)}
    rows = pack_projects(store, pack)
    names = {
        level: dict(zip(units["code"], units["name_en"], strict=True))
        for level in rows["level"].unique()
        for units in [store.units(pack, level)]
    }
    rows = rows.rename(columns={"unit": "unit_code"}).assign(
        title=rows["project"].map(lambda one: named[one]["name"]["en"]),
        financier=rows["project"].map(lambda one: (named[one].get("publisher") or {}).get("en", "")),
        place_name=[names[level][unit] for level, unit in zip(rows["level"], rows["unit"], strict=True)],
    )
    columns = [name for name in COLUMNS if name in rows.columns]
    plain_cells(rows[columns]).to_csv(path, index=False)
    paid = project_payments_table(named.values())
    beside = path.with_name(f"{path.stem}.{SHEET}.csv")
    if len(paid):
        plain_cells(paid).to_csv(beside, index=False)
    sidecar = path.with_name(f"{path.name}.metadata.json")
    text = json.dumps(project_metadata(store, pack), ensure_ascii=False, indent=1)
    sidecar.write_text(text + "\n", encoding="utf-8")
    return [path, *([beside] if len(paid) else []), sidecar]
