"""What can be chosen: indicators by theme, and levels, each with why not where it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import levels_with_figures
from fuping.spatial.cube.missing import MissingReason, reason_counts

__all__ = ["IndicatorChoice", "LevelChoice", "Theme", "indicator_choices", "level_choices"]


@dataclass(frozen=True)
class IndicatorChoice:
    """One indicator; ``commands`` load its sources where it has no figures because they are not there."""

    indicator: Mapping[str, Any]
    offered: bool
    commands: tuple[str, ...] = ()


@dataclass(frozen=True)
class Theme:
    """A theme and its indicators, in the order of the pack."""

    name: Mapping[str, str]
    choices: tuple[IndicatorChoice, ...]


@dataclass(frozen=True)
class LevelChoice:
    """One level.

    Parameters
    ----------
    level
        As the catalogue has it.
    offered
        Whether the indicator has a figure there.
    missing
        Where it has rows and no figure: how many miss for which reason.
    """

    level: Mapping[str, Any]
    offered: bool
    missing: Mapping[MissingReason, int]


def indicator_choices(reader: Reader, pack: str) -> list[Theme]:
    """Return the themes of a pack with the indicators that are shown."""
    catalogue = reader.catalogue(pack)
    command = {one["id"]: one["load_command"] for one in catalogue["sources"] if not one["loaded"]}
    themes: dict[str, list[IndicatorChoice]] = {}
    names = {}
    for one in catalogue["indicators"]:
        if not one["shown"]:
            continue
        names[one["theme"]["en"]] = one["theme"]
        offered = bool(levels_with_figures(catalogue, one))
        commands = () if offered else tuple(command[source] for source in one["sources"] if source in command)
        themes.setdefault(one["theme"]["en"], []).append(IndicatorChoice(one, offered, commands))
    return [Theme(names[key], tuple(choices)) for key, choices in themes.items()]


def level_choices(reader: Reader, pack: str, indicator: str) -> list[LevelChoice]:
    """Return all levels of a pack, top down, for one indicator."""
    catalogue, declared = reader.catalogue(pack), reader.indicator(pack, indicator)
    there = levels_with_figures(catalogue, declared)
    choices = []
    for level in catalogue["levels"]:
        empty = level["id"] in declared["levels"] and level["id"] not in there
        reasons = reader.values(pack, indicator, level["id"]).reason if empty else np.zeros(0, dtype=np.uint8)
        choices.append(LevelChoice(level, level["id"] in there, reason_counts(reasons)))
    return choices
