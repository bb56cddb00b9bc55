"""Code or text with a button that copies it."""

from __future__ import annotations

from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.i18n.messages import message

__all__ = ["copyable"]


def copyable(text: str, language: str, *, words: str = "") -> html.Div:
    """Return a text to copy.

    Parameters
    ----------
    words
        Of the button; "copy" where not given.
    """
    done = message("snippet.done", language)
    button = html.Button(words or message("snippet.copy", language), **data(copy="", done=done))
    return html.Div([html.Pre(html.Code(text), tabIndex=0), button], className="snippet")
