"""An input to a poverty measure, and the error that it must give."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from fuping.spatial.errors import FupingError
from fuping.spatial.poverty.benchmarking import benchmark
from fuping.spatial.poverty.counting import deprivations, nested_weights, normalised_gaps
from fuping.spatial.poverty.decompose import decompose_by_group, decompose_inequality
from fuping.spatial.poverty.deprivation import deprivation_index
from fuping.spatial.poverty.diagnostics import diagnose
from fuping.spatial.poverty.errors import DesignError, LineError, ModelError, PovertyError
from fuping.spatial.poverty.estimate import Inference, difference
from fuping.spatial.poverty.fgt import foster_greer_thorbecke, headcount_ratio, poverty_gap, watts_index
from fuping.spatial.poverty.growth import growth_redistribution
from fuping.spatial.poverty.inequality import atkinson, gini, lorenz_curve, theil_l
from fuping.spatial.poverty.lines import (
    DatedValue,
    PovertyLine,
    RelativeLine,
    deflate,
    in_local_currency,
    international_line,
)
from fuping.spatial.poverty.microdata import fgt_by_unit
from fuping.spatial.poverty.multidimensional import alkire_foster, change_over_time
from fuping.spatial.poverty.quantiles import quantile
from fuping.spatial.poverty.robustness import Scenario, assess_robustness
from fuping.spatial.poverty.sectors import sector_components, sectoral_change
from fuping.spatial.poverty.small_area import fay_herriot, synthetic_estimates
from fuping.spatial.poverty.spatial_area import spatial_fay_herriot
from fuping.spatial.poverty.survey import by_group, population_mean

Y = [1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize("line", [0, -1, np.nan, [1.0, 1.0, 0.0, 1.0]])
def test_a_line_must_be_above_zero(line):
    with pytest.raises(LineError, match="above zero"):
        headcount_ratio(Y, line=line)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"values": []}, "no rows"),
        ({"values": [np.nan] * 3}, "All 3 values are missing"),
        ({"values": [1.0, np.inf]}, "1 infinite"),
        ({"values": ["poor", "rich"]}, "not all numbers"),
        ({"values": Y, "weights": [1, 1, -2, 1]}, "first -2.0 in row 2"),
        ({"values": Y, "weights": [1, np.nan, 1, 1]}, "negative or missing"),
        ({"values": Y, "weights": [0, 0, 0, 0]}, "sum to zero"),
        ({"values": [np.nan, *Y], "weights": [5, 0, 0, 0, 0]}, "sum to zero"),
        ({"values": Y, "weights": [1, 1]}, "4 values and 2 weights"),
        ({"values": Y, "strata": [1, 1, None, 1]}, "1 of 4 strata are missing, the first in row 2"),
        ({"values": Y, "clusters": [1, 1]}, "4 values and 2 clusters"),
        ({"values": Y, "line": [1.0, 2.0]}, "4 values and 2 line"),
    ],
)
def test_a_sample_that_cannot_be_read_is_refused(arguments, words):
    with pytest.raises(PovertyError, match=words):
        headcount_ratio(arguments.pop("values"), **{"line": 2.5, **arguments})


def test_series_on_different_indices_are_refused():
    with pytest.raises(PovertyError, match="different indices"):
        population_mean(pd.Series(Y), weights=pd.Series(Y, index=[3, 2, 1, 0]))


@pytest.mark.parametrize("method", ["linearisation", "bootstrap"])
def test_a_stratum_of_one_unit_is_named(method):
    with pytest.raises(DesignError, match=r": b\. .*single_psu"):
        population_mean(Y, strata=["a", "a", "a", "b"], inference=Inference(method=method))


def test_a_bootstrap_cannot_centre_a_single_unit():
    with pytest.raises(DesignError, match="cannot be redrawn"):
        population_mean(Y, strata=[1, 1, 1, 2], inference=Inference(method="bootstrap", single_psu="centre"))


def test_a_group_too_small_to_be_redrawn_is_said():
    with pytest.raises(DesignError, match="of 500 replicates"):
        by_group(population_mean, Y, groups=["a", "b", "b", "b"], inference=Inference(method="bootstrap"))


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"method": "jackknife"}, "linearisation, bootstrap"),
        ({"interval": "wilson"}, "wald, logit, beta"),
        ({"single_psu": "ignore"}, "refuse, centre, certainty"),
        ({"confidence": 95}, "not between 0 and 1"),
        ({"replicates": 1}, "no variance"),
    ],
)
def test_an_unknown_way_of_inference_lists_the_known(choices, words):
    with pytest.raises(DesignError, match=words):
        Inference(**choices)


@pytest.mark.parametrize(("population", "words"), [(3, "fewer"), ({"b": 10}, "no number for the strata all")])
def test_a_population_smaller_than_the_sample_is_refused(population, words):
    with pytest.raises(DesignError, match=words):
        population_mean(Y, inference=Inference(psu_population=population))


def test_an_interval_for_shares_is_not_for_amounts():
    with pytest.raises(PovertyError, match=r"value of 2\.5"):
        population_mean(Y, inference=Inference(interval="logit"))


def test_estimates_of_different_confidence_are_not_subtracted():
    with pytest.raises(PovertyError, match=r"0.95 and 0.9"):
        difference(population_mean(Y), population_mean(Y, inference=Inference(confidence=0.9)))


@pytest.mark.parametrize("alpha", [-1, np.nan])
def test_alpha_is_not_negative(alpha):
    with pytest.raises(PovertyError, match="alpha"):
        foster_greer_thorbecke(Y, line=2, alpha=alpha)


def test_alpha_between_zero_and_one_has_no_relative_line():
    with pytest.raises(PovertyError, match="relative line"):
        foster_greer_thorbecke(Y, line=RelativeLine(), alpha=0.5)


def test_watts_needs_positive_incomes():
    with pytest.raises(PovertyError, match="1 values are zero or negative"):
        watts_index([0.0, 1.0, 5.0], line=2)


def test_a_negative_income_is_a_gap_above_one():
    assert poverty_gap([-10.0, 20.0], line=10).value == 1


@pytest.mark.parametrize(("index", "words"), [(gini, "negative"), (theil_l, "negative")])
def test_inequality_refuses_negative_incomes(index, words):
    with pytest.raises(PovertyError, match=words):
        index([-1.0, 2.0])


def test_logarithms_refuse_zeros():
    with pytest.raises(PovertyError, match="1 values are zero"):
        theil_l([0.0, 2.0])
    with pytest.raises(PovertyError, match="epsilon 2"):
        atkinson([0.0, 2.0], epsilon=2)


def test_nothing_to_share_is_no_inequality():
    with pytest.raises(PovertyError, match="All values are zero"):
        gini([0.0, 0.0])


def test_parameters_out_of_range():
    with pytest.raises(PovertyError, match="epsilon is 0"):
        atkinson(Y, epsilon=0)
    with pytest.raises(PovertyError, match="quantile at 1"):
        quantile(Y, p=1)
    with pytest.raises(PovertyError, match="share of 2"):
        lorenz_curve(Y, at=[2])


def test_lines_that_are_no_lines():
    with pytest.raises(LineError, match="no values"):
        PovertyLine("l", "yuan", ())
    with pytest.raises(LineError, match=r"\[2010\] more than once"):
        PovertyLine("l", "yuan", (DatedValue(2010, 1, "r"), DatedValue(2010, 2, "r")))
    with pytest.raises(LineError, match="is -5 in 2010"):
        PovertyLine("l", "yuan", (DatedValue(2010, -5, "r"),))
    with pytest.raises(LineError, match="share of 0"):
        RelativeLine(0)
    with pytest.raises(LineError, match="mode"):
        RelativeLine(0.5, of="mode")
    with pytest.raises(LineError, match="median is 0"):
        headcount_ratio([0.0, 0.0, 0.0, 5.0], line=RelativeLine(0.5))


def test_years_that_a_line_or_index_lacks_are_named():
    line = PovertyLine("l", "yuan", (DatedValue(2010, 2300, "r"),))
    with pytest.raises(LineError, match="no value for 2012, only for 2010"):
        line.at(2012)
    with pytest.raises(LineError, match="no value for 2012"):
        line.in_prices_of(2012, from_year=2010, prices={2010: 1.0})
    with pytest.raises(LineError, match=r"not above zero in 2011 \(0.0\)"):
        deflate(Y, prices={2010: 1.0, 2011: 0.0}, years=2011, base_year=2010)
    with pytest.raises(LineError, match="has 2011 twice"):
        deflate(Y, prices=pd.Series([1.0, 2.0, 3.0], index=[2010, 2011, 2011]), years=2011, base_year=2010)
    with pytest.raises(LineError, match="ppp is 0"):
        in_local_currency(3, ppp=0, prices={2021: 1}, ppp_year=2021, year=2021)


def test_an_unknown_international_line_lists_the_known():
    with pytest.raises(LineError, match="1993, 2005, 2011, 2017, 2021"):
        international_line("extreme", ppp_year=2019)
    with pytest.raises(LineError, match="lower_middle"):
        international_line("rich", ppp_year=2021)


def test_every_error_is_fupings():
    assert all(issubclass(one, FupingError) for one in (PovertyError, LineError, DesignError))


def test_parts_that_would_not_add_up_are_refused():
    with pytest.raises(PovertyError, match="1 of 4 rows with a value have no group"):
        decompose_by_group(Y, line=2, groups=["a", None, "b", "b"])
    with pytest.raises(LineError, match="split by group"):
        decompose_by_group(Y, line=RelativeLine(), groups=list("aabb"))
    with pytest.raises(PovertyError, match="4 values and 1 groups"):
        decompose_inequality(Y, groups=["a"])
    with pytest.raises(PovertyError, match="negative"):
        decompose_inequality([-1.0, 2.0], groups=list("ab"))


def test_changes_that_cannot_be_split():
    with pytest.raises(PovertyError, match="shapley, datt_ravallion_before"):
        growth_redistribution(Y, Y, line=2, method="owen")
    with pytest.raises(PovertyError, match=r"alpha is 0\.5"):
        growth_redistribution(Y, Y, line=2, alpha=0.5)
    with pytest.raises(PovertyError, match="mean after is not above zero"):
        growth_redistribution(Y, [0.0, 0.0], line=2)
    with pytest.raises(PovertyError, match="sectors b have nobody after"):
        sectoral_change(Y, Y, line=2, groups=(list("aabb"), list("aaaa")))
    with pytest.raises(LineError, match="above zero"):
        growth_redistribution(Y, Y, line=0)


def test_published_shares_must_sum_to_one():
    share, value = pd.Series([0.5, 0.6]), pd.Series([0.1, 0.2])
    with pytest.raises(PovertyError, match=r"share_before sums to 1\.1"):
        sector_components(share, value, share, value)
    with pytest.raises(PovertyError, match="missing numbers"):
        sector_components(pd.Series([0.4, 0.6]), pd.Series([np.nan, 0.2]), pd.Series([0.4, 0.6]), value)
    with pytest.raises(PovertyError, match="other sectors"):
        sector_components(pd.Series([1.0]), value, share, value)


AF = nested_weights({"one": ["a", "b"], "two": ["c"]})
CELLS = pd.DataFrame([[1, 0, 1], [0, 0, 0], [1, 1, 0]], columns=list("abc"))


@pytest.mark.parametrize("k", [0, -0.1, 1.1, 33])
def test_a_poverty_cutoff_is_a_share(k):
    with pytest.raises(PovertyError, match="cutoff k"):
        alkire_foster(CELLS, indicators=AF, k=k)


def test_deprivations_are_zero_or_one():
    with pytest.raises(PovertyError, match="first 2 in column b, row 2"):
        alkire_foster(CELLS.replace({"b": {1: 2}}), indicators=AF, k=0.5)


def test_every_column_has_a_weight_and_every_weight_a_column():
    with pytest.raises(PovertyError, match="differ in d"):
        alkire_foster(CELLS.assign(d=0), indicators=AF, k=0.5)
    with pytest.raises(PovertyError, match="differ in c"):
        alkire_foster(CELLS[["a", "b"]], indicators=AF, k=0.5)
    with pytest.raises(PovertyError, match=r"sum to 0\.5"):
        alkire_foster(CELLS, indicators=AF.assign(weight=AF["weight"] / 2), k=0.5)


def test_people_without_a_complete_row_are_no_population():
    with pytest.raises(PovertyError, match="All 3 values are missing"):
        alkire_foster(CELLS.assign(a=np.nan), indicators=AF, k=0.5)


@pytest.mark.parametrize(
    ("structure", "outer", "words"),
    [
        ({"one": []}, None, "no indicators"),
        ({"one": ["a", "a"]}, None, "twice"),
        ({"one": ["a"], "two": ["a"]}, None, "two dimensions: a"),
        ({"one": {"a": -1}}, None, "weight of a"),
        ({"one": ["a"], "two": ["b"]}, {"one": 1}, "differ in two"),
        ({"one": ["a"], "two": ["b"]}, {"one": 1, "two": 0}, "weight of two"),
    ],
)
def test_weights_that_do_not_nest(structure, outer, words):
    with pytest.raises(PovertyError, match=words):
        nested_weights(structure, dimension_weights=outer)


def test_cutoffs_and_achievements_must_match():
    with pytest.raises(PovertyError, match="differ in b"):
        deprivations(CELLS[["a"]], cutoffs={"a": 1, "b": 1})
    with pytest.raises(LineError, match="cutoff of a"):
        normalised_gaps(CELLS[["a"]], cutoffs={"a": 0})


def test_periods_must_be_measured_alike():
    one, two = (alkire_foster(CELLS, indicators=AF, k=k) for k in (0.5, 0.25))
    with pytest.raises(PovertyError, match=r"0\.5 and 0\.25"):
        change_over_time(one, two, years=3)
    with pytest.raises(PovertyError, match="0 years"):
        change_over_time(one, one, years=0)


def test_an_order_needs_groups_and_scenarios():
    base = Scenario(AF, 0.5)
    with pytest.raises(PovertyError, match="1 scenarios"):
        assess_robustness(CELLS, scenarios={"base": base}, groups=list("xyx"))
    with pytest.raises(PovertyError, match="1 group"):
        assess_robustness(CELLS, scenarios={"base": base, "other": base}, groups=list("xxx"))


RATES = pd.DataFrame({"a": [10.0, 20.0], "b": [5.0, 120.0], "c": [1.0, np.nan]}, index=["130624", "110101"])


@pytest.mark.parametrize(
    ("rates", "changes", "words"),
    [
        (RATES, {}, "first 120 of b in 110101"),
        (RATES, {"unit": "share"}, "outside 0 to 1"),
        (RATES.clip(upper=100), {"name": "County MPI"}, "cannot be called 'County MPI'"),
        (RATES.clip(upper=100), {"name": "县级MPI指数"}, "deprivation index"),
        (RATES.clip(upper=100), {"name": " "}, "cannot be called"),
        (RATES.clip(upper=100), {"unit": "permille"}, "share or percent"),
        (RATES.clip(upper=100), {"minimum_weight": 0}, "minimum_weight"),
        (RATES[["a", "b"]], {}, "differ in c"),
        (RATES.clip(upper=100).assign(c=np.nan), {}, "None of 2 units"),
    ],
)
def test_rates_that_give_no_deprivation_index(rates, changes, words):
    with pytest.raises(PovertyError, match=words):
        deprivation_index(rates, **{"indicators": AF, "name": "Deprivation index", "unit": "percent", **changes})


AREAS = pd.Series([1.0, 2.0, 4.0, 3.0, np.nan], index=list("pqrst"))
PSI = pd.Series([0.5, 0.4, 0.3, 0.6, np.nan], index=AREAS.index)
COVARIATES = pd.DataFrame({"x": [1.0, 2.0, 3.0, 5.0, 4.0]}, index=AREAS.index)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"variances": PSI.replace(0.4, 0.0)}, r"1 direct estimates have no positive sampling variance: q \(0\)"),
        ({"variances": PSI.where(PSI.index != "r")}, r"r \(nan\)"),
        ({"variances": PSI[::-1]}, "direct and variances have different areas"),
        ({"covariates": COVARIATES.replace(3.0, np.nan)}, "missing for 1 areas: r"),
        ({"covariates": COVARIATES.assign(y=COVARIATES["x"] * 2)}, "linearly dependent"),
        ({"covariates": COVARIATES.assign(y=1.0)}, "linearly dependent"),
        ({"covariates": COVARIATES.assign(y=[0, 1, 0, 0, 0], z=[0, 0, 1, 0, 0])}, "4 sampled areas cannot carry 4"),
        ({"method": "bayes"}, "reml, ml, fh"),
    ],
)
def test_an_area_model_that_cannot_be_fitted(changes, words):
    with pytest.raises(ModelError, match=words):
        fay_herriot(AREAS, **{"variances": PSI, "covariates": COVARIATES, **changes})


def test_a_confidence_in_percent_is_refused_by_area_models():
    w = (np.ones((5, 5)) - np.eye(5)) / 4
    for fit, more in ((fay_herriot, {}), (spatial_fay_herriot, {"neighbours": w})):
        with pytest.raises(FupingError, match="95 is not between 0 and 1"):
            fit(AREAS, variances=PSI, covariates=COVARIATES, confidence=95, **more)


def test_diagnostics_need_areas_and_differences():
    flat = pd.DataFrame(index=AREAS.index[:4])
    with pytest.raises(ModelError, match="2 sampled areas"):
        diagnose(fay_herriot(AREAS[:2], variances=PSI[:2], covariates=flat[:2]))
    with pytest.raises(ModelError, match="same for every area"):
        diagnose(fay_herriot(pd.Series(2.0, index=flat.index), variances=PSI[:4], covariates=flat))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"population": [10.0, 0.0]}, "zero or less"),
        ({"estimates": [0.1, np.nan]}, "missing for 1"),
        ({"estimates": [0.0, 0.0]}, "sum to zero"),
        ({"method": "precision"}, "needs mse"),
        ({"method": "precision", "mse": [0.1, 0.0]}, "zero or less"),
        ({"method": "raking"}, "ratio, difference, precision"),
        ({"regions": ["a", "b"], "totals": {"a": 1.0}}, "differ in b"),
        ({"regions": ["a", None], "totals": {"a": 1.0}}, "regions are missing"),
        ({"totals": np.nan}, "total of all is nan"),
    ],
)
def test_totals_that_cannot_be_met(changes, words):
    chosen = {"estimates": [0.1, 0.2], "population": [10.0, 10.0], "totals": 2.0, **changes}
    series = {key: pd.Series(value) if isinstance(value, (list, dict)) else value for key, value in chosen.items()}
    with pytest.raises(ModelError, match=words):
        benchmark(series.pop("estimates"), **series)


def test_synthetic_estimates_need_people_in_known_classes():
    classes = pd.DataFrame({"value": [0.4], "se": [0.1]}, index=["rural"])
    with pytest.raises(ModelError, match="differ in urban"):
        synthetic_estimates(classes, composition=pd.DataFrame({"rural": [1], "urban": [1]}))
    with pytest.raises(ModelError, match="without people: p"):
        synthetic_estimates(classes, composition=pd.DataFrame({"rural": [0]}, index=["p"]))
    with pytest.raises(ModelError, match="negative or missing"):
        synthetic_estimates(classes, composition=pd.DataFrame({"rural": [-1]}, index=["p"]))


MICRO = pd.DataFrame({"income": [1.0, 3.0, 5.0], "county": ["a", "a", "b"], "year": 2020, "w": [1.0, 2.0, 1.0]})


@pytest.mark.parametrize(
    ("rows", "changes", "error", "words"),
    [
        (MICRO, {"line": 0}, LineError, "line is 0"),
        (MICRO.assign(z=[1.0, None, 2.0]), {"line": "z"}, LineError, "1 of 3 lines are missing"),
        (MICRO.assign(w=[1.0, -1.0, 1.0]), {"weights": "w"}, PovertyError, "1 of 3 weights are negative"),
        (MICRO.assign(w=[1.0, None, 1.0]), {"weights": "w"}, PovertyError, "1 of 3 weights are negative or missing"),
        (MICRO.assign(w=0.0), {"weights": "w"}, PovertyError, "No row has a value"),
        (MICRO.assign(income=[1.0, np.inf, 2.0]), {}, PovertyError, "1 of 3 values are infinite"),
        (MICRO.assign(income=["1", "2", "3"]), {}, PovertyError, "income is VARCHAR"),
        (MICRO, {"value": "wage"}, PovertyError, "no column wage. There are income, county, year, w"),
        (MICRO.iloc[:0], {}, PovertyError, "no rows"),
        (MICRO.assign(s=["x", None, "x"]), {"strata": "s"}, DesignError, "1 of 3 rows have no stratum"),
        (MICRO.assign(c=["x", None, "x"]), {"clusters": "c"}, DesignError, "1 of 3 rows have no cluster"),
        (MICRO.assign(s=["x", "x", "y"]), {"strata": "s"}, DesignError, "y in 2020"),
        (MICRO, {"single_psu": "centre"}, DesignError, "'centre' is unknown here. Choose refuse or certainty"),
        (MICRO, {"confidence": 95}, FupingError, "95 is not between 0 and 1"),
    ],
)
def test_microdata_that_cannot_be_measured(rows, changes, error, words):
    with duckdb.connect() as connection:
        connection.register("rows", rows)
        arguments = {"value": "income", "unit": "county", "year": "year", "line": 2.0, **changes}
        with pytest.raises(error, match=words):
            fgt_by_unit(connection, "rows", **arguments)


def test_several_files_must_be_parquet():
    arguments = {"value": "income", "unit": "county", "year": "year", "line": 2.0}
    with duckdb.connect() as connection:
        with pytest.raises(PovertyError, match=r"Not Parquet files: b\.csv"):
            fgt_by_unit(connection, ["a.parquet", "b.csv"], **arguments)
        with pytest.raises(PovertyError, match="no files"):
            fgt_by_unit(connection, [], **arguments)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"neighbours": np.zeros((3, 3))}, r"shape \(3, 3\)"),
        ({"neighbours": np.eye(5)}, "on the diagonal"),
        ({"neighbours": np.ones((5, 5)) - np.eye(5)}, "do not sum to 1"),
        ({"rho": 1.0}, "rho is 1"),
        ({"method": "fh"}, "reml or ml"),
    ],
)
def test_neighbours_that_are_none(changes, words):
    w = (np.ones((5, 5)) - np.eye(5)) / 4
    with pytest.raises(ModelError, match=words):
        spatial_fay_herriot(AREAS, **{"variances": PSI, "covariates": COVARIATES, "neighbours": w, **changes})
