"""Earthquakes on the risk page, in a build of Korea with a catalogue that is simulated."""

import json
import os

import numpy as np
import pandas as pd
import pytest
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.pages import risk as risk_page
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.lineage import lineage, sources_of
from fuping.dashboard.queries.risk import risk_of
from fuping.dashboard.queries.seismic import near_shocks, seismic_record
from fuping.dashboard.state import ViewState
from fuping.layers.build.catalogue import describe
from fuping.layers.build.earthquakes import read_earthquakes
from fuping.layers.pack import pack_folders, read_pack
from fuping.layers.stores import EmbeddedStore
from fuping.spatial.match_report import MatchReport


def text(part):
    if isinstance(part, (list, tuple)):
        return " ".join(text(one) for one in part)
    children = getattr(part, "children", None)
    return text(children) if children is not None else str(part if isinstance(part, (str, int, float)) else "")


@pytest.fixture(scope="module")
def shaken(store, tmp_path_factory):
    """Korea as built, and in the same build what a catalogue of four shocks near Seoul adds."""
    pack, own = read_pack(pack_folders()["kr"]), EmbeddedStore(tmp_path_factory.mktemp("shaken"))
    home = own.supplied("kr")
    home.mkdir(parents=True)
    rows = [f"{year}-03-01T00:00:00.000Z,37.5,127.0,10,{m},mww,earthquake" for year, m in
            ((1980, 4.8), (1990, 5.1), (2000, 4.9), (2010, 5.6))]  # fmt: skip
    rows.append("2020-03-01T00:00:00.000Z,31.5,132.0,10,6.0,mww,earthquake")
    head = "time,latitude,longitude,depth,mag,magType,type"
    (home / "earthquake_catalogue.csv").write_text("\n".join([head, *rows]))
    version = store.version("kr")
    with store.files("kr", version) as before, own.writing("kr", "shaken") as folder:
        for path in before.iterdir():
            os.symlink(path.resolve(), folder / path.name)
        levels = [one["id"] for one in store.catalogue("kr")["levels"]]
        shapes = {level: store.boundaries("kr", level) for level in levels}
        found = read_earthquakes(pack, shapes, home)
        observations = pd.concat([pd.read_parquet(before / "observations.parquet"), *found.observations])
        catalogue = json.loads((before / "catalogue.json").read_text())
        reports = [MatchReport.from_dict(one) for one in catalogue["reports"]] + found.reports
        told = describe(pack, shapes, observations, reports, found.hashes, home, catalogue["grids"])
        for name, table in {"observations": observations, **found.tables}.items():
            (folder / f"{name}.parquet").unlink(missing_ok=True)
            table.to_parquet(folder / f"{name}.parquet", index=False)
        (folder / "catalogue.json").unlink()
        (folder / "catalogue.json").write_text(json.dumps(told, ensure_ascii=False))
    return Reader(own)


def test_the_law_and_the_shocks_near_a_place_are_those_of_the_catalogue(shaken):
    found = seismic_record(shaken, "kr")
    assert len(found.complete) == 5
    # Aki: log10(e) / (mean(4.8, 5.1, 4.9, 5.6, 6.0) - 4.75)
    assert found.law.b == pytest.approx(np.log10(np.e) / (5.28 - 4.75))
    names = shaken.units("kr", "municipality")["name_en"]
    near = near_shocks(shaken, "kr", found, "municipality", names.index("Jongno-gu"))
    assert (near.n, near.greatest, near.year) == (4, 5.6, 2010)
    rates = shaken.values("kr", "quake_rate", "municipality").value[0]
    assert rates[names.index("Jongno-gu")] == pytest.approx(4 / 52)
    assert rates[names.index("Seogwipo-si")] == 0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_risk_page_tells_them_and_the_composite_uses_them(shaken, language):
    codes = shaken.units("kr", "municipality")["code"]
    unit = codes[shaken.units("kr", "municipality")["name_en"].index("Jongno-gu")]
    view = ViewState.read(f"pack=kr&lang={language}&unit={unit}", shaken.packs(), shaken.catalogue)
    told = text(risk_page._content(shaken, view))
    assert message("seismic.title", language) in told
    assert message("seismic.at_least", language, magnitude="5.0") in told
    assert "quake_rate" in [one.indicator["id"] for one in risk_of(shaken, "kr").used]


def test_without_a_catalogue_the_page_names_the_command_and_shows_no_earthquakes(store):
    reader = Reader(store)
    view = ViewState.read("pack=kr&lang=en", reader.packs(), reader.catalogue)
    told = text(risk_page._content(reader, view))
    assert message("seismic.title", "en") not in told
    assert "fuping source fetch kr earthquake_catalogue" in told


@pytest.mark.parametrize("language", ["en", "zh"])
def test_hazards_that_no_figure_tells_of_are_named_with_the_reason(store, shaken, language):
    def named(reader):
        view = ViewState.read(f"pack=kr&lang={language}", reader.packs(), reader.catalogue)
        told = text(risk_page._content(reader, view))
        hazards = reader.catalogue("kr")["risk"][0]["unassessed"]
        return [one["name"]["en"] for one in hazards if one["name"][language] in told and one["why"][language] in told]

    always = ["Floods.", "Landslides.", "Storm surges, heavy rain, hail and cold."]
    assert named(Reader(store)) == [*always[:2], "Earthquakes.", always[2]]
    assert named(shaken) == always


def test_how_a_rate_was_made_leads_to_the_catalogue(shaken):
    found = lineage(shaken, "kr", "quake_rate", "municipality", 2024)
    assert found.how == "gridded"
    assert [one["id"] for one in sources_of(found)] == ["earthquake_catalogue"]
    assert "5 are main shocks" in found.grids[0].report.notes[0]
