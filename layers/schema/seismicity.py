"""What a pack declares of an earthquake catalogue: ``seismicity.toml``."""

from __future__ import annotations

from typing import Literal

from fuping.layers.schema.metadata import Identifier, Strict, Text
from pydantic import Field, model_validator

__all__ = ["EarthquakeCatalogue", "EarthquakeFigure"]


class EarthquakeFigure(Strict):
    """One indicator that an earthquake catalogue gives."""

    indicator: Identifier
    statistic: Literal["rate", "intensity", "fault_distance"]
    """Main shocks a year of at least the completeness within ``reach_km``; intensity once in ``return_period`` years;
    kilometres to the nearest active fault."""
    return_period: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _fits(self) -> EarthquakeFigure:
        if (self.statistic == "intensity") != (self.return_period is not None):
            raise ValueError("an intensity needs a return_period, and nothing else has it")
        return self


class EarthquakeCatalogue(Strict):
    """``seismicity.toml``: recorded earthquakes, and what they say of each unit."""

    id: Identifier
    source: Identifier
    """CSV with time, latitude, longitude, depth, mag and type, as the catalogue of the USGS answers."""
    level: Identifier
    first_year: int
    last_year: int
    """Whole years; their number is the length of the record."""
    completeness: float
    """Least magnitude of which none was missed since the first year, the centre of its bin."""
    completeness_reason: Text
    bin_width: float = Field(default=0.1, ge=0)
    greatest: float
    """Magnitude beyond which nothing is expected."""
    greatest_reason: Text
    reach_km: float = Field(default=200, gt=0)
    faults: Identifier | None = None
    """Source of the traces of active faults."""
    note: Text | None = None
    figures: tuple[EarthquakeFigure, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> EarthquakeCatalogue:
        if self.first_year >= self.last_year:
            raise ValueError("the last year must come after the first")
        if self.greatest <= self.completeness:
            raise ValueError("the greatest magnitude must lie above the completeness")
        if any(one.statistic == "fault_distance" for one in self.figures) and self.faults is None:
            raise ValueError("a distance to faults needs faults")
        return self
