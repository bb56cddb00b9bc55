"""Standard errors against numerical derivatives, the bootstrap and known distributions."""

import functools

import numpy as np
import pytest
from fuping.spatial.poverty import fgt, inequality, quantiles
from fuping.spatial.poverty.estimate import Inference
from fuping.spatial.poverty.lines import RelativeLine

SIMULATED = np.random.default_rng(7)
Y = SIMULATED.lognormal(0, 0.8, 40)
W = SIMULATED.uniform(0.5, 2, 40)
CLUSTERS = np.repeat(range(10), 4)
OF_MEAN = RelativeLine(0.6, of="mean")

SMOOTH = {
    "headcount": functools.partial(fgt.headcount_ratio, line=0.8),
    "gap": functools.partial(fgt.poverty_gap, line=0.8),
    "severity": functools.partial(fgt.severity, line=0.8),
    "fgt 1.5": functools.partial(fgt.foster_greer_thorbecke, line=0.8, alpha=1.5),
    "watts": functools.partial(fgt.watts_index, line=0.8),
    "sen": functools.partial(fgt.sen_index, line=0.8),
    "sst": functools.partial(fgt.sen_shorrocks_thon_index, line=0.8),
    "number of poor": functools.partial(fgt.poor_population, line=0.8),
    "gap, relative line": functools.partial(fgt.poverty_gap, line=OF_MEAN),
    "severity, relative line": functools.partial(fgt.severity, line=OF_MEAN),
    "watts, relative line": functools.partial(fgt.watts_index, line=OF_MEAN),
    "sst, relative line": functools.partial(fgt.sen_shorrocks_thon_index, line=OF_MEAN),
    "gini": inequality.gini,
    "theil t": inequality.theil_t,
    "theil l": inequality.theil_l,
    "ge 2": functools.partial(inequality.generalised_entropy, alpha=2),
    "ge -1": functools.partial(inequality.generalised_entropy, alpha=-1),
    "atkinson 0.5": functools.partial(inequality.atkinson, epsilon=0.5),
    "atkinson 1": functools.partial(inequality.atkinson, epsilon=1),
    "atkinson 2": functools.partial(inequality.atkinson, epsilon=2),
    "share ratio": inequality.share_ratio,
    "palma": functools.partial(inequality.share_ratio, top=0.1, bottom=0.4),
}


@pytest.mark.parametrize("name", SMOOTH)
def test_the_standard_error_follows_from_numerical_derivatives_by_the_weights(name):
    measure = SMOOTH[name]
    step = 1e-6
    z = np.empty(len(Y))
    for k in range(len(Y)):
        up, down = W.copy(), W.copy()
        up[k] += step
        down[k] -= step
        z[k] = (measure(Y, weights=up).value - measure(Y, weights=down).value) / (2 * step)
    totals = np.bincount(CLUSTERS, weights=W * z)
    expected = np.sqrt(10 / 9 * ((totals - totals.mean()) ** 2).sum())
    assert measure(Y, weights=W, clusters=CLUSTERS).se == pytest.approx(expected, rel=1e-5)


def simulated_survey(seed):
    """400 households in 100 clusters of 4 strata, lognormal, with unequal weights."""
    random = np.random.default_rng(seed)
    y = np.exp(np.repeat(random.normal(0, 0.2, 100), 4) + random.normal(0, 0.7, 400))
    strata, clusters = np.repeat(range(4), 100), np.repeat(range(100), 4)
    return y, {"weights": random.uniform(1, 3, 400), "strata": strata, "clusters": clusters}


@pytest.mark.parametrize(
    "measure",
    [
        functools.partial(fgt.headcount_ratio, line=RelativeLine(0.6)),
        functools.partial(fgt.headcount_ratio, line=OF_MEAN),
        functools.partial(fgt.sen_index, line=RelativeLine(0.8)),
        functools.partial(fgt.poverty_gap, line=RelativeLine(0.6)),
        functools.partial(fgt.poor_population, line=RelativeLine(0.6)),
        inequality.gini,
        inequality.quantile_ratio,
        quantiles.quantile,
    ],
)
def test_standard_errors_are_the_spread_over_many_simulated_surveys(measure):
    found = [measure(y, **design) for y, design in map(simulated_survey, range(300))]
    spread = np.std([one.value for one in found])
    assert np.mean([one.se for one in found]) == pytest.approx(spread, rel=0.15)


@pytest.mark.parametrize(
    "measure", [functools.partial(fgt.headcount_ratio, line=0.8), inequality.gini, inequality.share_ratio]
)
def test_linearisation_and_bootstrap_agree(measure):
    y, design = simulated_survey(1)
    linearised = measure(y, **design)
    redrawn = measure(y, **design, inference=Inference(method="bootstrap", replicates=1000))
    assert redrawn.value == linearised.value
    assert redrawn.se == pytest.approx(linearised.se, rel=0.1)
    assert (redrawn.low, redrawn.high) == pytest.approx((linearised.low, linearised.high), abs=linearised.se / 2)


def test_the_median_of_a_normal_sample_has_its_known_standard_error():
    y = np.random.default_rng(3).normal(10, 1, 20000)
    # sqrt(pi / 2n) for a standard normal.
    assert quantiles.quantile(y).se == pytest.approx(np.sqrt(np.pi / 2 / 20000), rel=0.05)
