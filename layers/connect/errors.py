"""The error of the connectors: what was asked, what came, and what to do."""

from __future__ import annotations

from fuping.layers.errors import SourceError

__all__ = ["ConnectError"]


class ConnectError(SourceError):
    """A service was not asked, did not answer, or answered with what cannot be used."""
