"""Colours that are told apart by lightness first: ramps, diverging and bivariate palettes, statuses.

Ramps are drawn in OKLCH, in which equal steps look equal (Ottosson 2020, https://bottosson.github.io/posts/oklab).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from fuping.spatial.errors import FupingError
from numpy.typing import NDArray

__all__ = ["DIRECTIONS", "NEUTRAL", "STATUS_COLOURS", "Ramp", "bivariate", "diverging", "qualitative", "sequential"]

Ramp = Literal["worse", "better", "neutral"]

DIRECTIONS: dict[str, Ramp] = {"higher_is_worse": "worse", "higher_is_better": "better", "neutral": "neutral"}
"""Ramp of an indicator by its direction: ochre to brown, green-blue, slate blue."""

STATUS_COLOURS = {
    "poor": "#8c2d04",
    "at_risk": "#b96718",
    "exited": "#7fb8ad",
    "relapsed": "#3f1638",
    "not_designated": "#ebe9e3",
}
"""Colours of statuses; each differs from the others in lightness, so also without colour vision."""

NEUTRAL = "#efede8"
"""Middle of a diverging palette, and the first cell of a bivariate one."""

HUES: dict[Ramp, tuple[float, float, float]] = {
    "worse": (85, 32, 0.14),
    "better": (175, 210, 0.10),
    "neutral": (255, 275, 0.11),
}
"""Hue at the light end and at the dark end in degrees, and greatest chroma."""

SIDES: dict[bool | None, tuple[Ramp, Ramp]] = {
    True: ("better", "worse"),
    False: ("worse", "better"),
    None: ("worse", "neutral"),
}
"""Ramps of a decrease and an increase, by whether higher is worse."""

LIGHT, DARK = 0.94, 0.36

QUALITATIVE = (
    "#7be3f5", "#733e01", "#384883", "#f8c885", "#89886c", "#2196a7", "#c6d7bd", "#5a4558",
    "#a97d3a", "#92a8eb", "#bca978", "#44523c", "#816339", "#6c8e87", "#51bcce", "#a0b198",
)  # fmt: skip
"""Each is as far from those before it as muted OKLCH colours allow to the eye that tells them apart worst."""

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def sequential(k: int, *, ramp: Ramp) -> tuple[str, ...]:
    """Return k colours of one hue family, from light (low) to dark (high).

    Raises
    ------
    FupingError
        ``k`` is not 1 to 9, or the ramp is not one that exists.

    Examples
    --------
    >>> sequential(3, ramp="better")
    ('#c7f7e9', '#31a29f', '#01464f')
    """
    if ramp not in HUES:
        raise FupingError(f"There is no ramp {ramp!r}.", remedy=f"Ramps: {', '.join(HUES)}.", ramp=ramp)
    if not 1 <= k <= 9:
        raise FupingError(f"{k} colours were asked for.", remedy="Ask for 1 to 9.", k=k)
    first, last, chroma = HUES[ramp]
    colours = []
    for place in np.linspace(0, 1, k) if k > 1 else (0.5,):
        share = 0.25 + 0.75 * np.sin(np.pi * (0.12 + 0.62 * place))
        colours.append(_hex(LIGHT + (DARK - LIGHT) * place, chroma * share, first + (last - first) * place))
    return tuple(colours)


def diverging(below: int, above: int, *, zero_class: bool, higher_is_worse: bool | None = True) -> tuple[str, ...]:
    """Return colours for differences, the neutral one at zero and darker away from it.

    Parameters
    ----------
    below, above
        Classes wholly below and wholly above zero.
    zero_class
        Whether a class holds zero; it is neutral. Without it zero is a break.
    higher_is_worse
        Whether an increase takes the ramp ``worse`` and a decrease ``better``, or the other way about. ``None``:
        neither is good or bad, so neither is ``better``: an increase is slate blue, a decrease ochre.

    Examples
    --------
    >>> diverging(1, 1, zero_class=True)
    ('#31a29f', '#efede8', '#cc7729')
    """
    down, up = SIDES[higher_is_worse]
    middle = (NEUTRAL,) if zero_class else ()
    return (*_away(below, down)[::-1], *middle, *_away(above, up))


def _away(k: int, ramp: Ramp) -> tuple[str, ...]:
    # The lightest step of a ramp of k + 2 is next to the neutral, so it is left out, and so is the darkest.
    return sequential(k + 2, ramp=ramp)[1:-1] if k else ()


def bivariate() -> tuple[tuple[str, ...], ...]:
    """Return 3 × 3 colours: row for the second indicator's class, column for the first's, both low to high.

    Each is the product of a blue and an ochre in linear light, as two inks printed over each other.
    """
    steps = ((0.97, 0.005), (0.80, 0.11), (0.62, 0.14))
    blue = [_linear(_hex(light, chroma, 250)) for light, chroma in steps]
    ochre = [_linear(_hex(light, chroma, 70)) for light, chroma in steps]
    return tuple(tuple(_to_hex(one * other) for other in blue) for one in ochre)


def qualitative(k: int) -> tuple[str, ...]:
    """Return k colours for categories without an order.

    Raises
    ------
    FupingError
        More than sixteen are asked for.
    """
    if not 0 <= k <= len(QUALITATIVE):
        raise FupingError(
            f"{k} colours were asked for.", remedy=f"Ask for up to {len(QUALITATIVE)}, or group the categories.", k=k
        )
    return QUALITATIVE[:k]


def _hex(light: float, chroma: float, hue: float) -> str:
    """Return sRGB of an OKLCH colour, with less chroma where the screen cannot show it."""
    angle = np.radians(hue)
    while True:
        lab = np.array([light, chroma * np.cos(angle), chroma * np.sin(angle)])
        linear = np.linalg.solve(_TO_LMS, np.linalg.solve(_TO_LAB, lab) ** 3)
        if chroma <= 0 or (linear.min() >= -1e-4 and linear.max() <= 1.0001):
            return _to_hex(linear)
        chroma -= 0.002


def _linear(colour: str) -> NDArray[np.float64]:
    coded = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def _to_hex(linear: NDArray[np.float64]) -> str:
    light = np.clip(linear, 0, 1)
    coded = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(float(one) * 255):02x}" for one in coded)
