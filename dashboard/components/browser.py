"""Base of our own Dash components, whose scripts are in the bundle ``fuping_map``."""

from __future__ import annotations

from typing import Any, ClassVar

from dash.development.base_component import Component

__all__ = ["BrowserComponent"]


class BrowserComponent(Component):
    """A component that exists in ``window.fuping_map`` under its class name.

    A subclass lists its properties in ``names``; what is not listed is refused by Dash.
    """

    names: ClassVar[tuple[str, ...]] = ()
    _children_props: list[str] = []  # noqa: RUF012 - Dash reads these from the class
    _base_nodes = ["children"]  # noqa: RUF012
    _namespace = "fuping_map"
    _type = ""

    def __init_subclass__(cls) -> None:
        cls._type = cls.__name__
        super().__init_subclass__()

    def __init__(self, **given: Any) -> None:
        self._prop_names = ["id", *self.names]
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = self._prop_names
        self.available_wildcard_properties: list[str] = []
        super().__init__(**given)
