"""Soil loss, dryness and trends against published values."""

import numpy as np
import pytest
from fuping.spatial.ecology.change import cell_trends
from fuping.spatial.ecology.indicators import (
    aridity_class,
    aridity_index,
    cover_factor,
    modified_fournier,
    rainfall_erosivity,
    slope_length_factor,
    slope_steepness_factor,
    soil_erodibility,
    soil_loss,
)
from rasters import square_raster


def degrees(percent):
    return np.degrees(np.arctan(np.asarray(percent) / 100))


def test_length_exponents_of_the_handbook():
    """Renard et al. 1997, USDA Agriculture Handbook 703, table 4-5: moderate ratio of rill to interrill erosion."""
    percent = [0.2, 0.5, 1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 25, 30, 40, 50, 60]
    table = [0.04, 0.08, 0.15, 0.24, 0.31, 0.36, 0.40, 0.43, 0.48, 0.52, 0.55, 0.57, 0.59, 0.61, 0.64, 0.66, 0.68, 0.70]
    # At e times the length of the unit plot the logarithm of L is its exponent.
    exponent = np.log(slope_length_factor(22.13 * np.e, degrees(percent)))
    assert exponent.round(2).tolist() == [*table, 0.71]


# Renard et al. 1997, Handbook 703, table 4-2 (moderate ratio of rill to interrill erosion), as the Institute of Water
# Research of Michigan State University reprints it (iwr.msu.edu/rusle/lstable.htm). Lengths below 25 feet have an
# equation of their own and are left out.
FEET = [25, 50, 75, 100, 150, 200, 250, 300, 400, 600, 800, 1000]
LS_OF_PERCENT = {
    0.2: "0.05 0.05 0.05 0.05 0.05 0.05 0.05 0.05 0.05 0.06 0.06 0.06",
    0.5: "0.08 0.08 0.08 0.09 0.09 0.09 0.09 0.09 0.10 0.10 0.10 0.10",
    1: "0.12 0.13 0.14 0.14 0.15 0.16 0.17 0.17 0.18 0.19 0.20 0.20",
    2: "0.19 0.22 0.25 0.27 0.29 0.31 0.33 0.35 0.37 0.41 0.44 0.47",
    3: "0.25 0.32 0.36 0.39 0.44 0.48 0.52 0.55 0.60 0.68 0.75 0.80",
    4: "0.31 0.40 0.47 0.52 0.60 0.67 0.72 0.77 0.86 0.99 1.10 1.19",
    5: "0.37 0.49 0.58 0.65 0.76 0.85 0.93 1.01 1.13 1.33 1.49 1.63",
    6: "0.43 0.58 0.69 0.78 0.93 1.05 1.16 1.25 1.42 1.69 1.91 2.11",
    8: "0.53 0.74 0.91 1.04 1.26 1.45 1.62 1.77 2.03 2.47 2.83 3.15",
    10: "0.67 0.97 1.19 1.38 1.71 1.98 2.22 2.44 2.84 3.50 4.06 4.56",
    12: "0.84 1.23 1.53 1.79 2.23 2.61 2.95 3.26 3.81 4.75 5.56 6.28",
}


@pytest.mark.parametrize("percent", LS_OF_PERCENT)
def test_slope_length_and_steepness_of_the_handbook(percent):
    table = np.array(LS_OF_PERCENT[percent].split(), dtype=float)
    angle = degrees(percent)
    # The unit plot is 72.6 feet long, which is 22.13 m.
    found = slope_length_factor(np.array(FEET) * 22.13 / 72.6, angle) * slope_steepness_factor(angle)
    np.testing.assert_allclose(found, table, atol=0.0051)


def test_the_unit_plot_has_the_factor_one():
    """Handbook 703, p. 105: a slope of 72.6 feet and 9 % is the unit plot."""
    angle = degrees(9)
    assert slope_length_factor(22.13, angle) == 1
    assert slope_steepness_factor(angle) == pytest.approx(1.0, abs=0.01)


def test_the_two_curves_of_erosivity_meet():
    """Renard & Freimund 1994: a power law below 55 mm of the modified Fournier index, a parabola from there on."""
    below, above = (rainfall_erosivity(np.full(12, f)).item() for f in (54.999, 55.001))
    assert above == pytest.approx(below, rel=0.01)
    assert modified_fournier([120.0] + [0.0] * 11) == 120


def test_erodibility_of_loam_lies_where_soils_do():
    """Williams 1995: K of EPIC lies between 0.1 and 0.5 in US units, highest in silt, lowest in coarse sand."""
    sand, silt, loam = (soil_erodibility(s, z, c, 1.2) / 0.1317 for s, z, c in ((92, 5, 3), (5, 88, 7), (42, 38, 20)))
    assert 0.05 < sand < 0.2 < loam < silt < 0.5


def test_bare_ground_has_cover_one_and_full_cover_none():
    """Van der Knijff et al. 2000, eq. 4, with α = 2 and β = 1: NDVI 0.5 gives e⁻²."""
    assert cover_factor([-0.1, 0, 0.5, 1]).round(6).tolist() == [1, 1, round(np.exp(-2), 6), 0]


def test_soil_loss_is_the_product():
    assert soil_loss(1000, 0.03, 2, 0.1, 0.5).item() == 3


def test_aridity_classes_of_unep():
    """UNEP 1997, World atlas of desertification, 2nd ed., p. 7."""
    index = aridity_index([30, 100, 400, 600, 900], 1000)
    assert aridity_class(index).tolist() == ["hyper-arid", "arid", "semi-arid", "dry sub-humid", "humid"]
    assert aridity_class([np.nan]).tolist() == [None]


def test_trend_of_gilberts_example_in_a_cell():
    """Gilbert 1987, *Statistical methods for environmental pollution monitoring*, sec. 16.4.1: 10, 15, 14, 20.

    S = 4 of 6 pairs (only 15 → 14 falls); Sen's slope is the median of 5, 2, 10/3, −1, 2.5 and 6.
    """
    bands = np.array([10, 15, 14, 20.0]).reshape(4, 1, 1)
    found = cell_trends(square_raster(bands), years=[1, 2, 3, 4])
    assert found.values[0, 0, 0] == pytest.approx((2.5 + 10 / 3) / 2)
    # Exact: P(|S| ≥ 4) of four values is 8 of 24 orders.
    assert found.values[1, 0, 0] == pytest.approx(8 / 24)
