import geopandas as gpd
import numpy as np
import pytest
import shapely
from fuping.spatial.boundaries.antimeridian import cut_at_antimeridian


def series(*shapes, crs="EPSG:4326"):
    return gpd.GeoSeries(list(shapes), crs=crs)


OVER = shapely.Polygon([(179, 0), (-179, 0), (-179, 2), (179, 2)])


def test_a_ring_over_the_meridian_is_cut_in_two_that_hold_its_area():
    cut, which = cut_at_antimeridian(series(OVER))
    assert which.tolist() == [True]
    assert cut[0].area == pytest.approx(4)
    assert sorted(part.bounds[0] for part in cut[0].geoms) == [-180, 179]


def test_a_hole_is_kept():
    holed = shapely.Polygon(OVER.exterior, [[(179.2, 0.5), (179.2, 1), (179.6, 1), (179.6, 0.5)]])
    cut, _ = cut_at_antimeridian(series(holed))
    assert cut[0].area == pytest.approx(4 - 0.2)


def test_only_the_part_that_runs_over_is_cut():
    beside = shapely.box(170, 0, 171, 1)
    cut, which = cut_at_antimeridian(series(shapely.MultiPolygon([beside, OVER]), beside))
    assert which.tolist() == [True, False]
    assert any(part.equals_exact(beside) for part in cut[0].geoms)
    assert cut[1] is not None
    assert cut[1].equals_exact(beside)


def test_two_islands_on_either_side_are_not_one_that_runs_over():
    apart = shapely.MultiPolygon([shapely.box(179, 0, 180, 1), shapely.box(-180, 0, -179, 1)])
    cut, which = cut_at_antimeridian(series(apart))
    assert not which.any()
    assert cut[0].equals_exact(apart)


def test_metres_are_left_alone():
    wide = shapely.box(-5e6, 0, 5e6, 1e6)
    cut, which = cut_at_antimeridian(series(wide, crs="EPSG:6933"))
    assert not which.any()
    assert cut[0].equals_exact(wide)


def test_shapes_that_are_missing_or_empty_stay_so():
    cut, which = cut_at_antimeridian(series(None, shapely.MultiPolygon(), OVER))
    assert which.tolist() == [False, False, True]
    assert cut[0] is None
    assert cut[1].is_empty
    assert np.isclose(cut[2].area, 4)
