"""A catalogue of earthquakes and faults at units; small ones, made here and recorded by no network."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from fuping.layers.build.earthquakes import read_catalogue, read_earthquakes
from fuping.layers.errors import SourceError
from fuping.layers.schema.assessment import Attenuations
from fuping.layers.schema.seismicity import EarthquakeCatalogue
from pydantic import ValidationError
from small_grids import TEXT, pack_of, shapes_of

HEAD = "time,latitude,longitude,depth,mag,magType,type"

DECLARED = {
    "id": "quakes",
    "source": "grid",
    "level": "county",
    "first_year": 2000,
    "last_year": 2009,
    "completeness": 5.0,
    "completeness_reason": TEXT,
    "greatest": 8.0,
    "greatest_reason": TEXT,
    "reach_km": 100,
    "faults": "faults",
    "figures": [
        {"indicator": "rate", "statistic": "rate"},
        {"indicator": "intensity", "statistic": "intensity", "return_period": 475},
        {"indicator": "near", "statistic": "fault_distance"},
    ],
}

RELATIONS = [
    Attenuations(
        id=name, name=TEXT, along=(5.0 + more, 1.3, 4.0, 20.0), across=(4.0 + more, 1.3, 3.5, 10.0), sigma=0.5,
        scale=TEXT, citation="made for a test",
    )
    for name, more in (("low", 0.0), ("middle", 0.5), ("high", 1.0))
]  # fmt: skip


def pack(**changes):
    made = pack_of()
    sources = (*made.sources, made.sources[0].model_copy(update={"id": "faults"}))
    record = EarthquakeCatalogue.model_validate(DECLARED | changes)
    return replace(made, sources=sources, seismicity=(record,), earthquakes=tuple(RELATIONS))


def catalogue(folder, rows):
    (folder / "grid.csv").write_text("\n".join([HEAD, *rows]), encoding="utf-8")


# Simulated: years apart, so that none is another's aftershock; one explosion, one too small, one before the record.
ROWS = [
    "2001-03-01T00:00:00.000Z,0.5,0.5,10,5.2,mww,earthquake",
    "2003-03-01T00:00:00.000Z,0.5,0.6,10,5.9,mww,earthquake",
    "2005-03-01T00:00:00.000Z,0.5,0.5,10,5.0,mb,earthquake",
    "2005-03-02T00:00:00.000Z,0.5,0.5,10,4.0,mb,earthquake",
    "2007-03-01T00:00:00.000Z,0.5,0.5,10,6.0,mb,explosion",
    "1990-03-01T00:00:00.000Z,0.5,0.5,10,7.0,mw,earthquake",
    "2008-03-01T00:00:00.000Z,9.5,9.5,10,6.5,mw,earthquake",
]


def of(found, indicator):
    rows = pd.concat(found.observations)
    return rows[rows["indicator"] == indicator].set_index("code")


def test_rates_intensities_and_the_record_come_of_a_catalogue(tmp_path):
    catalogue(tmp_path, ROWS)
    found = read_earthquakes(pack(), shapes_of((0, 0, 1, 1), (4, 4, 5, 5)), tmp_path)
    assert of(found, "rate")["value"].to_dict() == {"a": pytest.approx(0.3), "b": 0}
    felt = of(found, "intensity")
    assert 1 < felt.at["a", "lower"] < felt.at["a", "value"] < felt.at["a", "upper"]
    # Nothing came near b.
    assert felt.loc["b", ["lower", "value", "upper"]].tolist() == [1, 1, 1]
    assert set(felt["year"]) == {2009}
    kept = found.tables["earthquakes"]
    assert (len(kept), int(kept["main_shock"].sum())) == (5, 4)
    report = found.reports[0]
    assert report.name == "quakes → county"
    assert "4 are main shocks" in report.notes[0]
    # Aki: log10(e) / (mean(5.2, 5.9, 5.0, 6.5) - 4.95) = 0.434 / 0.70.
    assert "b = 0.62 ± 0.31" in report.notes[1]


def test_without_a_catalogue_the_faults_still_tell_their_distance(tmp_path):
    line = '{"type": "LineString", "coordinates": [[2.5, -1], [2.5, 2]]}'
    (tmp_path / "faults.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "x"}, "geometry": '
        + line
        + "}]}"
    )
    found = read_earthquakes(pack(), shapes_of((0, 0, 1, 1)), tmp_path)
    assert of(found, "near").at["a", "value"] == pytest.approx(2 * np.pi * 6371 / 180, rel=1e-3)
    assert [one.name for one in found.reports] == ["quakes → county"]
    assert found.tables == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1,2\n", "no column time, longitude, latitude, depth, mag"),
        (f"{HEAD}\n", "no earthquake with a time"),
        (f"{HEAD}\n2001,x,y,10,big,mb,earthquake\n", "no earthquake with a time"),
        ("", "no table of earthquakes"),
    ],
)
def test_what_is_no_catalogue_is_refused(tmp_path, text, told):
    (tmp_path / "grid.csv").write_text(text)
    with pytest.raises(SourceError, match=told):
        read_catalogue(tmp_path / "grid.csv")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"last_year": 2000}, "must come after"),
        ({"greatest": 5.0}, "above the completeness"),
        ({"faults": None}, "needs faults"),
        ({"figures": [{"indicator": "i", "statistic": "intensity"}]}, "needs a return_period"),
    ],
)
def test_a_catalogue_that_promises_too_much_is_refused(change, told):
    with pytest.raises(ValidationError, match=told):
        EarthquakeCatalogue.model_validate(DECLARED | change)
