"""All units of a level in one year, in order, by pages; those without a figure at the end with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from fuping.dashboard.i18n.formats import sort_key
from fuping.dashboard.queries.area import looked_at
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.kinds import map_layer
from fuping.dashboard.queries.once import once
from fuping.dashboard.state import ViewState
from fuping.layers.stores import STATUS_WORDS
from fuping.spatial.cube.missing import MissingReason
from numpy.typing import NDArray

__all__ = ["PAGE_ROWS", "RankedRow", "RankedTable", "ranked_table"]

PAGE_ROWS = 50


@dataclass(frozen=True)
class RankedRow:
    """One unit.

    Parameters
    ----------
    position
        1 for the highest figure, on a map of change for the highest change; equal ones share it; ``None`` where there
        is none, or for a status.
    category
        Place of a status among the categories.
    difference
        From the year that the table compares with; NaN where one of the two is missing.
    second
        Figure of the second indicator; NaN where it is missing or there is none.
    """

    position: int | None
    code: str
    name: str
    parent: str
    value: float
    difference: float
    second: float
    category: int
    reason: MissingReason
    status: str


@dataclass(frozen=True)
class RankedTable:
    """A page of the table.

    Parameters
    ----------
    rows
        At most :data:`PAGE_ROWS`.
    selected
        The selected unit, where it is among those listed.
    page, pages
        From 1.
    n_listed, n_units
        Units that the filters leave, and of the level.
    n_missing
        Of those listed.
    base
        Year that differences start from: of a map of change its base, else the year before; ``None`` in the first year.
    second_year
        Of the second indicator's figures.
    """

    rows: tuple[RankedRow, ...]
    selected: RankedRow | None
    page: int
    pages: int
    n_listed: int
    n_units: int
    n_missing: int
    base: int | None
    second_year: int | None


def ranked_table(reader: Reader, view: ViewState) -> RankedTable:
    """Return the view's page of the table."""
    values = reader.values(view.pack, view.indicator, view.level)
    layer = map_layer(reader, view)
    row, shown_row = values.at(view.year), layer.shown.years.index(view.year)
    value, classes, reason = values.value[row], layer.shown.classes[shown_row], layer.reason[shown_row]
    other = layer.others[shown_row] if layer.others else None
    base = other if view.kind == "change" else values.years[row - 1] if row else None
    nothing = np.full_like(value, np.nan)
    change = nothing if base is None else value - values.value[values.at(base)]
    second = _second(reader, view, other) if view.second and other else nothing
    inside = looked_at(reader, view)
    if view.only == "missing":
        inside = inside & (classes < 0)
    elif view.only is not None and int(view.only) < len(layer.shown.entries):
        inside = inside & (classes == int(view.only))
    is_status = bool(reader.indicator(view.pack, view.indicator)["categories"])
    by_rank = change if view.kind == "change" else value
    keys = {"high": value, "low": value, "change": change, "second": second}
    if is_status:
        keys = dict.fromkeys(keys, _first_class_first(classes, unchanged=view.kind == "change"))
    order = _order(reader, view, keys)
    order = order[inside[order]]
    pages = max(1, -(-len(order) // PAGE_ROWS))
    page = min(view.page, pages)
    units = reader.units(view.pack, view.level)
    parents = _parent_names(reader, view)
    there = by_rank[~np.isnan(by_rank)]

    def ranked(at: int) -> RankedRow:
        observed = not np.isnan(by_rank[at])
        return RankedRow(
            position=int((there > by_rank[at]).sum()) + 1 if observed and not is_status else None,
            code=units["code"][at],
            name=units[f"name_{view.language}"][at],
            parent=parents[at],
            value=float(value[at]),
            difference=float(change[at]),
            second=float(second[at]),
            category=int(classes[at]),
            reason=MissingReason(int(reason[at])),
            status=STATUS_WORDS[int(values.status[row, at])],
        )

    at_unit = units["code"].index(view.unit) if view.unit in units["code"] else None
    return RankedTable(
        rows=tuple(ranked(int(at)) for at in order[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]),
        selected=ranked(at_unit) if at_unit is not None and inside[at_unit] else None,
        page=page,
        pages=pages,
        n_listed=len(order),
        n_units=len(value),
        n_missing=int((inside & (classes < 0)).sum()),
        base=base,
        second_year=other if view.second else None,
    )


def _second(reader: Reader, view: ViewState, year: int) -> NDArray[np.float64]:
    values = reader.values(view.pack, view.second or "", view.level)
    return values.value[values.at(year)]


def _first_class_first(classes: NDArray[np.int8], *, unchanged: bool) -> NDArray[np.float64]:
    """Return keys that sort categories as they are listed; what has not changed stands after what has."""
    order = np.where((classes == 0) & unchanged, np.iinfo(np.int8).max, classes).astype(np.float64)
    return np.where(classes < 0, np.nan, -order)


def _order(reader: Reader, view: ViewState, keys: Mapping[str, NDArray[np.float64]]) -> NDArray[np.intp]:
    """Return places in the order asked for; missing last, ties by name.

    Parameters
    ----------
    keys
        Beginning of a sort's name → what it sorts by.
    """
    names = _name_order(reader, view.pack, reader.version(view.pack), view.level, view.language)
    if view.sort == "name":
        return names
    key = keys[view.sort.split("_")[0]]
    signed = key if view.sort.endswith("low") else -key
    return names[np.argsort(signed[names], kind="stable")]  # numpy sorts NaN last, negated or not


@once(maxsize=32)
def _name_order(reader: Reader, pack: str, version: str, level: str, language: str) -> NDArray[np.intp]:
    keys = [sort_key(name, language) for name in reader.units(pack, level)[f"name_{language}"]]
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.intp)


def _parent_names(reader: Reader, view: ViewState) -> list[str]:
    """Return the name of what each unit lies in; empty where that is the whole country."""
    units = reader.units(view.pack, view.level)
    names: dict[tuple[str, str], str] = {}
    several = {one["id"] for one in reader.catalogue(view.pack)["levels"] if one["n_units"] > 1}
    for level in several & set(units["parent_level"]):
        above = reader.units(view.pack, level)
        for code, name in zip(above["code"], above[f"name_{view.language}"], strict=True):
            names[level, code] = name
    return [names.get(key, "") for key in zip(units["parent_level"], units["parent_code"], strict=True)]
