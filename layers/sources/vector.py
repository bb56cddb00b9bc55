"""Read polygons: GeoPackage, GeoJSON, Shapefile (also zipped), GeoParquet and TopoJSON."""

from __future__ import annotations

import codecs
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely
from fuping.layers.errors import SourceError
from fuping.layers.sources.unpacking import check_zip
from fuping.spatial.boundaries.geometry import require_crs
from fuping.spatial.errors import CRSError
from fuping.spatial.wording import listed, worded
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

__all__ = ["read_vector", "require_shapes"]

FORMATS = "GeoPackage, GeoJSON, Shapefile, GeoParquet or TopoJSON"

PARQUET = (".parquet", ".geoparquet")

IN_ZIP = (".shp", ".gpkg", ".geojson", ".json", ".topojson")

UNKNOWN_ENCODING = "ISO-8859-1"
"""What pyogrio takes for the encoding of a Shapefile that names none."""


def read_vector(
    path: Path,
    *,
    layer: str | None = None,
    columns: Sequence[str] | None = None,
    crs: str | None = None,
    encoding: str | None = None,
) -> gpd.GeoDataFrame:
    """Read one layer; geometry and cells stay as they are in the file.

    Parameters
    ----------
    path
        The file; of a ``.zip``, the one vector file in it, in whatever folder, or that whose stem is ``layer``.
    layer
        Name of the layer; the only one where not given.
    columns
        Those that are needed; all where not given.
    crs
        The CRS of a file that names none. TopoJSON never does: it is in longitude and latitude, EPSG:4326, by the
        usage of its publishers.
    encoding
        Of the attributes of a Shapefile without a ``.cpg`` (GB18030, say).

    Raises
    ------
    SourceError
        No such file, layer or column; a file that is empty, cut off, of another format or without geometry; text in
        an encoding that the file does not name; a declared CRS that is none, or differs from the file's.
    CRSError
        The CRS is missing, or cannot be the one the file names.
    """
    if not path.is_file():
        raise SourceError(
            worded("There is no file {path}.", path=path), remedy=worded("Give the path of the downloaded file.")
        )
    if path.stat().st_size == 0:
        raise SourceError(worded("{file} is empty.", file=path.name), remedy=worded("Download it again."))
    if encoding is not None:
        _require_encoding(encoding, path)
    frame = _parquet(path) if path.suffix.lower() in PARQUET else _ogr(path, layer, encoding)
    if columns is not None:
        absent = [name for name in columns if name not in frame.columns]
        if absent:
            raise SourceError(
                worded("{file} has no column {absent}.", file=path.name, absent=", ".join(absent)),
                remedy=worded(
                    "Columns: {there}.",
                    there=", ".join(str(name) for name in frame.columns if name != frame.geometry.name),
                ),
            )
        frame = frame[[*dict.fromkeys(columns), frame.geometry.name]]
    if crs is not None:
        frame = _declare(frame, crs, path)
    try:
        require_crs(frame)
    except CRSError as error:
        raise CRSError(
            worded("{file}: {why}", file=path.name, why=error.message), remedy=error.remedy, **error.values
        ) from error
    return frame


def require_shapes(frame: gpd.GeoDataFrame, file: str) -> None:
    """Refuse what cannot be the units of a map: no polygon at all, or a coordinate that is no number.

    Raises
    ------
    SourceError
        Naming the file; a single unit without a shape is for the report of the build.
    """
    shapes = frame.geometry.to_numpy()
    kinds = shapely.get_type_id(shapes)
    if not (((kinds == 3) | (kinds == 6)) & ~shapely.is_empty(shapes)).any():
        raise SourceError(
            worded("{file} has {n} features and no polygon.", file=file, n=len(frame)),
            remedy=worded("Supply the polygons of units."),
        )
    other = ~((kinds == 3) | (kinds == 6) | (kinds == -1))
    if other.any():
        raise SourceError(
            worded(
                "{other} of {n} features of {file} are no polygons, the first is row {row}.",
                other=int(other.sum()),
                n=len(frame),
                file=file,
                row=int(other.argmax()) + 1,
            ),
            remedy=worded("Supply a file of polygons alone."),
        )
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    odd = owner[~np.isfinite(points).all(axis=1)]
    if len(odd):
        raise SourceError(
            worded("Row {n} of {file} has a coordinate that is no number.", n=odd[0] + 1, file=file),
            remedy=worded("Draw it anew."),
        )


def _require_encoding(encoding: str, path: Path) -> None:
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise SourceError(
            worded("The encoding {encoding!r} declared for {file} is not known.", encoding=encoding, file=path.name),
            remedy=worded("Give utf-8 or gb18030, say."),
        ) from error


def _declare(frame: gpd.GeoDataFrame, crs: str, path: Path) -> gpd.GeoDataFrame:
    try:
        declared = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        raise SourceError(
            worded("The CRS {crs!r} declared for {file} is not known.", crs=crs, file=path.name),
            remedy=worded("Give a code such as EPSG:4326."),
        ) from error
    if frame.crs is None:
        return frame.set_crs(declared)
    # Longitude comes first in every frame, whatever the order of the axes that a CRS states.
    if not frame.crs.equals(declared, ignore_axis_order=True):
        raise SourceError(
            worded(
                "{file} says that it is in {found}; {crs} was declared.", file=path.name, found=frame.crs.name, crs=crs
            ),
            remedy=worded("Leave the declaration out, or correct the file."),
        )
    return frame


def _parquet(path: Path) -> gpd.GeoDataFrame:
    try:
        return gpd.read_parquet(path)
    except Exception as error:
        raise SourceError(
            worded("{file} does not read as GeoParquet: {error}", file=path.name, error=error),
            remedy=worded("Supply a complete GeoParquet file."),
        ) from error


def _ogr(path: Path, layer: str | None, encoding: str | None) -> gpd.GeoDataFrame:
    try:
        found = _in_zip(path, layer) if path.suffix.lower() == ".zip" else _File(str(path), path)
        if found.member is not None and PurePosixPath(found.member).stem == layer:
            layer = None
        if found.address.lower().endswith(".shp"):
            _check_whole(found)
        there = [str(name) for name in pyogrio.list_layers(found.address)[:, 0]]
        if layer is None and len(there) == 1:
            layer = there[0]
        if layer not in there:
            lacking = (
                worded("{file} has {n} layers.", file=path.name, n=len(there))
                if layer is None
                else worded("{file} has no layer {layer!r}.", file=path.name, layer=layer)
            )
            raise SourceError(
                lacking,
                remedy=worded("Name one of: {there}.", there=", ".join(there)),
            )
        info = pyogrio.read_info(found.address, layer=layer, encoding=encoding)
        frame = pyogrio.read_dataframe(found.address, layer=layer, encoding=encoding)
    except (
        DataSourceError,
        DataLayerError,
        FeatureError,
        FieldError,
        GeometryError,
        shapely.errors.ShapelyError,
    ) as error:
        raise SourceError(
            worded("{file} does not read as a vector file: {error}", file=path.name, error=error),
            remedy=worded("Supply a complete {formats} file.", formats=FORMATS),
        ) from error
    except UnicodeDecodeError as error:
        raise SourceError(
            worded(
                "The attributes of {file} are not in the encoding {encoding}: {error}",
                file=path.name,
                encoding=encoding or worded("that it names"),
                error=error,
            ),
            remedy=worded("Declare their encoding, gb18030 for many Chinese Shapefiles."),
        ) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise SourceError(
            worded("{file} has no geometry.", file=path.name),
            remedy=worded("Supply a {formats} file of polygons.", formats=FORMATS),
        )
    if info["driver"] == "ESRI Shapefile" and encoding is None and info["encoding"] == UNKNOWN_ENCODING:
        _refuse_guessed_text(frame, path)
    return frame.set_crs("EPSG:4326") if info["driver"] == "TopoJSON" and frame.crs is None else frame


@dataclass(frozen=True)
class _File:
    """A vector file on disk or in a zip, as GDAL addresses it."""

    address: str
    path: Path
    member: str | None = None

    def part(self, suffix: str, n: int) -> tuple[bytes, int] | None:
        """Return the first n bytes of the file, or of its sibling with another suffix, and its size."""
        if self.member is None:
            for sibling in (self.path.with_suffix(suffix), self.path.with_suffix(suffix.upper())):
                if sibling.is_file():
                    with sibling.open("rb") as file:
                        return file.read(n), sibling.stat().st_size
            return None
        with zipfile.ZipFile(self.path) as archive:
            wanted = str(PurePosixPath(self.member).with_suffix(suffix)).lower()
            for one in archive.infolist():
                if one.filename.lower() == wanted:
                    with archive.open(one) as file:
                        return file.read(n), one.file_size
        return None


def _in_zip(path: Path, layer: str | None) -> _File:
    try:
        check_zip(path)
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(IN_ZIP) and "__MACOSX" not in name]
    except zipfile.BadZipFile as error:
        raise SourceError(
            worded("{file} does not read as a zip: {error}.", file=path.name, error=error),
            remedy=worded("Download it again, whole."),
        ) from error
    if not names:
        raise SourceError(
            worded("{file} holds no vector file.", file=path.name),
            remedy=worded("Expected is one of: {endings}.", endings=", ".join(IN_ZIP)),
        )
    chosen = names if len(names) == 1 else [name for name in names if PurePosixPath(name).stem == layer]
    if len(chosen) != 1:
        stems = ", ".join(PurePosixPath(name).stem for name in names)
        raise SourceError(
            worded("{file} holds {n} vector files.", file=path.name, n=len(names)),
            remedy=worded("Name one as the layer: {stems}.", stems=stems),
        )
    return _File(f"/vsizip/{path}/{chosen[0]}", path, chosen[0])


def _check_whole(found: _File) -> None:
    """Compare a Shapefile's parts with the sizes in their headers, as GDAL reads a cut-off ``.shp`` without a word.

    Sizes are at the places that the ESRI Shapefile Technical Description (1998, table 1) and the dBASE III header
    give them: of the ``.shp`` in 16-bit words, of the ``.dbf`` as records times their length after the header.
    """
    for suffix in (".shp", ".dbf"):
        part = found.part(suffix, 100)
        if part is None:
            raise SourceError(
                worded("The Shapefile {file} comes without its {suffix}.", file=found.path.name, suffix=suffix),
                remedy=worded("Supply .shp, .shx, .dbf and .prj together, best as a zip."),
            )
        head, size = part
        if suffix == ".shp":
            whole = 2 * int.from_bytes(head[24:28], "big")
        else:
            records, start, length = (int.from_bytes(head[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
            whole = start + records * length
        if size < whole:
            raise SourceError(
                worded(
                    "The {suffix} of {file} is cut off: {size} of {whole} bytes.",
                    suffix=suffix,
                    file=found.path.name,
                    size=size,
                    whole=whole,
                ),
                remedy=worded("Download it again."),
            )


def _refuse_guessed_text(frame: gpd.GeoDataFrame, path: Path) -> None:
    texts = [str(name) for name in frame.columns]
    for column in frame.drop(columns=frame.geometry.name):
        if not pd.api.types.is_numeric_dtype(frame[column]):
            texts += frame[column].dropna().astype(str).unique().tolist()
    odd = next((text for text in texts if not text.isascii()), None)
    if odd is None:
        return
    readings = []
    for encoding in ("utf-8", "gb18030", "latin-1"):
        try:
            text = odd.encode("latin-1").decode(encoding)
            readings.append(worded("{encoding}, in which it reads {text}", encoding=encoding, text=text))
        except UnicodeError:
            continue
    raise SourceError(
        worded("{file} has text beyond ASCII and names no encoding, in a .cpg or otherwise.", file=path.name),
        remedy=worded(
            "Declare the encoding that makes sense of its first such text: {readings}.", readings=listed(readings)
        ),
    )
