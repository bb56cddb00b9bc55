"""The web API: OGC API – Features, Tiles and Records, and indicators as tables, under ``/api``."""

from fuping.dashboard.api.routes import add_api

__all__ = ["add_api"]
