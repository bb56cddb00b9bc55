"""How far work on the server is, with a way to break it off."""

from __future__ import annotations

from fuping.dashboard.components.browser import BrowserComponent

__all__ = ["Batch", "Job"]


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


class Batch(BrowserComponent):
    """Work that the reader starts by a button, and that gives a file.

    Parameters
    ----------
    url
        Begins the work, by ``POST``: ``{"status": …, "stop": …, "file": …}``, the addresses of its state (see
        :class:`Job`; with ``told``, why it failed), of breaking it off, and of the file.
    text
        ``start``, ``progress``, ``waiting``, ``stop``, ``save``, ``stopped``, ``failed``.
    """

    names = ("url", "text")
