"""The head of a profile: which unit, where it lies, and the reports of it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
from fuping.dashboard.components import html
from fuping.dashboard.components import profile_parts as words
from fuping.dashboard.components.address import link
from fuping.dashboard.components.attributes import data
from fuping.dashboard.components.field import indicator_field
from fuping.dashboard.components.job import Batch
from fuping.dashboard.components.search_box import SearchBox
from fuping.dashboard.components.source_note import boundary_credit
from fuping.dashboard.figures.locator import among_siblings, in_country
from fuping.dashboard.figures.svg import data_uri
from fuping.dashboard.i18n.formats import inline, number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.parts import MOST_PARTS, parts_of
from fuping.dashboard.queries.profile import Profile
from fuping.dashboard.queries.shapes import level_shapes
from fuping.dashboard.queries.surroundings import framed, surroundings
from fuping.dashboard.reports.links import Form, batch_href, report_href
from fuping.dashboard.state import ViewState

BATCH_WORDS = ("progress", "waiting", "stop", "save", "stopped", "failed")

PICTURE_BYTES = 16 * 2**20
"""What the maps of units that were looked at may fill."""

__all__ = ["place_search", "profile_head"]


def place_search(view: ViewState, placeholder: str) -> SearchBox:
    """Return the search that chooses the unit, of any level."""
    none = message("search.none", view.language)
    return SearchBox(
        id="profile-search", url=f"/search/{view.pack}.json", placeholder=placeholder, none=none, sets="unit"
    )


def profile_head(reader: Reader, view: ViewState, found: Profile) -> html.Section:
    """Return the head; ``view`` is as the URL has it, which may ask for an indicator that the unit has not."""
    language, place = found.view.language, found.place
    level = reader.level(found.view.pack, place.level)["name"][language]
    trail = [part for one in found.above for part in (link(view, one.name, {"unit": one.code}), " › ")][:-1]
    facts = [("report.code", place.code), ("profile.level", level), ("profile.area", words.area_text(found))]
    rows = [(message(key, language), value) for key, value in facts]
    rows += [(message("profile.lies_in", language), trail)] if trail else []
    listed = html.Dl([part for name, value in rows for part in (html.Dt(name), html.Dd(value))])
    asked = reader.indicator(view.pack, view.indicator)["name"][language]
    shown = reader.indicator(view.pack, found.view.indicator)["name"][language]
    told: list[Any] = []
    if not found.benchmarks and not found.statuses:
        told = [html.P(message("profile.none_at_all", language, name=place.name), className="lead")]
    elif not found.asked:
        text = message("profile.not_asked", language, asked=asked, name=place.name, shown=shown)
        told = [html.P(text, className="hint")]
    return html.Section(
        [
            html.Div(
                [
                    html.Div(
                        [place_search(view, message("profile.another", language)), indicator_field(reader, found.view)],
                        className="fields",
                    ),
                    html.H1([place.name, html.Small(place.other_name)] if place.other_name else place.name),
                    listed,
                    *told,
                    _reports(reader, found),
                ]
            ),
            _locator(reader, found),
        ],
        className="profile-head",
        **data(profile=place.code),
    )


def _reports(reader: Reader, found: Profile) -> html.Ul:
    view, code, language = found.view, found.place.code, found.view.language
    rows: list[list[Any]] = [[html.B(message("profile.report", language)), *_formats(view, code, "")]]
    for one in parts_of(reader, view.pack, found.place):
        if len(one.codes) > MOST_PARTS:
            continue
        told = {"n": number(len(one.codes), 0, language), "level": inline(one.level["plural"][language], language)}
        rows.append([message("profile.report_parts", language, **told), *_formats(view, code, one.level["id"])])
        text = {word: message(f"profile.batch.{word}", language) for word in BATCH_WORDS}
        text |= {"start": message("profile.report_batch", language, **told)}
        href = batch_href(view, code, one.level["id"], "pdf")
        rows[-1].append(Batch(id=f"batch-{code}-{one.level['id']}", url=href, text=text))
    return html.Ul([html.Li(row) for row in rows], className="profile-reports")


def _formats(view: ViewState, code: str, parts: str) -> list[html.A]:
    names: tuple[tuple[str, Form], ...] = (("PDF", "pdf"), ("Word", "docx"))
    return [html.A(name, href=report_href(view, code, form, parts=parts)) for name, form in names]


def _locator(reader: Reader, found: Profile) -> html.Div:
    drawn = [
        html.Img(src=picture, alt=alt, title=alt, className=f"locator-{kind}")
        for picture, alt, kind in _pictures(reader, found)
    ]
    credit = html.P(boundary_credit(reader.catalogue(found.view.pack), found.view.language), className="hint")
    return html.Div([html.Div(drawn), credit], className="locator")


def _place_of_build(reader: Reader, found: Profile) -> Hashable:
    view = found.view
    return reader, view.pack, reader.version(view.pack), found.place.level, found.place.code, view.language


# Where a unit lies is the same whatever is asked of it, and most of the time that a profile takes.
@once(PICTURE_BYTES, lambda pictures: sum(len(one) for one, _, _ in pictures), key=_place_of_build)
def _pictures(reader: Reader, found: Profile) -> tuple[tuple[str, str, str], ...]:
    """Return address, label and kind of each map."""
    language, pack, name = found.view.language, found.view.pack, found.place.name
    around = surroundings(reader, found)
    country = words.country_name(reader, found)
    label = message("profile.in_country", language, name=name, country=country)
    shapes = level_shapes(reader, pack, found.place.level)
    divisions = framed(reader, pack, around.divisions, np.arange(len(around.divisions))).inside
    pictures = [(in_country(around, divisions, label=label), label, "country")]
    if found.above and not shapes[found.at].is_empty:
        codes = reader.units(pack, found.place.level)["code"]
        beside = np.array([codes.index(one.code) for one, _ in found.neighbours.rows[1:]], dtype=np.int64)
        inside = framed(reader, pack, shapes, around.siblings).inside
        siblings = inside if found.at in inside else np.array([found.at])
        level = words.level_words(reader, pack, found.place.level, language)
        scope = found.scope.name if found.scope else country
        label = message("profile.among", language, name=name, level=level, scope=scope)
        pictures.append((among_siblings(around, shapes, siblings, found.at, beside, label=label), label, "scope"))
    return tuple((data_uri(picture), alt, kind) for picture, alt, kind in pictures)
