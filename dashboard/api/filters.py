"""Say which rows of a table meet a CQL2 expression (OGC 21-065r2).

Values are compared by pyarrow in three-valued logic: a comparison with a missing value is neither true nor false, and
only rows where the whole is true are kept. Nothing is turned into program text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from fuping.dashboard.api.crs import CrsUri, area_of, to_stored
from fuping.dashboard.api.cql2_text import read_text
from fuping.dashboard.api.errors import FilterError, ParameterError
from numpy.typing import NDArray

__all__ = ["SPATIAL", "Meets", "kept_by", "read_filter"]

Meets = Callable[[str, shapely.Geometry], NDArray[np.bool_]]
"""(name of a spatial function, geometry) → for each row, whether its geometry has that relation to it."""

COMPARISONS = {
    "=": pc.equal,
    "<>": pc.not_equal,
    "<": pc.less,
    "<=": pc.less_equal,
    ">": pc.greater,
    ">=": pc.greater_equal,
}

SPATIAL = ("intersects", "disjoint", "equals", "touches", "within", "overlaps", "crosses", "contains")

DEEPEST = 100
"""Operations inside one another."""


def read_filter(text: str, language: str) -> Any:
    """Return the expression of a filter in CQL2 Text or CQL2 JSON.

    Raises
    ------
    FilterError
        It cannot be read.
    """
    if language == "cql2-text":
        return read_text(text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FilterError(f"The filter is no JSON: {error}.", remedy="Give CQL2 JSON.") from None


def kept_by(
    expression: Any, table: pa.Table, *, geometry: str, located: NDArray[np.bool_], meets: Meets, crs: CrsUri
) -> NDArray[np.bool_]:
    """Return for each of n rows whether the expression is true.

    Parameters
    ----------
    table
        n rows; its columns are the properties that can be named.
    geometry
        Name of the property that stands for the geometry.
    located
        n booleans: which rows have a geometry.
    meets
        Tests the n geometries.
    crs
        Of the coordinates in the expression.

    Raises
    ------
    FilterError
        It names a property or a function that is not there, compares what cannot be compared, or is no predicate.
    """
    found = _Evaluation(table, geometry, located, meets, crs).predicate(expression, 0)
    return np.asarray(pc.fill_null(found, False))


@dataclass(frozen=True)
class _Evaluation:
    table: pa.Table
    geometry: str
    located: NDArray[np.bool_]
    meets: Meets
    crs: CrsUri

    def predicate(self, node: Any, depth: int) -> pa.Array:
        """Return n booleans, null where it cannot be said."""
        if isinstance(node, bool):
            return pa.array(np.full(self.table.num_rows, node))
        name, arguments = self._operation(node, depth)
        if name in ("and", "or") and len(arguments) >= 2:
            join = pc.and_kleene if name == "and" else pc.or_kleene
            found = self.predicate(arguments[0], depth + 1)
            for argument in arguments[1:]:
                found = join(found, self.predicate(argument, depth + 1))
            return found
        if name == "not" and len(arguments) == 1:
            return pc.invert(self.predicate(arguments[0], depth + 1))
        if name.startswith("s_") and name[2:] in SPATIAL and len(arguments) == 2:
            return self._spatial(name[2:], arguments)
        try:
            return self._column(self._compared(name, arguments, depth))
        except (pa.ArrowException, ValueError, OverflowError) as error:
            raise FilterError(
                f"The filter compares what cannot be compared in {name!r}: {error}.",
                remedy="Quote text, and leave numbers without quotes.",
            ) from None

    def _compared(self, name: str, arguments: list[Any], depth: int) -> Any:
        if name in COMPARISONS and len(arguments) == 2:
            return COMPARISONS[name](*(self.value(one, depth + 1) for one in arguments))
        if name == "between" and len(arguments) == 3:
            value, low, high = (self.value(one, depth + 1) for one in arguments)
            return pc.and_kleene(pc.greater_equal(value, low), pc.less_equal(value, high))
        if name == "in" and len(arguments) == 2 and isinstance(arguments[1], list) and arguments[1]:
            value = self.value(arguments[0], depth + 1)
            found = pc.equal(value, self.value(arguments[1][0], depth + 1))
            for choice in arguments[1][1:]:
                found = pc.or_kleene(found, pc.equal(value, self.value(choice, depth + 1)))
            return found
        if name == "isnull" and len(arguments) == 1:
            if arguments[0] == {"property": self.geometry}:
                return pa.array(~self.located)
            return pc.is_null(self.value(arguments[0], depth + 1))
        if name == "like" and len(arguments) == 2:
            pattern = self.value(arguments[1], depth + 1)
            if not isinstance(pattern, pa.Scalar) or not pa.types.is_string(pattern.type):
                raise FilterError("The pattern of LIKE is no text.", remedy="Write it in quotes; % stands for any text.")
            return pc.match_like(self.value(arguments[0], depth + 1), pattern.as_py())
        raise FilterError(
            f"The filter uses {name!r} with {len(arguments)} arguments, which is not offered.",
            remedy=f"Offered: and, or, not, {', '.join(COMPARISONS)}, between, in, like, isNull, casei, "
            f"{', '.join(f's_{one}' for one in SPATIAL)}.",
        )

    def value(self, node: Any, depth: int) -> Any:
        """Return a column of n values, or a scalar."""
        if isinstance(node, (bool, int, float, str)):
            return pa.scalar(float(node) if isinstance(node, int) and not isinstance(node, bool) else node)
        if isinstance(node, dict) and isinstance(node.get("property"), str):
            return self._property(node["property"])
        if isinstance(node, dict) and ("date" in node or "timestamp" in node):
            return _instant(node)
        name, arguments = self._operation(node, depth)
        if name == "casei" and len(arguments) == 1:
            return pc.utf8_lower(self.value(arguments[0], depth + 1))
        return self.predicate(node, depth)

    def _property(self, name: str) -> pa.ChunkedArray:
        if name not in self.table.column_names:
            raise FilterError(
                f"The filter names {name!r}, which is no property here.",
                remedy=f"Properties: {', '.join([*self.table.column_names, self.geometry])}.",
            )
        return self.table.column(name)

    def _operation(self, node: Any, depth: int) -> tuple[str, list[Any]]:
        if depth > DEEPEST:
            raise FilterError(f"The filter nests more than {DEEPEST} operations.", remedy="Write it flatter.")
        if not (isinstance(node, dict) and isinstance(node.get("op"), str) and isinstance(node.get("args"), list)):
            raise FilterError(f"{json.dumps(node)[:80]} is no predicate.", remedy="Compare it with something.")
        return node["op"].lower(), node["args"]

    def _column(self, found: Any) -> pa.Array:
        if isinstance(found, pa.Scalar):
            return pa.array([found.as_py()] * self.table.num_rows, pa.bool_())
        return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found

    def _spatial(self, name: str, arguments: list[Any]) -> pa.Array:
        own = {"property": self.geometry}
        if (arguments[0] == own) == (arguments[1] == own):
            raise FilterError(
                f"s_{name} needs the property {self.geometry!r} and a geometry.",
                remedy=f"Write s_{name}({self.geometry}, BBOX(west, south, east, north)).",
            )
        shape = self._shape(arguments[1] if arguments[0] == own else arguments[0])
        turned = {"within": "contains", "contains": "within"}.get(name, name) if arguments[1] == own else name
        return pa.array(self.meets(turned, shape), mask=~self.located)

    def _shape(self, node: Any) -> shapely.Geometry:
        try:
            if "bbox" in node:
                numbers = [float(one) for one in node["bbox"]]
                if len(numbers) not in (4, 6):
                    raise ValueError("a box has 4 or 6 numbers")
                return area_of(numbers, self.crs)
            shape = to_stored(shapely.geometry.shape(node), self.crs)
            if not np.isfinite(shapely.get_coordinates(shape)).all():
                raise ValueError("coordinates are not finite")
        except ParameterError as error:
            raise FilterError(error.message, remedy="Write BBOX(west, south, east, north).") from None
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, shapely.errors.ShapelyError) as error:
            raise FilterError(f"A geometry of the filter cannot be read: {error}.", remedy="Write WKT or GeoJSON.") from None
        return shape if shape.is_valid else shapely.make_valid(shape)


def _instant(node: dict[str, Any]) -> pa.Scalar:
    try:
        if "date" in node:
            return pa.scalar(date.fromisoformat(node["date"]))
        moment = datetime.fromisoformat(node["timestamp"])
        return pa.scalar(moment.replace(tzinfo=None), pa.timestamp("us"))
    except (ValueError, TypeError):
        raise FilterError(
            f"{json.dumps(node)[:80]} is no date or timestamp.", remedy="Write DATE('2020-12-31')."
        ) from None
