"""Who neighbours whom among all units of a level: by common borders, by number, or by distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.neighbours import tiled
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.shapes import level_shapes
from fuping.dashboard.state import ViewState
from fuping.spatial.boundaries.neighbours import Neighbours
from numpy.typing import NDArray

__all__ = ["RULES", "GraphChoice", "graph_choice", "level_graph"]

Rule = Literal["queen", "knn", "distance"]

RULES: tuple[Rule, ...] = ("queen", "knn", "distance")

NEAREST = 6
"""About as many neighbours as a unit of a map has."""

MOST_NEIGHBOURS = 60
"""On average; with more, a neighbourhood is no longer a place, and the permutations take minutes."""


@dataclass(frozen=True)
class GraphChoice:
    """The neighbour graph of the URL.

    Parameters
    ----------
    rule
        ``queen``: a common border or corner; ``knn``: so many nearest; ``distance``: within so many kilometres.
    k
        Of ``knn``.
    reach_km
        Of ``distance``, between centroids.
    mean
        Neighbours that a unit has on average within ``reach_km``.
    """

    rule: Rule
    k: int
    reach_km: float
    mean: float

    @property
    def too_wide(self) -> bool:
        """Whether the distance makes neighbours of too many."""
        return self.rule == "distance" and self.mean > MOST_NEIGHBOURS


def graph_choice(reader: Reader, view: ViewState) -> GraphChoice:
    """Return the graph of the URL: ``graph``, ``nearest``, ``reach``."""
    rule: Any = view.option("graph", RULES, "queen")
    version = reader.version(view.pack)
    typical = _typical_reach(reader, view.pack, version, view.level)
    reach = view.amount("reach", typical, low=1, high=20_000)
    mean = _mean_within(reader, view.pack, version, view.level, reach) if rule == "distance" else 0.0
    return GraphChoice(rule, round(view.amount("nearest", NEAREST, low=1, high=20)), reach, mean)


@once(maxsize=16)
def _projected(reader: Reader, pack: str, version: str, level: str) -> NDArray[np.object_]:
    """Return a level's polygons in metres; far from the country's centre distances are a little off."""
    from fuping.dashboard.figures.projection import LocalProjection, unwrapped

    bounds = np.ravel(reader.catalogue(pack)["pack"]["bounds"])
    return LocalProjection.around(bounds.tolist()).project(unwrapped(level_shapes(reader, pack, level)))


@once(maxsize=16)
def _tree(reader: Reader, pack: str, version: str, level: str) -> Any:
    from scipy.spatial import KDTree

    shapes = _projected(reader, pack, version, level)
    middles = shapely.centroid(shapes[~shapely.is_empty(shapes)])
    return KDTree(np.column_stack([shapely.get_x(middles), shapely.get_y(middles)]))


def _typical_reach(reader: Reader, pack: str, version: str, level: str) -> float:
    """Return the distance within which half of the units have :data:`NEAREST` neighbours, to two digits."""
    tree = _tree(reader, pack, version, level)
    if tree.n <= NEAREST:
        return 100.0
    distance = float(np.median(tree.query(tree.data, k=NEAREST + 1)[0][:, -1])) / 1000
    return float(f"{distance:.2g}")


def _mean_within(reader: Reader, pack: str, version: str, level: str, reach: float) -> float:
    tree = _tree(reader, pack, version, level)
    return float(tree.count_neighbors(tree, reach * 1000) - tree.n) / tree.n


def level_graph(reader: Reader, pack: str, level: str, choice: GraphChoice) -> Neighbours:
    """Return the graph over all units of a level, islands among them."""
    return _graph(
        reader,
        pack,
        reader.version(pack),
        level,
        choice.rule,
        choice.k if choice.rule == "knn" else None,
        choice.reach_km * 1000 if choice.rule == "distance" else None,
    )


@once(maxsize=24)
def _graph(
    reader: Reader, pack: str, version: str, level: str, rule: Rule, k: int | None, threshold: float | None
) -> Neighbours:
    import geopandas as gpd
    from fuping.spatial.boundaries.neighbours import neighbours_from_polygons

    shapes = _projected(reader, pack, version, level)
    if rule == "queen":
        # Simplified outlines leave gaps between units; those narrower than a border is sure are closed.
        shapes = tiled(shapes)
    # The metres of the level's own projection; only that they are metres matters to distances.
    units = gpd.GeoSeries(shapes, index=reader.units(pack, level)["code"], crs="+proj=laea +datum=WGS84 +units=m")
    return neighbours_from_polygons(units, rule=rule, k=k, threshold=threshold)
