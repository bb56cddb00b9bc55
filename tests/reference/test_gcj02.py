"""GCJ-02 against the open reference implementation, and its inverse against itself."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from fuping.spatial.boundaries.datum import gcj02_to_wgs84, wgs84_to_gcj02_degrees
from hypothesis import given
from hypothesis import strategies as st

# Test pairs of eviltransform (googollee/eviltransform), wgs84 → gcj02, latitude first; printed there to 1e-6 or finer.
PUBLISHED = [
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
]


@pytest.mark.parametrize(("wgs", "gcj"), PUBLISHED)
def test_forward_formula_gives_the_published_pairs(wgs, gcj):
    lon, lat = wgs84_to_gcj02_degrees(np.array([wgs[1]]), np.array([wgs[0]]))
    assert (lat[0], lon[0]) == pytest.approx(gcj, abs=1e-6)


@given(st.floats(73.5, 135.0), st.floats(18.0, 53.5))
def test_the_inverse_undoes_the_formula_to_a_centimetre(lon, lat):
    there = wgs84_to_gcj02_degrees(np.array([lon]), np.array([lat]))
    back = gcj02_to_wgs84(gpd.GeoSeries([shapely.Point(there[0][0], there[1][0])])).iloc[0]
    assert (back.x, back.y) == pytest.approx((lon, lat), abs=1e-7)


def test_points_outside_china_stay():
    lon, lat = wgs84_to_gcj02_degrees(np.array([2.35]), np.array([48.85]))
    assert (lon[0], lat[0]) == (2.35, 48.85)
