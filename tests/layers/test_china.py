"""The shipped pack against the official totals: 832 counties and the batches in which they left the list."""

import csv
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from fuping.layers.errors import PackError
from fuping.layers.pack import pack_folders, read_pack
from fuping.layers.stores import EmbeddedStore, open_store
from fuping.spatial.match_report import MatchReport

EXITS = {2016: 28, 2017: 125, 2018: 283, 2019: 344, 2020: 52}


@pytest.fixture(scope="session")
def designations(china):
    with (china.folder / "data" / "designations.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def report(store, name):
    return next(MatchReport.from_dict(one) for one in store.catalogue("cn")["reports"] if one["name"] == name)


def test_832_designations_leave_in_the_official_batches(designations):
    assert len(designations) == 832
    assert Counter(int(row["year_out"]) for row in designations) == EXITS


def test_every_row_names_its_source(designations):
    assert all(row["source"] for row in designations)


def test_no_designation_is_lost_in_silence(store):
    joined = report(store, "designations → county")
    assert (joined.n_left, joined.matched) == (832, 831)
    assert [(row.name, row.reason) for row in joined.unmatched_left] == [("大柴旦行委", "missing_code")]
    assert joined.duplicated_left == ("632803",)
    notes = " ".join(joined.notes)
    assert "旬阳市 610981 carried to 610928" in notes
    assert "冷湖行委 shares code 632803" in notes
    assert "茫崖行委 shares code 632803" in notes


def test_the_map_leaves_the_list_in_the_same_batches_less_what_the_report_names(store, designations):
    values = store.values("cn", "poverty_county_status", "county")
    assert values.years == tuple(range(2012, 2021))
    exited = (values.value == 2).sum(axis=1)
    per_year = dict(zip(values.years[1:], np.diff(exited).tolist(), strict=True))
    undrawn = Counter({2019: 0})
    undrawn[int(next(row["year_out"] for row in designations if row["county_zh"] == "大柴旦行委"))] += 1
    undrawn[int(next(row["year_out"] for row in designations if row["county_zh"] == "冷湖行委"))] += 1
    assert {year: n + undrawn[year] for year, n in per_year.items() if n} == EXITS
    assert not (values.reason != 0).any()


def test_a_county_that_no_list_names_is_not_designated_and_not_missing(store):
    codes = store.units("cn", "county")["code"]
    beijing = store.values("cn", "poverty_county_status", "county").value[:, codes.index("110101")]
    assert set(beijing) == {0.0}


def test_fuping_left_in_2019(store):
    units = store.units("cn", "county")
    at = units["code"].index("130624")
    assert (units["name_zh"][at], units["name_en"][at]) == ("阜平县", "Fuping County")
    values = store.values("cn", "poverty_county_status", "county")
    assert [int(one) for one in values.value[:, at]] == [1] * 7 + [2] * 2


def test_a_rate_that_was_not_published_is_missing_with_its_reason(store):
    values = store.values("cn", "rural_headcount_ratio", "nation")
    at = values.years.index(2013)
    assert np.isnan(values.value[at, 0])
    assert values.reason[at, 0] == 2
    assert values.value[values.years.index(2020), 0] == 0


def test_areas_are_those_of_china(store):
    # The yearbook's land area is about 9.6 million km2; the package draws no sea.
    total = sum(store.units("cn", "county")["area_km2"])
    assert 9.4e6 < total < 9.7e6
    assert total == pytest.approx(sum(store.units("cn", "province")["area_km2"]), rel=2e-3)


def test_six_of_27_project_counties_are_covered(store):
    years, covered = store.coverage("cn", "P133326", "county")
    assert years[0] == 2015
    assert set(covered.sum(axis=1)) == {6}
    assert report(store, "P133326 → county").notes == ("6 of 27 units are named in the sources",)


def test_every_indicator_and_source_says_where_it_is_from(store):
    catalogue = store.catalogue("cn")
    named = {source["id"]: source for source in catalogue["sources"]}
    for indicator in catalogue["indicators"]:
        assert indicator["sources"], indicator["id"]
        for source in indicator["sources"]:
            told = named[source]
            assert all(told[key] for key in ("licence", "citation", "status", "load_command"))
            # The hash of bytes that are pinned by the first file, or given by hand, is known once they are there.
            assert told["sha256"] or not told["loaded"]
            assert told["year"] or not told["loaded"]


def test_an_interrupted_build_leaves_the_earlier_one(store, tmp_path):
    own = EmbeddedStore(tmp_path)
    with own.writing("cn", "first") as folder:
        (folder / "catalogue.json").write_text('{"built_at": "2026-01-01", "sources": []}')

    def interrupted():
        with own.writing("cn", "second") as folder:
            (folder / "catalogue.json").write_text('{"built_at": "2026-01-02", "sources": []}')
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert own.catalogue("cn")["built_at"] == "2026-01-01"
    left = (path.name for path in (tmp_path / "packs" / "cn").iterdir() if path.name != ".lock")
    assert sorted(left) == ["current", "first"]


def test_the_data_folder_is_where_the_setting_says(tmp_path, monkeypatch):
    monkeypatch.setenv("FUPING_DATA", str(tmp_path))
    assert open_store().root == tmp_path
    assert open_store().packs() == []


def test_a_faulty_pack_is_refused_whole_with_every_fault(tmp_path):
    for path in pack_folders()["cn"].rglob("*"):
        if path.is_file():
            copy = tmp_path / path.relative_to(pack_folders()["cn"])
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    tables = (tmp_path / "tables.toml").read_text(encoding="utf-8")
    tables = tables.replace('source = "designations"', 'source = "nowhere"').replace(
        'indicator = "rural_poor_population"', 'indicator = "unknown"'
    )
    (tmp_path / "tables.toml").write_text(tables, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        read_pack(tmp_path)
    assert {(fault.file, fault.place) for fault in caught.value.faults} == {
        ("tables.toml", "designations"),
        ("tables.toml", "rural_poverty_population"),
        ("tables.toml", "rural_poverty_region"),
        ("tables.toml", "rural_poverty_province"),
    }
    assert "'nowhere'" in str(caught.value)
    assert "'unknown'" in str(caught.value)


def test_many_readers_at_once_read_the_same(store):
    def read(_):
        return store.values("cn", "rural_headcount_ratio", "nation").value, store.coverage("cn", "P133326", "county")[1]

    with ThreadPoolExecutor(8) as pool:
        (rate, covered), *others = pool.map(read, range(64))
    for other_rate, other_covered in others:
        np.testing.assert_array_equal(other_rate, rate)
        np.testing.assert_array_equal(other_covered, covered)
