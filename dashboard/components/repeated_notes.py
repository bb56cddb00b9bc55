"""Notes that a page has given already, folded: a reader meets each source once and finds it again on request."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.i18n.messages import message

__all__ = ["fold_repeated"]


def fold_repeated(content: list[Any], language: str) -> list[Any]:
    """Return what a page shows with each source note that it repeats folded under where it stands first.

    Parameters
    ----------
    content
        The page from top to bottom; left as it is, since its parts may be kept for the next reader.
    """
    return _Page(language).read(content)


class _Page:
    """What has been read of a page: the latest heading, and the heading over each note."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.heading = ""
        self.first: dict[tuple[str, ...], str] = {}

    def read(self, parts: list[Any]) -> list[Any]:
        read = [self._part(one) for one in parts]
        return parts if all(new is old for new, old in zip(read, parts, strict=True)) else read

    def _part(self, one: Any) -> Any:
        children = getattr(one, "children", None)
        if isinstance(one, html.H1 | html.H2):
            self.heading = "".join(_words(one))
        elif getattr(one, "className", None) == "source-note":
            return self._note(one)
        elif isinstance(children, list):
            return _with(one, self.read(children))
        elif children is not None and not isinstance(children, str):
            return _with(one, self._part(children))
        return one

    def _note(self, note: Any) -> Any:
        words = tuple(_words(note))
        if words not in self.first:
            self.first[words] = self.heading
            return note
        title = message("note.again", self.language, figure=self.first[words])
        return html.Details([html.Summary(title), note], className="note-again")


def _with(one: Any, children: Any) -> Any:
    if children is one.children:
        return one
    changed = copy.copy(one)
    changed.children = children
    return changed


def _words(one: Any) -> Iterator[str]:
    """Yield what is said, and where it leads: two notes that look alike may lead to different figures."""
    if isinstance(one, str):
        yield one
    elif isinstance(one, list):
        for part in one:
            yield from _words(part)
    elif one is not None:
        yield getattr(one, "href", None) or ""
        yield from _words(getattr(one, "children", None))
