"""Base of our own Dash components, whose scripts are in the bundle ``fuping_map``."""

from __future__ import annotations

from typing import ClassVar

from fuping.dashboard.components.quick import QuickComponent

__all__ = ["BrowserComponent"]


class BrowserComponent(QuickComponent):
    """A component that exists in ``window.fuping_map`` under its class name.

    A subclass lists its properties in ``names``; what is not listed is refused.
    """

    names: ClassVar[tuple[str, ...]] = ()
    _children_props: list[str] = []  # noqa: RUF012 - Dash reads these from the class
    _base_nodes = ["children"]  # noqa: RUF012
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    _namespace = "fuping_map"
    _type = ""

    def __init_subclass__(cls) -> None:
        cls._type = cls.__name__
        cls._prop_names = ["id", *cls.names]
        cls.known = frozenset(cls._prop_names)
        super().__init_subclass__()
