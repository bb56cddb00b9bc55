"""Units just above and just below a cutoff of a score that decides on the treatment."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from diff_diff import RDPlot, RegressionDiscontinuity, RegressionDiscontinuityResults
from fuping.spatial.inference import Estimate, check_confidence
from fuping.spatial.projects.density import DensityTest, check_sides, density_test
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.influence import estimate
from fuping.spatial.wording import worded
from numpy.typing import NDArray

__all__ = ["Discontinuity", "discontinuity", "discontinuity_balance"]

WEAK = 10.0
"""Square of the z-value of the jump in treatment below which a fuzzy design rests on nothing; Staiger and Stock (1997),
Econometrica 65, 557–586."""

SURE = 0.5
"""Jump in treatment without error below which it is taken for none."""


@dataclass(frozen=True, eq=False)
class Discontinuity:
    """The jump of the outcome at the cutoff.

    Parameters
    ----------
    overall
        Effect at the cutoff, bias-corrected, with its robust interval; of those whom the cutoff moves where not all
        follow it.
    conventional
        The plain local linear estimate, whose interval ignores its bias.
    bandwidth
        How far from the cutoff units count, in units of the score; the same to both sides.
    bias_bandwidth
        The same for the correction of its bias.
    n_left, n_right
        Units within the bandwidth.
    fuzzy
        Whether some units do not follow the cutoff.
    first_stage
        Jump of the share treated at the cutoff; 1 or −1 where all follow it.
    density
        Test that the score was not bent.
    bins
        For the picture: ``score`` and ``outcome`` (means of a bin), ``low``, ``high`` (interval of the mean), ``n`` and
        ``right`` (at the cutoff or above).
    lines
        The local lines: ``score``, ``outcome``, ``right``.
    """

    overall: Estimate
    conventional: Estimate
    bandwidth: float
    bias_bandwidth: float
    n_left: int
    n_right: int
    fuzzy: bool
    first_stage: float
    density: DensityTest
    bins: pd.DataFrame
    lines: pd.DataFrame


def discontinuity(
    outcome: pd.Series,
    score: pd.Series,
    *,
    cutoff: float,
    treated: pd.Series | None = None,
    strata: pd.Series | None = None,
    confidence: float = 0.95,
) -> Discontinuity:
    r"""Estimate the jump of an outcome at the cutoff of a score.

    Parameters
    ----------
    outcome, score
        One number a unit, on one index, without missing values. The score may be the distance to a border, negative on
        one side.
    cutoff
        Value of the score from which on units are treated (or are not).
    treated
        bool, on the same index: who was treated in fact. ``None``: those at the cutoff or above.
    strata
        Label of a group on the same index (the nearest segment of a border, say): units are then compared within their
        group, by an indicator for each. ``None``: all with all.
    confidence
        Of the intervals.

    Raises
    ------
    DesignError
        Indexes differ, a value is missing, fewer than twenty units stand on a side, the outcome does not vary, or the
        share treated does not jump at the cutoff, or not all follow it and strata are given.

    Notes
    -----
    Local linear regression with triangular kernel, bandwidth that minimises the mean squared error, robust
    bias-corrected interval with nearest-neighbour variance: Calonico, Cattaneo and Titiunik (2014), Econometrica 82,
    2295–2326, with the defaults of rdrobust, by diff-diff. Where not all follow the cutoff the jump of the outcome is
    divided by that of the share treated; the bandwidth is then that of the outcome's jump. Indicators of strata enter
    as covariates that move both sides alike: Calonico, Cattaneo, Farrell and Titiunik (2019), Review of Economics and
    Statistics 101, 442–451. The picture shows the outcome less what the strata account for.
    """
    check_confidence(confidence)
    table = _table(outcome, score, treated)
    check_sides(table["score"], cutoff)
    group = _groups(strata, table)
    right = table["score"] >= cutoff
    fuzzy = treated is not None and not (table["treated"].eq(right).all() or table["treated"].eq(~right).all())
    # Where all below are treated and none above, the jump upwards is that of leaving the treatment.
    sign = 1.0 if fuzzy or table.loc[right, "treated"].all() else -1.0
    if fuzzy and group is not None:
        raise DesignError("Not all follow the cutoff.", remedy="Compare within strata only where all do.")
    if float(table["outcome"].std()) == 0:
        raise DesignError(
            worded("The outcome is the same in all units."), remedy=worded("Choose an outcome that varies.")
        )
    table["takeup"] = table["treated"].astype(float)
    with warnings.catch_warnings():
        # Of repeated scores it warns; the picture and the density test show them.
        warnings.simplefilter("ignore", UserWarning)
        try:
            if group is None:
                engine = RegressionDiscontinuity(cutoff=cutoff, alpha=1 - confidence, sharpbw=fuzzy)
                found = engine.fit(table, outcome="outcome", running="score", takeup="takeup" if fuzzy else None)
            else:
                found, table["outcome"] = _within(table, group, cutoff, confidence)
        except (ValueError, np.linalg.LinAlgError) as error:
            raise DesignError(f"No line can be drawn at the cutoff: {error}", code="no_line", cutoff=cutoff) from error
    first = float(found.first_stage) if fuzzy else sign
    # Where all within the bandwidth follow the cutoff the jump in treatment has no error.
    z = float(found.first_stage_t_stat) if fuzzy else np.inf
    if (z**2 < WEAK) if np.isfinite(z) else abs(first) < SURE:
        raise DesignError(
            f"The share treated does not jump at the cutoff: by {first:.2f}, z = {z:.1f}.",
            remedy="Choose the score and the cutoff by which the treatment was in fact decided.",
            code="no_jump",
            cutoff=cutoff,
        )
    n = int(found.n_h_left + found.n_h_right)
    return Discontinuity(
        overall=estimate(sign * float(found.att), float(found.se), n=n, confidence=confidence, method="robust"),
        conventional=estimate(
            sign * float(found.att_conventional),
            float(found.se_conventional),
            n=n,
            confidence=confidence,
            method="conventional",
        ),
        bandwidth=float(found.h_left),
        bias_bandwidth=float(found.b_left),
        n_left=int(found.n_h_left),
        n_right=int(found.n_h_right),
        fuzzy=fuzzy,
        first_stage=first,
        density=density_test(table["score"], cutoff=cutoff),
        bins=_bins(table, cutoff, confidence),
        lines=_lines(table, cutoff, float(found.h_left)),
    )


def discontinuity_balance(
    covariates: pd.DataFrame,
    score: pd.Series,
    *,
    cutoff: float,
    strata: pd.Series | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate the jump of each covariate, which a cutoff that nobody bent leaves at zero.

    Parameters
    ----------
    covariates
        Known before the treatment, on the index of the score.
    score, cutoff, strata, confidence
        As :func:`discontinuity` takes them.

    Returns
    -------
    pandas.DataFrame
        Indexed by covariate: ``jump``, ``se``, ``low``, ``high``, ``n``; missing where no line can be drawn.

    Raises
    ------
    DesignError
        As :func:`discontinuity`, but for covariates that do not vary.
    """
    rows = {}
    for name in covariates.columns:
        there = covariates[name].notna()
        try:
            found = discontinuity(
                covariates.loc[there, name],
                score[there],
                cutoff=cutoff,
                strata=None if strata is None else strata[there],
                confidence=confidence,
            )
        except DesignError:
            rows[name] = dict.fromkeys(("jump", "se", "low", "high"), np.nan) | {"n": 0}
            continue
        one = found.overall
        rows[name] = {"jump": one.value, "se": one.se, "low": one.low, "high": one.high, "n": one.n}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["jump", "se", "low", "high", "n"])
    return table.rename_axis("covariate")


def _table(outcome: pd.Series, score: pd.Series, treated: pd.Series | None) -> pd.DataFrame:
    for name, part in (("outcome", outcome), ("treatment", treated)):
        if part is not None and not part.index.equals(score.index):
            raise DesignError(f"The {name} and the score have different indexes.", remedy="Give both on one index.")
    table = pd.DataFrame({"outcome": outcome, "score": score}).astype("float64")
    lacking = table.index[~np.isfinite(table).all(axis=1)].tolist()
    if lacking:
        raise DesignError(
            worded(
                "{n} units lack an outcome or a score: {which}.",
                n=len(lacking),
                which=", ".join(map(str, lacking[:10])),
            ),
            remedy=worded("Leave them out, and say that you did."),
            units=lacking,
        )
    table["treated"] = True if treated is None else treated.to_numpy(dtype=bool)
    return table


def _groups(strata: pd.Series | None, table: pd.DataFrame) -> NDArray[np.intp] | None:
    if strata is None:
        return None
    if not strata.index.equals(table.index) or strata.isna().any():
        raise DesignError("A unit has no stratum.", remedy="Give one for each, on the index of the score.")
    return pd.factorize(strata)[0].astype(np.intp)


def _within(
    table: pd.DataFrame, group: NDArray[np.intp], cutoff: float, confidence: float
) -> tuple[RegressionDiscontinuityResults, pd.Series]:
    """Fit with an indicator for each group; return the fit and the outcome less what the groups account for.

    With the effects of the groups in hand the fit is that of the outcome less them. diff-diff would carry a column for
    each group through every step, which takes a minute where a border has hundreds of segments.
    """

    def fit(outcome: pd.Series, **bandwidths: float) -> RegressionDiscontinuityResults:
        engine = RegressionDiscontinuity(cutoff=cutoff, alpha=1 - confidence, **bandwidths)
        return engine.fit(table.assign(outcome=outcome), outcome="outcome", running="score")

    away = table["outcome"].groupby(group).transform("mean") - table["outcome"].mean()
    bands: dict[str, float] = {}
    for _ in range(2):
        found = fit(table["outcome"] - away, **bands)
        bands = {"h": float(found.h_left), "b": float(found.b_left)}
        away = _effects(table, group, cutoff, bands["h"], away)
    return fit(table["outcome"] - away, **bands), table["outcome"] - away


def _effects(table: pd.DataFrame, group: NDArray[np.intp], cutoff: float, h: float, otherwise: pd.Series) -> pd.Series:
    """Return each unit's effect of its group beside two lines, mean zero; ``otherwise`` where h reaches none of it."""
    x = table["score"].to_numpy() - cutoff
    weight = np.sqrt(np.clip(1 - np.abs(x) / h, 0, None))
    near, right = weight > 0, x >= 0
    seen, here = np.unique(group[near], return_inverse=True)
    lines = np.column_stack([np.ones(len(x)), right, x, x * right])[near]
    design = np.hstack([lines, (here[:, None] == np.arange(1, len(seen))).astype(float)])
    solved = np.linalg.lstsq(design * weight[near, None], table["outcome"].to_numpy()[near] * weight[near], rcond=None)[
        0
    ]
    of_group = np.full(group.max() + 1, np.nan)
    of_group[seen] = np.append(0.0, solved[lines.shape[1] :])
    of_group -= of_group[seen[here]].mean()
    found = of_group[group]
    return pd.Series(np.where(np.isnan(found), otherwise, found), table.index)


def _bins(table: pd.DataFrame, cutoff: float, confidence: float) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        engine = RDPlot(cutoff=cutoff, binselect="qsmv", ci=100 * confidence)
        drawn = engine.fit(table, outcome="outcome", running="score").vars_bins
    return pd.DataFrame(
        {
            "score": drawn["rdplot_mean_x"],
            "outcome": drawn["rdplot_mean_y"],
            "low": drawn["rdplot_ci_l"],
            "high": drawn["rdplot_ci_r"],
            "n": drawn["rdplot_N"].astype(int),
            "right": drawn["rdplot_mean_x"] >= cutoff,
        }
    )


def _lines(table: pd.DataFrame, cutoff: float, h: float) -> pd.DataFrame:
    """Return the two local lines, a point at the cutoff and one at the end of the bandwidth."""
    parts = []
    for right in (False, True):
        side = table[(table["score"] >= cutoff) == right]
        weight = np.sqrt(np.clip(1 - (side["score"] - cutoff).abs() / h, 0, None))
        slope, level = np.polyfit(side["score"] - cutoff, side["outcome"], 1, w=weight)
        reach = min(h, float((side["score"] - cutoff).abs().max())) * (1 if right else -1)
        for away in (0.0, reach):
            parts.append({"score": cutoff + away, "outcome": level + slope * away, "right": right})
    return pd.DataFrame(parts)
