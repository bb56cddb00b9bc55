"""The quality page: how complete a pack is, which figures to ask their source about, and what cannot be judged."""

from __future__ import annotations

from typing import Any

import dash
from fuping.dashboard.components import html
from fuping.dashboard.components.navigation import page_href
from fuping.dashboard.components.quality_list import flag_fields, flag_list
from fuping.dashboard.components.quality_parts import completeness_matrix, flag_counts, not_judged, series_notes
from fuping.dashboard.components.shell import document, fill_document
from fuping.dashboard.i18n.formats import day, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.quality_download import add_quality_download
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.quality import quality_shown
from fuping.dashboard.state import ViewState

__all__ = ["layout", "register"]


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL."""
    return document("quality")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callback and its file."""
    add_quality_download(app.server, reader)
    fill_document(app, reader, "quality", _content)


def _content(reader: Reader, view: ViewState) -> list[Any]:
    language = view.language
    shown = quality_shown(reader, view)
    catalogue = reader.catalogue(view.pack)
    built = message("data.built", language, date=day(catalogue["built_at"], language), id=reader.version(view.pack))
    how = html.A(message("page.methods", language), href=page_href("methods", view))
    return [
        html.H1(message("quality.title", language, name=catalogue["pack"]["name"][language])),
        html.P(message("quality.lead", language), className="lead"),
        html.P([built, " ", how], className="hint"),
        html.H2(message("quality.completeness", language)),
        html.P(message("quality.completeness_how", language), className="hint"),
        completeness_matrix(reader, view, shown.indicators),
        html.H2(message("quality.flagged", language)),
        html.P(message("quality.flagged_how", language, n=number(shown.n_flags, 0, language)), className="hint"),
        flag_counts(view, shown),
        *not_judged(shown.indicators, language),
        html.H2(message("quality.series", language)),
        *series_notes(shown.indicators, language),
        html.H2(message("quality.list", language)),
        flag_fields(view, shown),
        *flag_list(reader, view, shown),
    ]
