"""The register of alerts: what is raised once, which step may follow which, and who comes second."""

import threading
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from fuping.layers.office import entries, open_office
from fuping.layers.office.alert_course import LEAST_STEPS, states_by_day, wait_until
from fuping.layers.office.alert_moves import MOVES, STATES, moves_from
from fuping.layers.office.alert_register import Alert, Step, alert_of, alerts_of, overdue
from fuping.layers.office.alert_steps import LONGEST_NAME, LONGEST_NOTE, StepError, take_step
from fuping.layers.office.alerts import NewAlert, Raised, raise_alerts, would_raise
from fuping.layers.office.tables import alert_step
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TODAY = date(2026, 3, 1)


@pytest.fixture
def office(tmp_path):
    return open_office(tmp_path, url="")


def new(code="13001", *, year=2019, severity="orange", indicator="poverty_rate", pack="us"):
    """Return an alert; its figures are invented for the test."""
    lines = {"warning": 20.0, "guarantee": 30.0, "beyond": "above", "build": "abc"}
    return NewAlert(
        pack, "county", code, indicator, year, "income", severity, 31.5, {"low": 28.0, "high": 33.0, **lines}
    )


def one_of(office, **asked):
    (found,) = alerts_of(office, "us", today=TODAY, **asked)
    return found


def go(office, id, state, who="li", seen=None, **said):
    found = alert_of(office, id)
    return take_step(office, who, id, seen=found.last.id if seen is None else seen, state=state, today=TODAY, **said)


def test_the_lengths_are_those_of_the_tables():
    assert (alert_step.c.note.type.length, alert_step.c.responsible.type.length) == (LONGEST_NOTE, LONGEST_NAME)


def test_the_table_of_moves_reaches_every_state_and_closes_only_after_a_check():
    assert len({(one.before, one.after) for one in MOVES}) == len(MOVES)
    assert {one.after for one in MOVES} == set(STATES)
    assert all(one.note for one in MOVES if "closed" in (one.before, one.after))
    assert {one.before for one in MOVES if one.after == "closed"} == {"checked", "followed_up"}
    assert [one.after for one in moves_from("closed")] == ["raised"]


def test_the_same_figure_raises_one_alert(office):
    first = raise_alerts(office, "command", [new("1"), new("2")])
    assert first == Raised(new=2)
    assert would_raise(office, [new("1"), new("3")]) == Raised(new=1, there=1)
    assert raise_alerts(office, "command", [new("1"), new("2"), new("3")]) == Raised(new=1, there=2)
    assert len(alerts_of(office, "us", today=TODAY)) == 3
    assert [one.action for one in entries(office)] == ["alert.raised"] * 3


def test_another_indicator_or_pack_is_another_alert(office):
    raise_alerts(office, "command", [new("1")])
    told = raise_alerts(office, "command", [new("1", indicator="income"), new("1", pack="kr")])
    assert told == Raised(new=2)


def test_a_unit_twice_is_refused_and_nothing_is_raised(office):
    with pytest.raises(ValueError, match="twice"):
        raise_alerts(office, "command", [new("1"), new("1", year=2020)])
    assert entries(office) == []


def test_a_later_year_goes_on_with_the_open_alert_and_marks_what_is_graver(office):
    raise_alerts(office, "command", [new("1", severity="yellow"), new("2", severity="orange")])
    later = [new("1", year=2020, severity="red"), new("2", year=2020, severity="yellow")]
    assert raise_alerts(office, "li", later) == Raised(continued=1, risen=1)
    assert raise_alerts(office, "li", later) == Raised(there=2)
    risen, eased = one_of(office, code="1"), one_of(office, code="2")
    assert (risen.severity, risen.risen, risen.years) == ("red", True, {2019, 2020})
    # An officer decides that it is over; a figure alone does not make an alert less grave.
    assert (eased.severity, eased.risen) == ("orange", False)
    assert [(one["year"], one["severity"], one["who"]) for one in eased.later] == [(2020, "yellow", "li")]
    told = entries(office, subject=f"alert:{risen.id}")[0]
    assert (told.before["severity"], told.after["severity"]) == ("yellow", "red")


def test_after_its_close_a_later_year_raises_anew_and_the_same_year_does_not(office):
    raise_alerts(office, "command", [new("1")])
    id = one_of(office).id
    go(office, id, "checked")
    go(office, id, "closed", note="the figure was mistyped")
    assert raise_alerts(office, "command", [new("1")]) == Raised(there=1)
    assert raise_alerts(office, "command", [new("1", year=2020)]) == Raised(new=1)
    assert len(alerts_of(office, "us", today=TODAY)) == 2


def test_an_alert_goes_through_to_its_close_with_who_and_when(office):
    raise_alerts(office, "command", [new()])
    id = one_of(office).id
    go(office, id, "raised", who="wang", responsible="li", due="2026-03-09")
    assert one_of(office, responsible=["li"]).last.due == "2026-03-09"
    go(office, id, "checked", note="42 households visited", responsible="zhao")
    go(office, id, "measure", note="cash for work", responsible="zhao", due="2026-04-01")
    go(office, id, "followed_up")
    go(office, id, "measure", note="half have no work yet", responsible="zhao", due="2026-05-01")
    go(office, id, "followed_up")
    go(office, id, "closed", note="income above the line", responsible="zhao", due="2026-05-02")
    found = alert_of(office, id)
    kinds = ["raised", "assigned", "checked", "measure", "followed_up", "returned", "followed_up", "closed"]
    assert [one.kind for one in found.steps] == kinds
    assert found.state == "closed"
    assert (found.last.responsible, found.last.due) == ("", None)
    assert [one.who for one in found.steps][:3] == ["command", "wang", "li"]
    assert all(datetime.fromisoformat(one.at).tzinfo for one in found.steps)
    told = entries(office, subject=f"alert:{id}")
    assert [one.action.removeprefix("alert.") for one in told] == kinds[::-1]
    assert told[0].before["state"] == "followed_up"
    assert told[0].after == {"state": "closed", "note": "income above the line", "responsible": "", "due": None}
    go(office, id, "raised", note="below it again")
    assert alert_of(office, id).last.kind == "reopened"


@pytest.mark.parametrize(
    ("state", "said", "why"),
    [
        ("closed", {"note": "no"}, "not_allowed"),
        ("measure", {}, "not_allowed"),
        ("nonsense", {}, "not_allowed"),
        ("raised", {}, "nothing_said"),
        ("raised", {"note": "  "}, "nothing_said"),
        ("checked", {"due": "2026-02-28"}, "due_past"),
        ("checked", {"due": "31.3.2026"}, "due_unreadable"),
        ("checked", {"due": "20260331"}, "due_unreadable"),
        ("checked", {"note": "x" * 2001}, "too_long"),
        ("checked", {"responsible": "x" * 121}, "too_long"),
    ],
)
def test_a_step_that_is_not_right_is_refused_and_changes_nothing(office, state, said, why):
    raise_alerts(office, "command", [new()])
    id = one_of(office).id
    with pytest.raises(StepError) as refused:
        go(office, id, state, **said)
    assert refused.value.why == why
    assert len(alert_of(office, id).steps) == 1
    assert len(entries(office)) == 1


def test_what_closes_or_goes_back_says_why_and_by_when(office):
    raise_alerts(office, "command", [new()])
    id = one_of(office).id
    go(office, id, "checked")
    with pytest.raises(StepError, match="say why"):
        go(office, id, "closed")
    with pytest.raises(StepError, match="by when"):
        go(office, id, "raised", note="visit the north of the county too")
    go(office, id, "raised", note="visit the north of the county too", due="2026-03-20")
    assert alert_of(office, id).last.kind == "returned"


def test_an_alert_that_is_not_there_is_refused(office):
    with pytest.raises(StepError, match="no alert 7"):
        take_step(office, "li", 7, seen=1, state="checked", today=TODAY)


def test_of_two_who_step_at_once_the_second_is_told_what_the_first_did(office):
    raise_alerts(office, "command", [new()])
    found = one_of(office)
    begin, told = threading.Barrier(2), []

    def step(who):
        begin.wait()
        try:
            go(office, found.id, "checked", who=who, seen=found.last.id, note=f"by {who}")
        except StepError as refused:
            told.append((who, refused))

    officers = [threading.Thread(target=step, args=(who,)) for who in ("li", "wang")]
    for one in officers:
        one.start()
    for one in officers:
        one.join()
    ((second, refused),) = told
    first = "wang" if second == "li" else "li"
    assert refused.why == "overtaken"
    assert str(refused).startswith(f"{first} was first: the alert is now checked (by {first}).")
    assert [one.who for one in alert_of(office, found.id).steps] == ["command", first]


def test_many_who_raise_the_same_at_once_raise_it_once(office):
    told = []
    alerts = [new(str(number)) for number in range(30)]
    officers = [threading.Thread(target=lambda: told.append(raise_alerts(office, "x", alerts))) for _ in range(4)]
    for one in officers:
        one.start()
    for one in officers:
        one.join()
    assert sum(one.new for one in told) == 30
    assert sum(one.there for one in told) == 90


def test_the_register_is_filtered_and_what_is_late_stands_first(office):
    raise_alerts(
        office, "command", [new("1", severity="red"), new("2", severity="yellow"), new("3", severity="orange")]
    )
    ids = {one.code: one.id for one in alerts_of(office, "us", today=TODAY)}
    go(office, ids["2"], "checked", responsible="li", due="2026-03-05")
    late = date(2026, 3, 6)
    assert [one.code for one in alerts_of(office, "us", today=TODAY)] == ["1", "3", "2"]
    assert [one.code for one in alerts_of(office, "us", today=late)] == ["2", "1", "3"]
    # On the day itself nothing is late.
    assert overdue(office, "us", date(2026, 3, 5)) == []
    assert [one.code for one in overdue(office, "us", late)] == ["2"]
    asked = [{"severity": "red"}, {"states": ["checked"]}, {"inside": {("county", "3")}}, {"responsible": ["li"]}]
    assert [one_of(office, **each).code for each in asked] == ["1", "2", "3", "2"]
    for nothing in ({"cause": "schooling"}, {"indicator": "x"}, {"year": 2018}, {"level": "state"}, {"inside": set()}):
        assert alerts_of(office, "us", today=TODAY, **nothing) == []
    assert alerts_of(office, "cn", today=TODAY) == []


steps = st.tuples(
    st.sampled_from([*STATES, "nonsense"]), st.sampled_from(["", "why"]), st.sampled_from([None, "2026-04-01"])
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, max_size=12))
def test_whatever_is_tried_the_history_ends_in_the_state_and_follows_the_table(tmp_path_factory, tried):
    office = open_office(tmp_path_factory.mktemp("office"), url="")
    raise_alerts(office, "command", [new()])
    id = one_of(office).id
    taken = 0
    for state, note, due in tried:
        try:
            go(office, id, state, note=note, due=due)
            taken += 1
        except StepError:
            pass
    found = alert_of(office, id)
    assert found.state == found.last.state
    assert len(found.steps) == 1 + taken == len(entries(office))
    allowed = {(one.before, one.after) for one in MOVES}
    for before, after in zip(found.steps, found.steps[1:], strict=False):
        assert (before.state, after.state) in allowed
        assert before.state != "closed" or after.kind == "reopened"
        assert after.state != "closed" or after.note


def history(*stays):
    """Return an alert that came to each state so many days after the first of March; made up for the test."""
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    taken = [
        Step(at, state, "assigned", (start + timedelta(days=days)).isoformat(), "li", "", "", None)
        for at, (state, days) in enumerate(stays)
    ]
    return Alert(1, "us", "county", "1", "x", 2019, "income", "red", 1.0, {}, taken[-1].state, tuple(taken))


def test_states_are_counted_at_the_end_of_each_day():
    found = [history(("raised", 0), ("checked", 2), ("closed", 2)), history(("raised", 1))]
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 9)]
    counts = states_by_day(found, days)
    assert counts["raised"].tolist() == [0, 1, 2, 1, 1]
    assert counts["checked"].tolist() == [0] * 5
    assert counts["closed"].tolist() == [0, 0, 0, 1, 1]
    assert states_by_day([], days).to_numpy().sum() == 0


def test_the_median_wait_counts_those_still_waiting_and_is_none_of_too_few():
    now = datetime(2026, 4, 1, 12, tzinfo=UTC)
    came = [history(("raised", 0), ("checked", days)) for days in (1, 2, 3, 4, 5)]
    assert wait_until(came, "checked", now=now).median == 3
    # Five wait still: of ten, half have come only with the fifth.
    waiting = wait_until([*came, *[history(("raised", 0))] * 5], "checked", now=now)
    assert (waiting.n, waiting.n_there, waiting.median) == (10, 5, 5)
    few = wait_until(came[: LEAST_STEPS - 1], "checked", now=now)
    assert few.n_there == 4
    assert np.isnan(few.median)
    assert np.isnan(wait_until([*came, *[history(("raised", 0))] * 6], "checked", now=now).median)
    assert wait_until([], "checked", now=now).n == 0
