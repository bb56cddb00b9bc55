"""Where built layers rest."""

from fuping.layers.stores.embedded import EmbeddedStore, Values, open_store

__all__ = ["EmbeddedStore", "Values", "open_store"]
