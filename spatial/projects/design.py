"""Whether an evaluation design identifies an effect, before any is estimated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.panel import Panel
from fuping.spatial.wording import worded
from numpy.typing import NDArray
from scipy.optimize import linprog

__all__ = [
    "Control",
    "Notice",
    "NoticeCode",
    "RefusalCode",
    "check_design",
    "refuse_constant_outcome",
    "separating_covariates",
]

Control = Literal["never_treated", "not_yet_treated"]
"""Whom the treated are compared with: units never treated, or all that are not treated yet."""

NoticeCode = Literal[
    "units_left_out", "one_period_before", "small_cohort", "few_controls", "few_clusters", "cohort_without_base"
]

RefusalCode = Literal[
    "one_period",
    "always_treated",
    "nobody_treated",
    "no_period_before",
    "all_at_once",
    "no_untreated",
    "no_overlap",
    "dependent",
    "constant_outcome",
]
"""Why a design is refused, as ``values["code"]`` of the error, so that it can be said in the reader's language."""

FEW_CLUSTERS = 30
"""Below it, clustered standard errors tend to be too small; Cameron and Miller (2015, J. Human Resources 50) call fewer
than 20 to 50 clusters few, depending on how unlike they are."""


@dataclass(frozen=True)
class Notice:
    """What a reader must know before believing an estimate.

    Parameters
    ----------
    code
        Which, so that it can be said in the reader's language.
    message
        In English, with the values in it.
    values
        What the message was built from.
    """

    code: NoticeCode
    message: str
    values: dict[str, object] = field(default_factory=dict)


def check_design(panel: Panel, *, control: Control, anticipation: int = 0, overlap: bool = True) -> tuple[Notice, ...]:
    """Refuse a design that identifies nothing, and point out what weakens one that does.

    Parameters
    ----------
    panel
        From :func:`~fuping.spatial.projects.panel.read_panel`.
    control
        Whom the treated are compared with.
    anticipation
        Periods before the treatment in which it may already act.
    overlap
        Whether covariates must not tell treated from controls perfectly; regression alone can do without.

    Returns
    -------
    tuple of Notice

    Raises
    ------
    DesignError
        With the reason: an unknown control group, negative anticipation, one period only, nobody treated, no period
        before any treatment, no unit left untreated, all treated at once, covariates that separate a cohort from its
        controls, or that do not vary or follow from one another around every cohort; or an outcome that does not vary.
    """
    if control not in get_args(Control):
        raise DesignError(
            f"The control group {control!r} is unknown.", remedy=f"Choose one of {', '.join(get_args(Control))}."
        )
    if anticipation < 0 or anticipation != int(anticipation):
        raise DesignError(f"The anticipation is {anticipation}.", remedy="Give a number of periods, 0 or more.")
    cohorts, never = panel.cohorts, panel.never_treated
    first, last = panel.periods[0], panel.periods[-1]
    if len(panel.periods) < 2:
        raise DesignError(
            f"The panel has one period, {first}.",
            remedy="Give at least one before and one after.",
            code="one_period",
            period=int(first),
        )
    always = [row.code for row in panel.report.unmatched_left if row.reason == "left_out"]
    if len(cohorts) == 0:
        why = f"all {len(always)} treated units are treated from {first} on" if always else "no unit is treated"
        raise DesignError(
            f"Nothing can be compared: {why} by {last}.",
            remedy="Give periods before the treatment." if always else "Check the column of first treatments.",
            code="always_treated" if always else "nobody_treated",
            n=len(always),
            first=int(first),
            last=int(last),
        )
    usable = cohorts[cohorts - anticipation > first]
    if len(usable) == 0:
        raise DesignError(
            f"No period lies before any treatment: the first period is {first}, treatment begins in "
            f"{cohorts[0]:.0f}, and {anticipation} periods of anticipation come before it.",
            remedy="Give earlier periods, or less anticipation.",
            code="no_period_before",
            first=int(first),
            treated=int(cohorts[0]),
        )
    if not never.any():
        if len(cohorts) == 1:
            raise DesignError(
                f"All {len(panel.units)} units are treated at once, in {cohorts[0]:.0f}: nothing shows what would have "
                "happened without the treatment.",
                remedy="Add units that were not treated, or treated later.",
                code="all_at_once",
                n=len(panel.units),
                treated=int(cohorts[0]),
            )
        if control == "never_treated":
            raise DesignError(
                f"No unit is left untreated by {last}.",
                remedy="Use control='not_yet_treated', or add untreated units.",
                code="no_untreated",
                last=int(last),
            )
    refuse_constant_outcome(panel)
    if panel.covariate_names:
        if overlap:
            _refuse_separation(panel, usable, control)
        _refuse_dependence(panel, usable, control)
    return tuple(_notices(panel, usable, cohorts, control, anticipation))


def refuse_constant_outcome(panel: Panel) -> None:
    """Refuse an outcome that is the same everywhere: an effect of zero without error would be found in it."""
    if np.ptp(panel.outcome) == 0:
        raise DesignError(
            worded("The outcome is the same in all units and periods."),
            remedy=worded("Choose an outcome that varies."),
            code="constant_outcome",
        )


def _compared(
    panel: Panel, cohorts: NDArray[np.float64], control: Control
) -> Iterator[tuple[float, int, NDArray[np.bool_], NDArray[np.bool_]]]:
    """Give each cohort that has controls, the last period before its treatment, its units and their controls."""
    for cohort in cohorts:
        controls = panel.never_treated if control == "never_treated" else panel.cohort > cohort
        if controls.any():
            yield cohort, int(np.searchsorted(panel.periods, cohort)) - 1, panel.cohort == cohort, controls


def _refuse_dependence(panel: Panel, cohorts: NDArray[np.float64], control: Control) -> None:
    """Refuse covariates that no model can tell apart around any cohort; around some, these cells say why they lack."""
    names: tuple[str, ...] = ()
    for _, before, treated, controls in _compared(panel, cohorts, control):
        x = panel.covariates[treated | controls, before]
        around = x - x.mean(axis=0)
        scale = np.maximum(np.abs(x).max(axis=0), 1.0)
        still = np.abs(around).max(axis=0) <= 1e-12 * scale
        rank = np.linalg.matrix_rank(around[:, ~still] / around[:, ~still].std(axis=0)) if not still.all() else 0
        if rank == x.shape[1]:
            return
        names = tuple(np.array(panel.covariate_names)[still]) if still.any() else panel.covariate_names
    if names:
        raise DesignError(
            worded("The covariates {names} do not vary, or follow from one another.", names=", ".join(names)),
            remedy=worded("Drop what is the same for all, and one of those that follow from the others."),
            code="dependent",
            covariates=names,
        )


def _refuse_separation(panel: Panel, cohorts: NDArray[np.float64], control: Control) -> None:
    for cohort, before, treated, controls in _compared(panel, cohorts, control):
        here = treated | controls
        names = separating_covariates(panel.covariates[here, before], treated[here], panel.covariate_names)
        if names:
            raise DesignError(
                f"The {treated.sum()} units treated in {cohort:.0f} and {controls.sum()} controls do not overlap; "
                f"told apart perfectly by {', '.join(names)}.",
                remedy="Drop these covariates, compare with other units, or extrapolate with method='regression'.",
                code="no_overlap",
                cohort=float(cohort),
                covariates=names,
            )


def separating_covariates(
    covariates: NDArray[np.float64], treated: NDArray[np.bool_], names: tuple[str, ...]
) -> tuple[str, ...]:
    r"""Name the covariates of which a combination tells treated from untreated without error.

    Parameters
    ----------
    covariates
        float64, shape (n, k).
    treated
        bool, shape (n,).
    names
        k names.

    Returns
    -------
    tuple of str
        Empty where the groups overlap; a propensity score then has a finite estimate.

    Notes
    -----
    With :math:`s_i = \pm 1` by group, complete or quasi-complete separation exists where some β has
    :math:`s_i x_i'\beta \ge 0` for all i and above zero for one: a linear programme. Albert and Anderson (1984),
    Biometrika 71, 1–10; Konis (2007), thesis, Oxford.

    Examples
    --------
    >>> x = np.array([[1.0], [2.0], [3.0], [4.0]])
    >>> separating_covariates(x, np.array([False, False, True, True]), ("income",))
    ('income',)
    >>> separating_covariates(x, np.array([False, True, False, True]), ("income",))
    ()
    """
    kept = list(range(covariates.shape[1]))
    if not _separated(covariates, treated):
        return ()
    for k in range(covariates.shape[1]):
        # What still separates without a covariate does not need it: only the culprits stay.
        rest = [other for other in kept if other != k]
        if rest and _separated(covariates[:, rest], treated):
            kept = rest
    return tuple(names[k] for k in kept)


def _separated(covariates: NDArray[np.float64], treated: NDArray[np.bool_]) -> bool:
    spread = covariates.std(axis=0)
    scaled = (covariates - covariates.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    signed = np.column_stack([np.ones(len(scaled)), scaled]) * np.where(treated, 1.0, -1.0)[:, None]
    found = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1, 1), method="highs")
    return bool(found.status == 0 and -found.fun > 1e-7)


def _notices(
    panel: Panel,
    usable: NDArray[np.float64],
    cohorts: NDArray[np.float64],
    control: Control,
    anticipation: int,
) -> list[Notice]:
    found: list[Notice] = []
    if panel.report.unmatched_left:
        n = len(panel.report.unmatched_left)
        found.append(
            Notice("units_left_out", f"{n} of {panel.report.n_left} units are left out; the report says why.", {"n": n})
        )
    for cohort in cohorts[~np.isin(cohorts, usable)]:
        n = int((panel.cohort == cohort).sum())
        text = f"The {n} units first treated in {cohort:.0f} have no period before it and are not evaluated."
        found.append(Notice("cohort_without_base", text, {"cohort": float(cohort), "n": n}))
    if usable.max() - anticipation <= panel.periods[1]:
        text = f"Only {panel.periods[0]} lies before the treatment: trends before it cannot be compared."
        found.append(Notice("one_period_before", text, {"period": int(panel.periods[0])}))
    # The rule of the R package did: a cohort needs five units more than there are covariates.
    least = 5 + len(panel.covariate_names)
    for cohort in usable:
        n = int((panel.cohort == cohort).sum())
        if n < least:
            text = f"Only {n} units are first treated in {cohort:.0f}: intervals for them alone are too narrow."
            found.append(Notice("small_cohort", text, {"cohort": float(cohort), "n": n, "least": least}))
    n_controls = int(panel.never_treated.sum())
    if control == "never_treated" and n_controls < least:
        text = f"Only {n_controls} units are never treated."
        found.append(Notice("few_controls", text, {"n": n_controls, "least": least}))
    if panel.clusters is not None and (n := int(panel.clusters.max()) + 1) < FEW_CLUSTERS:
        text = f"Only {n} clusters: standard errors are likely too small."
        found.append(Notice("few_clusters", text, {"n": n, "least": FEW_CLUSTERS}))
    return found
