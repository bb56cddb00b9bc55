"""The series of a profile: the unit, the median of its peers, and what it lies in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.places import Place
from fuping.dashboard.queries.profile import Profile
from fuping.dashboard.queries.unit import series
from numpy.typing import NDArray

__all__ = ["ProfileSeries", "Role", "profile_series"]

Role = Literal["unit", "peers", "parent", "nation"]


@dataclass(frozen=True, eq=False)
class ProfileSeries:
    """One line.

    Parameters
    ----------
    role, place
        Whose it is; of the peers, what they lie in (``None``: the country).
    years, values
        m years and m figures, NaN where missing.
    lower, upper
        m bounds of the source's interval each; NaN where there is none.
    """

    role: Role
    place: Place | None
    years: tuple[int, ...]
    values: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


def profile_series(reader: Reader, found: Profile) -> list[ProfileSeries]:
    """Return the lines of a profile's trend, the unit's first; a line without any figure is left out.

    Totals are not put beside those of what the unit lies in: they are parts of them.
    """
    if found.trend is None:
        return []
    view = replace(found.view, indicator=found.trend)
    declared = reader.indicator(view.pack, found.trend)
    own = series(reader, view, found.place.code)
    years = tuple(one.year for one in own.figures)
    none = np.full(len(years), np.nan)
    columns = {name: np.array([getattr(one, name) for one in own.figures]) for name in ("value", "lower", "upper")}
    lines = [ProfileSeries("unit", found.place, years, columns["value"], columns["lower"], columns["upper"])]
    lines.append(ProfileSeries("peers", own.scope, years, own.peers, none, none))
    above: Sequence[tuple[Role, Place | None]] = (("parent", found.parent), ("nation", found.nation))
    for role, place in above if declared["aggregation"] != "extensive" else ():
        if place is None or declared["levels"].get(place.level, {}).get("n_values", 0) == 0:
            continue
        values = reader.values(view.pack, found.trend, place.level)
        at = reader.units(view.pack, place.level)["code"].index(place.code)
        none = np.full(len(values.years), np.nan)
        lines.append(ProfileSeries(role, place, tuple(values.years), values.value[:, at], none, none))
    return [one for one in lines if np.isfinite(one.values).any()]
