"""An administrator adds a person in the browser, who chooses a password by the link; an editor is refused."""

import pytest
from axe_faults import faults
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.dashboard.identity import COOKIE
from fuping.layers.office.people import people
from small_office import PASSWORD, serving, sign_in, small_app


@pytest.fixture
def served(tmp_path):
    app = small_app(tmp_path)
    with serving(app) as address:
        yield app, address


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "narrow"])
def test_from_adding_a_person_to_their_first_session(served, browser, size):
    app, address = served
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    context.add_cookies([{"name": COOKIE, "value": sign_in(app, "wang", role="admin"), "url": address}])
    page = context.new_page()
    errors = []
    page.on("console", lambda said: said.type == "error" and errors.append(said.text))
    page.goto(f"{address}data?pack=at&lang=en")
    page.click("details.account summary")
    page.click(".account .menu a >> text=People")
    page.wait_for_selector("[data-table=people]")
    page.fill("#people-add [name=name]", "x")
    page.fill("#people-add-areas", "A1")
    page.wait_for_selector("#people-add [role=option]")
    page.keyboard.press("Enter")
    assert "A1" in page.inner_text("#people-add .named")
    assert page.inner_text("#people-told") == "", "Enter chose the unit and sent nothing"
    page.click("#people-add [name=add]")
    page.wait_for_selector("#people-told .told-why")
    assert page.input_value("#people-add [name=areas]") == "at:A1", "what was refused can be put right"
    page.fill("#people-add [name=name]", "li")
    page.fill("#people-add [name=shown_name]", "李明")
    page.select_option("#people-add [name=role]", "editor")
    page.click("#people-add [name=add]")
    link = page.inner_text("#people-told [data-link=once]")
    assert link.startswith(f"{address}sign-in/link?")
    assert page.input_value("#people-add [name=name]") == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert faults(page) == []
    page.click("[data-table=people] a >> text=李明")
    page.wait_for_selector(".proposal[data-state=invited]")
    assert page.input_value("#people-form [name=areas]") == "at:A1"
    page.click("#people-form .named button")
    page.wait_for_selector("#people-form .areas .hint")
    assert page.input_value("#people-form [name=areas]") == ""
    assert page.query_selector("[data-link=once]") is None
    page.click("[data-table=people] a >> text=wang")
    page.wait_for_selector(".proposal h2 >> text=wang")
    page.click("#people-form [name=disable]")
    page.wait_for_selector("#people-told .told-why >> text=last administrator")
    assert faults(page) == []

    guest = browser.new_context(viewport={"width": size[0], "height": size[1]}).new_page()
    guest.goto(link)
    guest.fill("#password", PASSWORD)
    guest.fill("#again", PASSWORD)
    guest.keyboard.press("Enter")
    guest.wait_for_selector("details.account")
    li = next(one for one in people(app.reader.office) if one.name == "li")
    assert (li.role, li.has_password) == ("editor", True)
    guest.goto(f"{address}people?pack=at&lang=zh")
    guest.wait_for_selector(".refused >> text=只有管理员可管理人员")
    assert guest.query_selector("[data-table=people]") is None
    assert errors == []
    guest.context.close()
    context.close()
