"""Trends and breaks against published examples."""

import numpy as np
import pandas as pd
import pytest
from fuping.spatial.dynamics import critical_value, mann_kendall, trend_break

# USEPA (2009), Statistical Analysis of Groundwater Monitoring Data, Example 17-7; the results are those of R's
# EnvStats::kendallTrendTest (z with continuity correction, limits by Gilbert's modification). Dates in tenths of a
# year, since panels have whole years.
DATES = [896, 901, 908, 911, 921, 931, 941, 956, 961, 963]
SODIUM = [56.0, 53.0, 51.0, 55.0, 52.0, 60.0, 62.0, 59.0, 61.0, 63.0]

# Annual flow of the Nile at Aswan 1871–1970 (R: datasets::Nile; Cobb 1978). That the sums of squares below come out to
# the unit shows that the figures are those of R.
NILE = """
1120 1160 963 1210 1160 1160 813 1230 1370 1140 995 935 1110 994 1020 960 1180 799 958 1140 1100 1210 1150 1250
1260 1220 1030 1100 774 840 874 694 940 833 701 916 692 1020 1050 969 831 726 456 824 702 1120 1100 832 764 821 768 845
864 862 698 845 744 796 1040 759 781 865 845 944 984 897 822 1010 771 676 649 846 812 742 801 1040 860 874 848 890 744
749 838 1050 918 986 797 923 975 815 1020 906 901 1170 912 746 919 718 714 740"""


def test_the_sodium_example_of_the_epa_is_met():
    found = mann_kendall(pd.DataFrame({"sodium": SODIUM}, index=DATES), method="normal").loc["sodium"]
    assert found["s"] == 25
    assert found["tau"] == pytest.approx(0.5555556, abs=5e-8)
    assert found["z"] == pytest.approx(2.146625, abs=5e-7)
    assert found["p_value"] == pytest.approx(0.03182313, abs=5e-9)
    per_year = found[["slope", "low", "high"]].astype(float) * 10
    assert per_year.tolist() == pytest.approx([1.3333333, 0.3992083, 2.3333333], abs=5e-8)


@pytest.mark.parametrize(
    ("order", "s", "one_sided"),
    [
        # Gilbert (1987), Statistical Methods for Environmental Pollution Monitoring, Table A18, typed from memory, not
        # read at a source. The first three are counts: 1 of 4! orders, (1 + 4) of 5!, 1 of 5!.
        ([1, 2, 3, 4], 6, 0.042),
        ([1, 2, 3, 5, 4], 8, 0.042),
        ([1, 2, 3, 4, 5], 10, 0.0083),
        (SODIUM, 25, 0.014),
    ],
)
def test_exact_probabilities_are_those_of_gilberts_table(order, s, one_sided):
    found = mann_kendall(np.array(order, dtype=float)[:, None]).loc[0]
    assert found["s"] == s
    assert found["p_value"] / 2 == pytest.approx(one_sided, rel=0.04)


def test_the_nile_breaks_after_1898_with_the_published_statistic():
    # Zeileis, Kleiber, Krämer & Hornik (2003), Computational Statistics & Data Analysis 44, 109–123, and the example of
    # strucchange::breakpoints: one break, after 1898. Residual sums of squares without and with it 2835156.75 and
    # 1597457.194 (tests of pydetect, MeanDetector), hence sup F.
    flow = pd.DataFrame({"nile": np.array(NILE.split(), dtype=float)}, index=range(1871, 1971))
    found = trend_break(flow, model="level", seed=1).loc["nile"]
    assert found["f"] == pytest.approx((2835156.75 - 1597457.194) / (1597457.194 / 98), rel=1e-9)
    assert found["year"] == 1899
    assert found["verdict"] == "break"
    # 95 % interval of the last year before the break, 1895 to 1902 (strucchange::confint): typed from memory, not read
    # at a source.
    assert 1895 <= found["low_year"] - 1 <= found["high_year"] - 1 <= 1902


@pytest.mark.parametrize(("level", "published"), [(0.10, 7.12), (0.05, 8.68), (0.01, 12.16)])
def test_long_series_have_andrews_critical_values(level, published):
    # Andrews, one parameter, 15 % trimming, as gretl has them from Stock & Watson, Introduction to Econometrics (2003):
    # gretl-project/gretl, plugin/stats_tables.c, QLR_critvals.
    found = critical_value(range(300), model="level", level=level, seed=3, n_simulations=4000)
    assert found == pytest.approx(published, rel=0.06)
