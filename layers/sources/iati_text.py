"""Words, codes and days that IATI 2.0x activities carry, and by what our own export says that a day is none."""

from __future__ import annotations

from typing import Any

__all__ = ["YEAR_ONLY", "attribute", "narrative", "period"]

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


def attribute(element: Any, tag: str, name: str) -> str:
    """Return an attribute of the first element of a tag within another; empty where one of them is not there."""
    found = element.find(tag)
    return "" if found is None else found.get(name, "")


def period(element: Any) -> tuple[str, str]:
    """Return the first and the last day of the period that an element is of, as they are written."""
    start, end = (attribute(element, tag, "iso-date") for tag in ("period-start", "period-end"))
    return start, end
