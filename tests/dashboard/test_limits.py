"""Class limits that the reader types: what is read, what is drawn and counted, what is refused, and where it goes."""

import gzip
import json
from datetime import date

import numpy as np
import pytest
from dash.development.base_component import Component
from fuping.dashboard.app import create_app
from fuping.dashboard.components.legend import legend_props
from fuping.dashboard.components.maplibre import map_props
from fuping.dashboard.components.pickers import pickers
from fuping.dashboard.components.ranking import ranking
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.limits import read_limits, written
from fuping.dashboard.queries.kinds import map_layer
from fuping.dashboard.queries.ranking import ranked_table
from fuping.dashboard.reports.build import write_report
from fuping.dashboard.reports.links import report_href
from fuping.dashboard.state import ViewState
from hypothesis import given
from hypothesis import strategies as st

RATIO = "pack=kr&indicator=basic_living_ratio&level=municipality&year=2020"


@pytest.fixture
def view(reader):
    return lambda query: ViewState.read(query, reader.packs(), reader.catalogue)


def parts_of(shown):
    """Yield a component and all that is in it."""
    if isinstance(shown, list | tuple):
        for one in shown:
            yield from parts_of(one)
    elif shown is not None:
        yield shown
        yield from parts_of(getattr(shown, "children", None))


def words_in(shown):
    return [one for one in parts_of(shown) if isinstance(one, str)]


@given(
    limits=st.lists(st.decimals(-10_000, 10_000, places=3), min_size=1, max_size=8, unique=True).map(sorted),
    between=st.sampled_from(["; ", " ", ", ", "；", "、", ";", "\n"]),
)
def test_limits_are_read_however_they_are_parted(limits, between):
    read = read_limits(between.join(f"{one:f}" for one in limits))
    assert read == tuple(float(one) for one in limits)
    assert read_limits(written(read)) == read


def test_typed_limits_are_those_of_the_map_its_legend_and_its_address(reader, view):
    shown = view(f"{RATIO}&limits=2;+3;+4.5")
    values = reader.values("kr", "basic_living_ratio", "municipality").value
    layer = map_layer(reader, shown).shown
    for row, figures in enumerate(values):
        wanted = np.where(np.isnan(figures), -1, sum((figures > one).astype(int) for one in (2, 3, 4.5)))
        assert np.array_equal(layer.classes[row], wanted)
    legend = legend_props(reader, shown, map_layer(reader, shown))
    assert [one["label"] for one in legend["entries"]] == ["≤ 2.0", "2.0 – 3.0", "3.0 – 4.5", "> 4.5"]
    assert legend["beyond"] is None
    assert shown.to_query()["limits"] == "2 3 4.5"
    assert "limits=2+3+4.5" in map_props(reader, shown)["classesUrl"]


def test_beyond_closed_limits_figures_are_told_and_counted_and_are_not_missing(reader, view, store):
    shown = view(f"{RATIO}&limits=2+3+4.5&ends=closed")
    values = reader.values("kr", "basic_living_ratio", "municipality")
    row = values.at(2020)
    below, above = (int(one.sum()) for one in (values.value[row] < 2, values.value[row] > 4.5))
    assert min(below, above) > 0
    for language, told in (("en", ["below 2.0%", "above 4.5%"]), ("zh", ["低于2.0%", "高于4.5%"])):
        legend = legend_props(reader, view(f"{shown.href()}&lang={language}"), map_layer(reader, shown))
        outside = legend["entries"][-1]
        assert (outside["label"], outside["outside"]) == (message("legend.outside", language), True)
        assert outside["counts"][row] == below + above
        assert [one["label"] for one in legend["beyond"]] == told
        assert [one["counts"][row] for one in legend["beyond"]] == [below, above]
        assert legend["missing"]["counts"][row] == int(np.isnan(values.value[row]).sum())
    client = create_app(store).server.test_client()
    sent = json.loads(gzip.decompress(client.get(map_props(reader, shown)["classesUrl"]).data))
    assert sent["outside"] == 2
    assert sent["classes"][row].count("2") == below + above
    assert map_props(reader, shown)["text"]["outside"] == "Outside every class"


def test_the_table_of_those_outside_every_class_lists_them_with_their_figures(reader, view):
    shown = view(f"{RATIO}&limits=2+3+4.5&ends=closed&only=2")
    table = ranked_table(reader, shown)
    assert table.n_listed > 0
    assert all(not 2 <= one.value <= 4.5 for one in table.rows)
    drawn = ranking(reader, shown, table, map_layer(reader, shown))
    swatches = [one.className for one in parts_of(drawn) if isinstance(one, Component) and one._type == "I"]
    assert set(swatches) == {"swatch outside"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "ends", "problem", "named"),
    [
        ("5;+four", "", "word", {"piece": "four"}),
        ("1,200;+2,400", "", "comma", {"piece": "1,200"}),
        ("5;+5", "", "order", {"earlier": "5", "later": "5"}),
        ("5", "closed", "few", {}),
        ("1+2+3+4+5+6+7+8+9", "", "many", {"n": 10, "most": 9}),
    ],
)
def test_limits_that_cannot_be_used_are_kept_and_explained_and_the_map_still_drawn(
    reader, view, language, typed, ends, problem, named
):
    shown = view(f"{RATIO}&limits={typed}&ends={ends}&lang={language}")
    drawn = pickers(reader, shown)
    told = words_in(drawn)
    assert message(f"limits.problem.{problem}", language, **named) in told
    assert message("limits.instead.quantiles", language) in told
    (field,) = (one for one in parts_of(drawn) if getattr(one, "param", None) == "limits")
    assert field.value == typed.replace("+", " ")
    plain = map_layer(reader, view(f"{RATIO}&scheme=quantiles")).shown
    assert np.array_equal(map_layer(reader, shown).shown.classes, plain.classes)
    assert view(shown.href()) == shown


def test_limits_hold_for_their_own_indicator_and_only_with_their_scheme(reader, view):
    shown = view(f"{RATIO}&limits=2+3")
    other = view(shown.href(indicator="disabled_ratio"))
    assert (other.scheme, other.limits) == ("quantiles", None)
    assert view(f"{RATIO}&limits=2+3&scheme=box").limits is None
    assert "limits" not in view(f"{RATIO}&limits=2+3&scheme=box").to_query()


def test_the_reader_begins_with_the_limits_now_drawn(reader, view):
    drawn = pickers(reader, view(RATIO))
    links = [
        json.loads(one.__dict__["data-set"]) for one in parts_of(drawn) if "data-set" in getattr(one, "__dict__", {})
    ]
    (changes,) = (one for one in links if one.get("scheme") == "manual")
    typed_text = changes["limits"].replace(" ", "+")
    typed = map_layer(reader, view(f"{RATIO}&limits={typed_text}")).shown
    assert np.array_equal(typed.classes, map_layer(reader, view(RATIO)).shown.classes)


def test_declared_breaks_can_be_closed_too(reader, view):
    if "us" not in reader.packs():
        pytest.skip("the pack needs files that are not here")
    shown = view("pack=us&indicator=poverty_rate&level=county&year=2019&ends=closed")
    layer = map_layer(reader, shown)
    values = reader.values("us", "poverty_rate", "county")
    row = values.at(2019)
    outside = (values.value[row] < 10) | (values.value[row] > 30)
    assert layer.shown.entries[-1].counts[row] == outside.sum() > 100
    ends = np.array([values.lower[row], values.upper[row]])
    # The first limit belongs to the first class.
    place = np.where(ends == 10, 1, np.searchsorted([10, 15, 20, 25, 30], ends, side="left"))
    known = ~np.isnan(values.lower[row])
    assert layer.unsure[row].sum() == (known & (place[0] != place[1])).sum()


def test_a_report_is_drawn_in_the_classes_of_the_view_that_leads_to_it(reader, view):
    shown = view(f"{RATIO}&limits=2+3+4.5&ends=closed&unit=11010")
    address = report_href(shown, "11010", "pdf")
    assert "limits=2+3+4.5&ends=closed" in address
    given = {"language": "en", "indicator": "basic_living_ratio", "address": "http://x", "today": date(2026, 11, 28)}
    drawn = write_report(reader, "kr", "11010", classes=shown.class_query(), **given)
    picture = next(one.body.svg for one in drawn.sections if hasattr(one.body, "svg"))
    assert "Outside every class" in picture
    assert 'fill="url(#outside)"' in picture
