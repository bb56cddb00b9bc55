"""Write a pack's projects as tables that can be read back: places, payments, outputs and documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
from fuping.layers.export.projects import declared_money, pack_projects, project_payments_table, require_projects
from fuping.layers.export.spreadsheet import plain_cells
from fuping.layers.sources.iati_results import OUTPUTS
from fuping.layers.sources.payments import SHEET
from fuping.layers.sources.project_details import DOCUMENTS
from fuping.layers.sources.project_places import COLUMNS
from fuping.layers.stores.contract import Store

__all__ = ["project_metadata", "write_project_table"]


def write_project_table(store: Store, pack: str, path: Path) -> list[Path]:
    """Write the projects of a pack as CSV, in the columns that ``read_project_table`` reads.

    A place that is drawn has its shape, and its unit where it lies in one only; a project or component without a place
    has a row without one.

    Returns
    -------
    list of pathlib.Path
        The table and, beside it, the dated payments, outputs and documents where there are any, and the metadata.

    Raises
    ------
    FupingError
        The pack declares no projects.
    """
    projects = {one["id"]: one for one in require_projects(store, pack)}
    written = [path]
    plain_cells(_places(store, pack, projects)).to_csv(path, index=False)
    tables = {
        SHEET: project_payments_table(projects.values()),
        "outputs": _outputs(projects.values()),
        "documents": _documents(projects.values()),
    }
    for name, table in tables.items():
        if len(table):
            written.append(path.with_name(f"{path.stem}.{name}.csv"))
            plain_cells(table).to_csv(written[-1], index=False)
    sidecar = path.with_name(f"{path.name}.metadata.json")
    text = json.dumps(project_metadata(store, pack), ensure_ascii=False, indent=1)
    sidecar.write_text(text + "\n", encoding="utf-8")
    return [*written, sidecar]


def project_metadata(store: Store, pack: str) -> dict[str, Any]:
    """Return what must travel with a pack's projects: how many units are named, and the sources with their licence."""
    catalogue = store.catalogue(pack)
    projects = catalogue["projects"]
    keys = ("id", "title", "publisher", "year", "licence", "url", "citation", "sha256", "status", "warnings")
    kept = ("id", "name", "programme", "level", "first_year", "last_year", "named_units", "total_units", "note")
    # What a table has no column for: shares of who pays, money of components, both languages of all names.
    parts = ("status", "beneficiaries", "financiers", "components", "outputs", "documents")
    used = {project["source"] for project in projects}
    return {
        "pack": pack,
        "build": store.version(pack),
        "projects": [
            {key: one[key] for key in kept}
            | {"money": _plain(one)}
            | {key: one[key] for key in parts if one.get(key) not in (None, [])}
            for one in projects
        ],
        "boundary": {key: catalogue["boundary"][key] for key in ("id", "name", "note")},
        "sources": [{key: one[key] for key in keys} for one in catalogue["sources"] if one["id"] in used],
    }


def _plain(project: dict[str, Any]) -> dict[str, Any] | None:
    money = declared_money(project)
    return asdict(money) if money else None


def _places(store: Store, pack: str, projects: Mapping[str, dict[str, Any]]) -> pd.DataFrame:
    """Return a row for each place of each project, in the columns that are read."""
    covered = pack_projects(store, pack).rename(columns={"unit": "unit_code"})
    drawn = _drawn(store, pack, projects)
    whole = covered[["project", "programme", "project_amount", "currency"]].drop_duplicates("project")
    rows = pd.concat(
        [covered[~covered["project"].isin(drawn["project"])], drawn.merge(whole, on="project", how="left")],
        ignore_index=True,
    )
    there = set(rows["project"]) | set(zip(rows["project"], rows["component"], strict=True))
    lone = [
        {"project": project["id"], "component": part["id"]}
        | {"first_year": project["first_year"], "last_year": project["last_year"]}
        for project in projects.values()
        for part in [{"id": ""}, *(project.get("components") or [])]
        if (project["id"] if part["id"] == "" else (project["id"], part["id"])) not in there
    ]
    rows = pd.concat([rows, pd.DataFrame(lone, columns=rows.columns)], ignore_index=True)
    order = {name: place for place, name in enumerate(projects)}
    rows = rows.sort_values("project", key=lambda one: one.map(order), kind="stable", ignore_index=True)
    of = rows["project"].map(projects)
    titles = {
        (name, part["id"]): part["name"]["en"]
        for name, project in projects.items()
        for part in project.get("components") or []
    }
    names = {
        level: dict(zip(units["code"], units["name_en"], strict=True))
        for level in {one["level"] for one in projects.values()}
        for units in [store.units(pack, level)]
    }
    of_unit = [names[one["level"]].get(code, "") for one, code in zip(of, rows["unit_code"], strict=True)]
    own = rows["place_name"].fillna("")
    rows = rows.assign(
        programme=of.map(lambda one: one["programme"]["en"]),
        programme_zh=of.map(lambda one: one["programme"]["zh"]),
        title=of.map(lambda one: one["name"]["en"]),
        title_zh=of.map(lambda one: one["name"]["zh"]),
        financier=of.map(_financiers),
        status=of.map(lambda one: one.get("status") or ""),
        beneficiaries=of.map(lambda one: one.get("beneficiaries")).astype("Int64"),
        component_title=[
            titles.get(pair, "") for pair in zip(rows["project"], rows["component"].fillna(""), strict=True)
        ],
        place_name=own.where(own.ne(""), of_unit),
    )
    known = [name for name in COLUMNS if name in rows and (COLUMNS[name] or rows[name].replace("", None).notna().any())]
    return rows[known]


def _drawn(store: Store, pack: str, projects: Mapping[str, dict[str, Any]]) -> pd.DataFrame:
    """Return the places of projects that have a list of their own: one row each, however many units it lies in."""
    columns = ["project", "component", "place_name", "unit_code", "wkt", "first_year", "last_year"]
    table = store.table(pack, "project_locations")
    if table is None or table.empty:
        return pd.DataFrame(columns=columns)
    place = ["project", "component", "place_name", "wkt"]
    drawn = table["wkt"].ne("")
    pieces = table[drawn].fillna({"unit": ""}).groupby(place, sort=False, as_index=False)["unit"]
    once = pieces.agg(["first", "size"]).rename(columns={"first": "unit"})
    once["unit"] = once["unit"].where(once["size"].eq(1), "")
    rows = pd.concat([table.loc[~drawn, [*place, "unit"]], once[[*place, "unit"]]], ignore_index=True)
    years = {key: rows["project"].map(lambda one, key=key: projects[one][key]) for key in ("first_year", "last_year")}
    return rows.assign(**years).rename(columns={"unit": "unit_code"})[columns]


def _financiers(project: Mapping[str, Any]) -> str:
    """Return who pays; where that is not told, who runs the programme."""
    named = "; ".join(one["name"]["en"] for one in project.get("financiers") or [])
    return named or (project.get("publisher") or {}).get("en", "")


def _outputs(projects: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    rows = [
        {"project": one["id"], "component": made["component"] or "", "output": made["name"]["en"]}
        | {"unit": made["unit"]["en"], "start": f"{one['first_year']}-01-01", "end": f"{one['last_year']}-12-31"}
        | {"target": made["target"], "achieved": made["achieved"]}
        for one in projects
        for made in one.get("outputs") or []
    ]
    return pd.DataFrame(rows, columns=list(OUTPUTS))


def _documents(projects: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    rows = [
        {"project": one["id"], "component": "", "title": page["title"]["en"], "url": page["url"]}
        for one in projects
        for page in one.get("documents") or []
    ]
    return pd.DataFrame(rows, columns=list(DOCUMENTS))
