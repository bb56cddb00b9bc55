"""The trends page's facts, each worked out again from the store's figures; what cannot be said is refused."""

import numpy as np
import pytest
from fuping.dashboard.figures.rank_paths import rank_chart
from fuping.dashboard.figures.spread import MOST_LINES, spread_chart
from fuping.dashboard.pages import trends
from fuping.dashboard.queries.draw_level import draw_level, period, unequal
from fuping.dashboard.queries.rank_paths import rank_paths
from fuping.dashboard.queries.spread import spread, status_years, tracks
from fuping.dashboard.state import ViewState


def read(reader, query):
    return ViewState.read(query, reader.packs(), reader.catalogue)


def test_quantiles_and_counts_are_those_of_the_figures(reader):
    found = spread(reader, read(reader, "pack=kr&indicator=grdp_per_head"))
    values = reader.values("kr", "grdp_per_head", "municipality")
    for row in range(len(found.years)):
        there = np.sort(values.value[row][np.isfinite(values.value[row])])
        assert found.n[row] == len(there)
        middle = (there[(len(there) - 1) // 2] + there[len(there) // 2]) / 2
        assert found.quantiles[2, row] == pytest.approx(middle)


def test_the_selected_unit_and_all_it_lies_in_are_singled_out(reader):
    code = reader.units("kr", "municipality")["code"][0]
    singled = tracks(reader, read(reader, f"pack=kr&indicator=grdp_per_head&unit={code}"))
    assert [one.place.level for one in singled] == ["municipality", "province", "nation"]
    assert [one.selected for one in singled] == [True, False, False]
    # A total of the country would leave nothing to see of its parts.
    totals = tracks(reader, read(reader, f"pack=kr&indicator=grdp&unit={code}"))
    assert [one.place.level for one in totals] == ["municipality"]


def test_ranks_are_counted_from_the_end_that_is_asked_for(reader):
    code = reader.units("kr", "municipality")["code"][100]
    for ranked in ("high", "low", "around"):
        view = read(reader, f"pack=kr&indicator=grdp_per_head&unit={code}&ranked={ranked}")
        found = rank_paths(reader, view, spread(reader, view))
        values = reader.values("kr", "grdp_per_head", "municipality")
        codes = reader.units("kr", "municipality")["code"]
        assert [one.unit.code for one in found.paths if one.selected] == [code]
        for path in found.paths:
            at = codes.index(path.unit.code)
            for row, rank in enumerate(path.ranks):
                year = values.value[values.at(found.years[row])]
                better = (year < year[at]).sum() if found.from_low else (year > year[at]).sum()
                assert np.isnan(rank) if np.isnan(year[at]) else rank == better + 1


def test_names_at_the_end_of_lines_do_not_overlap(reader):
    view = read(reader, "pack=kr&indicator=grdp_per_head&ranked=high")
    drawn = rank_chart(rank_paths(reader, view, spread(reader, view)), reader.indicator("kr", "grdp_per_head"), "en")
    heights = sorted(one["y"] for one in drawn["layout"]["annotations"] if one.get("xref") == "paper")
    assert min(np.diff(heights)) > 0.04 - 1e-9


def test_no_line_bridges_a_break(reader):
    view = read(reader, "pack=kr&indicator=basic_living_ratio&level=province")
    found = spread(reader, view)
    assert 1 < len(found.places) <= MOST_LINES
    names = [("", "")] * len(found.places)
    declared = reader.indicator("kr", "basic_living_ratio")
    drawn = spread_chart(found, tracks(reader, view), declared, "en", names=names, median="median")
    for trace in drawn["data"]:
        assert not (min(trace["x"]) < 2015 <= max(trace["x"]))


def test_convergence_agrees_with_a_regression_by_hand(reader):
    view = read(reader, "pack=kr&indicator=grdp_per_head&from=2015&to=2020")
    found = draw_level(reader, view, spread(reader, view))
    values = reader.values("kr", "grdp_per_head", "municipality")
    start, end = values.value[values.at(2015)], values.value[values.at(2020)]
    both = np.isfinite(start) & np.isfinite(end)
    x, y = np.log(start[both]), (np.log(end[both]) - np.log(start[both])) / 5
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    assert found.log
    assert found.beta.slope.value == pytest.approx(slope)
    np.testing.assert_allclose(found.change, 100 * y)
    dispersion = found.sigma.by_year["dispersion"]
    assert dispersion.loc[2015] == pytest.approx(np.log(start[both]).std(ddof=1))


def test_by_default_the_longest_span_of_one_definition_is_compared(reader):
    view = read(reader, "pack=kr&indicator=basic_living_ratio")
    found = spread(reader, view)
    assert period(reader.indicator("kr", "basic_living_ratio"), found, view) == (2015, 2020)
    assert draw_level(reader, view, found).first == 2015


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("pack=kr&indicator=grdp", "size"),
        ("pack=kr&indicator=grdp_per_head&level=nation", "one_unit"),
        ("pack=kr&indicator=basic_living_ratio&from=2010", "break"),
        ("pack=cn&indicator=rural_headcount_ratio&level=province", "one_year"),
        ("pack=cn&indicator=rural_headcount_ratio&level=region", "one_year"),
    ],
)
def test_convergence_is_refused_with_the_reason(reader, query, why):
    view = read(reader, query)
    assert draw_level(reader, view, spread(reader, view)) == why


def test_too_few_units_are_no_convergence(reader):
    # Sejong is one municipality, Jeju two, Gwangju five.
    for code in ("29", "39", "24"):
        view = read(reader, f"pack=kr&indicator=grdp_per_head&within={code}")
        found = spread(reader, view)
        assert len(found.places) < 6
        assert draw_level(reader, view, found) in ("few", "one_unit")


def test_gini_is_of_amounts_only_and_agrees_with_the_mean_difference(reader):
    view = read(reader, "pack=kr&indicator=grdp_per_head")
    found = spread(reader, view)
    told = unequal(reader.indicator("kr", "grdp_per_head"), found)
    row = found.values[-1][np.isfinite(found.values[-1])]
    expected = np.abs(row[:, None] - row[None, :]).mean() / (2 * row.mean())
    assert told.by_year["value"].iloc[-1] == pytest.approx(expected)
    rates = read(reader, "pack=kr&indicator=disabled_ratio")
    assert unequal(reader.indicator("kr", "disabled_ratio"), spread(reader, rates)) is None


def test_a_status_is_counted_year_by_year(reader):
    view = read(reader, "pack=cn&indicator=poverty_county_status")
    told = status_years(reader.indicator("cn", "poverty_county_status"), spread(reader, view))
    values = reader.values("cn", "poverty_county_status", "county").value
    assert told.counts[0].tolist() == [(row == 1).sum() for row in values]
    moved = sum(n for flows in told.moves.values() for *_, n in flows)
    assert moved == (values[1:] != values[:-1]).sum()


def test_every_indicator_and_level_gives_a_page(reader):
    for pack in reader.packs():
        for place, declared in enumerate(one for one in reader.catalogue(pack)["indicators"] if one["shown"]):
            for level in declared["levels"] or [""]:
                language = ("en", "zh")[place % 2]
                view = read(reader, f"pack={pack}&indicator={declared['id']}&level={level}&lang={language}")
                assert trends._content(reader, view)
