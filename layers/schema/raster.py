"""What a pack declares of grids and of storm tracks, and which figures of its units they give.

``rasters.toml`` and ``storms.toml``. A figure read off a grid is refused for a unit that covers too few cells: the
declaration says how many are enough.
"""

from __future__ import annotations

import itertools
from typing import Literal

from fuping.layers.schema.metadata import Identifier, Strict, Text
from fuping.spatial.cartography import Ramp
from pydantic import Field, model_validator

__all__ = [
    "EarlyWarning",
    "GridClass",
    "GridView",
    "Quantity",
    "RasterFigure",
    "RasterLayer",
    "StormCatalogue",
    "StormFigure",
    "WarningThreshold",
]

Quantity = Literal["value", "annual_mean", "annual_sum", "aridity_index", "slope", "relief", "steep", "near_drainage"]
"""What is made of the bands before the units are summarised.

value: the band itself; annual_mean and annual_sum: of twelve monthly bands; aridity_index: yearly precipitation over
potential evapotranspiration (Thornthwaite), from monthly precipitation and temperature; slope (degrees), relief
(metres within a square of cells), steep (1 where the slope is at least 25 degrees, else 0) and
near_drainage (1 up to ``height_m`` above the nearest channel, else 0): of an elevation.
"""


class RasterFigure(Strict):
    """One indicator that a raster gives."""

    indicator: Identifier
    statistic: Literal["mean", "share", "majority", "sum"]
    """Mean of the cells by area; share of the area in ``classes``; class of the largest area; sum of amounts."""
    classes: tuple[int, ...] = ()
    weighted_by: Identifier | None = None
    """Grid of amounts, such as people, by which the cells of a mean count in place of their area."""
    scale: float = 1.0

    @model_validator(mode="after")
    def _classes(self) -> RasterFigure:
        if (self.statistic == "share") != bool(self.classes):
            raise ValueError("a share needs classes, and nothing else has them")
        if self.weighted_by and self.statistic != "mean":
            raise ValueError("only a mean is weighted by another grid")
        return self


class GridClass(Strict):
    """Numbers of a grid that mean the same, and how they are drawn."""

    codes: tuple[int, ...] = Field(min_length=1)
    name: Text
    colour: str = Field(pattern=r"^#[0-9a-f]{6}$")


class GridView(Strict):
    """How a grid is drawn over the map; without it, it only gives figures."""

    name: Text
    unit: Text | None = None
    decimals: int = Field(default=0, ge=0, le=6)
    ramp: Ramp = "neutral"
    breaks: tuple[float, ...] = Field(default=(), max_length=8)
    """Inner breaks of what is measured, ascending; classes of equal count where not given."""
    classes: tuple[GridClass, ...] = ()
    """Of a grid of categories."""

    @model_validator(mode="after")
    def _fits(self) -> GridView:
        if bool(self.classes) == bool(self.unit):
            raise ValueError("a grid has either classes or a unit")
        if self.classes and self.breaks:
            raise ValueError("classes have no breaks")
        if any(low >= high for low, high in itertools.pairwise(self.breaks)):
            raise ValueError("breaks must ascend")
        codes = [code for one in self.classes for code in one.codes]
        if len(codes) != len(set(codes)):
            raise ValueError("a code stands in two classes")
        return self


class RasterLayer(Strict):
    """``rasters.toml``: one grid of a source and the figures read off it."""

    id: Identifier
    source: Identifier
    format: Literal["geotiff", "netcdf", "npz"]
    variable: str | None = None
    """Of a NetCDF file; precipitation for an aridity index."""
    temperature: str | None = None
    """The second variable of an aridity index, in degrees Celsius by month."""
    x: str | None = None
    y: str | None = None
    """Names of the coordinates in a NetCDF file, or files of longitudes and latitudes beside an npz file."""
    trim: int = Field(default=0, ge=0)
    """Rows and columns at every edge that repeat the other side of the globe."""
    crs: str | None = None
    crs_reason: str | None = None
    """Why the CRS is given here and not taken from the file; it goes with every report."""
    scale: float = 1.0
    offset: float = 0.0
    nodata: float | None = None
    quantity: Quantity = "value"
    square: int | None = Field(default=None, ge=3)
    """Side in cells of the square of a relief, an odd number."""
    square_km: float | None = Field(default=None, gt=0)
    """The same in kilometres, for files whose cells may be of any size: as many cells as come nearest."""
    channel_km2: float | None = Field(default=None, gt=0)
    height_m: float | None = Field(default=None, gt=0)
    """Of near_drainage: area that a channel drains, and height above it."""
    instead_of: Identifier | None = None
    """A coarser grid that is left out where the file of this one is there."""
    coarsest_m: float | None = Field(default=None, gt=0)
    """Metres north to south above which cells are too coarse for the quantity: a file of larger ones gives nothing."""
    coarsest_reason: Text | None = None
    """Why, for the reader."""
    year: int = Field(ge=1900, le=2100)
    """Year that the figures stand under: of a mean over a period, its last; of ``years``, the last that is shown."""
    years: str | None = None
    """Coordinate of a NetCDF file whose dates are the years of its bands: each gives figures of its own year."""
    minimum_cells: float = Field(gt=0)
    """Cells with a value that a unit must cover, parts counted as parts, for its figures to be given."""
    minimum_share: float = Field(default=0.5, gt=0, le=1)
    """Part of the unit's area that those cells must make up."""
    note: Text | None = None
    figures: tuple[RasterFigure, ...] = Field(min_length=1)
    shown: GridView | None = None

    @model_validator(mode="after")
    def _fits(self) -> RasterLayer:
        named = (self.variable, self.x, self.y)
        if self.format == "geotiff" and any(named):
            raise ValueError("a GeoTIFF has no variable, x and y")
        if self.format == "netcdf" and not all(named):
            raise ValueError("a NetCDF file needs variable, x and y")
        if self.format == "npz" and not (self.x and self.y):
            raise ValueError("an npz file needs x and y")
        if self.format != "geotiff" and not self.crs:
            raise ValueError("an array without georeference needs crs")
        if self.crs and not self.crs_reason:
            raise ValueError("a CRS that is given here needs crs_reason")
        if (self.quantity == "aridity_index") != bool(self.temperature):
            raise ValueError("an aridity index needs temperature, and nothing else has it")
        if (self.quantity == "relief") != ((self.square is None) != (self.square_km is None)):
            raise ValueError("a relief needs square or square_km, and nothing else has them")
        if (self.quantity == "near_drainage") != (self.channel_km2 is not None and self.height_m is not None):
            raise ValueError("near_drainage needs channel_km2 and height_m, and nothing else has them")
        if self.quantity == "near_drainage" and self.format != "geotiff":
            raise ValueError("near_drainage is read from a GeoTIFF")
        if self.years and (self.format != "netcdf" or self.quantity != "value"):
            raise ValueError("years are those of the values of a NetCDF file")
        if (self.coarsest_m is None) != (self.coarsest_reason is None):
            raise ValueError("coarsest_m and coarsest_reason stand together")
        return self


class StormFigure(Strict):
    """One indicator that a storm catalogue gives."""

    indicator: Identifier
    statistic: Literal["frequency", "return_level"]
    """Storms a year that bring at least ``threshold`` m/s; wind (m/s) reached once in ``return_period`` years."""
    threshold: float | None = Field(default=None, gt=0)
    return_period: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _fits(self) -> StormFigure:
        if (self.statistic == "frequency") != (self.threshold is not None):
            raise ValueError("a frequency needs a threshold, and nothing else has it")
        if (self.statistic == "return_level") != (self.return_period is not None):
            raise ValueError("a return level needs a return_period, and nothing else has it")
        return self


class WarningThreshold(Strict):
    """One step of a warning: the wind that it begins at."""

    id: Identifier
    name: Text
    wind: float = Field(gt=0)
    """m/s."""


class EarlyWarning(Strict):
    """The winds at which the country's weather service warns, and where that is written down."""

    reference: Text
    thresholds: tuple[WarningThreshold, ...] = Field(min_length=1)
    """The lowest first."""

    @model_validator(mode="after")
    def _rising(self) -> EarlyWarning:
        winds = [one.wind for one in self.thresholds]
        if winds != sorted(set(winds)):
            raise ValueError("every threshold must lie above the one before it")
        if len({one.id for one in self.thresholds}) < len(self.thresholds):
            raise ValueError("two thresholds have the same id")
        return self


class StormCatalogue(Strict):
    """``storms.toml``: recorded tracks of tropical cyclones, and the wind they brought to each unit."""

    id: Identifier
    source: Identifier
    """CSV with track_id, season, time, lon, lat, wind (knots) and slp (hPa), as the package of IBTrACS has it."""
    level: Identifier
    first_season: int
    last_season: int
    """Complete seasons; their number is the length of the record."""
    environmental_pressure: float = Field(gt=900, lt=1100)
    environmental_pressure_reason: str = Field(min_length=10)
    surface_factor: float = Field(gt=0, le=1)
    surface_factor_reason: str = Field(min_length=10)
    reach_km: float = Field(default=500, gt=0)
    least_wind: float = Field(gt=0)
    """m/s below which a storm counts as not having come."""
    note: Text | None = None
    early_warning: EarlyWarning | None = None
    figures: tuple[StormFigure, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _seasons(self) -> StormCatalogue:
        if self.first_season >= self.last_season:
            raise ValueError("the last season must come after the first")
        low = [one.threshold for one in self.figures if one.threshold is not None]
        low += [one.wind for one in self.early_warning.thresholds] if self.early_warning else []
        low = [one for one in low if one < self.least_wind]
        if low:
            raise ValueError(f"the threshold {low[0]:g} lies below least_wind {self.least_wind:g}")
        years = self.last_season - self.first_season + 1
        long = [one.return_period for one in self.figures if (one.return_period or 0) > years]
        if long:
            raise ValueError(f"{years} seasons cannot tell what comes once in {long[0]:g} years")
        return self
