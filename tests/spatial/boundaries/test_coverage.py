"""Four unit squares: simplification keeps their shared borders, areas are those of the projection."""

import geopandas as gpd
import pytest
import shapely
from fuping.spatial.boundaries.coverage import area_km2, simplify_coverage
from fuping.spatial.errors import CRSError


def squares(crs="EPSG:4326"):
    # Steps of 1/8 are exact in binary, so that neighbours share their vertices to the last bit.
    boxes = [shapely.segmentize(shapely.box(x, y, x + 1, y + 1), 0.125) for x in (0, 1) for y in (0, 1)]
    return gpd.GeoSeries(boxes, index=["a", "b", "c", "d"], crs=crs)


def test_simplified_squares_still_tile_their_area():
    simple = simplify_coverage(squares(), [0.5, 0.2])
    for result in simple.values():
        assert shapely.coverage_is_valid(result.to_numpy())
        assert shapely.union_all(result.to_numpy()).area == pytest.approx(4.0)
        assert list(result.index) == ["a", "b", "c", "d"]
        assert shapely.get_num_coordinates(result.to_numpy()).sum() < shapely.get_num_coordinates(squares()).sum()


def test_a_degree_square_on_the_equator_has_its_published_area():
    # One degree of longitude by one of latitude at the equator on WGS 84: 12,308.8 km2 (geodesic area).
    assert area_km2(squares())[0] == pytest.approx(12308.8, rel=1e-3)


def test_area_without_crs_is_refused():
    with pytest.raises(CRSError, match="no CRS"):
        area_km2(squares(crs=None))
