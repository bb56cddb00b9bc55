"""The page of the register: its filters, counts and files, who may write, and what each language says."""

import io
import json
import zipfile
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from cheap_hasher import cheap_hasher  # noqa: F401
from flask import Flask
from fuping.dashboard.alert_download import add_alert_download
from fuping.dashboard.components.alert_words import NAMES
from fuping.dashboard.components.profile_alerts import alerts_of_place
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.identity import COOKIE, ForbiddenError, add_identity
from fuping.dashboard.pages import alerts as page
from fuping.dashboard.pages import overview
from fuping.dashboard.queries.alert_loop import course, open_map
from fuping.dashboard.queries.alert_raising import alerts_to_raise
from fuping.dashboard.queries.alert_register import CAUSES, register_shown, waiting_for_me
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.profile import profile
from fuping.dashboard.reports.alert_section import alerts_section
from fuping.dashboard.state import ViewState
from fuping.layers.office import open_office
from fuping.layers.office.alert_moves import MOVES, STATES
from fuping.layers.office.alert_register import alerts_of
from fuping.layers.office.alert_steps import REFUSED, take_step
from fuping.layers.office.alerts import raise_alerts
from fuping.layers.office.people import add_person
from fuping.layers.office.sessions import begin_session

TODAY = date.today()

JUDGED = "pack=kr&indicator=grdp_per_head&level=municipality&line=20&grave=15"

SEOUL = "11"


@pytest.fixture
def reader(store, tmp_path):
    """Return a reader whose office has raised alerts; one is checked, and li acts on it next."""
    reader = Reader(store, open_office(tmp_path, url=""))
    raise_alerts(reader.office, "command", alerts_to_raise(reader, read(reader, JUDGED)))
    first = alerts_of(reader.office, "kr", today=TODAY)[0]
    said = {"responsible": "li", "due": TODAY.isoformat(), "note": "=1+1"}
    take_step(reader.office, "li", first.id, seen=first.last.id, state="checked", today=TODAY, **said)
    return reader


@pytest.fixture
def server(reader):
    server = Flask("tested")
    add_identity(server, reader)
    add_alert_download(server, reader)
    return server


def read(reader, query):
    return ViewState.read(query, reader.packs(), reader.catalogue)


def asking(server, reader, question, name="", **given):
    """Answer a question as someone: who has just been added with a name, or anyone."""
    headers = {}
    if name:
        add_person(reader.office, name, password="four words of chance", **given)
        headers = {"Cookie": f"{COOKIE}={begin_session(reader.office, name).token}"}
    with server.test_request_context("/", headers=headers):
        server.preprocess_request()
        return question()


def found(reader, query):
    return register_shown(reader, read(reader, f"pack=kr&{query}"), TODAY)


def test_what_is_counted_is_what_the_filter_would_list(reader):
    everything = found(reader, "state=all")
    assert everything.by_state["all"] == len(everything.found) == len(everything.everything)
    assert everything.by_state["checked"] == len(found(reader, "state=checked").found) == 1
    for colour in ("red", "orange", "yellow"):
        assert everything.by_severity.get(colour, 0) == len(found(reader, f"state=all&colour={colour}").found)
    red = found(reader, "colour=red")
    assert {one.severity for one in red.found} == {"red"}
    # Other colours are still counted, so that one can change over to them.
    assert red.by_severity == everything.by_severity
    assert sum(len(found(reader, f"state=all&cause={cause}").found) for cause in CAUSES) == len(everything.found)
    inside = found(reader, f"within={SEOUL}")
    assert 0 < len(inside.found) < len(everything.found)
    assert all(one.code.startswith(SEOUL) for one in inside.found)
    assert [one.code for one in found(reader, f"unit={inside.found[0].code}").found] == [inside.found[0].code]
    assert found(reader, "alert=1").opened.id == 1
    assert found(reader, "alert=nonsense").opened is None


def test_mine_and_my_area_are_those_of_who_asks(reader, server):
    def shown():
        return found(reader, "").by_people, waiting_for_me(reader, "kr", TODAY)

    counts, nobody = asking(server, reader, shown)
    assert (counts["me"], counts["area"], nobody) == (0, 0, None)
    counts, waiting = asking(server, reader, shown, "li", role="editor", areas=[("kr", SEOUL)])
    assert counts["me"] == waiting.mine == 1
    assert counts["area"] == len(found(reader, f"within={SEOUL}").found)
    assert waiting.late == 0
    counts, _ = asking(server, reader, shown, "wang", areas=[("cn", "130000")])
    assert (counts["me"], counts["area"]) == (0, 0)


def test_only_who_may_write_there_takes_a_step(reader, server):
    (one, *_) = [each for each in found(reader, "state=raised").found if not each.code.startswith(SEOUL)]
    said = {"alert": one.id, "seen": one.last.id, "state": "checked", "at": 1}

    def step():
        return page._step(reader, said, "en")

    for name, given in (("", {}), ("zhao", {}), ("li", {"role": "editor", "areas": [("kr", SEOUL)]})):
        with pytest.raises(ForbiddenError):
            asking(server, reader, step, name, **given)
    assert found(reader, f"unit={one.code}").found[0].state == "raised"
    told, refused = asking(server, reader, step, "wang", role="editor")
    assert not refused
    assert told.children == f"Alert {one.id} is now: Checked in the field."
    assert found(reader, f"unit={one.code}").found[0].last.who == "wang"
    again, refused = asking(server, reader, step, "hu", role="admin")
    assert refused
    assert "wang was first" in again.children


def test_an_editor_raises_only_in_their_area(reader, server):
    view = read(reader, f"{JUDGED}&line=25&lang=zh")

    def to_raise():
        return overview.to_raise_here(reader, view)

    assert asking(server, reader, to_raise)[0] == []
    mine, outside = asking(server, reader, to_raise, "li", role="editor", areas=[("kr", SEOUL)])
    assert mine
    assert outside
    assert all(one.code.startswith(SEOUL) for one in mine)


def test_the_files_hold_what_the_page_lists_with_its_steps_sources_and_lines(reader, server):
    client = server.test_client()
    body = client.get("/alerts/kr.csv?state=checked").data
    with zipfile.ZipFile(io.BytesIO(body)) as files:
        assert files.namelist() == ["kr_alerts.csv", "kr_steps.csv", "kr_alerts.csv.metadata.json"]
        listed, steps = (pd.read_csv(files.open(name)) for name in files.namelist()[:2])
        facts = json.load(files.open("kr_alerts.csv.metadata.json"))
    assert len(listed) == 1
    assert listed["licences"].notna().all()
    assert listed[["warning_line", "guarantee_line"]].to_numpy().tolist() == [[20, 15]]
    assert steps["kind"].tolist() == ["raised", "checked"]
    # What a spreadsheet would run stands there as text.
    assert steps["note"].tolist()[1] == listed["last_note"].tolist()[0] == "'=1+1"
    assert facts["asked"]["standing"] == "checked"
    assert facts["indicators"][0]["sources"][0]["licence"]
    book = pd.read_excel(io.BytesIO(client.get("/alerts/kr.xlsx?state=all").data), sheet_name=None)
    assert list(book) == ["alerts", "steps", "metadata"]
    assert len(book["alerts"]) == len(found(reader, "state=all").found)
    assert client.get("/alerts/xx.csv").status_code == 404
    assert client.get("/alerts/kr.txt").status_code == 404


def test_the_map_counts_open_alerts_and_the_loop_gives_no_median_of_few(reader):
    everything = found(reader, "state=all").everything
    drawn = open_map(reader, read(reader, "pack=kr"), everything, TODAY)
    assert drawn.n == len(everything)
    assert sum(entry.counts[0] for entry in drawn.layer.entries) == len(reader.units("kr", "municipality")["code"])
    how = course(everything, datetime.now(UTC))
    assert how.by_day.iloc[-1].sum() == len(everything)
    assert how.waits["checked"].n_there == 1
    assert how.waits["checked"].median != how.waits["checked"].median
    assert course((), datetime.now(UTC)) is None
    assert open_map(reader, read(reader, "pack=kr"), (), TODAY) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_step_and_refusal_has_its_words(reader, server, language):
    words = {"id": 1, "who": "li", "state": "", "note": "", "before": "", "what": "", "n": 1, "most": 1, "due": ""}
    assert all(message(f"alerts.refused.{why}", language, **words) for why in REFUSED)
    assert all(message(f"alerts.{family}.{one.kind}", language) for one in MOVES for family in ("move", "kind"))
    assert all(message(f"alerts.state.{state}", language) for state in STATES)
    assert all(message(f"vocabulary.cause.{cause}", language) for cause in CAUSES)
    assert all(message(f"alerts.who.{name}", language) for name in NAMES)
    first = found(reader, "").found[0].id
    for query in (f"alert={first}", "alert=99999", "state=closed", "cause=health", "whose=overdue"):
        view = read(reader, f"pack=kr&lang={language}&{query}")
        shown = register_shown(reader, view, TODAY)
        assert page._content(reader, view, shown)
        assert page._figures(reader, view, shown)
    empty = read(reader, f"pack=cn&lang={language}")
    assert page._content(reader, empty, register_shown(reader, empty, TODAY))
    assert page._figures(reader, empty, register_shown(reader, empty, TODAY)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_place_s_profile_and_report_tell_its_alerts(reader, language):
    one = found(reader, "state=checked").found[0]
    shown = profile(reader, read(reader, f"pack=kr&unit={one.code}&lang={language}"))
    (row,) = alerts_section(reader, shown).body.rows
    assert "li" in row.cells
    assert message("alerts.state.checked", language) in row.cells
    assert "=1+1" in str(alerts_of_place(reader, shown)[0])
    calm = next(code for code in reader.units("kr", "municipality")["code"] if not found(reader, f"unit={code}").found)
    other = profile(reader, read(reader, f"pack=kr&unit={calm}"))
    assert alerts_section(reader, other) is None
    assert alerts_of_place(reader, other) == []
