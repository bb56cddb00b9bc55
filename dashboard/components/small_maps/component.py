"""Several years of one map at once, drawn on plain canvases from the geometry that the large map uses."""

from __future__ import annotations

from fuping.dashboard.components.browser import BrowserComponent

__all__ = ["SmallMaps"]


class SmallMaps(BrowserComponent):
    """Maps of some years; geometry is fetched once, and each year only colours it.

    Parameters
    ----------
    id
        Of the component.
    title, language, bounds, text, geometryUrl, outlineUrl, landUrl, unitsUrl, valuesUrl, classesUrl
        As in :class:`fuping.dashboard.components.maplibre.MapView`.
    years
        Those shown, in their order.
    mode
        ``"grid"``: side by side; ``"swipe"``: the first two, parted by a line that the reader moves.
    hrefs
        Where each year leads: the large map.
    swipeText
        Name of the line.
    """

    names = (
        "title",
        "language",
        "bounds",
        "text",
        "geometryUrl",
        "outlineUrl",
        "landUrl",
        "unitsUrl",
        "valuesUrl",
        "classesUrl",
        "years",
        "mode",
        "hrefs",
        "swipeText",
    )
