"""The measurement page in headless Chromium: a file is measured, its faults are named, its results are saved."""

import pytest
from fuping.dashboard.queries.cache import Reader
from simulated_survey import simulated_survey

FILE = "#measurement-upload input[type=file]"


@pytest.fixture(scope="module")
def survey(store, tmp_path_factory):
    path = tmp_path_factory.mktemp("survey") / "simulated.csv"
    codes = Reader(store).units("kr", "municipality")["code"][:12]
    simulated_survey(480, units=codes).to_csv(path, index=False)
    return path


@pytest.mark.parametrize(("language", "size"), [("en", (1440, 900)), ("zh", (390, 844))], ids=["wide", "narrow"])
def test_a_survey_is_measured(visit, survey, language, size):
    page = visit(f"measurement?pack=kr&lang={language}&dep=no_water|no_school", size, until="[data-table=expected]")
    page.set_input_files(FILE, str(survey))
    page.wait_for_selector("[data-figure=cutoffs] .js-plotly-plot .scatterlayer path", timeout=60_000)
    for name in ("measures", "units", "lorenz", "tip", "growth", "groups", "counted"):
        assert page.locator(f"[data-figure={name}]").count() == 1
    scrolled, shown = page.evaluate("[document.querySelector('.document').scrollWidth, window.innerWidth]")
    assert scrolled <= shown


def test_a_fault_is_named_and_results_are_saved(visit, survey, tmp_path):
    page = visit("measurement?pack=kr&lang=en", until="[data-table=expected]")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("welfare,year\n1,2015\nfive,2015\n", "utf-8")
    page.set_input_files(FILE, str(wrong))
    assert "Row 3, column welfare" in page.wait_for_selector("[data-fault=not_number]").inner_text()
    page.set_input_files(FILE, str(survey))
    page.wait_for_selector("[data-figure=measures]", timeout=60_000)
    with page.expect_download() as saved:
        page.click("#measurement-take")
    text = saved.value.path().read_text("utf-8-sig")
    assert text.startswith("# made by: Fuping")
    assert "line 1,all,headcount," in text
    row = page.locator("tr[data-unit]").first
    row.locator("a").click()
    page.wait_for_selector("tr[data-unit][aria-current=true]")
    page.click("#measurement-forget")
    page.wait_for_selector("[data-table=expected]")
