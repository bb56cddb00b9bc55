"""Two independent samples read as one design, with the period as the outer stratum.

So a component of the change between them has a standard error, by linearisation or bootstrap, that takes account of
both. A stratum of ``psu_population`` is labelled ``("before", label)`` or ``("after", label)``, the label being
``"all"`` without strata.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from fuping.spatial.poverty.linearised import Linearised
from fuping.spatial.poverty.sample import Sample, read_numbers, read_sample
from numpy.typing import ArrayLike, NDArray

__all__ = ["inside_period", "two_samples"]

Floats = NDArray[np.float64]


def inside_period(found: Linearised, rows: NDArray[np.bool_]) -> Linearised:
    """Keep the influence of the rows of one period: the weights of the other do not enter."""
    return Linearised(found.value, np.where(rows, found.influence, 0.0))


def two_samples(
    before: ArrayLike,
    after: ArrayLike,
    weights: tuple[ArrayLike | None, ArrayLike | None],
    strata: tuple[ArrayLike | None, ArrayLike | None],
    clusters: tuple[ArrayLike | None, ArrayLike | None],
) -> tuple[Floats, NDArray[np.bool_], Sample]:
    """Read two samples as one; give the values, which are of the later, and the design."""
    numbers, everyone = [], []
    labels: list[Any] = []
    units: list[Any] = []
    for name, data, w, stratum, cluster in zip(
        ("before", "after"), (before, after), weights, strata, clusters, strict=True
    ):
        # Read alone first, so that a fault is one of its own period and all its values cannot be missing.
        read_sample(data, weights=w, strata=stratum, clusters=cluster)
        values = read_numbers(data, name)
        numbers.append(values)
        everyone.append(np.ones(len(values)) if w is None else read_numbers(w, "weights"))
        inner: list[Any] = ["all"] * len(values) if stratum is None else pd.Series(stratum).tolist()
        labels.extend((name, one) for one in inner)
        units.extend(range(len(values)) if cluster is None else pd.Series(cluster).tolist())
    later = np.repeat([False, True], [len(part) for part in numbers])
    # A Series of tuples, which an array would take for two columns.
    strata_of_both = pd.Series(labels, dtype="object")
    y, sample = read_sample(
        np.concatenate(numbers), weights=np.concatenate(everyone), strata=strata_of_both, clusters=units
    )
    return y, later[sample.present], sample
