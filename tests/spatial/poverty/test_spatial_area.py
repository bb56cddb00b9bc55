"""The spatial area model against the model without neighbours, brute force and simulation."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.poverty.small_area import fay_herriot
from fuping.spatial.poverty.spatial_area import spatial_fay_herriot
from scipy import sparse

SIDE = 8
M = SIDE * SIDE
PSI = pd.Series(np.tile([0.5, 1.0], M // 2))
X = pd.DataFrame({"x": np.sin(np.arange(M))})


def rook():
    """Neighbours on a square board, rows summing to 1."""
    w = np.zeros((M, M))
    for i in range(M):
        row, column = divmod(i, SIDE)
        for a, b in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
            if 0 <= a < SIDE and 0 <= b < SIDE:
                w[i, a * SIDE + b] = 1
    return w / w.sum(axis=1, keepdims=True)


W = rook()


def simulated(seed, rho=0.8):
    """Areas whose effects are autoregressive with a variance of 1 and a known truth."""
    random = np.random.default_rng(seed)
    effects = np.linalg.solve(np.eye(M) - rho * W, random.normal(size=M))
    truth = 1 + 2 * X["x"] + effects
    return truth, truth + random.normal(0, np.sqrt(PSI))


def fit(y, **changes):
    return spatial_fay_herriot(y, **{"variances": PSI, "covariates": X, "neighbours": W, **changes})


@pytest.mark.parametrize("method", ["reml", "ml"])
def test_without_correlation_it_is_the_model_of_fay_and_herriot(method):
    _, y = simulated(0)
    spatial, plain = fit(y, rho=0.0, method=method), fay_herriot(y, variances=PSI, covariates=X, method=method)
    assert spatial.variance == pytest.approx(plain.variance, rel=1e-6)
    np.testing.assert_allclose(spatial.areas["estimate"], plain.areas["estimate"], rtol=1e-6)
    if method == "reml":
        np.testing.assert_allclose(spatial.areas["mse"], plain.areas["mse"], rtol=1e-6)


@pytest.mark.parametrize("method", ["reml", "ml"])
def test_the_parameters_maximise_the_likelihood_written_out(method):
    _, y = simulated(1)
    x = np.column_stack([np.ones(M), X["x"]])

    def likelihood(sigma2, rho):
        a = np.eye(M) - rho * W
        v = sigma2 * np.linalg.inv(a.T @ a) + np.diag(PSI)
        inverse = np.linalg.inv(v)
        cross = x.T @ inverse @ x
        r = y - x @ np.linalg.solve(cross, x.T @ inverse @ y)
        value = -0.5 * (np.linalg.slogdet(v)[1] + r @ inverse @ r)
        return value - (0.5 * np.linalg.slogdet(cross)[1] if method == "reml" else 0)

    found = fit(y, method=method)
    top = likelihood(found.variance, found.rho)
    grid = [likelihood(s, r) for s in np.linspace(0.05, 4, 20) for r in np.linspace(-0.95, 0.98, 25)]
    assert top >= max(grid) - 1e-9
    for step in (-1e-3, 1e-3):
        assert top >= likelihood(found.variance * (1 + step), found.rho) - 1e-9
        assert top >= likelihood(found.variance, found.rho + step) - 1e-7


def test_correlated_areas_are_seen_as_such_and_borrow():
    errors, plain_errors, found = [], [], []
    for seed in range(60):
        truth, y = simulated(seed)
        spatial = fit(y)
        plain = fay_herriot(y, variances=PSI, covariates=X)
        found.append(spatial)
        errors.append(((spatial.areas["estimate"] - truth) ** 2).mean())
        plain_errors.append(((plain.areas["estimate"] - truth) ** 2).mean())
    assert np.median([one.rho for one in found]) == pytest.approx(0.8, abs=0.15)
    assert np.mean([one.independence_p < 0.05 for one in found]) > 0.5
    assert np.mean(errors) < np.mean(plain_errors)
    claimed = np.mean([one.areas["mse"].mean() for one in found])
    assert claimed == pytest.approx(np.mean(errors), rel=0.1)


def test_independent_areas_are_rarely_taken_for_correlated():
    wrong = np.mean([fit(simulated(seed, rho=0.0)[1]).independence_p < 0.05 for seed in range(60)])
    assert wrong < 0.2


def test_an_area_without_a_sample_borrows_from_its_neighbours():
    errors, synthetic_errors, claimed = [], [], []
    for seed in range(40):
        truth, y = simulated(seed)
        some = y.where(np.arange(M) % 5 > 0)
        areas = fit(some, variances=PSI.where(some.notna())).areas
        outside = areas["source"] == "spatial"
        errors.append(((areas["estimate"] - truth)[outside] ** 2).mean())
        synthetic_errors.append(((areas["synthetic"] - truth)[outside] ** 2).mean())
        claimed.append(areas.loc[outside, "mse"].mean())
    assert outside.sum() == 13
    assert np.mean(errors) < np.mean(synthetic_errors)
    assert np.mean(claimed) == pytest.approx(np.mean(errors), rel=0.2)


def test_sparse_and_dense_neighbours_are_the_same():
    _, y = simulated(2)
    dense, thin = fit(y), fit(y, neighbours=sparse.csr_array(W))
    pd.testing.assert_frame_equal(dense.areas, thin.areas)


def test_areas_without_variance_have_no_correlation():
    found = fit(1 + 2 * X["x"])
    assert (found.variance, found.rho) == (0, 0)
    np.testing.assert_allclose(found.areas["estimate"], found.areas["synthetic"])
