"""Clusters of a year against the textbook formulas over a dense matrix; graphs against the geometry itself."""

import numpy as np
import pytest
import shapely
from fuping.dashboard.pages import clusters as page
from fuping.dashboard.queries import clusters as queries
from fuping.dashboard.queries.clusters import clusters, refusal
from fuping.dashboard.queries.emerging import CATEGORIES, emerging
from fuping.dashboard.queries.graphs import graph_choice, level_graph
from fuping.dashboard.queries.shapes import level_shapes
from fuping.dashboard.state import ViewState
from shared_data import needs_shared

KR = "pack=kr&indicator=basic_living_ratio&level=municipality&year=2020"


def read(reader, query):
    return ViewState.read(query, reader.packs(), reader.catalogue)


def dense(reader, view):
    """Values of the units that have one and a neighbour with one, and who neighbours whom among them."""
    found = level_graph(reader, view.pack, view.level, graph_choice(reader, view))
    codes = reader.units(view.pack, view.level)["code"]
    matrix = found.graph.sparse.toarray()[
        np.ix_(found.graph.unique_ids.get_indexer(codes), found.graph.unique_ids.get_indexer(codes))
    ]
    values = reader.values(view.pack, view.indicator, view.level)
    row = values.value[values.years.index(view.year)]
    kept = ~np.isnan(row)
    while True:
        lonely = kept & (matrix @ kept == 0)
        if not lonely.any():
            return kept, row[kept], (matrix[np.ix_(kept, kept)] > 0).astype(float)
        kept &= ~lonely


@pytest.mark.parametrize("graph", ["graph=queen", "graph=knn&nearest=4", "graph=distance&reach=40"])
def test_statistics_are_those_of_the_formulas(reader, graph):
    view = read(reader, f"{KR}&permutations=99&{graph}")
    found = clusters(reader, view)
    kept, x, binary = dense(reader, view)
    n, z = len(x), x - x.mean()
    w = binary / binary.sum(axis=1, keepdims=True)
    moran = n / w.sum() * (z @ w @ z) / (z @ z)
    geary = (n - 1) / (2 * w.sum()) * (w * (x[:, None] - x[None, :]) ** 2).sum() / (z @ z)
    assert found.n == n
    assert found.moran["value"] == pytest.approx(moran)
    assert found.geary["value"] == pytest.approx(geary)
    local = n * z * (w @ z) / (z @ z)
    np.testing.assert_allclose(found.table["local"].to_numpy()[kept], local * (n - 1) / n, rtol=1e-9)
    # Getis and Ord (1995), eq. 14, the unit itself among its neighbours.
    star = binary + np.eye(n)
    size = star.sum(axis=1)
    spread = np.sqrt((x**2).mean() - x.mean() ** 2)
    gi = (star @ x - x.mean() * size) / (spread * np.sqrt((n * (star**2).sum(axis=1) - size**2) / (n - 1)))
    np.testing.assert_allclose(found.table["gi"].to_numpy()[kept], gi, rtol=1e-9)


def test_the_line_of_the_scatter_plot_has_the_slope_of_morans_i(reader):
    found = clusters(reader, read(reader, KR))
    tested = found.table.dropna(subset=["lag_z"])
    slope = np.polyfit(tested["z"], tested["lag_z"], 1)[0]
    assert slope == pytest.approx(found.moran["value"])


def test_each_unit_is_called_by_itself_or_with_false_discoveries_held_down(reader):
    fdr = clusters(reader, read(reader, KR)).table
    each = clusters(reader, read(reader, f"{KR}&control=each")).table
    called = each["moran"].isin(["HH", "LL", "HL", "LH"])
    assert (called == (each["p"] <= 0.05)).all()
    assert set(fdr.index[fdr["moran"].isin(["HH", "LL", "HL", "LH"])]) < set(each.index[called])
    # Benjamini and Hochberg (1995), by hand.
    p = np.sort(fdr["p"].dropna().to_numpy())
    below = np.flatnonzero(p <= 0.05 * np.arange(1, len(p) + 1) / len(p))
    limit = p[below[-1]] if len(below) else -1
    assert (fdr["moran"].isin(["HH", "LL", "HL", "LH"]) == (fdr["p"] <= limit)).all()
    high, around = each["z"] > 0, each["lag_z"] > 0
    for word, rows in {"HH": high & around, "LL": ~high & ~around, "HL": high & ~around, "LH": ~high & around}.items():
        assert set(each.index[each["moran"] == word]) == set(each.index[called & rows])


def test_too_few_permutations_are_said_to_find_nothing_small(reader):
    found = clusters(reader, read(reader, f"{KR}&permutations=99"))
    assert found.least_p == pytest.approx(2 / 100)
    assert found.least_found == int(np.ceil(0.02 * found.n / 0.05))


def test_the_same_view_gives_the_same_answer(reader):
    view = read(reader, f"{KR}&permutations=99")
    first = clusters(reader, view).table
    queries._clusters.cache_clear()
    assert clusters(reader, view).table.equals(first)


def test_neighbours_share_a_border_or_are_the_nearest(reader):
    codes = reader.units("kr", "municipality")["code"]
    shapes = level_shapes(reader, "kr", "municipality")
    queen = level_graph(reader, "kr", "municipality", graph_choice(reader, read(reader, KR)))
    adjacency = queen.graph.adjacency
    pairs = {(a, b) for a, b in adjacency[adjacency > 0].index}
    # Who touches in the simplified outlines is a neighbour; gaps of a few metres are closed besides.
    touching = shapely.STRtree(shapes).query(shapes, predicate="intersects").T
    assert {(codes[a], codes[b]) for a, b in touching if a != b and shapes[a].touches(shapes[b])} <= pairs
    ulleung = next(
        code
        for code, name in zip(codes, reader.units("kr", "municipality")["name_en"], strict=True)
        if name == "Ulleung-gun"
    )
    assert ulleung in queen.report.islands
    knn = level_graph(reader, "kr", "municipality", graph_choice(reader, read(reader, f"{KR}&graph=knn&nearest=4")))
    assert set(knn.graph.cardinalities) == {4}


def test_what_cannot_be_tested_is_refused_with_the_reason(reader):
    assert refusal(reader, read(reader, "pack=cn&indicator=poverty_county_status")) == "status"
    assert refusal(reader, read(reader, "pack=kr&indicator=basic_living_ratio&level=province")) == "few_units"
    assert refusal(reader, read(reader, f"{KR}&graph=distance&reach=2000")) == "too_wide"
    assert queries.unfit(np.repeat([1.0, 2.0], 40)) == "few_values"


def test_three_readings_give_histories_and_two_do_not(reader):
    three = emerging(reader, read(reader, f"{KR}&permutations=99"))
    assert three.years == (2010, 2015, 2020)
    assert set(three.categories) <= {*CATEGORIES, "no pattern", "not known"}
    assert sum(entry.counts[0] for entry in three.layer.entries) + sum(three.layer.missing[0].values()) == len(
        three.categories
    )
    view = read(reader, "pack=kr&indicator=basic_pension_ratio&level=municipality&permutations=99")
    two = emerging(reader, view)
    assert (len(two.years), two.categories) == (2, None)
    assert two.moves.n_pairs > 0


@needs_shared
def test_poverty_clusters_in_the_mississippi_delta(reader):
    found = clusters(reader, read(reader, "pack=us&indicator=poverty_rate&level=county&year=2019"))
    # Washington, Sunflower and Bolivar counties, Mississippi; Loudoun and Fairfax, Virginia.
    assert (found.table.loc[["28151", "28133", "28011"], "moran"] == "HH").all()
    assert (found.table.loc[["51107", "51059"], "moran"] == "LL").all()


def test_every_indicator_of_every_pack_is_drawn_or_refused_in_both_languages(reader):
    for pack in reader.packs():
        for declared in reader.catalogue(pack)["indicators"]:
            if declared["shown"]:
                query = f"pack={pack}&indicator={declared['id']}&permutations=99&unit=130624"
                for language in ("en", "zh"):
                    assert page._now(reader, read(reader, f"{query}&lang={language}"))
