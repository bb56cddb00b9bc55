"""A declaration that is wrong is refused with its place; one that is right is kept as it was written."""

import pytest
from fuping.layers.errors import PackError
from fuping.layers.pack import read_pack
from fuping.layers.schema.metadata import Indicator, Series, Source, Table, Text
from fuping.layers.schema.vocabulary import FigureStatus, words
from pydantic import ValidationError
from small_pack import write_small_pack

TEXT = {"en": "name", "zh": "名"}


def source(**changes):
    declared = {
        "id": "saipe",
        "title": TEXT,
        "publisher": TEXT,
        "licence": "public domain",
        "citation": "US Census Bureau, SAIPE.",
        "kind": "url",
        "url": "https://www.census.gov/programs-surveys/saipe.html",
        "status": "modelled",
    }
    return Source(**declared | changes)


def indicator(**changes):
    declared = {
        "id": "headcount_ratio",
        "theme": TEXT,
        "name": TEXT,
        "unit": {"en": "%", "zh": "%"},
        "kind": "rate",
        "aggregation": "intensive",
        "direction": "higher_is_worse",
        "meaning": TEXT,
    }
    return Indicator(**declared | changes)


def test_text_falls_back_to_english():
    text = Text(en="Fuping County", zh="阜平县")
    assert text.in_("zh-CN") == "阜平县"
    assert text.in_("fr") == "Fuping County"


def test_a_source_without_licence_is_refused():
    with pytest.raises(ValidationError, match="licence"):
        source(licence="")


@pytest.mark.parametrize(("kind", "absent"), [("package", "package, path"), ("pack_file", "path")])
def test_a_source_says_which_place_is_missing(kind, absent):
    with pytest.raises(ValidationError, match=f"needs {absent}"):
        source(kind=kind)


def test_a_misspelt_key_is_a_fault():
    with pytest.raises(ValidationError, match="licens"):
        source(license="CC0-1.0")


def test_a_status_outside_the_list_is_refused_and_the_list_is_named():
    with pytest.raises(ValidationError) as caught:
        source(status="official")
    assert all(word in str(caught.value) for word in words(FigureStatus))


def test_a_rate_cannot_be_summed():
    with pytest.raises(ValidationError, match="intensive"):
        indicator(aggregation="extensive")


def test_a_status_indicator_needs_its_categories():
    with pytest.raises(ValidationError, match="categories"):
        indicator(kind="status", aggregation="none")


def test_a_table_needs_exactly_one_year_and_one_code():
    series = [Series(indicator="headcount_ratio", value="pov_rate")]
    declared = {"id": "t", "source": "saipe", "format": "csv", "level": "county", "series": series}
    assert Table(**declared, code_column="fips", year_column="year").year is None
    with pytest.raises(ValidationError, match="year_column and year"):
        Table(**declared, code_column="fips", year_column="year", year=2012)
    with pytest.raises(ValidationError, match="code_column and code"):
        Table(**declared, year=2012)


def test_a_key_that_packs_once_had_is_refused_with_what_to_do(tmp_path):
    folder = write_small_pack(tmp_path).declared / "at"
    file = folder / "boundaries.toml"
    file.write_text(
        file.read_text("utf-8").replace("reference = true", 'reference = true\noutline_source = "x"', 1), "utf-8"
    )
    with pytest.raises(PackError) as refused:
        read_pack(folder)
    [fault] = refused.value.faults
    assert fault.file == "boundaries.toml"
    assert "'outline_source'" in fault.found
    assert fault.remedy.startswith("Remove it: it was never read.")
