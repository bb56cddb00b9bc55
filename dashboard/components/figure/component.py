"""A figure as every page shows it: title, what is to be read, the picture, its figures as a table, its note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc
from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import aria, data
from fuping.dashboard.i18n.messages import message

__all__ = ["CONFIG", "chart", "data_table", "figure"]

CONFIG: Any = {"displayModeBar": False, "responsive": True}


def chart(drawn: dict[str, Any], label: str, *, height: int = 300) -> html.Div:
    """Return a plotly figure.

    Parameters
    ----------
    drawn
        ``data`` and ``layout``.
    label
        What a reader who cannot see it is told.
    height
        Pixels.
    """
    graph = dcc.Graph(figure=drawn, config=CONFIG)
    return html.Div(graph, className="chart", role="img", style={"height": f"{height}px"}, **aria(label=label))


def data_table(head: Sequence[Any], rows: Sequence[Sequence[Any] | html.Tr], name: str) -> html.Div:
    """Return a table whose columns after the first hold figures.

    Parameters
    ----------
    head
        A title for each column.
    rows
        Cells, or rows made already.
    name
        What tests and style sheets find it by.
    """
    body = [row if isinstance(row, html.Tr) else html.Tr([html.Td(cell) for cell in row]) for row in rows]
    table = html.Table([html.Thead(html.Tr([html.Th(one, scope="col") for one in head])), html.Tbody(body)])
    return html.Div(table, className="figure-table", tabIndex=0, **data(table=name))


def figure(
    name: str,
    title: str,
    body: Any,
    note: Any,
    language: str,
    *,
    hint: str = "",
    table: Any = None,
    saved: bool = False,
) -> html.Section:
    """Return a figure.

    Parameters
    ----------
    name
        What tests and style sheets find it by; of a saved picture, its file name.
    title, hint
        What it shows, and how to read it.
    body
        The picture.
    note
        Its source note, or several.
    table
        The same figures as a table, closed until it is asked for.
    saved
        Whether the picture is a chart that can be saved.
    """
    below: list[Any] = []
    if table is not None:
        below.append(html.Details([html.Summary(message("figure.table", language)), table], className="as-table"))
    if saved:
        buttons = [
            html.Button(form.upper(), **data(save=form), **aria(label=message("figure.save", language, form=form)))
            for form in ("png", "svg")
        ]
        below.append(html.Div(buttons, className="save"))
    return html.Section(
        [
            html.H2(title),
            *([html.P(hint, className="hint")] if hint else []),
            *(body if isinstance(body, list) else [body]),
            *([html.Div(below, className="figure-foot")] if below else []),
            *(note if isinstance(note, list) else [note]),
        ],
        className="figure",
        **data(figure=name),
    )
