"""The units of a level as columns, with the figures that were asked for beside them."""

from __future__ import annotations

from typing import Any

import numpy as np
from fuping.dashboard.api.errors import BadParameterError
from fuping.dashboard.api.parameters import Figures
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import ancestors, members
from fuping.layers.schema.metadata import Text
from fuping.layers.stores import STATUS_WORDS
from fuping.spatial.cube.missing import MissingReason
from numpy.typing import NDArray

__all__ = ["REASONS", "inside", "known_codes", "unit_columns"]

REASONS: tuple[str | None, ...] = (None, *(one.name.lower() for one in MissingReason if one))
"""Word of each reason code; nothing where the figure was observed."""

NOWHERE = Text(en="the code of a unit of a level above", zh="上级单位的代码")


def known_codes(reader: Reader, pack: str, level: str, codes: tuple[str, ...], *, parameter: str) -> None:
    """Refuse codes that are no units of a level.

    Raises
    ------
    BadParameterError
        Names those that are none.
    """
    unknown = sorted(set(codes) - set(reader.units(pack, level)["code"]))
    if unknown:
        raise BadParameterError(
            parameter,
            ",".join(unknown),
            Text(en=f"codes of units of {pack}.{level}", zh=f"{pack}.{level}的单位代码"),
        )


def inside(reader: Reader, pack: str, level: str, within: str) -> NDArray[np.bool_]:
    """Return which of the n units of a level lie in a unit of a level above.

    Raises
    ------
    BadParameterError
        There is no such unit.
    """
    if not any(within and within in column for column in ancestors(reader, pack, level).values()):
        raise BadParameterError("within", within, NOWHERE)
    return members(reader, pack, level, within)


def unit_columns(reader: Reader, pack: str, level: str, given: Figures) -> dict[str, list[Any]]:
    """Return the columns of a level's n units; of each indicator that is asked for, four of them.

    ``None`` is a figure that is missing; ``<indicator>_missing`` says why, ``<indicator>_status`` how sure a figure is,
    and of a category ``<indicator>_category`` is its identifier.

    Raises
    ------
    BadParameterError
        There is no such indicator at the level, or it has no figures for the year; the message tells which it has.
    """
    columns = {name: [_known(one) for one in column] for name, column in reader.units(pack, level).items()}
    if given.year is None:
        return columns
    columns["year"] = [given.year] * len(columns["code"])
    for indicator in given.indicators:
        columns |= _figures(reader, pack, level, indicator, given.year)
    return columns


def _known(one: Any) -> Any:
    return None if one == "" or (isinstance(one, float) and np.isnan(one)) else one


def _figures(reader: Reader, pack: str, level: str, indicator: str, year: int) -> dict[str, list[Any]]:
    there = {one["id"]: one for one in reader.catalogue(pack)["indicators"] if level in one["levels"]}
    if indicator not in there:
        listed = ", ".join(there) or "–"
        raise BadParameterError(
            "indicators",
            indicator,
            Text(en=f"of {pack}.{level} some of: {listed}", zh=f"{pack}.{level}的指标：{listed}"),
        )
    years = there[indicator]["levels"][level]["years"]
    if year not in years:
        listed = ", ".join(map(str, years))
        raise BadParameterError(
            "year", year, Text(en=f"for {indicator} one of {listed}", zh=f"{indicator}的年份之一：{listed}")
        )
    values = reader.values(pack, indicator, level)
    row = values.at(year)
    figures = [None if np.isnan(one) else float(one) for one in values.value[row]]
    made: dict[str, list[Any]] = {indicator: figures}
    if there[indicator]["categories"]:
        names = {float(category["code"]): category["id"] for category in there[indicator]["categories"]}
        made[f"{indicator}_category"] = [None if one is None else names[one] for one in figures]
    made[f"{indicator}_status"] = [STATUS_WORDS[word] or None for word in values.status[row]]
    made[f"{indicator}_missing"] = [REASONS[reason] for reason in values.reason[row]]
    return made
