"""Places are found by conditions on their figures; a missing figure leaves the answer open."""

import csv
import io
import json
import zipfile

import numpy as np
import pytest
from fuping.dashboard.app import create_app
from fuping.dashboard.queries.conditions import find, found_layer, found_table, read_conditions
from fuping.dashboard.state import ViewState

RATIO = "where=basic_living_ratio:above:5:2015"
NAMES = {"yes": {"en": "yes", "zh": "是"}, "no": {"en": "no", "zh": "否"}}


def asked(reader, query):
    return ViewState.read(query, reader.packs(), reader.catalogue)


def test_all_conditions_hold_together_and_missing_leaves_the_answer_open(reader, store):
    query = "pack=kr&indicator=grdp_per_head&level=municipality&"
    view = asked(reader, f"{query}{RATIO};population:at_most:100000:2015")
    found = find(reader, view)
    ratio, people = (
        values.value[values.years.index(2015)]
        for values in (store.values("kr", name, "municipality") for name in ("basic_living_ratio", "population"))
    )
    assert np.isnan(ratio).any()
    for at, (one, other) in enumerate(zip(ratio, people, strict=True)):
        unmet = (one == one and not one > 5) or (other == other and not other <= 100_000)
        wanted = 0 if unmet else -1 if one != one or other != other else 1
        assert found.answer[at] == wanted
    assert sum(found.count(answer) for answer in (1, 0, -1)) == len(ratio)
    layer, values = found_layer(found, NAMES)
    assert (layer.classes[0] == 0).sum() == found.count(1)
    assert np.isnan(values.value[0][found.answer == -1]).all()


def test_a_status_is_asked_for_by_its_category_within_a_province(reader, store):
    query = "pack=cn&level=county&within=130000&where=poverty_county_status:is:1:2012;poverty_county_status:is:2:2016"
    view = asked(reader, query)
    found = find(reader, view)
    table = found_table(reader, view, found)
    status = store.values("cn", "poverty_county_status", "county")
    codes = store.units("cn", "county")["code"]
    wanted = [
        code
        for at, code in enumerate(codes)
        if code[:2] == "13" and status.value[0, at] == 1 and status.value[status.years.index(2016), at] == 2
    ]
    assert table["code"].tolist() == wanted
    assert len(wanted) > 0
    assert set(table["poverty_county_status_2016"]) == {"exited"}


@pytest.mark.parametrize(
    "where",
    ["", "x:above:1:2015", "basic_living_ratio:over:1:2015", "basic_living_ratio:above:nan:2015",
     "basic_living_ratio:above:5:1999", "basic_living_ratio:is:5:2015", "basic_living_ratio:above:5", "a;b;;c:d:e:f"],
)  # fmt: skip
def test_what_cannot_be_asked_is_left_out(reader, where):
    assert read_conditions(reader, asked(reader, f"pack=kr&level=municipality&where={where}")) == ()


def test_the_list_is_taken_away_with_its_conditions_and_licence(reader, store):
    client = create_app(store).server.test_client()
    answer = client.get(f"/found/kr.csv?indicator=basic_living_ratio&level=municipality&{RATIO}")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("kr_municipality_found.csv").decode())))
        facts = json.loads(archive.read("kr_municipality_found.csv.metadata.json"))
    assert len(rows) == facts["units"]["met"]
    assert all(float(row["basic_living_ratio_2015"]) > 5 for row in rows)
    assert facts["conditions"] == ["basic_living_ratio:above:5:2015"]
    assert facts["indicators"][0]["sources"][0]["licence"]
    assert client.get("/found/xx.csv").status_code == 404
