"""Words that IATI 2.0x activities carry, and those by which our own export says that a day is none."""

from __future__ import annotations

from typing import Any

__all__ = ["YEAR_ONLY", "narrative"]

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

YEAR_ONLY = "Only the year is known."
"""Stands beside a date that the standard asks for where a pack knows the year; what carries it is read as undated."""


def narrative(element: Any, language: str = "en") -> str:
    """Return the text of an element: in a language where it has one, else the first.

    >>> from xml.etree.ElementTree import fromstring
    >>> title = fromstring('<title><narrative>Routes</narrative><narrative xml:lang="en">Roads</narrative></title>')
    >>> narrative(title), narrative(title, "zh"), narrative(None)
    ('Roads', 'Routes', '')
    """
    if element is None:
        return ""
    texts = [(one.get(XML_LANG) or "", (one.text or "").strip()) for one in element.findall("narrative")]
    return next((text for found, text in texts if found == language), texts[0][1] if texts else "")
