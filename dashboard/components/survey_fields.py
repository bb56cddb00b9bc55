"""The choices of the measurement page: columns, line, and what is counted as deprived."""

from __future__ import annotations

from typing import Any, get_args

from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import current
from fuping.dashboard.components.field import Field, select_field
from fuping.dashboard.components.upload import column_field
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.deprivations import Counting
from fuping.dashboard.queries.measurement import LEAST_ROWS
from fuping.dashboard.queries.survey import ROLES, SurveyColumns
from fuping.dashboard.queries.survey_line import PERIODS, LineKind, line_kind, pack_lines
from fuping.dashboard.queries.uploaded import UploadedTable
from fuping.dashboard.state import ViewState
from fuping.spatial.poverty.lines import INTERNATIONAL_LINES

__all__ = ["chosen_columns", "counting_fields", "line_fields"]

MOST_OFFERED = 60
"""Columns beyond which a list of all of them is no choice any more."""


def _select(param: str, label: str, value: str, options: list[tuple[str, str]]) -> Field:
    listed = [{"value": one, "label": words} for one, words in options]
    return select_field(param, label, value, listed)


def _number(param: str, label: str, value: float | str, **more: Any) -> Field:
    return Field(id=f"field-{param}", param=param, label=label, kind="number", value=str(value), **more)


def chosen_columns(view: ViewState, table: UploadedTable, chosen: SurveyColumns, years: tuple[int, ...]) -> html.Div:
    """Return the choice of what each column is."""
    language = view.language
    fields: list[Any] = [
        column_field(
            role,
            message(f"measurement.role.{role}", language),
            table.columns,
            getattr(chosen, role),
            language,
            optional=role != "welfare",
        )
        for role in ROLES
    ]
    per = [(one, message(f"measurement.per.{one}", language)) for one in ("person", "household")]
    fields.insert(1, _select("per", message("measurement.per_what", language), per[chosen.per_household][0], per))
    if len(years) > 1:
        listed = [(str(one), str(one)) for one in reversed(years)]
        wave = str(chosen.wave if chosen.wave in years else years[-1])
        fields.append(_select("wave", message("measurement.wave", language), wave, listed))
    return html.Div(fields, className="fields")


def line_fields(reader: Reader, view: ViewState, *, lone: bool) -> html.Div:
    """Return the choice of the line, the least number of observations and, where it matters, of lone clusters."""
    language, kind = view.language, line_kind(view)
    dated = pack_lines(reader, view.pack)
    kinds: list[LineKind] = [one for one in get_args(LineKind) if one != "pack" or dated]
    fields: list[Any] = [
        _select(
            "line",
            message("measurement.line", language),
            kind,
            [(one, message(f"measurement.line_kind.{one}", language)) for one in kinds],
        )
    ]
    if kind == "median":
        share = view.amount("share", 0.6, low=0.05, high=2)
        fields.append(_number("share", message("measurement.share", language), share, min=0.05, max=2, step=0.05))
    elif kind == "amount":
        fields.append(
            Field(
                id="field-amounts",
                param="amounts",
                label=message("measurement.amounts", language),
                kind="text",
                value=dict(view.extra).get("amounts", ""),
                placeholder="2300; 4000",
            )
        )
    elif kind == "pack":
        listed = [
            (str(at), f"{one.name[language] if one.name else ''}, {one.year}: {number(one.value, 0, language)}")
            for at, one in enumerate(dated)
        ]
        fields.append(
            _select(
                "dated",
                message("measurement.dated", language),
                view.option("dated", [one for one, _ in listed], "0"),
                listed,
            )
        )
    elif kind == "bank":
        fields += _bank(view)
    least = view.amount("least", LEAST_ROWS, low=1, high=10_000)
    fields.append(_number("least", message("measurement.least", language), f"{least:g}", min=1, max=10000, step=1))
    if lone:
        fields.append(
            Field(
                id="field-lone",
                param="lone",
                label=message("measurement.lone", language),
                kind="check",
                value=view.option("lone", ["1"], ""),
            )
        )
    return html.Div(fields, className="fields")


def _bank(view: ViewState) -> list[Field]:
    language = view.language
    listed = [
        (
            str(at),
            message(
                "measurement.dollars",
                language,
                value=number(one.dollars_per_day, 2, language),
                year=one.ppp_year,
                kind=message(f"measurement.bank.{one.kind}", language),
            ),
        )
        for at, one in enumerate(INTERNATIONAL_LINES)
    ]
    given = dict(view.extra)
    over = [(one, message(f"measurement.over.{one}", language)) for one in PERIODS]
    return [
        _select(
            "dollars",
            message("measurement.dated", language),
            view.option("dollars", [one for one, _ in listed], "8"),
            listed,
        ),
        _number("parity", message("measurement.parity", language), given.get("parity", ""), min=0, step="any"),
        _number("prices", message("measurement.prices", language), given.get("prices", "1"), min=0, step="any"),
        _select("over", message("measurement.over_what", language), view.option("over", list(PERIODS), "year"), over),
    ]


def counting_fields(view: ViewState, table: UploadedTable, counting: Counting, taken: set[str | None]) -> list[Any]:
    """Return the choice of deprivations, of their weights, and of the cutoff."""
    language = view.language
    offered = [one for one in table.columns if one not in taken][:MOST_OFFERED]
    chips = []
    for one in offered:
        chosen = one in counting.columns
        columns = [name for name in counting.columns if name != one] if chosen else [*counting.columns, one]
        mark = "✓ " if chosen else "+ "
        chips.append(
            link(view, mark + one, {"dep": "|".join(columns), "dw": ""}, className="chip", **current(chosen=chosen))
        )
    fields = [
        Field(
            id="field-dw",
            param="dw",
            label=message("measurement.weights", language),
            kind="text",
            value=dict(view.extra).get("dw", ""),
            placeholder="1; 1; 2",
        ),
        _number("cut", message("measurement.cut", language), f"{counting.k:.4g}", min=0.01, max=1, step=0.01),
    ]
    return [
        html.Div(chips, className="chips"),
        *([html.Div(fields, className="fields")] if counting.columns else []),
    ]
