"""The methods paragraph of an evaluation and the works it rests on, ready to copy."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.evaluation_words import Scale, Subject
from fuping.dashboard.components.snippet import copyable
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import listed
from fuping.dashboard.queries.designs import Jump, Matched, Other, Twin, Weighted
from fuping.dashboard.queries.effects import Effects

__all__ = ["WORKS", "citations", "methods_paragraph", "methods_section"]

WORKS = {
    "callaway": "Callaway, B., and P. H. C. Sant'Anna (2021). Difference-in-Differences with multiple time periods. "
    "Journal of Econometrics 225(2), 200–230.",
    "doubly_robust": "Sant'Anna, P. H. C., and J. Zhao (2020). Doubly robust difference-in-differences estimators. "
    "Journal of Econometrics 219(1), 101–122.",
    "regression": "Heckman, J. J., H. Ichimura, and P. E. Todd (1997). Matching as an econometric evaluation "
    "estimator: Evidence from evaluating a job training programme. Review of Economic Studies 64(4), 605–654.",
    "inverse_probability": "Abadie, A. (2005). Semiparametric difference-in-differences estimators. Review of Economic "
    "Studies 72(1), 1–19.",
    "sun_abraham": "Sun, L., and S. Abraham (2021). Estimating dynamic treatment effects in event studies with "
    "heterogeneous treatment effects. Journal of Econometrics 225(2), 175–199.",
    "bacon": "Goodman-Bacon, A. (2021). Difference-in-differences with variation in treatment timing. Journal of "
    "Econometrics 225(2), 254–277.",
    "pretest": "Roth, J. (2022). Pretest with caution: Event-study estimates after testing for parallel trends. "
    "American Economic Review: Insights 4(3), 305–322.",
    "honest": "Rambachan, A., and J. Roth (2023). A more credible approach to parallel trends. Review of Economic "
    "Studies 90(5), 2555–2591.",
    "conley": "Conley, T. G. (1999). GMM estimation with cross sectional dependence. Journal of Econometrics 92(1), "
    "1–45.",
    "spillover": "Butts, K. (2021). Difference-in-differences estimation with spatial spillovers. arXiv:2105.03737.",
    "synthetic": "Abadie, A., A. Diamond, and J. Hainmueller (2010). Synthetic control methods for comparative case "
    "studies: Estimating the effect of California's tobacco control program. Journal of the American Statistical "
    "Association 105(490), 493–505.",
    "synthetic_did": "Arkhangelsky, D., S. Athey, D. A. Hirshberg, G. W. Imbens, and S. Wager (2021). Synthetic "
    "difference-in-differences. American Economic Review 111(12), 4088–4118.",
    "sdid": "Clarke, D., D. Pailañir, S. Athey, and G. W. Imbens (2024). On synthetic difference-in-differences and "
    "related estimation methods in Stata. Stata Journal 24(4), 557–598.",
    "matching": "Abadie, A., and G. W. Imbens (2006). Large sample properties of matching estimators for average "
    "treatment effects. Econometrica 74(1), 235–267.",
    "not_yet": "Imai, K., I. S. Kim, and E. H. Wang (2023). Matching methods for causal inference with time-series "
    "cross-sectional data. American Journal of Political Science 67(3), 587–605.",
    "matched_did": "Heckman, J. J., H. Ichimura, and P. E. Todd (1997). Matching as an econometric evaluation "
    "estimator: Evidence from evaluating a job training programme. Review of Economic Studies 64(4), 605–654.",
    "discontinuity": "Calonico, S., M. D. Cattaneo, and R. Titiunik (2014). Robust nonparametric confidence intervals "
    "for regression-discontinuity designs. Econometrica 82(6), 2295–2326.",
    "density": "Cattaneo, M. D., M. Jansson, and X. Ma (2020). Simple local polynomial density estimators. Journal of "
    "the American Statistical Association 115(531), 1449–1455.",
    "border": "Keele, L. J., and R. Titiunik (2015). Geographic boundaries as regression discontinuities. Political "
    "Analysis 23(1), 127–155.",
    "segments": "Dell, M. (2010). The persistent effects of Peru's mining mita. Econometrica 78(6), 1863–1903.",
    "strata": "Calonico, S., M. D. Cattaneo, M. H. Farrell, and R. Titiunik (2019). Regression discontinuity designs "
    "using covariates. Review of Economics and Statistics 101(3), 442–451.",
    "wild": "Cameron, A. C., J. B. Gelbach, and D. L. Miller (2008). Bootstrap-based improvements for inference with "
    "clustered errors. Review of Economics and Statistics 90(3), 414–427.",
    "balance": "Austin, P. C. (2009). Balance diagnostics for comparing the distribution of baseline covariates "
    "between treatment groups in propensity-score matched samples. Statistics in Medicine 28(25), 3083–3107.",
}
"""What a method is written in; titles stay in their language."""


DESIGN_WORKS: dict[type, tuple[str, ...]] = {
    Twin: ("synthetic",),
    Weighted: ("synthetic_did", "sdid"),
    Matched: ("matching", "matched_did", "balance"),
    Jump: ("discontinuity", "density"),
}

VARIANT_WORKS = {
    "sun_abraham": ("sun_abraham",),
    "conley": ("conley",),
    "spillover": ("spillover",),
    "synthetic_did": ("synthetic_did",),
    "matching": ("matching", "matched_did"),
    "wild": ("wild",),
}


def _used(result: Effects | Other) -> list[str]:
    if not isinstance(result, Effects):
        if isinstance(result, Weighted) and len(result.found.cohorts) == 1:
            return ["synthetic_did"]
        if isinstance(result, Matched) and len(result.panel.cohorts) > 1:
            return [*DESIGN_WORKS[Matched], "not_yet"]
        beside = result.border if isinstance(result, Jump) else None
        more = () if beside is None else ("border", "segments", "strata") if beside.within else ("border",)
        return [*DESIGN_WORKS[type(result)], *more]
    keys = ["callaway"]
    if result.panel.covariate_names:
        keys.append(result.choice.kernel)
    named = {one.key for one in result.variants}
    keys += [work for key, works in VARIANT_WORKS.items() if key in named for work in works]
    keys += ["bacon"] if result.decomposition is not None else []
    keys += ["pretest"] if result.tested else []
    keys += ["honest"] if result.bounds is not None else []
    return [*keys, "balance"]


def citations(result: Effects | Other) -> str:
    """Return the works that the estimates rest on, one a line."""
    return "\n".join(sorted({WORKS[key] for key in _used(result)}))


def methods_paragraph(result: Effects | Other, subject: Subject, scale: Scale, source: str) -> str:
    """Return what was done, as a paper would say it."""
    language, panel = scale.language, result.panel
    facts: dict[str, Any] = {
        "treatment": subject.treatment,
        "outcome": inline(subject.outcome, language),
        "units": subject.units,
        "n": number(len(panel.units), 0, language),
        "treated": number(int((~panel.never_treated).sum()), 0, language),
        "periods": listed([str(one) for one in panel.periods], language)
        if len(panel.periods) <= 6
        else f"{panel.periods[0]}–{panel.periods[-1]} ({len(panel.periods)})",
        "source": source,
        "version": version("fuping"),
        "left_out": number(subject.left_out, 0, language),
    }
    if isinstance(result, Twin):
        return message("evaluation.methods_twin", language, **facts)
    overall = result.overall
    facts |= {name: scale.change(getattr(overall, name)) for name in ("low", "high")}
    facts["effect"] = scale.change(overall.value)
    if not isinstance(result, Effects):
        return _of_design(result, subject, facts, language)
    given = listed(subject.covariates, language)
    parts = [
        message(
            "evaluation.methods",
            language,
            control=message(f"evaluation.control_words.{result.choice.control}", language),
            **facts,
        ),
        message(f"evaluation.methods_given.{result.choice.kernel}", language, given=given) if given else "",
        message("evaluation.methods_clusters", language, n=int(panel.clusters.max()) + 1)
        if panel.clusters is not None
        else "",
    ]
    return (" " if language == "en" else "").join(one for one in parts if one)


def _of_design(result: Weighted | Matched | Jump, subject: Subject, facts: dict[str, Any], language: str) -> str:
    if isinstance(result, Weighted):
        errors = message(f"evaluation.errors.{result.found.variance}", language)
        key = "synthetic_cohorts" if len(result.found.cohorts) > 1 else "synthetic_did"
        n = len(result.found.cohorts)
        return message(f"evaluation.methods_{key}", language, errors=errors, cohorts=n, **facts)
    if isinstance(result, Matched):
        several = len(result.panel.cohorts) > 1
        return message(
            f"evaluation.methods_{'matching_cohorts' if several else 'matching'}",
            language,
            cohorts=len(result.panel.cohorts),
            given=listed(subject.covariates, language),
            metric=message(f"evaluation.metric.{result.metric}", language),
            matched=number(result.found.matches.report.matched, 0, language),
            **facts,
        )
    cut = result.found
    if result.border is not None:
        return message(
            f"evaluation.methods_border_{'within' if result.border.within else 'across'}",
            language,
            km=number(result.border.km, 0, language),
            segments=number(len(result.border.segments), 0, language),
            donut=f"{result.border.donut:g}",
            h=number(cut.bandwidth, 1, language),
            near=number(cut.n_left + cut.n_right, 0, language),
            p=number(cut.density.p_value, 3, language),
            **facts,
        )
    return message(
        "evaluation.methods_discontinuity",
        language,
        score=subject.score,
        cutoff=f"{result.cutoff:g}",
        h=number(cut.bandwidth, 2, language),
        near=number(cut.n_left + cut.n_right, 0, language),
        p=number(cut.density.p_value, 3, language),
        kind=message(f"evaluation.{'fuzzy' if cut.fuzzy else 'sharp'}", language),
        **facts,
    )


def methods_section(found: Effects | Other, subject: Subject, scale: Scale, source: str) -> list[Any]:
    """Return the paragraph and the works, each ready to copy."""
    language = scale.language
    return [
        html.H2(message("evaluation.methods_title", language)),
        html.Div(copyable(methods_paragraph(found, subject, scale, source), language), className="prose-copy"),
        html.H2(message("evaluation.citations", language)),
        html.Div(copyable(citations(found), language), className="prose-copy", **data(figure="citations")),
    ]
