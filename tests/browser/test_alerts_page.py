"""The register of alerts in headless Chromium: who reads sees it, who edits raises, steps and closes."""

import threading
from datetime import date

import pytest
from axe_faults import faults
from cheap_hasher import cheap_hasher  # noqa: F401
from fuping.dashboard.app import create_app
from fuping.dashboard.identity import COOKIE
from fuping.layers.office import open_office
from fuping.layers.office.alert_register import alert_of, alerts_of
from fuping.layers.office.alert_steps import take_step
from fuping.layers.office.people import add_person
from fuping.layers.office.sessions import begin_session
from werkzeug.serving import make_server

JUDGED = "overview?pack=kr&lang=en&indicator=grdp_per_head&level=municipality&line=20&grave=15"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    return open_office(tmp_path_factory.mktemp("office"), url="")


@pytest.fixture(scope="module")
def address(store, office):
    server = make_server("127.0.0.1", 0, create_app(store, office).server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def test_an_editor_raises_and_works_through_what_a_reader_only_reads(visit, address, office):
    add_person(office, "li", shown_name="Li Hong", role="editor", password="four words of chance")
    page = visit(JUDGED, until="[data-told=reading]")
    assert page.locator("#raise-alerts").count() == 0

    page.context.add_cookies([{"name": COOKIE, "value": begin_session(office, "li").token, "url": address}])
    page.reload()
    told = page.locator("#raise-part p").first
    told.wait_for()
    n = int(told.inner_text().split()[0])
    page.click("#raise-alerts")
    page.wait_for_selector("[data-told=raised]")
    raised = alerts_of(office, "kr", today=date.today())
    assert len(raised) == n > 0
    assert {one.steps[0].who for one in raised} == {"li"}

    page.goto(f"{address}alerts?pack=kr&lang=en")
    page.click("[data-table=alert-register] tbody tr a >> nth=0")
    page.check("#alert-form [value=checked]")
    page.fill("#alert-form textarea", "visited 40 households")
    page.fill("#alert-form [name=responsible]", "Li Hong")
    page.click("#alert-form button")
    page.wait_for_selector("[data-list=history] [data-kind=checked]:has-text('visited 40 households')")
    page.wait_for_selector("#waiting:has-text('1')")
    assert faults(page) == []

    # Another officer is first: what they did is told, and the note is kept.
    opened = int(page.get_attribute("[data-figure=case]", "data-alert"))
    last = alert_of(office, opened).last.id
    take_step(office, "wang", opened, seen=last, state="checked", today=date.today(), note="seen too")
    page.check("#alert-form [value=closed]")
    assert page.locator("#alert-form [name=due]").count() == 0
    page.fill("#alert-form textarea", "the figure was mistyped")
    page.click("#alert-form button")
    page.wait_for_selector("#alerts-told:has-text('wang was first')")
    page.wait_for_selector("[data-list=history] [data-kind=assigned]:has-text('seen too')")
    assert page.input_value("#alert-form textarea") == "the figure was mistyped"
    assert alert_of(office, opened).state == "checked"
    page.check("#alert-form [value=closed]")
    page.click("#alert-form button")
    page.wait_for_selector("[data-list=history] [data-kind=no_ground]")
    assert alert_of(office, opened).last.note == "the figure was mistyped"

    page.context.clear_cookies()
    page.reload()
    page.wait_for_selector("[data-figure=case] [data-told=reading]")
    assert page.locator("#alert-form").count() == 0
    assert page.locator("[data-list=history] li").count() == 4
