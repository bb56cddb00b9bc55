"""What leaves carries its metadata, licence and citation, and holds what the store holds."""

import json

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from fuping.layers.export.indicator import export_indicator
from fuping.spatial.errors import FupingError


def export(store, tmp_path, form, **changes):
    asked = {"level": "nation", "form": form} | changes
    indicator = asked.pop("indicator", "rural_headcount_ratio")
    return export_indicator(store, "cn", indicator, tmp_path / f"out.{form}", **asked)


@pytest.mark.parametrize("form", ["csv", "parquet", "geojson"])
def test_a_sidecar_holds_licence_and_citation(store, tmp_path, form):
    _, sidecar = export(store, tmp_path, form)
    facts = json.loads(sidecar.read_text(encoding="utf-8"))
    assert {source["id"] for source in facts["sources"]} == {"rural_poverty_national", "cnmaps"}
    assert all(source["licence"] and source["citation"] and source["year"] for source in facts["sources"])
    assert facts["indicator"]["unit"]["en"] == "%"


def test_a_missing_rate_stays_empty_and_says_why(store, tmp_path):
    path, _ = export(store, tmp_path, "csv")
    rows = pd.read_csv(path, dtype={"code": str}).set_index("year")
    assert rows.at[2011, "value"] == 12.7
    assert pd.isna(rows.at[2013, "value"])
    assert rows.at[2013, "reason"] == 2
    assert rows.at[2020, "value"] == 0
    assert set(rows["code"]) == {"100000"}


def test_excel_has_the_metadata_on_its_second_sheet(store, tmp_path):
    (path,) = export(store, tmp_path, "xlsx")
    sheets = pd.read_excel(path, sheet_name=None)
    assert list(sheets) == ["data", "metadata"]
    assert sheets["metadata"]["metadata"].str.contains("citation").any()


def test_a_geopackage_has_the_counties_and_the_metadata(store, tmp_path):
    (path,) = export(store, tmp_path, "gpkg", indicator="poverty_county_status", level="county", years=(2019, 2019))
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["poverty_county_status", "metadata"]
    counties = gpd.read_file(path, layer="poverty_county_status")
    assert len(counties) == 2875
    assert counties.crs == "EPSG:4326"
    assert counties.set_index("code").at["130624", "category"] == "exited"
    assert "citation" in pyogrio.read_dataframe(path, layer="metadata")["metadata"][0]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"indicator": "x"}, "Indicators: poverty_county_status"),
        ({"level": "county"}, "Levels: nation"),
        ({"years": (1900, 1910)}, "Years: 1978"),
        ({"form": "pdf"}, "Formats: csv"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(store, tmp_path, changes, told):
    with pytest.raises(FupingError, match=told):
        export(store, tmp_path, **({"form": "csv"} | changes))
    assert list(tmp_path.iterdir()) == []
