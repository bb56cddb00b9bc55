"""Leads and lags, what two-way fixed effects are made of, and bounds when trends diverge; SIMULATED where said."""

import numpy as np
import pandas as pd
import pytest
from diff_diff import HonestDiD
from diff_diff.results import MultiPeriodDiDResults, PeriodEffect
from fuping.spatial.projects.aggregation import aggregate
from fuping.spatial.projects.did import group_time_effects
from fuping.spatial.projects.errors import DesignError
from fuping.spatial.projects.event_study import event_study, sun_abraham
from fuping.spatial.projects.goodman_bacon import goodman_bacon
from fuping.spatial.projects.honest import _bounds, honest_bounds
from fuping.spatial.projects.panel import read_panel
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_data import shared

COLUMNS = {"unit": "unit", "time": "year", "outcome": "y", "first_treated": "first"}


@pytest.fixture(scope="module")
def mpdta():
    rows = pd.read_csv(shared("evaluation/mpdta.csv"))
    return rows.assign(first=rows["first.treat"].replace(0, np.nan), unit=rows["countyreal"], y=rows["lemp"])


@pytest.fixture(scope="module")
def universal(mpdta):
    return group_time_effects(read_panel(mpdta, **COLUMNS), base_period="universal", draws=199)


def simulate(seed, *, cohorts, n, periods, trend=0.0):
    rng = np.random.default_rng(seed)
    first = np.array([*cohorts, *rng.choice([*cohorts, np.nan], n - len(cohorts))], dtype=float)
    years = np.arange(1, periods + 1)
    gain = np.nan_to_num(np.maximum(years[None, :] - first[:, None] + 1, 0))
    y = rng.normal(size=(n, periods)) + gain + trend * years * ~np.isnan(first)[:, None]
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(n), periods),
            "year": np.tile(years, n),
            "y": y.reshape(-1),
            "first": np.repeat(first, periods),
        }
    )


def two_way(rows):
    """Regress on the treatment and a dummy for each unit and year, by least squares."""
    treated = (rows["year"] >= rows["first"].fillna(np.inf)).astype(float)
    dummies = pd.get_dummies(rows[["unit", "year"]].astype(str), dtype=float)
    return np.linalg.lstsq(np.column_stack([treated, dummies]), rows["y"].to_numpy(), rcond=None)[0][0]


def test_leads_and_lags_stand_around_a_reference_of_zero(universal):
    study = event_study(universal)
    assert study.table.index.tolist() == [-4, -3, -2, -1, 0, 1, 2, 3]
    assert study.table.index[study.table["reference"]].tolist() == [-1]
    assert study.table.loc[-1, "att"] == 0
    assert np.isnan(study.table.loc[-1, "se"])
    assert study.pre_trend.df == 3
    assert study.overall == aggregate(universal, by="dynamic").overall


def test_sun_and_abraham_equal_callaway_and_santanna_without_covariates(universal, mpdta):
    ours = event_study(universal).table
    theirs = sun_abraham(read_panel(mpdta, **COLUMNS))
    both = theirs.table.index
    assert theirs.table["att"].to_numpy() == pytest.approx(ours.loc[both, "att"].to_numpy(), abs=1e-12)
    assert theirs.table["se"].to_numpy() == pytest.approx(ours.loc[both, "se"].to_numpy(), rel=0.01)
    assert theirs.overall.value == pytest.approx(aggregate(universal, by="simple").overall.value, abs=1e-12)


def test_where_nobody_is_never_treated_the_last_cohort_serves_as_control_until_its_turn(mpdta):
    treated = read_panel(mpdta[mpdta["first"].notna()], **COLUMNS)
    found = sun_abraham(treated, control="not_yet_treated")
    # By hand: cohort 2007 is a control of 2004 and 2006 in the years before 2007.
    before = mpdta[mpdta["first"].notna() & (mpdta["year"] < 2007)]
    by_hand = read_panel(before.assign(first=before["first"].where(before["first"] < 2007)), **COLUMNS)
    effects = group_time_effects(by_hand, base_period="universal", draws=0)
    assert found.table.index.tolist() == [-3, -2, 0, 1, 2]
    ours = event_study(effects).table.loc[found.table.index, "att"]
    assert found.table["att"].to_numpy() == pytest.approx(ours.to_numpy(), abs=1e-12)
    assert found.overall.value == pytest.approx(aggregate(effects, by="simple").overall.value, abs=1e-12)


def test_simulated_diverging_trends_are_seen_before_the_treatment():
    straight = read_panel(simulate(5, cohorts=[4], n=300, periods=6), **COLUMNS)
    diverging = read_panel(simulate(5, cohorts=[4], n=300, periods=6, trend=0.5), **COLUMNS)
    p = [event_study(group_time_effects(panel, draws=0)).pre_trend.p_value for panel in (straight, diverging)]
    assert p[0] > 0.05
    assert p[1] < 1e-4


def test_the_decomposition_of_mpdta_sums_to_the_two_way_coefficient(mpdta):
    found = goodman_bacon(read_panel(mpdta, **COLUMNS))
    assert found.table["weight"].sum() == pytest.approx(1, abs=1e-12)
    assert (found.table["weight"] * found.table["estimate"]).sum() == pytest.approx(two_way(mpdta), abs=1e-10)
    assert found.coefficient == pytest.approx(two_way(mpdta), abs=1e-10)
    assert found.already_treated_weight == found.weights["later_vs_earlier"] > 0


@given(st.integers(0, 10**6), st.sampled_from([[3], [2, 4], [2, 3, 5]]), st.integers(8, 20))
@settings(max_examples=25, deadline=None)
def test_simulated_weights_sum_to_one_and_give_the_two_way_coefficient(seed, cohorts, n):
    rows = simulate(seed, cohorts=cohorts, n=n, periods=5)
    rows.loc[rows["unit"] == n - 1, "first"] = np.nan
    found = goodman_bacon(read_panel(rows, **COLUMNS))
    assert found.table["weight"].sum() == pytest.approx(1, abs=1e-10)
    assert found.coefficient == pytest.approx(two_way(rows), abs=1e-8)
    assert (found.table["weight"] * found.table["estimate"]).sum() == pytest.approx(found.coefficient, abs=1e-8)
    if len(cohorts) == 1:
        assert found.already_treated_weight == 0


def test_simulated_growing_effects_mislead_the_two_way_coefficient_and_the_warning_says_so():
    rows = simulate(9, cohorts=[2, 5], n=400, periods=8)
    rows = rows[rows["first"].notna()]
    found = goodman_bacon(read_panel(rows, **COLUMNS))
    truth = (rows["year"] - rows["first"] + 1)[rows["year"] >= rows["first"]].mean()
    assert found.already_treated_weight > 0.3
    assert found.coefficient < truth / 2


def test_bounds_are_the_usual_interval_where_trends_may_not_diverge_and_grow_from_there(universal):
    overall = aggregate(universal, by="dynamic").overall
    table = honest_bounds(universal).table
    assert table.loc[0.0].tolist() == pytest.approx([overall.value, overall.value, overall.low, overall.high])
    assert (table.diff().iloc[1:][["upper", "high"]] > 0).all(axis=None)
    assert (table.diff().iloc[1:][["lower", "low"]] < 0).all(axis=None)
    assert honest_bounds(universal).breakdown == 0.0


@pytest.mark.parametrize("event_time", [None, 0, 2])
def test_another_package_bounds_the_effect_alike(universal, event_time):
    combined = aggregate(universal, by="dynamic")
    events, table = combined.table.index.tolist(), combined.table
    given = MultiPeriodDiDResults(
        period_effects={
            e: PeriodEffect(e, table.loc[e, "att"], table.loc[e, "se"], 0.0, 1.0, (0.0, 0.0)) for e in events
        },
        avg_att=0.0,
        avg_se=1.0,
        avg_t_stat=0.0,
        avg_p_value=1.0,
        avg_conf_int=(0.0, 0.0),
        n_obs=2500,
        n_treated=191,
        n_control=309,
        pre_periods=[-4, -3, -2],
        post_periods=[0, 1, 2, 3],
        vcov=combined.influence.covariance(),
        interaction_indices={e: i for i, e in enumerate(events)},
    )
    target = None if event_time is None else np.array([float(e == event_time) for e in range(4)])
    ours = honest_bounds(universal, relative_magnitudes=[0.7], event_time=event_time).table.loc[0.7]
    theirs = HonestDiD(method="relative_magnitude", M=0.7, l_vec=target).fit(given)
    assert (ours["lower"], ours["upper"]) == pytest.approx((theirs.lb, theirs.ub), abs=1e-6)
    # Their interval takes the largest divergence before as known, so that ours may not be narrower.
    assert ours["low"] <= theirs.ci_lb
    assert ours["high"] >= theirs.ci_ub


def test_simulated_bounds_cover_an_effect_whose_trend_diverges_as_far_as_allowed():
    # Three leads with divergences 0.2, -0.1, 0.3 and an effect of 1 biased by M = 1 times the largest: estimate 1.3.
    rng, draws = np.random.default_rng(4), 4000
    root = rng.normal(size=(4, 4)) * 0.1
    covariance = root @ root.T
    estimates = rng.multivariate_normal([1.3, 0.2, -0.1, 0.3], covariance, draws)
    z = 1.959964
    found = [_bounds(values, covariance, 1.0, z) for values in estimates]
    covered = np.mean([row["low"] <= 1.0 <= row["high"] for row in found])
    assert covered > 0.95 - 3 * np.sqrt(0.95 * 0.05 / draws)
    # Taking the largest divergence as known covers less than it says.
    se = np.sqrt(covariance[0, 0])
    naive = np.mean([row["lower"] - z * se <= 1.0 <= row["upper"] + z * se for row in found])
    assert naive < covered


def test_what_cannot_be_bounded_or_decomposed_is_refused(universal, mpdta):
    panel = read_panel(mpdta, **COLUMNS)
    with pytest.raises(DesignError, match="Estimate with base_period='universal'"):
        honest_bounds(group_time_effects(panel, draws=0))
    with pytest.raises(DesignError, match=r"The relative magnitudes are \[-1\]"):
        honest_bounds(universal, relative_magnitudes=[-1])
    with pytest.raises(DesignError, match="No effect is estimated for event time 9"):
        honest_bounds(universal, event_time=9)
    with_x = read_panel(mpdta, **COLUMNS, covariates=["lpop"])
    for function in (goodman_bacon, sun_abraham):
        with pytest.raises(DesignError, match="does not take the covariates lpop"):
            function(with_x)
    weighted = read_panel(mpdta.assign(people=np.exp(mpdta["lpop"])), **COLUMNS, weights="people")
    with pytest.raises(DesignError, match="does not take weights"):
        goodman_bacon(weighted)
    at_once = read_panel(mpdta[mpdta["first"] == 2006], **COLUMNS)
    with pytest.raises(DesignError, match="There is nothing to compare: all are at once"):
        goodman_bacon(at_once)


def test_a_treatment_in_period_zero_is_not_taken_for_none(mpdta):
    counted = read_panel(mpdta.assign(year=mpdta["year"] - 2006, first=mpdta["first"] - 2006), **COLUMNS)
    assert 0 in counted.cohorts
    for function in (goodman_bacon, sun_abraham):
        with pytest.raises(DesignError, match="first treated in period -2, which here would mean never"):
            function(counted)


def test_gaps_between_event_times_are_refused_by_bounds(mpdta):
    gapped = read_panel(mpdta[mpdta["year"] != 2005], **COLUMNS)
    with pytest.raises(DesignError, match="are not consecutive around -1"):
        honest_bounds(group_time_effects(gapped, base_period="universal", draws=0))
