"""What people began and did not end is named by the backup that it is not in, and nothing that is ended is."""

import tarfile

from fuping.dashboard.cli import app
from fuping.layers.ingest.drafts import Drafts
from fuping.layers.ingest.loads import Loads
from fuping.layers.ingest.proposals import Proposals
from fuping.layers.ingest.unfinished import unfinished
from fuping.layers.pack import find_pack
from fuping.layers.stores import EmbeddedStore
from small_pack import declare_unbuilt, small_store
from typer.testing import CliRunner


def test_a_backup_names_what_is_not_ended(tmp_path, monkeypatch):
    small_store(tmp_path)
    monkeypatch.setenv("FUPING_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("FUPING_DATABASE_URL", raising=False)
    store = EmbeddedStore(tmp_path / "data")
    assert unfinished(store) == []
    pack = find_pack(store, "at")
    proposals, drafts, loads = Proposals(store), Drafts(store), Loads(store)
    waits, path = proposals.open(pack, "figures", "next.csv", "li")
    path.write_text("code,people\nA1,11\nA2,20\n")
    proposals.check(pack, waits.id)
    let_go, path = proposals.open(pack, "figures", "other.csv", "li")
    path.write_text("code,people\n")
    proposals.drop(let_go.id)
    draft = drafts.open("wang")
    path = drafts.place(draft.id, "table", "rates.csv")
    path.write_text("code,rate\nB1,2\n")
    drafts.received(draft.id, "table", path)
    declare_unbuilt(store)
    loads.ask("bt", "build", who="sun")

    found = unfinished(store)
    assert [(one.kind, one.subject, one.who) for one in found] == [
        ("draft", "rates.csv", "wang"),
        ("load", "bt", "sun"),
        ("proposal", "at/figures next.csv", "li"),
    ]
    assert all(one.folder.is_dir() for one in found)
    told = CliRunner().invoke(app, ["backup", "--out", str(tmp_path / "all.tar")]).output
    for one in found:
        assert f"not in it, as it is not ended: {one.kind} {one.subject}, {one.state} by {one.who}" in told
    assert "other.csv" not in told
    with tarfile.open(tmp_path / "all.tar") as archive:
        assert not [name for name in archive.getnames() if name.startswith(("proposals", "drafts", "loads"))]
    proposals.take(waits.id)
    drafts.drop(draft.id)
    assert [one.kind for one in unfinished(store)] == ["load"]
