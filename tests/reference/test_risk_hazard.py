"""Hazards against published values and other packages' documented numbers."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.risk.drought import spi
from fuping.spatial.risk.earthquakes import BAKUN_WENTWORTH_1997, gutenberg_richter
from fuping.spatial.risk.hazard import probability_within
from fuping.spatial.risk.storms import holland_b_1980, holland_b_2008, holland_wind
from fuping.spatial.risk.vulnerability import emanuel_2011
from scipy import optimize, stats

# CLIMADA (commit 57c371e), climada/hazard/test/test_trop_cyclone_windfields.py, after its MATLAB predecessor.


def test_holland_wind_of_1980():
    storms = {"radius_max_wind": 40.665454622610511, "b": 1.486076257880692, "pressure_deficit": 39.12}
    distance = [299.4501244109841, 291.0737897183741, 292.5441003235722, 40.665454622610511]
    wind = holland_wind(distance, latitude=-14.089110370469488, **storms)
    np.testing.assert_allclose(wind, [11.28, 11.68, 11.61, 42.41], atol=1e-2)
    without_rotation = holland_wind(distance, latitude=0, **storms)
    np.testing.assert_allclose(without_rotation, [15.72, 16.04, 15.98, 43.13], atol=1e-2)
    weak = {"radius_max_wind": 75.547902916671745, "b": 1.265551666104679, "pressure_deficit": 4.73}
    np.testing.assert_allclose(
        holland_wind([293.6067129546862, 298.2652319413182, 70.0], latitude=12.299999279463769, **weak),
        [5.38, 5.28, 12.76],
        atol=1e-2,
    )


def test_holland_shape_of_1980():
    np.testing.assert_allclose(holland_b_1980([35, 40], [15, 30]), [2.5, 1.667213], atol=1e-6)


def test_holland_shape_of_2008():
    found = holland_b_2008(
        [4.73, 4.73], pressure_change=[0.0048, 0.0049], latitude=12.3, translation=[5.241999541820597, 5.123882725]
    )
    np.testing.assert_allclose(found, [1.27, 1.27], atol=1e-2)


def test_the_hundred_year_flood_within_a_mortgage():
    """USGS Water Science School: a 1 % flood has about a 26 % chance of occurring in 30 years."""
    assert round(100 * probability_within(100, years=30)) == 26


def test_damage_of_emanuel_is_half_at_its_half_and_none_below_its_threshold():
    """Emanuel 2011, Weather, Climate and Society 3:261–268, eq. 1."""
    curve = emanuel_2011(half=74.7)
    assert curve.damaged([25.5, 74.7]).round(4).tolist() == [0, 0.5]


def test_an_intensity_of_california():
    """Bakun & Wentworth 1997, eq. 3: M = (MMI + 3.29 + 0.0206 Δ)/1.68."""
    intensity = BAKUN_WENTWORTH_1997.intensity(6.0, 50.0)
    assert (intensity + 3.29 + 0.0206 * 50) / 1.68 == pytest.approx(6.0)


@pytest.mark.parametrize("seed", range(3))
def test_b_is_where_the_likelihood_of_aki_is_greatest(seed):
    """Aki 1965, eq. 2: f(M) = β exp(−β(M − Mc)), β = b ln 10; the likelihood is searched by brute force."""
    m = 4 + np.random.default_rng(seed).exponential(1 / (0.9 * np.log(10)), 300)
    law = gutenberg_richter(m, completeness=4, bin_width=0, years=20)
    beta = optimize.minimize_scalar(
        lambda b: -stats.expon.logpdf(m, loc=4, scale=1 / b).sum(), bounds=(0.1, 10), method="bounded"
    ).x
    assert law.b == pytest.approx(beta / np.log(10), rel=1e-4)
    # Aki's 95 % limits, b(1 ± 1.96/√n), are those of his table for large n.
    assert law.b_se == pytest.approx(law.b / np.sqrt(300))
    assert law.rate(4.0) == pytest.approx(15)


def test_b_of_the_ideal_catalogue_of_the_hazard_modellers_toolkit():
    """OpenQuake, hmtk, tests/seismicity/occurrence/aki_maximum_likelihood_test.py: b = 1 in bins of 0.1 from M 4 to 7.

    Its numbers of events are 10^(5 − M), here a thousand times as many, so that they are nearly whole; b comes out to
    two decimals.
    """
    edges = np.arange(4.0, 7.01, 0.1)
    counts = np.round(-np.diff(10 ** (8 - edges))).astype(int)
    magnitudes = np.repeat(edges[:-1] + 0.05, counts)
    law = gutenberg_richter(magnitudes, completeness=4.05, bin_width=0.1, years=1)
    assert law.b == pytest.approx(1, abs=0.005)
    assert law.rate(5.0) == pytest.approx(1000, rel=0.02)


def test_b_of_the_documented_example_of_seismostats():
    """SeismoStats (Swiss Seismological Service), docs/source/user/estimate_b.md: 0.169 by Tinti & Mulargia 1987.

    Theirs is ln(1 + ΔM/μ)/(ΔM ln 10) with μ the mean beyond the completeness; Utsu's half bin, which is ours, puts
    μ + ΔM/2 in its place: our b gives their μ back. Magnitudes below 1 are left out.
    """
    magnitudes = [0, 0, 1, 1, 1, 2, 3, 2, 3, 5, 6, 7]
    law = gutenberg_richter(magnitudes, completeness=1, bin_width=1, years=1)
    beyond = np.log10(np.e) / law.b - 0.5
    assert round(np.log(1 + 1 / beyond) / np.log(10), 3) == 0.169
    assert law.n == 10
    # In the head: the ten have the mean 3.1.
    assert law.b == pytest.approx(0.4342945 / (3.1 - 0.5), rel=1e-6)


def test_rounded_magnitudes_give_the_b_they_were_drawn_with():
    """Utsu 1966 and Bender 1983, BSSA 73:831: half a bin below the least class makes up for rounding."""
    m = np.round(3.95 + np.random.default_rng(1).exponential(1 / np.log(10), 200_000), 1)
    law = gutenberg_richter(m, completeness=4.0, bin_width=0.1, years=1)
    assert law.b == pytest.approx(1, abs=0.01)
    assert law.b_se_shi_bolt == pytest.approx(law.b_se, rel=0.03)


def test_spi_is_the_normal_score_of_thoms_gamma():
    """McKee, Doesken & Kleist 1993; Edwards & McKee 1997, eqs. 3–12: gamma by Thom's (1958) approximation."""
    rain = np.random.default_rng(0).gamma(2, 30, 40 * 12)
    rain[5] = 0.0
    table = pd.DataFrame({"a": rain}, index=pd.period_range("1981-01", periods=480, freq="M"))
    found = spi(table, scale=1, calibration=(1981, 2020))["a"].to_numpy()
    for month in range(12):
        x = rain[month::12]
        wet = x[x > 0]
        big_a = np.log(wet.mean()) - np.log(wet).mean()
        alpha = (1 + np.sqrt(1 + 4 * big_a / 3)) / (4 * big_a)
        dry = (x == 0).mean()
        h = dry + (1 - dry) * stats.gamma.cdf(x, alpha, scale=wet.mean() / alpha)
        np.testing.assert_allclose(found[month::12][x > 0], np.clip(stats.norm.ppf(h), -3.09, 3.09)[x > 0], atol=1e-6)
