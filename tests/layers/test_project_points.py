"""Positions of a project's places: read from its list, served to the map; the project here is made up."""

import gzip
import json

import pytest
from fuping.dashboard.app import create_app
from fuping.layers.build.pipeline import build_pack
from fuping.layers.build.project_points import project_points
from fuping.layers.errors import PackError
from fuping.layers.pack import read_pack
from pack_with_sites import pack_with_sites


def test_points_are_those_of_the_list_and_reach_the_map(tmp_path):
    own = pack_with_sites(tmp_path, "A1,0.5,0.25,Well\nA2,1.5,0.75,\nA2,,,Office\n")
    pack = read_pack(own.declared / "at")
    found = project_points(pack)
    assert found[["place_name", "longitude", "latitude"]].to_numpy().tolist() == [["Well", 0.5, 0.25], ["", 1.5, 0.75]]
    build_pack(pack, own)
    client = create_app(own).server.test_client()
    told = json.loads(gzip.decompress(client.get("/points/at/wells.json").data))
    assert [one["geometry"]["coordinates"] for one in told["features"]] == [[0.5, 0.25], [1.5, 0.75]]
    assert [one["properties"]["name"] for one in told["features"]] == ["Well", ""]
    assert client.get("/points/at/nothing.json").status_code == 404
    assert client.get("/points/xx/wells.json").status_code == 404
    years, covered = own.coverage("at", "wells", "unit")
    assert (years, covered.tolist()) == ([2020], [[1, 1]])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("A1,0.5,,Well", "row 2"),
        ("A1,181,0,Well", "longitude '181'"),
        ("A1,0.5,north,Well", "north"),
        ("A1,0.5,-91,Well", "both, in degrees, or neither"),
    ],
)
def test_a_position_that_is_none_is_refused_with_its_row(tmp_path, row, told):
    own = pack_with_sites(tmp_path, f"{row}\n")
    with pytest.raises(PackError, match=told):
        project_points(read_pack(own.declared / "at"))


def test_lists_without_positions_have_no_points(china):
    assert project_points(china).empty
