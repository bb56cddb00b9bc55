"""A reader's own panel: which column means what, the rows checked, and the effect in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from fuping.dashboard.queries.border_score import border_score
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.code_match import match_codes
from fuping.dashboard.queries.designs import Other, Score, estimate_design
from fuping.dashboard.queries.designs_carried import carried
from fuping.dashboard.queries.effects import Choice, Effects, Refusal, why_not
from fuping.dashboard.queries.survey import column_of
from fuping.dashboard.queries.uploaded import UploadedTable, UploadError
from fuping.dashboard.state import ViewState

if TYPE_CHECKING:
    from fuping.spatial.errors import FupingError
    from fuping.spatial.projects import Panel

__all__ = ["PANEL_ROLES", "OwnEvaluation", "PanelColumns", "evaluate_own", "panel_columns"]

PANEL_ROLES: dict[str, tuple[str, ...]] = {
    "unit": ("unit", "id", "code", "countyreal", "fips", "county", "行政区划代码", "县代码"),
    "year": ("year", "period", "time", "年份"),
    "outcome": ("outcome", "y", "lemp", "结果", "结果变量"),
    "first": ("first_treated", "first.treat", "first_treat", "treatment_year", "treated_from", "干预年份"),
    "cluster": ("cluster", "state", "province", "省", "群"),
    "weight": ("weight", "weights", "population", "权重"),
    "score": ("score", "running", "eligibility", "得分", "评分"),
    "longitude": ("longitude", "lon", "经度"),
    "latitude": ("latitude", "lat", "纬度"),
}
"""What a column can be → names that it is guessed by; the first four are needed."""

NEEDED = ("unit", "year", "outcome", "first")

LATEST = 9999
"""What no year is above; a larger number stands in the wrong column."""

COVARIATE = "x."
"""Before the names of covariates, so that none is that of another column."""


@dataclass(frozen=True)
class PanelColumns:
    """Columns by what they are; ``None`` where there is none."""

    unit: str | None
    year: str | None
    outcome: str | None
    first: str | None
    cluster: str | None
    weight: str | None
    covariates: tuple[str, ...] = ()
    score: str | None = None
    longitude: str | None = None
    latitude: str | None = None

    @property
    def absent(self) -> list[str]:
        """What is needed and not chosen."""
        return [role for role in NEEDED if getattr(self, role) is None]


@dataclass(frozen=True, eq=False)
class OwnEvaluation:
    """What a reader's panel shows.

    Parameters
    ----------
    panel
        Units that can be used; ``None`` where none can.
    treated
        Which units of the panel are ever treated.
    balance
        Of the outcome in the first year and the covariates.
    n_zero
        Units whose first treatment is written 0 and read as never.
    result
        The estimates, or why there are none.
    carried
        Each design with why these data cannot carry it.
    """

    panel: Panel | None
    balance: pd.DataFrame
    n_zero: int
    result: Effects | Other | Refusal
    carried: dict[str, Refusal | None] = field(default_factory=dict)


def panel_columns(view: ViewState, columns: tuple[str, ...]) -> PanelColumns:
    """Return what the URL and the names of the columns say."""
    found = {role: column_of(view, f"col_{role}", columns, names) for role, names in PANEL_ROLES.items()}
    asked = dict(view.extra).get("given", "").split("|")
    taken = set(found.values())
    return PanelColumns(**found, covariates=tuple(one for one in columns if one in asked and one not in taken))


def read_rows(table: UploadedTable, columns: PanelColumns) -> tuple[pd.DataFrame, int]:
    """Return one row a unit and year, and how many units write a treatment that never came as 0.

    Raises
    ------
    UploadError
        Naming row and column: a unit or year that is missing, a cell that is no number, a unit that stands twice in a
        year, a year of treatment, weight or cluster that differs between the years of a unit.
    """
    if columns.absent:
        raise UploadError("absent_columns", columns=", ".join(table.columns[:20]))
    unit, year, outcome, first = (str(getattr(columns, role)) for role in NEEDED)
    rows = pd.DataFrame(
        {
            "unit": table.text(unit, required=True),
            "year": table.numbers(year, required=True, whole=True, at_most=LATEST).astype(np.int64),
            "outcome": table.numbers(outcome),
            "first": table.numbers(first, whole=True, at_most=LATEST),
        }
    )
    for name in columns.covariates:
        rows[COVARIATE + name] = table.numbers(name)
    if columns.weight:
        rows["weight"] = table.numbers(columns.weight, required=True, above=0)
    if columns.score:
        rows["score"] = table.numbers(columns.score)
    for role, most in (("longitude", 180), ("latitude", 90)):
        if name := getattr(columns, role):
            rows[role] = table.numbers(name, at_least=-most, at_most=most)
    if columns.cluster:
        rows["cluster"] = table.text(columns.cluster, required=True)
    twice = rows.duplicated(["unit", "year"]).to_numpy()
    if twice.any():
        at = int(np.flatnonzero(twice)[0])
        raise UploadError(
            "twice", row=table.row(at), unit=rows["unit"][at], year=int(rows["year"][at]), n=int(twice.sum())
        )
    zero = rows["first"].eq(0) & rows["year"].gt(0).all()
    rows.loc[zero, "first"] = np.nan
    for role, named in (("first", first), ("cluster", columns.cluster or "")):
        if role in rows:
            _refuse_changing(table, rows, role, named)
    return rows, int(rows.loc[zero, "unit"].nunique())


def _refuse_changing(table: UploadedTable, rows: pd.DataFrame, role: str, column: str) -> None:
    given = rows[role].fillna(-1) if role == "first" else rows[role]
    begun = given.groupby(rows["unit"]).transform("first")
    changing = (given != begun).to_numpy()
    if changing.any():
        at = int(np.flatnonzero(changing)[0])
        raise UploadError("changes", row=table.row(at), column=column, unit=rows["unit"][at], n=int(changing.sum()))


def evaluate_own(
    table: UploadedTable, columns: PanelColumns, choice: Choice, reader: Reader | None = None, pack: str = ""
) -> OwnEvaluation:
    """Evaluate a reader's panel.

    Parameters
    ----------
    reader, pack
        Whose shapes a border is measured on, where the units' codes are the pack's.

    Raises
    ------
    UploadError
        As :func:`read_rows` raises it.
    """
    from fuping.spatial.projects import DesignError, balance_table, read_panel

    rows, zero = read_rows(table, columns)
    covariates = [COVARIATE + name for name in columns.covariates]
    if columns.weight:
        # Weights may change from year to year; a unit's own is that of its first.
        rows["weight"] = rows.sort_values("year").groupby("unit")["weight"].transform("first")
    try:
        panel = read_panel(
            rows,
            unit="unit",
            time="year",
            outcome="outcome",
            first_treated="first",
            covariates=covariates,
            weights="weight" if columns.weight else None,
            cluster="cluster" if columns.cluster else None,
        )
    except DesignError as error:
        return OwnEvaluation(None, pd.DataFrame(), zero, _no_panel(error, int(rows["year"].min())))
    treated = ~panel.never_treated
    balance = pd.DataFrame()
    if treated.any() and not treated.all():
        base: dict[str, Any] = {str(columns.outcome): panel.outcome[:, 0]}
        base |= {name: panel.covariates[:, 0, at] for at, name in enumerate(columns.covariates)}
        balance = balance_table(pd.DataFrame(base), pd.Series(treated))
    score: Score | Refusal | None = None
    if choice.design == "discontinuity" and choice.running == "border":
        score = _beside(reader, pack, panel, rows, choice) if reader is not None else Refusal("no_shapes")
    elif columns.score:
        # A score may be written anew each year; what decided is that of the first.
        first = rows.sort_values("year").groupby("unit")["score"].first()
        score = Score(first.reindex(panel.units).to_numpy(dtype=np.float64), columns.score)
    result = estimate_design(panel, choice, score=score)
    told = {design: why and _own_names(why) for design, why in carried(panel, choice, score).items()}
    return OwnEvaluation(panel, balance, zero, _own_names(result) if isinstance(result, Refusal) else result, told)


def _own_names(refusal: Refusal) -> Refusal:
    """Return a refusal with covariates called as the reader's columns are."""
    if "covariates" not in refusal.values:
        return refusal
    names = tuple(str(one).removeprefix(COVARIATE) for one in refusal.values["covariates"])
    return replace(refusal, values={**refusal.values, "covariates": names})


def _beside(reader: Reader, pack: str, panel: Panel, rows: pd.DataFrame, choice: Choice) -> Score | Refusal:
    """Return the distance to the border on the shapes of a pack, where enough codes are those of one of its levels."""
    match = match_codes(reader, pack, pd.Index(panel.units.astype(str)))
    if match is None or not match.usable:
        return Refusal("no_shapes")
    n = len(reader.units(pack, match.level)["code"])
    here = match.places >= 0
    treated, known = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    treated[match.places[here]] = ~panel.never_treated[here]
    known[match.places[here]] = True
    points = None
    if {"longitude", "latitude"} <= set(rows.columns):
        first = rows.sort_values("year").groupby("unit")[["longitude", "latitude"]].first().reindex(panel.units)
        points = np.full((n, 2), np.nan)
        points[match.places[here]] = first.to_numpy(dtype=np.float64)[here]
    found = border_score(reader, pack, match.level, treated, known, match.places, choice, points)
    return found if isinstance(found, Refusal) else Score.beside(found)


def _no_panel(error: FupingError, first: int) -> Refusal:
    found = why_not(error)
    report = found.values.get("report")
    if report is None:
        return found
    if report.unmatched_left and all(one.reason == "left_out" for one in report.unmatched_left):
        return Refusal("always_treated", {"n": report.n_left, "first": first})
    return Refusal("no_unit", {"n": report.n_left, "left_out": report.unmatched_left}, found.detail)
