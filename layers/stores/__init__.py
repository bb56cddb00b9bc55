"""Where built layers lie and how they are read back."""

from fuping.layers.stores.embedded import STATUS_WORDS, Build, EmbeddedStore, open_store

__all__ = ["STATUS_WORDS", "Build", "EmbeddedStore", "open_store"]
