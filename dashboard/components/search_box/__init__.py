"""Search for a unit by name, pinyin or code."""

from fuping.dashboard.components.search_box.component import SearchBox, hit_payload

__all__ = ["SearchBox", "hit_payload"]
