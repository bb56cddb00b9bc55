"""What is shown: indicator by theme, level, kind of map, classes, project overlay."""

from __future__ import annotations

from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import aria, current, data
from fuping.dashboard.components.field import Field, select_field
from fuping.dashboard.components.grid_parts import grid_fields
from fuping.dashboard.components.limit_fields import limit_fields, limits_shown
from fuping.dashboard.components.shell import command
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.kinds import KINDS, second_indicators, years_of
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.choices import IndicatorChoice, LevelChoice, Theme, indicator_choices, level_choices
from fuping.dashboard.queries.kinds import KindChoice, kind_choices
from fuping.dashboard.state import CLASS_COUNTS, OWN_CLASSES, ViewState
from fuping.spatial.cartography import SCHEMES

__all__ = ["pickers"]

K_SCHEMES = ("quantiles", "equal_interval", "natural_breaks")
"""Schemes that are asked for a number of classes."""


def pickers(reader: Reader, view: ViewState) -> list[Any]:
    """Return the choices of a view."""
    declared = reader.indicator(view.pack, view.indicator)
    parts: list[Any] = [
        html.H2(message("panel.indicators", view.language)),
        *(_theme(theme, view) for theme in indicator_choices(reader, view.pack)),
        html.P(declared["meaning"][view.language], className="meaning"),
        _group("panel.level", view, [_level(one, view) for one in level_choices(reader, view.pack, view.indicator)]),
    ]
    if reader.level(view.pack, view.level)["n_units"] == 1:
        return parts
    parts.append(_kinds(reader, view))
    if view.kind == "choropleth" and not declared["categories"]:
        parts.append(_classes(reader, view))
    projects = reader.catalogue(view.pack)["projects"]
    if projects:
        parts.append(_group("panel.overlay", view, _overlay(projects, view)))
    fields = grid_fields(reader, view)
    if fields:
        parts.append(html.Section(html.Div(fields, className="fields"), className="choices"))
    return parts


def _group(title: str, view: ViewState, rows: list[Any]) -> html.Section:
    return html.Section([html.H3(message(title, view.language)), *rows], className="choices")


def _choice(view: ViewState, words: Any, changes: dict[str, str], *, chosen: bool, name: str = "choice") -> html.A:
    return link(view, words, changes, className=name, **current(chosen=chosen))


def _theme(theme: Theme, view: ViewState) -> html.Details:
    chosen = any(one.indicator["id"] == view.indicator for one in theme.choices)
    commands = dict.fromkeys(one for choice in theme.choices for one in choice.commands)
    rows = [_indicator(one, view) for one in theme.choices]
    if commands:
        what = html.Small(message("panel.not_loaded", view.language))
        rows.append(html.Div([what, *(command(one) for one in commands)], className="not-loaded"))
    summary = html.Summary([theme.name[view.language], html.Span(len(theme.choices), className="count")])
    return html.Details([summary, *rows], open=chosen, className="theme")


def _indicator(choice: IndicatorChoice, view: ViewState) -> Any:
    name = choice.indicator["name"][view.language]
    if choice.offered:
        changes = OWN_CLASSES | {"indicator": choice.indicator["id"], "only": "", "page": ""}
        return _choice(view, name, changes, chosen=choice.indicator["id"] == view.indicator)
    why = [] if choice.commands else [html.Small(message("panel.no_figures", view.language))]
    return html.Div([html.Span(name), *why], className="choice closed")


def _level(choice: LevelChoice, view: ViewState) -> Any:
    name = choice.level["plural"][view.language]
    if choice.offered:
        changes = {"level": choice.level["id"], "only": "", "page": ""}
        count = html.Span(number(choice.level["n_units"], 0, view.language), className="count")
        return _choice(view, [name, count], changes, chosen=choice.level["id"] == view.level)
    reasons = [message(f"vocabulary.reason.{int(reason)}", view.language) for reason in choice.missing]
    key = "panel.level_missing" if reasons else "panel.level_none"
    why = message(key, view.language, reasons="; ".join(reasons))
    return html.Div([html.Span(name), html.Small(why)], className="choice closed")


def _kinds(reader: Reader, view: ViewState) -> html.Section:
    """Return the kinds of map, and what the chosen one is asked: the base year, the second indicator."""
    rows: list[Any] = [_kind(one, view) for one in kind_choices(reader, view)]
    fields: list[Any] = []
    if view.kind == "change":
        fields.append(_base_field(reader, view))
    if view.kind == "bivariate":
        fields.append(_second_field(reader, view))
    return _group("panel.kind", view, [*rows, *([html.Div(fields, className="fields")] if fields else [])])


def _kind(one: KindChoice, view: ViewState) -> Any:
    words = [message(f"kind.{one.kind}", view.language)]
    if one.refused:
        why = html.Small(message(f"kind.refused.{one.refused}", view.language))
        return html.Div([html.Span(words), why], className="choice closed kind")
    changes = {"kind": "" if one.kind == KINDS[0] else one.kind, "base": "", "second": "", "only": "", "page": ""}
    changes |= {"sort": "", "uncertain": ""}
    return _choice(view, words, changes, chosen=one.kind == view.kind)


def _base_field(reader: Reader, view: ViewState) -> Field:
    years = years_of(reader.indicator(view.pack, view.indicator), view.level)
    before = {"value": "", "label": message("kind.year_before", view.language)}
    return select_field(
        "base",
        message("kind.base", view.language),
        str(view.base or ""),
        [before, *({"value": str(one), "label": str(one)} for one in years[:-1])],
        clears=["only", "page"],
    )


def _second_field(reader: Reader, view: ViewState) -> Field:
    catalogue = reader.catalogue(view.pack)
    named = {one["id"]: one for one in catalogue["indicators"]}
    offered = second_indicators(catalogue, named[view.indicator], view.level)
    options = [
        {"value": one, "label": named[one]["name"][view.language], "group": named[one]["theme"][view.language]}
        for one in offered
    ]
    return select_field(
        "second", message("kind.second", view.language), view.second or "", options, clears=["only", "page"]
    )


def _classes(reader: Reader, view: ViewState) -> html.Section:
    """Return the ways to make classes, and what the chosen one is asked."""
    language, declared = view.language, reader.indicator(view.pack, view.indicator)
    own = view.own_limits
    chosen = "typed" if own and own.text else view.scheme
    ways: dict[str, dict[str, str]] = {
        one: {"scheme": one, "limits": "", "ends": ""} for one in SCHEMES if one != "manual"
    }
    if declared["class_breaks"]:
        ways["manual"] = {"scheme": "manual", "limits": "", "ends": ""}
    # The reader begins with the limits now drawn.
    ways["typed"] = {"scheme": "manual", "limits": limits_shown(reader, view)}
    offered = [
        _choice(
            view,
            [message(f"scheme.{one}", language), html.Small(message(f"scheme.{one}.why", language))],
            changes | {"only": "", "page": ""},
            chosen=one == chosen,
        )
        for one, changes in ways.items()
    ]
    menu = html.Details(
        [html.Summary(message(f"scheme.{chosen}", language)), html.Div(offered, className="menu")],
        className="select",
        **data(menu="scheme"),
    )
    rows: list[Any] = [menu]
    if view.scheme == "manual":
        rows += limit_fields(reader, view)
    if view.scheme in K_SCHEMES:
        counts = [
            _choice(view, str(k), {"k": str(k), "only": ""}, chosen=k == view.k, name="step") for k in CLASS_COUNTS
        ]
        rows.append(html.Div(counts, className="steps", **aria(label=message("panel.k", view.language))))
    return _group("panel.classes", view, rows)


def _overlay(projects: list[dict[str, Any]], view: ViewState) -> list[Any]:
    rows = [_choice(view, message("overlay.none", view.language), {"overlay": ""}, chosen=view.project is None)]
    for one in projects:
        named = message("overlay.short", view.language, named=one["named_units"], total=one["total_units"])
        words = [one["name"][view.language], html.Small(named)]
        rows.append(_choice(view, words, {"overlay": one["id"]}, chosen=one["id"] == view.project))
    return rows
