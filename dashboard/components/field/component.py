"""A field that sets a parameter of the URL: a choice, a number, a text, or a switch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fuping.dashboard.components.browser import BrowserComponent
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.choices import indicator_choices, level_choices
from fuping.dashboard.state import OWN_CLASSES, ViewState

__all__ = ["Field", "indicator_field", "level_field", "select_field", "year_field"]


class Field(BrowserComponent):
    """A labelled field.

    Parameters
    ----------
    id
        Of the input.
    param
        Parameter of the URL that it sets.
    label
        What stands above it.
    kind
        ``"select"``, ``"number"``, ``"range"``, ``"text"`` or ``"check"`` (``"1"`` or nothing).
    value
        As the server understood the URL, as text.
    options
        Of a choice: ``value``, ``label`` and, where they are grouped, ``group``.
    min, max, step, placeholder
        Of a number or a text.
    clears
        Parameters of the URL that no longer hold once this one changes.
    live
        Whether the URL follows while a range is dragged, and the range follows the URL; for what the browser alone
        draws with.
    """

    names = ("param", "label", "kind", "value", "options", "min", "max", "step", "placeholder", "clears", "live")


def select_field(
    param: str, label: str, value: str, options: Sequence[Mapping[str, str]], *, clears: Sequence[str] = ()
) -> Field:
    """Return a choice.

    Parameters
    ----------
    options
        ``value``, ``label`` and, where they are grouped, ``group`` of each.
    clears
        Parameters of the URL that no longer hold once this one changes.
    """
    return Field(
        id=f"field-{param}",
        param=param,
        label=label,
        kind="select",
        value=value,
        options=list(options),
        clears=list(clears),
    )


def indicator_field(reader: Reader, view: ViewState, *, figures_only: bool = False, param: str = "indicator") -> Field:
    """Return the choice of an indicator, by theme; only those that have figures.

    Parameters
    ----------
    figures_only
        Leave out statuses.
    param
        Parameter that it sets, for a page that asks for a second indicator.
    """
    language = view.language
    options = [
        {"value": one.indicator["id"], "label": one.indicator["name"][language], "group": theme.name[language]}
        for theme in indicator_choices(reader, view.pack)
        for one in theme.choices
        if one.offered and not (figures_only and one.indicator["categories"])
    ]
    value = view.indicator if param == "indicator" else dict(view.extra).get(param, "")
    label = message("data.indicator", language)
    return select_field(param, label, value, options, clears=[*OWN_CLASSES, "only", "page"])


def level_field(reader: Reader, view: ViewState, *, several_only: bool = False) -> Field:
    """Return the choice of a level among those that the indicator has figures at.

    Parameters
    ----------
    several_only
        Leave out levels of one unit.
    """
    options = [
        {"value": one.level["id"], "label": one.level["plural"][view.language]}
        for one in level_choices(reader, view.pack, view.indicator)
        if one.offered and not (several_only and one.level["n_units"] == 1)
    ]
    return select_field("level", message("panel.level", view.language), view.level, options, clears=["only", "page"])


def year_field(reader: Reader, view: ViewState, *, param: str = "year", value: int | None = None) -> Field:
    """Return the choice of one of the years that the indicator has at the level.

    Parameters
    ----------
    param, value
        Parameter that it sets and the year that holds, for a page that asks for a second year.
    """
    years: list[Any] = reader.indicator(view.pack, view.indicator)["levels"].get(view.level, {}).get("years", [])
    chosen = str(view.year if value is None else value)
    options = [{"value": str(one), "label": str(one)} for one in reversed(years)]
    return select_field(param, message("note.year", view.language), chosen, options)
