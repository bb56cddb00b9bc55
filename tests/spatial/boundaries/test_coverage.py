"""Four unit squares: simplification keeps their shared borders, areas are those of the projection."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from fuping.spatial.boundaries.coverage import area_km2, simplify_coverage
from fuping.spatial.errors import CoverageError, CRSError
from hypothesis import given, settings
from hypothesis import strategies as st


def squares(crs="EPSG:4326"):
    # Steps of 1/8 are exact in binary, so that neighbours share their vertices to the last bit.
    boxes = [shapely.segmentize(shapely.box(x, y, x + 1, y + 1), 0.125) for x in (0, 1) for y in (0, 1)]
    return gpd.GeoSeries(boxes, index=["a", "b", "c", "d"], crs=crs)


def crooked(seed, n=4):
    """Simulate an n × n grid of units whose borders are crooked and shared."""
    rng = np.random.default_rng(seed)
    lines = []
    for at in range(n + 1):
        along = np.linspace(0, n, 8 * n + 1)
        bend = rng.uniform(-0.3, 0.3, len(along)) * (0 < at < n)
        bend[::8] = 0.0  # Lines cross at the corners of the grid only.
        lines += [np.column_stack([along, at + bend]), np.column_stack([at + bend, along])]
    cells = shapely.get_parts(shapely.polygonize([shapely.union_all(shapely.linestrings(lines))]))
    return gpd.GeoSeries(cells)


def test_simplified_squares_still_tile_their_area():
    simple = simplify_coverage(squares(), [0.5, 0.2])
    for result in simple.values():
        assert shapely.coverage_is_valid(result.to_numpy())
        assert shapely.union_all(result.to_numpy()).area == pytest.approx(4.0)
        assert list(result.index) == ["a", "b", "c", "d"]
        assert shapely.get_num_coordinates(result.to_numpy()).sum() < shapely.get_num_coordinates(squares()).sum()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.floats(0.01, 3.0), min_size=1, max_size=3))
def test_crooked_borders_stay_shared_and_no_unit_vanishes(seed, tolerances):
    units = crooked(seed)
    assert shapely.coverage_is_valid(units.to_numpy())
    for result in simplify_coverage(units, tolerances).values():
        assert shapely.coverage_is_valid(result.to_numpy())
        assert not result.is_empty.any()
        assert result.area.sum() == pytest.approx(shapely.union_all(result.to_numpy()).area)


def test_the_coarser_has_no_more_vertices_than_the_finer():
    counts = [
        int(shapely.get_num_coordinates(result.to_numpy()).sum())
        for result in simplify_coverage(crooked(1), [1.0, 0.05, 0.3]).values()
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_null_and_empty_geometry_stays_where_it_is():
    units = squares()
    units["b"], units["c"] = None, shapely.Polygon()
    result = simplify_coverage(units, [0.2])[0.2]
    assert result.isna().tolist() == [False, True, False, False]
    assert result.is_empty.tolist() == [False, False, True, False]
    assert result["a"].equals(shapely.box(0, 0, 1, 1))


def test_the_input_stays_as_it_was():
    units = squares()
    simplify_coverage(units, [0.5])
    assert units.geom_equals(squares()).all()


def test_a_negative_tolerance_is_refused():
    with pytest.raises(CoverageError, match=r"\[-0.5\] are negative"):
        simplify_coverage(squares(), [-0.5, 1.0])


def test_a_degree_square_on_the_equator_has_its_published_area():
    # One degree of longitude by one of latitude at the equator on WGS 84: 12,308.8 km2 (geodesic area).
    assert area_km2(squares())[0] == pytest.approx(12308.8, rel=1e-3)


def test_areas_agree_with_the_geodesic_area_at_chinese_latitudes():
    from pyproj import Geod

    # Parallels are straight in EPSG:6933 and not in a geodesic, hence short edges.
    county = shapely.segmentize(shapely.box(113, 38, 114, 39), 0.01)
    geodesic = abs(Geod(ellps="WGS84").geometry_area_perimeter(county)[0]) / 1e6
    assert area_km2(gpd.GeoSeries([county], crs="EPSG:4326"))[0] == pytest.approx(geodesic, rel=1e-6)


def test_null_geometry_has_no_area_and_not_zero():
    assert np.isnan(area_km2(gpd.GeoSeries([None, shapely.box(0, 0, 1, 1)], crs="EPSG:4326"))).tolist() == [True, False]


def test_area_without_crs_is_refused():
    with pytest.raises(CRSError, match="no CRS"):
        area_km2(squares(crs=None))
