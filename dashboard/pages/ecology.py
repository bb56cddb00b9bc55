"""The ecology page: how safe the land of each unit is, why, how firm the ranks are, and where it is poor too."""

from __future__ import annotations

from typing import Any

import dash
from fuping.dashboard.components import html
from fuping.dashboard.components.ecology_figures import grade_map, makeup_figure, ranks_figure, weights_table
from fuping.dashboard.components.ecology_years import years_figure
from fuping.dashboard.components.field import Field, select_field
from fuping.dashboard.components.grid_parts import grid_fields
from fuping.dashboard.components.overlay_figures import fragile_and_poor, poverty_field
from fuping.dashboard.components.shell import command, document, fill_document
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.ecology import COMPARISONS, Assessment, assess, choices_of, framework_of
from fuping.dashboard.queries.figures_at import NotUsed
from fuping.dashboard.state import ViewState

__all__ = ["layout", "not_used", "nothing_declared", "register"]


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("ecology")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callback."""
    fill_document(app, reader, "ecology", _content)


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    title = html.H1(message("ecology.title", language))
    framework = framework_of(reader, view.pack)
    if framework is None:
        return [title, nothing_declared("ecology.toml", language)]
    found = assess(reader, view, framework)
    parts: list[Any] = [
        title,
        html.P(message("ecology.lead", language), className="lead"),
        html.P(framework["note"][language], className="hint"),
        html.Div(_fields(view, found), className="fields"),
        *_compared(view, found),
    ]
    if found.refused:
        told = message(f"ecology.refused.{found.refused}", language, **found.detail)
        return [*parts, html.P(told, role="alert"), *not_used(found.left_out, language)]
    over = html.Div(grid_fields(reader, view), className="fields")
    parts += [*not_used(found.left_out, language), over, grade_map(reader, view, found)]
    parts.append(html.Div([makeup_figure(reader, view, found), ranks_figure(reader, view, found)], className="figures"))
    parts += [weights_table(reader, view, found), years_figure(reader, view, found)]
    choice = poverty_field(reader, view, framework)
    if choice is not None:
        parts += [html.Div([choice], className="fields"), fragile_and_poor(reader, view, found)]
    return parts


def nothing_declared(file: str, language: str) -> html.P:
    """Return what a pack is shown that declares no assessment of the kind."""
    return html.P(message("ecology.none_declared", language, file=file), className="lead")


def not_used(left: tuple[NotUsed, ...], language: str) -> list[Any]:
    """Return which declared indicators are left out, why, and what loads them."""
    if not left:
        return []
    join = message("format.join", language)
    parts: list[Any] = []
    closed = [one for one in left if one.commands]
    flat = [one for one in left if not one.commands]
    for key, some in (("ecology.not_loaded", closed), ("ecology.no_figures", flat)):
        if some:
            parts.append(message(key, language, names=join.join(one.indicator["name"][language] for one in some)))
            parts.append(" ")
    commands = dict.fromkeys(text for one in closed for text in one.commands)
    return [html.Div([html.P(parts), *(html.P(command(text)) for text in commands)], className="hint left-out")]


def _choice(view: ViewState, param: str, label: str, value: str, options: list[tuple[str, str]]) -> Field:
    return select_field(
        param, message(label, view.language), value, [{"value": one, "label": words} for one, words in options]
    )


def _fields(view: ViewState, found: Assessment) -> list[Field]:
    chosen, language = choices_of(view, found.framework), view.language
    families = {
        "weights": (chosen.weights, ("equal", "entropy", "pca", "own")),
        "scale": (chosen.scale, ("min-max", "fuzzy", "z")),
        "aggregate": (chosen.aggregation, ("linear", "geometric")),
        "grades": (chosen.grading, ("fifths", "equal")),
    }
    return [
        _choice(
            view,
            param,
            f"ecology.{param}",
            value,
            [(one, message(f"ecology.{param}.{one}", language)) for one in known],
        )
        for param, (value, known) in families.items()
    ]


def _compared(view: ViewState, found: Assessment) -> list[Any]:
    """Return the paired comparisons of the dimensions, and the fields of the user's own weights."""
    chosen, language = choices_of(view, found.framework), view.language
    pairs = (("ps", "pressure", "state"), ("pr", "pressure", "response"), ("sr", "state", "response"))
    fields = []
    for (param, first, second), value in zip(pairs, chosen.compared, strict=True):
        names = {
            "first": message(f"ecology.dimension.{first}", language),
            "second": message(f"ecology.dimension.{second}", language),
        }
        options = [
            {"value": one, "label": message("ecology.times", language, times=one) if one != "1" else "1"}
            for one in COMPARISONS
        ]
        label = message("ecology.pair", language, **names)
        fields.append(select_field(param, label, value, options))
    told = [html.P(message("ecology.ahp_hint", language), className="hint"), html.Div(fields, className="fields")]
    if found.ahp is not None:
        weights = message("format.join", language).join(
            f"{message(f'ecology.dimension.{name}', language)} {number(100 * one, 0, language)}%"
            for name, one in found.ahp.weights.items()
        )
        ratio = number(found.ahp.consistency_ratio, 3, language)
        told.append(html.P(message("ecology.consistency", language, weights=weights, ratio=ratio), className="hint"))
    parts: list[Any] = [
        html.Details(
            [html.Summary(message("ecology.ahp", language)), *told],
            open=chosen.compared != ("1", "1", "1"),
            className="choices",
        )
    ]
    if chosen.weights == "own":
        given = dict(chosen.own)
        parts.append(
            html.Div(
                [
                    Field(
                        id=f"field-w_{one.indicator['id']}",
                        param=f"w_{one.indicator['id']}",
                        label=one.indicator["name"][language],
                        kind="number",
                        value=f"{given.get(one.indicator['id'], 1.0):g}",
                        min=0,
                        max=100,
                        step=1,
                    )
                    for one in found.used
                ],
                className="fields",
            )
        )
    return parts
