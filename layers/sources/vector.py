"""Read polygons: GeoPackage, GeoJSON, Shapefile (also zipped), GeoParquet and TopoJSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pyogrio
from fuping.layers.errors import SourceError
from fuping.spatial.boundaries.geometry import require_crs
from pyogrio.errors import DataLayerError, DataSourceError

__all__ = ["read_vector"]

TOPOJSON = ".topo.json", ".topojson"


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
        No such file, layer or column; a file that is empty, cut off or of another format; a declared CRS that
        differs from the file's.
    CRSError
        The CRS is missing, or cannot be the one the file names.
    """
    if not path.is_file():
        raise SourceError(f"There is no file {path}.", remedy="Give the path of the downloaded file.")
    if path.stat().st_size == 0:
        raise SourceError(f"{path.name} is empty.", remedy="Download it again.")
    frame = _parquet(path) if path.suffix == ".parquet" else _ogr(path, layer, encoding)
    if columns is not None:
        absent = [name for name in columns if name not in frame.columns]
        if absent:
            raise SourceError(
                f"{path.name} has no column {', '.join(absent)}.",
                remedy=f"Columns: {', '.join(str(name) for name in frame.columns if name != frame.geometry.name)}.",
            )
        frame = frame[[*dict.fromkeys(columns), frame.geometry.name]]
    declared = "EPSG:4326" if crs is None and path.name.endswith(TOPOJSON) else crs
    if declared is not None:
        if frame.crs is not None and frame.crs != declared:
            raise SourceError(
                f"{path.name} says that it is in {frame.crs.name}; {declared} was declared.",
                remedy="Leave the declaration out, or correct the file.",
            )
        frame = frame.set_crs(declared)
    require_crs(frame)
    return frame


def _parquet(path: Path) -> gpd.GeoDataFrame:
    try:
        return gpd.read_parquet(path)
    except Exception as error:
        raise SourceError(
            f"{path.name} does not read as GeoParquet: {error}", remedy="Supply a complete GeoParquet file."
        ) from error


def _ogr(path: Path, layer: str | None, encoding: str | None) -> gpd.GeoDataFrame:
    try:
        there = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
        if layer is None and len(there) == 1:
            layer = there[0]
        if layer not in there:
            found = "several layers" if layer is None else f"no layer {layer!r}"
            raise SourceError(f"{path.name} has {found}.", remedy=f"Layers: {', '.join(there)}.")
        return pyogrio.read_dataframe(path, layer=layer, encoding=encoding)
    except (DataSourceError, DataLayerError) as error:
        raise SourceError(
            f"{path.name} does not read as a vector file: {error}",
            remedy="Supply a complete GeoPackage, GeoJSON, Shapefile, GeoParquet or TopoJSON file.",
        ) from error
    except UnicodeDecodeError as error:
        raise SourceError(
            f"The attributes of {path.name} are not in the encoding that it names: {error}",
            remedy="Declare their encoding, gb18030 for many Chinese Shapefiles.",
        ) from error
