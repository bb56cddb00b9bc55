"""The pages of a long table, as links that set the URL's ``part``."""

from __future__ import annotations

from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import aria
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.state import ViewState

__all__ = ["pager"]


def pager(view: ViewState, page: int, pages: int) -> list[Any]:
    """Return the way to the page before and the next; nothing where there is one page."""
    if pages < 2:
        return []
    language = view.language
    parts: list[Any] = []
    for step, sign in ((-1, "◀"), (1, "▶")):
        words = message("identification.page_before" if step < 0 else "identification.page_after", language)
        inside = 1 <= page + step <= pages
        parts.append(
            link(view, sign, {"part": str(page + step)}, title=words, **aria(label=words))
            if inside
            else html.Span(sign, className="closed")
        )
    told = message("identification.page", language, page=page, pages=pages)
    return [html.Span([parts[0], html.Span(told), parts[1]], className="watch-pages")]
