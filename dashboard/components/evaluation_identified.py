"""What a difference in differences identifies, on which assumption, and how fragile it is, as sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd
from fuping.dashboard.components.evaluation_words import FAR_APART, Scale, Subject
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import listed
from fuping.dashboard.queries.effects import Effects
from fuping.spatial.inference import Estimate

__all__ = ["reading"]


def reading(effects: Effects, subject: Subject, scale: Scale, balance: pd.DataFrame) -> dict[str, list[str]]:
    """Return what is identified, on which assumption, and how fragile it is, as sentences."""
    language = scale.language
    panel = effects.panel
    n = int((~panel.never_treated).sum())
    first, last = int(panel.cohorts[0]), int(panel.periods[-1])
    key = "association" if subject.associated else "effect"
    control = message(f"evaluation.control_words.{effects.choice.control}", language)
    given = (
        message("evaluation.given_words", language, names=listed(subject.covariates, language))
        if subject.covariates
        else ""
    )
    words = {"treatment": subject.treatment, "outcome": inline(subject.outcome, language), "units": subject.units}
    identified = message(
        f"evaluation.identified.{key}", language, n=number(n, 0, language), first=first, last=last, **words
    )
    assumption = message("evaluation.assumption", language, control=control, given=given, **words)
    return {
        "identified": [identified],
        "assumption": [assumption, message("evaluation.assumption_more", language)],
        "fragile": _fragile(effects, scale, balance),
    }


def _fragile(effects: Effects, scale: Scale, balance: pd.DataFrame) -> list[str]:
    language = scale.language
    told = []
    test = effects.pre_trend
    if not effects.tested:
        told.append(message("evaluation.fragile.untested", language, year=int(effects.panel.periods[0])))
    else:
        key = "rejected" if test.p_value < 0.05 else "not_rejected"
        told.append(message(f"evaluation.fragile.{key}", language, p=number(test.p_value, 3, language), df=test.df))
    bounds = effects.bounds
    if bounds is not None:
        if np.isnan(bounds.breakdown):
            told.append(message("evaluation.fragile.bounds_none", language))
        elif bounds.breakdown == 0:
            told.append(
                message("evaluation.fragile.bounds_zero", language, m=number(bounds.table.index[1], 1, language))
            )
        else:
            told.append(message("evaluation.fragile.bounds", language, m=number(bounds.breakdown, 1, language)))
    others = [one.found for one in effects.variants[1:] if isinstance(one.found, Estimate)]
    main = effects.overall
    if others and np.isfinite(main.value):
        same = sum(np.sign(one.value) == np.sign(main.value) for one in others)
        sure = sum((one.low > 0) or (one.high < 0) for one in others)
        values = [main.value, *(one.value for one in others)]
        told.append(
            message(
                "evaluation.fragile.variants",
                language,
                n=len(others),
                same=same,
                sure=sure,
                low=scale.change(min(values)),
                high=scale.change(max(values)),
            )
        )
    if len(balance) and (balance["standardised_difference"].abs() > FAR_APART).any():
        apart = int((balance["standardised_difference"].abs() > FAR_APART).sum())
        told.append(message("evaluation.fragile.unlike", language, n=apart, of=len(balance)))
    return told
