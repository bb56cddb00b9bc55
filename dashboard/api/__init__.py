"""The web API: OGC API – Features and Records, and figures of indicators, below ``/api``."""

from fuping.dashboard.api.routes import register

__all__ = ["register"]
