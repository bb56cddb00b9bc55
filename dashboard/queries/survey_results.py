"""Everything that the measurement page shows of one survey, worked out at once, and the same as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.code_match import CodeMatch, match_codes
from fuping.dashboard.queries.deprivations import Counted, count_deprivations, read_counting
from fuping.dashboard.queries.measurement import (
    LEAST_ROWS,
    Curve,
    GroupTable,
    Measures,
    Refused,
    curves,
    decompositions,
    grouped,
    growth_incidence,
    line_value,
    measure,
    table_by,
    with_groups,
)
from fuping.dashboard.queries.results_file import ResultRow, result_rows, results_text
from fuping.dashboard.queries.survey import SurveyColumns, SurveyRows, lone_strata, measured_year
from fuping.dashboard.queries.survey_line import SetLine
from fuping.dashboard.queries.uploaded import UploadedTable, UploadError
from fuping.dashboard.state import ViewState

__all__ = ["SurveyResults", "survey_file", "work_out"]

FGT = ("headcount_ratio", "poverty_gap", "severity")


@dataclass(frozen=True, eq=False)
class SurveyResults:
    """Results of one survey.

    Parameters
    ----------
    rows
        What was measured.
    lines
        The lines; the first is the one of tables, curves and map.
    measures, lorenz, tip, growth
        Of all people; no Lorenz curve where a welfare is negative, no growth without an earlier year.
    first_year
        Of the growth.
    by_unit, match
        Poverty by unit, and the units of the pack that they are; ``None`` without a unit column.
    parts
        Decomposition by group, and inequality within and between; ``None`` without groups.
    counted
        Deprivations counted; ``None`` where none are chosen.
    """

    rows: SurveyRows
    lines: tuple[SetLine, ...]
    measures: Measures
    lorenz: Curve | None
    tip: Curve
    growth: Curve | None
    first_year: int
    by_unit: GroupTable | Refused | None
    match: CodeMatch | None
    parts: tuple[Any, Any] | Refused | None
    counted: Counted | Refused | None
    least: int


def work_out(
    reader: Reader,
    view: ViewState,
    table: UploadedTable,
    columns: SurveyColumns,
    survey: SurveyRows,
    lines: list[SetLine],
) -> SurveyResults:
    """Measure a survey.

    Parameters
    ----------
    table, columns, survey
        The file, what its columns are, and its rows of all years.
    lines
        At least one.

    Raises
    ------
    UploadError
        Naming what cannot be read, or the strata with a single cluster unless the URL accepts them.
    """
    from fuping.spatial.poverty.estimate import Inference

    rows = with_groups(measured_year(survey, columns), message("measurement.no_group", view.language))
    lone = lone_strata(rows)
    accepted = view.option("lone", ["1"], "") == "1"
    if lone and not accepted:
        raise UploadError("lone_strata", n=len(lone), strata=", ".join(lone[:10]))
    inference = Inference(single_psu="certainty" if accepted else "refuse")
    line, least = line_value(rows, lines[0]), int(view.amount("least", LEAST_ROWS, low=1, high=10_000))
    lorenz, tip = curves(rows, line, inference)
    by_unit: GroupTable | Refused | None = None
    match = None
    if rows.unit is not None:
        by_unit = table_by(rows, rows.unit, line, least=least, inference=inference)
        if isinstance(by_unit, GroupTable) and len(by_unit.table):
            match = match_codes(reader, view.pack, pd.Index(by_unit.table.index.astype(str)))
    counting = read_counting(view, table.columns)
    counted = None
    if counting.columns:
        groups = rows.group if grouped(rows) else None
        counted = count_deprivations(table, rows, counting, inference, groups=groups)
    growth, first_year = _growth(survey, rows, inference)
    return SurveyResults(
        rows=rows,
        lines=tuple(lines),
        measures=measure(rows, lines, inference),
        lorenz=lorenz,
        tip=tip,
        growth=growth,
        first_year=first_year,
        by_unit=by_unit,
        match=match,
        parts=decompositions(rows, line, inference) if grouped(rows) else None,
        counted=counted,
        least=least,
    )


def _growth(survey: SurveyRows, rows: SurveyRows, inference: Any) -> tuple[Curve | None, int]:
    earlier = [year for year in rows.years if year < rows.year]
    if not earlier:
        return None, 0
    before = survey.of_year(earlier[0])
    if not np.isfinite(before.welfare).any() or (lone_strata(before) and inference.single_psu == "refuse"):
        return None, earlier[0]
    return growth_incidence(before, rows, inference), earlier[0]


def survey_file(found: SurveyResults, table: UploadedTable, version: str) -> str:
    """Return the results as a text to save."""
    facts: dict[str, object] = {
        "made by": f"Fuping {version}, measurement page; computed from a file of the reader's, which was not kept",
        "file": f"{table.name}, {table.n_rows} rows",
        "year": found.rows.year or "not given",
        "rows measured": len(found.rows.welfare),
        "rows without welfare, left out": found.rows.n_missing,
        "least observations of a unit or group": found.least,
        "standard errors": "linearised, design-based (weights, strata and clusters as chosen); 95 % intervals",
    }
    for at, (one, value) in enumerate(zip(found.lines, found.measures.line_values, strict=True), start=1):
        written = f"; {one.reference}" if one.reference else ""
        facts[f"line {at}"] = f"{value:.10g} ({one.kind}{written})"
    return results_text(facts, _rows(found))


def _rows(found: SurveyResults) -> list[ResultRow]:
    rows = []
    for at, (_, measures) in enumerate(found.measures.poverty, start=1):
        rows += [result_rows(f"line {at}", "all", one.name, one.found) for one in measures]
    others = (*found.measures.inequality, found.measures.mean, found.measures.median)
    rows += [result_rows("all people", "all", one.name, one.found) for one in others]
    if isinstance(found.by_unit, GroupTable):
        for label, row in found.by_unit.table.iterrows():
            note = "too few observations" if row["n"] < found.least else ""
            for name in FGT:
                value, se, low, high = (float(row[f"{name}{end}"]) for end in ("", "_se", "_low", "_high"))
                rows.append(ResultRow("unit", str(label), name, value, se, low, high, int(row["n"]), note))
    if isinstance(found.parts, tuple):
        for label, row in found.parts[0].table.iterrows():
            small = row["n"] < found.least
            for name in ("share", "value", "contribution"):
                kept = not small or name == "share"
                value, se = (float(row[one]) if kept else np.nan for one in (name, f"{name}_se"))
                told = "headcount_ratio" if name == "value" else name
                note = "too few observations" if small else ""
                rows.append(ResultRow("group", str(label), told, value, se, n=int(row["n"]), note=note))
    if isinstance(found.counted, Counted):
        rows += _counted(found.counted)
    for name, curve in (("lorenz", found.lorenz), ("tip", found.tip), ("growth, % a year", found.growth)):
        if curve is not None:
            rows += [ResultRow(name, f"{p:g}", "ordinate", v) for p, v in zip(curve.share, curve.value, strict=True)]
    return rows


def _counted(found: Counted) -> list[ResultRow]:
    one, k = found.measures, f"k = {found.measures.k:.4g}"
    named = (
        ("H", one.headcount_ratio),
        ("A", one.intensity),
        ("M0", one.adjusted_headcount_ratio),
    )
    rows = [result_rows("multidimensional", k, name, each) for name, each in named]
    for name, row in one.indicators.iterrows():
        for column in ("weight", "raw_headcount", "censored_headcount", "contribution", "relative_contribution"):
            se = float(row.get(f"{column}_se", np.nan))
            rows.append(ResultRow("deprivation", str(name), column, float(row[column]), se))
    for cutoff, (h, m0) in found.by_cutoff.items():
        rows += [result_rows("cutoff", f"{cutoff:.4g}", name, each) for name, each in (("H", h), ("M0", m0))]
    return rows
