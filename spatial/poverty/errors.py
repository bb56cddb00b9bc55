"""The errors of poverty measurement."""

from __future__ import annotations

from fuping.spatial.errors import FupingError

__all__ = ["DesignError", "LineError", "ModelError", "PovertyError"]


class PovertyError(FupingError):
    """Values, weights or parameters from which a measure cannot be computed."""


class LineError(PovertyError):
    """A poverty line is not positive, not dated, or does not fit the values."""


class DesignError(PovertyError):
    """A survey design from which no standard error follows."""


class ModelError(PovertyError):
    """A small-area model that cannot be fitted or used."""
