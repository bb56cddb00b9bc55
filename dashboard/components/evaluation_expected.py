"""What a reader's own panel must hold, before it is given."""

from __future__ import annotations

from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.figure import data_table
from fuping.dashboard.components.upload import template_to_take
from fuping.dashboard.i18n.messages import message

__all__ = ["expected"]

TEMPLATE = ("unit", "year", "outcome", "first_treated", "cluster", "weight", "score", "longitude", "latitude")


def expected(language: str) -> list[Any]:
    """Return the columns of a panel, and a template to take."""
    roles = ("unit", "year", "outcome", "first", "cluster", "weight", "score", "longitude", "latitude")
    rows = [
        html.Tr(
            [
                html.Td(cell, className="words")
                for cell in (
                    name,
                    message(f"evaluation.column.{role}", language),
                    message(f"evaluation.expects.{role}", language),
                )
            ]
        )
        for name, role in zip(TEMPLATE, roles, strict=True)
    ]
    head = [message(f"measurement.{key}", language) for key in ("column", "is", "expects_title")]
    return [
        html.H2(message("measurement.expected", language)),
        html.P(message("evaluation.expected_why", language), className="hint"),
        data_table(head, rows, "expected"),
        template_to_take("evaluation", TEMPLATE, language),
    ]
