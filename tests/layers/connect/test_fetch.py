"""A source is fetched by the client of the connectors, and kept only where its bytes are the declared ones.

What the stub answers is simulated.
"""

import hashlib
from dataclasses import replace

import pytest
from fuping.layers.errors import SourceError
from fuping.layers.ingest.supply import fetch_source
from fuping.layers.pack import pack_folders, read_pack
from fuping.layers.stores import EmbeddedStore
from stub_service import Reply

GOOD = b"fips,year,snap_recipients\n01001,2012,10\n"

GOOD_HASH = hashlib.sha256(GOOD).hexdigest()


@pytest.fixture
def states():
    return read_pack(pack_folders()["us"])


@pytest.fixture
def own(tmp_path):
    return EmbeddedStore(tmp_path / "data")


def kept(own):
    return {path.name: path.read_bytes() for path in own.supplied("us").glob("*")}


def declared(states, **changes):
    sources = tuple(one.model_copy(update=changes) if one.id == "snap" else one for one in states.sources)
    return replace(states, sources=sources)


@pytest.fixture
def fetch(states, own, cache, patient):
    """Return a function that fetches the source from an address, with a hash."""

    def fetch(url, sha256=GOOD_HASH, **more):
        pack = declared(states, url=url, sha256=sha256)
        return fetch_source(pack, own, "snap", **({"cache": cache, "retry": patient, "loopback": True} | more))

    return fetch


def test_a_source_is_fetched_when_its_bytes_are_the_declared_ones(fetch, own, stub):
    stub.script("/good.csv", Reply(GOOD))
    came = []
    fetch(f"{stub.base}/good.csv", progress=lambda done, size: came.append((done, size)))
    assert kept(own) == {"snap.csv": GOOD}
    assert came[-1] == (len(GOOD), len(GOOD))


def test_a_server_that_fails_is_asked_again_and_a_transfer_goes_on_where_it_broke(fetch, own, stub):
    def rest(query, headers):
        assert headers["Range"] == "bytes=9-"
        told = {"ETag": '"1"', "Content-Range": f"bytes 9-{len(GOOD) - 1}/{len(GOOD)}"}
        return Reply(GOOD[9:], status=206, headers=told)

    stub.script("/good.csv", Reply(status=503), Reply(GOOD, headers={"ETag": '"1"'}, cut=9), rest)
    fetch(f"{stub.base}/good.csv")
    assert kept(own) == {"snap.csv": GOOD}
    assert len(stub.asked) == 3


def test_an_address_may_lead_on_to_another_host_but_into_no_private_network(fetch, own, stub):
    stub.script(
        "/good.csv", Reply(status=302, headers={"Location": stub.base.replace("127.0.0.1", "localhost") + "/b"})
    )
    stub.script("/b", Reply(GOOD))
    fetch(f"{stub.base}/good.csv")
    assert kept(own) == {"snap.csv": GOOD}
    stub.script("/other.csv", Reply(status=302, headers={"Location": "https://169.254.169.254/latest/meta-data"}))
    with pytest.raises(
        SourceError, match=r"169\.254\.169\.254, which is not a public address.*fuping source add us snap"
    ):
        fetch(f"{stub.base}/other.csv")


def test_this_machine_is_not_asked_unless_a_test_does(fetch, own, stub):
    stub.script("/good.csv", Reply(GOOD))
    with pytest.raises(SourceError, match="without encryption"):
        fetch(f"{stub.base}/good.csv", loopback=False)
    assert (stub.asked, kept(own)) == ([], {})


def test_other_bytes_than_declared_are_refused(fetch, own, stub):
    stub.script("/good.csv", Reply(GOOD))
    with pytest.raises(SourceError, match=GOOD_HASH):
        fetch(f"{stub.base}/good.csv", "0" * 64)
    assert kept(own) == {}


@pytest.mark.parametrize(("url", "told"), [("{}/absent.csv", "404"), ("file:///etc/hostname", "no address on the web")])
def test_an_address_that_gives_nothing_is_told(fetch, stub, url, told):
    with pytest.raises(SourceError, match=told):
        fetch(url.format(stub.base), "0" * 64)


def test_a_page_for_people_is_not_fetched(states, own):
    with pytest.raises(SourceError, match="is a page and not a file"):
        fetch_source(states, own, "snap")
