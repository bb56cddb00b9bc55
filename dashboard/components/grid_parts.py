"""What a page says of a grid over its map: the choice, the source, and the cell inside a unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.field import Field, select_field
from fuping.dashboard.components.grid_words import cell_text, place_text
from fuping.dashboard.components.source_note import cited
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.grids import cell_inside, chosen_grid, grids, opacity, painting, source_of
from fuping.dashboard.state import ViewState

__all__ = ["cell_of_unit", "grid_credit", "grid_fields", "grid_note"]


def grid_fields(reader: Reader, view: ViewState) -> list[Field]:
    """Return the choice of a grid and, with one, its opacity; nothing where the pack has no grids."""
    there, language = grids(reader, view.pack), view.language
    if not there:
        return []
    chosen = chosen_grid(reader, view)
    options = [{"value": "", "label": message("grid.none", language)}]
    options += [{"value": one["id"], "label": one["name"][language]} for one in there]
    fields = [select_field("grid", message("grid.title", language), chosen["id"] if chosen else "", options)]
    if chosen:
        fields.append(
            Field(
                id="field-opacity",
                param="opacity",
                label=message("grid.opacity", language),
                kind="range",
                value=f"{opacity(view):g}",
                min=0,
                max=100,
                step=5,
                live=True,
            )
        )
    return fields


def grid_note(reader: Reader, view: ViewState) -> list[html.Span]:
    """Return what the note under the map says of the grid over it."""
    grid = chosen_grid(reader, view)
    return [] if grid is None else [grid_credit(reader, view.pack, grid, "grid.over", view.language)]


def grid_credit(reader: Reader, pack: str, grid: Mapping[str, Any], key: str, language: str) -> html.Span:
    """Return the credit for a grid.

    Parameters
    ----------
    key
        Of the message that tells what the grid does here, with its ``name``.
    """
    source = source_of(reader, pack, grid)
    warnings = [message(f"vocabulary.warning.{word}", language) for word in source["warnings"]]
    told = [str(grid["year"]), source["licence"], *warnings]
    words = message("format.join", language).join(["", *told])
    name = message(key, language, name=grid["name"][language])
    return html.Span([html.B(name), " ", cited(source, language), words], **data(note="grid"))


def cell_of_unit(reader: Reader, view: ViewState, level: str, at: int) -> list[html.Section]:
    """Return the grid's cell at a point inside a unit, for who has no pointer.

    Parameters
    ----------
    level, at
        Level of the unit, and its place there.
    """
    grid = chosen_grid(reader, view)
    found = cell_inside(reader, view.pack, level, at, grid) if grid else None
    if grid is None or found is None:
        return []
    language = view.language
    value: list[Any] = [cell_text(grid, found, language)]
    if found.place is not None:
        value.insert(0, html.I(className="swatch", style={"background": painting(grid).colours[found.place]}))
    return [
        html.Section(
            [
                html.H3(message("grid.over", language, name=grid["name"][language])),
                html.P([html.Span(value, className="value word")]),
                html.P(message("grid.inside", language, place=place_text(found, language)), className="hint"),
            ],
            className="unit-grid",
        )
    ]
