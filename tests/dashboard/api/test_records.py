"""The catalogue has one record for each indicator, each source and each grid, and finds them by their words."""


def ids(page):
    return [one["id"] for one in page["features"]]


def test_there_is_a_record_of_each_indicator_each_source_and_each_grid(store, get):
    expected = {
        f"{pack}.{kind}.{one['id']}"
        for pack in store.packs()
        for kind in ("indicator", "source", "grid")
        for one in store.catalogue(pack)[f"{kind}s"]
    }
    page = get("/records", limit=1000)
    assert set(ids(page)) == expected
    assert page["numberMatched"] == len(ids(page)) == len(expected)
    for one in page["features"]:
        assert one["type"] == "Feature"
        assert one["geometry"]["type"] == "Polygon"
        assert {"interval", "date"} & set(one["time"] or {"date": None})
        assert {"type", "title", "description", "license", "updated"} <= set(one["properties"])


def test_records_are_found_by_words_of_either_language(get):
    assert "us.source.saipe" in ids(get("/records", q="small area INCOME"))
    assert "us.source.saipe" in ids(get("/records", q="小区域收入"))
    assert ids(get("/records", q="no such words")) == []
    assert all(one.startswith("kr.source.") for one in ids(get("/records", pack="kr", kind="source")))


def test_records_are_paged(get):
    whole = ids(get("/records", limit=1000))
    assert ids(get("/records", limit=10, offset=10)) == whole[10:20]


def test_a_record_leads_to_its_data_and_its_licence(api, get):
    record = get("/records/us.indicator.poverty_rate", lang="zh")
    assert record["properties"]["title"] == record["properties"]["titles"]["zh"]
    for link in record["links"]:
        if link["href"].startswith("http://localhost"):
            assert api.get(link["href"].removeprefix("http://localhost")).status_code == 200
    assert {"item", "license"} <= {link["rel"] for link in record["links"]}
