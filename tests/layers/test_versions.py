"""Builds are kept, compared and gone back to; a store is backed up and brought back whole or not at all."""

import os
import tarfile
import time

import numpy as np
import pandas as pd
import pytest
from fuping.dashboard.cli import app
from fuping.layers.build.pipeline import build_pack
from fuping.layers.errors import NotBuiltError, SourceError
from fuping.layers.pack import read_pack
from fuping.layers.stores import EmbeddedStore
from fuping.layers.stores.archive import back_up, restore
from fuping.layers.stores.difference import difference
from small_pack import people, small_store
from typer.testing import CliRunner


@pytest.fixture
def store(tmp_path):
    return small_store(tmp_path)


def change(store, people):
    """Put other figures into the pack."""
    folder = store.declared / "at"
    pd.DataFrame({"code": list(people), "people": list(people.values())}).to_csv(
        folder / "data" / "figures.csv", index=False
    )
    sources = (folder / "sources.toml").read_text("utf-8").splitlines()
    (folder / "sources.toml").write_text("\n".join(one for one in sources if not one.startswith("sha256")), "utf-8")


def rebuild(store, people):
    """Build again with other figures in the pack."""
    change(store, people)
    return build_pack(read_pack(store.declared / "at"), store)


def test_a_build_can_be_gone_back_to(store):
    first = store.version("at")
    second = rebuild(store, {"A1": 11, "A2": 20})
    assert [one.version for one in store.builds("at")] == [second, first]
    assert people(store) == [11, 20]
    store.use("at", first)
    assert people(store) == [10, 20]
    assert store.held("at")
    assert [one.current for one in store.builds("at")] == [True, False]
    with pytest.raises(NotBuiltError, match="has no build 'x'"):
        store.use("at", "x")
    third = rebuild(store, {"A1": 12, "A2": 20})
    assert not store.held("at")
    rebuild(store, {"A1": 13, "A2": 20})
    assert len({one.built_at for one in store.builds("at")}) == 3
    assert third in {one.version for one in store.builds("at")}


def test_a_held_build_is_not_replaced_by_the_way(store, monkeypatch):
    monkeypatch.setenv("FUPING_DATA", str(store.root))
    first = store.version("at")
    second = rebuild(store, {"A1": 11, "A2": 20})
    run = CliRunner()
    assert run.invoke(app, ["version", "use", "at", first]).exit_code == 0
    assert "held at" in run.invoke(app, ["build", "at"]).output
    assert store.version("at") == first
    assert run.invoke(app, ["build", "at", "--force"]).exit_code == 0
    assert store.version("at") == second


def test_two_builds_are_compared_figure_by_figure(store, monkeypatch):
    old = store.folder("at")
    rebuild(store, {"A1": 11})
    found = difference(old, store.folder("at"))
    told = found.figures.set_index(["level", "code"])
    assert told.loc[("unit", "A1"), ["old", "new", "what"]].tolist() == [10, 11, "changed"]
    assert told.loc[("unit", "A2"), "what"] == "removed"
    assert np.isnan(told.loc[("unit", "A2"), "new"])
    assert found.counts().loc[("people", "unit")].to_dict() == {"added": 0, "removed": 1, "changed": 1}
    assert (found.units_added, found.units_removed) == ((), ())
    assert difference(old, old).none
    monkeypatch.setenv("FUPING_DATA", str(store.root))
    shown = CliRunner().invoke(app, ["version", "diff", "at", old.name])
    assert "people, unit: 0 added, 1 removed, 1 changed" in shown.output


def test_a_backup_is_brought_back_into_an_empty_store(store, tmp_path):
    assert back_up(store, tmp_path / "all.tar").packs == ("at",)
    other = EmbeddedStore(tmp_path / "other")
    assert restore(other, tmp_path / "all.tar").packs == ("at",)
    assert people(other) == [10, 20]
    assert (other.declared / "at" / "pack.toml").is_file()


def test_a_damaged_backup_changes_nothing(store, tmp_path):
    back_up(store, tmp_path / "all.tar")
    rebuild(store, {"A1": 11, "A2": 20})
    whole = (tmp_path / "all.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match=r"cut\.tar"):
        restore(store, tmp_path / "cut.tar")
    place = whole.index(b"PAR1") + 40
    (tmp_path / "flipped.tar").write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    with pytest.raises(SourceError, match="are not what was backed up"):
        restore(store, tmp_path / "flipped.tar")
    assert people(store) == [11, 20]


def test_a_backup_cannot_write_outside_the_store(store, tmp_path):
    (tmp_path / "evil.txt").write_text("x")
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        archive.add(tmp_path / "evil.txt", arcname="../outside.txt")
    with pytest.raises(SourceError, match="no backup"):
        restore(store, tmp_path / "evil.tar")
    assert not (tmp_path / "outside.txt").exists()


def test_an_update_is_shown_before_it_is_taken(store, monkeypatch):
    monkeypatch.setenv("FUPING_DATA", str(store.root))
    first = store.version("at")
    change(store, {"A1": 11, "A2": 20})
    run = CliRunner()
    declined = run.invoke(app, ["update", "at"], input="n\n")
    assert "people, unit: 0 added, 0 removed, 1 changed" in declined.output
    assert store.version("at") == first
    assert people(store) == [10, 20]
    assert [path.name for path in store.folder("at").parent.iterdir() if path.is_dir()] == [first]
    assert run.invoke(app, ["update", "at", "--yes"]).exit_code == 0
    assert people(store) == [11, 20]
    assert "tell the same" in run.invoke(app, ["update", "at", "--yes"]).output


def test_a_pointer_that_looks_like_the_one_before_is_read_all_the_same(tmp_path):
    pointer = tmp_path / "packs" / "at" / "current"
    pointer.parent.mkdir(parents=True)
    now = time.time_ns()
    for version in ("one", "two"):
        pointer.write_text(version)
        os.utime(pointer, ns=(now, now))  # two within the grain of the clock, with the same number of a file
        assert EmbeddedStore(tmp_path).version("at") == version
