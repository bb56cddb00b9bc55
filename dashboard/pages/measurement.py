"""The measurement page: poverty and inequality of a survey that the reader gives; nothing of it is kept."""

from __future__ import annotations

from typing import Any

import dash
from fuping.dashboard.components import html
from fuping.dashboard.components.figure import data_table
from fuping.dashboard.components.survey_fields import chosen_columns, line_fields
from fuping.dashboard.components.survey_figures import counting_choice, survey_figures
from fuping.dashboard.components.upload import (
    PageParts,
    fault,
    fill_upload_document,
    template_to_take,
    upload_document,
)
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.survey import ROLES, SurveyRows, lone_strata, read_survey, survey_columns
from fuping.dashboard.queries.survey_line import set_lines
from fuping.dashboard.queries.survey_results import work_out
from fuping.dashboard.queries.uploaded import MEGABYTE, UploadedTable, UploadError
from fuping.dashboard.state import ViewState

__all__ = ["layout", "register"]

LIMIT = 50 * MEGABYTE

TEMPLATE = ("welfare", "weight", "hhsize", "stratum", "psu", "unit", "group", "year")


def layout(reader: Reader, search: str) -> html.Div:
    """Return the page's places; the callback fills them and follows the URL and the file."""
    return upload_document("measurement")


def register(app: dash.Dash, reader: Reader) -> None:
    """Add the page's callbacks."""
    # The selected unit is marked in the browser: the file need not travel for a click on the map.
    fill_upload_document(app, reader, "measurement", _content, limit=LIMIT, follows="frame")


def _content(reader: Reader, view: ViewState, table: UploadedTable | None) -> PageParts:
    language = view.language
    head = [
        html.H1(message("measurement.title", language)),
        html.P(message("measurement.lead", language), className="lead"),
    ]
    if table is None:
        return PageParts(head, _expected(language))
    columns = survey_columns(view, table.columns)
    survey: SurveyRows | None = None
    wrong: UploadError | None = None
    if columns.welfare is not None:
        try:
            survey = read_survey(table, columns)
        except UploadError as error:
            wrong = error
    body: list[Any] = [
        html.H2(message("measurement.columns", language)),
        html.P(message("measurement.columns_why", language), className="hint"),
        chosen_columns(view, table, columns, survey.years if survey else ()),
    ]
    if survey is None:
        told = fault(wrong, language) if wrong else html.P(message("measurement.choose_welfare", language))
        return PageParts(head, [*body, told])
    lone = bool(lone_strata(survey.of_year(survey.year)))
    body += [html.H2(message("measurement.line_title", language)), line_fields(reader, view, lone=lone)]
    lines = set_lines(reader, view)
    if not lines:
        return PageParts(head, [*body, html.P(message("measurement.set_line", language), className="lead")])
    try:
        found = work_out(reader, view, table, columns, survey, lines)
        return PageParts(head, [*body, *survey_figures(reader, view, table, found)])
    except UploadError as error:
        return PageParts(head, [*body, fault(error, language), *counting_choice(view, table)])


def _expected(language: str) -> list[Any]:
    rows: list[list[Any]] = [
        [
            name,
            html.Span(message(f"measurement.role.{role}", language)),
            message(f"measurement.expects.{role}", language),
        ]
        for name, role in zip(TEMPLATE, ROLES, strict=True)
    ]
    head = [message(f"measurement.{key}", language) for key in ("column", "is", "expects_title")]
    cells = [html.Tr([html.Td(cell, className="words") for cell in row]) for row in rows]
    return [
        html.H2(message("measurement.expected", language)),
        html.P(message("measurement.expected_why", language), className="hint"),
        data_table(head, cells, "expected"),
        template_to_take("measurement", TEMPLATE, language),
        html.P(message("measurement.training", language), className="hint"),
    ]
