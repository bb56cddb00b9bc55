"""GCJ-02 is undone on geometry of every kind; published pairs stand in tests/reference/test_gcj02.py."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from fuping.spatial.boundaries.datum import gcj02_to_wgs84, wgs84_to_gcj02_degrees
from fuping.spatial.errors import CRSError


def shifted(shape):
    return shapely.transform(shape, lambda xy: np.column_stack(wgs84_to_gcj02_degrees(xy[:, 0], xy[:, 1])))


@pytest.mark.parametrize(
    "shape",
    [
        shapely.box(113, 38, 114, 39),
        shapely.MultiPolygon([shapely.box(113, 38, 114, 39), shapely.box(120, 30, 121, 31)]),
        shapely.box(113, 38, 116, 41).difference(shapely.box(114, 39, 115, 40)),
        shapely.Point(116.4, 39.9),
    ],
)
def test_every_vertex_comes_back(shape):
    back = gcj02_to_wgs84(gpd.GeoSeries([shifted(shape)])).iloc[0]
    np.testing.assert_allclose(shapely.get_coordinates(back), shapely.get_coordinates(shape), atol=1e-7)
    assert back.geom_type == shape.geom_type


def test_neighbours_still_share_their_border():
    squares = gpd.GeoSeries([shapely.box(113, 38, 114, 39), shapely.box(114, 38, 115, 39)])
    assert shapely.coverage_is_valid(gcj02_to_wgs84(squares).to_numpy())


def test_index_and_null_stay_and_the_crs_is_wgs_84():
    series = gpd.GeoSeries([shapely.Point(116.4, 39.9), None], index=["a", "b"], crs="EPSG:4326")
    result = gcj02_to_wgs84(series)
    assert result.index.tolist() == ["a", "b"]
    assert result.isna().tolist() == [False, True]
    assert result.crs == "EPSG:4326"
    assert series.iloc[0].equals(shapely.Point(116.4, 39.9))


def test_the_shift_is_some_hundred_metres():
    lon, lat = wgs84_to_gcj02_degrees(np.array([116.4]), np.array([39.9]))
    metres = np.hypot((lon[0] - 116.4) * 85_400, (lat[0] - 39.9) * 111_000)
    assert 100 < metres < 800


def test_what_is_not_degrees_is_refused():
    with pytest.raises(CRSError, match="in WGS 84 / UTM zone 50N, and GCJ-02 shifts longitude"):
        gcj02_to_wgs84(gpd.GeoSeries([shapely.Point(5e5, 4.4e6)], crs="EPSG:32650"))
    with pytest.raises(CRSError, match="x from 500000"):
        gcj02_to_wgs84(gpd.GeoSeries([shapely.Point(5e5, 4.4e6)]))
