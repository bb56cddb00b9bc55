"""The errors of risk."""

from __future__ import annotations

from fuping.spatial.errors import FupingError

__all__ = ["HazardError", "ImpactError", "RiskError"]


class RiskError(FupingError):
    """Values from which no risk follows."""


class HazardError(RiskError):
    """A catalogue, series or track from which no hazard can be told."""


class ImpactError(RiskError):
    """Hazard, exposure and vulnerability that do not fit each other."""
