"""A map as SVG, for paper and for places where no map can be loaded: units, borders, names, scale, north, legend.

One unit of the drawing is a point, 1/72 inch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from fuping.dashboard.figures.projection import LocalProjection, extent, unwrapped
from fuping.dashboard.figures.svg import document, element, text_width, words, wrapped
from numpy.typing import NDArray

__all__ = ["CROSSED", "HATCH", "Inset", "MapKey", "Mark", "atlas", "scale_length"]

HATCH = "url(#missing)"
"""Fill of a unit without data."""

CROSSED = "url(#outside)"
"""Fill of a unit that is outside every class."""

INK, SOFT, LAND, BESIDE, EDGE, BORDER, NO_DATA = (
    "#1d2422", "#565e5a", "#f1efea", "#f4f2ed", "#d5d2ca", "#5b625f", "#8d8e88",
)  # fmt: skip

FOOT, KEY, GAP, INSETS = 24.0, 148.0, 14.0, 62.0
"""Height of the strip with scale and north, width of the legend, the space before it, height of the insets."""

FINEST = 0.12
"""What is smaller cannot be seen on paper."""

ISLET = 1.6
"""A part no longer than this either way would vanish under its border."""

EMPTY: NDArray[np.object_] = np.empty(0, dtype=object)


@dataclass(frozen=True)
class MapKey:
    """A legend.

    Parameters
    ----------
    title, unit
        What is shown, and its unit of measure.
    rows
        Fill, label and count of each class; a fill of ``None`` is hatched.
    """

    title: str
    unit: str
    rows: Sequence[tuple[str | None, str, str]]


@dataclass(frozen=True, eq=False)
class Inset:
    """Units too far away for the map's frame, drawn at a scale of their own; ``marked`` is the one looked at."""

    name: str
    shapes: NDArray[np.object_]
    fills: Sequence[str | None]
    marked: bool = False


@dataclass(frozen=True)
class Mark:
    """A star at a place, such as an epicentre, with its name beside it; longitude and latitude in degrees."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, eq=False)
class _Frame:
    """How metres become points."""

    projection: LocalProjection
    box: _Box
    scale: float
    origin: tuple[float, float]
    bounds: tuple[float, ...]

    @classmethod
    def around(cls, shapes: NDArray[np.object_], box: _Box) -> _Frame:
        bounds = extent(shapes)
        projection = LocalProjection.around(bounds)
        west, south, east, north = extent(projection.project(shapes))
        scale = min(box.width / (east - west), box.height / (north - south))
        left = box.x + (box.width - (east - west) * scale) / 2
        top = box.y + (box.height - (north - south) * scale) / 2
        return cls(projection, box, scale, (left - west * scale, top + north * scale), tuple(bounds))

    def place(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return shapes in points."""
        factors = np.array([self.scale, -self.scale])
        placed = shapely.transform(self.projection.project(shapes), lambda points: points * factors + self.origin)
        return np.asarray(shapely.simplify(placed, FINEST), dtype=object)

    def within_reach(self, shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
        """Return which may be seen in the frame."""
        seen = shapely.box(*self._reach())
        return np.asarray(shapely.intersects(shapely.box(*shapely.bounds(shapes).T), seen), dtype=bool)

    def clipped(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return of shapes as large as continents what may be seen in the frame."""
        cut = shapely.clip_by_rect(shapes, *self._reach())
        return np.asarray(cut[~shapely.is_empty(cut)], dtype=object)

    def _reach(self) -> tuple[float, float, float, float]:
        west, south, east, north = self.bounds
        wide, high = (east - west) / 2, (north - south) / 2
        return west - wide, max(south - high, -89), east + wide, min(north + high, 89)


def _path(parts: Sequence[shapely.Geometry]) -> str:
    rings = []
    for ring in shapely.get_rings(parts):
        points = np.round(shapely.get_coordinates(ring), 2)[:-1]
        # One format for the whole ring: a country's borders have tens of thousands of corners.
        rings.append(f"M{'L'.join(['%g %g'] * len(points))}Z" % tuple(points.ravel().tolist()))
    return "".join(rings)


def _paths(shapes: NDArray[np.object_], fills: Sequence[str | None], **attributes: object) -> str:
    """Draw shapes; an islet that the white of its border would cover is a dot."""
    drawn, islets = [], []
    for shape, fill in zip(shapes, fills, strict=True):
        parts = shapely.get_parts(shape)
        sides = shapely.bounds(parts)
        small = (sides[:, 2] - sides[:, 0] < ISLET) & (sides[:, 3] - sides[:, 1] < ISLET)
        colour = HATCH if fill is None else fill
        if not small.all():
            drawn.append(element("path", d=_path(parts[~small]), fill=colour, fill_rule="evenodd"))
        if small.any():
            edge = attributes["stroke"] if fill == "none" else NO_DATA if fill in (None, CROSSED) else fill
            middles = np.unique(np.round(sides[small].reshape(-1, 2, 2).mean(axis=1), 1), axis=0)
            dots = "".join(f"M{x:g} {y:g}h.01" for x, y in middles.tolist())
            islets.append(element("path", d=dots, stroke=edge))
    both = [element("g", *drawn, stroke_linejoin="round", **attributes)] if drawn else []
    dotted = {"fill": "none", "stroke_width": 0.9, "stroke_linecap": "round"}
    return "".join([*both, element("g", *islets, **dotted)] if islets else both)


def atlas(
    shapes: NDArray[np.object_],
    fills: Sequence[str | None],
    *,
    width: float,
    height: float,
    label: str,
    context: NDArray[np.object_] = EMPTY,
    context_fills: Sequence[str] = (),
    beside: NDArray[np.object_] = EMPTY,
    borders: NDArray[np.object_] = EMPTY,
    selected: shapely.Geometry | None = None,
    names: Sequence[str] = (),
    key: MapKey | None = None,
    insets: Sequence[Inset] = (),
    marks: Sequence[Mark] = (),
    furniture: bool = True,
) -> str:
    """Return a map in an equal-area projection centred on its units.

    Parameters
    ----------
    shapes, fills
        n polygons in degrees that fill the frame, and the colour of each; ``None`` is hatched.
    width, height
        Of the picture in points, the legend among it.
    label
        What a reader who cannot see it is told.
    context, context_fills
        Land around, and the colour of each piece where not that of plain land; only what is near is drawn.
    beside
        Land of other countries, beneath all else.
    borders
        Drawn as lines over the units.
    selected
        Outlined strongly.
    names
        Of the n units; those that fit are written.
    key, insets, marks, furniture
        Legend at the right; far units below; stars over all else; scale bar and north arrow.

    Raises
    ------
    ValueError
        There is no shape, or not one fill for each.
    """
    shapes = unwrapped(shapes)
    wide = width - (KEY + GAP if key else 0)
    below = (FOOT if furniture else 0) + (INSETS if insets else 0)
    box = _Box(1, 1, wide - 2, height - below - 2)
    frame = _Frame.around(shapes, box)
    placed = frame.place(shapes)
    clip = element("clipPath", element("rect", x=0, y=0, width=wide, height=height - below), id="frame")
    near = frame.within_reach(context)
    around = frame.place(context[near])
    colours = [fill for fill, there in zip(context_fills or [LAND] * len(context), near, strict=True) if there]
    parts = [_paths(around, colours, stroke=EDGE, stroke_width=0.5)]
    if len(beside):
        others = frame.place(frame.clipped(beside))
        parts.insert(0, _paths(others, [BESIDE] * len(others), stroke=EDGE, stroke_width=0.3))
    thin = 0.5 if len(shapes) < 150 else 0.25
    parts.append(_paths(placed, fills, stroke="#ffffff", stroke_width=thin))
    if len(borders):
        lines = frame.place(borders[frame.within_reach(borders)])
        parts.append(_paths(lines, ["none"] * len(lines), stroke=BORDER, stroke_width=0.7))
    if selected is not None:
        alone = np.array([selected], dtype=object)
        one = frame.place(alone if frame.projection.whole else unwrapped(alone))
        parts.append(_paths(one, ["none"], stroke="#ffffff", stroke_width=3.2))
        parts.append(_paths(one, ["none"], stroke="#101413", stroke_width=1.6))
    drawn = [element("defs", _pattern(), _crossed(), clip), element("g", *parts, clip_path="url(#frame)")]
    drawn.append(_names(placed, names, box))
    drawn += [_mark(one, frame, box) for one in marks]
    for at, inset in enumerate(insets):
        drawn.append(_inset(inset, at, len(insets), wide, height - below))
    if furniture:
        drawn += _furniture(frame, box, height)
    if key:
        drawn.append(_key(key, wide + GAP))
    return document(width, height, *drawn, label=label)


def _pattern() -> str:
    ground = element("rect", width=3.2, height=3.2, fill="#f7f6f2")
    line = element("path", d="M0 0V3.2", stroke="#8d8e88", stroke_width=1.2)
    turned = {"patternTransform": "rotate(45)", "patternUnits": "userSpaceOnUse"}
    return element("pattern", ground, line, id="missing", width=3.2, height=3.2, **turned)


def _crossed() -> str:
    ground = element("rect", width=4, height=4, fill="#f7f6f2")
    lines = element("path", d="M2 0V4M0 2H4", stroke=NO_DATA, stroke_width=0.7)
    return element("pattern", ground, lines, id="outside", width=4, height=4, patternUnits="userSpaceOnUse")


def _names(placed: NDArray[np.object_], names: Sequence[str], box: _Box) -> str:
    """Write names from the largest unit to the smallest; one that would lie on another or leave the map is left out."""
    size, written = 6.5, []
    taken: list[shapely.Geometry] = []
    for at in np.argsort(-shapely.area(placed)) if names else ():
        shape, name = placed[at], names[at]
        if not name or shape.is_empty:
            continue
        main = max(shapely.get_parts(shape), key=shapely.area)
        where = shapely.point_on_surface(main)
        half = text_width(name, size) / 2
        wide = shapely.bounds(main)
        spot = shapely.box(where.x - half, where.y - size * 0.7, where.x + half, where.y + size * 0.5)
        outside = where.x - half < box.x or where.x + half > box.x + box.width
        if outside or 2 * half > 1.5 * (wide[2] - wide[0]) or any(spot.intersects(one) for one in taken):
            continue
        taken.append(spot)
        halo = {"stroke": "#ffffff", "stroke_width": 1.6, "stroke_linejoin": "round", "paint_order": "stroke"}
        x, y = round(where.x, 1), round(where.y + size * 0.35, 1)
        written.append(words(name, x, y, size=size, fill=INK, text_anchor="middle", **halo))
    return element("g", *written) if written else ""


def _mark(mark: Mark, frame: _Frame, box: _Box) -> str:
    """Draw a star and its name at the side where there is room; one that lies beyond the frame is at its edge."""
    point = np.array([shapely.Point(mark.lon, mark.lat)], dtype=object)
    if not frame.projection.whole:
        point = unwrapped(point)
    at = frame.place(point)[0]
    x = min(max(at.x, box.x + 6), box.x + box.width - 6)
    y = min(max(at.y, box.y + 6), box.y + box.height - 6)
    turns = [math.pi * step / 5 - math.pi / 2 for step in range(10)]
    corners = [
        (x + (5.5 if step % 2 == 0 else 2.3) * math.cos(turn), y + (5.5 if step % 2 == 0 else 2.3) * math.sin(turn))
        for step, turn in enumerate(turns)
    ]
    path = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in corners) + "Z"
    star = element("path", d=path, fill="#101413", stroke="#ffffff", stroke_width=1.2, stroke_linejoin="round")
    left = x + 9 + text_width(mark.name, 7) > box.x + box.width
    halo = {"stroke": "#ffffff", "stroke_width": 2, "stroke_linejoin": "round", "paint_order": "stroke"}
    side = {"text_anchor": "end" if left else "start", "font_weight": 700}
    return star + words(
        mark.name, round(x + (-8 if left else 8), 1), round(y + 2.5, 1), size=7, fill=INK, **side, **halo
    )


def _inset(inset: Inset, at: int, of: int, width: float, top: float) -> str:
    step = min(width / of, 84.0)
    box = _Box(at * step + 3, top + 6, step - 8, INSETS - 25)
    shapes = unwrapped(inset.shapes)
    frame = _Frame.around(shapes, box)
    edge = element(
        "rect",
        x=at * step + 0.5,
        y=top + 3,
        width=step - 4,
        height=INSETS - 6,
        fill="none",
        stroke="#101413" if inset.marked else EDGE,
        stroke_width=1.4 if inset.marked else 0.5,
    )
    lines = wrapped(inset.name, step - 6, 5)[:2]
    title = "".join(
        words(
            line,
            round(at * step + step / 2 - 2, 1),
            top + INSETS - 5 - 5.5 * (len(lines) - 1 - row),
            size=5,
            fill=SOFT,
            text_anchor="middle",
        )
        for row, line in enumerate(lines)
    )
    return element("g", edge, _paths(frame.place(shapes), inset.fills, stroke="#ffffff", stroke_width=0.3), title)


def scale_length(metres: float) -> float:
    """Return the longest 1, 2 or 5 times a power of ten that is no longer than ``metres``.

    >>> scale_length(7_300), scale_length(1_000), scale_length(420_000)
    (5000.0, 1000.0, 200000.0)
    """
    power = 10.0 ** math.floor(math.log10(metres))
    return max(step * power for step in (1, 2, 5) if step * power <= metres)


def _furniture(frame: _Frame, box: _Box, height: float) -> list[str]:
    """Draw the scale bar and the north arrow in the strip below the map."""
    length = scale_length(box.width / 4 / frame.scale)
    long, y = length * frame.scale, height - 6
    told = f"{length / 1000:,g} km"
    bar = [
        element("path", d=f"M1 {y - 4}V{y}H{1 + long:.1f}V{y - 4}", fill="none", stroke=SOFT, stroke_width=0.8),
        words(told, 1 + long + 5, y, size=7, fill=SOFT),
    ]
    x, middle = box.x + box.width - 8, height - 11
    metres = (np.array([x, box.y + box.height]) - frame.origin) / (frame.scale, -frame.scale)
    turn = frame.projection.north(*metres)
    arrow = element("path", d="M0 -8L3.2 4L0 2L-3.2 4Z", fill=SOFT)
    turned = element("g", arrow, transform=f"translate({x:.1f} {middle}) rotate({turn:.1f})")
    return [*bar, turned, words("N", x - 14, middle + 3, size=7, fill=SOFT)]


def _key(key: MapKey, x: float) -> str:
    y, parts = 9.0, []
    for line in wrapped(key.title, KEY - 2, 8):
        parts.append(words(line, x, y, size=8, fill=INK, font_weight=700))
        y += 11
    for line in wrapped(key.unit, KEY - 2, 7):
        parts.append(words(line, x, y, size=7, fill=SOFT))
        y += 10
    y += 2
    for fill, label, count in key.rows:
        swatch = {"stroke": EDGE, "stroke_width": 0.5, "fill": HATCH if fill is None else fill}
        parts.append(element("rect", x=x + 0.5, y=y - 2, width=11, height=9, **swatch))
        lines = wrapped(label, KEY - 18 - text_width(count, 7) - 6, 7.5)
        for line in lines:
            parts.append(words(line, x + 17, y + 5.3, size=7.5, fill=INK))
            y += 9
        parts.append(words(count, x + KEY, y + 5.3 - 9, size=7, fill=SOFT, text_anchor="end"))
        y += 4.5
    return element("g", *parts)
