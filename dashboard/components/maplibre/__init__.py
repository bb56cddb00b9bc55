"""maplibre."""
