"""The cube: labels, units and reasons stay with the figures, by code, by place and by year."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from fuping.spatial.cube.dataset import cube_table, to_dataset
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.cube.values import lay_out
from fuping.spatial.errors import CubeError


@pytest.fixture
def units():
    squares = [shapely.box(x, 0, x + 1, 1) for x in range(4)]
    return gpd.GeoDataFrame({"code": list("abcd"), "name_en": list("ABCD")}, geometry=squares, crs="EPSG:4326")


@pytest.fixture
def cube(units):
    rate = lay_out(["a", "b"], [2010, 2012], [5.0, np.nan], units=units["code"], status=[1, 1])
    people = lay_out(list("abcd"), [2012] * 4, [1.0, 2.0, 3.0, 4.0], units=units["code"], lower=[0.5, 1, 2, 3])
    attrs = {"rate": {"units": "%", "long_name": "Headcount ratio"}}
    return to_dataset({"rate": rate, "people": people}, units, attrs=attrs, status_words=("", "published"))


def test_years_of_all_indicators_stand_side_by_side(cube):
    assert cube["year"].values.tolist() == [2010, 2012]
    assert float(cube["rate"].sel(code="a", year=2010)) == 5
    assert cube["people"].sel(year=2010).isnull().all()
    assert (cube["people_reason"].sel(year=2010) == MissingReason.NOT_COLLECTED).all()


def test_a_missing_value_keeps_its_reason(cube):
    assert int(cube["rate_reason"].sel(code="b", year=2012)) == MissingReason.NOT_PUBLISHED
    assert int(cube["rate_reason"].sel(code="c", year=2012)) == MissingReason.NOT_COLLECTED


def test_units_and_flags_are_written_beside_the_figures(cube):
    assert cube["rate"].attrs["units"] == "%"
    assert cube["rate"].attrs["ancillary_variables"] == "rate_reason rate_status"
    assert cube["people"].attrs["ancillary_variables"] == "people_reason people_status people_lower people_upper"
    meanings = cube["rate_reason"].attrs["flag_meanings"].split()
    assert meanings[int(cube["rate_reason"].sel(code="b", year=2012))] == "not_published"


def test_units_are_found_by_place(cube):
    found = cube.xvec.query("geometry", shapely.Point(2.5, 0.5))
    assert found["code"].values.tolist() == ["c"]
    assert cube.xvec.geom_coords_indexed["geometry"].attrs.get("crs") or cube.xindexes["geometry"].crs == "EPSG:4326"


def test_a_table_has_a_row_for_each_unit_and_year(cube):
    table = cube_table(cube, "people")
    assert len(table) == 8
    assert table.crs == "EPSG:4326"
    assert table.set_index(["code", "year"]).at[("d", 2012), "people"] == 4
    assert table.set_index(["code", "year"]).at[("d", 2010), "reason"] == "not_collected"


def test_another_number_of_units_is_refused(units):
    with pytest.raises(CubeError, match="'x' has 1 units and the boundaries 4"):
        to_dataset({"x": lay_out(["a"], [2012], [1], units=["a"])}, units)


def test_codes_that_stand_twice_are_refused(units):
    with pytest.raises(CubeError, match="a"):
        to_dataset({}, units.assign(code=["a", "a", "b", "c"]))


def test_an_indicator_that_is_not_there_names_those_that_are(cube):
    with pytest.raises(CubeError, match="Indicators: rate, people"):
        cube_table(cube, "rates")
