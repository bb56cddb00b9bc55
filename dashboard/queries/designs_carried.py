"""Which designs a panel can carry, and why not the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd
from fuping.dashboard.queries.designs import Score, no_twin, one_wave
from fuping.dashboard.queries.effects import LEAST_CLUSTERS, Choice, Refusal, why_not, without_covariates

if TYPE_CHECKING:
    from fuping.spatial.projects import Panel

__all__ = ["carried"]


def carried(panel: Panel, choice: Choice, score: Score | Refusal | None) -> dict[str, Refusal | None]:
    """Return each design with why these data cannot carry it, ``None`` where they can.

    A design that is carried may still be refused once it is estimated, where units alike are few, say.
    """
    from fuping.spatial.projects import DesignError, check_design, check_sides, check_weighting

    def tried(check: Callable[[], Any]) -> Refusal | None:
        try:
            check()
        except DesignError as error:
            return why_not(error)
        return None

    plain = tried(lambda: check_design(without_covariates(panel), control=choice.control))
    wave = one_wave(panel)
    treated = int((~panel.never_treated).sum())
    differences = Refusal("one_treated", {"n": treated}) if treated == 1 else None
    if panel.clusters is not None and (n := int(panel.clusters.max()) + 1) < LEAST_CLUSTERS:
        differences = differences or Refusal("few_clusters", {"n": n, "least": LEAST_CLUSTERS})
    match = None if panel.covariate_names else Refusal("no_covariates")
    several = len(wave.cohorts) > 1
    cut = Refusal("no_score")
    if isinstance(score, Refusal):
        cut = score
    elif score is not None:
        known = pd.Series(score.value[score.usable(choice)])
        cut = tried(lambda: check_sides(known, choice.cutoff))  # type: ignore[assignment]
    return {
        "differences": plain or differences,
        "synthetic_control": plain or no_twin(panel),
        "synthetic_did": plain or tried(lambda: check_weighting(wave)),
        "matching": plain
        or match
        or tried(
            lambda: check_design(wave, control="not_yet_treated" if several else "never_treated", overlap=not several)
        ),
        "discontinuity": cut,
    }
