"""Charts of a survey: Lorenz curve, the three I's of poverty, growth by quantile, and how the cutoff decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fuping.dashboard.figures.style import ACCENT, QUIET, base_layout
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.queries.measurement import Curve

__all__ = ["by_cutoff", "growth", "lorenz", "tip"]

SECOND, BAND = "#c2571a", "rgba(11,131,132,0.2)"


def _line(
    x: Sequence[float], y: Sequence[float], told: Sequence[str], colour: str = ACCENT, dash: str = "solid", **more: Any
) -> dict[str, Any]:
    return {
        "x": list(x),
        "y": list(y),
        "text": list(told),
        "mode": "lines",
        "line": {"color": colour, "width": 2.5 if dash == "solid" else 1.5, "dash": dash},
        "hovertemplate": "%{text}<extra></extra>",
        "type": "scatter",
    } | more


def _band(curve: Curve, x: Sequence[float], scale: float) -> list[dict[str, Any]]:
    if not curve.low:
        return []
    return [
        {
            "x": [*x, *reversed(x)],
            "y": [scale * one for one in (*curve.high, *reversed(curve.low))],
            "fill": "toself",
            "fillcolor": BAND,
            "line": {"width": 0},
            "mode": "lines",
            "hoverinfo": "skip",
            "type": "scatter",
        }
    ]


def _percent(shares: Sequence[float]) -> list[float]:
    return [100 * one for one in shares]


def lorenz(curve: Curve, language: str, *, people: str, welfare: str) -> dict[str, Any]:
    """Return the Lorenz curve with the line of equality; both axes in percent."""
    x, y = _percent(curve.share), _percent(curve.value)
    told = [f"{number(a, 0, language)}% → {number(b, 1, language)}%" for a, b in zip(x, y, strict=True)]
    equal = _line([0, 100], [0, 100], ["", ""], QUIET, "dot", hoverinfo="skip")
    drawn = base_layout(x_title=people, y_title=welfare, x_suffix="%", y_suffix="%")
    for axis in ("xaxis", "yaxis"):
        drawn[axis] |= {"range": [0, 100]}
    return {"data": [*_band(curve, x, 100), equal, _line(x, y, told)], "layout": drawn}


def tip(curve: Curve, language: str, *, people: str, gap: str) -> dict[str, Any]:
    """Return the curve of gaps added up from the poorest on."""
    x, y = _percent(curve.share), _percent(curve.value)
    told = [f"{number(a, 0, language)}% → {number(b, 2, language)}%" for a, b in zip(x, y, strict=True)]
    drawn = base_layout(x_title=people, y_title=gap, x_suffix="%", y_suffix="%")
    drawn["xaxis"] |= {"range": [0, 100]}
    drawn["yaxis"] |= {"rangemode": "tozero"}
    return {"data": [_line(x, y, told)], "layout": drawn}


def growth(curve: Curve, language: str, *, people: str, rate: str) -> dict[str, Any]:
    """Return the growth of each quantile with its interval."""
    x = _percent(curve.share)
    told = [
        f"{number(a, 0, language)}%: {number(b, 1, language)}% ({number(low, 1, language)}–{number(high, 1, language)})"
        for a, b, low, high in zip(x, curve.value, curve.low, curve.high, strict=True)
    ]
    drawn = base_layout(x_title=people, y_title=rate, x_suffix="%", y_suffix="%")
    drawn["yaxis"] |= {"zeroline": True, "zerolinecolor": QUIET, "zerolinewidth": 1}
    drawn["xaxis"] |= {"range": [5, 95]}
    line = _line(x, curve.value, told) | {"mode": "lines+markers", "marker": {"color": ACCENT, "size": 6}}
    return {"data": [*_band(curve, x, 1), line], "layout": drawn}


def by_cutoff(
    rows: Sequence[tuple[float, float, float]], chosen: float, language: str, *, cutoff: str, share: str
) -> dict[str, Any]:
    """Return H and M0 against the cutoff; ``rows`` hold cutoff, H and M0, all from 0 to 1."""
    x = [100 * k for k, *_ in rows]
    data = []
    for place, (name, colour, dash) in enumerate((("H", ACCENT, "solid"), ("M₀", SECOND, "dash")), start=1):
        y = [100 * row[place] for row in rows]
        told = [f"{name}, k = {number(a, 0, language)}%: {number(b, 1, language)}%" for a, b in zip(x, y, strict=True)]
        data.append(_line(x, y, told, colour, dash) | {"mode": "lines+markers", "marker": {"color": colour, "size": 6}})
    drawn = base_layout(x_title=cutoff, y_title=share, x_suffix="%", y_suffix="%")
    drawn["yaxis"] |= {"rangemode": "tozero"}
    drawn["shapes"] = [
        {
            "type": "line",
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "x0": 100 * chosen,
            "x1": 100 * chosen,
            "line": {"color": QUIET, "width": 1, "dash": "dash"},
        }
    ]
    return {"data": data, "layout": drawn}
