"""The area model against brute force and simulation; synthetic estimates; benchmarking; diagnostics."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.poverty.benchmarking import benchmark
from fuping.spatial.poverty.diagnostics import diagnose
from fuping.spatial.poverty.fgt import headcount_ratio
from fuping.spatial.poverty.small_area import direct_estimates, fay_herriot, synthetic_estimates
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

M = 40
PSI = pd.Series(np.linspace(0.3, 2.0, M))
X = pd.DataFrame({"x": np.linspace(-2, 2, M)})
TRUE_VARIANCE, TRUE_BETA = 0.8, (1.0, 2.0)


def simulated(seed):
    """Direct estimates of areas whose truth is known; see TRUE_VARIANCE and TRUE_BETA."""
    random = np.random.default_rng(seed)
    truth = TRUE_BETA[0] + TRUE_BETA[1] * X["x"] + random.normal(0, np.sqrt(TRUE_VARIANCE), M)
    return truth, truth + random.normal(0, np.sqrt(PSI))


def negative_log_likelihood(sigma2, y, method):
    """The (restricted) likelihood written out with whole matrices."""
    x = np.column_stack([np.ones(M), X["x"]])
    v = np.diag(sigma2 + PSI)
    inverse = np.linalg.inv(v)
    beta = np.linalg.solve(x.T @ inverse @ x, x.T @ inverse @ y)
    r = y - x @ beta
    value = 0.5 * (np.linalg.slogdet(v)[1] + r @ inverse @ r)
    return value + (0.5 * np.linalg.slogdet(x.T @ inverse @ x)[1] if method == "reml" else 0)


@pytest.mark.parametrize("method", ["reml", "ml"])
def test_the_variance_between_areas_maximises_the_likelihood(method):
    _, y = simulated(1)
    found = fay_herriot(y, variances=PSI, covariates=X, method=method).variance
    best = optimize.minimize_scalar(
        negative_log_likelihood,
        bounds=(1e-6, 20),
        args=(y.to_numpy(), method),
        method="bounded",
        options={"xatol": 1e-9},
    )
    assert found == pytest.approx(best.x, rel=1e-5)


def test_the_moment_equation_holds():
    _, y = simulated(2)
    model = fay_herriot(y, variances=PSI, covariates=X, method="fh")
    assert (model.areas["residual"] ** 2).sum() == pytest.approx(M - 2)


@pytest.mark.parametrize("method", ["reml", "ml", "fh"])
def test_mean_squared_errors_are_those_of_many_simulated_surveys(method):
    squares, claimed = [], []
    for seed in range(400):
        truth, y = simulated(seed)
        areas = fay_herriot(y, variances=PSI, covariates=X, method=method).areas
        squares.append((areas["estimate"] - truth) ** 2)
        claimed.append(areas["mse"])
    assert np.mean(claimed) == pytest.approx(np.mean(squares), rel=0.05)


def test_an_area_without_a_sample_is_predicted_from_the_others():
    _, y = simulated(3)
    some = y.where(np.arange(M) % 4 > 0)
    areas = fay_herriot(some, variances=PSI.where(some.notna()), covariates=X).areas
    outside = areas[some.isna().to_numpy()]
    assert (outside["source"] == "synthetic").all()
    assert (outside["shrinkage"] == 0).all()
    pd.testing.assert_series_equal(outside["estimate"], outside["synthetic"], check_names=False)
    assert (outside["rmse"] > areas.loc[some.notna(), "rmse"].mean()).all()
    alone = fay_herriot(y[some.notna()], variances=PSI[some.notna()], covariates=X[some.notna()]).areas
    np.testing.assert_allclose(areas.loc[some.notna(), "estimate"], alone["estimate"])


def test_predictions_lie_between_direct_and_synthetic():
    _, y = simulated(4)
    areas = fay_herriot(y, variances=PSI, covariates=X).areas
    low = areas[["direct", "synthetic"]].min(axis=1)
    high = areas[["direct", "synthetic"]].max(axis=1)
    assert areas["estimate"].between(low - 1e-12, high + 1e-12).all()
    # The more uncertain the direct estimate, the less it counts.
    assert (np.diff(areas["shrinkage"]) < 0).all()


def test_areas_that_do_not_vary_beyond_chance_have_no_variance_between_them():
    model = fay_herriot(1 + 2 * X["x"], variances=PSI, covariates=X)
    assert model.variance == 0
    pd.testing.assert_series_equal(model.areas["estimate"], model.areas["synthetic"], check_names=False)
    assert (model.areas["mse"] > 0).all()


def test_precise_direct_estimates_are_kept():
    truth, _ = simulated(5)
    areas = fay_herriot(truth, variances=pd.Series(1e-8, index=truth.index), covariates=X).areas
    np.testing.assert_allclose(areas["estimate"], truth, atol=1e-6)


def test_a_change_of_unit_changes_only_the_unit():
    _, y = simulated(6)
    share = fay_herriot(y, variances=PSI, covariates=X)
    percent = fay_herriot(y * 100, variances=PSI * 1e4, covariates=X * 7)
    np.testing.assert_allclose(percent.areas["estimate"], share.areas["estimate"] * 100)
    np.testing.assert_allclose(percent.areas["rmse"], share.areas["rmse"] * 100)


def test_direct_estimates_are_those_of_each_area():
    table = direct_estimates(
        [1.0, 5.0, 1.0, 1.0, 9.0], areas=["p", "p", "q", "q", "q"], measure=headcount_ratio, line=2.0
    )
    assert table["value"].tolist() == pytest.approx([1 / 2, 2 / 3])
    assert table["variance"].tolist() == pytest.approx((table["se"] ** 2).tolist())


def test_synthetic_estimates_by_hand():
    classes = pd.DataFrame({"value": [0.4, 0.1], "se": [0.03, 0.04]}, index=["rural", "urban"])
    composition = pd.DataFrame({"urban": [50, 0], "rural": [50, 80]}, index=["p", "q"])
    found = synthetic_estimates(classes, composition=composition)
    assert found["estimate"].tolist() == pytest.approx([0.25, 0.4])
    assert found["se"].tolist() == pytest.approx([0.025, 0.03])


rows = st.lists(
    st.tuples(st.floats(0.01, 0.9), st.integers(1, 1000), st.floats(0.001, 1), st.sampled_from("rs")),
    min_size=3,
    max_size=12,
)


@pytest.mark.parametrize("method", ["ratio", "difference", "precision"])
@given(rows, st.floats(1, 500))
def test_benchmarked_areas_add_up_to_their_totals(method, drawn, total):
    theta, people, mse, region = (pd.Series(column) for column in zip(*drawn, strict=True))
    totals = pd.Series({label: total * (1 + i) for i, label in enumerate(sorted(set(region)))})
    found = benchmark(theta, population=people, totals=totals, regions=region, method=method, mse=mse)
    summed = (found["benchmarked"] * people).groupby(region).sum()
    np.testing.assert_allclose(summed[totals.index], totals)


def test_totals_that_already_hold_change_nothing():
    theta, people = pd.Series([0.1, 0.2]), pd.Series([10.0, 30.0])
    found = benchmark(theta, population=people, totals=7.0)
    assert found["adjustment"].tolist() == pytest.approx([0, 0])


def test_precision_benchmarking_moves_the_uncertain_more():
    theta, people = pd.Series([0.1, 0.2]), pd.Series([10.0, 10.0])
    moved = benchmark(theta, population=people, totals=4.0, method="precision", mse=pd.Series([0.01, 0.03]))
    assert moved["adjustment"].tolist() == pytest.approx([0.025, 0.075])


def test_diagnostics_do_not_speak_against_a_true_model_and_name_an_outlier():
    _, y = simulated(7)
    fine = diagnose(fay_herriot(y, variances=PSI, covariates=X))
    assert (fine.n_sampled, fine.n_synthetic, fine.outliers) == (M, 0, ())
    assert fine.normality_p > 0.05
    assert fine.goodness_p > 0.05
    assert fine.median_cv_model < fine.median_cv_direct
    odd = y.copy()
    odd[0] += 12
    assert diagnose(fay_herriot(odd, variances=PSI, covariates=X)).outliers == ("0",)


def test_a_model_of_the_wrong_shape_fails_the_bias_test():
    curved = pd.Series(np.exp(2 * X["x"]) / 4 + 1)
    model = fay_herriot(curved, variances=pd.Series(0.5, index=curved.index), covariates=X)
    found = diagnose(model)
    assert found.bias_p < 0.01
    assert found.normality_p < 0.01
