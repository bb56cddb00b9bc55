"""Find units by English name, Chinese name, pinyin, its initials, or code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.places import ancestors, place
from fuping.dashboard.state import ViewState, levels_with_figures

__all__ = ["Hit", "find_units"]

MOST_HITS = 12


@dataclass(frozen=True)
class Hit:
    """A unit that was found.

    Parameters
    ----------
    code
        Its code.
    name, other_name
        In the view's language and in the other.
    level
        Its level, as the catalogue has it.
    above
        Names of what it lies in, nearest first.
    changes
        Parameters of the URL that show it; empty ones are taken out.
    """

    code: str
    name: str
    other_name: str
    level: Mapping[str, Any]
    above: tuple[str, ...]
    changes: Mapping[str, str]


@dataclass(frozen=True)
class _Entry:
    level: str
    at: int
    keys: tuple[str, ...]
    all_keys: str


def find_units(reader: Reader, view: ViewState, text: str) -> list[Hit]:
    """Return the best units for a text: names that begin with it, then those that hold it; higher levels first."""
    wanted = _plain(text)
    if not wanted:
        return []
    found = []
    levels = [one["id"] for one in reader.catalogue(view.pack)["levels"]]
    for entry in _index(reader, view.pack, reader.version(view.pack)):
        if wanted not in entry.all_keys:  # nearly all units, for less than to look at each key
            continue
        if wanted in entry.keys:
            quality = 0
        elif any(key.startswith(wanted) for key in entry.keys):
            quality = 1
        elif len(wanted) > 1 and any(wanted in key for key in entry.keys[:3]):
            quality = 2
        else:
            continue
        found.append((quality, levels.index(entry.level), entry.at, entry))
    return [_hit(reader, view, entry) for *_, entry in sorted(found, key=lambda one: one[:3])[:MOST_HITS]]


def _plain(text: str) -> str:
    return "".join(text.casefold().split()).replace("'", "").replace("-", "")


@once(maxsize=8)
def _index(reader: Reader, pack: str, version: str) -> tuple[_Entry, ...]:
    from pypinyin import Style, pinyin

    entries = []
    for level in reader.catalogue(pack)["levels"]:
        if level["n_units"] < 2:
            continue
        units = reader.units(pack, level["id"])
        for at, (code, english, chinese) in enumerate(
            zip(units["code"], units["name_en"], units["name_zh"], strict=True)
        ):
            sounds = [one[0] for one in pinyin(chinese, style=Style.NORMAL, errors="ignore")]
            told = (english, chinese, "".join(sounds), "".join(one[0] for one in sounds if one), code)
            keys = tuple(_plain(key) for key in told if key)
            entries.append(_Entry(level["id"], at, keys, "\n".join(keys)))
    return tuple(entries)


def _hit(reader: Reader, view: ViewState, entry: _Entry) -> Hit:
    units = reader.units(view.pack, entry.level)
    code = units["code"][entry.at]
    here = place(reader, view.pack, entry.level, code, view.language)
    above = [
        place(reader, view.pack, level, column[entry.at], view.language)
        for level, column in ancestors(reader, view.pack, entry.level).items()
        if column[entry.at] and reader.level(view.pack, level)["n_units"] > 1
    ]
    assert here is not None
    return Hit(
        code=code,
        name=here.name,
        other_name=here.other_name,
        level=reader.level(view.pack, entry.level),
        above=tuple(one.name for one in reversed(above) if one),
        changes=_changes(reader, view, entry, code),
    )


def _changes(reader: Reader, view: ViewState, entry: _Entry, code: str) -> dict[str, str]:
    """Select the unit where its level is shown or has figures; else look at its parts, or at what it lies in."""
    catalogue = reader.catalogue(view.pack)
    with_figures = levels_with_figures(catalogue, reader.indicator(view.pack, view.indicator))
    if entry.level == view.level:
        return {"unit": code, "within": ""}
    above = ancestors(reader, view.pack, view.level)
    if entry.level in above:
        return {"within": code, "unit": ""}
    if entry.level in with_figures:
        return {"level": entry.level, "unit": code, "within": ""}
    own = ancestors(reader, view.pack, entry.level)
    return {"unit": own[view.level][entry.at], "within": ""} if view.level in own else {}
