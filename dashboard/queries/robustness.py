"""The same effect estimated otherwise: other controls, other estimators, other errors, without the neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from fuping.dashboard.queries.effects import Choice, Positions, Refusal, in_waves, why_not, without_covariates
from fuping.spatial.inference import Estimate
from fuping.spatial.projects import (
    DesignError,
    Panel,
    SpatialCovarianceError,
    aggregate,
    check_weighting,
    conley_standard_errors,
    goodman_bacon,
    group_time_effects,
    spillover_effects,
    sun_abraham,
    synthetic_did,
    wild_cluster_bootstrap,
)
from fuping.spatial.projects.influence import estimate
from fuping.spatial.projects.synthetic_control import LEAST_BEFORE

__all__ = ["CUTOFFS_KM", "RING_KM", "Variant", "variants"]

CUTOFFS_KM = (100, 300)
"""Distances up to which units are taken as correlated."""

RING_KM = 50
"""Around every treated unit: within it an untreated one may have been touched."""


@dataclass(frozen=True)
class Variant:
    """One other estimate, or why there is none.

    Parameters
    ----------
    key, values
        The message ``evaluation.variant.<key>`` names it.
    found
        Without an interval where its standard error would say nothing.
    errors
        The message ``evaluation.errors.<errors>`` says what its interval rests on.
    """

    key: str
    found: Estimate | Refusal
    values: dict[str, Any] = field(default_factory=dict)
    errors: str = "unit"


def _simple(panel: Panel, choice: Choice, **options: Any) -> Estimate:
    found = group_time_effects(panel, control=choice.control, method=choice.kernel, draws=0, **options)
    return aggregate(found, by="simple").overall


def _tried(key: str, attempt: Callable[[], Estimate], errors: str, **values: Any) -> Variant:
    try:
        return Variant(key, attempt(), values, errors)
    except (DesignError, SpatialCovarianceError) as error:
        return Variant(key, why_not(error), values, "none")


def variants(panel: Panel, choice: Choice, positions: Positions | None, *, large: bool) -> Iterator[Variant]:
    """Yield the estimate itself and its variants.

    Parameters
    ----------
    positions
        Of the units, for errors that reach in space and for spillovers; ``None`` where they are not known.
    large
        Whether regressions on the whole panel are left out.
    """
    main = group_time_effects(panel, control=choice.control, method=choice.kernel, draws=0)
    simple = aggregate(main, by="simple")
    errors = "unit" if panel.clusters is None else "cluster"
    yield Variant("main", simple.overall, errors=errors)
    others = {"never_treated": "not_yet_treated", "not_yet_treated": "never_treated"}
    other = replace(choice, control=others[choice.control])  # type: ignore[arg-type]
    yield _tried(f"{other.control}", lambda: _simple(panel, other), errors)
    if panel.covariate_names:
        yield _tried("plain", lambda: _simple(without_covariates(panel), choice), errors)
        for method in ("doubly_robust", "regression", "inverse_probability"):
            if method != choice.kernel:
                yield _tried(method, lambda method=method: _simple(panel, replace(choice, method=method)), errors)  # type: ignore[misc]
    yield _tried("dynamic", lambda: aggregate(main, by="dynamic").overall, errors)
    if int((panel.periods < panel.cohorts[-1]).sum()) > 1:
        yield _tried("anticipation", lambda: _simple(panel, choice, anticipation=1), errors)
    if not large and len(panel.periods) > 2:
        bare = in_waves(without_covariates(panel))
        yield _tried("sun_abraham", lambda: sun_abraham(bare, control=choice.control).overall, errors)
        yield _tried("two_way", lambda: _coefficient(bare), "none")
    yield from _other_designs(panel, choice, positions, large=large)
    if positions is not None:
        yield from _in_space(panel, choice, positions, simple)


def _other_designs(panel: Panel, choice: Choice, positions: Positions | None, *, large: bool) -> Iterator[Variant]:
    from fuping.dashboard.queries.designs import matched, one_wave

    bare = without_covariates(panel)
    if panel.covariate_names:
        yield _tried("matching", lambda: matched(panel, choice).overall, "matched")
    if large:
        return
    wave = one_wave(bare)
    if len(wave.cohorts) and int((wave.periods < wave.cohorts[-1]).sum()) >= LEAST_BEFORE:
        try:
            how = check_weighting(wave)
        except DesignError as error:
            yield Variant("synthetic_did", why_not(error), errors="none")
        else:
            yield _tried("synthetic_did", lambda: synthetic_did(wave).overall, how)
    clusters = panel.clusters
    if clusters is None and positions is not None and positions.area is not None:
        clusters = np.unique(positions.area, return_inverse=True)[1].astype(np.intp)
    if clusters is not None:
        grouped = replace(bare, clusters=clusters)
        yield _tried("wild", lambda: wild_cluster_bootstrap(grouped).overall, "wild", n=int(clusters.max()) + 1)


def _coefficient(panel: Panel) -> Estimate:
    return estimate(
        goodman_bacon(panel).coefficient, float("nan"), n=len(panel.units), confidence=0.95, method="two-way"
    )


def _in_space(panel: Panel, choice: Choice, positions: Positions, simple: Any) -> Iterator[Variant]:
    place: dict[str, Any] = {"longitude": positions.longitude, "latitude": positions.latitude}

    def with_error(cutoff: float) -> Estimate:
        se = conley_standard_errors(simple.overall_influence, cutoff_km=cutoff, **place)
        whole = simple.overall
        return estimate(whole.value, float(se[0]), n=whole.n, confidence=whole.confidence, method="Conley")

    for cutoff in CUTOFFS_KM:
        yield _tried("conley", lambda cutoff=cutoff: with_error(cutoff), "conley", km=cutoff)  # type: ignore[misc]
    errors = "unit" if panel.clusters is None else "cluster"
    if positions.area is not None:
        clusters = np.unique(positions.area, return_inverse=True)[1].astype(np.intp)
        n = int(clusters.max()) + 1
        yield _tried("clustered", lambda: _simple(replace(panel, clusters=clusters), choice), "cluster", n=n)
        shared = np.isin(positions.area, positions.area[~panel.never_treated])
        if not shared.all():
            yield _tried("shared", lambda: _simple(_part(panel, shared), choice), errors, n=int(shared.sum()))
    yield _tried(
        "spillover",
        lambda: spillover_effects(panel, breaks_km=[RING_KM], method=choice.kernel, **place).direct,
        errors,
        km=RING_KM,
    )


def _part(panel: Panel, keep: np.ndarray[Any, np.dtype[np.bool_]]) -> Panel:
    clusters = panel.clusters
    if clusters is not None:
        clusters = np.unique(clusters[keep], return_inverse=True)[1].astype(np.intp)
    return replace(
        panel,
        units=panel.units[keep],
        outcome=panel.outcome[keep],
        cohort=panel.cohort[keep],
        covariates=panel.covariates[keep],
        weights=panel.weights[keep] / panel.weights[keep].mean(),
        clusters=clusters,
    )
