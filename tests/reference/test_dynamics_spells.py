"""Kaplan–Meier, Greenwood and log-rank against the 6-MP trial of Freireich et al. (1963).

Data: grodri.github.io/survival/gehan. Curve and Greenwood's errors: output of R's survival::survfit on KMsurv's
drug6mp, read in course notes. The log-log limits, the medians and the log-rank statistic (Kleinbaum & Klein, Survival
Analysis, 3rd ed., ch. 2; Collett, Modelling Survival Data in Medical Research) are typed from memory, not read at a
source.
"""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.dynamics import compare_exits, exit_curve


def trial(weeks, n_events):
    return pd.DataFrame({"duration": weeks, "right_censored": [False] * n_events + [True] * (len(weeks) - n_events)})


TREATED = trial([6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35], 9)
PLACEBO = trial([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], 21)

# week: at risk, relapses, survival, Greenwood se
PUBLISHED = {
    6: (21, 3, 0.857, 0.0764),
    7: (17, 1, 0.807, 0.0869),
    10: (15, 1, 0.753, 0.0963),
    13: (12, 1, 0.690, 0.1068),
    16: (11, 1, 0.627, 0.1141),
    22: (7, 1, 0.538, 0.1282),
    23: (6, 1, 0.448, 0.1346),
}


def test_the_treated_group_has_the_published_curve():
    steps = exit_curve(TREATED).table
    steps = steps[steps["n_exits"] > 0]
    assert steps.index.tolist() == list(PUBLISHED)
    found = [
        (row.n_at_risk, row.n_exits, round(row.survival, 3), round(row.se, 4)) for row in steps.itertuples(index=False)
    ]
    assert found == list(PUBLISHED.values())


def test_the_published_limits_and_median_are_found():
    curve = exit_curve(TREATED, interval="log-log")
    assert curve.table.loc[6, ["low", "high"]].round(3).tolist() == [0.620, 0.952]
    assert curve.table.loc[23, ["low", "high"]].round(3).tolist() == [0.188, 0.680]
    assert curve.median == 23
    assert exit_curve(PLACEBO).median == 8


def test_the_placebo_group_is_the_plain_share_still_in_remission():
    curve = exit_curve(PLACEBO)
    shares = [np.mean(PLACEBO["duration"] > week) for week in curve.table.index]
    np.testing.assert_allclose(curve.table["survival"], shares, atol=1e-12)


def test_the_log_rank_statistic_is_the_published_one():
    comparison = compare_exits(TREATED, PLACEBO)
    assert comparison.statistic == pytest.approx(16.79, abs=0.005)
    assert comparison.p_value < 0.0001
