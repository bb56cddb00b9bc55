"""An area that the reader has drawn on the map, as the URL holds it: ``116.1,39.2;117,39.5;116.4,40``."""

from __future__ import annotations

from math import isfinite

__all__ = ["MOST_CORNERS", "Corners", "read_drawn", "written"]

Corners = tuple[tuple[float, float], ...]
"""Longitude and latitude of the corners, in degrees; the last is joined to the first."""

MOST_CORNERS = 80

DECIMALS = 3
"""About a hundred metres: finer than a hand draws."""


def read_drawn(text: str) -> Corners:
    """Read the corners; none where the text tells no area.

    >>> read_drawn("116.1,39.2;117,39.5;116.4,40")
    ((116.1, 39.2), (117.0, 39.5), (116.4, 40.0))
    >>> read_drawn("116.1,39.2;117"), read_drawn("1,2;3,nan;5,6"), read_drawn("1,2;3,4")
    ((), (), ())
    """
    parts = [one.split(",") for one in text.split(";")][: MOST_CORNERS + 1]
    if not 3 <= len(parts) <= MOST_CORNERS or any(len(one) != 2 for one in parts):
        return ()
    try:
        corners = tuple((round(float(x), DECIMALS), round(float(y), DECIMALS)) for x, y in parts)
    except ValueError:
        return ()
    # East of 180 where an area crosses it, as the map counts on.
    known = all(isfinite(x) and isfinite(y) and abs(x) <= 540 and abs(y) <= 90 for x, y in corners)
    return corners if known and len(set(corners)) > 2 else ()


def written(corners: Corners) -> str:
    """Return the corners as they stand in the URL.

    >>> written(((116.1, 39.2), (117.0, 39.5), (116.4, 40.0)))
    '116.1,39.2;117,39.5;116.4,40'
    """
    return ";".join(f"{x:.10g},{y:.10g}" for x, y in corners)
