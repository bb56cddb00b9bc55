"""The methods page: what this is, how figures are made and read, what each mark means, and how to cite it."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any, get_args

import dash
from dash import dcc
from fuping.dashboard.components import html
from fuping.dashboard.components.shell import document, fill_document
from fuping.dashboard.components.snippet import copyable
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.schema.vocabulary import FigureStatus, Warning_
from fuping.spatial.cube.missing import MissingReason

__all__ = ["layout", "register"]


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("methods")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callback."""
    fill_document(app, reader, "methods", _content, follows="frame")


@cache
def _text(language: str) -> str:
    return (files("fuping.dashboard.i18n") / "locales" / language / "methods.md").read_text(encoding="utf-8")


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    words = {
        "status": [message(f"vocabulary.status.{one}", language) for one in get_args(FigureStatus)],
        "missing": [message(f"vocabulary.reason.{int(one)}", language) for one in MissingReason if one],
        "warnings": [message(f"vocabulary.warning.{one}", language) for one in get_args(Warning_)],
    }
    heads = {
        "status": message("note.status", language),
        "missing": message("methods.missing", language),
        "warnings": message("note.warnings", language),
    }
    marks = [html.Div([html.H3(heads[name]), html.Ul([html.Li(one) for one in told])]) for name, told in words.items()]
    number = version("fuping")
    return [
        html.H1(message("methods.title", language)),
        html.P(message("methods.what", language), className="lead"),
        dcc.Markdown(_text(language), className="prose"),
        html.H2(message("methods.marks", language)),
        html.P(message("methods.marks_why", language), className="hint"),
        html.Div(marks, className="marks"),
        html.H2(message("methods.cite", language)),
        copyable(message("methods.citation", language, version=number), language),
        html.P(message("methods.licence", language), className="hint"),
    ]
