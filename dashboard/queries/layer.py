"""What the map asks for: every year of one status indicator, in the order of the geometry."""

from __future__ import annotations

from typing import Any

import numpy as np
from fuping.dashboard.i18n.messages import catalogue as texts
from fuping.dashboard.i18n.messages import message
from fuping.layers.stores import EmbeddedStore

__all__ = ["STATUS_COLOURS", "category_counts", "map_layer"]

STATUS_COLOURS = {"poor": "#8c2d04", "exited": "#7fb8ad", "not_designated": "#e6e4de"}
"""Dark, middle and light: told apart by lightness alone, so also without colour vision."""


def map_layer(store: EmbeddedStore, pack: str, indicator: dict[str, Any], level: str, language: str) -> dict[str, Any]:
    """Return one status indicator for the browser.

    Returns
    -------
    dict
        ``codes``, ``names``, ``parents`` (n), ``years`` (m), ``classes``, ``values``, ``reasons`` (m × n), ``colours``
        per class, ``overlay`` (year → covered unit numbers), ``status`` (m) and ``text``.
    """
    units = store.units(pack, level)
    values = store.values(pack, indicator["id"], level)
    categories = indicator["categories"]
    position = {category["code"]: number for number, category in enumerate(categories)}
    classes = np.full(values.value.shape, -1, dtype=int)
    for code, number in position.items():
        classes[values.value == code] = number
    overlay: dict[str, list[int]] = {}
    for project in store.catalogue(pack)["projects"]:
        years, covered = store.coverage(pack, project["id"], level)
        overlay |= {str(year): np.flatnonzero(row).tolist() for year, row in zip(years, covered, strict=True)}
    parents = dict(zip(*(store.units(pack, "province")[key] for key in ("code", f"name_{language}")), strict=True))
    reasons = {key.rpartition(".")[2]: text for key, text in texts(language).items() if ".reason." in key}
    return {
        "codes": units["code"],
        "names": units[f"name_{language}"],
        "parents": [parents.get(code, "") for code in units["parent_code"]],
        "years": values.years,
        "classes": classes.tolist(),
        "values": [[None if np.isnan(one) else int(one) for one in row] for row in values.value],
        "reasons": values.reason.tolist(),
        "colours": [STATUS_COLOURS[category["colour"]] for category in categories],
        "overlay": overlay,
        "status": [message(f"vocabulary.status.{word}", language) for word in values.status],
        "text": {
            "locale": {"en": "en", "zh": "zh-CN"}[language],
            "unit": indicator["unit"][language],
            "decimals": indicator["decimals"],
            "categories": {str(category["code"]): category["name"][language] for category in categories},
            "reasons": reasons,
            "missing": message("legend.missing", language),
            "covered": message("map.covered", language),
        },
    }


def category_counts(
    store: EmbeddedStore, pack: str, indicator: dict[str, Any], level: str, year: int
) -> tuple[list[int], list[tuple[str, list[int]]]]:
    """Return how many units are in each category in one year, in all and by parent.

    Returns
    -------
    (list of int, list of (str, list of int))
        Counts in the order of the categories; parents with at least one unit in any category but the last, the
        largest first.
    """
    values = store.values(pack, indicator["id"], level)
    row = values.value[values.years.index(year)]
    parents = np.array(store.units(pack, level)["parent_code"])
    codes = [category["code"] for category in indicator["categories"]]
    by_parent = [(str(one), [int((row[parents == one] == code).sum()) for code in codes]) for one in np.unique(parents)]
    listed = [entry for entry in by_parent if sum(entry[1][:-1])]
    listed.sort(key=lambda entry: (-sum(entry[1][:-1]), entry[0]))
    return [int((row == code).sum()) for code in codes], listed
