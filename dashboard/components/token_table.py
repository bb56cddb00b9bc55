"""The tokens that read for a person, each with a button that ends it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.figure import data_table
from fuping.dashboard.i18n.formats import day
from fuping.dashboard.i18n.messages import message
from fuping.layers.office.credentials import HeldToken

__all__ = ["token_table"]


def token_table(tokens: Sequence[HeldToken], language: str, *, buttons: str, none: str) -> Any:
    """Return the tokens as a table.

    Parameters
    ----------
    buttons
        Type of the buttons' ids; their index is that of the token.
    none
        What is said where there are none.
    """
    if not tokens:
        return html.P(none, className="hint")
    rows = []
    for one in tokens:
        where = {"type": buttons, "index": one.id}
        button = html.Button(message("people.act.token", language), id=where, type="button", className="quiet")
        made, ends = (day(at, language) for at in (one.made_at, one.ends_at))
        rows.append([html.Code(one.id[:8]), made, ends, button])
    head = [message(f"people.column.{key}", language) for key in ("token", "made", "ends")]
    return html.Div(data_table([*head, ""], rows, "tokens"), className="word-table")
