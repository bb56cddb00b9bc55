"""Values of the neighbours."""

from __future__ import annotations

import numpy as np
import pandas as pd
from fuping.spatial.dynamics.panel import Panel, PanelError, read_panel
from libpysal.graph import Graph
from scipy import sparse

__all__ = ["matrix_for", "spatial_lag"]


def matrix_for(graph: Graph, units: pd.Index) -> sparse.csr_array:
    """Give the weights of a graph in the order of the units, without self-links.

    Raises
    ------
    PanelError
        The graph lacks units, or knows others.
    """
    nodes = graph.unique_ids
    absent, strange = units.difference(nodes), nodes.difference(units)
    if len(absent) or len(strange):
        raise PanelError(
            f"The neighbour graph lacks {len(absent)} of {len(units)} units"
            + (f" ({', '.join(map(str, absent[:3]))} …)" if len(absent) else "")
            + f" and knows {len(strange)} others"
            + (f" ({', '.join(map(str, strange[:3]))} …)." if len(strange) else "."),
            remedy="Build the graph over these very units; islands may be among them.",
            absent=list(absent),
            strange=list(strange),
        )
    order = nodes.get_indexer(units)
    matrix = sparse.csr_array(graph.sparse)[order][:, order]
    matrix.setdiag(0)
    matrix.eliminate_zeros()
    return matrix


def spatial_lag(values: Panel, graph: Graph) -> pd.DataFrame:
    """Average the observed neighbours of each unit in each year.

    Parameters
    ----------
    values
        Shape (m years, n units), NaN missing.
    graph
        Neighbours over the same units; weights are standardised over the observed neighbours.

    Returns
    -------
    pandas.DataFrame
        On the same years and units; NaN for islands and where no neighbour was observed. A unit that is itself
        missing still has a lag.

    Raises
    ------
    PanelError
        The graph is not over these units.
    """
    panel = read_panel(values)
    matrix = matrix_for(graph, panel.columns)
    grid = panel.to_numpy().T
    seen = ~np.isnan(grid)
    total, weight = matrix @ np.where(seen, grid, 0.0), matrix @ seen.astype(float)
    lag = np.divide(total, weight, out=np.full(grid.shape, np.nan), where=weight > 0)
    return pd.DataFrame(lag.T, index=panel.index, columns=panel.columns)
