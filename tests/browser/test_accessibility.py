"""Every page is gone through by axe: nothing serious or critical, in light and dark, on a wide and a narrow screen."""

import pytest
from axe_faults import faults
from fuping.dashboard.components.navigation import PAGES

VIEWS = {
    "map": "?pack=kr&unit=11010",
    "compare": "compare?pack=kr&units=11010,11020",
    "profile": "profile?pack=kr&unit=11010",
}
"""What a page shows when it is gone through, where its own beginning shows too little."""


@pytest.mark.parametrize(("scheme", "size"), [("light", (1440, 900)), ("dark", (390, 844))], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_serious_fault(visit, name, scheme, size):
    query = VIEWS.get(name, f"{PAGES[name].path.removeprefix('/')}?pack=kr")
    page = visit(f"{query}&lang=en", size, until="main h1, [data-ready=true]")
    page.emulate_media(color_scheme=scheme)
    page.wait_for_load_state("networkidle")
    assert faults(page) == []
