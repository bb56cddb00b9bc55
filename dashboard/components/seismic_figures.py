"""The figure of the earthquakes on record: how often which magnitude comes, counted and by the fitted law."""

from __future__ import annotations

from fuping.dashboard.components import html
from fuping.dashboard.components.figure import data_table, figure
from fuping.dashboard.components.source_note import source_note
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.seismic import SeismicRecord, near_shocks
from fuping.dashboard.queries.sources import note_facts
from fuping.dashboard.state import ViewState

__all__ = ["seismic_figure"]


def seismic_figure(reader: Reader, view: ViewState, found: SeismicRecord) -> html.Section:
    """Return how often earthquakes of each magnitude came, and how often they are expected; near the selected unit."""
    language, level, law = view.language, found.declared["level"], found.law
    span = {"first": str(found.declared["first_year"]), "last": str(found.declared["last_year"])}
    rows = []
    for least in found.magnitudes:
        rate = float(law.rate(least))
        counted = int((found.complete["magnitude"] >= least - law.bin_width / 2).sum())
        rows.append(
            [
                message("seismic.at_least", language, magnitude=number(least, 1, language)),
                number(counted, 0, language),
                number(rate, 2 if rate < 10 else 0, language),
                number(1 / rate, 1 if rate < 10 else 2, language),
            ]
        )
    head = [message(f"seismic.head.{key}", language) for key in ("magnitude", "counted", "rate", "period")]
    told = message(
        "seismic.lead",
        language,
        n=number(len(found.events), 0, language),
        main=number(len(found.complete), 0, language),
        least=number(law.completeness, 1, language),
        b=number(law.b, 2, language),
        error=number(law.b_se, 2, language),
        **span,
    )
    body = [html.P(told, className="lead"), data_table(head, rows, "seismic")]
    codes = reader.units(view.pack, level)["code"]
    if view.unit in codes:
        at = codes.index(view.unit)
        near = near_shocks(reader, view.pack, found, level, at)
        facts = {
            "name": str(reader.units(view.pack, level)[f"name_{language}"][at]),
            "km": number(found.reach_km, 0, language),
            **span,
        }
        if near.n:
            facts |= {"n": number(near.n, 0, language), "greatest": number(near.greatest, 1, language)}
            body.append(html.P(message("seismic.near", language, year=str(near.year), **facts)))
        else:
            body.append(html.P(message("seismic.none_near", language, **facts)))
    hint = message("seismic.hint", language, why=found.declared["completeness_reason"][language])
    note = source_note(note_facts(reader, view.pack, level, {_rate_of(found): [found.declared["last_year"]]}), language)
    return figure("seismic", message("seismic.title", language), body, note, language, hint=hint)


def _rate_of(found: SeismicRecord) -> str:
    """Return an indicator that the catalogue itself gives, whose sources stand under the figure."""
    return str(next(one["indicator"] for one in found.declared["figures"] if one["statistic"] != "fault_distance"))
