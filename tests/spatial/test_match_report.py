"""A report's counts add up or it is not made."""

import json

import pytest
from fuping.spatial.errors import FupingError
from fuping.spatial.match_report import MatchReport, Unmatched

LOST = Unmatched("", "大柴旦行委", "missing_code", "row 793")


def test_counts_must_add_up():
    with pytest.raises(FupingError, match="does not add up"):
        MatchReport("a → b", n_left=3, n_right=3, matched=1, unmatched_left=(LOST,))


def test_it_survives_json_and_prints_what_was_lost():
    report = MatchReport("a → b", n_left=2, n_right=3, matched=1, unmatched_left=(LOST,), notes=("n",))
    assert MatchReport.from_dict(json.loads(json.dumps(report.to_dict()))) == report
    assert report.reasons() == {"missing_code": 1}
    assert "大柴旦行委 — missing_code row 793" in str(report)


def test_it_prints_the_units_that_got_nothing():
    report = MatchReport("a → b", n_left=0, n_right=1, matched=0, unmatched_right=(Unmatched("130624", "", "no_data"),))
    assert "nothing for: 130624 — no_data" in str(report)
