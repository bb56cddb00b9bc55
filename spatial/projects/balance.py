"""Whether treated and untreated were alike before, and whether they overlap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from fuping.spatial.projects.design import separating_covariates
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.wording import worded
from numpy.typing import NDArray
from statsmodels.discrete.discrete_model import Logit

__all__ = ["Overlap", "balance_table", "propensity", "propensity_overlap", "read_groups"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Overlap:
    r"""How far the chance of treatment, given covariates, lets the groups be compared.

    Parameters
    ----------
    propensity
        Chance of treatment of each unit, on the index of the covariates.
    treated_outside
        Share of the treated whose chance is above that of every control.
    effective_controls
        Controls that the weighted controls are worth: :math:`(\sum w)^2 / \\sum w^2` with odds w.
    largest_weight
        Share of the weight of all controls that the heaviest has.
    """

    propensity: pd.Series
    treated_outside: float
    effective_controls: float
    largest_weight: float


def balance_table(covariates: pd.DataFrame, treated: pd.Series, *, weights: pd.Series | None = None) -> pd.DataFrame:
    r"""Compare covariates of treated and untreated units.

    Parameters
    ----------
    covariates
        n rows of numbers, one a unit, known before the treatment.
    treated
        bool, on the same index.
    weights
        How many units each stands for.

    Returns
    -------
    pandas.DataFrame
        Indexed by covariate: ``treated_mean``, ``control_mean``, ``standardised_difference``, ``variance_ratio``,
        ``n_treated``, ``n_control`` (units with a value) and ``missing``. The difference is missing where nothing
        varies.

    Raises
    ------
    DesignError
        A covariate is no number, a group is empty, or indexes differ.

    Notes
    -----
    :math:`d = (\bar x_1 - \bar x_0) / \sqrt{(s_1^2 + s_0^2)/2}` and :math:`s_1^2/s_0^2`: Austin (2009), Statistics in
    Medicine 28, 3083–3107. By custom, :math:`|d|` above 0.1 and ratios outside 0.5 to 2 ask for attention.

    Examples
    --------
    >>> table = balance_table(pd.DataFrame({"x": [1.0, 3.0, 0.0, 2.0]}), pd.Series([True, True, False, False]))
    >>> float(table.loc["x", "standardised_difference"].round(4))
    0.7071
    """
    x, group = read_groups(covariates, treated)
    w = np.ones(len(x)) if weights is None else weights.reindex(covariates.index).to_numpy(dtype=float)
    if not (np.isfinite(w) & (w >= 0)).all():
        raise DesignError("A weight is missing or negative.", remedy="Give every unit a weight of zero or more.")
    rows = []
    for column in x.columns:
        values = x[column].to_numpy()
        seen = ~np.isnan(values) & (w > 0)
        (mean_1, var_1, n_1), (mean_0, var_0, n_0) = (_moments(values[seen & g], w[seen & g]) for g in (group, ~group))
        pooled = np.sqrt((var_1 + var_0) / 2)
        rows.append(
            {
                "treated_mean": mean_1,
                "control_mean": mean_0,
                "standardised_difference": (mean_1 - mean_0) / pooled if pooled > 0 else np.nan,
                "variance_ratio": var_1 / var_0 if var_0 > 0 else np.nan,
                "n_treated": n_1,
                "n_control": n_0,
                "missing": int(np.isnan(values).sum()),
            }
        )
    return pd.DataFrame(rows, index=pd.Index(x.columns, name="covariate"))


def propensity_overlap(covariates: pd.DataFrame, treated: pd.Series) -> Overlap:
    """Estimate the chance of treatment by logit, and how far the groups overlap in it.

    Parameters
    ----------
    covariates, treated
        As :func:`balance_table` takes them, without missing values.

    Raises
    ------
    DesignError
        Values are missing, no covariate varies, one follows from others, or covariates tell the groups apart perfectly:
        a chance of 0 or 1 compares with nobody.
    """
    x, group = read_groups(covariates, treated)
    chance = propensity(x, group)
    controls = chance[~group]
    odds = controls / (1 - controls)
    return Overlap(
        propensity=pd.Series(chance, index=covariates.index, name="propensity"),
        treated_outside=float((chance[group] > controls.max()).mean()),
        effective_controls=float(odds.sum() ** 2 / (odds**2).sum()),
        largest_weight=float(odds.max() / odds.sum()),
    )


def read_groups(covariates: pd.DataFrame, treated: pd.Series) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Return covariates as numbers and the treatment as truth values; refuse what is neither, and one group only."""
    if not covariates.index.equals(treated.index):
        raise DesignError("Covariates and treatment have different indexes.", remedy="Give both on one index of units.")
    x = covariates.apply(pd.to_numeric, errors="coerce").astype("float64")
    wrong = [
        str(name) for name in x.columns if (x[name].isna() & covariates[name].notna()).any() or np.isinf(x[name]).any()
    ]
    if wrong:
        raise DesignError(
            worded("{columns} has values that are no numbers.", columns=", ".join(wrong)),
            remedy=worded("Code them as numbers."),
            covariates=wrong,
        )
    if treated.isna().any():
        raise DesignError(worded("The treatment of {n} units is missing.", n=int(treated.isna().sum())))
    group = treated.to_numpy(dtype=bool)
    if group.all() or not group.any():
        raise DesignError(
            worded("{treated} of {n} units are treated.", treated=int(group.sum()), n=len(group)),
            remedy=worded("Give units of both kinds."),
        )
    return x, group


def propensity(x: pd.DataFrame, group: NDArray[np.bool_]) -> Floats:
    """Return each unit's chance of treatment by logit, shape (n,); refuse what :func:`propensity_overlap` does."""
    missing = x.index[x.isna().any(axis=1)].tolist()
    if missing:
        raise DesignError(
            worded("{n} units lack a covariate: {which}.", n=len(missing), which=", ".join(map(str, missing[:10]))),
            remedy=worded("Leave them out, and say that you did."),
            units=missing,
        )
    names = separating_covariates(x.to_numpy(), group, tuple(map(str, x.columns)))
    if names:
        raise DesignError(
            worded("The groups do not overlap: {names} tell them apart perfectly.", names=", ".join(names)),
            remedy=worded("Drop these covariates, or compare with other units."),
            covariates=names,
        )
    spread = x.to_numpy().std(axis=0)
    if not (spread > 0).any():
        raise DesignError(
            worded("The covariates {columns} are the same for all units.", columns=", ".join(map(str, x.columns))),
            remedy=worded("Give covariates that vary."),
        )
    varying = (x.to_numpy() - x.to_numpy().mean(axis=0))[:, spread > 0] / spread[spread > 0]
    if np.linalg.matrix_rank(varying) < varying.shape[1]:
        raise DesignError(
            worded("The covariates {columns} are linearly dependent.", columns=", ".join(map(str, x.columns))),
            remedy=worded("Drop one of those that follow from the others."),
        )
    fitted = Logit(group.astype(float), np.column_stack([np.ones(len(x)), varying])).fit(disp=False, maxiter=200)
    return np.asarray(fitted.predict())


def _moments(values: Floats, weights: Floats) -> tuple[float, float, int]:
    """Return mean, variance and count; weights count units, so that the variance has the divisor Σw − 1."""
    total = weights.sum()
    if total <= 0:
        return np.nan, np.nan, 0
    mean = float((weights * values).sum() / total)
    variance = float((weights * (values - mean) ** 2).sum() / (total - 1)) if total > 1 else np.nan
    return mean, variance, len(values)
