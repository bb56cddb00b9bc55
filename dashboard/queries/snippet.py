"""The Python that gives a figure of the dashboard in a notebook; a computed figure is computed once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fuping.dashboard.queries.lineage import Lineage

__all__ = ["snippet"]


def snippet(
    pack: str, found: Lineage, year: int, code: str | None, *, limits: Sequence[float] = (), closed: bool = False
) -> str:
    """Return lines that leave the figure in ``value`` and, where it is computed, what that gives in ``computed``.

    Parameters
    ----------
    found
        How the figure came to be.
    code
        Of its unit; all units of the level where not given, and ``values`` is a series by code.
    limits, closed
        Class limits that the map draws, typed or declared, and whether nothing beyond them is in a class; the snippet
        then leaves the class, counted from 0, in ``classes``.
    """
    name, level = found.indicator["id"], found.level["id"]
    lines = ["import fuping", "", f'country = fuping.open("{pack}")', f'cube = country.cube("{name}", level="{level}")']
    if code is None:
        lines += [
            f'layer = cube["{name}"].sel(year={year})',
            'values = layer.swap_dims(geometry="code").drop_vars("geometry").to_series()',
            *_classes("[values]", limits, closed=closed),
            'print(values.describe(), layer.attrs["units"], layer.attrs["source"], sep="\\n")',
        ]
        return "\n".join(lines)
    lines += [f'figure = cube["{name}"].sel(year={year}, code="{code}")', "value = float(figure)"]
    if found.how == "derived":
        lines += _derived(found, year, code)
    elif found.how == "rolled_up":
        lines += _rolled_up(found, year, code)
    lines += _classes("[[value]]", limits, closed=closed)
    told = "value, computed" if found.how in ("derived", "rolled_up") else "value"
    lines.append(f'print({told}, figure.attrs["units"], figure.attrs["source"])')
    return "\n".join(lines)


def _classes(values: str, limits: Sequence[float], *, closed: bool) -> list[str]:
    if not limits:
        return []
    given = f"[{', '.join(f'{one:.15g}' for one in limits)}]" + (", closed=True" if closed else "")
    return [
        "",
        "from fuping.spatial.cartography import classify",
        "",
        f'classes = classify({values}, scheme="manual", breaks={given}).classes[0]',
    ]


def _derived(found: Lineage, year: int, code: str) -> list[str]:
    rule: Mapping[str, Any] = found.indicator["derive"]
    top, bottom = rule["numerator"], rule["denominator"]
    share = f'{rule["scale"]:g} * parts["{top}"] / parts["{bottom}"]'
    if rule["complement"]:
        share = f"{rule['scale']:g} - {share}"
    level = found.level["id"]
    return [
        "",
        f'parts = country.cube(["{top}", "{bottom}"], level="{level}").sel(year={year}, code="{code}")',
        f"computed = float({share})",
    ]


def _rolled_up(found: Lineage, year: int, code: str) -> list[str]:
    name, level = found.indicator["id"], found.level["id"]
    below, *weights = found.parts
    names = ", ".join(f'"{one.indicator["id"]}"' for one in found.parts)
    lines = [
        "",
        f'parts = country.cube([{names}], level="{below.level["id"]}").sel(year={year})',
        f'inside = (country.ancestors("{below.level["id"]}")["{level}"] == "{code}").to_numpy()',
        "parts = parts.isel(geometry=inside)",
    ]
    if not weights:
        return [*lines, f'computed = float(parts["{name}"].sum())']
    weight = weights[0].indicator["id"]
    return [
        *lines,
        f'weight = parts["{weight}"].where(parts["{name}"].notnull())',
        f'computed = float((parts["{name}"] * weight).sum() / weight.sum())',
    ]
