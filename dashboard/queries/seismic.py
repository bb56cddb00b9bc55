"""What the earthquakes on record say: how often which magnitude comes, in the whole record and near a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.scenario import points

if TYPE_CHECKING:
    from fuping.spatial.risk.earthquakes import GutenbergRichter

__all__ = ["NearShocks", "SeismicRecord", "near_shocks", "seismic_record"]

STEP = 0.5


@dataclass(frozen=True, eq=False)
class SeismicRecord:
    """The earthquakes of a build.

    Parameters
    ----------
    declared
        The catalogue as declared.
    events
        All of it.
    complete
        Main shocks of at least the magnitude from which it is complete.
    law
        Of their magnitudes.
    magnitudes
        At which the law is read, from the completeness up to the greatest that is expected.
    """

    declared: Mapping[str, Any]
    events: pd.DataFrame
    complete: pd.DataFrame
    law: GutenbergRichter
    magnitudes: tuple[float, ...]

    @property
    def years(self) -> int:
        """Length of the record."""
        return int(self.declared["last_year"] - self.declared["first_year"] + 1)

    @property
    def reach_km(self) -> float:
        """How far around a place is near."""
        return float(self.declared.get("reach_km", 200.0))


@dataclass(frozen=True)
class NearShocks:
    """Main shocks near a place.

    Parameters
    ----------
    n
        How many.
    greatest, year
        Magnitude and year of the greatest; NaN and 0 where none came.
    """

    n: int
    greatest: float
    year: int


def seismic_record(reader: Reader, pack: str) -> SeismicRecord | None:
    """Return the earthquakes of a build; ``None`` where no catalogue is loaded."""
    return _record(reader, pack, reader.version(pack))


@once(maxsize=4)
def _record(reader: Reader, pack: str, version: str) -> SeismicRecord | None:
    declared = next(iter(reader.catalogue(pack).get("seismicity", ())), None)
    events = reader.store.table(pack, "earthquakes") if declared else None
    if declared is None or events is None:
        return None
    from fuping.spatial.risk.earthquakes import gutenberg_richter

    least, width = float(declared["completeness"]), float(declared.get("bin_width", 0.1))
    mine = events[events["catalogue"] == declared["id"]]
    complete = mine[mine["main_shock"] & (mine["magnitude"] >= least - width / 2)]
    years = declared["last_year"] - declared["first_year"] + 1
    law = gutenberg_richter(complete["magnitude"], completeness=least, bin_width=width, years=years)
    first = np.ceil(least / STEP) * STEP
    magnitudes = np.arange(first, float(declared["greatest"]) + 1e-9, STEP)
    return SeismicRecord(declared, mine, complete, law, tuple(float(one) for one in magnitudes))


def near_shocks(reader: Reader, pack: str, found: SeismicRecord, level: str, unit: int) -> NearShocks:
    """Return the main shocks near the middle of a unit of a level."""
    from fuping.spatial.risk.seismicity import distance_km

    lon, lat = (float(one[unit]) for one in points(reader, pack, level))
    mine = found.complete[distance_km(lon, lat, found.complete) <= found.reach_km]
    if mine.empty:
        return NearShocks(0, float("nan"), 0)
    top = mine.loc[mine["magnitude"].idxmax()]
    return NearShocks(len(mine), float(top["magnitude"]), int(top["time"].year))
