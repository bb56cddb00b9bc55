"""Write a pack's projects as IATI 2.03 activities (iatistandard.org), valid against the published schema."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree as Tree

import numpy as np
import pandas as pd
from fuping.layers.export.projects import declared_money, pack_projects, require_projects
from fuping.layers.schema.vocabulary import ProjectStatus
from fuping.layers.sources.iati_text import YEAR_ONLY
from fuping.layers.stores.contract import Store

__all__ = ["REPORTER", "REPORTER_NAME", "write_iati"]

LANG = "xml:lang"

REPORTER = "FUPING"
REPORTER_NAME = "Fuping, from public sources"
"""The reporting organisation where none is given; its identifier is registered with nobody."""

OTHER_ORGANISATION, FUNDING, ACCOUNTABLE, PLANNED, CLOSED, RUNNING = "90", "1", "2", "1", "4", "2"
ACTUAL_START, ACTUAL_END, COMMITMENT, PARENT, CHILD = "2", "4", "2", "1", "2"
SECTORS_NOT_SPECIFIED = "99810"
ACTIVITY_REACH, EXACT, APPROXIMATE, ADMINISTRATIVE = "1", "1", "2", "1"
OUTPUT, UNITS, PERCENTAGE = "1", "1", "2"
"""Codes of the standard's lists: OrganisationType, OrganisationRole, ActivityStatus, ActivityDateType, TransactionType,
RelatedActivityType, Sector, GeographicLocationReach, GeographicExactness, GeographicLocationClass, ResultType,
IndicatorMeasure."""

TRANSACTIONS = {"commitment": COMMITMENT, "disbursement": "3", "expenditure": "4"}
"""Codes of TransactionType."""

ABOUT = "A12"
"""Code of DocumentCategory: an activity web page."""


def write_iati(
    store: Store,
    pack: str,
    path: Path,
    *,
    reporter: str = REPORTER,
    reporter_name: str = REPORTER_NAME,
    today: date | None = None,
) -> Path:
    """Write the programmes and projects of a pack.

    Parameters
    ----------
    reporter, reporter_name
        Organisation that reports, by its registered identifier (``XM-DAC-44000``); it begins every activity's.
    today
        Whether a project has ended is told by it.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    FupingError
        The pack declares no projects.

    Notes
    -----
    A programme is an activity of hierarchy 1, its projects are activities of hierarchy 2 that name it as their parent,
    and their components are activities of hierarchy 3. Each unit known to be covered is a location of the project, or
    of the component that works there; its code is the location's ``ref``, since the standard's list of geographic
    vocabularies has none of national codes, and its point is that of the place where the pack has one, else a point
    within the unit. The standard has no lines and areas: they are the units that they lie in. Outputs are results of
    type 1 with one indicator, whose title is the unit of measure, over the years of the project.

    Dated payments are transactions; without a dated commitment a declared amount is one, in its own currency, dated at
    the start, of which the amounts of components are theirs, so that all commitments add up to it. Amounts of
    components that do not fit into it are told in words. Otherwise only years are known: dates are their first and
    last day, and say so. Sectors are not specified.
    """
    now = today or datetime.now(UTC).date()
    projects = require_projects(store, pack)
    catalogue = store.catalogue(pack)
    root = Tree.Element("iati-activities", {"version": "2.03", "generated-datetime": f"{now.isoformat()}T00:00:00Z"})
    sources = {one["id"]: one for one in catalogue["sources"]}
    listed = pack_projects(store, pack)
    programmes: dict[str, list[dict[str, Any]]] = {}
    for project in projects:
        programmes.setdefault(project["programme"]["en"], []).append(project)
    for number, members in enumerate(programmes.values(), start=1):
        parent = f"{reporter}-{pack}-programme-{number}"
        whole = members[0] | {
            "name": members[0]["programme"],
            "note": members[0]["programme"],
            "first_year": min(one["first_year"] for one in members),
            "last_year": max(one["last_year"] for one in members),
            "amount": None,
            "payments": [],
            "status": None,
            "financiers": [],
            "documents": [],
            "components": [],
            "outputs": [],
        }
        children = [f"{reporter}-{pack}-{one['id']}" for one in members]
        written = _Activity(root, whole, parent, reporter, reporter_name, now, hierarchy="1")
        written.head([])
        written.tail(pack, None, [(CHILD, one) for one in children])
        for project, name in zip(members, children, strict=True):
            source = sources[project["source"]]
            told = [f"{project['named_units']} of {project['total_units']} units are named in the source."]
            told += _in_words(project)
            mine = _places(store, pack, project, listed[listed["project"] == project["id"]])
            parts = _parts(project)
            own = project | {"outputs": [one for one in project.get("outputs") or [] if one["component"] is None]}
            written = _Activity(root, own, name, reporter, reporter_name, now, hierarchy="2")
            written.head([*told, f"Source: {source['citation']} Licence: {source['licence']}."])
            written.less(parts)
            related = [(PARENT, parent), *((CHILD, f"{name}-{one['id']}") for one in parts)]
            written.tail(pack, mine[mine["component"].eq("")], related)
            for part in parts:
                written = _Activity(root, part, f"{name}-{part['id']}", reporter, reporter_name, now, hierarchy="3")
                written.head(part["told"])
                written.tail(pack, mine[mine["component"].eq(part["id"])], [(PARENT, name)])
    tree = Tree.ElementTree(root)
    Tree.indent(tree, " ")
    tree.write(path, encoding="utf-8", xml_declaration=True)
    return path


def _in_words(project: dict[str, Any]) -> list[str]:
    """Tell what the standard has no element for: how many people benefit, and who pays which share."""
    people = project.get("beneficiaries")
    shares = [
        f"{one['name']['en']} {100 * one['share']:g}%{' (matching)' if one['matching'] else ''}"
        for one in project.get("financiers") or []
        if one["share"] is not None
    ]
    told = [] if people is None else [f"Beneficiaries: {people:,}."]
    return told + ([f"Paid by: {', '.join(shares)}."] if shares else [])


def _parts(project: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the components of a project as activities of their own, with the money that is theirs."""
    components = project.get("components") or []
    whole = declared_money(project)
    amounts = [declared_money(one) for one in components]
    known = [one for one in amounts if one is not None]
    dated = any(one["kind"] == "commitment" for one in project.get("payments") or [])
    # What is paid by day is the project's; a part of it cannot be told.
    fits = not dated and len({one.currency for one in [*known, *([whole] if whole else [])]}) < 2
    fits = fits and (whole is None or sum(one.amount for one in known) <= whole.amount)
    return [
        project
        | {key: one[key] for key in ("id", "name")}
        | {"amount": one["amount"] if fits else None, "currency": one["currency"] if fits else None}
        | {"note": None, "payments": [], "documents": [], "financiers": []}
        | {"outputs": [made for made in project.get("outputs") or [] if made["component"] == one["id"]]}
        | {"told": [] if fits or money is None else [f"Money of this part: {money.currency} {money.amount:,.0f}."]}
        for one, money in zip(components, amounts, strict=True)
    ]


def _places(store: Store, pack: str, project: dict[str, Any], rows: pd.DataFrame) -> pd.DataFrame:
    """Return the units of a project and of its components: code, names, position, and whether that is of the place."""
    import geopandas as gpd
    import shapely

    codes = sorted(set(rows["unit"]))
    points = gpd.GeoSeries(store.polygons(pack, project["level"], codes), crs=4326).representative_point()
    names = pd.DataFrame(store.units(pack, project["level"])).set_index("code")[["name_en", "name_zh"]].reindex(codes)
    within = names.assign(longitude=points.x.to_numpy(), latitude=points.y.to_numpy(), component="", exact=False)
    listed = store.table(pack, "project_locations")
    mine = None if listed is None else listed[listed["project"].eq(project["id"]) & listed["unit"].isin(codes)]
    if mine is None or mine.empty:
        return within
    shapes = np.array([shapely.from_wkt(one) if one else None for one in mine["wkt"]], dtype=object)
    exact = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    found = within.drop(columns=["component", "exact"]).loc[mine["unit"]]
    found = found.assign(component=mine["component"].to_numpy(), exact=exact)
    found.loc[exact, ["longitude", "latitude"]] = shapely.get_coordinates(shapes[exact])
    named = mine["place_name"].to_numpy() != ""
    for language in ("name_en", "name_zh"):
        found[language] = np.where(exact & named, mine["place_name"], found[language])
    return found[~found.reset_index().duplicated().to_numpy()]


class _Activity:
    """One activity, whose elements are added in the order of the standard."""

    def __init__(
        self,
        root: Tree.Element,
        project: dict[str, Any],
        name: str,
        reporter: str,
        reporter_name: str,
        now: date,
        *,
        hierarchy: str,
    ) -> None:
        self.project, self.name, self.reporter, self.reporter_name = project, name, reporter, reporter_name
        self.now = now
        money = declared_money(project)
        given = {"hierarchy": hierarchy, LANG: "en"} | ({"default-currency": money.currency} if money else {})
        self.money = money
        self.element = Tree.SubElement(root, "iati-activity", given)

    def add(self, tag: str, text: str | dict[str, str] = "", within: Tree.Element | None = None, **given: str) -> Any:
        """Add an element; ``text`` by language is one narrative each."""
        home = self.element if within is None else within
        attributes = {name.replace("_", "-"): value for name, value in given.items()}
        made = Tree.SubElement(home, tag, attributes)
        if isinstance(text, dict):
            for language, words in text.items():
                Tree.SubElement(made, "narrative", {} if language == "en" else {LANG: language}).text = words
        elif text:
            made.text = text
        return made

    def less(self, parts: list[dict[str, Any]]) -> None:
        """Leave to the components of the project what of its money is theirs."""
        theirs = [money for one in parts if (money := declared_money(one))]
        if self.money and theirs:
            self.money = replace(self.money, amount=self.money.amount - sum(one.amount for one in theirs))

    def head(self, told: list[str]) -> None:
        """Add what stands before the places."""
        project = self.project
        self.add("iati-identifier", self.name)
        self.add(
            "reporting-org",
            {"en": self.reporter_name},
            ref=self.reporter,
            type=OTHER_ORGANISATION,
            secondary_reporter="1",
        )
        self.add("title", project["name"])
        note = project["note"] or project["name"]
        self.add("description", {"en": " ".join([note["en"], *told]), "zh": note["zh"]}, type="1")
        # A pack names who runs a programme; with money of its own, who funds it.
        financiers = project.get("financiers") or []
        role = FUNDING if self.money and not financiers else ACCOUNTABLE
        for one in financiers:
            self.add("participating-org", one["name"], role=FUNDING)
        self.add("participating-org", project.get("publisher") or project["programme"], role=role)
        ended = project["last_year"] < self.now.year
        status = PLANNED if project["first_year"] > self.now.year else CLOSED if ended else RUNNING
        if project.get("status"):
            status = str(1 + get_args(ProjectStatus).index(project["status"]))
        self.add("activity-status", code=status)
        self.add("activity-date", {"en": YEAR_ONLY}, iso_date=f"{project['first_year']}-01-01", type=ACTUAL_START)
        self.add("activity-date", {"en": YEAR_ONLY}, iso_date=f"{project['last_year']}-12-31", type=ACTUAL_END)

    def tail(self, pack: str, places: pd.DataFrame | None, related: list[tuple[str, str]]) -> None:
        """Add the country, the places, the money and the activities around it."""
        self.add("recipient-country", code=pack.upper(), percentage="100")
        for code, row in places.iterrows() if places is not None else ():
            self._place(str(code), row)
        self.add("sector", vocabulary="1", code=SECTORS_NOT_SPECIFIED, percentage="100")
        payments = self.project.get("payments") or []
        for one in payments:
            made = self.add("transaction")
            self.add("transaction-type", within=made, code=TRANSACTIONS[one["kind"]])
            self.add("transaction-date", within=made, iso_date=one["date"])
            amount = np.format_float_positional(one["amount"], trim="-")
            self.add("value", amount, within=made, currency=one["currency"], value_date=one["date"])
        # What was committed in all stands for itself only where no commitment is dated.
        if self.money and self.money.amount and not any(one["kind"] == "commitment" for one in payments):
            start = f"{self.project['first_year']}-01-01"
            made = self.add("transaction")
            self.add("transaction-type", within=made, code=COMMITMENT)
            self.add("transaction-date", within=made, iso_date=start)
            amount = np.format_float_positional(self.money.amount, trim="-")
            self.add("value", amount, within=made, currency=self.money.currency, value_date=start)
            self.add("description", {"en": " ".join(filter(None, (self.money.remark, YEAR_ONLY)))}, within=made)
        for one in self.project.get("documents") or []:
            link = self.add("document-link", url=one["url"], format="text/html")
            self.add("title", one["title"], within=link)
            self.add("category", within=link, code=ABOUT)
        for kind, name in related:
            self.add("related-activity", ref=name, type=kind)
        for one in self.project.get("outputs") or []:
            self._output(one)

    def _output(self, output: dict[str, Any]) -> None:
        """Add an output as a result whose one indicator is measured over the years of the project."""
        result = self.add("result", type=OUTPUT)
        self.add("title", output["name"], within=result)
        measure = PERCENTAGE if output["unit"]["en"] == "%" else UNITS
        indicator = self.add("indicator", within=result, measure=measure)
        self.add("title", output["unit"], within=indicator)
        period = self.add("period", within=indicator)
        self.add("period-start", within=period, iso_date=f"{self.project['first_year']}-01-01")
        self.add("period-end", within=period, iso_date=f"{self.project['last_year']}-12-31")
        for tag, key in (("target", "target"), ("actual", "achieved")):
            if output[key] is not None:
                self.add(tag, within=period, value=np.format_float_positional(output[key], trim="-"))

    def _place(self, code: str, row: pd.Series) -> None:
        place = self.add("location", ref=code)
        self.add("location-reach", within=place, code=ACTIVITY_REACH)
        self.add("name", {"en": row["name_en"], "zh": row["name_zh"]}, within=place)
        point = self.add("point", within=place, srsName="http://www.opengis.net/def/crs/EPSG/0/4326")
        self.add("pos", f"{row['latitude']:.5f} {row['longitude']:.5f}", within=point)
        self.add("exactness", within=place, code=EXACT if row["exact"] else APPROXIMATE)
        if not row["exact"]:
            self.add("location-class", within=place, code=ADMINISTRATIVE)
