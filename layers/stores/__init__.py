"""Where built layers rest."""

from fuping.layers.stores.embedded import STATUS_WORDS, EmbeddedStore, open_store

__all__ = ["STATUS_WORDS", "EmbeddedStore", "open_store"]
