"""The fields of the clusters page: what is looked at, who neighbours whom, and how clusters are sought."""

from __future__ import annotations

from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.field import Field, indicator_field, level_field, select_field, year_field
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.clusters import PERMUTATIONS
from fuping.dashboard.queries.clusters import settings as chosen_settings
from fuping.dashboard.queries.graphs import RULES
from fuping.dashboard.state import ViewState

__all__ = ["cluster_fields"]


def cluster_fields(reader: Reader, view: ViewState) -> list[Any]:
    """Return the fields; of the graph only those that its rule asks for."""
    language = view.language
    chosen = chosen_settings(reader, view)
    graph = chosen.graph
    what = [
        indicator_field(reader, view, figures_only=True),
        level_field(reader, view, several_only=True),
        year_field(reader, view),
    ]
    how = [_choice("graph", [(one, message(f"clusters.graph.{one}", language)) for one in RULES], graph.rule, language)]
    if graph.rule == "knn":
        how.append(_number("nearest", str(graph.k), language, low=1, high=20))
    if graph.rule == "distance":
        how.append(_number("reach", f"{graph.reach_km:.10g}", language, low=1, high=20_000))
    counts = [(str(one), str(one)) for one in PERMUTATIONS]
    how.append(_choice("permutations", counts, str(chosen.permutations), language))
    controls = [(one, message(f"clusters.control.{one}", language)) for one in ("fdr", "each")]
    how.append(_choice("control", controls, chosen.control, language))
    return [html.Div(what, className="fields"), html.Div(how, className="fields")]


def _choice(param: str, options: list[tuple[str, str]], value: str, language: str) -> Field:
    return select_field(
        param,
        message(f"clusters.field.{param}", language),
        value,
        [{"value": one, "label": label} for one, label in options],
        clears=["part"],
    )


def _number(param: str, value: str, language: str, *, low: int, high: int) -> Field:
    label = message(f"clusters.field.{param}", language)
    return Field(
        id=f"field-{param}", param=param, label=label, kind="number", value=value, min=low, max=high, clears=["part"]
    )
