"""A page that works on a file of the reader's: the file goes with every question and is kept nowhere.

The file rests in the reader's browser. The server reads it for one answer, in memory, and forgets it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import dash
from dash import Input, Output, State, dcc
from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.field import Field, select_field
from fuping.dashboard.components.repeated_notes import fold_repeated
from fuping.dashboard.components.shell import document, header
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.uploaded import FORMS, MEGABYTE, READING, UploadedTable, UploadError, decode, read_table
from fuping.dashboard.state import ViewState

__all__ = [
    "NO_COLUMN",
    "PageParts",
    "column_field",
    "fault",
    "fill_upload_document",
    "results_to_take",
    "template_to_take",
    "upload_document",
]

LARGEST_REQUEST = 256 * MEGABYTE
"""What is larger is not even read; a file in base 64 is a third larger than itself."""

NO_COLUMN = "-"
"""Value of a parameter that asks for no column where the page would have guessed one."""

TAKE = """function (clicks, text, name) {
  if (!clicks || !text) return window.dash_clientside.no_update;
  return { content: "\\ufeff" + text, filename: name, type: "text/csv;charset=utf-8" };
}"""

FORGET = """function (clicks) {
  return clicks ? [null, null] : [window.dash_clientside.no_update, window.dash_clientside.no_update];
}"""

MARK = """function (search, children) {
  const unit = new URLSearchParams(search || "").get("unit");
  window.requestAnimationFrame(() => document.querySelectorAll("tr[data-unit]").forEach((row) => {
    if (unit && row.dataset.unit === unit) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }));
  const name = (tries) => {
    const input = document.querySelector(".upload input[type=file]");
    const button = document.querySelector(".upload button");
    if (input && button) { input.setAttribute("aria-label", button.textContent); input.tabIndex = -1; }
    else if (tries) setTimeout(() => name(tries - 1), 100);
  };
  name(30);
  return window.dash_clientside.no_update;
}"""
"""Marks the rows of the selected unit, and names the input of the file, which Dash leaves without a name."""


@dataclass(frozen=True)
class PageParts:
    """What a page shows.

    Parameters
    ----------
    head
        Above the place of the file.
    body
        Below it.
    asks
        Whether a file is asked for.
    """

    head: Sequence[Any]
    body: Sequence[Any] = field(default_factory=list)
    asks: bool = True


def upload_document(page: str) -> html.Div:
    """Return the places of a page with a file, for its callback to fill."""
    place = dcc.Upload(
        id=f"{page}-upload",
        className="upload",
        className_active="upload active",
        style={},
        style_active={},
        style_reject={},
        style_disabled={},
    )
    return document(
        page,
        html.Div(id=f"{page}-head"),
        html.Div(place, id=f"{page}-file", hidden=True),
        html.Div(id=f"{page}-page", className="upload-page"),
        dcc.Download(id=f"{page}-download"),
        html.Span(id=f"{page}-mark", hidden=True),
    )


def fill_upload_document(
    app: dash.Dash,
    reader: Reader,
    page: str,
    content: Callable[[Reader, ViewState, UploadedTable | None], PageParts],
    *,
    limit: int,
    follows: str = "place",
) -> None:
    """Add the callbacks of an :func:`upload_document`.

    Parameters
    ----------
    content
        Gives the page; without a table where none is there. An :class:`UploadError` that it raises is told in its
        place, and so is one of the file's reading.
    limit
        Bytes of a file.
    follows
        Part of the URL that the page follows.
    """
    app.server.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST

    @app.callback(
        Output(f"{page}-header", "children"),
        Output(f"{page}-head", "children"),
        Output(f"{page}-file", "hidden"),
        Output(f"{page}-upload", "children"),
        Output(f"{page}-page", "children"),
        Input(f"{page}-address", follows),
        Input(f"{page}-upload", "contents"),
        State(f"{page}-upload", "filename"),
    )
    def fill(search: str, contents: str | None, name: str | None) -> Any:
        view = ViewState.read(search, reader.packs(), reader.catalogue)
        table, wrong = None, None
        with READING:
            if contents and name:
                try:
                    table = read_table(decode(contents, name, limit=limit), name)
                except UploadError as error:
                    wrong = error
            try:
                parts = content(reader, view, table)
            except UploadError as error:
                parts, wrong = content(reader, view, None), error
        body = [fault(wrong, view.language), *parts.body] if wrong else list(parts.body)
        asked = _asked(page, view.language, table, limit)
        return header(reader, view, page), list(parts.head), not parts.asks, asked, fold_repeated(body, view.language)

    app.clientside_callback(
        TAKE,
        Output(f"{page}-download", "data"),
        Input(f"{page}-take", "n_clicks"),
        State(f"{page}-results", "children"),
        State(f"{page}-results", "title"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        FORGET,
        Output(f"{page}-upload", "contents"),
        Output(f"{page}-upload", "filename"),
        Input(f"{page}-forget", "n_clicks"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        MARK, Output(f"{page}-mark", "children"), Input(f"{page}-address", "search"), Input(f"{page}-page", "children")
    )


def _asked(page: str, language: str, table: UploadedTable | None, limit: int) -> list[Any]:
    limits = message("upload.limits", language, size=f"{limit / MEGABYTE:.0f}", forms=", ".join(FORMS))
    if table is None:
        return [
            html.Button(message("upload.choose", language), type="button", id=f"{page}-choose"),
            html.Span(message("upload.drop", language)),
            html.Small([limits, " ", message("upload.kept", language)]),
        ]
    told = message(
        "upload.read",
        language,
        rows=number(table.n_rows, 0, language),
        columns=len(table.columns),
        form=table.encoding or table.form.upper(),
    )
    return [
        html.Strong(table.name),
        html.Span(told),
        html.Button(message("upload.other", language), type="button", id=f"{page}-choose"),
        html.Small(message("upload.kept", language)),
    ]


def fault(error: UploadError, language: str) -> html.Div:
    """Return what is said where a file cannot be used."""
    return html.Div(
        [html.Strong(message("upload.wrong", language)), html.Span(error.said(language))],
        className="refused",
        role="alert",
        **data(fault=error.code),
    )


def column_field(
    param: str, label: str, columns: Sequence[str], chosen: str | None, language: str, *, optional: bool = True
) -> Field:
    """Return the choice of a column of the file."""
    none = [{"value": NO_COLUMN, "label": message("upload.no_column" if optional else "upload.to_choose", language)}]
    options = [{"value": one, "label": one} for one in columns]
    return select_field(
        param,
        label,
        str(chosen) if chosen in columns else NO_COLUMN,
        options if not optional and chosen in columns else none + options,
    )


def results_to_take(page: str, text: str, name: str, language: str, *, own: bool = True) -> html.Div:
    """Return the button that saves results as CSV; the text goes with the page, so that nothing is kept for it.

    Parameters
    ----------
    own
        Whether they are those of a file, which can be taken away.
    """
    return html.Div(
        [
            html.Button(message("upload.take", language), type="button", id=f"{page}-take", className="take-results"),
            html.Button(
                message("upload.forget", language),
                type="button",
                id=f"{page}-forget",
                className="quiet",
                hidden=not own,
            ),
            html.Pre(text, id=f"{page}-results", title=name, hidden=True),
        ],
        className="take-row",
    )


def template_to_take(page: str, names: Sequence[str], language: str) -> html.Div:
    """Return the button that saves a file with the names of columns and no rows."""
    return html.Div(
        [
            html.Button(message("upload.template", language), type="button", id=f"{page}-take"),
            html.Pre(",".join(names) + "\n", id=f"{page}-results", title=f"{page}_template.csv", hidden=True),
            html.Button(id=f"{page}-forget", hidden=True),
        ],
        className="take-row",
    )
