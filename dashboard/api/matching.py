"""CQL2 over the columns of a level: for which units an expression is true; what is not known here is refused.

The parser's own evaluation knows no missing values; here a comparison with a missing value is neither true nor false,
as in CQL2 and SQL, and only units for which the whole is true remain.
"""

from __future__ import annotations

import json
import operator
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np
import shapely
from fuping.dashboard.api.crs import EPSG3857, EPSG4326, CRSUri, box_of, from_crs, to_crs
from fuping.dashboard.api.errors import BadParameterError
from fuping.layers.schema.metadata import Text
from numpy.typing import NDArray

__all__ = ["matching"]

COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def _without_accents(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))


GEOMETRY = {"property": "geometry"}

FOLDS: dict[str, Callable[[str], str]] = {"casei": str.casefold, "accenti": _without_accents}


class _RefusedError(Exception):
    """What is wrong with a filter, in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        self.text = Text(en=en, zh=zh)
        super().__init__(en)


@dataclass(frozen=True)
class _Truth:
    """Where an expression is true, and where it is known to be true or false."""

    yes: NDArray[np.bool_]
    known: NDArray[np.bool_]


_Kind = Literal["text", "number", "boolean", "timestamp", "date"]


@dataclass(frozen=True)
class _Term:
    """Values of one kind, and where they are known; booleans are 0 and 1, times are texts that sort as they do."""

    values: NDArray[Any]
    known: NDArray[np.bool_]
    kind: _Kind

    @property
    def is_text(self) -> bool:
        return self.kind == "text"


def matching(
    expression: Any,
    columns: Mapping[str, Sequence[Any]],
    *,
    crs: CRSUri,
    touching: Callable[[shapely.Geometry], NDArray[np.bool_]],
) -> NDArray[np.bool_]:
    """Return for which of n units an expression is true.

    Parameters
    ----------
    expression
        CQL2 JSON.
    columns
        Name → n values; ``None`` where missing.
    crs
        Of geometries in the expression.
    touching
        Which of the n units an area in degrees touches.

    Raises
    ------
    BadParameterError
        It uses a property or an operation that is not there, or compares texts with numbers.

    Examples
    --------
    >>> matching(
    ...     {"op": "not", "args": [{"op": ">", "args": [{"property": "rate"}, 5]}]},
    ...     {"rate": [1.0, 9.0, None]},
    ...     crs="http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    ...     touching=lambda area: np.zeros(3, dtype=bool),
    ... ).tolist()
    [True, False, False]
    """
    n_units = len(next(iter(columns.values())))
    try:
        found = _Evaluation(columns, n_units, crs, touching).truth(expression)
    except _RefusedError as error:
        shown = json.dumps(expression, ensure_ascii=False)
        raise BadParameterError("filter", shown, error.text) from None
    except RecursionError:
        raise BadParameterError("filter", "…", Text(en="less nesting", zh="更少的嵌套")) from None
    return found.yes


@dataclass(frozen=True)
class _Evaluation:
    columns: Mapping[str, Sequence[Any]]
    n_units: int
    crs: CRSUri
    touching: Callable[[shapely.Geometry], NDArray[np.bool_]]

    def truth(self, node: Any) -> _Truth:
        everywhere = np.ones(self.n_units, dtype=bool)
        if isinstance(node, bool):
            return _Truth(everywhere & node, everywhere)
        op, args = _operation(node)
        if op in ("and", "or"):
            _count(op, args, 2, None)
            return self._joined(op, [self.truth(one) for one in args])
        if op == "not":
            _count(op, args, 1)
            inner = self.truth(args[0])
            return _Truth(inner.known & ~inner.yes, inner.known)
        if op == "isNull":
            _count(op, args, 1)
            if args[0] == GEOMETRY:
                # What touches nothing on earth has no shape.
                return _Truth(~self.touching(shapely.box(-180, -90, 180, 90)), everywhere)
            return _Truth(~self.term(args[0]).known, everywhere)
        if op in COMPARISONS:
            _count(op, args, 2)
            return self._compared(COMPARISONS[op], *map(self.term, args))
        if op == "between":
            _count(op, args, 3)
            value, low, high = map(self.term, args)
            return self._joined(
                "and", [self._compared(operator.ge, value, low), self._compared(operator.le, value, high)]
            )
        if op == "in":
            _count(op, args, 2)
            if not isinstance(args[1], list) or not args[1]:
                raise _RefusedError("a list after IN", "IN之后的列表")
            value = self.term(args[0])
            return self._joined("or", [self._compared(operator.eq, value, self.term(one)) for one in args[1]])
        if op == "like":
            _count(op, args, 2)
            return self._like(*args)
        if op == "s_intersects":
            _count(op, args, 2)
            return _Truth(self.touching(self._area(*args)), everywhere)
        raise _RefusedError(f"an operation that is known here, not {op}", f"此处支持的运算（不支持{op}）")

    def term(self, node: Any) -> _Term:
        if isinstance(node, str):
            return _literal(node, "text")
        if isinstance(node, bool):
            return _literal(float(node), "boolean")
        if isinstance(node, int | float):
            return _literal(_number(node), "number")
        if isinstance(node, dict) and len(node) == 1 and set(node) <= {"timestamp", "date"}:
            return _instant(*next(iter(node.items())))
        if isinstance(node, dict) and "property" in node:
            return self._column(node["property"])
        op, args = _operation(node)
        if op in FOLDS:
            _count(op, args, 1)
            return _text(self.term(args[0]), FOLDS[op])
        if op in ARITHMETIC:
            _count(op, args, 2)
            first, second = map(self.term, args)
            if (first.kind, second.kind) != ("number", "number"):
                raise _RefusedError(f"numbers on both sides of {op}", f"{op}两侧均为数字")
            with np.errstate(all="ignore"):
                values = ARITHMETIC[op](first.values, second.values)
            return _Term(values, first.known & second.known & np.isfinite(values), "number")
        raise _RefusedError(f"an operation that is known here, not {op}", f"此处支持的运算（不支持{op}）")

    def _column(self, name: Any) -> _Term:
        if not isinstance(name, str) or name not in self.columns:
            there = ", ".join(self.columns)
            raise _RefusedError(f"properties among {there}, not {name}", f"属性之一：{there}（没有{name}）")
        column = self.columns[name]
        known = np.array([one is not None for one in column], dtype=bool)
        if any(isinstance(one, str) for one in column) or name.endswith(("_missing", "_status", "_category", "_code")):
            return _Term(np.array([one or "" for one in column], dtype=object), known, "text")
        return _Term(np.array([np.nan if one is None else float(one) for one in column]), known, "number")

    def _joined(self, op: str, parts: Sequence[_Truth]) -> _Truth:
        joined = parts[0]
        for part in parts[1:]:
            both = joined.known & part.known
            if op == "and":
                no = (joined.known & ~joined.yes) | (part.known & ~part.yes)
                joined = _Truth(joined.yes & part.yes, both | no)
            else:
                yes = joined.yes | part.yes
                joined = _Truth(yes, both | yes)
        return joined

    def _compared(self, compare: Callable[[Any, Any], Any], first: _Term, second: _Term) -> _Truth:
        if first.kind != second.kind:
            raise _RefusedError(
                "texts compared with texts and numbers with numbers; a text stands in single quotes",
                "文本与文本、数字与数字相比较；文本须用单引号",
            )
        known = np.broadcast_to(first.known & second.known, self.n_units)
        yes = np.broadcast_to(np.asarray(compare(first.values, second.values), dtype=bool), self.n_units)
        return _Truth(yes & known, known)

    def _like(self, value: Any, pattern: Any) -> _Truth:
        searched, wanted = self.term(value), self.term(pattern)
        if not (searched.is_text and wanted.is_text and len(wanted.values) == 1):
            raise _RefusedError("a text and a pattern in single quotes around LIKE", "LIKE两侧为文本和单引号中的模式")
        matches = _pattern(wanted.values[0]).fullmatch
        yes = np.array([bool(matches(one)) for one in searched.values], dtype=bool)
        known = np.broadcast_to(searched.known, self.n_units)
        return _Truth(np.broadcast_to(yes, self.n_units) & known, known)

    def _area(self, first: Any, second: Any) -> shapely.Geometry:
        named, drawn = (first, second) if isinstance(first, dict) and "property" in first else (second, first)
        if named != GEOMETRY or not isinstance(drawn, dict):
            raise _RefusedError("geometry and one shape in S_INTERSECTS", "S_INTERSECTS的参数为geometry和一个图形")
        try:
            if "bbox" in drawn:
                corners = tuple(_number(one) for one in drawn["bbox"])
                if len(corners) not in (4, 6):
                    raise ValueError(corners)
                half = len(corners) // 2
                _on_earth(np.array([corners[:2], corners[half : half + 2]]), self.crs)
                return box_of(corners, self.crs)
            shape = from_crs(np.array([shapely.from_geojson(json.dumps(drawn))], dtype=object), self.crs)[0]
            if shape is None or shape.is_empty or not np.isfinite(shapely.get_coordinates(shape)).all():
                raise ValueError(drawn)
            _on_earth(shapely.get_coordinates(to_crs(np.array([shape], dtype=object), self.crs)), self.crs)
        except (shapely.errors.ShapelyError, ValueError, TypeError):
            raise _RefusedError("a shape that can be read in S_INTERSECTS", "S_INTERSECTS中可读取的图形") from None
        return shape if shapely.is_valid(shape) else shapely.make_valid(shape)


def _operation(node: Any) -> tuple[str, list[Any]]:
    if isinstance(node, dict) and isinstance(node.get("op"), str) and isinstance(node.get("args"), list):
        return node["op"], node["args"]
    shown = json.dumps(node, ensure_ascii=False)
    raise _RefusedError(f"an operation in place of {shown}", f"以运算代替{shown}")


def _count(op: str, args: Sequence[Any], least: int, most: int | None = -1) -> None:
    if len(args) < least or (most is not None and len(args) > least):
        raise _RefusedError(f"{least} arguments of {op}, not {len(args)}", f"{op}的{least}个参数（现有{len(args)}个）")


def _number(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise _RefusedError(f"a number in place of {given!r}", f"以数字代替{given!r}")
    try:
        number = float(given)
    except OverflowError:
        number = np.inf
    if not np.isfinite(number):
        raise _RefusedError("numbers that are not beyond all bounds", "有限的数")
    return number


def _text(term: _Term, fold: Callable[[str], str]) -> _Term:
    if not term.is_text:
        raise _RefusedError("a text within CASEI and ACCENTI", "CASEI和ACCENTI中的文本")
    return _Term(np.array([fold(one) for one in term.values], dtype=object), term.known, "text")


def _literal(value: str | float, kind: _Kind) -> _Term:
    return _Term(np.array([value], dtype=float if isinstance(value, float) else object), np.array([True]), kind)


def _instant(kind: Literal["timestamp", "date"], written: Any) -> _Term:
    """Return an instant as a text in UTC, so that texts compare as times do."""
    try:
        moment = datetime.fromisoformat(written)
        if kind == "date":
            text = moment.date().isoformat()
        else:
            text = moment.astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, TypeError, OverflowError):
        raise _RefusedError(f"a {kind} in place of {written!r}", f"以RFC 3339时间代替{written!r}") from None
    return _literal(text, kind)


def _on_earth(points: NDArray[np.float64], crs: CRSUri) -> None:
    """Refuse degrees that are none: whoever writes them means another CRS, and would get an answer about nowhere."""
    if crs == EPSG3857:
        return
    degrees = points[:, ::-1] if crs == EPSG4326 else points
    if (np.abs(degrees) > (180, 90)).any():
        raise _RefusedError(
            f"longitudes within ±180 and latitudes within ±90, in the order of {crs}, or the right filter-crs",
            f"经度在±180、纬度在±90以内，次序依{crs}；或指明filter-crs",
        )


def _pattern(like: str) -> re.Pattern[str]:
    # Each part between two % is taken at its first place and never tried again, so that no pattern takes long.
    parts = [""]
    for escaped, one in re.findall(r"(\\?)(.)", like, re.DOTALL):
        if one == "%" and not escaped:
            parts.append("")
        else:
            parts[-1] += "." if one == "_" and not escaped else re.escape(one)
    first, *rest = parts
    if not rest:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1])
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL)
