"""Views that a reader keeps in the browser: a name, a note and the address; the server never learns of them."""

from __future__ import annotations

from fuping.dashboard.components.browser import BrowserComponent
from fuping.dashboard.i18n.messages import message

__all__ = ["SavedViews", "saved_views"]

WORDS = ("title", "name", "note", "save", "none", "remove", "write", "read", "where")


class SavedViews(BrowserComponent):
    """A menu that keeps the view shown, lists those kept, and writes them to a file or reads them from one.

    Parameters
    ----------
    text
        Its words.
    """

    names = ("text",)


def saved_views(language: str) -> SavedViews:
    """Return the menu in a language."""
    text = {word: message(f"saved.{word}", language) for word in WORDS}
    return SavedViews(id="saved-views", text=text | {"refused": message("saved.refused", language, name="{name}")})
