"""SVG as text: elements with everything escaped, and how wide words are."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

__all__ = ["data_uri", "document", "element", "text_width", "words", "wrapped"]

FACE = "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, Noto Sans, sans-serif"

CJK_FROM = 0x2E80
"""Code point from which characters are as wide as they are high."""

LATIN_EM = 0.54
"""Mean width of a Latin character in Noto Sans, in em; measured over the names of the units."""


def element(name: str, *children: str, **attributes: object) -> str:
    """Return an element; an underscore in an attribute's name is a hyphen, and ``None`` leaves it out.

    >>> element("g", element("path", d="M0 0", stroke_width=0.5), fill=None)
    '<g><path d="M0 0" stroke-width="0.5"/></g>'
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{given}>{''.join(children)}</{name}>" if children else f"<{name}{given}/>"


def words(text: str, x: float, y: float, *, size: float, fill: str, **attributes: object) -> str:
    """Return a text; ``y`` is its baseline.

    >>> words("a < b", 1, 2, size=8, fill="#000")
    '<text x="1" y="2" font-size="8" fill="#000">a &lt; b</text>'
    """
    return element("text", escape(text, quote=False), x=x, y=y, font_size=size, fill=fill, **attributes)


def document(width: float, height: float, *children: str, label: str) -> str:
    """Return a picture; ``label`` is what a reader who cannot see it is told."""
    return element(
        "svg",
        element("title", escape(label, quote=False)),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        width=f"{width:g}",
        height=f"{height:g}",
        font_family=FACE,
        role="img",
    )


def data_uri(picture: str) -> str:
    """Return a picture as an address that an image can have."""
    return "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode()


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is; a guess that is good enough to keep labels apart.

    >>> text_width("县", 10), text_width("ab", 10)
    (10.0, 10.8)
    """
    return size * sum(1.0 if ord(one) >= CJK_FROM else LATIN_EM for one in text)


def wrapped(text: str, width: float, size: float) -> Sequence[str]:
    """Return a text in lines no wider than ``width``; Latin breaks at spaces, Chinese anywhere.

    >>> wrapped("one two three", 50, 10)
    ['one two', 'three']
    """
    lines, line = [], ""
    for piece in _pieces(text):
        if line.strip() and text_width((line + piece).rstrip(), size) > width:
            lines.append(line.strip())
            line = ""
        line += piece
    return [*lines, line.strip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    pieces = [""]
    for one in text:
        if ord(one) >= CJK_FROM or (pieces[-1][-1:] and (pieces[-1][-1] == " " or ord(pieces[-1][-1]) >= CJK_FROM)):
            pieces.append(one)
        else:
            pieces[-1] += one
    return pieces
