"""The profile in headless Chromium: a unit in both languages and widths, on three pages of paper, chosen by search."""

import io

import pytest
from pypdf import PdfReader


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_unit_stands_beside_its_peers_and_neighbours(visit, store, language, size):
    page = visit(f"profile?pack=kr&lang={language}&unit=11010", size, until="[data-figure=gaps]")
    units = store.units("kr", "municipality")
    name = units[f"name_{language}"][units["code"].index("11010")]
    assert name in page.inner_text(".profile-head h1")
    assert (
        page.locator("[data-table=benchmarks] td.strip img").count()
        == page.locator("[data-table=benchmarks] tbody tr").count()
    )
    assert page.evaluate("[...document.querySelectorAll('.locator img')].every(one => one.naturalWidth > 0)")
    page.wait_for_selector(".js-plotly-plot .scatterlayer path")
    scrolled, shown = page.evaluate("[document.body.scrollWidth, window.innerWidth]")
    assert scrolled <= shown


def test_a_province_is_found_by_search_and_its_neighbour_is_one_click_away(visit):
    page = visit("profile?pack=cn&lang=en", until="#profile-search")
    page.fill("#profile-search", "hebei")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-profile='130000']")
    assert "unit=130000" in page.url
    page.locator("[data-table=neighbours]").get_by_role("link", name="Shanxi").first.click()
    page.wait_for_selector("[data-profile='140000']")


def test_the_profile_prints_on_three_pages_in_letters_that_can_be_read(visit):
    page = visit("profile?pack=cn&lang=en&unit=130624&indicator=illiteracy_rate", until="[data-figure=gaps]")
    read = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    assert len(read.pages) <= 3
    # A table wider than the paper would make all of it smaller. Notes are of 7 points; only a scale bar's are of less.
    sizes = []
    for sheet in read.pages:
        sheet.extract_text(
            visitor_text=lambda text, canvas, matrix, font, size: (
                sizes.append(size * abs(matrix[3] * canvas[3])) if text.strip() else None
            )
        )
    assert sum(one < 6.9 for one in sizes) < 0.01 * len(sizes)
    assert "Fuping County" in read.pages[0].extract_text()


def test_reports_of_all_parts_are_made_with_a_bar_and_can_be_stopped(visit):
    page = visit("profile?pack=kr&lang=en&unit=11", until=".batch")
    page.click(".batch button")
    page.wait_for_selector(".batch .job progress")
    page.click(".batch .job button")
    page.wait_for_selector(".batch [role=alert]", timeout=60_000)
    assert page.inner_text(".batch [role=alert]") == "Stopped."


def test_reports_of_all_parts_are_saved_once_they_are_made(visit):
    page = visit("profile?pack=kr&lang=en&unit=39", until=".batch")
    page.click(".batch button")
    with page.expect_download() as saved:
        page.click(".batch a[href$='.zip']", timeout=60_000)
    assert saved.value.suggested_filename == "kr_39_en_2_pdf.zip"
