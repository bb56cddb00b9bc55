"""The report of an evaluation says what the page says: effect, groups, reasons and works, in both languages."""

import re
from datetime import date

import numpy as np
import pytest
from flask import Flask
from fuping.dashboard.figures.whiskers import Whisker, whiskers
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.evaluation import evaluate
from fuping.dashboard.queries.evaluation_design import read_design
from fuping.dashboard.reports.content import Picture, texts
from fuping.dashboard.reports.evaluation_report import write_evaluation
from fuping.dashboard.reports.routes import add_evaluation_report
from fuping.dashboard.state import ViewState
from hypothesis import given
from hypothesis import strategies as st
from shared_data import needs_shared

TODAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def reader(store):
    return Reader(store)


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
    ("query", "work"),
    [
        ("method=synthetic_did", "Arkhangelsky"),
        ("method=matching&given=illiteracy_rate", "Austin"),
        ("method=discontinuity&score=border", "Keele"),
    ],
)
def test_each_design_is_written_or_refused_with_its_reason(reader, query, work, language):
    found, report = written(reader, f"pack=cn&outcome=without_piped_water&{query}&lang={language}")
    whole = " ".join(texts(report))
    assert "nan" not in whole.lower()
    if hasattr(found.result, "code"):
        assert len(report.lead) > 40
    else:
        assert work in whole


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
