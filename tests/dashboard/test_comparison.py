"""Places side by side: any level, nothing dropped in silence, lines that stand out."""

import numpy as np
import pytest
from fuping.dashboard.figures.comparison import COLOURS, DASHES, comparison
from fuping.dashboard.queries.comparison import compare
from fuping.dashboard.state import MOST_COMPARED, ViewState


def read(reader, query):
    return ViewState.read(query, reader.packs(), reader.catalogue)


def test_a_county_stands_beside_what_it_lies_in(reader):
    view = read(reader, "pack=kr&indicator=grdp_per_head&unit=" + reader.units("kr", "municipality")["code"][0])
    found = compare(reader, view)
    assert [one.place.code for one in found.compared] == [view.unit]
    assert [one.level for one in found.above] == ["nation", "province"]


def test_figures_are_those_of_the_store(reader):
    codes = reader.units("kr", "municipality")["code"][:3]
    found = compare(reader, read(reader, f"pack=kr&indicator=grdp_per_head&units={','.join(codes)}"))
    values = reader.values("kr", "grdp_per_head", "municipality")
    for at, one in enumerate(found.compared):
        np.testing.assert_array_equal([figure.value for figure in one.figures], values.value[:, at])


def test_a_code_that_no_place_has_is_named(reader):
    found = compare(reader, read(reader, "pack=cn&units=130624,999999"))
    assert [one.place.code for one in found.compared] == ["130624"]
    assert found.unknown == ("999999",)


def test_what_is_missing_says_why(reader):
    found = compare(reader, read(reader, "pack=cn&units=130624,130000"))
    county, province = found.compared
    assert "poverty_county_status" in county.latest
    # A province has no status of counties, and shows none.
    assert "poverty_county_status" not in province.latest
    for one in found.compared:
        assert all(np.isfinite(figure.value) or figure.reason for figure in one.latest.values())


def test_no_more_places_than_lines_can_be_told_apart(reader):
    codes = reader.units("cn", "county")["code"][:9]
    view = read(reader, f"pack=cn&units={','.join([codes[0], *codes])}")
    assert view.compared == tuple(codes[:MOST_COMPARED])
    assert read(reader, view.href()) == view
    assert compare(reader, view).above == ()
    assert len(COLOURS) == len(DASHES) == MOST_COMPARED


def test_a_place_without_figures_keeps_its_line_from_the_others(reader):
    declared = {"unit": {"en": "%"}, "decimals": 1, "breaks_in_series": []}
    codes = reader.units("kr", "municipality")["code"][:1]
    (one,) = compare(reader, read(reader, f"pack=kr&indicator=grdp_per_head&units={codes[0]}")).compared
    drawn = comparison([("without", ()), ("with", one.figures)], declared, "en")
    assert {line["line"]["color"] for line in drawn["data"]} == {COLOURS[1]}


def _luminance(colour):
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("surface", ["#fffefb", "#1c201f"])
def test_lines_stand_out_from_the_surface(surface):
    # WCAG 2.1, 1.4.11: graphical objects need a contrast of at least 3:1.
    for colour in COLOURS:
        light, dark = sorted((_luminance(colour), _luminance(surface)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3, colour
