"""The alerts that a view would raise: every unit beyond its lines, with what it is judged by."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from fuping.dashboard.queries.alerts import Judged, Refusal, judge, since
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.office.alerts import NewAlert

__all__ = ["NO_CAUSE", "alerts_to_raise"]

NO_CAUSE = "other"
"""Cause of an indicator that declares none."""


def alerts_to_raise(reader: Reader, view: ViewState) -> list[NewAlert] | Refusal:
    """Return an alert for each unit of the view beyond its lines, gravest first; or why none can be judged."""
    judged = judge(reader, view)
    if isinstance(judged, str):
        return judged
    declared = reader.indicator(view.pack, view.indicator)
    same = _same_for_all(reader, view, judged, declared)
    codes = reader.units(view.pack, view.level)["code"]
    return [
        NewAlert(
            pack=view.pack,
            level=view.level,
            code=codes[row["unit"]],
            indicator=view.indicator,
            year=view.year,
            cause=declared.get("cause") or NO_CAUSE,
            severity=row["severity"],
            value=float(row["value"]),
            evidence=same | _evidence(reader, view, judged, row),
        )
        for row in judged.rows.to_dict("records")
    ]


def _same_for_all(reader: Reader, view: ViewState, judged: Judged, declared: Mapping[str, Any]) -> dict[str, Any]:
    lines = judged.lines
    named = {one["id"]: one for one in reader.catalogue(view.pack)["sources"]}
    used = declared["levels"][view.level]["sources"].get(str(view.year), [])
    drawn = {"warning": lines.warning, "guarantee": lines.guarantee, "beyond": lines.beyond}
    return {
        "lines": drawn | {"source": lines.source, "year": lines.year},
        "build": reader.version(view.pack),
        "sources": [{key: named[one][key] for key in ("id", "citation", "licence")} for one in used],
    }


def _evidence(reader: Reader, view: ViewState, judged: Judged, row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        "low": _known(row["low"]),
        "high": _known(row["high"]),
        "line": row["line"],
        "evidence": row["evidence"],
        "since": since(reader, view, judged.lines, int(row["unit"])),
    }


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
