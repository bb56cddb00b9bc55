"""A pack withholds small counts: at every level, with the rates computed from them, wherever figures are handed out."""

import gzip
import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from fuping.dashboard.app import create_app
from fuping.layers.build.derive import derive, roll_up_levels
from fuping.layers.build.pipeline import build_pack
from fuping.layers.build.suppress import suppress
from fuping.layers.office import open_office
from fuping.layers.pack import read_pack
from fuping.layers.schema.metadata import Indicator
from fuping.spatial.cube.missing import MissingReason
from pydantic import ValidationError
from small_pack import people, write_small_pack

NAMED = {"en": "x", "zh": "某"}
COUNTS = {"A1": (3, 100), "A2": (30, 300), "A3": (40, 200), "B1": (20, 400), "B2": (25, 50), "B3": (0, 40)}


def indicator(id, **given):
    declared = {"theme": NAMED, "name": NAMED, "unit": NAMED, "kind": "count", "aggregation": "extensive"}
    declared |= {"direction": "higher_is_worse", "meaning": NAMED}
    return Indicator(id=id, **declared | given)


@pytest.fixture
def pack():
    rate = {"kind": "rate", "aggregation": "intensive", "denominator": "people"}
    indicators = [
        indicator("poor", suppress_below=10),
        indicator("people"),
        indicator("poor_share", derive={"numerator": "poor", "denominator": "people"}, **rate),
        indicator("other_share", derive={"numerator": "people", "denominator": "people"}, **rate),
    ]
    levels = [SimpleNamespace(id="nation", parent=None), SimpleNamespace(id="province", parent="nation")]
    levels.append(SimpleNamespace(id="county", parent="province"))
    return SimpleNamespace(
        indicators=indicators,
        levels=levels,
        indicator=lambda id: next(one for one in indicators if one.id == id),
        level=lambda id: next(one for one in levels if one.id == id),
    )


UNITS = {
    "nation": pd.DataFrame({"code": ["N"], "parent_level": [""], "parent_code": [""]}),
    "province": pd.DataFrame({"code": ["A", "B"], "parent_level": ["nation"] * 2, "parent_code": ["N"] * 2}),
    "county": pd.DataFrame(
        {"code": list(COUNTS), "parent_level": ["province"] * 6, "parent_code": [code[0] for code in COUNTS]}
    ),
}


@pytest.fixture
def built(pack):
    """Observed at county level in two years, derived and rolled up as a build does."""
    rows = [
        {"indicator": name, "level": "county", "code": code, "year": year, "value": float(value), "lower": value - 1.0}
        for code, pair in COUNTS.items()
        for name, value in zip(("poor", "people"), pair, strict=True)
        for year in (2019, 2020)
    ]
    observed = pd.DataFrame(rows)
    observed["upper"] = observed["value"] + 1.0
    observed["reason"] = np.uint8(MissingReason.OBSERVED)
    observed["status"], observed["source"] = "published", "office"
    # Nobody is few in 2019.
    observed.loc[observed["year"].eq(2019) & observed["code"].eq("A1") & observed["indicator"].eq("poor"), "value"] = 33
    observed = pd.concat([observed, derive(pack, observed)], ignore_index=True)
    return pd.concat([observed, roll_up_levels(pack, observed, UNITS)], ignore_index=True)


def shown(observations, indicator, level, year=2020):
    rows = observations[(observations["indicator"] == indicator) & (observations["level"] == level)]
    return rows[rows["year"] == year].set_index("code")["value"].dropna().to_dict()


def test_the_small_count_and_the_next_smallest_are_withheld_and_totals_are_true(pack, built):
    kept = suppress(pack, built, UNITS)
    assert shown(kept, "poor", "county") == {"A3": 40, "B1": 20, "B2": 25, "B3": 0}
    assert shown(kept, "poor", "province") == {"A": 73, "B": 45}
    assert shown(kept, "poor", "nation") == {"N": 118}
    assert shown(kept, "people", "county") == {code: pair[1] for code, pair in COUNTS.items()}


def test_rates_computed_from_what_is_withheld_are_withheld(pack, built):
    kept = suppress(pack, built, UNITS)
    assert set(shown(kept, "poor_share", "county")) == {"A3", "B1", "B2", "B3"}
    assert shown(kept, "poor_share", "province")["A"] == pytest.approx(100 * 73 / 600)
    assert set(shown(kept, "other_share", "county")) == set(COUNTS)


@pytest.mark.parametrize("complement", [False, True])
def test_a_rate_above_tells_no_count_that_the_pack_does_not_add_up(pack, built, complement):
    """The mean rate of a province, times its people, less the counts that are shown, was the small count."""
    rates = next(one for one in pack.indicators if one.id == "poor_share")
    pack.indicators[0] = indicator("poor", suppress_below=10, aggregation="none")
    share = rates.derive.model_copy(update={"complement": complement})
    pack.indicators[2] = rates.model_copy(update={"derive": share})
    observed = built[built["level"].eq("county") & built["indicator"].isin(["poor", "people"])]
    observed = pd.concat([observed, derive(pack, observed)], ignore_index=True)
    kept = suppress(pack, pd.concat([observed, roll_up_levels(pack, observed, UNITS)], ignore_index=True), UNITS)
    assert shown(kept, "poor", "province") == {}
    assert shown(kept, "poor", "county") == {"A3": 40, "B1": 20, "B2": 25, "B3": 0}
    assert set(shown(kept, "poor_share", "county")) == {"A3", "B1", "B2", "B3"}
    assert set(shown(kept, "poor_share", "province")) == {"A", "B"}


def test_only_the_year_is_touched_and_nothing_of_the_figure_is_left(pack, built):
    kept = suppress(pack, built, UNITS)
    assert len(shown(kept, "poor", "county", 2019)) == 6
    gone = kept[kept["reason"] == MissingReason.SUPPRESSED]
    assert sorted(zip(gone["indicator"], gone["code"], gone["year"], strict=True)) == [
        ("poor", "A1", 2020),
        ("poor", "A2", 2020),
        ("poor_share", "A1", 2020),
        ("poor_share", "A2", 2020),
    ]
    assert gone[["value", "lower", "upper"]].isna().all(axis=None)
    assert len(kept) == len(built)
    assert kept.dtypes.equals(built.dtypes)


def test_a_pack_without_the_rule_is_left_as_it_is(pack, built):
    pack.indicators[0] = indicator("poor")
    assert suppress(pack, built, UNITS) is built


def test_what_was_missing_keeps_its_reason(pack, built):
    lost = (built["code"] == "A1") & (built["indicator"] == "poor_share")
    built.loc[lost, "value"] = np.nan
    built.loc[lost, "reason"] = np.uint8(MissingReason.NOT_DERIVABLE)
    kept = suppress(pack, built, UNITS)
    assert set(kept.loc[lost, "reason"]) == {MissingReason.NOT_DERIVABLE}


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "rate", "aggregation": "intensive"},
        {"kind": "amount"},
        {"derive": {"numerator": "a", "denominator": "b"}},
        {"suppress_below": 1},
    ],
)
def test_only_counts_are_suppressed(given):
    with pytest.raises(ValidationError):
        indicator("x", **{"suppress_below": 5} | given)


def test_no_way_out_of_the_store_tells_what_is_withheld(tmp_path):
    own = write_small_pack(tmp_path)
    declared = own.declared / "at" / "indicators.toml"
    text = declared.read_text("utf-8")
    declared.write_text(text.replace('kind = "count"', 'kind = "count"\nsuppress_below = 15', 1), encoding="utf-8")
    build_pack(read_pack(own.declared / "at"), own)
    assert np.isnan(people(own)).all()
    client = create_app(own, open_office(tmp_path / "office", url="")).server.test_client()
    drawn = json.loads(gzip.decompress(client.get("/values/at/unit/people.json").data))
    assert drawn["value"] == [[None, None]]
    assert drawn["reason"] == [{"0": MissingReason.SUPPRESSED, "1": MissingReason.SUPPRESSED}]
    given = client.get("/api/indicators/at/people/unit").json["columns"]
    assert given["value"] == [None, None]
    assert given["missing"] == ["suppressed", "suppressed"]
    with own.files("at", own.version("at")) as folder:
        table = pd.read_parquet(folder / "observations.parquet")
    assert table.loc[table["level"] == "unit", "value"].isna().all()
    assert set(table.loc[table["level"] == "unit", "reason"]) == {MissingReason.SUPPRESSED}
