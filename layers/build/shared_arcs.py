"""Cut rings where what lies beside them changes, so that two neighbours name the same border and not each its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["shared_arcs"]


def shared_arcs(rings: Sequence[NDArray[np.int64]]) -> tuple[list[NDArray[np.int64]], list[list[int]]]:
    """Return arcs, each once, and of which each ring consists, as TopoJSON names them.

    Parameters
    ----------
    rings
        Closed rings on a grid: int64 of shape (n, 2), the last point the first again, no point twice in a row.

    Returns
    -------
    arcs
        Points in the first direction that they are met in; one that borders nothing else is closed.
    references
        For each ring its arcs in order, from whichever point; ``~i`` is arc i backwards.

    Notes
    -----
    A ring is cut at a point where the rings through it do not all come from and go to the same two points, as in
    Bostock's topojson-server.

    Examples
    --------
    Two squares beside each other, and the border between them:

    >>> left = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]])
    >>> arcs, references = shared_arcs([left, left + (1, 0)])
    >>> [arc.tolist() for arc in arcs]
    [[[1, 0], [1, 1]], [[1, 1], [0, 1], [0, 0], [1, 0]], [[1, 0], [2, 0], [2, 1], [1, 1]]]
    >>> references
    [[0, 1], [2, -1]]
    """
    if not rings:
        return [], []
    points, numbers = np.unique(np.concatenate([ring[:-1] for ring in rings]), axis=0, return_inverse=True)
    ends = np.cumsum([len(ring) - 1 for ring in rings])
    paths = np.split(numbers.ravel(), ends[:-1])
    cut = _junctions(paths, len(points))
    arcs: list[NDArray[np.int64]] = []
    known: dict[bytes, int] = {}

    def reference(arc: NDArray[np.int64]) -> int:
        met = known.get(arc.tobytes())
        if met is not None:
            return met
        known[arc.tobytes()] = len(arcs)
        known.setdefault(arc[::-1].tobytes(), ~len(arcs))
        arcs.append(points[arc])
        return len(arcs) - 1

    references = []
    for path in paths:
        at = np.flatnonzero(cut[path])
        # A ring that nothing cuts may be another's hole, which begins elsewhere.
        begun = np.roll(path, -(int(at[0]) if len(at) else int(np.argmin(path))))
        closed = np.append(begun, begun[0])
        stops = np.append(at - at[0], len(path)) if len(at) else np.array([0, len(path)])
        pairs = zip(stops[:-1].tolist(), stops[1:].tolist(), strict=True)
        references.append([reference(closed[start : stop + 1]) for start, stop in pairs])
    return arcs, references


def _junctions(paths: Sequence[NDArray[np.int64]], n: int) -> NDArray[np.bool_]:
    """Return which of n points lie between other points in one path than in another."""
    here = np.concatenate(paths)
    before = np.concatenate([np.roll(path, 1) for path in paths])
    after = np.concatenate([np.roll(path, -1) for path in paths])
    beside = np.sort(np.stack([before, after]), axis=0)
    first = np.empty((2, n), dtype=np.int64)
    first[:, here] = beside
    cut = np.zeros(n, dtype=bool)
    cut[here[(beside != first[:, here]).any(axis=0)]] = True
    return cut
