"""Shapes of the places that a table of projects lists: positions, WKT, or features of a file beside the table."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from fuping.layers.errors import Fault, TableError
from fuping.layers.sources.tabular import parse_numbers, row_place
from fuping.layers.sources.vector import read_vector
from fuping.spatial.projects.locations import kind_of
from fuping.spatial.wording import worded

__all__ = ["BESIDE", "SHAPES", "Shapes", "read_shapes"]

SHAPES = ("longitude", "latitude", "wkt", "location")
"""Columns of a table that draw a place: a position, its outline as WKT, or the name of a feature beside the table."""

BESIDE = (".geojson", ".gpkg")
"""Beside ``roads.csv``, the features of ``roads.geojson`` or ``roads.gpkg``; each has an attribute ``location``."""

DEGREES = "EPSG:4326"


@dataclass(frozen=True, eq=False)
class Shapes:
    """What a table draws.

    Parameters
    ----------
    geometry
        shapely geometry in WGS 84 (points, lines or polygons) on the table's index; ``None`` where a row draws nothing.
    faults
        Of rows that draw something else.
    notes
        What a reader must know.
    """

    geometry: pd.Series
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


def read_shapes(cells: pd.DataFrame, path: Path) -> Shapes:
    """Read the shapes of a table's rows.

    Parameters
    ----------
    cells
        Text; any of the columns :data:`SHAPES`. The index counts data rows from 0.
    path
        The table; a file of features lies beside it under the same name, with an ending of :data:`BESIDE`.

    Raises
    ------
    TableError
        Rows name features and there is no file of them, or two.
    SourceError, CRSError
        The file of features cannot be read, or names no CRS.
    """
    text = {name: cells[name].str.strip() if name in cells else pd.Series("", cells.index) for name in SHAPES}
    geometry: pd.Series = pd.Series([None] * len(cells), cells.index, dtype=object)
    faults: list[Fault] = []

    def tell(row: Hashable, found: str, expected: str) -> None:
        faults.append(Fault(path.name, row_place(row), found, expected))

    drawn = pd.DataFrame({"longitude, latitude": text["longitude"].ne("") | text["latitude"].ne("")})
    drawn["wkt"], drawn["location"] = text["wkt"].ne(""), text["location"].ne("")
    for row in cells.index[drawn.sum(axis=1) > 1]:
        tell(row, worded("values in {names}", names="; ".join(drawn.columns[drawn.loc[row]])), worded("one of them"))
    number = {}
    for name in ("longitude", "latitude"):
        number[name], wrong = parse_numbers(text[name], file=path.name)
        faults += wrong
    half = text["longitude"].eq("") ^ text["latitude"].eq("")
    off = (number["longitude"].abs() > 180) | (number["latitude"].abs() > 90)
    for bad, found, expected in (
        (half, worded("half a position"), worded("both longitude and latitude, or a unit_code")),
        (off, worded("a position that is not on the globe"), worded("degrees, longitude first")),
    ):
        for row in cells.index[bad]:
            values = f"longitude {text['longitude'][row]}, latitude {text['latitude'][row]}"
            tell(row, worded("{found} ({values})", found=found, values=values), expected)
    placed = number["longitude"].notna() & number["latitude"].notna() & ~off
    geometry[placed] = shapely.points(number["longitude"][placed], number["latitude"][placed])
    written = cells.index[drawn["wkt"]]
    geometry[written] = shapely.force_2d(
        shapely.from_wkt(text["wkt"][written].to_numpy(dtype=object), on_invalid="ignore")
    )
    for row in written:
        if (why := _wrong(geometry[row])) is not None:
            told = worded("the WKT {text!r}, {why}", text=text["wkt"][row][:60], why=why)
            tell(row, told, worded("a point, line or polygon in degrees, longitude first"))
            geometry[row] = None
    notes: tuple[str, ...] = ()
    named = cells.index[drawn["location"]]
    if len(named):
        features, beside = _features(path)
        for row in named:
            shape = features.get(text["location"][row])
            if shape is None:
                told = worded("the {what} {written!r}", what="location", written=text["location"][row])
                tell(row, told, worded("the location of a feature of {file}", file=beside))
            elif (why := _wrong(shape)) is not None:
                told = worded(
                    "the location {name!r} of {file}, {why}", name=text["location"][row], file=beside, why=why
                )
                tell(row, told, worded("a point, line or polygon"))
            else:
                geometry[row] = shape
        unused = [name for name in features if name not in set(text["location"])]
        if unused:
            notes = (f"{len(unused)} locations of {beside} are named by no row: {', '.join(unused[:10])}",)
    return Shapes(geometry, tuple(faults), notes)


def _features(path: Path) -> tuple[dict[str, shapely.Geometry], str]:
    """Return the shapes beside a table by their location, in degrees, and the name of their file."""
    there = [beside for ending in BESIDE if (beside := path.with_suffix(ending)).is_file()]
    if len(there) != 1:
        wanted = ", ".join(path.stem + one for one in BESIDE)
        two = worded("{names} beside it", names=", ".join(one.name for one in there))
        found = two if there else worded("none of {names} beside it", names=wanted)
        fault = Fault(
            path.name,
            worded("column {name}", name="location"),
            found,
            worded("one file of the locations that rows name"),
        )
        raise TableError(path.name, [fault])
    frame = read_vector(there[0], columns=["location"]).to_crs(DEGREES)
    names = frame["location"].astype("string").str.strip().fillna("")
    shapes: dict[str, shapely.Geometry] = {}
    for name, shape in zip(names, shapely.force_2d(frame.geometry.to_numpy()), strict=True):
        # Several features of one name are parts of one location; parts that touch are one shape.
        shapes[name] = shapely.union(shapes[name], shape) if name in shapes else shape
    return shapes, there[0].name


def _wrong(shape: shapely.Geometry | None) -> str | None:
    """Return why a shape is no place on the globe; ``None`` where it is one."""
    if shape is None or shape.is_empty:
        return worded("which is no shape")
    if kind_of(shape) is None:
        return worded("a {name}", name=shape.geom_type)
    points = shapely.get_coordinates(shape)
    if not np.isfinite(points).all() or (np.abs(points) > (180, 90)).any():
        return worded("which is not on the globe")
    return None if shape.is_valid else worded("which is not valid: {why}", why=shapely.is_valid_reason(shape))
