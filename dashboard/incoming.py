"""The bytes of a file that is sent: written to disk as they come, so memory does not bound them."""

from __future__ import annotations

from pathlib import Path

from flask import request

__all__ = ["LARGEST_FILE", "received", "too_large"]

LARGEST_FILE = 500 * 2**20
"""Bytes."""

BLOCK = 2**20


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
