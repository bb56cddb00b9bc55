"""The audit log as a table: what the command writes, and what the page hands out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from fuping.layers.export.spreadsheet import as_text
from fuping.layers.office import Entry

__all__ = ["AUDIT_COLUMNS", "audit_rows"]

AUDIT_COLUMNS = ("at", "who", "action", "subject", "before", "after", "address")


def audit_rows(found: Iterable[Entry]) -> list[list[object]]:
    """Return entries as rows of texts that no spreadsheet program runs; before and after are JSON."""
    return [
        [as_text(one) for one in (e.at, e.who, e.action, e.subject, _json(e.before), _json(e.after), e.address or "")]
        for e in found
    ]


def _json(told: Mapping[str, Any] | None) -> str:
    return "" if told is None else json.dumps(told, ensure_ascii=False)
