"""How a figure was made, in headless Chromium: reached from the note under a figure, in both languages and widths."""

import pytest


@pytest.mark.parametrize(("language", "size"), [("en", (1440, 900)), ("zh", (390, 844))], ids=["wide", "narrow"])
def test_a_figure_is_followed_to_the_hash_of_its_source(visit, store, language, size):
    page = visit(f"made?pack=cn&lang={language}&unit=130624&year=2019", size, until="[data-figure=lineage]")
    source = next(one for one in store.catalogue("cn")["sources"] if one["id"] == "designations")
    words = page.inner_text("[data-figure=lineage]")
    assert source["sha256"] in words
    assert source["licence"] in words
    assert 'sel(year=2019, code="130624")' in page.inner_text(".snippet")
    scrolled, shown = page.evaluate("[document.body.scrollWidth, window.innerWidth]")
    assert scrolled <= shown


def test_the_note_under_the_map_leads_there(visit):
    page = visit("?pack=kr&lang=en&indicator=basic_living_ratio")
    page.locator("#note [data-note=made] a").click()
    page.wait_for_selector("[data-figure=lineage]")
    assert "÷ Population" in page.inner_text("[data-figure=lineage]")
