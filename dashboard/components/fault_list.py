"""What is wrong with a file, fault by fault, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.i18n.refusals import told_in
from fuping.spatial.wording import Worded

__all__ = ["fault_list"]


def fault_list(faults: Sequence[str], n: int, language: str, *, before: Sequence[Any] = ()) -> html.Ol:
    """Return faults as a list, and how many more there are.

    Parameters
    ----------
    n
        Faults in all, those of ``before`` among them.
    before
        Items that come first.
    """
    rows = [*before]
    for one in faults:
        rows.append(html.Li(told_in(one, language), lang=language if isinstance(one, Worded) else LANGUAGES[0]))
    if n > len(rows):
        rows.append(html.Li(message("supply.more", language, n=number(n - len(rows), 0, language))))
    return html.Ol(rows, className="faults")
