"""Callaway and Sant'Anna (2021) on minimum wages and teen employment, against the printed numbers.

Sources. [R] README of the R package did 2.5.0 (bcallaway11/did) and its vignette "Getting started with the did
package": point estimates, bootstrapped standard errors and bands, data mpdta, no covariates. [Stata] F.
Rios-Avila, "DRDID/CSDID" (friosavila.github.io/playingwithstata, csdid page): the same data with lpop, method dripw,
analytical standard errors to seven digits, said there to equal R's. [Py] README of d2cml-ai/csdid: calendar aggregation
without covariates. [did] answers of R's did without bootstrap, analytical standard errors, that d2cml-ai/csdid keeps
to hold itself to: csdid/test_csdid/r_ref/ref_aggte.csv, made by generate_reference.R beside it. All were read there but
the balanced effects of the vignette.
"""

import numpy as np
import pandas as pd
import pytest
from diff_diff import CallawaySantAnna
from fuping.spatial.projects.aggregation import aggregate
from fuping.spatial.projects.did import group_time_effects, two_period_effect
from fuping.spatial.projects.panel import read_panel
from shared_data import shared

PRINTED = 5e-5
"""Half of the last of four printed decimals."""


@pytest.fixture(scope="module")
def mpdta():
    rows = pd.read_csv(shared("evaluation/mpdta.csv"))
    return rows.assign(first=rows["first.treat"].replace(0, np.nan))


def read(rows, covariates=(), **options):
    return read_panel(
        rows,
        unit="countyreal",
        time="year",
        outcome="lemp",
        first_treated="first",
        covariates=covariates,
        **options,
    )


@pytest.fixture(scope="module")
def plain(mpdta):
    return group_time_effects(read(mpdta), draws=1999, seed=1)


@pytest.fixture(scope="module")
def with_lpop(mpdta):
    return group_time_effects(read(mpdta, ["lpop"]), draws=1999, seed=1)


# [R] README, did 2.5.0: cohort, period, ATT, band.
R_ATT = [
    (2004, 2004, -0.0105, -0.0749, 0.0539),
    (2004, 2005, -0.0704, -0.1540, 0.0131),
    (2004, 2006, -0.1373, -0.2389, -0.0357),
    (2004, 2007, -0.1008, -0.1909, -0.0107),
    (2006, 2004, 0.0065, -0.0531, 0.0662),
    (2006, 2005, -0.0028, -0.0552, 0.0497),
    (2006, 2006, -0.0046, -0.0549, 0.0457),
    (2006, 2007, -0.0412, -0.0952, 0.0128),
    (2007, 2004, 0.0305, -0.0107, 0.0717),
    (2007, 2005, -0.0027, -0.0478, 0.0423),
    (2007, 2006, -0.0311, -0.0818, 0.0196),
    (2007, 2007, -0.0261, -0.0746, 0.0225),
]


@pytest.mark.parametrize("method", ["doubly_robust", "regression", "inverse_probability"])
def test_effects_by_cohort_and_period_without_covariates(mpdta, method):
    table = group_time_effects(read(mpdta), method=method, draws=0).table
    assert table[["cohort", "period"]].to_numpy().tolist() == [[g, t] for g, t, *_ in R_ATT]
    assert table["att"].to_numpy() == pytest.approx([row[2] for row in R_ATT], abs=PRINTED)


def test_simultaneous_bands_are_as_wide_as_those_printed(plain):
    # R's bands rest on 1,000 bootstrap draws, its standard errors too: its own two print-outs differ by up to a tenth.
    half = (plain.table["band_high"] - plain.table["band_low"]).to_numpy() / 2
    printed = np.array([(high - low) / 2 for *_, low, high in R_ATT])
    assert half == pytest.approx(printed, rel=0.15)
    assert half.mean() == pytest.approx(printed.mean(), rel=0.05)
    assert [low > 0 or high < 0 for *_, low, high in R_ATT] == (
        (plain.table["band_low"] > 0) | (plain.table["band_high"] < 0)
    ).tolist()


def test_the_pre_trend_test_gives_the_printed_p_value(plain, with_lpop):
    # [R] "P-value for pre-test of parallel trends assumption: 0.16812"; [Stata] chi2(5) = 6.841824981670454.
    assert round(plain.pre_trend.p_value, 5) == 0.16812
    assert with_lpop.pre_trend.df == 5
    assert with_lpop.pre_trend.statistic == pytest.approx(6.841824981670454, abs=1e-7)
    assert with_lpop.pre_trend.p_value == pytest.approx(0.2326722805724242, abs=1e-8)


def test_time_since_treatment_without_covariates(plain):
    found = aggregate(plain, by="dynamic")
    printed = [0.0305, -0.0006, -0.0245, -0.0199, -0.0510, -0.1373, -0.1008]
    assert found.table.index.tolist() == [-3, -2, -1, 0, 1, 2, 3]
    assert found.table["att"].to_numpy() == pytest.approx(printed, abs=PRINTED)
    assert found.overall.value == pytest.approx(-0.0772, abs=PRINTED)
    assert (found.overall.low, found.overall.high) == pytest.approx((-0.1156, -0.0389), abs=0.001)
    # [R] README: the half-width over the standard error of the first row, (0.0692 - 0.0305) / 0.0153.
    assert found.critical_value == pytest.approx(2.53, abs=0.12)


def test_cohorts_without_covariates(plain):
    found = aggregate(plain, by="group")
    assert found.table["att"].to_numpy() == pytest.approx([-0.0797, -0.0229, -0.0261], abs=PRINTED)
    assert found.overall.value == pytest.approx(-0.031, abs=PRINTED)
    assert (found.overall.low, found.overall.high) == pytest.approx((-0.055, -0.007), abs=0.001)


def test_calendar_periods_without_covariates(plain):
    found = aggregate(plain, by="calendar")  # [Py]
    assert found.table["att"].to_numpy() == pytest.approx([-0.0105, -0.0704, -0.0488, -0.0371], abs=PRINTED)
    assert found.overall.value == pytest.approx(-0.0417, abs=PRINTED)


def test_balanced_time_since_treatment(plain):
    found = aggregate(plain, by="dynamic", balance=1)  # [R] vignette, balance_e = 1
    assert found.table.index.tolist() == [-2, -1, 0, 1]
    assert found.table["att"].to_numpy() == pytest.approx([0.0065, -0.0028, -0.0066, -0.0510], abs=PRINTED)
    assert found.overall.value == pytest.approx(-0.0288, abs=PRINTED)


SEVEN = 6e-8
"""Half of the last of seven printed decimals, and a little."""

STATA = {
    "simple": [(-0.0417518, 0.0115028)],
    "calendar": [
        (-0.0145297, 0.0221292),
        (-0.0764219, 0.0286713),
        (-0.0461757, 0.0212107),
        (-0.0395822, 0.0129299),
    ],
    "group": [(-0.0845759, 0.0245649), (-0.0201666, 0.0174696), (-0.0287814, 0.016239)],
    "dynamic": [
        (0.0267278, 0.0140657),
        (-0.0036165, 0.0129283),
        (-0.023244, 0.0144851),
        (-0.0210604, 0.0114942),
        (-0.0530032, 0.0163465),
        (-0.1404483, 0.0353782),
        (-0.1069039, 0.0328865),
    ],
}

STATA_ATT = [
    (-0.0145297, 0.0221292),
    (-0.0764219, 0.0286713),
    (-0.1404483, 0.0353782),
    (-0.1069039, 0.0328865),
    (-0.0004721, 0.0222234),
    (-0.0062025, 0.0184957),
    (0.0009606, 0.0194002),
    (-0.0412939, 0.0197211),
    (0.0267278, 0.0140657),
    (-0.0045766, 0.0157178),
    (-0.0284475, 0.0181809),
    (-0.0287814, 0.016239),
]


def test_effects_by_cohort_and_period_with_population(with_lpop):
    assert with_lpop.table[["att", "se"]].to_numpy() == pytest.approx(np.array(STATA_ATT), abs=SEVEN)


@pytest.mark.parametrize("by", list(STATA))
def test_aggregations_with_population(with_lpop, by):
    table = aggregate(with_lpop, by=by).table
    assert table[["att", "se"]].to_numpy() == pytest.approx(np.array(STATA[by]), abs=SEVEN)


def test_pointwise_intervals_with_population(with_lpop):
    simple = aggregate(with_lpop, by="simple").overall
    assert (simple.low, simple.high) == pytest.approx((-0.0642969, -0.0192066), abs=1e-7)


# [did]: overall effect and its standard error, then the rows; to seven digits.
DID = {
    ("never_treated", "doubly_robust", "simple"): [(-0.0399513, 0.0120340)],
    ("never_treated", "doubly_robust", "group"): [
        (-0.0310183, 0.0124461),
        (-0.0797491, 0.0263678),
        (-0.0229095, 0.0167033),
        (-0.0260544, 0.0166554),
    ],
    ("never_treated", "doubly_robust", "dynamic"): [
        (-0.0772398, 0.0199650),
        (0.0305067, 0.0150336),
        (-0.0005631, 0.0132916),
        (-0.0244587, 0.0142364),
        (-0.0199318, 0.0118264),
        (-0.0509574, 0.0168935),
        (-0.1372587, 0.0364357),
        (-0.1008114, 0.0343592),
    ],
    ("never_treated", "doubly_robust", "calendar"): [
        (-0.0417004, 0.0159719),
        (-0.0105032, 0.0232510),
        (-0.0704232, 0.0309848),
        (-0.0488160, 0.0201259),
        (-0.0370593, 0.0137471),
    ],
    ("not_yet_treated", "doubly_robust", "simple"): [(-0.0397636, 0.0120524)],
    ("not_yet_treated", "doubly_robust", "group"): [
        (-0.0304622, 0.0125751),
        (-0.0836943, 0.0257016),
        (-0.0182818, 0.0159222),
        (-0.0260544, 0.0166554),
    ],
    ("not_yet_treated", "doubly_robust", "dynamic"): [
        (-0.0773993, 0.0195602),
        (0.0297594, 0.0145335),
        (-0.0024462, 0.0131204),
        (-0.0242689, 0.0144637),
        (-0.0189222, 0.0120446),
        (-0.0535893, 0.0169464),
        (-0.1362743, 0.0354034),
        (-0.1008114, 0.0343592),
    ],
    ("not_yet_treated", "doubly_robust", "calendar"): [
        (-0.0442671, 0.0155709),
        (-0.0193724, 0.0223101),
        (-0.0783191, 0.0303902),
        (-0.0423175, 0.0190563),
        (-0.0370593, 0.0137471),
    ],
    ("never_treated", "regression", "simple"): [(-0.0419686, 0.0114448)],
    ("never_treated", "regression", "group"): [
        (-0.0329292, 0.0118603),
        (-0.0851330, 0.0242512),
        (-0.0203851, 0.0174025),
        (-0.0287895, 0.0161679),
    ],
    ("never_treated", "regression", "dynamic"): [
        (-0.0807817, 0.0187459),
        (0.0263658, 0.0140189),
        (-0.0041297, 0.0129175),
        (-0.0234650, 0.0144416),
        (-0.0211467, 0.0114810),
        (-0.0533559, 0.0162931),
        (-0.1410801, 0.0348363),
        (-0.1075443, 0.0327377),
    ],
    ("never_treated", "regression", "calendar"): [
        (-0.0445323, 0.0148850),
        (-0.0149112, 0.0220557),
        (-0.0769963, 0.0283597),
        (-0.0465164, 0.0209984),
        (-0.0397054, 0.0128659),
    ],
}


@pytest.mark.parametrize(("control", "method", "by"), list(DID))
def test_every_aggregation_is_that_of_r(mpdta, control, method, by):
    # The regression is that with population, the others without.
    panel = read(mpdta, ["lpop"] if method == "regression" else [])
    found = aggregate(group_time_effects(panel, control=control, method=method, draws=0), by=by)
    rows = found.table[["att", "se"]].to_numpy().tolist()
    got = [(found.overall.value, found.overall.se), *([] if by == "simple" else rows)]
    np.testing.assert_allclose(got, DID[control, method, by], rtol=0, atol=SEVEN)


@pytest.mark.parametrize("control", ["never_treated", "not_yet_treated"])
@pytest.mark.parametrize("base_period", ["varying", "universal"])
@pytest.mark.parametrize("covariates", [[], ["lpop"]])
def test_another_package_gives_the_same(mpdta, control, base_period, covariates):
    panel = read(mpdta, covariates)
    ours = group_time_effects(panel, control=control, base_period=base_period, draws=0)
    theirs = CallawaySantAnna(control_group=control, base_period=base_period).fit(
        mpdta.assign(g=mpdta["first.treat"]),
        outcome="lemp",
        unit="countyreal",
        time="year",
        first_treat="g",
        covariates=covariates or None,
    )
    table = theirs.to_dataframe().set_index(["group", "time"])
    table = table.reindex(pd.MultiIndex.from_frame(ours.table[["cohort", "period"]]))
    # diff-diff stops its logit earlier than R and Stata, which differs in the fifth digit with a covariate.
    tolerance = 1e-5 if covariates else 1e-12
    assert ours.table["att"].to_numpy() == pytest.approx(table["effect"].to_numpy(), abs=tolerance)
    assert ours.table["se"].to_numpy() == pytest.approx(table["se"].to_numpy(), abs=tolerance)
    assert aggregate(ours, by="simple").overall.se == pytest.approx(theirs.overall_se, abs=tolerance)


def test_two_periods_are_one_cell_of_the_panel(mpdta, with_lpop):
    wide = mpdta[mpdta["first"].isna() | (mpdta["first"] == 2004)].pivot(
        index="countyreal", columns="year", values="lemp"
    )
    units = mpdta.drop_duplicates("countyreal").set_index("countyreal").loc[wide.index]
    found = two_period_effect(wide[2003], wide[2006], units["first"].notna(), covariates=units[["lpop"]])
    assert (found.value, found.se) == pytest.approx((-0.1404483, 0.0353782), abs=SEVEN)
