"""The timeline over the years that an indicator has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fuping.dashboard.components.browser import BrowserComponent
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.years import gap_years

__all__ = ["Timeline", "timeline_props"]


class Timeline(BrowserComponent):
    """Steps and plays through years by setting the URL's ``year``.

    Parameters
    ----------
    years
        Those that can be shown.
    gaps
        Those left out of the series, drawn hollow.
    text
        Its words.
    """

    names = ("years", "gaps", "text")


def timeline_props(years: Sequence[int], language: str, *, base: int | None = None) -> dict[str, Any]:
    """Return the timeline's properties.

    Parameters
    ----------
    base
        Year that the only year shown is compared with.
    """
    words = ("title", "play", "pause", "back", "next", "speed", "single")
    text = {word: message(f"time.{word}", language) for word in words}
    if base is not None:
        text["single"] = message("time.compared", language, base=base)
    return {
        "years": list(years),
        "gaps": gap_years(years),
        "text": text | {"gap": message("time.gap", language, year="{year}")},
    }
