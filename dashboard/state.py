"""The view as the URL holds it: pack, indicator, year, unit, language, overlay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlencode

from fuping.dashboard.i18n.messages import LANGUAGES

__all__ = ["ViewState"]


@dataclass(frozen=True)
class ViewState:
    """One view; ``None`` means the pack's own choice."""

    pack: str
    language: str
    indicator: str
    year: int | None = None
    unit: str | None = None
    overlay: bool = False

    @classmethod
    def read(cls, search: str, catalogue: dict[str, Any]) -> ViewState:
        """Read a URL's query; what is not known there falls back to the pack's own choice."""
        query = {key: values[-1] for key, values in parse_qs((search or "").removeprefix("?")).items()}
        info = catalogue["pack"]
        known = {one["id"] for one in catalogue["indicators"] if one["loaded"]}
        indicator = query.get("indicator", "")
        year = query.get("year", "")
        return cls(
            pack=info["code"],
            language=query["lang"] if query.get("lang") in LANGUAGES else LANGUAGES[0],
            indicator=indicator if indicator in known else info["default_indicator"],
            year=int(year) if year.isdecimal() and len(year) == 4 else None,
            unit=query.get("unit") or None,
            overlay=query.get("overlay") == "1",
        )

    def href(self, **changes: Any) -> str:
        """Return the URL's query of this view with some things changed."""
        view = replace(self, **changes)
        query = {"pack": view.pack, "lang": view.language, "indicator": view.indicator}
        if view.year is not None:
            query["year"] = str(view.year)
        if view.unit:
            query["unit"] = view.unit
        if view.overlay:
            query["overlay"] = "1"
        return f"?{urlencode(query)}"
