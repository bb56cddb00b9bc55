"""The audit log as a table: what the command writes, and what the page hands out to administrators."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, Response, abort, request
from fuping.dashboard.identity import identity
from fuping.dashboard.queries.audit import audit_among
from fuping.dashboard.queries.cache import Reader
from fuping.layers.export.spreadsheet import as_text
from fuping.layers.office import Entry, entries

__all__ = ["MOST", "add_audit_file", "audit_csv"]

COLUMNS = ("at", "who", "action", "subject", "before", "after", "address")

MOST = 100_000
"""Entries of a file, the latest; the command gives as many as it is asked for."""


def add_audit_file(server: Flask, reader: Reader) -> None:
    """Add the route of the file; its query is that of the page."""

    @server.get("/audit.csv")
    def audit_file() -> Response:
        if identity().role != "admin":
            abort(403)
        who, about = request.args.get("who") or None, request.args.get("about") or None
        text = audit_csv(entries(reader.office, who=who, subject=about, among=audit_among(reader), limit=MOST))
        head = {"Content-Disposition": "attachment; filename=fuping_audit.csv", "Cache-Control": "no-store"}
        return Response(f"\ufeff{text}", headers=head, mimetype="text/csv")


def audit_csv(found: Iterable[Entry]) -> str:
    """Return entries as CSV that no spreadsheet program runs; before and after are JSON."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in found:
        cells = (one.at, one.who, one.action, one.subject, _json(one.before), _json(one.after), one.address or "")
        writer.writerow([as_text(cell) for cell in cells])
    return text.getvalue()


def _json(told: Mapping[str, Any] | None) -> str:
    return "" if told is None else json.dumps(told, ensure_ascii=False)
