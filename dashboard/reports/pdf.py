"""Set a report as PDF, with typst."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from importlib.resources import files

from fuping.dashboard.reports.content import Report, texts
from fuping.dashboard.reports.faces import faces, installed, require_chinese

__all__ = ["pdf"]


NARROW = "Noto Sans CJK KR"
"""The face that ``report.typ`` takes narrow punctuation from; it comes with the Chinese one."""


@cache
def _template() -> bytes:
    return (files("fuping.dashboard.reports") / "report.typ").read_bytes()


def pdf(report: Report) -> bytes:
    """Return the report as a tagged PDF on A4.

    Raises
    ------
    TypefaceError
        It has Chinese, and no Chinese face is installed.
    """
    import typst

    require_chinese(texts(report))
    set_in = {"faces": faces(), "narrow": NARROW in installed().families()}
    content = json.dumps(asdict(report) | set_in, ensure_ascii=False)
    return bytes(typst.compile(_template(), sys_inputs={"report": content}, font_paths=installed()))
