"""A snippet of code to copy."""

from fuping.dashboard.components.snippet.component import copyable

__all__ = ["copyable"]
