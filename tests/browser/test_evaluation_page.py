"""The evaluation page in headless Chromium: a design in steps, refused or estimated; a panel of the reader's own."""

import pytest
from shared_data import needs_shared, shared

FILE = "#evaluation-upload input[type=file]"


@needs_shared
@pytest.mark.parametrize(("language", "size"), [("en", (1440, 900)), ("zh", (390, 844))], ids=["wide", "narrow"])
def test_two_census_years_are_evaluated_with_their_limits(visit, language, size):
    page = visit(f"evaluation?pack=cn&lang={language}&outcome=without_piped_water", size, until="[data-figure=effect]")
    page.wait_for_selector("[data-figure=robustness] .js-plotly-plot .points path", timeout=60_000)
    assert page.locator(".notices li").count() >= 3
    for name in ("groups", "balance", "trends", "citations"):
        assert page.locator(f"[data-figure={name}]").count() == 1
    scrolled, shown = page.evaluate("[document.querySelector('.document').scrollWidth, window.innerWidth]")
    assert scrolled <= shown


@needs_shared
def test_a_step_leads_to_a_refusal_with_its_reason(visit):
    page = visit("evaluation?pack=cn&lang=en&outcome=without_piped_water", until="[data-figure=effect]")
    page.select_option("#field-treatment", "enter.poverty_county_status.1")
    told = page.wait_for_selector("[data-refused=switches_off]").inner_text()
    assert "comes and goes" in told
    assert page.locator("[data-figure=effect]").count() == 0
    assert "treatment=enter" in page.url


@needs_shared
def test_a_readers_panel_gives_the_published_effect(visit):
    page = visit("evaluation?pack=us&lang=en&data=own", until="[data-table=expected]")
    page.set_input_files(FILE, str(shared("evaluation/mpdta.csv")))
    page.wait_for_selector("[data-figure=effect]", timeout=60_000)
    assert page.inner_text("[data-figure=effect] .value") == "−0.0400"
    assert "−0.0772" in page.inner_text("[data-table=effects]")
    assert "499 of 500" in page.inner_text("[data-figure=matched]")
    with page.expect_download() as saved:
        page.click("#evaluation-take")
    assert "effect,all,simple,-0.0399512" in saved.value.path().read_text("utf-8-sig")


def test_a_row_that_cannot_be_used_is_named(visit, tmp_path):
    page = visit("evaluation?pack=kr&lang=zh&data=own", until="[data-table=expected]")
    wrong = tmp_path / "panel.csv"
    wrong.write_text("unit,year,outcome,first_treated\na,2010,1,\na,2010,2,\n", "utf-8")
    page.set_input_files(FILE, str(wrong))
    assert "第3行" in page.wait_for_selector("[data-fault=twice]").inner_text()
