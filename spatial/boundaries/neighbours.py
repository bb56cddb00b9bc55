"""Who is next to whom: neighbour graphs from polygons or given pairs, with the units that have none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
from fuping.spatial.errors import CRSError, FupingError, GeometryError
from fuping.spatial.match_report import MatchReport, Reason, Unmatched
from libpysal.graph import Graph
from scipy import sparse

__all__ = ["NeighbourReport", "Neighbours", "neighbours_from_pairs", "neighbours_from_polygons"]

Rule = Literal["queen", "rook", "knn", "distance"]


@dataclass(frozen=True)
class NeighbourReport:
    """What a neighbour graph is like.

    Parameters
    ----------
    rule
        How neighbours were found, in words.
    n_units, n_links
        Units, and directed links (two for a mutual pair).
    n_components
        Groups of units that no link joins; an island is a group of its own.
    islands
        Units without a neighbour, those without geometry among them.
    no_geometry
        Units whose geometry is null or empty.
    one_way
        Pairs (a, b) in which b is a neighbour of a and a not one of b.
    """

    rule: str
    n_units: int
    n_links: int
    n_components: int
    islands: tuple[str, ...]
    no_geometry: tuple[str, ...] = ()
    one_way: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        lines = [
            f"{self.rule}: {self.n_links} links among {self.n_units} units, {self.n_components} components, "
            f"{len(self.islands)} islands"
        ]
        for title, codes in (("islands", self.islands), ("no geometry", self.no_geometry)):
            if codes:
                lines.append(f"  {title}: {', '.join(codes)}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Neighbours:
    """A graph of binary weights over all units, and its report.

    Parameters
    ----------
    graph
        Every unit is a node, in the order given; islands have no link.
    report
        Counts, islands and what else a reader must know.
    match
        For pairs only: which pairs were used and which not.
    """

    graph: Graph
    report: NeighbourReport
    match: MatchReport | None = None


def neighbours_from_polygons(
    units: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    rule: Rule,
    k: int | None = None,
    threshold: float | None = None,
) -> Neighbours:
    """Find the neighbours of each polygon.

    Parameters
    ----------
    units
        n geometries, indexed by unit code, each code once. Null and empty geometries stay as islands.
    rule
        ``"queen"``: shares at least a point of its border. ``"rook"``: shares a stretch of it. ``"knn"``: one of the
        k nearest. ``"distance"``: no farther than the threshold. The last two measure between centroids.
    k
        Neighbours of each unit, for ``"knn"``. The relation is not mutual.
    threshold
        Largest distance, for ``"distance"``; in metres (the unit of the CRS).

    Raises
    ------
    CRSError
        Distances are asked for and the CRS is missing or in degrees.
    GeometryError
        No unit has a geometry, codes stand twice, or a unit without area is asked for its border.
    FupingError
        The rule is unknown, or ``k`` or ``threshold`` is missing, not positive, or not for this rule.

    Notes
    -----
    Polygons that should touch but leave a gap or overlap are no neighbours; clean the coverage first.
    """
    if rule not in get_args(Rule):
        raise FupingError(f"Rule {rule!r} is unknown.", remedy=f"Choose one of {', '.join(get_args(Rule))}.")
    _check_measure(rule, "k", k, "knn")
    _check_measure(rule, "threshold", threshold, "distance")
    shapes = units.geometry
    if not shapes.index.is_unique:
        twice = shapes.index[shapes.index.duplicated()].unique()
        raise GeometryError(f"Codes stand twice: {', '.join(map(str, twice[:5]))}.", remedy="Index by unique codes.")
    blank = shapes.isna() | shapes.is_empty
    drawn = shapes[~blank]
    if drawn.empty:
        raise GeometryError(f"None of {len(shapes)} units has a geometry.", remedy="Give polygons.")
    if rule in ("knn", "distance") and (drawn.crs is None or drawn.crs.is_geographic):
        found = "no CRS" if drawn.crs is None else f"{drawn.crs.name}, in degrees"
        raise CRSError(
            f"Distances cannot be measured in {found}.", remedy="Project the polygons to a metric CRS first (to_crs)."
        )
    if k is not None and k >= len(drawn):
        raise FupingError(
            f"{k} nearest neighbours are asked for among {len(drawn)} units with a geometry.",
            remedy="Ask for fewer than there are others.",
        )
    if rule in ("queen", "rook"):
        areas = drawn.geom_type.isin(["Polygon", "MultiPolygon"])
        if not areas.all():
            raise GeometryError(
                f"Unit {drawn.index[~areas][0]} is a {drawn.geom_type[~areas].iloc[0]}, which has no border to share.",
                remedy="Give polygons, or use knn or distance.",
            )
        # Strict compares borders; by vertices alone, units that meet in a T would not be neighbours.
        graph, words = Graph.build_contiguity(drawn, rook=rule == "rook", strict=True), str(rule)
    elif rule == "knn":
        graph, words = Graph.build_knn(drawn.centroid, k=k), f"{k} nearest"
    else:
        graph, words = Graph.build_distance_band(drawn.centroid, threshold=threshold), f"within {threshold:g}"
    links = graph.adjacency[graph.adjacency > 0].reset_index()[["focal", "neighbor"]]
    whole = _binary_graph(links, shapes.index)
    return Neighbours(whole, _report(whole, words, no_geometry=tuple(shapes.index[blank].astype(str))))


def _check_measure(rule: str, name: str, value: float | None, wanted_by: str) -> None:
    if rule == wanted_by and (value is None or not value > 0):
        raise FupingError(f"Rule {rule!r} needs {name} > 0, found {value!r}.", remedy=f"Give {name}=.")
    if rule != wanted_by and value is not None:
        raise FupingError(f"{name} = {value!r} says nothing about rule {rule!r}.", remedy=f"Leave {name} out.")


def neighbours_from_pairs(
    pairs: pd.DataFrame,
    units: pd.Index,
    *,
    symmetric: Literal["as_given", "both_ways"],
) -> Neighbours:
    """Read neighbours from given pairs of units.

    Parameters
    ----------
    pairs
        One row a pair, its first two columns the unit and its neighbour (text codes).
    units
        Codes of all units, each once; units in no pair become islands.
    symmetric
        ``"as_given"`` keeps the direction of each row, ``"both_ways"`` makes every pair mutual.

    Returns
    -------
    Neighbours
        ``match`` counts the rows: pairs of a unit with itself are ``left_out``, repeated rows are ``duplicate``,
        rows that name other units are ``unknown_code``.

    Raises
    ------
    FupingError
        There are fewer than two columns, units stand twice, or ``symmetric`` is unknown.
    """
    if symmetric not in ("as_given", "both_ways"):
        raise FupingError(f"symmetric={symmetric!r} is unknown.", remedy="Choose as_given or both_ways.")
    if pairs.shape[1] < 2:
        raise FupingError(f"The pairs have {pairs.shape[1]} columns.", remedy="Give unit and neighbour.")
    if not units.is_unique:
        raise FupingError("Units stand twice.", remedy="Give each code once.")
    rows = pairs.iloc[:, :2].set_axis(["focal", "neighbor"], axis=1).reset_index(drop=True)
    unknown = ~(rows["focal"].isin(units) & rows["neighbor"].isin(units))
    itself = rows["focal"] == rows["neighbor"]
    again = rows.duplicated()
    reasons: tuple[tuple[Reason, pd.Series], ...] = (
        ("unknown_code", unknown),
        ("left_out", itself & ~unknown),
        ("duplicate", again & ~unknown & ~itself),
    )
    lost = [
        Unmatched(str(row.focal), "", reason, f"with {row.neighbor}")
        for reason, which in reasons
        for row in rows[which].itertuples(index=False)
    ]
    kept = rows[~(unknown | itself | again)]
    if symmetric == "both_ways":
        back = kept.rename(columns={"focal": "neighbor", "neighbor": "focal"})[["focal", "neighbor"]]
        links = pd.concat([kept, back], ignore_index=True).drop_duplicates()
    else:
        links = kept
    graph = _binary_graph(links, units)
    report = _report(graph, f"given pairs, {symmetric.replace('_', ' ')}")
    match = MatchReport(
        "pairs of neighbours",
        n_left=len(rows),
        n_right=len(units),
        matched=len(kept),
        unmatched_left=tuple(lost),
        unmatched_right=tuple(Unmatched(code, "", "no_data", "in no pair") for code in report.islands),
    )
    return Neighbours(graph, report, match)


def _binary_graph(links: pd.DataFrame, units: pd.Index) -> Graph:
    """Build the graph over all units in their order, so that no island is lost."""
    at, to = units.get_indexer(links["focal"]), units.get_indexer(links["neighbor"])
    matrix = sparse.csr_array((np.ones(len(links)), (at, to)), shape=(len(units), len(units)))
    return Graph.from_sparse(matrix, ids=units.to_numpy())


def _report(graph: Graph, rule: str, no_geometry: tuple[str, ...] = ()) -> NeighbourReport:
    matrix = graph.sparse.tocsr()
    lone = matrix - matrix.multiply(matrix.T)
    at, to = lone.nonzero()
    codes = graph.unique_ids.astype(str)
    components = sparse.csgraph.connected_components(matrix, directed=False, return_labels=False)
    return NeighbourReport(
        rule=rule,
        n_units=int(graph.n),
        n_links=int(graph.n_edges),
        n_components=int(components),
        islands=tuple(graph.isolates.astype(str)),
        no_geometry=no_geometry,
        one_way=tuple(zip(codes[at], codes[to], strict=True)),
    )
