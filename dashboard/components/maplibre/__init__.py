"""The map component; its scripts are bundled into ``dist/`` when the distribution is built."""

from fuping.dashboard.components.maplibre.component import MapView

__all__ = ["MapView", "_css_dist", "_js_dist"]

__version__ = "0.1.0"

_js_dist = [{"relative_package_path": "dist/fuping_map.js", "namespace": "fuping_map"}]
_css_dist = [{"relative_package_path": "dist/fuping_map.css", "namespace": "fuping_map"}]
