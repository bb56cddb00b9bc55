"""Read IATI 2.0x activity files: projects, their places and their money, as the International Aid Transparency
Initiative publishes them (iatistandard.org, version 2.03).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from fuping.layers.errors import Fault, TableError
from fuping.layers.sources.iati_money import read_money
from fuping.layers.sources.iati_results import OUTPUTS, no_outputs, read_outputs
from fuping.layers.sources.iati_text import narrative
from fuping.layers.sources.payments import PAYMENTS, expected_day, no_payments, read_day
from fuping.layers.sources.project_details import ADDRESS, DOCUMENTS, no_documents
from fuping.layers.sources.project_places import COMPONENTS, MONEY, PLACES, STANDING, STATUSES, ProjectPlaces
from fuping.spatial.wording import worded

__all__ = ["read_iati"]

START, END = ("2", "1"), ("4", "3")
"""Codes of ActivityDateType, the actual date before the planned one."""

PARENT = "1"
"""Code of RelatedActivityType."""


def read_iati(path: Path) -> ProjectPlaces:
    """Read the activities of a file.

    Parameters
    ----------
    path
        XML in version 2.01, 2.02 or 2.03.

    Returns
    -------
    ProjectPlaces
        A project is an activity; its programme is the activity it is part of (related-activity of type 1) or, where it
        is part of none, its reporting organisation. An activity that others are part of and that names no place is a
        programme and no project. What is part of an activity that is itself part of another is a component of it: its
        places and money are the project's, and it is called by its identifier, without that of the project where it
        begins with it. Indicators of results of type 1 are outputs, a row for each period. Years are those of the
        actual dates, of the planned ones where there is none. A transaction whose description says that only its year
        is known (:data:`~fuping.layers.sources.iati_text.YEAR_ONLY`, as our own export does) is money of that year,
        and no dated payment. What is passed over is counted in the notes: transactions that are neither commitment nor
        spent, budgets of one period and type that differ, results that are no outputs.
        Codes of a place are its ``ref``, ``location-id`` and ``administrative`` codes, in that order.

    Raises
    ------
    TableError
        With every fault: no file, no XML or no IATI activities; a document type or entity (refused, as it could read
        other files); another version; an activity without identifier or start, or whose end is before its start; money
        that is negative, no number, or of no known currency; an identifier that stands twice.

    Notes
    -----
    A negative commitment or disbursement corrects an earlier one and is added; what they sum to must not be negative.
    A transaction names a country or region that received it at most, and no place within a country: in 2.03 places are
    those of the activity. Its money is spread over them by a stated rule, if at all.
    """
    root = _root(path)
    version = root.get("version", "")
    if not version.startswith("2."):
        raise TableError(
            path.name,
            [Fault(path.name, "", worded("version {version!r}", version=version), "2.01, 2.02, 2.03")],
        )
    activities = root.findall("iati-activity")
    if not activities:
        raise TableError(path.name, [Fault(path.name, "", worded("no iati-activity"), worded("at least one"))])
    faults: list[Fault] = []
    passed_over: Counter[str] = Counter()
    read = [_activity(one, number, path.name, faults, passed_over) for number, one in enumerate(activities, start=1)]
    names = [one["project"] for one in read]
    for name in sorted({one for one in names if one and names.count(one) > 1}):
        faults.append(
            Fault(
                path.name,
                worded("activity {name}", name=name),
                worded("{n} activities", n=names.count(name)),
                worded("one"),
            )
        )
    if faults:
        raise TableError(path.name, faults)
    whole = _wholes(read, path.name)
    by_name = {one["project"]: one for one in read}
    within = {whole[one["project"]] for one in read if whole[one["project"]] != one["project"]}
    parents = {one["parent"] for one in read} - within
    projects = [one for one in read if one["places"] or one["project"] not in parents]
    rows = [_listed(one, whole, by_name) | place for one in projects for place in _placed(one, projects, whole)]
    parts = [
        {"project": whole[one["project"]], "component": _part(one["project"], whole), "title": one["title"]}
        for one in projects
    ]
    outputs, documents = (
        [
            {"project": part["project"], "component": part["component"]} | made
            for one, part in zip(projects, parts, strict=True)
            for made in one[what]
        ]
        for what in ("outputs", "documents")
    )
    standing = [
        {"project": one["project"], "status": one["status"], "beneficiaries": math.nan}
        for one in projects
        if whole[one["project"]] == one["project"]
    ]
    places = pd.DataFrame(rows, columns=list(PLACES)).astype({"first_year": float, "last_year": float})
    texts = ["title", "title_zh", "programme_zh", "financier", "component", "place_name", "currency"]
    places[texts] = places[texts].astype(object).fillna("")
    places["codes"] = [codes if isinstance(codes, tuple) else () for codes in places["codes"]]
    places["geometry"] = places["geometry"].astype(object).where(places["geometry"].notna(), None)
    places["amount"] = places["amount"].astype("float64")
    told = [part | {"project": whole[part["project"]]} for one in projects for part in one["money"]]
    money = pd.DataFrame(told, columns=list(MONEY))
    several = money.groupby(["project", "kind"])["currency"].nunique()
    notes = [f"{len(read) - len(projects)} activities are programmes of others"] if len(projects) < len(read) else []
    if (several > 1).any():
        named = ", ".join(dict.fromkeys(several.index[several > 1].get_level_values("project")))
        notes.append(f"money in several currencies is not added: {named}")
    if passed_over:
        notes.append("not read: " + "; ".join(f"{n} {what}" for what, n in passed_over.items()))
    paid = [part for part in told if "paid" in part]
    payments = pd.DataFrame([one | {"kind": one["paid"]} for one in paid], columns=list(PAYMENTS))
    return ProjectPlaces(
        places,
        money,
        tuple(notes),
        payments if paid else no_payments(),
        pd.DataFrame([one for one in parts if one["component"]], columns=list(COMPONENTS)),
        pd.DataFrame(outputs, columns=list(OUTPUTS)) if outputs else no_outputs(),
        pd.DataFrame(documents, columns=list(DOCUMENTS)) if documents else no_documents(),
        pd.DataFrame(standing, columns=list(STANDING)),
    )


def _wholes(read: Sequence[Mapping[str, Any]], file: str) -> dict[str, str]:
    """Return the project of each activity: itself, or what it is a component of."""
    parent = {one["project"]: one["parent"] for one in read}
    whole = {}
    for name in parent:
        chain = [name]
        while above := parent.get(chain[-1]):
            if above in chain:
                told = worded("part of itself by way of {above}", above=above)
                fault = Fault(file, worded("activity {name}", name=name), told, worded("a tree of activities"))
                raise TableError(file, [fault])
            chain.append(above)
        whole[name] = chain[-2] if len(chain) > 2 else name
    return whole


def _part(name: str, whole: Mapping[str, str]) -> str:
    """Return what a component is called; empty for a project."""
    return "" if whole[name] == name else name.removeprefix(f"{whole[name]}-")


def _listed(one: Mapping[str, Any], whole: Mapping[str, str], by_name: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the rows of an activity's places have in common."""
    project = by_name[whole[one["project"]]]
    above = by_name.get(project["programme"])
    return {
        "project": project["project"],
        "component": _part(one["project"], whole),
        "programme": (above and above["title"]) or project["programme"],
        "programme_zh": above["title_zh"] if above else project["programme_zh"],
        "title": project["title"],
        "title_zh": project["title_zh"],
        "financier": one["financier"] or project["financier"],
        "first_year": one["first_year"],
        "last_year": one["last_year"],
        "currency": one["currency"] or project["currency"],
    }


def _placed(
    one: Mapping[str, Any], projects: Sequence[Mapping[str, Any]], whole: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the places of an activity; an empty one for a project that has none, not in its components either."""
    name = one["project"]
    if one["places"] or whole[name] != name:
        return list(one["places"])
    return [] if any(other["places"] for other in projects if whole[other["project"]] == name) else [{}]


def _root(path: Path) -> Any:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, parse

    def refuse(found: str, expected: str, remedy: str = "") -> TableError:
        return TableError(path.name, [Fault(path.name, "", found, expected, remedy)])

    if not path.is_file():
        raise refuse(worded("no such file"), worded("a file of IATI activities"))
    try:
        root = parse(path, forbid_dtd=True).getroot()
    except DefusedXmlException as error:
        remedy = worded("It could read other files of this machine; take it out, IATI needs none.")
        raise refuse(
            worded("a document type or an entity ({kind})", kind=type(error).__name__),
            worded("XML without them"),
            remedy,
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise refuse(worded("bytes that are not XML ({error})", error=error), worded("a complete XML file")) from error
    if root.tag != "iati-activities":
        raise refuse(worded("the element {name!r}", name=root.tag), "iati-activities")
    return root


def _activity(element: Any, number: int, file: str, faults: list[Fault], passed_over: Counter[str]) -> dict[str, Any]:
    project = (element.findtext("iati-identifier") or "").strip()
    where = worded("activity {name}", name=project or number)

    def fault(found: str, expected: str) -> None:
        faults.append(Fault(file, where, found, expected))

    if not project:
        fault(worded("no iati-identifier"), worded("one"))
    dates = {}
    for one in element.findall("activity-date"):
        day = read_day(one.get("iso-date", ""))
        if day is None:
            fault(worded("the date {day!r}", day=one.get("iso-date", "")), expected_day())
        else:
            dates[one.get("type", "")] = day
    start = next((dates[code] for code in START if code in dates), None)
    end = next((dates[code] for code in END if code in dates), None)
    if start is None:
        fault(worded("no start date"), worded("an activity-date of type 1 or 2"))
    elif end is not None and end < start:
        told = worded("an end before its start ({start} to {end})", start=start, end=end)
        fault(told, worded("an end that is not before the start"))
    reporting = element.find("reporting-org")
    parent = next((one.get("ref") for one in element.findall("related-activity") if one.get("type") == PARENT), None)
    funding = [one for one in element.findall("participating-org") if one.get("role") == "1"]
    reporter = "" if reporting is None else narrative(reporting) or reporting.get("ref", "")
    return {
        "project": project,
        "parent": parent or "",
        "programme": parent or reporter or project,
        "programme_zh": "" if parent or reporting is None else narrative(reporting, "zh"),
        "title": narrative(element.find("title")),
        "title_zh": narrative(element.find("title"), "zh"),
        "financier": "; ".join(filter(None, (narrative(one) or one.get("ref", "") for one in funding))),
        "first_year": start.year if start else math.nan,
        "last_year": end.year if end else math.nan,
        "currency": element.get("default-currency") or "",
        "places": list(_places(element, fault)),
        "money": list(read_money(element, project, fault, passed_over)),
        "outputs": list(read_outputs(element, fault, passed_over)),
        "documents": list(_documents(element, passed_over)),
        "status": _status(element, fault),
    }


def _status(element: Any, fault: Callable[[str, str], None]) -> str:
    """Return where an activity stands; empty where it does not tell."""
    found = element.find("activity-status")
    if found is None:
        return ""
    code = found.get("code", "")
    by_code = dict(zip("123456", STATUSES, strict=True))
    if code not in by_code:
        told = worded("a code of the standard: {codes}", codes=", ".join(by_code))
        fault(worded("the activity-status {code!r}", code=code), told)
    return by_code.get(code, "")


def _documents(element: Any, passed_over: Counter[str]) -> Iterator[dict[str, str]]:
    for one in element.findall("document-link"):
        url = (one.get("url") or "").strip()
        if url.startswith(ADDRESS):
            yield {"title": narrative(one.find("title")) or url, "url": url}
        else:
            passed_over["documents without an address that begins with http"] += 1


def _places(element: Any, fault: Any) -> Iterator[dict[str, Any]]:
    for one in element.findall("location"):
        codes = [one.get("ref") or ""]
        codes += [part.get("code") or "" for tag in ("location-id", "administrative") for part in one.findall(tag)]
        place: dict[str, Any] = {
            "codes": tuple(dict.fromkeys(code for code in codes if code)),
            "place_name": narrative(one.find("name")),
        }
        written = (one.findtext("point/pos") or "").split()
        if written:
            try:
                latitude, longitude = map(float, written)
            except ValueError:
                fault(
                    worded("the position {place!r}", place=" ".join(written)),
                    worded("latitude and longitude in degrees"),
                )
                continue
            if not (abs(latitude) <= 90 and abs(longitude) <= 180):
                told = worded("the position {place!r}, which is not on the globe", place=" ".join(written))
                fault(told, worded("latitude, then longitude"))
                continue
            place["geometry"] = shapely.Point(longitude, latitude)
        yield place
