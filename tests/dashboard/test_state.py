"""The URL holds the view: what is written is read back, and whatever is unknown falls back to a page that exists."""

from urllib.parse import urlencode

import pytest
from fuping.dashboard.limits import Limits, written
from fuping.dashboard.state import CLASS_COUNTS, SORTS, ViewState, levels_with_figures
from fuping.spatial.cartography import SCHEMES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(reader, search):
    return ViewState.read(search, reader.packs(), reader.catalogue)


@st.composite
def views(draw, reader):
    pack = draw(st.sampled_from(reader.packs()))
    catalogue = reader.catalogue(pack)
    offered = [one for one in catalogue["indicators"] if one["shown"] and levels_with_figures(catalogue, one)]
    indicator = draw(st.sampled_from(offered))
    level = draw(st.sampled_from(levels_with_figures(catalogue, indicator)))
    numbers = st.lists(st.decimals(-1000, 1000, places=2).map(float), min_size=2, max_size=8, unique=True)
    own = None
    if not indicator["categories"]:
        texts = numbers.map(sorted).map(written) | st.sampled_from(["5; 4", "a lot", "1,200"])
        own = draw(st.none() | st.builds(Limits, st.just(indicator["id"]), texts, st.booleans()))
    schemes = ["manual"] if own else [one for one in SCHEMES if one != "manual" or indicator["class_breaks"]]
    projects = [one["id"] for one in catalogue["projects"]]
    code = st.none() | st.text("0123456789ABCD", min_size=1, max_size=6)
    return ViewState(
        pack=pack,
        indicator=indicator["id"],
        level=level,
        year=draw(st.sampled_from(indicator["levels"][level]["years"])),
        language=draw(st.sampled_from(["en", "zh"])),
        unit=draw(code),
        within=draw(code),
        project=draw(st.none() | st.sampled_from(projects)) if projects else None,
        scheme=draw(st.sampled_from(schemes)),
        k=draw(st.sampled_from(CLASS_COUNTS)),
        limits=own,
        only=draw(st.none() | st.sampled_from(["0", "3", "missing"])),
        side=draw(st.none() | st.sampled_from(["table", "unit", "report"])),
        sort=draw(st.sampled_from(SORTS)),
        page=draw(st.integers(1, 99)),
    )


@quick
@given(data=st.data())
def test_a_view_survives_the_url(reader, data):
    view = data.draw(views(reader))
    assert read(reader, view.href()) == view


@quick
@given(
    query=st.dictionaries(
        st.sampled_from(
            [
                "pack",
                "level",
                "indicator",
                "year",
                "lang",
                "overlay",
                "scheme",
                "k",
                "limits",
                "ends",
                "only",
                "sort",
                "page",
            ]
        ),
        st.text(max_size=8),
    )
)
def test_nonsense_in_the_url_still_shows_a_page(reader, query):
    view = read(reader, urlencode(query))
    catalogue = reader.catalogue(view.pack)
    indicator = reader.indicator(view.pack, view.indicator)
    assert view.level in levels_with_figures(catalogue, indicator)
    assert view.year in indicator["levels"][view.level]["years"]
    assert read(reader, view.href()) == view


def test_an_empty_url_opens_the_default_pack_as_it_declares(reader):
    view = read(reader, "")
    assert (view.pack, view.indicator, view.level, view.year) == ("cn", "poverty_county_status", "county", 2020)
    assert (view.language, view.scheme, view.sort, view.page) == ("en", "quantiles", "high", 1)


@pytest.mark.parametrize(("asked", "shown"), [("2014", 2014), ("1990", 2012), ("2031", 2020), ("soon", 2020)])
def test_a_year_without_figures_gives_the_nearest_one(reader, asked, shown):
    assert read(reader, f"?pack=cn&year={asked}").year == shown


def test_a_level_without_figures_gives_one_that_has_them(reader):
    view = read(reader, "?pack=cn&indicator=rural_income_poor_areas&level=county")
    assert view.level == "nation"


def test_an_indicator_that_only_serves_others_is_not_opened(reader):
    hidden = [one["id"] for one in reader.catalogue("cn")["indicators"] if not one["shown"]]
    assert hidden
    assert {read(reader, f"?pack=cn&indicator={one}").indicator for one in hidden} == {"poverty_county_status"}


def test_a_parameter_of_one_page_stays_in_the_url_and_falls_back_where_it_is_not_known(reader):
    shown = ViewState.read("?pack=cn&lag=3&chart=rank&chart2=x", reader.packs(), reader.catalogue)
    assert shown.to_query()["lag"] == "3"
    assert shown.option("chart", ("rank", "line"), "line") == "rank"
    assert shown.option("chart2", ("rank", "line"), "line") == "line"
    assert shown.amount("lag", 1, low=0, high=5) == 3
    assert shown.amount("lag", 1, low=4, high=5) == 1
    assert shown.amount("kind", 1, low=0, high=5) == 1
