"""Samples with weights, strata and clusters: reading and checking them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from fuping.spatial.poverty.errors import DesignError, PovertyError
from fuping.spatial.poverty.estimate import Inference
from fuping.spatial.wording import worded
from numpy.typing import ArrayLike, NDArray

__all__ = ["Sample", "read_numbers", "read_sample", "refuse_misaligned"]


@dataclass(frozen=True, eq=False)
class Sample:
    """The design of a sample of n rows, m of which have a value.

    Parameters
    ----------
    present
        bool, shape (n,); rows with a value.
    weights
        float64, shape (m,), not negative; their weights.
    psu
        intp, shape (n,); number of the primary sampling unit of each row.
    psu_strata
        intp, shape (n_psu,); number of the stratum of each primary sampling unit.
    strata
        Labels of the strata, in the order of their numbers.
    """

    present: NDArray[np.bool_]
    weights: NDArray[np.float64]
    psu: NDArray[np.intp]
    psu_strata: NDArray[np.intp]
    strata: tuple[Any, ...]

    @property
    def stratum_sizes(self) -> NDArray[np.intp]:
        """Primary sampling units of each stratum."""
        return np.bincount(self.psu_strata, minlength=len(self.strata))

    def named_strata(self, chosen: NDArray[np.bool_]) -> str:
        """Give the labels of strata, for a message."""
        labels = [str(label) for label, use in zip(self.strata, chosen, strict=True) if use]
        return ", ".join(labels[:10]) + (f" and {len(labels) - 10} more" if len(labels) > 10 else "")

    def sampled_fractions(self, inference: Inference) -> NDArray[np.float64]:
        """Compute the sampled part of each stratum's primary sampling units; zero without a correction.

        Raises
        ------
        DesignError
            A stratum has no population size, or fewer units in the population than in the sample.
        """
        sizes, known = self.stratum_sizes, inference.psu_population
        if known is None:
            return np.zeros(len(sizes))
        if isinstance(known, (int, float)):
            whole = np.full(len(sizes), float(known))
        else:
            absent = [str(label) for label in self.strata if label not in known]
            if absent:
                raise DesignError(
                    f"psu_population has no number for the strata {', '.join(absent)}.", remedy="Give one for each."
                )
            whole = np.array([float(known[label]) for label in self.strata])
        short = ~(whole >= sizes)
        if short.any():
            raise DesignError(
                f"Strata have fewer primary sampling units in the population than in the sample: "
                f"{self.named_strata(short)}.",
                remedy="psu_population counts the units of the population.",
            )
        return sizes / whole


def read_sample(
    values: ArrayLike | pd.DataFrame,
    *,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
) -> tuple[NDArray[np.float64], Sample]:
    """Check a sample and set apart the rows without a value.

    Parameters
    ----------
    values
        Numbers, shape (n,) or (n, k); NaN is missing. A row counts where all k are there.
    weights
        shape (n,), not negative; people or households that a row stands for. Without them each row counts 1.
    strata
        shape (n,); label of the stratum of each row.
    clusters
        shape (n,); label of its primary sampling unit, unique within the stratum: the same label in two strata is
        two units. Without them each row is one.

    Returns
    -------
    (float64 of shape (m,) or (m, k), Sample)
        Values of the m rows that have one, and the design of all n.

    Raises
    ------
    PovertyError
        No rows, values that are no finite numbers, no row with a value, weights that are missing, negative or sum to
        zero, lengths or indices that differ.
    DesignError
        A stratum or cluster label is missing.
    """
    numbers = read_numbers(values, worded("values"))
    n = len(numbers)
    if n == 0:
        raise PovertyError(worded("There are no rows."), remedy=worded("Give at least one value."))
    missing = np.asarray(np.isnan(numbers.reshape(n, -1)).any(axis=1), dtype=bool)
    if missing.all():
        raise PovertyError(
            worded("All {n} values are missing.", n=n), remedy=worded("Check the column that was given."), n=n
        )
    w = np.ones(n) if weights is None else read_numbers(weights, worded("weights"), like=values)
    bad = ~(w >= 0)
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        raise PovertyError(
            worded(
                "{bad} of {n} weights are negative or missing, the first {weight} in row {first}.",
                bad=int(bad.sum()),
                n=n,
                weight=w[first],
                first=first,
            ),
            remedy=worded("Give each row a weight of zero or more."),
            row=first,
        )
    present = ~missing
    if w[present].sum() == 0:
        raise PovertyError(
            worded("The weights of the rows with a value sum to zero."), remedy=worded("Check weights and values.")
        )
    stratum, labels = _codes(strata, worded("strata"), values, n)
    cluster = np.arange(n) if clusters is None else _codes(clusters, worded("clusters"), values, n)[0]
    pairs, psu = np.unique(stratum * (int(cluster.max()) + 1) + cluster, return_inverse=True)
    psu_strata = (pairs // (int(cluster.max()) + 1)).astype(np.intp)
    return numbers[present], Sample(present, w[present], psu.astype(np.intp), psu_strata, labels)


def read_numbers(
    data: ArrayLike | pd.DataFrame, name: str, *, like: ArrayLike | pd.DataFrame | None = None
) -> NDArray[np.float64]:
    """Turn data into floats and refuse what is none, is infinite, or is not aligned with other data."""
    try:
        frame = data if isinstance(data, (pd.Series, pd.DataFrame)) else np.asarray(data)
        numbers = (
            frame.to_numpy(dtype=float, na_value=np.nan)
            if isinstance(frame, (pd.Series, pd.DataFrame))
            else frame.astype(float)
        )
    except (TypeError, ValueError) as error:
        raise PovertyError(
            worded("{name} are not all numbers: {error}.", name=name, error=error),
            remedy=worded("Give numbers, NaN where missing."),
        ) from None
    if np.isinf(numbers).any():
        raise PovertyError(
            worded("{name} hold {n} infinite numbers.", name=name, n=int(np.isinf(numbers).sum())),
            remedy=worded("Mend these rows."),
        )
    refuse_misaligned(data, name, numbers.shape[0] if numbers.ndim else 0, like)
    return numbers


def refuse_misaligned(data: Any, name: str, length: int, like: Any) -> None:
    """Refuse data of another length than ``like``, or on another index where both have one."""
    if like is None:
        return
    if length != len(like):
        raise PovertyError(f"There are {len(like)} values and {length} {name}.", remedy="Give one for each row.")
    pandas = (pd.Series, pd.DataFrame)
    if isinstance(data, pandas) and isinstance(like, pandas) and not data.index.equals(like.index):
        raise PovertyError(f"{name} and values have different indices.", remedy="Align them first.")


def _codes(labels: ArrayLike | None, name: str, like: Any, n: int) -> tuple[NDArray[np.intp], tuple[Any, ...]]:
    if labels is None:
        return np.zeros(n, dtype=np.intp), ("all",)
    refuse_misaligned(labels, name, len(labels), like)  # type: ignore[arg-type]
    codes, known = pd.factorize(pd.Series(labels).reset_index(drop=True), sort=False)
    if (codes < 0).any():
        row = int(np.flatnonzero(codes < 0)[0])
        raise DesignError(
            worded(
                "{n_missing} of {n} {name} are missing, the first in row {row}.",
                n_missing=int((codes < 0).sum()),
                n=n,
                name=name,
                row=row,
            ),
            remedy=worded("Give each row its label."),
            row=row,
        )
    return codes.astype(np.intp), tuple(known)
