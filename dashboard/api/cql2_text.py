"""Read CQL2 Text into the expression that CQL2 JSON has for it (OGC 21-065r2).

The grammar holds what the API offers: comparison, like, between, in, null, and/or/not, spatial functions, casei, and
literals of text, numbers, booleans, dates, timestamps, boxes and WKT. It is LALR(1): time and memory grow with the
length of the text, and nesting takes no stack.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import shapely
from fuping.dashboard.api.errors import FilterError
from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import VisitError

__all__ = ["read_text"]

GRAMMAR = r"""
?start: disjunction
?disjunction: conjunction ("OR"i conjunction)*
?conjunction: inversion ("AND"i inversion)*
?inversion: "NOT"i inversion -> negation
    | predicate
?predicate: value
    | value COMPARISON value -> comparison
    | value "LIKE"i value -> like
    | value "NOT"i "LIKE"i value -> not_like
    | value "BETWEEN"i value "AND"i value -> between
    | value "NOT"i "BETWEEN"i value "AND"i value -> not_between
    | value "IN"i "(" arguments ")" -> within
    | value "NOT"i "IN"i "(" arguments ")" -> not_within
    | value "IS"i "NULL"i -> null
    | value "IS"i "NOT"i "NULL"i -> not_null
?value: "(" disjunction ")"
    | SIGNED_NUMBER -> number
    | TEXT -> text
    | "TRUE"i -> true
    | "FALSE"i -> false
    | "DATE"i "(" TEXT ")" -> date
    | "TIMESTAMP"i "(" TEXT ")" -> timestamp
    | "BBOX"i "(" SIGNED_NUMBER ("," SIGNED_NUMBER)+ ")" -> bbox
    | SHAPE group -> shape
    | NAME "(" arguments ")" -> function
    | NAME -> property
    | QUOTED -> quoted
arguments: disjunction ("," disjunction)*
group: "(" (group | position) ("," (group | position))* ")"
position: SIGNED_NUMBER SIGNED_NUMBER+
COMPARISON: "<=" | ">=" | "<>" | "=" | "<" | ">"
SHAPE.2: /(MULTI)?(POINT|LINESTRING|POLYGON)\b/i
TEXT: /'([^']|'')*'/
QUOTED: /"[^"]+"/
NAME: /[^\W\d][\w.:]*/i
%import common.SIGNED_NUMBER
%import common.WS
%ignore WS
"""


def _operation(name: str, *arguments: Any) -> dict[str, Any]:
    return {"op": name, "args": list(arguments)}


@v_args(inline=True)
class _Expression(Transformer[Token, Any]):
    """Build the expression as the grammar's rules are met."""

    def disjunction(self, *parts: Any) -> Any:
        return _operation("or", *parts)

    def conjunction(self, *parts: Any) -> Any:
        return _operation("and", *parts)

    def negation(self, part: Any) -> Any:
        return _operation("not", part)

    def comparison(self, left: Any, operator: Token, right: Any) -> Any:
        return _operation(str(operator), left, right)

    def like(self, value: Any, pattern: Any) -> Any:
        return _operation("like", value, pattern)

    def between(self, value: Any, low: Any, high: Any) -> Any:
        return _operation("between", value, low, high)

    def within(self, value: Any, choices: list[Any]) -> Any:
        return _operation("in", value, choices)

    def null(self, value: Any) -> Any:
        return _operation("isNull", value)

    def not_like(self, *parts: Any) -> Any:
        return self.negation(self.like(*parts))

    def not_between(self, *parts: Any) -> Any:
        return self.negation(self.between(*parts))

    def not_within(self, *parts: Any) -> Any:
        return self.negation(self.within(*parts))

    def not_null(self, value: Any) -> Any:
        return self.negation(self.null(value))

    def number(self, token: Token) -> float:
        return float(token)

    def text(self, token: Token) -> str:
        return _plain(token)

    def true(self) -> bool:
        return True

    def false(self) -> bool:
        return False

    def date(self, token: Token) -> Any:
        return {"date": _plain(token)}

    def timestamp(self, token: Token) -> Any:
        return {"timestamp": _plain(token)}

    def bbox(self, *tokens: Token) -> Any:
        return {"bbox": [float(one) for one in tokens]}

    def shape(self, kind: Token, group: str) -> Any:
        return shapely.geometry.mapping(shapely.from_wkt(f"{kind} {group}"))

    def group(self, *parts: str) -> str:
        return f"({', '.join(parts)})"

    def position(self, *tokens: Token) -> str:
        return " ".join(tokens)

    def function(self, name: Token, arguments: list[Any]) -> Any:
        return _operation(str(name).lower(), *arguments)

    def arguments(self, *parts: Any) -> list[Any]:
        return list(parts)

    def property(self, name: Token) -> Any:
        return {"property": str(name)}

    def quoted(self, name: Token) -> Any:
        return {"property": str(name)[1:-1]}


def _plain(token: Token) -> str:
    return str(token)[1:-1].replace("''", "'")


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", transformer=_Expression())


def read_text(text: str) -> Any:
    """Return the expression.

    Raises
    ------
    FilterError
        The text is no CQL2, or uses a part of it that is not offered; the message names the place.

    Examples
    --------
    >>> read_text("name_en LIKE 'B%' AND NOT area_km2 < 5")["op"]
    'and'
    """
    try:
        return _parser().parse(text)
    except UnexpectedInput as error:
        place = max(getattr(error, "pos_in_stream", None) or 0, 0)
        raise FilterError(
            f"The filter cannot be read at character {place + 1}: {text[place : place + 20]!r}.",
            remedy="Write CQL2, such as: name_en LIKE 'B%' AND area_km2 < 500.",
        ) from None
    except (VisitError, shapely.errors.ShapelyError) as error:
        cause = error.orig_exc if isinstance(error, VisitError) else error
        raise FilterError(f"A geometry of the filter cannot be read: {cause}", remedy="Write WKT.") from None
