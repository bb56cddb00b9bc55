"""The results of an evaluation as a text to save."""

from __future__ import annotations

from fuping.dashboard.components.evaluation_figures import variant_name
from fuping.dashboard.components.evaluation_methods import citations, methods_paragraph
from fuping.dashboard.components.evaluation_words import Scale, Subject, refusal_words
from fuping.dashboard.queries.designs import Matched, Other, Twin, Weighted
from fuping.dashboard.queries.effects import Effects, Refusal
from fuping.dashboard.queries.results_file import ResultRow, result_rows, results_text

__all__ = ["effects_file"]


def effects_file(found: Effects | Other, subject: Subject, scale: Scale, source: str) -> str:
    """Return the results as a text to save."""
    facts = {
        "treatment": subject.treatment,
        "outcome": f"{subject.outcome} ({scale.unit})" if scale.unit else subject.outcome,
        "methods": methods_paragraph(found, subject, scale, source),
        "works": citations(found).replace("\n", " | "),
    }
    return results_text(facts, _of_effects(found) if isinstance(found, Effects) else _of_design(found))


def _of_effects(found: Effects) -> list[ResultRow]:
    rows = [result_rows("effect", "all", by, one.overall) for by, one in found.combined.items()]
    for table, by in (("time since treatment", "dynamic"), ("cohort", "group"), ("period", "calendar")):
        for label, row in found.combined[by].table.iterrows():
            value, se, low, high = (float(row[name]) for name in ("att", "se", "low", "high"))
            rows.append(ResultRow(table, f"{label:g}", "att", value, se, low, high))
    for one in found.variants:
        note = refusal_words(one.found, "en")[0] if isinstance(one.found, Refusal) else ""
        rows.append(result_rows("robustness", variant_name(one, "en"), "att", one.found, note))
    return rows


def _of_design(found: Other) -> list[ResultRow]:
    if isinstance(found, Twin):
        rows = [ResultRow("effect", "all", "att", found.found.effect)]
        return rows + [ResultRow("weight", str(unit), "weight", float(w)) for unit, w in found.found.weights.items()]
    rows = [result_rows("effect", "all", "att", found.overall)]
    if isinstance(found, Weighted):
        rows += [
            ResultRow("cohort", f"{one:g}", "att", float(row["att"]), n=int(row["n_treated"]))  # type: ignore[str-format]
            for one, row in found.found.cohorts.iterrows()
        ]
        for name, weights in (("unit weight", found.found.weights), ("period weight", found.found.period_weights)):
            rows += [ResultRow(name, str(one), "weight", float(w)) for one, w in weights.items()]
    elif isinstance(found, Matched):
        for at, row in found.found.table.iterrows():
            value, se, low, high = (float(row[name]) for name in ("att", "se", "low", "high"))
            rows.append(ResultRow("time since treatment", str(at), "att", value, se, low, high))
        for when, table in (("before matching", found.found.before), ("after matching", found.found.matches.balance)):
            gaps = table["standardised_difference"].items()
            rows += [ResultRow(when, str(one), "standardised_difference", float(gap)) for one, gap in gaps]
    else:
        cut = found.found
        rows.append(result_rows("effect", "conventional", "att", cut.conventional))
        rows.append(ResultRow("bandwidth", "both sides", "bandwidth", cut.bandwidth, n=cut.n_left + cut.n_right))
        if found.border is not None:
            rows.append(ResultRow("border", "length", "km", found.border.km, n=len(found.border.segments)))
            rows.append(ResultRow("border", "left out around it", "km", found.border.donut, n=found.border.n_hole))
        rows.append(ResultRow("density", "at the cutoff", "p_value", cut.density.p_value))
    return rows
