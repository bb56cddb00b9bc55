"""Distances to a border against brute force along it, and SIMULATED jumps at one."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from diff_diff import RegressionDiscontinuity
from fuping.spatial.errors import CRSError
from fuping.spatial.projects import DesignError, border_distances, discontinuity
from monte_carlo import hold_to_95, moved_by, without_picture
from pyproj import Geod

GLOBE = Geod(ellps="WGS84")


def cells(nx=12, ny=10, west=100.0, south=30.0, size=0.3, seed=0):
    """SIMULATED: a grid whose inner corners are moved, so that borders bend and nobody's is straight."""
    rng = np.random.default_rng(seed)
    corner = np.stack(np.meshgrid(np.arange(nx + 1.0), np.arange(ny + 1.0), indexing="ij"), axis=-1)
    corner[1:-1, 1:-1] += rng.uniform(-0.3, 0.3, (nx - 1, ny - 1, 2))
    corner = corner * size + [west, south]
    shapes = [
        shapely.Polygon([corner[i, j], corner[i + 1, j], corner[i + 1, j + 1], corner[i, j + 1]])
        for i in range(nx)
        for j in range(ny)
    ]
    return gpd.GeoSeries(shapes, [f"u{at:03d}" for at in range(nx * ny)], crs=4326)


def east_half(units):
    return units.index.to_series().str[1:].astype(int) >= len(units) // 2


def brute(units, treated):
    """Walk the border in steps of 20 m and take the nearest step of all."""
    inside, outside = (shapely.union_all(units[group].to_numpy()) for group in (treated, ~treated))
    line = shapely.intersection(shapely.boundary(inside), shapely.boundary(outside))
    corners = [shapely.get_coordinates(one) for one in shapely.get_parts(shapely.line_merge(line))]
    walked = []
    for one in corners:
        for a, b in pairwise(one):
            n = int(GLOBE.inv(*a, *b)[2] // 20) + 2
            walked.append(a + (b - a) * np.linspace(0, 1, n)[:, None])
    walked = np.vstack(walked)
    points = shapely.get_coordinates(shapely.point_on_surface(units.to_numpy()))
    km = [GLOBE.inv(*np.broadcast_to(one, walked.shape).T, *walked.T)[2].min() / 1000 for one in points]
    return np.where(treated, km, np.negative(km))


@pytest.mark.parametrize(("south", "size"), [(30.0, 0.3), (66.0, 0.5), (-1.0, 0.05)])
def test_distances_are_those_of_a_walk_along_the_border(south, size):
    units = cells(8, 6, south=south, size=size)
    treated = east_half(units)
    found = border_distances(units, treated).table
    assert found["distance"].to_numpy() == pytest.approx(brute(units, treated), abs=0.01)
    ends = shapely.points(found["longitude"], found["latitude"])
    there = [
        GLOBE.inv(one.x, one.y, two.x, two.y)[2] / 1000
        for one, two in zip(units.representative_point(), ends, strict=True)
    ]
    assert there == pytest.approx(found["distance"].abs().to_numpy())


def test_a_border_of_islands_is_measured_to_the_nearest():
    units = cells(10, 10, seed=3)
    treated = pd.Series(np.random.default_rng(4).random(100) < 0.1, units.index)
    assert border_distances(units, treated).table["distance"].to_numpy() == pytest.approx(
        brute(units, treated), abs=0.01
    )


def test_given_points_are_measured_in_place_of_those_within():
    units = cells(4, 4)
    treated = east_half(units)
    foot = border_distances(units, treated).table
    points = gpd.GeoSeries(gpd.points_from_xy(foot["longitude"], foot["latitude"]), units.index, crs=4326)
    assert border_distances(units, treated, points=points).table["distance"].abs().max() < 1e-6


def test_segments_are_about_as_long_as_asked_and_make_up_the_border():
    units = cells(8, 6)
    whole = border_distances(units, east_half(units))
    parts = border_distances(units, east_half(units), segment_km=40)
    assert len(whole.border) == 1
    assert parts.border["km"].sum() == pytest.approx(whole.border["km"].sum(), rel=1e-6)
    assert parts.border["km"].between(30, 50).all()
    assert set(parts.table["segment"]) <= set(parts.border.index)
    foot = gpd.points_from_xy(parts.table["longitude"], parts.table["latitude"])
    away = shapely.distance(foot, parts.border.geometry.reindex(parts.table["segment"]).to_numpy())
    assert away.max() < 1e-9


def test_an_unknown_treatment_draws_no_border_and_has_no_distance():
    units = cells(6, 4)
    treated = east_half(units).astype(object)
    treated.iloc[12:16] = None
    with pytest.raises(DesignError, match="no border with untreated units"):
        border_distances(units, treated)
    treated.iloc[13] = True
    found = border_distances(units, treated).table
    assert found["distance"].isna().sum() == 3
    assert (found.loc[found["distance"].isna(), "segment"] == -1).all()


def test_units_that_touch_the_border_are_told():
    units = cells(6, 4)
    touching = border_distances(units, east_half(units)).table["touching"]
    assert units.index[touching].tolist() == units.index[8:16].tolist()


def test_what_has_no_border_is_refused():
    units = cells(4, 4)
    for treated in (True, False):
        with pytest.raises(DesignError) as caught:
            border_distances(units, pd.Series(treated, units.index))
        assert caught.value.values["code"] == "no_border"
    apart = units.iloc[[0, 1, 14, 15]]
    with pytest.raises(DesignError, match="no border"):
        border_distances(apart, pd.Series([True, True, False, False], apart.index))
    corner = units.iloc[[0, 5]]  # They touch in a point, which is no line.
    with pytest.raises(DesignError, match="no border"):
        border_distances(corner, pd.Series([True, False], corner.index))
    with pytest.raises(DesignError, match="different indexes"):
        border_distances(units, east_half(units).iloc[1:])
    with pytest.raises(DesignError, match="Segments of 0 km"):
        border_distances(units, east_half(units), segment_km=0)
    with pytest.raises(CRSError):
        border_distances(units.set_crs(None, allow_override=True), east_half(units))


def simulated(seed, jump, steps=0.0):
    """SIMULATED: an outcome that rises eastward and jumps at the border; stretches of it may differ in level."""
    units = cells(30, 24, size=0.1, seed=1)
    treated = east_half(units)
    found = border_distances(units, treated, segment_km=60)
    km, segment = found.table["distance"], found.table["segment"]
    y = 0.01 * km + steps * segment + jump * treated + 0.3 * np.random.default_rng(seed).normal(size=len(km))
    return y, km, segment


def test_simulated_jumps_at_a_border_are_covered_as_often_as_said(monkeypatch):
    without_picture(monkeypatch)
    y, km, _ = simulated(0, 0.0)
    noise = (0.3 * np.random.default_rng(seed).normal(size=len(km)) for seed in range(150))
    hold_to_95([discontinuity(0.01 * km + one, km, cutoff=0).overall for one in noise])
    moved_by(1.5, *(discontinuity(y + jump * (km >= 0), km, cutoff=0).overall for jump in (0.0, 1.5)))


def test_comparing_within_stretches_takes_out_what_differs_between_them():
    y, km, segment = simulated(1, 1.5, steps=2.0)
    plain = discontinuity(y, km, cutoff=0).overall
    within = discontinuity(y, km, cutoff=0, strata=segment).overall
    assert within.se < 0.5 * plain.se
    assert within.low <= 1.5 <= within.high
    ends = (lines := discontinuity(y, km, cutoff=0, strata=segment).lines)[lines["score"] == 0].set_index("right")
    assert ends.loc[True, "outcome"] - ends.loc[False, "outcome"] == pytest.approx(1.5, abs=0.5)


def test_strata_are_the_covariates_of_the_published_engine():
    y, km, segment = simulated(3, 1.5, steps=2.0)
    found = discontinuity(y, km, cutoff=0, strata=segment)
    columns = {f"in{one}": segment.eq(one).astype(float) for one in segment.unique()[1:]}
    table = pd.DataFrame({"y": y, "km": km} | columns)
    fit = RegressionDiscontinuity(cutoff=0, bwselect="mserd").fit(
        table, outcome="y", running="km", covariates=list(columns)
    )
    # Its bandwidth is chosen with all covariates; at the same one both are the same.
    assert found.bandwidth == pytest.approx(fit.h_left, rel=0.25)
    same = RegressionDiscontinuity(cutoff=0, h=found.bandwidth, b=found.bias_bandwidth)
    fit = same.fit(table, outcome="y", running="km", covariates=list(columns))
    assert found.overall.value == pytest.approx(fit.att, rel=1e-6)
    assert found.overall.se == pytest.approx(fit.se, rel=1e-6)
