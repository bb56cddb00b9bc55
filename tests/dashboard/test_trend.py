"""A chart bridges no gap and no break, and shows a lone year."""

import numpy as np
from fuping.dashboard.figures.trend import runs, trend
from fuping.dashboard.queries.unit import Observation, Series
from fuping.spatial.cube.missing import MissingReason

NAN = float("nan")
SHARE = {"unit": {"en": "%", "zh": "%"}, "decimals": 1, "breaks_in_series": [2015]}


def observed(year, value, lower=NAN, upper=NAN):
    reason = MissingReason.NOT_PUBLISHED if np.isnan(value) else MissingReason.OBSERVED
    return Observation(year, value, lower, upper, reason, "published")


def drawn(figures, peers=None):
    peers = np.full(len(figures), NAN) if peers is None else np.array(peers)
    chart = trend(Series(tuple(figures), peers, None, 3), SHARE, "en", name="A <b>county</b>", peers="median")
    return chart, [line for line in chart["data"] if line.get("hoverinfo") != "skip"]


def test_a_gap_is_not_bridged_and_a_lone_year_is_a_dot():
    _, lines = drawn([observed(2010, 5.0), observed(2011, NAN), observed(2012, 4.0), observed(2013, 3.0)])
    assert [(line["x"], line["mode"]) for line in lines] == [([2010], "markers"), ([2012, 2013], "lines+markers")]


def test_a_break_in_the_series_ends_the_line_and_is_marked():
    chart, lines = drawn([observed(2013, 5.0), observed(2014, 5.0), observed(2015, 9.0), observed(2016, 9.0)])
    assert [line["x"] for line in lines] == [[2013, 2014], [2015, 2016]]
    assert [shape["x0"] for shape in chart["layout"]["shapes"]] == [2014.5]
    assert chart["layout"]["annotations"][0]["text"] == "series breaks 2015"


def test_the_words_of_a_break_lie_on_the_side_where_there_is_room():
    def anchor(first, last):
        chart, _ = drawn([observed(year, 5.0) for year in range(first, last + 1)])
        return chart["layout"]["annotations"][0]["xanchor"]

    assert (anchor(2014, 2020), anchor(2008, 2016)) == ("left", "right")


def test_years_of_a_census_are_neighbours():
    assert runs([2000, 2010, 2020], [True, True, True], []) == [[0, 1, 2]]
    assert runs([1989, 1993, 1994], [True, True, True], []) == [[0], [1, 2]]


def test_an_interval_is_a_band_only_where_it_is_given():
    chart, _ = drawn([observed(2010, 5.0), observed(2011, 4.0, 3.0, 5.0), observed(2012, 4.5, 4.0, 5.0)])
    (band,) = [line for line in chart["data"] if line.get("hoverinfo") == "skip"]
    assert band["x"] == [2011, 2012, 2012, 2011]
    assert band["y"] == [5.0, 5.0, 4.0, 3.0]


def test_peers_are_drawn_beside_and_names_are_text_only():
    _, lines = drawn([observed(2010, 5.0), observed(2011, 4.0)], peers=[3.0, 3.5])
    assert [line["y"] for line in lines] == [[3.0, 3.5], [5.0, 4.0]]
    assert all("<b>" not in line["hovertemplate"] for line in lines)
