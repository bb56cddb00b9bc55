"""A source whose hash nobody knows beforehand is pinned to the first file that comes.

What the stub answers is simulated.
"""

import hashlib
import json
from dataclasses import replace

import pytest
from fuping.layers.errors import SourceError
from fuping.layers.ingest.supply import fetch_source, supply_source
from fuping.layers.pack import pack_folders, read_pack
from fuping.layers.schema.metadata import Source
from fuping.layers.sources.locate import check_hash, load_command
from fuping.layers.sources.pins import PINS, read_pins
from fuping.layers.stores import EmbeddedStore
from pydantic import ValidationError
from stub_service import Reply

FIRST = b"fips,year,snap_recipients\n01001,2012,10\n"
LATER = FIRST.replace(b",10", b",11")


def sha(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def own(tmp_path):
    return EmbeddedStore(tmp_path / "data")


@pytest.fixture
def pinned(stub):
    states = read_pack(pack_folders()["us"])
    told = {"url": f"{stub.base}/answer?format=csv", "pinned": True, "file_name": "snap.csv", "sha256": None}
    return replace(
        states, sources=tuple(one.model_copy(update=told) if one.id == "snap" else one for one in states.sources)
    )


@pytest.fixture
def fetch(pinned, own, cache, patient):
    return lambda **more: fetch_source(pinned, own, "snap", cache=cache, retry=patient, loopback=True, **more)


def kept(own):
    return own.supplied("us").joinpath("snap.csv").read_bytes()


def test_the_first_file_pins_and_another_is_refused_with_both_hashes_until_it_is_taken_on_purpose(fetch, own, stub):
    stub.script("/answer", Reply(FIRST), Reply(LATER), Reply(LATER))
    fetch()
    pin = read_pins(own.supplied("us"))["snap"]
    assert (pin.sha256, pin.size) == (sha(FIRST), len(FIRST))
    with pytest.raises(SourceError, match=f"(?s){sha(LATER)}.*pinned to {sha(FIRST)}.*--repin"):
        fetch()
    assert kept(own) == FIRST
    fetch(repin=True)
    assert kept(own) == LATER
    assert read_pins(own.supplied("us"))["snap"].sha256 == sha(LATER)


def test_the_same_file_given_by_hand_keeps_the_day_of_the_pin(pinned, own, tmp_path):
    given = tmp_path / "given.csv"
    given.write_bytes(FIRST)
    supply_source(pinned, own, "snap", given)
    home = own.supplied("us")
    told = json.loads((home / PINS).read_text())
    told["snap"]["on"] = "2020-01-02T00:00:00+00:00"
    (home / PINS).write_text(json.dumps(told))
    supply_source(pinned, own, "snap", given)
    assert read_pins(home)["snap"].on.startswith("2020-01-02")


def test_a_file_that_was_changed_in_the_data_folder_is_refused_by_the_build(pinned, own, tmp_path):
    given = tmp_path / "given.csv"
    given.write_bytes(FIRST)
    path = supply_source(pinned, own, "snap", given)
    path.write_bytes(LATER)
    with pytest.raises(SourceError, match="pinned to"):
        check_hash(pinned.source("snap"), path, own.supplied("us"))


def test_without_a_hash_only_the_declared_host_is_believed(fetch, own, stub):
    other = stub.base.replace("127.0.0.1", "localhost")
    stub.script("/answer", Reply(status=302, headers={"Location": f"{other}/b"}))
    stub.script("/b", Reply(FIRST))
    with pytest.raises(SourceError, match="localhost"):
        fetch()
    assert read_pins(own.supplied("us")) == {}


def test_pinning_is_for_addresses_without_a_hash(pinned):
    source = pinned.source("snap")
    assert load_command("us", source) == "fuping source fetch us snap"
    for wrong in ({"sha256": "0" * 64}, {"kind": "pack_file", "path": "x.csv"}):
        with pytest.raises(ValidationError, match="pinned"):
            Source.model_validate(source.model_dump() | wrong)
