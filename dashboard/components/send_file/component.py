"""A place to give a large file: chosen or dropped, sent as it is, with a bar and a way to break off."""

from __future__ import annotations

from fuping.dashboard.components.browser import BrowserComponent

__all__ = ["SendFile"]


class SendFile(BrowserComponent):
    """A file that goes to an address of the server by ``PUT``.

    Parameters
    ----------
    url
        Takes the bytes; ``name`` is added to its query. It answers with ``{"id": …}``, or with a status other than 200
        and a text that says why not.
    accept
        Endings that the file dialog offers.
    largest
        Bytes; a larger one is not sent.
    text
        ``choose``, ``drop``, ``limits``, ``sending``, ``stop``, ``stopped``, ``failed``, ``large``.
    sent
        Set to the id that the server gave.
    """

    names = ("url", "accept", "largest", "text", "sent")
