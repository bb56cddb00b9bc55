r"""Replicate weights that redraw primary sampling units within strata.

The rescaling bootstrap of Rao and Wu (1988, JASA 83, 231–241) in the form for weights of Rao, Wu and Yue (1992, Survey
Methodology 18(2), 209–217): of the :math:`n_h` units of a stratum :math:`n_h-1` are drawn with replacement, and a unit
drawn :math:`r` times gets its weight times :math:`1-\lambda+\lambda r\,n_h/(n_h-1)`, with
:math:`\lambda=\sqrt{1-f_h}` (1 without a finite population correction). For totals its variance is that of
linearisation in expectation.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from fuping.spatial.poverty.errors import DesignError
from fuping.spatial.poverty.estimate import Inference
from fuping.spatial.poverty.sample import Sample
from numpy.typing import NDArray

__all__ = ["replicate_weights"]


def replicate_weights(sample: Sample, inference: Inference) -> Iterator[NDArray[np.float64]]:
    """Yield the weights of each replicate.

    Parameters
    ----------
    sample
        The design.
    inference
        Number of replicates, seed, finite population correction, and what to do with single units.

    Yields
    ------
    float64, shape (n,)
        Weights of the n rows that have a value, in the order of the sample.

    Raises
    ------
    DesignError
        A stratum has a single primary sampling unit and it was not said to be taken with certainty.
    """
    random = np.random.default_rng(inference.seed)
    sizes = sample.stratum_sizes
    alone = sizes == 1
    if alone.any() and inference.single_psu != "certainty":
        raise DesignError(
            f"Strata with one primary sampling unit cannot be redrawn: {sample.named_strata(alone)}.",
            remedy="Merge them with a neighbouring stratum, or give single_psu='certainty'.",
        )
    scale = np.sqrt(1 - sample.sampled_fractions(inference))
    order = np.argsort(sample.psu_strata, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)])
    for _ in range(inference.replicates):
        factor = np.ones(len(order))
        for stratum, size in enumerate(sizes):
            if size > 1:
                drawn = random.multinomial(size - 1, np.full(size, 1 / size))
                units = order[starts[stratum] : starts[stratum + 1]]
                factor[units] = 1 - scale[stratum] + scale[stratum] * drawn * size / (size - 1)
        yield sample.weights * factor[sample.psu[sample.present]]
