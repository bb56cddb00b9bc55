"""CQL2 filters select what pandas selects; what is missing is neither true nor false."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import shapely
from fuping.dashboard.api.errors import BadParameterError
from fuping.dashboard.api.filters import parse
from fuping.dashboard.api.matching import matching

COLUMNS = {
    "name": ["Ann", "Ábel", "ben", None, "50%_off"],
    "rate": [1.0, 5.0, None, 7.0, 12.5],
    "share": [2.0, 4.0, 1.0, None, 0.0],
    "gone": [None] * 5,
}
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def selected(text, language="cql2-text"):
    found = matching(
        parse(text, language=language),
        COLUMNS,
        crs=CRS84,
        touching=lambda area: shapely.intersects(area, shapely.points(np.arange(5.0), np.zeros(5))),
    )
    return np.flatnonzero(found).tolist()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("rate = 5", [1]),
        ("rate <> 5", [0, 3, 4]),
        ("rate >= 5 AND rate < 12.5", [1, 3]),
        ("rate < 2 OR name = 'ben'", [0, 2]),
        ("NOT rate > 5", [0, 1]),
        ("NOT (rate > 5 OR name = 'Ann')", [1]),
        ("rate IS NULL", [2]),
        ("rate IS NOT NULL", [0, 1, 3, 4]),
        ("gone IS NULL", [0, 1, 2, 3, 4]),
        ("gone > 1", []),
        ("NOT gone > 1", []),
        ("gone > 1 OR rate = 1", [0]),
        ("NOT (gone > 1 AND rate = 1)", [1, 3, 4]),
        ("rate BETWEEN 5 AND 7", [1, 3]),
        ("rate NOT BETWEEN 5 AND 7", [0, 4]),
        ("name IN ('Ann', 'ben')", [0, 2]),
        ("name NOT IN ('Ann', 'ben')", [1, 4]),
        ("name LIKE 'A%'", [0]),
        ("name LIKE '%n'", [0, 2]),
        ("name LIKE '_en'", [2]),
        ("name LIKE '50\\%\\_%'", [4]),
        ("name NOT LIKE '%n'", [1, 4]),
        ("CASEI(name) = CASEI('BEN')", [2]),
        ("CASEI(name) LIKE 'a%'", [0]),
        ("ACCENTI(name) LIKE 'A%'", [0, 1]),
        ("CASEI(ACCENTI(name)) = 'abel'", [1]),
        ("rate > share", [1, 4]),
        ("rate / share > 1", [1]),
        ("rate * 2 - 1 = share + 5", [1]),
        ("-rate < -10", [4]),
        ("TRUE", [0, 1, 2, 3, 4]),
        ("FALSE OR rate = 1", [0]),
        ("name > 'a'", [2, 1]),
        ("S_INTERSECTS(geometry, BBOX(0.5, -1, 2.5, 1))", [1, 2]),
        ("S_INTERSECTS(geometry, POLYGON((2.5 -1, 9 -1, 9 1, 2.5 1, 2.5 -1)))", [3, 4]),
        ("NOT S_INTERSECTS(geometry, POINT(3 0))", [0, 1, 2, 4]),
    ],
)
def test_a_filter_selects_the_rows_for_which_it_is_true(text, rows):
    assert selected(text) == sorted(rows)


def test_the_json_form_selects_the_same():
    given = {
        "op": "and",
        "args": [{"op": ">=", "args": [{"property": "rate"}, 5]}, {"op": "<", "args": [{"property": "rate"}, 12.5]}],
    }
    assert selected(json.dumps(given), "cql2-json") == [1, 3]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rate >", "CQL2"),
        ("", "CQL2"),
        ("nothing = 1", "nothing"),
        ("rate = 'five'", "single quotes"),
        ("name = 5", "single quotes"),
        ("rate", "operation"),
        ("'text'", "operation"),
        ("5", "operation"),
        ("avg(rate) = 1", "avg"),
        ("name LIKE name", "LIKE"),
        ("rate LIKE '1%'", "LIKE"),
        ("name + 1 = 2", "numbers"),
        ("CASEI(rate) = 'a'", "CASEI"),
        ("rate = NULL", "operation"),
        ("rate = DATE('2020-01-01')", "single quotes"),
        ("TIMESTAMP('yesterday') = TIMESTAMP('2020-01-01T00:00:00Z')", "timestamp"),
        ("rate = 1e400", "bounds"),
        ("S_INTERSECTS(rate, POINT(1 2))", "geometry"),
        ("S_INTERSECTS(geometry, geometry)", "shape"),
        ("S_WITHIN(geometry, POINT(1 2))", "s_within"),
        ("A_CONTAINS(name, ('a'))", "a_contains"),
        ("T_AFTER(rate, DATE('2020-01-01'))", "t_after"),
        ("(" * 500 + "rate = 1" + ")" * 500, "32"),
        ("NOT " * 400 + "rate = 1", "32"),
        ("rate = " + "-" * 1900 + "1", "32"),
        ("rate = 1" + " + 1" * 400, "32"),
        ("rate = 1" + "-1" * 900, "32"),
    ],
)
def test_what_cannot_be_evaluated_is_refused_with_the_reason(text, told):
    with pytest.raises(BadParameterError, match="filter") as refused:
        selected(text)
    assert told in str(refused.value)
    assert refused.value.parameter == "filter"


@pytest.mark.parametrize(
    "given",
    [
        "{",
        "[]",
        "null",
        '{"op": "and", "args": []}',
        '{"op": "=", "args": [1]}',
        r'{"op": "=", "args": [{"property": "\ud800"}, 1]}',
        r'"\ud800"',
        '{"op": "=", "args": [{"timestamp": "0001-01-01T00:00:00+14:00"}, {"timestamp": "2020-01-01T00:00:00Z"}]}',
        '{"op": ["="], "args": [1, 2]}',
        '{"op": "=", "args": [{"property": ["rate"]}, 2]}',
        '{"op": "=", "args": [{"property": {}}, 2]}',
        '{"op": "in", "args": [{"property": "rate"}, 5]}',
        '{"op": "like", "args": ["a", 5]}',
        '{"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [1, 2]}]}',
        '{"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": 7}]}',
        '{"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": ["a", 2, 3, 4]}]}',
        '{"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Polygon", "coordinates": [[[0, 0]]]}]}',
        '{"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": []}]}',
        '{"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": [NaN, 1]}]}',
        '{"op": "=", "args": [{"property": "rate"}, NaN]}',
        '{"op": "=", "args": [{"property": "rate"}, ' + "9" * 400 + "]}",
        '{"op": "not", "args": [' * 90 + "true" + "]}" * 90 + "]",
        "[" * 1900,
    ],
)
def test_malformed_json_is_refused(given):
    with pytest.raises(BadParameterError):
        selected(given, "cql2-json")


def test_a_shape_of_many_points_is_not_taken_for_deep_nesting():
    ring = ", ".join(f"{x / 20} -1" for x in range(-10, 90)) + ", 4.5 1, -0.5 1, -0.5 -1"
    assert selected(f"(S_INTERSECTS(geometry, POLYGON(({ring}))))") == [0, 1, 2, 3, 4]


def test_a_self_crossing_shape_is_mended():
    bow = "POLYGON((-0.5 -1, 1.5 1, 1.5 -1, -0.5 1, -0.5 -1))"
    assert selected(f"S_INTERSECTS(geometry, {bow})") == [0, 1]


def test_a_pattern_of_many_wildcards_is_quick():
    many = {"name": ["a" * 200]}
    expression = parse("name LIKE '" + "%a" * 150 + "%b'", language="cql2-text")
    assert not matching(expression, many, crs=CRS84, touching=lambda area: np.ones(1, dtype=bool)).any()


def test_the_deepest_filter_allowed_does_not_overflow_the_stack_of_a_small_thread():
    code = """
import threading
from fuping.dashboard.api.filters import DEEPEST, parse
threading.stack_size(256 * 1024)
texts = ["(" * DEEPEST + "a = 1" + ")" * DEEPEST, "NOT " * DEEPEST + "a = 1", "a = 1" + "+1" * DEEPEST,
         "f(" * DEEPEST + "a" + ")" * DEEPEST + " = 1", "a = 1" + " OR a = 1" * 200,
         "a = " + "-(" * 16 + "1" + ")" * 16,
         "a IN " + "(" * DEEPEST + "1" + ")" * DEEPEST, "a = " + "-" * DEEPEST + "1"]
threads = [threading.Thread(target=parse, args=(text,), kwargs={"language": "cql2-text"}) for text in texts]
for thread in threads:
    thread.start()
    thread.join()
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_filters_of_a_collection_select_what_pandas_selects(store, get):
    units = pd.DataFrame(store.units("us", "county"))
    rate = store.values("us", "poverty_rate", "county")
    units["rate"] = rate.value[rate.years.index(2019)]
    wanted = units[(units["rate"] > 30) & units["name_en"].str.startswith("B") & (units["area_km2"] > 1000)]
    assert len(wanted) > 0
    found = get(
        "/collections/us.county/items",
        filter="poverty_rate > 30 AND name_en LIKE 'B%' AND area_km2 > 1000",
        indicators="poverty_rate",
        year=2019,
    )
    assert [one["id"] for one in found["features"]] == wanted["code"].tolist()
    missing = get(
        "/collections/us.county/items",
        filter="poverty_rate IS NULL",
        indicators="poverty_rate",
        year=2019,
        detail="coarse",
    )
    assert missing["numberMatched"] == units["rate"].isna().sum()


def test_a_shape_in_a_filter_finds_what_the_box_finds(get):
    path = "/collections/kr.municipality/items"
    box = get(path, bbox="126.5,37,127,37.5", detail="coarse")
    shaped = get(path, filter="S_INTERSECTS(geometry, BBOX(126.5, 37, 127, 37.5))", detail="coarse")
    north_first = get(
        path,
        filter="S_INTERSECTS(geometry, POLYGON((37 126.5, 37 127, 37.5 127, 37.5 126.5, 37 126.5)))",
        filter__crs="http://www.opengis.net/def/crs/EPSG/0/4326",
        detail="coarse",
    )
    assert box["features"] == shaped["features"] == north_first["features"]
    assert box["numberMatched"] > 0
