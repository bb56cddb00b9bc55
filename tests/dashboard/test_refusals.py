"""What a person is refused is told in their language: every template has its Chinese, and refusals use them."""

import ast
import json
import re
from pathlib import Path
from string import Formatter

import fuping.dashboard
import fuping.layers
import fuping.spatial
import pandas as pd
import pytest
from fuping.dashboard.components.fault_list import fault_list
from fuping.dashboard.i18n.messages import LANGUAGES, catalogue
from fuping.dashboard.i18n.refusals import refusal, refusals, told_in
from fuping.dashboard.identity import COOKIE
from fuping.dashboard.pages import load
from fuping.layers.errors import RefusedError, SourceError, TableError
from fuping.layers.ingest.work_folder import WorkFolders, ended_by
from fuping.layers.office import alert_steps, passwords, people
from fuping.layers.sources.tabular import parse_numbers, read_text_table
from fuping.spatial.poverty.errors import PovertyError
from fuping.spatial.poverty.sample import read_sample
from small_office import sign_in, small_app

ROOTS = [Path(one.__path__[0]) for one in (fuping.spatial, fuping.layers, fuping.dashboard)]

MET = [
    "layers/build/observations",
    "layers/build/project_lists",
    "layers/build/units",
    "layers/connect/guard",
    "layers/connect/http",
    "layers/ingest/drafts",
    "layers/ingest/guess",
    "layers/ingest/loads",
    "layers/ingest/new_pack",
    "layers/ingest/proposals",
    "layers/ingest/supply",
    "layers/ingest/work_folder",
    "layers/sources/iati",
    "layers/sources/iati_money",
    "layers/sources/iati_results",
    "layers/sources/locate",
    "layers/sources/payments",
    "layers/sources/project_details",
    "layers/sources/project_places",
    "layers/sources/project_shapes",
    "layers/sources/tabular",
    "layers/sources/unpacking",
    "layers/sources/vector",
    "layers/stores/embedded",
    "dashboard/reports/batches",
    "dashboard/reports/build",
    "dashboard/reports/region_sections",
]
"""Modules whose every refusal can reach a page."""

OWN_WORDS = {"ForbiddenError", "RefusedError", "StoppedError", "AnswersError", "ValueError", "TypefaceError"}
"""Errors that pages tell by a message of their own, or that no person meets."""


def trees():
    for root in ROOTS:
        for path in sorted(root.rglob("*.py")):
            yield path, ast.parse(path.read_text("utf-8"))


def calls(tree, wanted):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and re.fullmatch(wanted, node.func.id):
            yield node


def templates():
    return {(path, node.args[0]) for path, tree in trees() for node in calls(tree, "worded")}


def fields(template):
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_every_template_is_written_out_and_has_its_chinese_and_no_chinese_is_left_over():
    found = templates()
    assert all(isinstance(one, ast.Constant) for _, one in found), [path for path, one in found]
    english = {one.value for _, one in found}
    assert len(english) > 250
    for language in LANGUAGES[1:]:
        assert set(refusals(language)) == english
        for template, text in refusals(language).items():
            assert fields(text) == fields(template), template
            assert re.search("[\u4e00-\u9fff]", text) or not re.search("[a-z]{3}", re.sub(r"\{.*?\}", "", template))


def unworded(node):
    """Return whether an argument is an English text that was not worded."""
    if isinstance(node, ast.IfExp):
        return unworded(node.body) or unworded(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.Constant) and re.search("[A-Za-z]{2}", part.value) for part in node.values)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(re.search("[A-Za-z]{2}", node.value))


@pytest.mark.parametrize("module", MET)
def test_modules_whose_refusals_reach_pages_word_them(module):
    path = next(root for root in ROOTS if root.name == module.split("/")[0]) / f"{module.partition('/')[2]}.py"
    bare = []
    for node in calls(ast.parse(path.read_text("utf-8")), r"Fault|[A-Z]\w*Error"):
        if node.func.id in OWN_WORDS:
            continue
        # Of a fault the first is the file; of an error with faults the first is its subject.
        told = node.args[1:] if node.func.id in ("Fault", "TableError", "PackError") else node.args
        told = [*told, *(one.value for one in node.keywords if one.arg in ("remedy", "found", "expected", "place"))]
        bare += [f"{path.name}:{one.lineno}" for one in told if unworded(one)]
    assert bare == []


@pytest.mark.parametrize(
    ("error", "family"),
    [
        (alert_steps.StepError, "alerts.refused"),
        (people.PersonError, "people.refused"),
        (passwords.PasswordError, "invited.refused"),
    ],
)
def test_every_named_reason_is_told_in_every_language(error, family):
    reasons = error.reasons if issubclass(error, RefusedError) else passwords.REFUSED
    for language in LANGUAGES:
        assert {f"{family}.{why}" for why in reasons} <= set(catalogue(language))


def test_no_error_with_named_reasons_is_without_messages():
    assert {one.__name__ for one in RefusedError.__subclasses__()} == {"StepError", "PersonError"}


def test_a_fault_is_told_in_both_languages_and_stays_worded_where_work_is_kept(tmp_path):
    _, faults = parse_numbers(pd.Series(["12", "1,234", "many"]), file="t.csv")
    error = TableError("t.csv", faults)
    assert str(faults[0]) == "t.csv, row 3: found '1,234'; expected a number. Write 1234 without thousands separators."
    assert told_in(faults[0].told, "zh") == "t.csv，第3行：现为'1,234'；应为数字。请写成1234，不加千位分隔符。"
    assert refusal(error, "zh").startswith("发现2处错误。 t.csv，第3行")
    work = WorkFolders(tmp_path, "load")
    work.keep("0" * 16, {"pack": "cn"} | ended_by(error))
    kept = work.read("0" * 16)["faults"]
    assert kept == tuple(str(one) for one in faults)
    assert [told_in(one, "zh") for one in kept] == [told_in(one.told, "zh") for one in faults]
    items = fault_list(kept, 9, "zh").children
    assert [one.children for one in items] == [told_in(one, "zh") for one in kept] + ["另有7处"]


def test_what_an_earlier_version_kept_is_told_as_it_was(tmp_path):
    folder = tmp_path / ("1" * 16)
    folder.mkdir()
    old = ["t.csv, row 3: found 'x'; expected a number.", {"template": "gone {n}", "values": {"n": 2}}]
    (folder / "load.json").write_text(json.dumps({"faults": old}), encoding="utf-8")
    kept = WorkFolders(tmp_path, "load").read("1" * 16)["faults"]
    assert [told_in(one, "zh") for one in kept] == [old[0], "gone 2"]
    assert fault_list(kept[:1], 1, "zh").children[0].lang == "en"


def test_a_file_of_another_encoding_is_refused_in_chinese(tmp_path):
    path = tmp_path / "县.csv"
    path.write_bytes("代码,值\n130600,1\n保定,2\n".encode("gb18030"))
    with pytest.raises(TableError) as refused:
        read_text_table(path, "csv")
    assert "请另存为UTF-8" in refusal(refused.value, "zh")
    assert not re.search(r"[a-z]{4,}", refusal(refused.value, "zh").replace("encoding", "").replace("csv", ""))


def test_a_survey_that_cannot_be_measured_says_why_in_chinese():
    with pytest.raises(PovertyError) as refused:
        read_sample([1.0, 2.0], weights=[1.0, -1.0])
    assert refusal(refused.value, "zh") == "2个权重中有1个为负或缺失，首个为第1行的-1.0。请为每行给出不小于零的权重。"


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "没有待加载的数据包“xx”。请在国家菜单中选择。"), ("en", "There is no pack 'xx' to load. Choose one")],
)
def test_a_page_tells_in_its_language_what_it_is_refused(tmp_path, monkeypatch, language, words):
    told = {}
    monkeypatch.setattr("dash.set_props", lambda _, props: told.update(props))
    app = small_app(tmp_path)
    cookie = f"{COOKIE}={sign_in(app, 'li', role='editor')}"
    where = {"Cookie": cookie, "Referer": f"http://localhost/load?load=xx&lang={language}"}
    with app.server.test_request_context(headers=where):
        app.server.preprocess_request()
        with pytest.raises(SourceError) as refused:
            load._act(app.reader, "xx", "build", "")
        app._on_error(refused.value)
    assert words in str(told["children"])
