"""How well a programme reaches the poorest units: what is covered, or who receives, against a ranking of the units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.need import Need, need, rankings
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.people import people, recipient_indicators
from fuping.dashboard.state import ViewState
from fuping.spatial.projects import Targeting
from numpy.typing import NDArray

__all__ = [
    "COUNTS",
    "Assessment",
    "Treatment",
    "assessment",
    "chosen_treatment",
    "comparable_years",
    "ranking_for",
    "targeting_level",
    "treatments",
]

ALL_PROJECTS = "projects"

Kind = Literal["project", "recipients"]

COUNTS: tuple[str, ...] = ("units", "people")
"""What the units of a project are counted as: one each, or their people."""


@dataclass(frozen=True)
class Treatment:
    """What is judged.

    Parameters
    ----------
    id
        In the URL: of a project, of an indicator of recipients, or ``projects`` for all together.
    kind
        Whether units are covered, or people in them receive.
    name
        By language.
    level
        Of a project's units; empty for recipients, who are counted at several levels.
    projects
        Ids of the projects.
    first_year, last_year
        Of the projects; 0 for recipients.
    """

    id: str
    kind: Kind
    name: Mapping[str, str]
    level: str = ""
    projects: tuple[str, ...] = ()
    first_year: int = 0
    last_year: int = 0


@dataclass(frozen=True, eq=False)
class Assessment:
    """A treatment against a ranking.

    Parameters
    ----------
    treatment, need, level
        What is judged, by what, of which units.
    counted
        ``"units"`` or ``"people"``.
    benefit
        float64, shape (n,); 1 for a covered unit, or recipients a person; NaN where it cannot be told.
    used
        bool, shape (n,); units with every figure that is needed.
    weights
        float64, shape (n,); what each unit counts for.
    targeting, cgh, index, curve
        From :mod:`fuping.spatial.projects.targeting`; ``curve`` has one row a level of the ranking.
    auc, roc
        Of the ranking as a guide to coverage, or of the recipients a person as a guide to the poorest units; NaN and
        ``None`` where all are alike.
    n_without_rank, n_covered_without_rank, n_without_people
        Units left out: without a figure of the ranking, those of them that are covered, and without people.
    year_of_people
        Of the people that units count for; 0 where they count one each.
    """

    treatment: Treatment
    need: Need
    level: str
    counted: str
    benefit: NDArray[np.float64]
    used: NDArray[np.bool_]
    weights: NDArray[np.float64]
    targeting: Targeting
    cgh: float
    index: float
    curve: pd.DataFrame
    auc: float
    roc: pd.DataFrame | None
    n_without_rank: int
    n_covered_without_rank: int
    n_without_people: int
    year_of_people: int

    @property
    def reached(self) -> NDArray[np.bool_]:
        """Units that are covered, or where anybody receives; shape (n,)."""
        return np.asarray(self.benefit > 0)


def treatments(reader: Reader, pack: str) -> list[Treatment]:
    """Return what can be judged: each project, all of one level together, and each programme with recipients."""
    found = [
        Treatment(
            one["id"], "project", one["name"], one["level"], (one["id"],), int(one["first_year"]), int(one["last_year"])
        )
        for one in reader.catalogue(pack)["projects"]
    ]
    if len(found) > 1 and len({one.level for one in found}) == 1:
        names = tuple(one.id for one in found)
        first, last = min(one.first_year for one in found), max(one.last_year for one in found)
        found.append(Treatment(ALL_PROJECTS, "project", {}, found[0].level, names, first, last))
    return found + [Treatment(one["id"], "recipients", one["name"]) for one in recipient_indicators(reader, pack)]


def chosen_treatment(reader: Reader, view: ViewState) -> Treatment | None:
    """Return what the URL asks to judge, else the first; ``None`` where the pack has nothing."""
    offered = {one.id: one for one in treatments(reader, view.pack)}
    if not offered:
        return None
    return offered[view.option("treatment", list(offered), next(iter(offered)))]


def targeting_level(reader: Reader, view: ViewState, treatment: Treatment | None) -> str | None:
    """Return the level that is judged: of a project its own, else the view's where it has what is needed."""
    if treatment and treatment.level:
        return treatment.level
    there = [
        one["id"]
        for one in reader.catalogue(view.pack)["levels"]
        if one["n_units"] > 1
        and rankings(reader, view.pack, one["id"])
        and (treatment is None or treatment.id in {r["id"] for r in recipient_indicators(reader, view.pack, one["id"])})
    ]
    if not there:
        return None
    return view.level if view.level in there else there[-1]


def comparable_years(reader: Reader, view: ViewState, treatment: Treatment, level: str) -> set[int] | None:
    """Return the years in which recipients and people are both counted; ``None`` for a project: any will do."""
    if treatment.kind == "project":
        return None
    counted = people(reader, view.pack, level, "population")
    received = reader.values(view.pack, treatment.id, level)
    return set(received.years) & set(counted.years if counted else ())


def ranking_for(reader: Reader, view: ViewState, treatment: Treatment | None, level: str) -> Need | None:
    """Rank the units as the URL asks, in a year that can be compared with a treatment."""
    if treatment is None:
        return need(reader, view, level)
    allowed = comparable_years(reader, view, treatment, level)
    before = treatment.first_year if treatment.kind == "project" else None
    return need(reader, view, level, before=before, allowed=allowed)


def assessment(reader: Reader, view: ViewState, treatment: Treatment, level: str) -> Assessment | None:
    """Judge a treatment by the ranking that the URL asks for; ``None`` where nothing ranks the units.

    Raises
    ------
    TargetingError
        No unit with a figure is covered, or nobody in them receives.
    """
    ranked = ranking_for(reader, view, treatment, level)
    if ranked is None:
        return None
    counted = view.option("counted", COUNTS, COUNTS[0]) if treatment.kind == "project" else "people"
    return _assessment(reader, view.pack, reader.version(view.pack), treatment.id, level, counted, ranked)


@once(maxsize=32)
def _assessment(
    reader: Reader, pack: str, version: str, name: str, level: str, counted: str, ranked: Need
) -> Assessment:
    from fuping.spatial.projects.targeting import (
        assess_targeting,
        coady_grosh_hoddinott,
        concentration_curve,
        concentration_index,
        roc_curve,
    )

    treatment = next(one for one in treatments(reader, pack) if one.id == name)
    residents, year_of_people = _people(reader, pack, level, ranked.year)
    if treatment.kind == "project":
        benefit = _covered(reader, pack, treatment, level).astype(float)
        weights = np.ones(len(benefit)) if counted == "units" else residents
    else:
        values = reader.values(pack, treatment.id, level)
        received = values.value[values.at(ranked.year)]
        # More recipients than residents cannot be a share of them; such units are left out and counted.
        fits = (residents > 0) & (received <= residents)
        benefit = np.divide(received, residents, out=np.full(len(received), np.nan), where=fits)
        weights = residents
    used = ranked.known & np.isfinite(benefit) & (weights > 0)
    part, gain, weight = ranked.poorest[used], benefit[used], weights[used]
    welfare = -ranked.score[used]
    if treatment.kind == "project":
        found = assess_targeting(part, gain, weights=weight)
        guide = (gain > 0, ranked.score[used], weight)
    else:
        # Each unit is two rows, those who receive and those who do not.
        who = np.concatenate([weight * gain, weight * (1 - gain)])
        receives = np.concatenate([np.ones(len(gain)), np.zeros(len(gain))])
        found = assess_targeting(np.concatenate([part, part]), receives, weights=who)
        guide = (part, gain, np.ones(len(gain)))
    roc = roc_curve(guide[0], score=guide[1], weights=guide[2]) if len(np.unique(guide[0])) == 2 else None
    share = float(weight[part].sum() / weight.sum())
    return Assessment(
        treatment,
        ranked,
        level,
        counted,
        benefit,
        used,
        weights,
        found,
        coady_grosh_hoddinott(gain, welfare=welfare, target_share=share, weights=weight),
        concentration_index(gain, welfare=welfare, weights=weight),
        concentration_curve(gain, welfare=welfare, weights=weight),
        roc.auc if roc else float("nan"),
        roc.table if roc else None,
        int((~ranked.known).sum()),
        int((~ranked.known & (benefit > 0)).sum()),
        int((ranked.known & ~used).sum()),
        year_of_people if counted == "people" else 0,
    )


def _covered(reader: Reader, pack: str, treatment: Treatment, level: str) -> NDArray[np.bool_]:
    """Return which units any of the projects is known to cover in any year."""
    parts = [reader.coverage(pack, name, level)[1].any(axis=0) for name in treatment.projects]
    return np.asarray(np.logical_or.reduce(parts))


def _people(reader: Reader, pack: str, level: str, year: int) -> tuple[NDArray[np.float64], int]:
    """Return the people of each unit in the year, else in the nearest year with figures, and that year."""
    values = people(reader, pack, level, "population")
    if values is None:
        return np.full(len(reader.units(pack, level)["code"]), np.nan), 0
    nearest = min(values.years, key=lambda one: (abs(one - year), one))
    return values.value[values.at(nearest)], nearest
