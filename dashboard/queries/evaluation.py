"""An evaluation of what a pack holds: who is compared with whom, whether they were alike, and the effect or why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from fuping.dashboard.queries.border_score import BORDER, border_score
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.designs import Other, Score, estimate_design
from fuping.dashboard.queries.designs_carried import carried
from fuping.dashboard.queries.effects import Effects, Positions, Refusal, why_not
from fuping.dashboard.queries.evaluation_design import Design, refused_at_once
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.places import ancestors, outline_level
from fuping.dashboard.queries.shapes import level_shapes
from fuping.dashboard.queries.treatment import FirstTreated, first_treated
from numpy.typing import NDArray

if TYPE_CHECKING:
    from fuping.spatial.projects import Panel

__all__ = ["COMPARISON", "EXCLUDED", "TREATED", "Evaluation", "Group", "evaluate"]

Floats = NDArray[np.float64]

TREATED, COMPARISON, EXCLUDED = 0, 1, 2

Group = NDArray[np.int8]

NAMED = 12
"""Units that a refusal names; the rest it counts."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """An evaluation of one design.

    Parameters
    ----------
    design
        What was asked.
    treated
        Since when each unit of the level is treated.
    group
        int8; :data:`TREATED`, :data:`COMPARISON` or :data:`EXCLUDED`, for each unit.
    why_out
        Reason → units that are left out for it.
    balance
        Of the outcome before and the covariates, as ``balance_table`` gives it; empty where a group is.
    result
        The estimates, or why there are none.
    carried
        Each design with why these data cannot carry it; empty where no unit can be used at all.
    """

    design: Design
    treated: FirstTreated
    group: Group
    why_out: dict[str, int]
    balance: pd.DataFrame
    result: Effects | Other | Refusal
    carried: dict[str, Refusal | None] = field(default_factory=dict)


def evaluate(reader: Reader, design: Design) -> Evaluation:
    """Evaluate a design; the same question is answered from memory until its pack is built again."""
    return _evaluate(reader, reader.version(design.pack), design)


@once(maxsize=16)
def _evaluate(reader: Reader, version: str, design: Design) -> Evaluation:
    treated = first_treated(
        reader,
        design.pack,
        design.level,
        design.treatment,
        threshold=design.threshold,
        until=design.years[-1],
    )
    outcome = _of_years(reader, design, design.outcome)
    area = _areas(reader, design)
    lacking = np.zeros(outcome.shape[1], dtype=bool)
    for one in design.covariates:
        lacking |= np.isnan(_in_first_year(reader, design, one))
    group, why = _groups(design, treated, outcome, lacking, area)
    balance = _balance(reader, design, outcome, group)
    refusal = refused_at_once(reader, design) or _comes_and_goes(reader, design, treated)
    if refusal:
        return Evaluation(design, treated, group, why, balance, refusal)
    return Evaluation(design, treated, group, why, balance, *_estimated(reader, design, treated, outcome, group, area))


def _of_years(reader: Reader, design: Design, indicator: str) -> Floats:
    values = reader.values(design.pack, indicator, design.level)
    return values.value[[values.years.index(year) for year in design.years]]


def _in_first_year(reader: Reader, design: Design, indicator: str) -> Floats:
    values = reader.values(design.pack, indicator, design.level)
    return values.value[values.years.index(design.years[0])]


def _areas(reader: Reader, design: Design) -> NDArray[np.object_] | None:
    """Return the division of the country that each unit lies in; ``None`` where nothing parts it."""
    above = ancestors(reader, design.pack, design.level)
    parted = outline_level(reader.catalogue(design.pack), design.level, above)
    if parted is None or reader.level(design.pack, parted)["n_units"] < 2:
        return None
    # Regions part China too, but coarsely: the level right above the finest of those that part it into ten or more.
    fine = [name for name in above if reader.level(design.pack, name)["n_units"] >= 10]
    return np.array(above[fine[0] if fine else parted], dtype=object)


def _groups(
    design: Design,
    treated: FirstTreated,
    outcome: Floats,
    lacking: NDArray[np.bool_],
    area: NDArray[np.object_] | None,
) -> tuple[Group, dict[str, int]]:
    first, last = design.years[0], design.years[-1]
    inside = (treated.first <= last) & treated.known
    group = np.where(inside, TREATED, COMPARISON).astype(np.int8)
    reasons = {
        "unknown": ~treated.known,
        "no_outcome": treated.known & np.isnan(outcome).any(axis=0),
        "no_covariate": lacking,
        "always": treated.known & (treated.first <= first),
    }
    if design.area == "shared" and area is not None:
        reasons["elsewhere"] = (group == COMPARISON) & ~np.isin(area, area[inside])
    why: dict[str, int] = {}
    for name, out in reasons.items():
        here = out & (group != EXCLUDED)
        why[name] = int(here.sum())
        group[here] = EXCLUDED
    return group, {name: count for name, count in why.items() if count}


def _balance(reader: Reader, design: Design, outcome: Floats, group: Group) -> pd.DataFrame:
    from fuping.spatial.projects import balance_table

    used = group != EXCLUDED
    if not ((group == TREATED).any() and (group == COMPARISON).any()):
        return pd.DataFrame()
    columns = {design.outcome: outcome[0]} | {
        one: _of_years(reader, design, one)[0] for one in _baseline(reader, design)
    }
    table = pd.DataFrame(columns)[used].reset_index(drop=True)
    return balance_table(table, pd.Series(group[used] == TREATED))


def _baseline(reader: Reader, design: Design) -> list[str]:
    from fuping.dashboard.queries.evaluation_design import covariate_choices

    offered = covariate_choices(reader, design.pack, design.level, design.outcome, design.treatment, design.years[0])
    found = []
    for one in offered:
        years = reader.values(design.pack, one["id"], design.level).years
        if all(year in years for year in design.years):
            found.append(one["id"])
    return found


def _comes_and_goes(reader: Reader, design: Design, treated: FirstTreated) -> Refusal | None:
    at = np.flatnonzero(treated.switching)
    if not len(at):
        return None
    units = reader.units(design.pack, design.level)
    names = {language: [str(units[f"name_{language}"][one]) for one in at[:NAMED]] for language in ("en", "zh")}
    return Refusal("switches_off", {"n": len(at), "names": names, "first": treated.years[0], "last": treated.years[-1]})


def _estimated(
    reader: Reader,
    design: Design,
    treated: FirstTreated,
    outcome: Floats,
    group: Group,
    area: NDArray[np.object_] | None,
) -> tuple[Effects | Other | Refusal, dict[str, Refusal | None]]:
    from fuping.spatial.projects import DesignError

    # Units treated from the first year on stay in: that nothing comes before their treatment is the design's own fault.
    always = treated.known & (treated.first <= design.years[0]) & ~np.isnan(outcome).any(axis=0)
    kept = np.flatnonzero((group != EXCLUDED) | always)
    if not len(kept):
        return Refusal("no_unit"), {}
    if always[kept].all():
        return Refusal("always_treated", {"n": len(kept), "first": design.years[0]}), {}
    try:
        panel = _panel(reader, design, treated, outcome, kept)
    except DesignError as error:
        found = why_not(error)
        return (found if found.code != "other" else Refusal("no_unit", detail=found.detail)), {}
    at = panel.units.to_numpy()
    score = _score(reader, design, treated, at)
    result = estimate_design(panel, design.choice, _positions(reader, design, at, area), score)
    return result, carried(panel, design.choice, score)


def _score(reader: Reader, design: Design, treated: FirstTreated, at: NDArray[np.intp]) -> Score | Refusal | None:
    if design.score != BORDER:
        return Score(_in_first_year(reader, design, design.score)[at], design.score) if design.score else None
    # Of units that no outcome is known of the border is drawn all the same: it is that of the treatment.
    inside = treated.first <= design.years[-1]
    found = border_score(reader, design.pack, design.level, inside, treated.known, at, design.choice)
    return found if isinstance(found, Refusal) else Score.beside(found)


def _panel(reader: Reader, design: Design, treated: FirstTreated, outcome: Floats, kept: NDArray[np.intp]) -> Panel:
    from fuping.spatial.projects import read_panel

    t = len(design.years)
    first = np.where(np.isfinite(treated.first), treated.first, np.nan)
    rows = pd.DataFrame(
        {
            "unit": np.repeat(kept, t),
            "year": np.tile(design.years, len(kept)),
            "outcome": outcome[:, kept].T.reshape(-1),
            "first": np.repeat(first[kept], t),
        }
    )
    for one in design.covariates:
        # As they stood in the first year: what the treatment itself may have moved is not held fixed.
        rows[one] = np.repeat(_in_first_year(reader, design, one)[kept], t)
    return read_panel(
        rows,
        unit="unit",
        time="year",
        outcome="outcome",
        first_treated="first",
        covariates=design.covariates,
    )


def _positions(
    reader: Reader, design: Design, at: NDArray[np.intp], area: NDArray[np.object_] | None
) -> Positions | None:
    longitude, latitude = _centres(reader, design.pack, reader.version(design.pack), design.level)
    if not np.isfinite(longitude[at]).all():
        return None
    labels = None if area is None else pd.factorize(area[at])[0].astype(np.intp)
    return Positions(longitude[at], latitude[at], labels)


@once(maxsize=8)
def _centres(reader: Reader, pack: str, version: str, level: str) -> tuple[Floats, Floats]:
    shapes = level_shapes(reader, pack, level)
    there = ~shapely.is_empty(shapes)
    points = np.full((len(shapes), 2), np.nan)
    points[there] = shapely.get_coordinates(shapely.point_on_surface(shapes[there]))
    return points[:, 0], points[:, 1]
