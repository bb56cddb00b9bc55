"""Difference in differences on SIMULATED panels whose true effects are known: no bias, and errors as large as said."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects.aggregation import aggregate
from fuping.spatial.projects.did import group_time_effects, two_period_effect
from fuping.spatial.projects.event_study import event_study, sun_abraham
from fuping.spatial.projects.panel import read_panel
from monte_carlo import hold_rate_to, hold_to_95, rows_as_estimates

COLUMNS = {"unit": "unit", "time": "year", "outcome": "y", "first_treated": "first"}

SAME = "regression"
"""Without covariates the three methods agree, as the printed numbers show, and this one takes half of the time."""


def simulate(rng, *, n=200, periods=5, effect=1.0, clusters=None, confounded=False):
    """Draw a panel: the effect in event time e is ``effect`` × (e + 1); cohorts 3 and 4 and a third never treated."""
    cohort = rng.choice([3.0, 4.0, np.nan], n)
    x = rng.normal(size=n) + (0.5 * ~np.isnan(cohort) if confounded else 0)
    cluster = np.arange(n) if clusters is None else rng.integers(0, clusters, n)
    if clusters is not None:
        cohort = rng.choice([3.0, 4.0, np.nan], clusters)[cluster]
    years = np.arange(1, periods + 1)
    noise = rng.normal(size=(n, periods))
    if clusters is not None:
        noise += 2 * rng.normal(size=(clusters, periods))[cluster]
    event = years[None, :] - cohort[:, None]
    gain = np.where(event >= 0, effect * (event + 1), 0.0)
    y = rng.normal(size=n)[:, None] + years * 0.3 + noise + np.nan_to_num(gain) + (x[:, None] * years * confounded)
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(n), periods),
            "year": np.tile(years, n),
            "y": y.reshape(-1),
            "x": np.repeat(x, periods),
            "first": np.repeat(cohort, periods),
            "cluster": np.repeat(cluster, periods),
        }
    )


# Of cohorts 3 and 4 seen until 4, as many in each: by cohort (1 + 2) / 2 and 1; by period 1 and (2 + 1) / 2; by time
# since treatment 1 and 2; all three cells alike (1 + 2 + 1) / 3.
TRUTH = {"simple": 4 / 3, "dynamic": 1.5, "group": 1.25, "calendar": 1.25}


def test_effects_by_cohort_and_period_add_up_to_the_truth_and_cover_it_as_often_as_said():
    rng = np.random.default_rng(11)
    found, tables = {}, {"never_treated": [], "not_yet_treated": []}
    for _ in range(600):
        rows = simulate(rng, n=400, periods=4)
        panel = read_panel(rows[rows["year"] > 1], **COLUMNS)
        for control, those in tables.items():
            effects = group_time_effects(panel, control=control, draws=0)
            combined = {by: aggregate(effects, by=by) for by in TRUTH}
            for by, one in combined.items():
                found.setdefault((by, control), []).append(one.overall)
            those.append(combined["dynamic"].table)
    for (by, control), those in found.items():
        hold_to_95(those, truth=TRUTH[by], name=f"{by}, {control}")
    # What lies before the treatment is a placebo.
    for control, those in tables.items():
        for event_time, truth in {-1: 0, 0: 1, 1: 2}.items():
            hold_to_95(rows_as_estimates(those, event_time), truth=truth, name=f"{event_time}, {control}")
        hold_rate_to([table.loc[-1, "p_value"] < 0.05 for table in those], 0.05, name=f"placebo, {control}")


def test_simultaneous_bands_cover_every_event_time_at_once():
    rng, truth, inside = np.random.default_rng(12), np.array([0, 0, 1, 2, 3]), {"band": [], "pointwise": []}
    for seed in range(500):
        effects = group_time_effects(read_panel(simulate(rng), **COLUMNS), method=SAME, draws=199, seed=seed)
        table = aggregate(effects, by="dynamic").table
        inside["band"].append(((table["band_low"] <= truth) & (table["band_high"] >= truth)).all())
        inside["pointwise"].append(((table["low"] <= truth) & (table["high"] >= truth)).all())
    hold_rate_to(inside["band"], 0.95)
    assert np.mean(inside["pointwise"]) < 0.88


def test_shocks_by_cluster_need_clustered_errors():
    rng = np.random.default_rng(13)
    found = {"unit": [], "cluster": []}
    for draw in range(300):
        rows = simulate(rng, n=300, periods=4, clusters=100)
        for name in found if draw < 100 else ["cluster"]:
            panel = read_panel(rows, **COLUMNS, cluster=None if name == "unit" else "cluster")
            found[name].append(aggregate(group_time_effects(panel, method=SAME, draws=0), by="dynamic").overall)
    hold_to_95(found["cluster"], truth=1.5)
    assert np.mean([one.low <= 1.5 <= one.high for one in found["unit"]]) < 0.80


def test_confounding_is_removed_by_the_covariate_and_only_by_it():
    rng, draws = np.random.default_rng(14), 400
    found = {name: [] for name in ("none", "doubly_robust", "regression", "inverse_probability")}
    for draw in range(draws):
        rows = simulate(rng, n=300, periods=3, confounded=True)
        # The others beside it in a part of the draws only: it is the one that is offered first.
        names = ["doubly_robust"] if draw % 4 else list(found)
        for name in names:
            panel = read_panel(rows, **COLUMNS, covariates=[] if name == "none" else ["x"])
            method = "doubly_robust" if name == "none" else name
            effects = group_time_effects(panel, draws=0, method=method, control="not_yet_treated")
            found[name].append(aggregate(effects, by="simple").overall)
    hold_to_95(found["doubly_robust"], truth=1)
    for name in ("regression", "inverse_probability"):
        value = np.array([one.value for one in found[name]])
        assert abs(value.mean() - 1) < 3 * value.std() / np.sqrt(len(value)), name
    assert np.mean([one.value for one in found["none"]]) > 1.2


@pytest.mark.parametrize("adjusted", [False, True], ids=["plain", "with a covariate"])
def test_two_periods_give_the_truth_and_cover_it_as_often_as_said(adjusted):
    rng, found = np.random.default_rng(15), []
    for _ in range(500):
        x = pd.Series(rng.normal(size=300))
        treated = pd.Series(rng.random(300) < 1 / (1 + np.exp(-0.7 * x * adjusted)))
        before = pd.Series(rng.normal(size=300))
        after = before + 0.5 * treated + 0.7 * x * adjusted + pd.Series(rng.normal(size=300))
        covariates = pd.DataFrame({"x": x}) if adjusted else None
        found.append(two_period_effect(before, after, treated, covariates=covariates))
    hold_to_95(found, truth=0.5)


def test_the_regression_of_sun_and_abraham_gives_the_truth_and_covers_it_as_often_as_said():
    rng, studies = np.random.default_rng(16), []
    for _ in range(500):
        studies.append(sun_abraham(read_panel(simulate(rng), **COLUMNS)))
    hold_to_95([study.overall for study in studies], truth=9 / 5, name="overall")
    for event_time, truth in {-3: 0, -2: 0, 0: 1, 1: 2, 2: 3}.items():
        hold_to_95(rows_as_estimates([study.table for study in studies], event_time), truth=truth, name=str(event_time))
    hold_rate_to([study.pre_trend.p_value < 0.05 for study in studies], 0.05, name="pre-trend")


def test_an_event_study_finds_trends_that_diverge_in_one_of_twenty_where_they_do_not():
    rng, found = np.random.default_rng(17), {0.0: [], 0.25: []}
    for draw in range(500):
        rows = simulate(rng, n=300, periods=4, effect=0.0)
        rows = rows[rows["first"] != 3]
        for trend in found if draw < 50 else [0.0]:
            y = rows["y"] + trend * rows["year"] * rows["first"].notna()
            panel = read_panel(rows.assign(y=y), **COLUMNS)
            study = event_study(group_time_effects(panel, method=SAME, base_period="universal", draws=0))
            found[trend].append(study.pre_trend.p_value < 0.05)
    hold_rate_to(found[0.0], 0.05)
    assert np.mean(found[0.25]) > 0.4
