"""Every connector against answers in the shape that the service documents; all figures are simulated.

The shapes were written by hand after the public documentation that each connector names: no answer was recorded.
"""

import io
import json
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from fuping.layers.connect import CONNECTORS, ConnectError, collect, connector
from fuping.layers.errors import SourceError, TableError
from fuping.layers.ingest.supply import supply_source
from fuping.layers.pack import pack_folders, read_pack
from fuping.layers.sources.tabular import read_text_table
from fuping.layers.sources.vector import read_vector
from fuping.layers.stores import EmbeddedStore
from stub_service import Reply, as_json


@pytest.fixture
def get(stub, cache, patient, tmp_path):
    """Ask the stub instead of the service, and return what was written."""

    def run(service, name="out.csv", **options):
        own = connector(service)
        own = replace(own, base=stub.base if own.base else "", hosts=())
        return collect(own, options, tmp_path / name, cache=cache, retry=patient, loopback=True)

    return run


def table(done):
    return read_text_table(done.path, "csv")


def facts(done):
    return json.loads(done.sidecar.read_text("utf-8"))


def written(tmp_path):
    return [path.name for path in tmp_path.iterdir() if path.name != "cache"]


SAIPE = ["NAME", "SAEPOVALL_PT", "SAEPOVALL_LB90", "SAEPOVALL_UB90", "SAEPOVRTALL_PT", "SAEPOVRTALL_LB90"]
SAIPE += ["SAEPOVRTALL_UB90", "SAEMHI_PT", "SAEMHI_LB90", "SAEMHI_UB90", "time", "state", "county"]


def county(name, code, year, *values):
    return [name, *values, str(year), code[:2], code[2:]]


def saipe(query, headers):
    year = query["time"]
    figures = ("100", "90", "110", "10.5", "9.5", "11.5", "50000", "48000", "52000")
    empty = (None,) * 9
    return as_json([SAIPE, county("A County", "01001", year, *figures), county("B County", "15005", year, *empty)])


def test_saipe_becomes_the_source_of_the_pack_us(stub, get, tmp_path):
    stub.script("/data/timeseries/poverty/saipe", saipe)
    done = get("saipe", years="2021-2022")
    rows = table(done)
    assert rows[["fips", "year"]].values.tolist() == [
        ["01001", "2021"],
        ["15005", "2021"],
        ["01001", "2022"],
        ["15005", "2022"],
    ]
    assert rows["pov_rate"].tolist() == ["10.5", "", "10.5", ""]
    assert "pov_rate: no value in 2 of 4 rows" in done.notes
    store = EmbeddedStore(tmp_path / "data")
    assert supply_source(read_pack(pack_folders()["us"]), store, "saipe", done.path).read_bytes()
    assert "in=state:*" in stub.paths()[0]


def test_the_key_is_read_from_the_environment_and_written_nowhere(stub, get, monkeypatch, tmp_path):
    monkeypatch.setenv("FUPING_CENSUS_KEY", "0123secret")
    stub.script("/data/timeseries/poverty/saipe", saipe)
    done = get("saipe", years="2022", state="01")
    assert "key=0123secret" in stub.paths()[0]
    assert "0123secret" not in done.path.read_text() + done.sidecar.read_text()
    assert facts(done)["url"].endswith("key=***")


def test_what_was_written_is_told_beside_it(stub, get):
    import hashlib

    stub.script("/data/timeseries/poverty/saipe", saipe)
    done = get("saipe", years="2022")
    told = facts(done)
    assert told["sha256"] == hashlib.sha256(done.path.read_bytes()).hexdigest()
    assert told["licence"] == "Public domain"
    assert told["publisher"] == "US Census Bureau"
    assert told["citation"]
    assert told["fetched"].endswith("+00:00")
    assert told["options"] == {"years": "2022", "level": "county", "state": "*"}
    assert done.sidecar.name == "out.csv.metadata.json"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"<html><body>A valid <em>key</em> must be included", "not JSON.*begins '<html>.*FUPING_CENSUS_KEY"),
        (b'[["NAME"', "not JSON"),
        (b'{"error": "x"}', "no array of rows"),
        (b"[]", "no array of rows"),
        (json.dumps([SAIPE[1:]]).encode(), "no column NAME"),
        (json.dumps([SAIPE]).encode(), "has no row"),
        (json.dumps([SAIPE, ["A"]]).encode(), "row 1 has 1 cells; the header has 13"),
        (b"[[NaN]]", "NaN is no number of JSON"),
        (b"\xff\xfe", "not JSON"),
    ],
)
def test_an_answer_of_another_shape_is_refused_and_nothing_written(stub, get, tmp_path, body, told):
    stub.script("/data/timeseries/poverty/saipe", Reply(body))
    with pytest.raises(ConnectError, match=told):
        get("saipe", years="2022")
    assert written(tmp_path) == []


def test_a_word_among_the_numbers_is_a_fault_with_its_row(stub, get, tmp_path):
    rows = [county("A", "01001", 2022, "1", *["2"] * 7, "(X)"), county("B", "01003", 2022, "1,000", *["2"] * 8)]
    stub.script("/data/timeseries/poverty/saipe", as_json([SAIPE, *rows, rows[0]]))
    with pytest.raises(TableError) as told:
        get("saipe", years="2022")
    places = {(fault.place, fault.found) for fault in told.value.faults}
    assert ("row 1, med_hh_income_ub90", "'(X)'") in places
    assert ("row 2, pov_count", "'1,000'") in places
    assert ("row 3", "01001, 2022 a second time") in places
    assert written(tmp_path) == []


def test_a_file_that_was_there_stays_when_the_new_one_is_faulty(stub, get, tmp_path):
    stub.script("/data/timeseries/poverty/saipe", saipe)
    before = get("saipe", years="2022").path.read_bytes()
    stub.script("/data/timeseries/poverty/saipe", Reply(b"{"))
    with pytest.raises(ConnectError):
        get("saipe", years="2022")
    assert (tmp_path / "out.csv").read_bytes() == before


def test_acs_numbers_that_stand_for_words_are_left_empty_and_counted(stub, get):
    header = ["NAME", "B17001_002E", "B17001_002M", "state", "county"]
    rows = [
        ["A", "10", "-555555555", "06", "001"],
        ["B", "-666666666", "-222222222.0", "06", "003"],
        ["C", 0, 3, "06", "005"],
    ]
    stub.script("/data/2022/acs/acs5", as_json([header, *rows]))
    done = get("acs", year="2022", variables="B17001_002E,B17001_002M", state="06")
    assert table(done)["B17001_002E"].tolist() == ["10", "", "0"]
    assert table(done)["B17001_002M"].tolist() == ["", "", "3"]
    assert table(done)["fips"].tolist() == ["06001", "06003", "06005"]
    assert done.notes[0] == "Each figure is of the five years 2018 to 2022."
    assert any("-666666666 in 1 of 3 rows left empty: too few" in note for note in done.notes)


@pytest.mark.parametrize(
    ("variables", "path"),
    [("S1701_C03_001E", "acs5/subject"), ("DP03_0119PE", "acs5/profile"), ("B17001_001E", "acs5")],
)
def test_acs_variables_name_their_group_of_tables(stub, get, variables, path):
    stub.script(f"/data/2022/acs/{path}", as_json([["NAME", variables, "us"], ["United States", "12.5", "1"]]))
    assert table(get("acs", year="2022", variables=variables, level="us")).values.tolist() == [
        ["US", "United States", "2022", "12.5"]
    ]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"variables": "B17001_001E,S1701_C03_001E"}, "2 groups"),
        ({"variables": "B17001_001E", "level": "tract"}, "one state at a time"),
        ({"variables": "X1"}, "variables is 'X1'"),
        ({}, "variables is not given"),
        ({"variables": "B17001_001E", "colour": "red"}, "no option 'colour'"),
    ],
)
def test_what_acs_cannot_be_asked_is_told_before_anything_is_sent(stub, get, options, told):
    with pytest.raises(ConnectError, match=told):
        get("acs", year="2022", **options)
    assert stub.asked == []


def bank(n, page=1, pages=1, total=None, value="12.5"):
    rows = [
        {
            "indicator": {"id": "SI.POV.DDAY", "value": "Poverty headcount ratio"},
            "country": {"id": f"C{i}", "value": f"Country {i}"},
            "countryiso3code": f"C{i:02d}",
            "date": "2019",
            "value": value,
            "unit": "",
            "obs_status": "",
            "decimal": 1,
        }
        for i in range((page - 1) * n, page * n)
    ]
    about = {"page": page, "pages": pages, "per_page": n, "total": total or n * pages, "lastupdated": "2025-07-01"}
    return as_json([about, rows])


PATH = "/v2/country/all/indicator/SI.POV.DDAY"


def test_world_bank_pages_are_put_together(stub, get):
    stub.script(PATH, lambda query, headers: bank(2, int(query["page"]), 3))
    done = get("worldbank", indicator="SI.POV.DDAY", years="2010-2019")
    assert table(done)["country_code"].tolist() == ["C00", "C01", "C02", "C03", "C04", "C05"]
    assert "Updated by the publisher: 2025-07-01." in done.notes
    assert len(facts(done)["answers"]) == 3
    assert "date=2010:2019" in stub.paths()[0]


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (as_json([{"page": 2, "pages": 2, "per_page": 2, "total": 4}, []]), "has 4 rows and sends 2"),
        (as_json([{"page": 2, "pages": 2, "per_page": 2, "total": 4}, None]), "has 4 rows and sends 2"),
        (bank(2, 1, 2), "sends page 1"),
        (bank(2, 2, 2, total=5), "with 5 rows in all"),
        (Reply(b"", status=404), "status 404"),
        (Reply(b'[{"page":2,', cut=5), "does not answer"),
        (as_json({"data": []}), "not a page of rows"),
    ],
)
def test_a_missing_page_is_told_and_nothing_written(stub, get, tmp_path, second, told):
    stub.script(PATH, bank(2, 1, 2), second)
    with pytest.raises(ConnectError, match=told):
        get("worldbank", indicator="SI.POV.DDAY")
    assert written(tmp_path) == []


def test_a_number_as_text_null_and_zero_stay_what_they_are(stub, get):
    first, second, third = (
        json.loads(bank(1, page, value=v).body)[1][0] for page, v in ((1, "7.10"), (2, None), (3, 0))
    )
    stub.script(PATH, as_json([{"page": 1, "pages": 1, "total": 3}, [first, second, third]]))
    done = get("worldbank", indicator="SI.POV.DDAY")
    assert table(done)["value"].tolist() == ["7.10", "", "0"]
    assert done.notes[-1] == "value: no value in 1 of 3 rows"


def test_the_digits_of_a_number_are_those_that_were_sent(stub, get):
    body = bank(1).body.replace(b'"12.5"', b"0.1000000000000000055")
    stub.script(PATH, Reply(body))
    assert table(get("worldbank", indicator="SI.POV.DDAY"))["value"].tolist() == ["0.1000000000000000055"]


def test_a_refusal_of_the_world_bank_is_quoted(stub, get):
    said = {"id": "120", "key": "Invalid value", "value": "The provided parameter value is not valid"}
    stub.script(PATH, as_json([{"message": [said]}]))
    with pytest.raises(ConnectError, match="refuses: The provided parameter value is not valid"):
        get("worldbank", indicator="SI.POV.DDAY")


PIP = (
    "region_name,region_code,country_name,country_code,reporting_year,reporting_level,survey_acronym,welfare_type,"
    "poverty_line,headcount,poverty_gap,poverty_severity,mean,median,gini,reporting_pop\n"
    "R,RR,A,AAA,2018,national,S,consumption,3,0.25,0.1,0.05,5.5,4.5,0.35,1000\n"
    "R,RR,A,AAA,2018,national,S,income,3,0.2,0.1,0.05,5.5,4.5,NA,1000\n"
)


def test_pip_rows_that_share_country_and_year_are_kept_apart_and_told(stub, get):
    stub.script("/pip/v1/pip", Reply(PIP.encode()))
    done = get("pip", line="3", ppp="2021")
    assert table(done)["headcount"].tolist() == ["0.25", "0.2"]
    assert table(done)["gini"].tolist() == ["0.35", ""]
    assert any("2 rows share country and year" in note for note in done.notes)
    assert "povline=3&ppp_version=2021" in stub.paths()[0]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"error":["Invalid query arguments have been submitted."]}', "no CSV: .*Invalid query arguments"),
        (PIP.replace("headcount", "hc").encode(), "no column headcount"),
        (b"", "empty file"),
    ],
)
def test_pip_answers_of_another_shape_are_refused(stub, get, body, told):
    stub.script("/pip/v1/pip", Reply(body))
    with pytest.raises(SourceError if b"{" in body or body else TableError, match=told):
        get("pip", line="3", ppp="2021")


def square(name, x, properties=None):
    ring = [[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]
    own = {"shapeName": name, "shapeID": f"ID{x}", "shapeGroup": "AAA", "shapeType": "ADM1"}
    return {
        "type": "Feature",
        "properties": own if properties is None else properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


def about(stub, **more):
    return {
        "boundaryID": "AAA-ADM1-1",
        "boundaryYearRepresented": "2020",
        "boundarySource": "Simulated Survey",
        "boundaryLicense": "CC BY 4.0",
        "admUnitCount": "2",
        "gjDownloadURL": f"{stub.base}/raw/AAA-ADM1.geojson",
        "simplifiedGeometryGeoJSON": f"{stub.base}/raw/AAA-ADM1_simplified.geojson",
    } | more


GB = "/api/current/gbOpen/AAA/ADM1/"


def test_geoboundaries_are_found_through_their_metadata(stub, get):
    stub.script(GB, as_json(about(stub)))
    stub.script("/raw/AAA-ADM1.geojson", Reply(status=302, headers={"Location": "/lfs/1"}))
    stub.script("/lfs/1", as_json(collection(square("One", 0), square("Two", 1))))
    done = get("geoboundaries", "out.geojson", country="AAA")
    assert read_vector(done.path, columns=["shapeID", "shapeName"])["shapeName"].tolist() == ["One", "Two"]
    told = facts(done)
    assert told["licence"] == "CC BY 4.0"
    assert "Simulated Survey" in told["citation"]
    assert told["url"] == f"{stub.base}/raw/AAA-ADM1.geojson"
    assert done.notes == ("Boundaries of 2020.",)


def test_a_count_of_units_that_does_not_fit_is_told(stub, get):
    stub.script(GB, as_json(about(stub, admUnitCount="47")))
    stub.script("/raw/AAA-ADM1.geojson", as_json(collection(square("One", 0))))
    done = get("geoboundaries", "out.geojson", country="AAA")
    assert "The service tells of 47 units; the file has 1." in done.notes


@pytest.mark.parametrize(
    ("more", "features", "told"),
    [
        ({"gjDownloadURL": None}, [], "does not say where"),
        ({}, [], "no GeoJSON with features"),
        ({}, [square("One", 0, {"name": "One"})], "no column shapeID, shapeName"),
        ({"gjDownloadURL": "https://elsewhere.example/a.geojson"}, [], "elsewhere.example is not one"),
        ({"gjDownloadURL": "http://192.168.1.1/a.geojson"}, [], "192.168.1.1 is not one"),
    ],
)
def test_boundaries_that_are_not_what_was_told_are_refused(stub, get, tmp_path, more, features, told):
    stub.script(GB, as_json(about(stub, **more)))
    stub.script("/raw/AAA-ADM1.geojson", as_json(collection(*features)))
    with pytest.raises(SourceError, match=told):
        get("geoboundaries", "out.geojson", country="AAA")
    assert written(tmp_path) == []


def poverty(i, **more):
    return {
        "resource_hdx_id": "00000000-0000-0000-0000-000000000000",
        "location_code": "AFG",
        "location_name": "Afghanistan",
        "admin1_code": f"AF{i:04d}",
        "admin1_name": f"Province {i}",
        "admin_level": 1,
        "mpi": 0.25,
        "headcount_ratio": 50.5,
        "vulnerable_to_poverty": None,
        "reference_period_start": "2021-01-01T00:00:00",
        "reference_period_end": "2022-12-31T23:59:59",
    } | more


HAPI = "/api/v2/food-security-nutrition-poverty/poverty-rate"


@pytest.fixture
def known(monkeypatch):
    monkeypatch.setenv("FUPING_HAPI_ID", "c2ltdWxhdGVk")


def hapi(total):
    def reply(query, headers):
        start, limit = int(query["offset"]), int(query["limit"])
        return as_json({"data": [poverty(i) for i in range(start, min(start + limit, total))]})

    return reply


@pytest.mark.parametrize(("total", "asked"), [(2, 1), (1000, 2), (2003, 3)])
def test_hapi_pages_are_read_to_the_last(stub, get, known, total, asked):
    stub.script(HAPI, hapi(total))
    done = get("hapi", country="AFG")
    assert done.rows == total
    assert len(stub.asked) == asked
    assert "c2ltdWxhdGVk" not in done.sidecar.read_text()


def test_hapi_rows_have_the_code_of_their_level(stub, get, known):
    nation = poverty(0, admin_level=0, admin1_code=None)
    lost = poverty(0, admin1_code=None, admin1_name="Unknown")
    stub.script(HAPI, as_json({"data": [nation, poverty(1), lost]}))
    done = get("hapi", country="AFG")
    assert table(done)["code"].tolist() == ["AFG", "AF0001", ""]
    assert table(done)["year"].tolist() == ["2022"] * 3
    assert "code: no value in 1 of 3 rows" in done.notes
    assert "vulnerable_to_poverty: no value in 3 of 3 rows" in done.notes


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"data": {}}, "without rows"),
        ([], "without rows"),
        ({"data": []}, "has no row"),
        ({"data": [{"mpi": 1}]}, "sends no location_code"),
        ({"data": [poverty(i) for i in range(1001)]}, "1001 rows; 1000 were asked"),
    ],
)
def test_hapi_answers_of_another_shape_are_refused(stub, get, known, body, told):
    stub.script(HAPI, as_json(body))
    with pytest.raises(ConnectError, match=told):
        get("hapi", country="AFG")


def test_a_service_that_repeats_a_page_is_told(stub, get, known):
    page = {"data": [poverty(i) for i in range(1000)]}
    stub.script(HAPI, as_json(page), as_json(page), as_json({"data": []}))
    with pytest.raises(TableError, match="a second time"):
        get("hapi", country="AFG")


def test_a_key_that_is_needed_is_asked_for_by_name(stub, get, monkeypatch):
    monkeypatch.delenv("FUPING_HAPI_ID", raising=False)
    with pytest.raises(ConnectError, match="FUPING_HAPI_ID is not set"):
        get("hapi", country="AFG")
    assert stub.asked == []


def workbook(rows, merged=()):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "1.1 National MPI Results"
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    book.create_sheet("1.2 Other").append(["nothing here"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


MPI = [
    ["Table 1.1 Simulated MPI results"],
    [],
    ["ISO country numeric code", "ISO country code", "Country", "World region", "MPI data source", None,
     "Multidimensional poverty", None, "Number of indicators"],
    [None, None, None, None, "Survey", "Year", "MPI", "Headcount ratio", None],
    [None, None, None, None, None, None, "Range 0 to 1", "% Population", None],
    [4, "AFG", "Afghanistan", "South Asia", "DHS", "2015/2016", 0.272, 55.91, 10],
    [8, "ALB", "Albania", "Europe", "DHS", 2018, 0.003, "..", 10],
    ["Notes: simulated"],
]  # fmt: skip


def test_a_table_of_ophi_is_read_under_its_header_of_three_rows(stub, get):
    stub.script("/mpi.xlsx", Reply(workbook(MPI, ["E3:F3", "G3:H3"])))
    done = get("ophi", url=f"{stub.base}/mpi.xlsx")
    rows = table(done)
    assert rows.columns.tolist() == [
        "iso_country_numeric_code",
        "year",
        "iso3",
        "country",
        "world_region",
        "mpi_data_source_survey",
        "survey_year",
        "multidimensional_poverty_mpi_range_0_to_1",
        "multidimensional_poverty_headcount_ratio_population",
        "number_of_indicators",
    ]
    assert rows["iso3"].tolist() == ["AFG", "ALB"]
    assert rows["year"].tolist() == ["2016", "2018"]
    assert rows["survey_year"].tolist() == ["2015/2016", "2018"]
    assert rows["multidimensional_poverty_headcount_ratio_population"].tolist() == ["55.91", ""]
    assert done.notes[0].startswith("1 rows without a country's code")


@pytest.mark.parametrize(
    ("body", "options", "told"),
    [
        (b"<html>moved</html>", {}, "no Excel workbook"),
        (workbook(MPI), {"sheet": "1.2 Other"}, "no header with 'iso country code'"),
        (workbook(MPI), {"sheet": "9"}, "no sheet '9'.*1.1 National MPI Results"),
        (workbook(MPI[:5]), {}, "no row with a country's code"),
        (workbook([*MPI, MPI[5]]), {}, "a second time"),
    ],
)
def test_a_workbook_of_another_shape_is_refused(stub, get, tmp_path, body, options, told):
    stub.script("/mpi.xlsx", Reply(body))
    with pytest.raises((ConnectError, TableError), match=told):
        get("ophi", url=f"{stub.base}/mpi.xlsx", **options)
    assert written(tmp_path) == []


def test_a_workbook_elsewhere_than_at_ophi_is_not_asked_for(stub, get):
    with pytest.raises(ConnectError, match=r"elsewhere.example is not one"):
        get("ophi", url="https://elsewhere.example/mpi.xlsx")


def package(tmp_path, level=1):
    import geopandas as gpd

    path = tmp_path / "cache" / "made.gpkg"
    path.parent.mkdir(exist_ok=True)
    for one in range(level + 1):
        frame = gpd.GeoDataFrame.from_features(collection(square("One", 0), square("Two", 1))["features"], crs=4326)
        frame.assign(**{f"GID_{one}": ["A.1", "A.2"]}).to_file(path, layer=f"ADM_ADM_{one}", driver="GPKG")
    body = path.read_bytes()
    path.unlink()
    return body


def test_gadm_is_one_package_of_all_levels(stub, get, tmp_path):
    stub.script("/gadm/gadm4.1/gpkg/gadm41_KEN.gpkg", Reply(package(tmp_path)))
    done = get("gadm", "out.gpkg", country="KEN")
    assert done.rows == 2
    assert "non-commercial" in facts(done)["licence"]
    with pytest.raises(SourceError, match="no layer 'ADM_ADM_3'"):
        get("gadm", "other.gpkg", country="KEN", level="3")
    assert not (tmp_path / "other.gpkg").exists()


def test_a_file_at_any_address_needs_licence_and_citation(stub, get):
    import hashlib

    body = as_json(collection(square("One", 0))).body
    stub.script("/a.geojson", Reply(body))
    named = {"url": f"{stub.base}/a.geojson", "licence": "CC0", "citation": "Simulated 2025"}
    with pytest.raises(ConnectError, match=r"licence is not given.*citation is not given"):
        get("file", "out.geojson", url=named["url"])
    assert stub.asked == []
    done = get("file", "out.geojson", **named, sha256=hashlib.sha256(body).hexdigest())
    assert (facts(done)["licence"], facts(done)["citation"]) == ("CC0", "Simulated 2025")
    with pytest.raises(ConnectError, match="was asked for"):
        get("file", "other.geojson", **named, sha256="0" * 64)


def test_a_file_of_another_ending_is_refused_before_anything_is_sent(stub, get):
    with pytest.raises(ConnectError, match=r"does not write 'out.xlsx'.*End it in .csv"):
        get("saipe", "out.xlsx", years="2022")
    assert stub.asked == []


def test_a_file_that_does_not_read_as_polygons_is_not_written(stub, get, tmp_path):
    stub.script("/a.geojson", Reply(b"<html>moved</html>"))
    with pytest.raises(SourceError, match="does not read as a vector file"):
        get("file", "out.geojson", url=f"{stub.base}/a.geojson", licence="CC0", citation="Simulated")
    assert written(tmp_path) == []


def test_there_is_no_such_service():
    with pytest.raises(ConnectError, match=r"no service 'x'.*saipe"):
        connector("x")


@pytest.mark.parametrize("one", CONNECTORS.values(), ids=CONNECTORS)
def test_every_connector_is_described_in_both_languages(one):
    assert all(one.title.in_(language) for language in ("en", "zh"))
    assert all(option.meaning.en and option.meaning.zh for option in one.options)
    assert one.licence
    assert one.citation
    assert one.base.startswith("https://") or one.open_option
    assert all("/" not in host for host in one.hosts)
    assert pd.Series([option.name for option in one.options]).is_unique


def test_a_default_is_a_value_that_the_option_takes():
    import re

    for one in CONNECTORS.values():
        for option in one.options:
            assert option.default is None or re.fullmatch(option.pattern, option.default), (one.id, option.name)
