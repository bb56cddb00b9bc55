"""Layers in a PostgreSQL database with PostGIS, for several machines and many writers."""

from fuping.layers.stores.postgis.migrate import upgrade
from fuping.layers.stores.postgis.store import PostgisStore

__all__ = ["PostgisStore", "upgrade"]
