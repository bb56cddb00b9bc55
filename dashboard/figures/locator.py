"""Where a unit lies, as two small maps: its division in the country, and the unit among those beside it; as SVG."""

from __future__ import annotations

import numpy as np
from fuping.dashboard.figures.atlas import atlas
from fuping.dashboard.figures.style import ACCENT
from fuping.dashboard.queries.surroundings import Surroundings
from numpy.typing import NDArray

__all__ = ["among_siblings", "in_country"]

QUIET, BESIDE, PLAIN = "#dedbd3", "#b9d3cf", "#efede7"


def in_country(around: Surroundings, inside: NDArray[np.int64], *, label: str) -> str:
    """Return the country with the division that is or holds the unit filled.

    Parameters
    ----------
    inside
        Places of the divisions that the frame holds.
    label
        What a reader who cannot see it is told.
    """
    at = inside if around.home is None or around.home in inside else np.array([around.home])
    fills = [ACCENT if one == around.home else QUIET for one in at]
    return atlas(around.divisions[at], fills, width=150, height=128, label=label, beside=around.land, furniture=False)


def among_siblings(
    around: Surroundings,
    shapes: NDArray[np.object_],
    siblings: NDArray[np.int64],
    at: int,
    beside: NDArray[np.int64],
    *,
    label: str,
) -> str:
    """Return the units of a level that lie in the same division, the unit filled and its neighbours tinted.

    What else there is of the country lies beneath, quietly, and other countries more quietly still.

    Parameters
    ----------
    shapes
        Of the level.
    siblings, at, beside
        Places of those drawn, of the unit, and of its neighbours.
    label
        What a reader who cannot see it is told.
    """
    fills = [ACCENT if one == at else BESIDE if one in beside else QUIET for one in siblings]
    apart = np.setdiff1d(beside, siblings)
    context = np.concatenate([around.divisions, shapes[apart]])
    tints = [PLAIN] * len(around.divisions) + [BESIDE] * len(apart)
    return atlas(
        shapes[siblings],
        fills,
        width=230,
        height=190,
        label=label,
        context=context,
        context_fills=tints,
        beside=around.land,
    )
