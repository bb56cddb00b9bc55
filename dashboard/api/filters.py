"""CQL2 filters as they are sent: checked for depth, and parsed by ``cql2``, the Rust parser of OGC's grammar."""

from __future__ import annotations

import json
import re
from typing import Any

import cql2
from fuping.dashboard.api.errors import BadParameterError
from fuping.layers.schema.metadata import Text

__all__ = ["CONFORMANCE", "parse"]

CONFORMANCE = (
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
)

DEEPEST = 32
"""Nested parentheses, NOT and arithmetic of a text; the parser takes some 4 kB of the thread's stack for each level."""

COORDINATES = r"\(\s*-?[\d.]+\s+-?[\d.]+(\s*,\s*-?[\d.]+\s+-?[\d.]+)*\s*\)"

TOO_DEEP = Text(
    en=f"a CQL2 expression of at most {DEEPEST} nested parentheses and operators",
    zh=f"嵌套不超过{DEEPEST}层的CQL2表达式",
)


def parse(given: str, *, language: str) -> Any:
    """Return a filter as a CQL2 JSON expression.

    Parameters
    ----------
    language
        ``cql2-text`` or ``cql2-json``.

    Raises
    ------
    BadParameterError
        It is not CQL2, or nested too deep.
    """
    try:
        if language == "cql2-json":
            expression = json.loads(given)
            # Half of a surrogate pair, which JSON can write, is no text: nothing has it, and no answer could tell it.
            json.dumps(expression, ensure_ascii=False).encode()
            return expression
        # The parser knows a quotation mark within a text doubled, not behind a backslash, as CQL2 allows too.
        given = given.replace("\\'", "''")
        if _depth(given) > DEEPEST:
            raise BadParameterError("filter", given, TOO_DEEP)
        return cql2.parse_text(given).to_json()
    except (cql2.ParseError, ValueError, RecursionError) as error:
        what = str(error).strip().splitlines()[-1].removeprefix("= ").strip() or "no end"
        raise BadParameterError(
            "filter", given, Text(en=f"a CQL2 expression ({what})", zh=f"CQL2表达式（{what}）")
        ) from None


def _depth(text: str) -> int:
    bare = re.sub(rf"'[^']*'|{COORDINATES}", "", text)
    opened = deepest = 0
    for one in bare:
        opened += (one in "([") - (one in ")]")
        deepest = max(deepest, opened)
    return deepest + len(re.findall(r"\bnot\b|\bdiv\b|[-+*/%^]", bare, re.IGNORECASE))
