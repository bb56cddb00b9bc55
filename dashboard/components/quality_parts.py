"""The quality of a pack: how complete it is by indicator and year, what is flagged, and what cannot be judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import aria, current, data
from fuping.dashboard.components.figure import data_table
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.holdings import Completeness
from fuping.dashboard.queries.quality import IndicatorQuality, QualityShown
from fuping.dashboard.state import ViewState
from fuping.layers.quality import KINDS

__all__ = ["completeness_matrix", "flag_counts", "not_judged", "series_notes"]


def completeness_matrix(reader: Reader, view: ViewState, indicators: Sequence[IndicatorQuality]) -> html.Div:
    """Return a table of indicators by years whose cells say, and are shaded by, the share of units with a figure."""
    language = view.language
    shown = [one for one in indicators if one.indicator["shown"]]
    years = sorted({entry.year for one in shown for entry in one.years})
    levels = {one["id"]: one["plural"][language] for one in reader.catalogue(view.pack)["levels"]}
    rows = []
    for one in shown:
        entries = {entry.year: entry for entry in one.years}
        name = html.Th([one.indicator["name"][language], html.Small(levels[one.level])], scope="row")
        rows.append(html.Tr([name, *(_share(entries.get(year), language) for year in years)]))
    head = [html.Th(message("data.indicator", language), scope="col")]
    head += [html.Th(str(year), scope="col") for year in years]
    table = html.Table([html.Thead(html.Tr(head)), html.Tbody(rows)])
    label = message("quality.completeness", language)
    return html.Div(table, className="matrix", tabIndex=0, role="region", **aria(label=label), **data(table="matrix"))


def _share(entry: Completeness | None, language: str) -> html.Td:
    if entry is None:
        return html.Td(className="none")
    told = [
        message(
            "quality.of", language, n=number(entry.observed, 0, language), total=number(entry.expected, 0, language)
        )
    ]
    told += [
        f"{message(f'vocabulary.reason.{reason}', language)} {number(count, 0, language)}"
        for reason, count in entry.missing.items()
    ]
    # 99.9 % is not whole: what lacks a unit is never written as 100.
    share = 100 if entry.observed == entry.expected else min(99, round(100 * entry.share))
    shade = {"--share": f"{entry.share:.2f}"}
    return html.Td(str(share), style=shade, title=message("format.join", language).join(told))


def flag_counts(view: ViewState, shown: QualityShown) -> html.Div:
    """Return how many figures of each indicator are flagged for what; a number narrows the list to them."""
    language = view.language
    rows = []
    for one in shown.indicators:
        if one.judgement is None or not (one.indicator["shown"] or len(one.judgement.flags)):
            continue
        name = one.indicator["id"]
        words = link(view, one.indicator["name"][language], {"of": name, "flag": "", "part": ""})
        cells = [html.Td(words), *(html.Td(_count(view, one, kind)) for kind in KINDS)]
        rows.append(html.Tr(cells, **current(chosen=name == shown.of)))
    head = [message("data.indicator", language), *(message(f"quality.kind.{kind}", language) for kind in KINDS)]
    return data_table(head, rows, "flag-counts")


def _count(view: ViewState, one: IndicatorQuality, kind: str) -> Any:
    language, judgement = view.language, one.judgement
    assert judgement is not None
    if kind in judgement.refused:
        return html.Small(message(f"quality.refused.{judgement.refused[kind]}", language))
    n = one.count(kind)
    told: list[Any] = [number(n, 0, language)]
    if n:
        told = [link(view, told, {"of": one.indicator["id"], "flag": kind, "part": ""})]
    if judgement.judged.get(kind):
        of = message("quality.judged", language, n=number(judgement.judged[kind], 0, language))
        told.append(html.Small(of))
    return told


def not_judged(indicators: Sequence[IndicatorQuality], language: str) -> list[Any]:
    """Return the indicators that cannot be judged at all, with the reason."""
    found = [
        html.Li([html.Strong(message(f"quality.refused.{why}", language)), ": ", ", ".join(names)])
        for why in ("categories", "grid", "helper")
        if (names := [one.indicator["name"][language] for one in indicators if one.refused == why])
    ]
    return [html.Ul(found, className="told-list", **data(list="not-judged"))] if found else []


def series_notes(indicators: Sequence[IndicatorQuality], language: str) -> list[Any]:
    """Return what is noted of whole years: breaks, heaped digits, figures spared, totals whose parts are missing."""
    told: list[Any] = []
    for one in indicators:
        if one.judgement is None:
            continue
        name = one.indicator["name"][language]
        for year, row in one.judgement.breaks.iterrows():
            share = number(100 * max(row["share_up"], row["share_down"]), 0, language)
            key = f"quality.break.{'declared' if row['declared'] else row['direction']}"
            told.append(message(key, language, name=name, year=year, share=share))
        for year, row in one.judgement.heaped.iterrows():
            share = number(100 * row["round"], 0, language)
            told.append(message("quality.heaped", language, name=name, year=year, share=share))
        counts = {"within": one.judgement.within_interval, "partial": len(one.judgement.partial)}
        told += [
            message(f"quality.note.{word}", language, name=name, n=number(n, 0, language))
            for word, n in counts.items()
            if n
        ]
    if not told:
        return [html.P(message("quality.no_notes", language), className="hint")]
    return [html.Ul([html.Li(one) for one in told], className="told-list", **data(list="series"))]
