"""An editor loads a pack that was never built, from its files (simulated) to the map."""

import pytest
from axe_faults import faults
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.dashboard.identity import COOKIE
from small_office import serving, sign_in, small_app
from small_pack import declare_unbuilt


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "narrow"])
def test_from_the_menu_of_countries_to_a_drawn_map(browser, tmp_path, size):
    app = small_app(tmp_path)
    declare_unbuilt(app.reader.store)
    with serving(app) as address:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
        context.add_cookies([{"name": COOKIE, "value": sign_in(app, "li", role="editor"), "url": address}])
        page = context.new_page()
        errors = []
        page.on("console", lambda said: said.type == "error" and errors.append(said.text))
        page.goto(f"{address}data?pack=at&lang=en")
        page.click(".pack-menu summary")
        page.click(".pack-menu a[href*='load=bt']")
        page.wait_for_selector(".needed-source[data-state=drawn]")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert faults(page) == []
        page.set_input_files("[data-source=boundaries] input", tmp_path / "districts.geojson")
        page.wait_for_selector(".needed-source[data-source=boundaries][data-state=there]")
        wrong = tmp_path / "wrong.csv"
        wrong.write_text("code,people\nA1,ten\n", encoding="utf-8")
        page.set_input_files("[data-source=figures] input", wrong)
        page.wait_for_selector(".draft[data-state=check-faulty] .faults >> text=row 2")
        assert faults(page) == []
        page.set_input_files("[data-source=figures] input", tmp_path / "figures.csv")
        page.wait_for_selector(".needed-source[data-source=figures][data-state=there]")
        page.click("button >> text=Make the map")
        page.click("a.act >> text=Open")
        page.wait_for_selector("[data-ready=true]")
        assert "pack=bt" in page.url
        assert errors == []
        context.close()
