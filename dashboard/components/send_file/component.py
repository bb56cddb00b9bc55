"""A place to give a large file: chosen or dropped, sent as it is, with a bar and a way to break off."""

from __future__ import annotations

from fuping.dashboard.components.browser import BrowserComponent
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.incoming import LARGEST_FILE, MEGABYTE

__all__ = ["SendFile", "file_sender"]

WORDS = ("choose", "drop", "sending", "stop", "stopped", "failed")


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


def file_sender(
    name: str | dict[str, str], url: str, accept: str, language: str, *, limits: str = "supply.send.limits"
) -> SendFile:
    """Return a place to give a file, with its words; ``limits`` names the message of what it may be."""
    text = {word: message(f"supply.send.{word}", language) for word in WORDS}
    size = f"{LARGEST_FILE / MEGABYTE:.0f}"
    text["limits"] = message(limits, language, size=size)
    text["large"] = message("supply.send.large", language, size=size)
    return SendFile(id=name, url=url, accept=accept, largest=LARGEST_FILE, text=text)
