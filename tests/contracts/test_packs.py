"""What every pack must keep, whichever country it is."""

import pytest
from fuping.layers.build.check import check_pack
from fuping.layers.country import Country
from fuping.layers.pack import pack_folders
from fuping.spatial.cube.missing import MissingReason

CODES = sorted(pack_folders())


@pytest.fixture(params=CODES)
def country(request, store):
    if request.param not in store.packs():
        pytest.skip(f"{request.param} needs the shared data, which are not here")
    return Country(store, request.param)


@pytest.mark.parametrize("code", CODES)
def test_a_pack_holds_declarations_and_tables_and_no_program(code):
    kinds = {path.suffix for path in pack_folders()[code].rglob("*") if path.is_file()}
    assert kinds <= {".toml", ".csv", ".md"}


@pytest.mark.parametrize("code", CODES)
def test_a_pack_is_without_fault(code):
    assert check_pack(pack_folders()[code]).info.code == code


@pytest.mark.parametrize("code", CODES)
def test_every_row_of_a_pack_file_names_its_source(code):
    from fuping.layers.pack import read_pack
    from fuping.layers.sources.tabular import read_text_table

    pack = read_pack(pack_folders()[code])
    drawn = {layer.source for layer in pack.reference.layers}
    for source in pack.sources:
        if source.kind == "pack_file" and source.id not in drawn:
            rows = read_text_table(pack.folder / str(source.path), "csv")
            named = [name for name in rows.columns if name == "source" or name.endswith("_source")]
            assert named, source.id
            assert (rows[named] != "").all(axis=None), source.id


def test_every_indicator_says_what_it_is_and_where_it_is_from(country):
    named = {source["id"]: source for source in country.catalogue["sources"]}
    for one in country.catalogue["indicators"]:
        assert one["name"]["en"] != one["name"]["zh"] or one["name"]["en"] == ""
        assert one["meaning"]["en"]
        assert one["meaning"]["zh"]
        assert one["sources"], one["id"]
        for level in one["levels"].values():
            for year, sources in level["sources"].items():
                assert sources, (one["id"], year)
                assert all(named[source]["licence"] and named[source]["citation"] for source in sources)


def test_what_is_loaded_has_the_hash_of_its_bytes(country):
    for source in country.catalogue["sources"]:
        if source["loaded"] and any(source["id"] in one["sources"] for one in country.catalogue["indicators"]):
            assert len(source["sha256"]) == 64, source["id"]


def test_every_report_adds_up(country):
    assert country.reports
    for report in country.reports:
        assert report.n_left == report.matched + len(report.unmatched_left)


def test_every_figure_has_a_value_or_a_reason_and_a_status(country):
    for level in [one["id"] for one in country.catalogue["levels"]]:
        if not any(level in one["levels"] for one in country.catalogue["indicators"]):
            continue
        cube = country.cube(level=level)
        for name in [one for one in cube.data_vars if f"{one}_reason" in cube]:
            observed = cube[f"{name}_reason"].values == MissingReason.OBSERVED
            assert (observed == ~cube[name].isnull().values).all(), (level, name)
            assert (cube[f"{name}_status"].values[observed] > 0).all(), (level, name)


def test_names_stand_in_both_languages_and_parents_exist(country):
    levels = [one["id"] for one in country.catalogue["levels"]]
    units = {level: country.units(level) for level in levels}
    for level, table in units.items():
        assert (table["name_en"].str.len() > 0).all()
        assert (table["name_zh"].str.len() > 0).all()
        for above, codes in table.groupby("parent_level")["parent_code"]:
            assert above == "" or set(codes) <= set(units[above]["code"]), (level, above)


def test_rates_stay_within_their_bounds_at_every_level(store, country):
    for one in country.catalogue["indicators"]:
        for level in one["levels"]:
            # As they are stored: a cube of each would take a minute.
            values = store.values(country.pack, one["id"], level).value
            if one["minimum"] is not None:
                assert not (values < one["minimum"] - 1e-9).any(), (one["id"], level)
            if one["maximum"] is not None:
                assert not (values > one["maximum"] + 1e-9).any(), (one["id"], level)
