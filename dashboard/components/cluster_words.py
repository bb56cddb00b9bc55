"""What is found about clusters, in words: over all units, of the graph, and of the selected unit."""

from __future__ import annotations

from fuping.dashboard.i18n.formats import figure as written
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.i18n.sentences import listed, sentences
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.clusters import FALSE_DISCOVERY, SEED, Clusters, settings
from fuping.dashboard.queries.watching import unit_names
from fuping.dashboard.state import ViewState

__all__ = ["class_name", "control_words", "graph_words", "overall_words", "p_text", "unit_words"]

MOST_NAMED = 12
"""Islands that are named; how many there are is told."""


def class_name(word: str, language: str) -> str:
    """Return the name of a class of the maps."""
    return message(f"clusters.class.{word.replace(' ', '_').lower()}", language)


def p_text(p: float, least: float, language: str) -> str:
    """Return a p-value; the least that the permutations can give is said to be no more than that."""
    digits = 4 if p < 0.01 else 3
    return f"p {'≤' if p <= least + 1e-12 else '='} {number(p, digits, language)}"


def overall_words(reader: Reader, view: ViewState, found: Clusters) -> str:
    """Return what the tests over all units say, in words."""
    language = view.language
    alike = "alike" if found.moran["value"] > found.moran["expected"] else "unlike"
    verdict = alike if found.moran["p_value"] <= FALSE_DISCOVERY else "chance"
    least = found.least_p
    facts = {
        "moran": number(found.moran["value"], 3, language),
        "expected": number(found.moran["expected"], 3, language),
        "z": number(found.moran["z"], 1, language),
        "p": p_text(found.moran["p_value"], least, language),
        "geary": number(found.geary["value"], 3, language),
        "geary_p": p_text(found.geary["p_value"], least, language),
        "n": number(found.n, 0, language),
        "units": inline(reader.level(view.pack, view.level)["plural"][language], language),
        "year": view.year,
    }
    words = [message(f"clusters.verdict.{verdict}", language), message("clusters.tests", language, **facts)]
    if reader.indicator(view.pack, view.indicator)["aggregation"] == "extensive":
        words.append(message("clusters.total", language))
    return sentences(words, language)


def graph_words(reader: Reader, view: ViewState, found: Clusters) -> str:
    """Return what the neighbour graph and the permutations are like, and whom they leave out."""
    language, report = view.language, found.report
    codes = reader.units(view.pack, view.level)["code"]
    names = dict(zip(codes, unit_names(reader, view.pack, view.level, language)[0], strict=True))
    islands = [names[code] for code in report.islands]
    more = "…" if len(islands) > MOST_NAMED else ""
    mean = number(report.n_links / max(report.n_units, 1), 1, language)
    words = [message("clusters.graph_is", language, mean=mean, parts=number(report.n_components, 0, language))]
    if islands:
        told = listed(islands[:MOST_NAMED], language) + more
        words.append(message("clusters.islands", language, n=number(len(islands), 0, language), names=told))
    left = int((found.table["moran"] == "alone").sum())
    counts = {"missing": number(found.n_missing, 0, language), "alone": number(left, 0, language)}
    words.append(message("clusters.left_out", language, **counts))
    permutations = settings(reader, view).permutations
    words.append(message("clusters.permuted", language, permutations=permutations, seed=SEED))
    return sentences(words, language)


def control_words(reader: Reader, view: ViewState, found: Clusters) -> str:
    """Return how units are called, and what this cannot find."""
    language = view.language
    n = number(found.n, 0, language)
    if settings(reader, view).control == "each":
        chance = number(FALSE_DISCOVERY * found.n, 0, language)
        return message("clusters.control_each", language, n=n, chance=chance)
    words = [message("clusters.control_fdr", language)]
    if found.least_found > 1:
        least = number(found.least_found, 0, language)
        words.append(message("clusters.least_found", language, least=least, p=number(found.least_p, 3, language), n=n))
    return sentences(words, language)


def unit_words(reader: Reader, view: ViewState, found: Clusters) -> str:
    """Return what is found about the selected unit; empty where none of the level is selected."""
    language, declared = view.language, reader.indicator(view.pack, view.indicator)
    codes = reader.units(view.pack, view.level)["code"]
    if view.unit not in codes:
        return ""
    one = found.table.loc[view.unit]
    name = unit_names(reader, view.pack, view.level, language)[0][codes.index(view.unit)]
    if one["moran"] in ("missing", "alone"):
        return message(f"clusters.unit_left.{one['moran']}", language, name=name)
    unit, decimals = declared["unit"][language], declared["decimals"]
    return message(
        "clusters.unit",
        language,
        name=name,
        value=written(one["value"], unit, decimals, language),
        around=written(one["around"], unit, decimals, language),
        kind=inline(class_name(one["moran"], language), language),
        spot=inline(class_name(one["hot"], language), language),
        p=p_text(one["p"], found.least_p, language),
        adjusted=number(one["p_adjusted"], 3, language),
    )
