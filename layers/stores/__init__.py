"""Where built layers lie and how they are read back."""

from fuping.layers.stores.contract import STATUS_WORDS, Build, Store
from fuping.layers.stores.embedded import EmbeddedStore
from fuping.layers.stores.open import open_store

__all__ = ["STATUS_WORDS", "Build", "EmbeddedStore", "Store", "open_store"]
