"""The bytes of a file that is sent, written to disk as they come, so memory does not bound them; and the answers."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from flask import Response, jsonify, request
from fuping.dashboard.asked import page_language
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.refusals import refusal
from fuping.spatial.errors import FupingError

__all__ = ["LARGEST_FILE", "busy", "cut_off", "progress", "received", "refused", "size_refused", "too_large"]

LARGEST_FILE = 500 * 2**20
"""Bytes."""

MEGABYTE = BLOCK = 2**20


def too_large() -> bool:
    """Return whether the request announces more than a file may have; more than that is not read in any case."""
    request.max_content_length = LARGEST_FILE
    return (request.content_length or 0) > LARGEST_FILE


def received(path: Path) -> bool:
    """Write the bytes of the request to a file; return whether there were as many as were announced."""
    size = 0
    with path.open("wb") as file:
        while block := request.stream.read(BLOCK):
            size += len(block)
            file.write(block)
    return size > 0 and size == (request.content_length or size)


class Stepped(Protocol):
    """Work that tells what it does, and how much of how much is done."""

    @property
    def step(self) -> str:
        """What is being done."""

    @property
    def done(self) -> int:
        """How much of it is done."""

    @property
    def total(self) -> int:
        """How much there is."""


def refused(why: str | FupingError, status: int = 400) -> Response:
    """Answer why a file is not taken, in the language of the page."""
    told = refusal(why, page_language()) if isinstance(why, FupingError) else why
    return Response(told, status, mimetype="text/plain")


def size_refused() -> Response:
    """Answer that a file is :func:`too_large`."""
    return refused(message("supply.send.large", page_language(), size=f"{LARGEST_FILE / MEGABYTE:.0f}"), 413)


def cut_off() -> Response:
    """Answer that not all of a file was :func:`received`."""
    return refused(message("supply.send.cut_off", page_language()))


def busy() -> Response:
    """Answer that what a file is for is being worked on."""
    return refused(message("supply.send.busy", page_language()), 409)


def progress(one: Stepped, *, working: bool, state: str) -> Response:
    """Answer how far work is; no answer is used twice."""
    told = {"working": working, "state": state, "step": one.step, "done": one.done, "total": one.total}
    answer = jsonify(told)
    answer.headers["Cache-Control"] = "no-store"
    return answer
