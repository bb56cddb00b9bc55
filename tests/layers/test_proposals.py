"""A file is proposed, checked and compared aside, and then taken whole or not at all. Its figures are simulated."""

import json
import subprocess
import sys

import pandas as pd
import pytest
from fuping.layers.build.pipeline import build_pack
from fuping.layers.errors import SourceError
from fuping.layers.ingest.column_match import write_matched
from fuping.layers.ingest.proposals import Proposals
from fuping.layers.pack import read_pack
from fuping.layers.sources.tabular import read_text_table
from small_pack import people, small_store

GOOD = "code,people\nA1,11\nA2,20\n"


@pytest.fixture
def own(tmp_path):
    return small_store(tmp_path)


@pytest.fixture
def pack(own):
    return read_pack(own.declared / "at")


@pytest.fixture
def proposals(own):
    return Proposals(own)


def propose(proposals, pack, content, name="next.csv"):
    opened, path = proposals.open(pack, "figures", name, "li")
    path.write_text(content, encoding="utf-8")
    return proposals.check(pack, opened.id)


def test_nothing_in_use_changes_before_it_is_taken(own, pack, proposals):
    version = own.version("at")
    ready = propose(proposals, pack, GOOD)
    assert (ready.state, ready.base, ready.who) == ("ready", version, "li")
    assert list(ready.changes) == [
        {"indicator": "people", "level": "unit", "added": 0, "removed": 0, "changed": 1}
    ] or {(one["level"], one["changed"]) for one in ready.changes} == {("unit", 1), ("nation", 1)}
    assert people(own) == [10, 20]
    assert own.version("at") == version
    assert list(own.supplied("at").glob("*")) == []


def test_what_is_taken_is_what_was_shown(own, pack, proposals):
    ready = propose(proposals, pack, GOOD)
    changed = proposals.figures(ready.id)
    assert changed.loc[changed["level"] == "unit", ["code", "old", "new", "what"]].to_numpy().tolist() == [
        ["A1", 10, 11, "changed"]
    ]
    taken = proposals.take(ready.id, "corrected by the office of A1")
    assert (taken.state, taken.note) == ("taken", "corrected by the office of A1")
    assert people(own) == [11, 20]
    assert own.version("at") == ready.version
    assert not own.held("at")
    assert [one.version for one in own.builds("at")] == [ready.version, ready.base]
    assert [path.read_text() for path in own.supplied("at").glob("figures.*")] == [GOOD]


def test_the_build_that_is_taken_is_the_one_that_the_file_gives(own, pack, proposals):
    from fuping.layers.build.fingerprint import fingerprint

    proposals.take(propose(proposals, pack, GOOD).id)
    assert fingerprint(pack, own) == own.version("at")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("code,people\nA1,ten\nA2,20\n", "row 2"),
        ("code,persons\nA1,11\n", "people"),
        ("", "next.csv"),
        ("code,people\nA1,-4\nA1,5\nA2,x\n", "row 4"),
    ],
)
def test_a_faulty_file_is_told_row_by_row_and_cannot_be_taken(own, pack, proposals, content, told):
    faulty = propose(proposals, pack, content)
    assert faulty.state == "faulty"
    assert faulty.n_faults == len(faulty.faults) > 0
    assert told in " ".join(faulty.faults)
    with pytest.raises(SourceError, match="not ready"):
        proposals.take(faulty.id)
    assert people(own) == [10, 20]


def test_one_that_was_overtaken_is_checked_again_first(own, pack, proposals):
    first, second = propose(proposals, pack, GOOD), propose(proposals, pack, GOOD.replace("20", "21"))
    proposals.take(first.id)
    with pytest.raises(SourceError, match="Check it again"):
        proposals.take(second.id)
    assert people(own) == [11, 20]
    again = proposals.check(pack, second.id)
    assert again.base == first.version
    proposals.take(again.id)
    assert people(own) == [11, 21]


def test_one_that_is_dropped_or_taken_leaves_no_bytes(own, pack, proposals):
    dropped, taken = propose(proposals, pack, GOOD), propose(proposals, pack, GOOD)
    proposals.drop(dropped.id)
    proposals.take(taken.id)
    assert sorted(path.name for path in (own.root / "proposals").rglob("*") if path.is_file()) == [
        ".lock",
        ".lock",
        "difference.parquet",
        "difference.parquet",
        "proposal.json",
        "proposal.json",
    ]
    with pytest.raises(SourceError, match="was taken"):
        proposals.drop(taken.id)


def test_a_check_that_is_broken_off_is_made_again(own, pack, proposals):
    opened, path = proposals.open(pack, "figures", "next.csv", "li")
    path.write_text(GOOD, encoding="utf-8")
    assert proposals.check(pack, opened.id, stop=lambda: True).state == "stopped"
    assert proposals.check(pack, opened.id).state == "ready"


def test_a_process_that_dies_while_checking_leaves_a_stopped_proposal(own, pack, proposals):
    opened, path = proposals.open(pack, "figures", "next.csv", "li")
    path.write_text(GOOD, encoding="utf-8")
    program = (
        "import os, sys; from pathlib import Path; from fuping.layers.ingest.proposals import Proposals;"
        "from fuping.layers.pack import read_pack; from fuping.layers.stores import EmbeddedStore;"
        "store = EmbeddedStore(Path(sys.argv[1]));"
        "Proposals(store).check(read_pack(store.declared / 'at'), sys.argv[2], stop=lambda: os._exit(9))"
    )
    ended = subprocess.run(
        [sys.executable, "-P", "-c", program, str(own.root), opened.id], check=False, capture_output=True, text=True
    )
    assert ended.returncode == 9, ended.stderr
    assert proposals.get(opened.id).state == "stopped"
    assert people(own) == [10, 20]
    assert proposals.take(proposals.check(pack, opened.id).id).state == "taken"
    assert people(own) == [11, 20]


def test_two_do_not_work_on_the_same_one(own, pack, proposals):
    opened, path = proposals.open(pack, "figures", "next.csv", "li")
    path.write_text(GOOD, encoding="utf-8")
    seen = []

    def other():
        seen.append(proposals.get(opened.id).state)
        with pytest.raises(SourceError, match="worked on"):
            proposals.drop(opened.id)
        return False

    assert proposals.check(pack, opened.id, stop=other).state == "ready"
    assert set(seen) == {"checking"}


@pytest.mark.parametrize("identity", ["", "../../etc", "0" * 15, "zzzzzzzzzzzzzzzz", "0" * 16])
def test_what_names_no_proposal_is_refused(proposals, identity):
    with pytest.raises(SourceError, match="no proposal"):
        proposals.get(identity)


NAMES = [
    "../../../etc/passwd",
    "..\\..\\x.csv",
    "/abs.csv",
    "",
    "..",
    "a/..",
    "a\0b.csv",
    "县" * 300 + ".csv",
    "." + "x" * 999,
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_leads_nowhere_else_and_can_be_that_of_a_file(own, pack, proposals, name):
    opened, path = proposals.open(pack, "figures", name, "li")
    assert path.resolve().is_relative_to((own.root / "proposals" / opened.id / "file").resolve())
    path.write_text(GOOD, encoding="utf-8")
    assert proposals.check(pack, opened.id).state == "ready"


def test_a_file_without_an_ending_is_used_by_the_next_build_too(own, pack, proposals):
    proposals.take(propose(proposals, pack, GOOD, "figures").id)
    build_pack(pack, own)
    assert people(own) == [11, 20]
    # One after the other, without any of them in the other's way.
    proposals.take(propose(proposals, pack, GOOD.replace("11", "12"), ".csv").id)
    build_pack(pack, own)
    assert people(own) == [12, 20]


def excel(path, rows):
    pd.DataFrame(rows).to_excel(path, index=False)


def test_a_file_whose_columns_have_other_names_is_read_by_those_that_a_person_chooses(own, pack, proposals):
    opened, path = proposals.open(pack, "figures", "counted.xlsx", "li")
    excel(path, {"Year of census": [2021, 2021], "How many": [11, 21], "District": ["A1", "A2"]})
    faulty = proposals.check(pack, opened.id)
    assert (faulty.state, faulty.there) == ("faulty", ("Year of census", "How many", "District"))
    # The codes are known by the units', and nothing is alike enough to be the figures.
    assert faulty.guessed == {"code": "District", "people": ""}
    with pytest.raises(SourceError, match="people"):
        proposals.match(opened.id, faulty.guessed)
    with pytest.raises(SourceError, match="people"):
        proposals.match(opened.id, {"code": "District", "people": "elsewhere"})
    chosen = {"code": "District", "people": "How many"}
    proposals.match(opened.id, chosen)
    ready = proposals.check(pack, opened.id)
    assert (ready.state, ready.columns) == ("ready", chosen)
    assert {(one["level"], one["changed"]) for one in ready.changes} == {("unit", 2), ("nation", 1)}
    proposals.take(ready.id)
    build_pack(pack, own)
    assert people(own) == [11, 21]


def test_a_name_that_is_nearly_the_declared_one_is_proposed(proposals, pack):
    faulty = propose(proposals, pack, "Code ,Peoples\nA1,11\nA2,20\n")
    assert faulty.guessed == {"code": "Code", "people": "Peoples"}


def test_a_file_of_another_format_with_the_declared_columns_is_read_without_asking(own, pack, proposals):
    opened, path = proposals.open(pack, "figures", "counted.xlsx", "li")
    excel(path, {"code": ["A1", "A2"], "people": [12, 22]})
    assert proposals.check(pack, opened.id).state == "ready"
    proposals.take(opened.id)
    assert people(own) == [12, 22]
    # A fault in one is told by its row.
    opened, path = proposals.open(pack, "figures", "counted.xlsx", "li")
    excel(path, {"code": ["A1", "A2"], "people": ["12", "many"]})
    faulty = proposals.check(pack, opened.id)
    assert (faulty.state, faulty.n_faults) == ("faulty", 1)
    assert "row 3" in str(faulty.faults[0])


def test_what_is_no_table_or_has_the_declared_columns_asks_for_none(pack, proposals):
    for name, body in (("a.xlsx", "no workbook"), ("a.zip", "x"), ("a.csv", ""), ("a.csv", "code,people\nA1,x\n")):
        faulty = propose(proposals, pack, body, name)
        assert (faulty.state, faulty.there, faulty.guessed) == ("faulty", (), {})


def test_a_file_that_is_rewritten_keeps_its_rows_and_the_columns_that_nobody_asked_for(pack, tmp_path):
    rows = pd.DataFrame({"people": ["1", "2"], "the code": ["A2", "A1"], "note": ["a,\nb", ""], "new": ["05", "6"]})
    rows.to_parquet(tmp_path / "in.parquet")
    told = {"code": "the code", "people": "new"}
    written = write_matched(tmp_path / "in.parquet", pack.tables[0], told, tmp_path / "out")
    read = read_text_table(written, "csv")
    # The old *people* gives way to the column that was chosen for it.
    assert read.to_dict("list") == {"code": ["A2", "A1"], "people": ["05", "6"], "note": ["a,\nb", ""]}


def test_a_source_of_fixed_bytes_is_not_supplied(pack, proposals):
    with pytest.raises(SourceError, match="no source 'boundaries' to supply"):
        proposals.open(pack, "boundaries", "x.geojson", "li")


def test_the_list_is_of_one_pack_and_latest_first(own, pack, proposals):
    first, second = propose(proposals, pack, GOOD), propose(proposals, pack, "")
    path = own.root / "proposals" / first.id / "proposal.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(told | {"made_at": "2000-01-01T00:00:00+00:00"}), encoding="utf-8")
    assert [one.id for one in proposals.of("at")] == [second.id, first.id]
    assert proposals.of("cn") == []
