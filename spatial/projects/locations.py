"""Which units a project's points, roads and areas lie in, and with which share of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from fuping.spatial.boundaries.geometry import require_crs
from fuping.spatial.boundaries.join import areas_in_units, points_in_units
from fuping.spatial.boundaries.lines import length_km, lines_in_units
from fuping.spatial.errors import GeometryError

__all__ = ["KINDS", "Located", "LocationKind", "kind_of", "locate"]

LocationKind = Literal["point", "line", "polygon"]

KINDS: dict[LocationKind, tuple[int, ...]] = {
    "point": (shapely.GeometryType.POINT,),
    "line": (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING),
    "polygon": (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON),
}
"""Kind of a location → types of geometry that it is drawn by."""


def kind_of(shape: shapely.Geometry | None) -> LocationKind | None:
    """Return what kind of location a shape draws; ``None`` where it draws none.

    >>> kind_of(shapely.LineString([(0, 0), (1, 1)])), kind_of(shapely.MultiPoint([(0, 0), (1, 1)]))
    ('line', None)
    """
    of = shapely.get_type_id(shape)
    return next((kind for kind, made in KINDS.items() if of in made), None)


DRAWN = 1e-3
"""Two drawings of one border differ: a smaller share outside every unit is a difference of drawing, not ground."""

COLUMNS = ["location", "unit", "kind", "share", "extent"]


@dataclass(frozen=True, eq=False)
class Located:
    """Locations in units.

    Parameters
    ----------
    parts
        One row for each location and unit that it lies in, and one without a unit for what of it lies in none:
        ``location`` (its index label), ``unit``, ``kind``, ``share`` (of the location, adding up to 1) and ``extent``
        (1 for a point, km of a line, km² of a polygon).
    outside
        Share of each location that lies outside every unit, where it is more than a difference of drawing.
    """

    parts: pd.DataFrame
    outside: pd.Series


def locate(places: gpd.GeoSeries, units: gpd.GeoDataFrame, *, code: str = "code") -> Located:
    """Find the units of each location: of a point its unit, of a line by length, of a polygon by area.

    Parameters
    ----------
    places
        n points, lines and polygons in a known CRS, each index label once.
    units
        Valid polygons in a known CRS, each of a code of its own. Where units overlap or a stretch runs along a border,
        the first by code has it.

    Returns
    -------
    Located

    Raises
    ------
    GeometryError
        Geometry that is missing, invalid or of several kinds at once.
    CRSError, CodeError
        A CRS that is missing or wrong; units that have no code of their own.

    Notes
    -----
    Lengths are geodesic (:func:`fuping.spatial.boundaries.lines.lines_in_units`), areas are measured in an equal-area
    projection (:func:`fuping.spatial.boundaries.join.areas_in_units`).

    Examples
    --------
    >>> units = gpd.GeoDataFrame({"code": ["a"]}, geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:4326")
    >>> canal = gpd.GeoSeries({"canal": shapely.LineString([(0, 0), (4, 0)])}, crs="EPSG:4326")
    >>> found = locate(canal, units)
    >>> found.parts["share"].round(6).tolist(), found.outside.round(6).to_dict()
    ([0.25, 0.75], {'canal': 0.75})
    """
    require_crs(places)
    types = shapely.get_type_id(places.to_numpy())
    known = np.isin(types, [one for made in KINDS.values() for one in made]) & ~places.is_empty.to_numpy()
    if not known.all():
        named = ", ".join(str(label) for label in places.index[~known][:10])
        raise GeometryError(f"{int((~known).sum())} locations are no points, lines or polygons: {named}.")
    there = places.to_crs(units.crs)
    kinds = pd.Series(index=places.index, dtype=object)
    for kind, made in KINDS.items():
        kinds[np.isin(types, made)] = kind
    # A project touches few of a country's units: only those are checked and measured.
    near = units.iloc[np.unique(units.sindex.query(there, predicate="intersects")[1])]
    parts = pd.concat([_shares(there[kinds.eq(kind)], near, kind, code) for kind in KINDS], ignore_index=True)
    inside = parts.groupby("location", sort=False)["share"].sum().reindex(places.index, fill_value=0.0)
    outside = (1 - inside)[inside < 1 - DRAWN].rename("outside")
    # What a mere difference of drawing cuts off is put to the units that have the rest.
    parts["share"] /= parts["location"].map(inside.mask(inside < 1 - DRAWN, 1.0))
    lost = pd.DataFrame({"location": outside.index, "unit": None, "share": outside.to_numpy()})
    both = pd.concat([one for one in (parts, lost) if len(one)], ignore_index=True)
    place = both["location"].map({label: number for number, label in enumerate(places.index)})
    both = both.iloc[np.argsort(place, kind="stable")].reset_index(drop=True)
    extent = both["share"] * both["location"].map(_extent(places, kinds))
    return Located(both.assign(kind=both["location"].map(kinds), extent=extent)[COLUMNS], outside)


def _shares(places: gpd.GeoSeries, units: gpd.GeoDataFrame, kind: LocationKind, code: str) -> pd.DataFrame:
    """Return location, unit and share of locations of one kind."""
    if places.empty or units.empty:
        return pd.DataFrame({"location": [], "unit": [], "share": pd.Series(dtype="float64")})
    if kind == "line":
        table = lines_in_units(places, units, code=code)
        return table.set_axis(["location", "unit", "km", "share"], axis=1)[["location", "unit", "share"]]
    frame = gpd.GeoDataFrame({"number": np.arange(len(places)).astype(str)}, index=places.index, geometry=places)
    if kind == "point":
        found = points_in_units(frame, units, code=code)[0]["unit_code"].dropna()
        return pd.DataFrame({"location": found.index, "unit": found.to_numpy(), "share": 1.0})
    table, _ = areas_in_units(frame, units, area_id="number", code=code)
    label = places.index.to_numpy()[table["area_id"].astype(int)]
    return pd.DataFrame({"location": label, "unit": table["unit_code"], "share": table["share_of_area"]})


def _extent(places: gpd.GeoSeries, kinds: pd.Series) -> pd.Series:
    """Return how large each location is: 1, its km, or its km²."""
    km = length_km(places.to_crs("EPSG:4326").to_numpy())
    km2 = places.to_crs("EPSG:6933").area / 1e6
    return pd.Series(np.select([kinds.eq("line"), kinds.eq("polygon")], [km, km2], 1.0), places.index)
