"""How far work on the server is, with a way to break it off."""

from __future__ import annotations

from fuping.dashboard.components.browser import BrowserComponent

__all__ = ["Job"]


class Job(BrowserComponent):
    """A bar that follows work on the server.

    Parameters
    ----------
    url
        Answers ``{"working": bool, "state": …, "step": …, "done": n, "total": n}``.
    stopUrl
        Breaks the work off, by ``POST``; without it there is no button.
    steps
        What a step is called, by its name or by what its name begins with before a colon.
    text
        ``progress``, ``waiting``, ``stop``.
    ended
        Set once the work has ended.
    """

    names = ("url", "stopUrl", "steps", "text", "ended")
