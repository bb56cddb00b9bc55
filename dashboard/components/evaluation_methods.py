"""The methods paragraph of an evaluation and the works it rests on, ready to copy."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fuping.dashboard.components.evaluation_words import Scale, Subject, listed
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.effects import Effects, Twin

__all__ = ["WORKS", "citations", "methods_paragraph"]

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
    "balance": "Austin, P. C. (2009). Balance diagnostics for comparing the distribution of baseline covariates "
    "between treatment groups in propensity-score matched samples. Statistics in Medicine 28(25), 3083–3107.",
}
"""What a method is written in; titles stay in their language."""


def _used(result: Effects | Twin) -> list[str]:
    if isinstance(result, Twin):
        return ["synthetic"]
    keys = ["callaway"]
    if result.panel.covariate_names:
        keys.append(result.choice.kernel)
    named = {one.key for one in result.variants}
    keys += ["sun_abraham"] if "sun_abraham" in named else []
    keys += ["bacon"] if result.decomposition is not None else []
    keys += ["pretest"] if result.tested else []
    keys += ["honest"] if result.bounds is not None else []
    keys += ["conley"] if "conley" in named else []
    keys += ["spillover"] if "spillover" in named else []
    return [*keys, "balance"]


def citations(result: Effects | Twin) -> str:
    """Return the works that the estimates rest on, one a line."""
    return "\n".join(sorted(WORKS[key] for key in dict.fromkeys(_used(result))))


def methods_paragraph(result: Effects | Twin, subject: Subject, scale: Scale, source: str) -> str:
    """Return what was done, as a paper would say it."""
    language, panel = scale.language, result.panel
    facts: dict[str, Any] = {
        "treatment": subject.treatment,
        "outcome": subject.outcome,
        "units": subject.units,
        "n": number(len(panel.units), 0, language),
        "treated": number(int((~panel.never_treated).sum()), 0, language),
        "periods": listed(language, [str(one) for one in panel.periods])
        if len(panel.periods) <= 6
        else f"{panel.periods[0]}–{panel.periods[-1]} ({len(panel.periods)})",
        "source": source,
        "version": version("fuping"),
        "left_out": number(subject.left_out, 0, language),
    }
    if isinstance(result, Twin):
        return message("evaluation.methods_twin", language, **facts)
    overall = result.overall
    given = listed(language, subject.covariates)
    parts = [
        message(
            "evaluation.methods",
            language,
            control=message(f"evaluation.control_words.{result.choice.control}", language),
            effect=scale.change(overall.value),
            low=scale.change(overall.low),
            high=scale.change(overall.high),
            **facts,
        ),
        message(f"evaluation.methods_given.{result.choice.kernel}", language, given=given) if given else "",
        message("evaluation.methods_clusters", language, n=int(panel.clusters.max()) + 1)
        if panel.clusters is not None
        else "",
    ]
    return (" " if language == "en" else "").join(one for one in parts if one)
