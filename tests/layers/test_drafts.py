"""A country is added step by step: read, corrected, checked, made; what is faulty is told with its row."""

import threading

import geopandas as gpd
import pandas as pd
import pytest
from fuping.layers.country import Country
from fuping.layers.errors import SourceError
from fuping.layers.ingest.drafts import Drafts
from fuping.layers.stores import EmbeddedStore
from shapely.geometry import box

WHOSE = [f"{part}.{key}" for part in ("table", "boundaries") for key in ("title", "publisher", "licence", "citation")]

SAID = {
    "code": "at",
    "name.en": "Atlantis",
    "name.zh": "亚特兰蒂斯",
    "level.en": "District",
    "level.en_plural": "Districts",
    "level.zh": "区",
    "figure.people.keep": "",
    "figure.rate.name_en": "Poverty rate",
    "figure.rate.name_zh": "贫困率",
    "figure.rate.unit_en": "%",
    "figure.rate.kind": "rate",
    "figure.rate.direction": "higher_is_worse",
    "figure.rate.theme_en": "Poverty",
    "figure.rate.theme_zh": "贫困",
} | dict.fromkeys(WHOSE, "Office")


@pytest.fixture
def drafts(tmp_path):
    return Drafts(EmbeddedStore(tmp_path / "data"))


@pytest.fixture
def send(drafts, tmp_path):
    """Begin a draft with two squares and their simulated figures; ``table`` replaces the rows."""

    def sent(table="code,year,people,rate\nA1,2019,10,1.5\nA2,2019,20,2.5\nA1,2020,11,1\nA2,2020,21,2\n", to=None):
        one = to or drafts.open("li").id
        if to is None:
            drawn = gpd.GeoDataFrame(
                {"code": ["A1", "A2"], "other": ["X1", "X2"], "name": ["One", "Two"]},
                geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)],
                crs=4326,
            )
            path = drafts.place(one, "boundaries", "C:\\maps\\districts.geojson")
            drawn.to_file(path)
            drafts.received(one, "boundaries", path)
        path = drafts.place(one, "table", "../figures.csv")
        path.write_text(table, encoding="utf-8")
        drafts.received(one, "table", path)
        return one

    return sent


def do(drafts, one, stage, said=None):
    drafts.ask(one, stage, said)
    return drafts.work(one)


def test_from_two_files_to_a_pack_with_the_names_that_were_given(drafts, send):
    one = send()
    read = do(drafts, one, "read")
    assert (read.state, read.files) == ("done", {"boundaries": "districts.geojson", "table": "figures.csv"})
    assert read.found["boundaries"]["code_column"] == "code"
    assert (read.found["table"]["matched"], read.found["table"]["years"]) == (4, (2019, 2020))
    checked = do(drafts, one, "check", SAID)
    assert checked.state == "done", checked.faults
    assert [row["matched"] for row in checked.reports] == [2, 2]
    assert drafts.store.packs() == []
    made = do(drafts, one, "make")
    assert (made.state, made.pack) == ("done", "at"), made.faults
    country = Country(drafts.store, "at")
    (rate,) = country.catalogue["indicators"]
    assert rate["name"] == {"en": "Poverty rate", "zh": "贫困率"}
    assert (rate["theme"]["zh"], rate["direction"], rate["unit"]) == ("贫困", "higher_is_worse", {"en": "%", "zh": "%"})
    assert country.cube("rate")["rate"].sel(year=2020, code="A2").item() == 2.0
    assert country.units()["name_en"].tolist() == ["One", "Two"]
    with pytest.raises(SourceError, match="is made"):
        drafts.ask(one, "make")


def test_every_answer_that_is_missing_or_cannot_be_is_told_at_once(drafts, send):
    said = SAID | {"code": "cn", "name.zh": "", "table.licence": " ", "figure.rate.kind": "share", "column.year": "-"}
    told = do(drafts, send(), "check", said)
    assert told.state == "faulty"
    assert told.wrong == {
        "code": "taken",
        "figure.rate.kind": "unknown",
        "name.zh": "missing",
        "table.licence": "missing",
        "year": "year",
    }
    assert (told.n_faults, told.faults) == (5, ())


def test_a_faulty_table_is_refused_with_its_rows_and_another_takes_its_place(drafts, send):
    one = send(
        "code,year,people,rate\n" + "".join(f"A{n % 2 + 1},{1990 + n // 2},1,1\n" for n in range(40)) + "A1,2020,1,x\n"
    )
    told = do(drafts, one, "check", SAID)
    assert told.state == "faulty"
    assert "row 42" in told.faults[0]
    assert drafts.store.packs() == []
    send(to=one)
    again = drafts.get(one)
    assert (again.stage, again.faults, again.answers["name.en"]) == ("files", (), "Atlantis")
    assert do(drafts, one, "check").state == "done"


def test_columns_can_be_corrected(drafts, send):
    one = send("code,alias,year,rate\nA1,X1,2019,1\nA2,X2,2019,2\n")
    chosen = SAID | {"column.boundary_code": "other", "column.table_code": "alias"}
    read = do(drafts, one, "read", chosen)
    assert read.found["boundaries"]["codes"] == ["X1", "X2"]
    assert read.found["table"]["code_column"] == "alias"
    wrong = do(drafts, one, "read", SAID | {"column.boundary_code": "nowhere"})
    assert "has no column 'nowhere'" in wrong.faults[0]


def test_a_build_that_is_broken_off_leaves_nothing_and_can_be_made_again(drafts, send):
    one = send()
    drafts.ask(one, "make", SAID)
    assert drafts.work(one, lambda: True).state == "stopped"
    assert drafts.store.packs() == []
    assert not (drafts.store.declared / "at").exists()
    drafts.ask(one, "make")
    assert drafts.get(one).state == "stopped"  # as after a restart: asked for, and nobody works on it
    assert drafts.work(one).pack == "at"


def test_a_draft_that_is_dropped_is_forgotten(drafts, send):
    one = send()
    drafts.drop(one)
    assert drafts.all() == []
    with pytest.raises(SourceError, match="no draft"):
        drafts.get(one)
    with pytest.raises(SourceError):
        drafts.get("../../etc")


def test_who_asks_whether_somebody_works_is_not_in_the_way(drafts, send):
    one = send()
    drafts.ask(one, "read")
    over = threading.Event()

    def ask():
        while not over.is_set():
            drafts.get(one)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        assert [drafts.work(one).state for _ in range(5)] == ["done"] * 5
    finally:
        over.set()
        asking.join()


def test_codes_that_no_unit_has_stand_in_the_report(drafts, send):
    one = send("code,year,rate\nA1,2019,1\nA2,2019,2\nA9,2019,3\n")
    checked = do(drafts, one, "check", SAID)
    assert [row["code"] for row in checked.reports[-1]["unmatched_left"]] == ["A9"]


def test_a_workbook_makes_a_pack_too(drafts, send, tmp_path):
    one = send()
    path = drafts.place(one, "table", "figures.xlsx")
    pd.DataFrame({"code": ["A1", "A2"], "rate": [1.5, 2.5]}).to_excel(path, index=False)
    drafts.received(one, "table", path)
    made = do(drafts, one, "make", SAID | {"year": "2020"})
    assert made.pack == "at", made.faults
