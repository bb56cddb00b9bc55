"""Who is poor, who left, who came back: the page's figures against plain loops over the store's own values."""

import csv
import io
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from fuping.dashboard.app import create_app
from fuping.dashboard.pages import identification as page
from fuping.dashboard.queries.exits import exits
from fuping.dashboard.queries.flows import changes_by_year, flows, moves
from fuping.dashboard.queries.identification import identified, refusal
from fuping.dashboard.queries.pace import pace, persistence
from fuping.dashboard.queries.results_file import ResultRow, results_text
from fuping.dashboard.queries.rule import rule_choice
from fuping.dashboard.queries.watching import watch, watch_csv
from fuping.dashboard.state import ViewState
from fuping.spatial.dynamics import CHINA_EXIT_2016
from shared_data import needs_shared

US = "pack=us&indicator=poverty_rate&level=county"
CN = "pack=cn&indicator=poverty_county_status&level=county"
KR = "pack=kr&indicator=grdp_per_head&level=municipality"


def read(reader, query):
    return ViewState.read(query, reader.packs(), reader.catalogue)


def states_of(series, *, line, leave, risk, beyond=1):
    """The rule as an officer would apply it by hand, one unit at a time; the higher, the poorer."""
    poor, ever, again, words = False, False, False, []
    for value in series:
        if np.isnan(value):
            words.append(None)
            continue
        value = beyond * value
        if poor and value < leave:
            poor, again = False, False
        elif not poor and value >= line:
            poor, again = True, ever
        ever = ever or poor
        near = value >= risk
        words.append(
            ("relapsed" if again else "poor") if poor else "at risk" if near else "exited" if ever else "not poor"
        )
    return words


def words_in(found):
    keys = [state.key for state in found.states]
    return [[keys[one] if one >= 0 else None for one in column] for column in found.codes.T]


@needs_shared
def test_status_follows_the_rule_of_the_url_reading_by_reading(reader):
    found = identified(reader, read(reader, f"{US}&line=20&leave=15&risk=18"))
    values = reader.values("us", "poverty_rate", "county").value
    expected = [states_of(series, line=20, leave=15, risk=18) for series in values.T]
    assert words_in(found) == expected
    assert Counter(word for column in expected for word in column)["relapsed"] > 100


def test_where_higher_is_better_the_poor_are_below_the_line(reader):
    view = read(reader, f"{KR}&line=20&leave=25&risk=22")
    assert rule_choice(reader, view).beyond == "below"
    values = reader.values("kr", "grdp_per_head", "municipality").value
    expected = [states_of(series, line=-20, leave=-25, risk=-22, beyond=-1) for series in values.T]
    assert words_in(identified(reader, view)) == expected


def test_a_declared_status_is_shown_as_it_was_declared(reader):
    found = identified(reader, read(reader, CN))
    values = reader.values("cn", "poverty_county_status", "county").value
    declared = {one["name"]["en"]: one["code"] for one in reader.indicator("cn", "poverty_county_status")["categories"]}
    for state, entry in zip(found.states, found.layer.entries, strict=True):
        assert list(entry.counts) == (values == declared[state.name["en"]]).sum(axis=1).tolist()
    left = ((values[:-1] == 1) & (values[1:] == 2)).sum(axis=1)
    assert changes_by_year(found)["exit"].tolist() == left.tolist()
    assert changes_by_year(found)["entry"].sum() == 0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_rule_that_cannot_be_applied_is_told_with_its_lines(reader, language):
    view = read(reader, f"{CN}&lang={language}")
    told = page._reading(reader, view, identified(reader, view))
    assert all(f"{line:g}%" in told for line in CHINA_EXIT_2016.exit_below.values())


def test_lines_in_the_wrong_order_are_told_and_mended(reader):
    rule = rule_choice(reader, read(reader, f"{KR}&line=20&leave=15&risk=10"))
    assert rule.problems == ("leave", "risk")
    assert (rule.enter, rule.leave, rule.risk) == (20, 20, 20)


@needs_shared
def test_the_line_begins_in_the_middle_of_the_declared_limits(reader):
    rule = rule_choice(reader, read(reader, US))
    assert (rule.enter, rule.origin) == (20, "declared")
    assert rule_choice(reader, read(reader, f"{US}&line=25")).origin == "set"


def test_flows_of_each_pair_of_years_hold_every_unit(reader):
    found = identified(reader, read(reader, CN))
    moved = flows(found)
    n_units = found.codes.shape[1]
    for year in moved.years[1:]:
        assert sum(one.n for one in moved.everyone if one.year == year) == n_units
        assert sum(one.n for one in moved.drawn if one.year == year) == n_units - moved.n_left_out
    values = reader.values("cn", "poverty_county_status", "county")
    rows = [values.years.index(year) for year in moved.years]
    assert moved.n_left_out == int((values.value[rows] == 0).all(axis=0).sum())


def test_the_transition_matrix_counts_every_pair_of_readings(reader):
    found = identified(reader, read(reader, KR))
    counted = moves(found).counts.to_numpy()
    expected = np.zeros_like(counted)
    for column in found.codes.T:
        for before, after in pairwise(column):
            if before >= 0 and after >= 0:
                expected[before, after] += 1
    np.testing.assert_array_equal(counted, expected)


def test_without_censoring_the_exit_curve_is_the_share_still_poor(reader):
    told = exits(identified(reader, read(reader, CN)), None)
    values = reader.values("cn", "poverty_county_status", "county")
    first = values.value[0] == 1
    assert (told.clock, told.curve.n_spells) == ("first", int(first.sum()))
    for years, share in told.curve.table["survival"].items():
        still = values.value[values.years.index(values.years[0] + int(years))][first] == 1
        assert share == pytest.approx(still.mean())


@needs_shared
def test_the_exit_curve_is_the_product_limit_of_the_spells(reader):
    view = read(reader, f"{US}&line=25")
    found = identified(reader, view)
    told = exits(found, "spell")
    spells = []
    for column in found.history.poor.to_numpy(dtype=float, na_value=np.nan).T:
        seen = [(year, state) for year, state in zip(found.years, column, strict=True) if not np.isnan(state)]
        start, last = None, None
        for place, (year, state) in enumerate(seen):
            if state and start is None:
                start = year if place else "unknown"
            elif not state and start is not None:
                spells += [(year - start, True)] if start != "unknown" else []
                start = None
            last = year if state else last
        if start not in (None, "unknown"):
            spells.append((last - start, False))
    assert told.curve.n_spells == len(spells)
    survival = 1.0
    for years in sorted({one for one, _ in spells}):
        at_risk = sum(one >= years for one, _ in spells)
        survival *= 1 - sum(one == years and ended for one, ended in spells) / at_risk
        assert told.curve.table.loc[years, "survival"] == pytest.approx(survival)
        assert told.curve.table.loc[years, "n_at_risk"] == at_risk


@needs_shared
def test_two_censuses_carry_neither_a_curve_nor_a_pace(reader):
    view = read(reader, "pack=cn&indicator=without_piped_water&level=county")
    found = identified(reader, view)
    assert exits(found, None).refused == "few_years"
    assert pace(reader, view, found).refused == "few_years"


@needs_shared
def test_the_persistent_are_at_the_line_in_every_reading_that_counts(reader):
    view = read(reader, f"{US}&counted=1989,1999,2009")
    told = persistence(reader, view, identified(reader, view))
    values = reader.values("us", "poverty_rate", "county")
    rows = values.value[[values.years.index(year) for year in (1989, 1999, 2009)]]
    assert told.n_persistent == int((rows >= 20).all(axis=0).sum())
    assert sum(told.counts) == int((~np.isnan(rows)).all(axis=0).sum())
    # ERS counts 353 counties with persistent poverty; its readings of 2010 are a five-year survey, not the estimates.
    assert abs(told.n_persistent - 353) <= 60


@needs_shared
def test_no_name_in_a_list_is_run_as_a_formula(reader, monkeypatch):
    def named(reader, pack, level, language):
        codes = reader.units(pack, level)["code"]
        return ["=HYPERLINK(1)"] * len(codes), ["+1"] * len(codes)

    monkeypatch.setattr("fuping.dashboard.queries.watching.unit_names", named)
    rows = list(csv.reader(io.StringIO(watch_csv(reader, read(reader, f"{US}&line=22&lang=en")))))
    assert {(row[1], row[2]) for row in rows[1:]} == {("'=HYPERLINK(1)", "'+1")}
    text = results_text({}, [ResultRow("poverty", "@group", "headcount", -0.5, note="=1")])
    assert text.splitlines()[1] == "poverty,'@group,headcount,-0.5,,,,,'=1"


@needs_shared
def test_the_list_is_a_file_with_the_rule_in_every_row(reader, store):
    client = create_app(store).server.test_client()
    view = read(reader, f"{US}&line=22&lang=zh")
    answer = client.get(f"/watch/us/county/poverty_rate.csv{view.href()}")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    listed = watch(reader, view).found.table
    assert [row["代码"] for row in rows] == listed["unit"].tolist()
    assert all("22%" in row["判定规则"] for row in rows)
    assert client.get("/watch/us/county/poverty_count.csv").status_code == 404
    assert client.get("/watch/us/planet/poverty_rate.csv").status_code == 404
    assert client.get("/watch/cn/county/poverty_county_status.csv").status_code == 404


def test_a_total_and_a_lone_unit_are_refused(reader):
    assert refusal(reader, read(reader, "pack=kr&indicator=population&level=municipality")) == "count"
    assert refusal(reader, read(reader, "pack=cn&indicator=rural_headcount_ratio&level=nation")) == "one_unit"


def test_every_indicator_of_every_pack_is_drawn_or_refused_in_both_languages(reader):
    for pack in reader.packs():
        for declared in reader.catalogue(pack)["indicators"]:
            if not declared["shown"]:
                continue
            for language in ("en", "zh"):
                view = read(reader, f"pack={pack}&indicator={declared['id']}&lang={language}&unit=130624")
                assert page._content(reader, view)
                if not refusal(reader, view):
                    assert page._of_units(reader, view)
