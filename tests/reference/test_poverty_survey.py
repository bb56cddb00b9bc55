"""Linearised standard errors against Stata, R's survey and R's results kept by samplics."""

import numpy as np
import pytest
from fuping.spatial.poverty.estimate import Inference
from fuping.spatial.poverty.survey import by_group, population_mean, population_total

# Lohr (1999), Sampling: Design and Analysis, example 5.2, p. 137: grades in 5 of 100 dormitory suites of 4. The data
# and the variance of the suites' sums, 2.25568, are in math.unm.edu/~luyan/stat47257217/handout5.html (chapter 5 in R),
# from which the standard errors follow by hand: 100·sqrt(2.25568/5) and, for the mean under the correction,
# sqrt(0.95·2.25568/5)/4. Page and printed standard errors (67.167 in R's SDaA vignette, 67.16666 in Stata) are typed
# from memory, not read at a source.
GRADES = [3.08, 2.60, 3.44, 3.04, 2.36, 3.04, 3.28, 2.68, 2.00, 2.56, 2.52, 1.88, 3.00, 2.88, 3.44, 3.64, 2.68, 1.92]
GRADES += [3.28, 3.20]
SUITES = np.repeat(range(5), 4)

# Stata's example data fpc.dta, which R's survey ships as ``fpc``: mean of x by strata, without and with the finite
# population correction. Mean and both standard errors were read as R's (survey 4.5: svymean(~x), 5.448148, 0.7412683
# and 0.6160407) in the tests of a port of survey to Rust; Stata's limits ([SVY] svyset) are typed from memory, not read
# at a source, and are mean ± t·se with 6 degrees of freedom.
FPC_X = [2.8, 4.1, 6.8, 6.8, 9.2, 3.7, 6.6, 4.2]
FPC_STRATA = [1] * 5 + [2] * 3
FPC_WEIGHTS = [3] * 5 + [4] * 3

# samplics (Diallo 2021, JOSS 6(68), 3376), tests/estimation/one_stage_fpc.csv and test_expansion_fpc.py: y in three
# strata, with clusters, two domains and population counts.
Y = [5.54, 7.7, 11.48, 12.2, 16.7, 7.16, 2.66, 9.5, 9.5, 7.7, 13.1, 6.26, 16.7, 5.54, 8.42, 8.6, 11.3, 11.12, 12.74]
Y += [11.48, 16.52]
STRATA = [1] * 5 + [2] * 6 + [3] * 10
CLUSTERS = [1, 2, 3, 4, 5, 1, 1, 2, 2, 3, 3, 1, 1, 1, 2, 2, 3, 3, 4, 4, 4]
WEIGHTS = [3] * 11 + [5] * 10
DOMAIN = [1, 1, 1, 2, 2, 1, 1, 2, 2, 1, 2, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1]
POPULATION = Inference(psu_population={1: 15, 2: 9, 3: 20})


def test_a_cluster_sample_of_lohr():
    total = population_total(GRADES, weights=[20] * 20, clusters=SUITES)
    assert (total.value, total.se) == pytest.approx((1130.4, 67.16666), abs=5e-6)
    assert (total.n, total.n_psu, total.n_strata, total.df) == (20, 5, 1, 4)
    # Lohr's own: mean 2.826 with standard error 0.1637 under the correction for 5 of 100 suites.
    mean = population_mean(GRADES, weights=[20] * 20, clusters=SUITES, inference=Inference(psu_population=100))
    assert (mean.value, mean.se**2) == pytest.approx((2.826, 0.0267862), abs=5e-7)


def test_a_stratified_sample_of_stata():
    mean = population_mean(FPC_X, weights=FPC_WEIGHTS, strata=FPC_STRATA)
    assert (mean.value, mean.se) == pytest.approx((5.448148, 0.7412683), abs=5e-7)
    assert (mean.low, mean.high) == pytest.approx((3.63433, 7.261966), abs=5e-6)
    corrected = Inference(psu_population={1: 15, 2: 12})
    mean = population_mean(FPC_X, weights=FPC_WEIGHTS, strata=FPC_STRATA, inference=corrected)
    assert (mean.se, mean.low, mean.high) == pytest.approx((0.6160407, 3.940751, 6.955545), abs=5e-7)


def test_strata_and_clusters_as_samplics_has_them():
    total = population_total(Y, weights=WEIGHTS, strata=STRATA, clusters=CLUSTERS, inference=POPULATION)
    found = (total.value, total.se, total.low, total.high)
    assert found == pytest.approx((853.12, 97.41386, 632.75452, 1073.48547), abs=5e-5)
    mean = population_mean(Y, weights=WEIGHTS, strata=STRATA, clusters=CLUSTERS, inference=POPULATION)
    found = (mean.value, mean.se, mean.low, mean.high)
    assert found == pytest.approx((10.27855, 0.7750964, 8.525164, 12.03194), abs=5e-6)


def test_domains_keep_the_whole_design():
    table = by_group(
        population_mean,
        Y,
        groups=DOMAIN,
        weights=WEIGHTS,
        strata=STRATA,
        clusters=CLUSTERS,
        inference=POPULATION,
    )
    found = table[["value", "se", "low", "high"]].to_numpy(dtype=float)
    published = [[9.972075, 1.05736, 7.580162, 12.36399], [10.82, 0.9217838, 8.73478, 12.90522]]
    np.testing.assert_allclose(found, published, atol=5e-6)
