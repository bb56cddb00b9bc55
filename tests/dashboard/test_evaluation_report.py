"""The report of an evaluation says what the page says: effect, groups, reasons and works, in both languages."""

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from flask import Flask
from fuping.dashboard.components.evaluation_words import Scale, Subject
from fuping.dashboard.figures.paper_designs import paper_jump, paper_love, round_marks
from fuping.dashboard.figures.whiskers import Whisker, whiskers
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.designs import Jump, Matched, Twin, Weighted
from fuping.dashboard.queries.effects import Choice
from fuping.dashboard.queries.evaluation import evaluate
from fuping.dashboard.queries.evaluation_design import read_design
from fuping.dashboard.queries.own_panel import PanelColumns, evaluate_own
from fuping.dashboard.queries.uploaded import read_table
from fuping.dashboard.reports.content import Picture, texts
from fuping.dashboard.reports.evaluation_designs import design_sections
from fuping.dashboard.reports.evaluation_report import write_evaluation
from fuping.dashboard.reports.routes import add_evaluation_report
from fuping.dashboard.state import ViewState
from hypothesis import given
from hypothesis import strategies as st
from shared_data import needs_shared

TODAY = date(2026, 11, 28)


def written(reader, query):
    view = ViewState.read(query, reader.packs(), reader.catalogue)
    found = evaluate(reader, read_design(reader, view))
    return found, write_evaluation(reader, view, found, address="http://fuping.test", today=TODAY)


@needs_shared
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_effect_of_two_censuses_is_the_difference_of_the_changes(reader, language):
    found, report = written(reader, f"pack=cn&outcome=without_piped_water&lang={language}")
    values = reader.values("cn", "without_piped_water", "county").value
    change = values[1] - values[0]
    covered = reader.coverage("cn", "national", "county")[1].any(axis=0)
    there = ~np.isnan(change)
    expected = change[there & covered].mean() - change[there & ~covered].mean()
    assert f"{abs(expected):.2f}" in report.lead
    assert ("−" if expected < 0 else "+") in report.lead
    whole = " ".join(texts(report))
    assert f"{int((there & covered).sum()):,}" in whole
    assert f"{int((there & ~covered).sum()):,}" in whole
    for one in map(str, found.balance.index):
        assert reader.indicator("cn", one)["name"][language] in whole
    assert "Callaway, B., and P. H. C. Sant'Anna (2021)" in whole
    assert "nan" not in whole.lower()
    pictures = [one.body for one in report.sections if isinstance(one.body, Picture)]
    assert len(pictures) == 3  # groups, trends, and the same effect estimated otherwise
    assert [one.number for one in report.credits] == list(range(1, len(report.credits) + 1))


@needs_shared
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("query", "work", "drawn"),
    [
        ("method=synthetic_did", "Arkhangelsky", "evaluation.weighted_how"),
        ("method=matching&given=illiteracy_rate", "Austin", "evaluation.alike_how"),
        ("method=discontinuity&score=border", "Keele", "evaluation.jump_how"),
    ],
)
def test_each_design_is_written_or_refused_with_its_reason(reader, query, work, drawn, language):
    found, report = written(reader, f"pack=cn&outcome=without_piped_water&{query}&lang={language}")
    whole = " ".join(texts(report))
    assert "nan" not in whole.lower()
    chart = [one for one in report.sections if isinstance(one.body, Picture) and message(drawn, language) in one.hint]
    if hasattr(found.result, "code"):
        assert len(report.lead) > 40
        assert chart == []
    else:
        assert work in whole
        assert len(chart) == 1


def simulated(method, n_treated=20):
    """SIMULATED: units whose score is 50 or more are treated from 2014 on; the outcome of each drifts."""
    rng = np.random.default_rng(0)
    n = 80
    score = np.linspace(0, 100, n) if n_treated > 1 else np.append(np.linspace(0, 49, n - 1), 60)
    level, wealth = rng.normal(size=n), rng.normal(size=n)
    rows = [
        (f"u{at}", year, level[at] + 0.1 * rng.normal() + 2 * (score[at] >= 50 and year >= 2014), score[at], wealth[at])
        for at in range(n)
        for year in range(2010, 2018)
    ]
    table = pd.DataFrame(rows, columns=["unit", "year", "outcome", "score", "wealth"])
    table["first_treated"] = np.where(table["score"] >= 50, "2014", "")
    read = read_table(table.to_csv(index=False).encode(), "panel.csv")
    columns = PanelColumns("unit", "year", "outcome", "first_treated", None, None, ("wealth",), "score")
    return evaluate_own(read, columns, Choice(method=method, running="score", cutoff=50.0)).result


@pytest.mark.parametrize(
    ("method", "treated", "kind", "n"),
    [
        ("synthetic_control", 1, Twin, 1),
        ("synthetic_did", 20, Weighted, 1),
        ("matching", 20, Matched, 2),
        ("discontinuity", 20, Jump, 1),
    ],
)
def test_a_design_has_the_charts_of_its_page(method, treated, kind, n):
    found = simulated(method, treated)
    assert isinstance(found, kind)
    subject = Subject("roads", "income", "units")
    sections = design_sections(found, {"x.wealth": "Wealth"}, subject, Scale("", 2, "en"), "note")
    pictures = [one.body for one in sections if isinstance(one.body, Picture)]
    assert len(pictures) == n
    assert all(one.alt and "nan" not in one.svg for one in pictures)
    if kind is Matched:
        assert ">Wealth</text>" in pictures[0].svg


def test_a_jump_is_drawn_on_its_own_side_of_the_cutoff():
    score = np.arange(-3.0, 4.0)
    bins = pd.DataFrame({"score": score, "outcome": score + 5 * (score >= 0), "right": score >= 0, "n": 10})
    ends = pd.DataFrame({"score": [-2, 0, 0, 2], "outcome": [-2, 0, 5, 7], "right": [False, False, True, True]})
    given = {"cutoff": 0.0, "reach": 1.5, "x_title": "km", "width": 493, "height": 190, "label": "x"}
    picture = paper_jump(bins, ends, unit="", decimals=1, language="en", **given)
    dots = np.array(re.findall(r'cx="([\d.-]+)" cy="([\d.-]+)"', picture), dtype=float)
    # Bins beyond twice the bandwidth are left out; those that are shown keep their order along the score.
    assert len(dots) == 7
    assert (np.diff(dots[:, 0]) > 0).all()
    cut = float(re.search(r'd="M([\d.]+) 8.0V160.0"', picture)[1])
    assert (dots[:3, 0] < cut).all()
    assert (dots[4:, 0] > cut).all()
    assert dots[3, 0] == cut
    assert picture.count('stroke-width="1.8"') == 2


def test_balance_before_and_after_is_drawn_on_one_axis_from_zero():
    picture = paper_love(["a", "b"], [-0.8, 0.2], [0.1, 0.0], x_title="gap", width=493, label="x")
    dots = [float(one) for one in re.findall(r'cx="([\d.-]+)"', picture)]
    zero = dots[3]
    # 0.8, 0.1, 0.2 and 0 standard deviations; the sign does not matter.
    np.testing.assert_allclose((np.array(dots) - zero) / (dots[0] - zero), [1, 0.125, 0.25, 0], atol=0.002)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_marks_are_few_and_within(low, span):
    marks = round_marks(low, low + span)
    assert len(marks) <= 7
    room = 1e-6 * (abs(low) + span)
    assert all(low - room <= one <= low + span + room for one in marks)


@pytest.mark.parametrize(("language", "words"), [("en", "identify no effect"), ("zh", "无法识别")])
def test_a_refusal_is_written_with_its_reason_and_whom_it_would_have_compared(reader, language, words):
    found, report = written(reader, f"pack=kr&lang={language}")
    assert found.result.code == "switches_off"
    assert words in report.lead
    assert any(isinstance(one.body, Picture) for one in report.sections)
    assert "Callaway" not in " ".join(texts(report))


def test_the_route_gives_both_forms_and_knows_what_is_not_there(reader):
    server = Flask("evaluation")
    add_evaluation_report(server, reader)
    client = server.test_client()
    assert client.get("/evaluation/kr.pdf?lang=en").data.startswith(b"%PDF")
    answer = client.get("/evaluation/kr.docx?lang=zh")
    assert answer.data.startswith(b"PK")
    assert "kr_evaluation_zh.docx" in answer.headers["Content-Disposition"]
    assert client.get("/evaluation/xx.pdf").status_code == 404
    assert client.get("/evaluation/kr.exe").status_code == 404


AMOUNT = st.floats(-1e6, 1e6).filter(lambda one: one == 0 or abs(one) > 1e-3)


@given(st.lists(st.tuples(AMOUNT, st.floats(0, 1e3), st.floats(0, 1e3)), min_size=1, max_size=12))
def test_estimates_lie_on_one_axis_in_their_order(rows):
    drawn = [Whisker("甲", value, value - below, value + above) for value, below, above in rows]
    picture = whiskers(drawn, "{:.2f}".format, width=493, label="x")
    dots = [float(one) for one in re.findall(r'cx="([\d.-]+)"', picture)]
    spans = [(float(one), float(two)) for one, two in re.findall(r'd="M([\d.-]+) [\d.]+H([\d.-]+)"', picture)]
    assert len(dots) == len(spans) == len(rows)
    assert all(0 <= low <= dot <= high <= 493 for dot, (low, high) in zip(dots, spans, strict=True))
    by_value = [dot for _, dot in sorted(zip([one.value for one in drawn], dots, strict=True))]
    assert by_value == sorted(by_value)


def test_an_estimate_that_is_none_leaves_its_row_empty():
    none = float("nan")
    picture = whiskers([Whisker("a", 1.0, none, none), Whisker("b", none, none, none)], str, width=300, label="x")
    assert picture.count("<circle") == 1
    assert ">b</text>" in picture
