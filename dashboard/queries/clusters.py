"""Whether alike units lie together in a year, over all and place by place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.graphs import GraphChoice, graph_choice, level_graph
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.shown import ShownClass, ShownLayer
from fuping.dashboard.state import ViewState
from fuping.spatial.boundaries.neighbours import NeighbourReport
from fuping.spatial.cartography import diverging
from fuping.spatial.cube.missing import reason_counts
from fuping.spatial.cube.values import UnitYearValues

__all__ = [
    "FALSE_DISCOVERY",
    "HOT",
    "LEAST_UNITS",
    "MORAN",
    "PERMUTATIONS",
    "SEED",
    "Clusters",
    "Settings",
    "class_layer",
    "clusters",
    "refusal",
    "settings",
    "year_values",
]

SEED = 2020
"""Fixed, so that the same view gives the same answer; said on the page."""

PERMUTATIONS = (99, 499, 999)
FALSE_DISCOVERY = 0.05
LEAST_UNITS, LEAST_VALUES = 30, 10

MORAN = ("HH", "LL", "HL", "LH", "not significant", "alone")
HOT = ("hot", "cold", "not significant", "alone")
"""Classes of the maps; ``alone``: no neighbour, or none with a figure."""

ALONE = "#b9b6ae"


@dataclass(frozen=True)
class Settings:
    """How clusters are sought.

    Parameters
    ----------
    graph
        Who neighbours whom.
    permutations
        One of :data:`PERMUTATIONS`.
    control
        ``fdr``: false discoveries held to 5 %; ``each``: every unit with p of at most 0.05.
    """

    graph: GraphChoice
    permutations: int
    control: Literal["fdr", "each"]


@dataclass(frozen=True, eq=False)
class Clusters:
    """What is found in a year.

    Parameters
    ----------
    table
        Index unit; ``value``, ``around`` (mean of the neighbours), ``z`` and ``lag_z`` (standardised value, and its
        mean over the neighbours), ``moran`` and ``hot`` (classes of :data:`MORAN` and :data:`HOT`, or ``missing``),
        ``local`` (local Moran), ``gi`` (Gi*), ``p`` and ``p_adjusted``.
    moran, geary
        Row of :func:`fuping.spatial.dynamics.clusters.global_autocorrelation`.
    n, n_missing
        Units tested, and without a figure.
    report
        Of the neighbour graph.
    least_p
        The least p that the permutations can give.
    """

    table: pd.DataFrame
    moran: pd.Series
    geary: pd.Series
    n: int
    n_missing: int
    report: NeighbourReport
    least_p: float

    @property
    def least_found(self) -> int:
        """Units that have to be at the least p for any to be called while false discoveries are held down."""
        return int(np.ceil(self.least_p * self.n / FALSE_DISCOVERY - 1e-9))


def settings(reader: Reader, view: ViewState) -> Settings:
    """Return the settings of the URL: those of the graph, ``permutations`` and ``control``."""
    permutations = int(view.option("permutations", [str(one) for one in PERMUTATIONS], str(PERMUTATIONS[-1])))
    control: Any = view.option("control", ("fdr", "each"), "fdr")
    return Settings(graph_choice(reader, view), permutations, control)


def refusal(reader: Reader, view: ViewState) -> str | None:
    """Return why clusters cannot be sought in the view's year.

    Returns
    -------
    str or None
        ``status``, ``few_units``, ``few_values`` or ``too_wide``; ``None`` where they can.
    """
    if reader.indicator(view.pack, view.indicator)["categories"]:
        return "status"
    values = reader.values(view.pack, view.indicator, view.level)
    row = values.value[values.years.index(view.year)] if view.year in values.years else np.zeros(0)
    refused = unfit(row)
    return refused or ("too_wide" if graph_choice(reader, view).too_wide else None)


def unfit(row: Any) -> str | None:
    """Return why one year's figures cannot be tested; ``None`` where they can.

    >>> unfit(np.arange(29.0)), unfit(np.zeros(40)), unfit(np.arange(40.0))
    ('few_units', 'few_values', None)
    """
    there = row[~np.isnan(row)]
    if len(there) < LEAST_UNITS:
        return "few_units"
    return "few_values" if len(np.unique(there)) < LEAST_VALUES else None


def clusters(reader: Reader, view: ViewState) -> Clusters:
    """Return the clusters of the view's year; ask :func:`refusal` first."""
    version = reader.version(view.pack)
    return _clusters(reader, view.pack, version, view.indicator, view.level, view.year, settings(reader, view))


@once(maxsize=48)
def _clusters(
    reader: Reader, pack: str, version: str, indicator: str, level: str, year: int, chosen: Settings
) -> Clusters:
    from fuping.spatial.dynamics.clusters import global_autocorrelation, local_getis_ord, local_moran
    from fuping.spatial.dynamics.lag import spatial_lag

    values = reader.values(pack, indicator, level)
    row = pd.Series(values.value[values.years.index(year)], index=reader.units(pack, level)["code"], name=year)
    found = level_graph(reader, pack, level, chosen.graph)
    sought: dict[str, Any] = {"seed": SEED, "permutations": chosen.permutations}
    panel = row.to_frame().T
    moran, geary = (
        global_autocorrelation(panel, found.graph, measure=measure, **sought).by_year.iloc[0]
        for measure in ("moran", "geary")
    )
    local = local_moran(row, found.graph, false_discovery=FALSE_DISCOVERY, **sought)
    spots = local_getis_ord(row, found.graph, false_discovery=FALSE_DISCOVERY, **sought)
    tested = local.table["value"].notna()
    kept = row.where(tested)
    z = (kept - kept.mean()) / kept.std(ddof=0)
    lags = spatial_lag(pd.DataFrame([row, z], index=[0, 1]), found.graph)
    table = pd.DataFrame(
        {
            "value": row,
            "around": lags.loc[0],
            "z": z,
            "lag_z": lags.loc[1].where(tested),
            "local": local.table["value"],
            "gi": spots.table["value"],
            "p": local.table["p_value"],
            "p_adjusted": local.table["p_adjusted"],
        }
    )
    called = local.table["p_adjusted"] <= FALSE_DISCOVERY if chosen.control == "fdr" else table["p"] <= FALSE_DISCOVERY
    table["moran"] = _classes(row, tested, called, _quadrant(table))
    table["hot"] = _classes(row, tested, called, np.where(table["gi"] > 0, "hot", "cold"))
    return Clusters(table, moran, geary, local.n, local.n_missing, found.report, local.least_p)


def _quadrant(table: pd.DataFrame) -> Any:
    """Return the class of each unit if it is called: own value first, then that of the neighbours."""
    high, alike = table["z"] > 0, table["local"] > 0
    return np.select([high & alike, ~high & alike, high & ~alike], ["HH", "LL", "HL"], "LH")


def _classes(row: pd.Series, tested: pd.Series, called: pd.Series, words: Any) -> Any:
    return np.select([row.isna(), ~tested, ~called], ["missing", "alone", "not significant"], words)


def year_values(values: UnitYearValues, year: int) -> UnitYearValues:
    """Return one year of an indicator."""
    at = slice(values.at(year), values.at(year) + 1)
    return UnitYearValues(
        (year,), values.value[at], values.reason[at], values.lower[at], values.upper[at], values.status[at]
    )


def class_colours(direction: str) -> dict[str, str]:
    """Return the colours of the classes; what is worse takes the ochres."""
    worse = {"higher_is_worse": True, "higher_is_better": False}.get(direction)
    low, lower, neutral, higher, high = diverging(2, 2, zero_class=True, higher_is_worse=worse)
    named = {"HH": high, "LL": low, "HL": higher, "LH": lower, "hot": high, "cold": low}
    return named | {"not significant": neutral, "alone": ALONE}


def class_layer(classes: pd.Series, words: tuple[str, ...], values: UnitYearValues, direction: str) -> ShownLayer:
    """Return the layer of one year's classes."""
    colours = class_colours(direction)
    coded = np.full((1, len(classes)), -1, dtype=np.int8)
    entries = []
    for place, word in enumerate(words):
        inside = (classes == word).to_numpy()
        coded[0, inside] = place
        key = word.replace(" ", "_").lower()
        name = {language: message(f"clusters.class.{key}", language) for language in LANGUAGES}
        entries.append(ShownClass(colours[word], (int(inside.sum()),), name=name))
    missing = reason_counts(values.reason[0][values.reason[0] != 0])
    return ShownLayer(values.years, coded, tuple(entries), (missing,), 0)
