"""A source that the user supplies is checked before it is kept; a bad one changes nothing."""

import pytest
from fuping.layers.errors import SourceError, TableError
from fuping.layers.ingest.supply import supply_source
from fuping.layers.pack import pack_folders, read_pack
from fuping.layers.stores import EmbeddedStore

GOOD = b"fips,year,snap_recipients\n01001,2012,10\n"


@pytest.fixture
def states():
    return read_pack(pack_folders()["us"])


@pytest.fixture
def own(tmp_path):
    return EmbeddedStore(tmp_path / "data")


@pytest.fixture
def file(tmp_path):
    def write(content, name="given.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def kept(own):
    return {path.name: path.read_bytes() for path in own.supplied("us").glob("*")}


def test_a_good_file_is_kept_under_the_name_of_its_source(states, own, file):
    supply_source(states, own, "snap", file(GOOD))
    assert kept(own) == {"snap.csv": GOOD}


def test_a_file_of_another_ending_takes_the_place_of_the_one_before(states, own, file):
    import gzip

    supply_source(states, own, "snap", file(GOOD))
    supply_source(states, own, "snap", file(gzip.compress(GOOD), "given.csv.gz"))
    assert list(kept(own)) == ["snap.csv.gz"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"fips,year\n01001,2012\n",
        GOOD.replace(b",10", b",ten"),
        GOOD.replace(b",10", b",-1"),
        GOOD[:30] + b"\xff\xfe",
    ],
)
def test_a_faulty_file_is_refused_and_the_one_before_stays(states, own, file, content):
    supply_source(states, own, "snap", file(GOOD))
    with pytest.raises(TableError):
        supply_source(states, own, "snap", file(content, "bad.csv"))
    assert kept(own) == {"snap.csv": GOOD}


def test_boundaries_that_do_not_read_are_refused(states, own, file):
    with pytest.raises(SourceError, match="does not read as a vector file"):
        supply_source(states, own, "counties_2017", file(b'{"type": "Topology", "arcs"', "counties.topo.json"))
    assert kept(own) == {}


def test_a_source_that_is_not_declared_names_those_that_are(states, own, file):
    with pytest.raises(SourceError, match="Sources: counties_2017, counties_2023, saipe"):
        supply_source(states, own, "snip", file(GOOD))
