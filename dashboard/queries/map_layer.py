"""What the map fetches: units, figures, classes and project coverage, each in the order of the level's geometry.

Figures do not depend on the language or the classes, nor classes on the language, so the browser keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely.geometry
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import ancestors
from fuping.dashboard.queries.shown import MapLayer, ShownLayer
from fuping.spatial.cube.values import UnitYearValues
from numpy.typing import NDArray

__all__ = ["class_payload", "coverage_payload", "kind_payload", "location_payload", "unit_payload", "value_payload"]

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
"""A class is one character of a year's text; a hyphen is none."""

SPARE_DECIMALS = 2


def unit_payload(reader: Reader, pack: str, level: str) -> dict[str, Any]:
    """Return the n units of a level: codes, names by language, and what they lie in.

    Returns
    -------
    dict
        ``codes`` (n), ``names`` (language → n) and ``above``: for each level above, top down, its ``level``, the
        ``codes`` and ``names`` of its units, and ``of`` (n), the place of each unit's ancestor or -1.
    """
    units = reader.units(pack, level)
    above = []
    for name, column in ancestors(reader, pack, level).items():
        higher = reader.units(pack, name)
        at = {code: place for place, code in enumerate(higher["code"])}
        above.append(
            {
                "level": name,
                "codes": higher["code"],
                "names": _names(higher),
                "of": [at.get(code, -1) for code in column],
            }
        )
    return {"codes": units["code"], "names": _names(units), "above": above}


def _names(units: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    return {"en": units["name_en"], "zh": units["name_zh"]}


def value_payload(values: UnitYearValues, *, decimals: int) -> dict[str, Any]:
    """Return figures for the tooltip.

    Returns
    -------
    dict
        ``years`` (m); ``value``, ``lower``, ``upper`` (m × n, null where missing; the bounds are null as a whole
        where no figure has them); ``reason``: for each year, unit → code of the reason, only where missing;
        ``status``: for each year one code, or n of them where they differ.
    """
    places = decimals + SPARE_DECIMALS
    return {
        "years": list(values.years),
        "value": _plain(values.value, places),
        "lower": _plain(values.lower, places) if values.has_interval else None,
        "upper": _plain(values.upper, places) if values.has_interval else None,
        "reason": [{int(unit): int(row[unit]) for unit in np.flatnonzero(row)} for row in values.reason],
        "status": [_one_or_all(row, reason == 0) for row, reason in zip(values.status, values.reason, strict=True)],
    }


def _one_or_all(row: NDArray[np.uint8], observed: NDArray[np.bool_]) -> int | list[int]:
    different = np.unique(row[observed])
    return int(different.max(initial=0)) if len(different) < 2 else [int(one) for one in row]


def _plain(table: NDArray[np.float64], places: int) -> list[list[float | int | None]]:
    rounded = np.round(table, places)
    return [[None if one != one else int(one) if one == int(one) else one for one in row] for row in rounded.tolist()]


def class_payload(layer: ShownLayer) -> dict[str, Any]:
    """Return what colours the map.

    Returns
    -------
    dict
        ``years`` (m), ``classes`` (m texts of n characters), ``colours`` of the classes, and ``outside``: the class of
        what lies outside every class, null where there is none.
    """
    return {
        "years": list(layer.years),
        "classes": ["".join("-" if one < 0 else DIGITS[one] for one in row) for row in layer.classes.tolist()],
        "colours": [entry.colour for entry in layer.entries],
        "outside": next((place for place, entry in enumerate(layer.entries) if entry.outside), None),
    }


def kind_payload(layer: MapLayer) -> dict[str, Any]:
    """Return a layer's :func:`class_payload` with what its kind of map adds.

    Returns
    -------
    dict
        ``others`` and ``crossed`` (m each) as of the layer; ``unsure`` (m texts of n characters, ``1`` where the class
        is not sure), ``circles`` (``greatest`` and ``radius``) and ``rings`` (these, ``level``, and ``counts`` by year
        and part of each category and of what has none), each null where there is none.
    """
    unsure, circles, rings = layer.unsure, layer.circles, layer.rings
    return class_payload(layer.shown) | {
        "others": list(layer.others),
        "crossed": [list(one) for one in layer.crossed],
        "unsure": None if unsure is None else ["".join("01"[one] for one in row) for row in unsure.tolist()],
        "circles": circles and {"greatest": circles.greatest, "radius": circles.radius},
        "rings": rings
        and {
            "greatest": rings.size.greatest,
            "radius": rings.size.radius,
            "level": rings.level,
            "counts": rings.counts.tolist(),
        },
    }


def location_payload(reader: Reader, pack: str, projects: Sequence[str]) -> dict[str, Any]:
    """Return the drawn places of projects as GeoJSON; each has a ``name``, which may be empty."""
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": shapely.geometry.mapping(shape)}
        for project in projects
        for name, shape in reader.locations(pack, project)
    ]
    return {"type": "FeatureCollection", "features": features}


def coverage_payload(reader: Reader, pack: str, level: str) -> dict[str, Any]:
    """Return, for each project that covers units of the level, the places of those known to be covered, by year."""
    covered = {}
    for project in reader.catalogue(pack)["projects"]:
        years, table = reader.coverage(pack, project["id"], level)
        if years:
            covered[project["id"]] = {
                str(year): np.flatnonzero(row).tolist() for year, row in zip(years, table, strict=True)
            }
    return covered
