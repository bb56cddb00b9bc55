"""Discontinuities in SIMULATED units whose jump is known."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.projects.density import density_test
from fuping.spatial.projects.discontinuity import discontinuity, discontinuity_balance
from fuping.spatial.projects.errors import DesignError
from monte_carlo import hold_to_95, moved_by, without_picture


def draw(seed, n=500, jump=1.0, cutoff=50.0):
    """SIMULATED units with a score from 0 to 100 and an outcome that bends with it."""
    rng = np.random.default_rng(seed)
    score = pd.Series(rng.uniform(0, 100, n), name="score")
    return score, 2e-4 * (score - 40) ** 2 + jump * (score >= cutoff) + 0.5 * rng.normal(size=n)


def test_simulated_jumps_are_covered_as_often_as_said_and_none_is_found_in_one_of_twenty(monkeypatch):
    without_picture(monkeypatch)
    hold_to_95([discontinuity(y, x, cutoff=50).overall for x, y in (draw(seed, jump=0.0) for seed in range(200))])
    x, y = draw(0, jump=0.0)
    moved_by(1.0, *(discontinuity(y + jump * (x >= 50), x, cutoff=50).overall for jump in (0.0, 1.0)))


def test_where_some_do_not_follow_the_jump_is_that_of_those_who_do(monkeypatch):
    without_picture(monkeypatch)
    found = []
    for seed in range(350):
        rng = np.random.default_rng(1000 + seed)
        score, _ = draw(seed, 1000)
        treated = pd.Series(rng.random(1000) < np.where(score >= 50, 0.95, 0.05))
        y = 2.0 * treated + 0.01 * score + 0.5 * rng.normal(size=1000)
        found.append(discontinuity(y, score, cutoff=50, treated=treated))
    assert all(one.fuzzy for one in found)
    assert np.mean([one.first_stage for one in found]) == pytest.approx(0.9, abs=0.02)
    hold_to_95([one.overall for one in found], truth=2)


def test_who_is_treated_below_the_cutoff_gives_the_same_effect_with_its_sign():
    score, y = draw(2)
    above = discontinuity(y, score, cutoff=50)
    below = discontinuity(y, score, cutoff=50, treated=score < 50)
    assert below.overall.value == pytest.approx(-above.overall.value)
    assert (below.overall.low, below.overall.high) == pytest.approx((-above.overall.high, -above.overall.low))
    assert (below.first_stage, below.fuzzy) == (-1.0, False)


def test_the_picture_shows_every_unit_once_and_its_lines_jump_as_the_estimate():
    score, y = draw(3)
    found = discontinuity(y, score, cutoff=50)
    assert found.bins["n"].sum() == 500
    assert (found.bins["right"] == (found.bins["score"] >= 50)).all()
    ends = found.lines[found.lines["score"] == 50].set_index("right")["outcome"]
    assert ends[True] - ends[False] == pytest.approx(found.conventional.value)


def test_a_score_bent_to_get_in_is_found():
    score, _ = draw(4, 2000)
    bent = score.where((score < 45) | (score >= 50) | (score.index % 3 == 0), score + 5)
    assert density_test(score, cutoff=50).p_value > 0.05
    assert density_test(bent, cutoff=50).p_value < 0.001


def test_covariates_known_before_do_not_jump_and_others_do():
    score, y = draw(5, 1000)
    table = discontinuity_balance(pd.DataFrame({"calm": score**2, "jumps": y, "same": 1.0}), score, cutoff=50)
    assert table.loc["calm", "low"] <= 0 <= table.loc["calm", "high"]
    assert table.loc["jumps", "low"] > 0
    assert np.isnan(table.loc["same", "jump"])


def test_the_distance_to_a_border_is_a_score():
    rng = np.random.default_rng(6)
    east = pd.Series(rng.uniform(-80, 80, 600))
    y = 0.01 * east + 1.5 * (east >= 0) + 0.3 * rng.normal(size=600)
    found = discontinuity(y, east, cutoff=0)
    assert found.overall.low <= 1.5 <= found.overall.high


def test_what_is_not_identified_is_refused():
    score, y = draw(7, 100)
    with pytest.raises(DesignError, match="stand below 99 and"):
        discontinuity(y, score, cutoff=99)
    with pytest.raises(DesignError, match="different indexes"):
        discontinuity(y.iloc[1:], score, cutoff=50)
    with pytest.raises(DesignError, match="1 units lack an outcome or a score: 3"):
        discontinuity(y.where(y.index != 3), score, cutoff=50)
    with pytest.raises(DesignError, match="The outcome is the same"):
        discontinuity(y * 0, score, cutoff=50)
    with pytest.raises(DesignError, match="The share treated does not jump"):
        discontinuity(y, score, cutoff=50, treated=pd.Series(np.arange(100) % 2 == 0))
