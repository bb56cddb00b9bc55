"""What a project is made of: components, outputs, who pays which share, documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fuping.dashboard.components import html
from fuping.dashboard.components.figure import data_table, figure
from fuping.dashboard.components.project_note import list_note
from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.dashboard.queries.register import Entry
from fuping.dashboard.state import ViewState

__all__ = ["beneficiaries_told", "financed_by", "project_parts", "status_told"]

Project = Mapping[str, Any]


def status_told(project: Project, language: str) -> list[html.Small]:
    """Return where a project stands; nothing where the pack does not say."""
    status = project.get("status")
    return [html.Small(message(f"projects.status.{status}", language))] if status else []


def beneficiaries_told(project: Project, language: str) -> list[html.Small]:
    """Return how many people are said to benefit; nothing where the pack does not say."""
    n = project.get("beneficiaries")
    return [] if n is None else [html.Small(message("projects.beneficiaries", language, n=number(n, 0, language)))]


def financed_by(project: Project, language: str) -> list[html.Small]:
    """Return who pays for a project and which share, matching money named as such."""
    told = []
    for one in project.get("financiers") or []:
        key = "financier_matching" if one["matching"] else "financier_of"
        share = message("projects.share_unknown", language)
        if one["share"] is not None:
            share = number(100 * one["share"], 1 if (100 * one["share"]) % 1 else 0, language) + "%"
        told.append(html.Small(message(f"projects.{key}", language, name=one["name"][language], share=share)))
    return told


def project_parts(view: ViewState, entries: Sequence[Entry]) -> list[html.Section]:
    """Return components, outputs and documents of the projects shown, of one where one is chosen."""
    language = view.language
    chosen = [one for one in entries if view.project in (None, one.project["id"])]
    note = list_note(chosen, language) if chosen else None
    tables = (
        ("components", _components(chosen, language), ("project", "component", "amount", "outputs_n")),
        ("outputs", _outputs(chosen, language), ("project", "output", "target", "achieved")),
        ("documents", _documents(chosen, language), ("project", "document")),
    )
    return [
        figure(
            name,
            message(f"projects.{name}", language),
            data_table([message(f"projects.{one}", language) for one in head], rows, name),
            note,
            language,
        )
        for name, rows, head in tables
        if rows
    ]


def _components(entries: Sequence[Entry], language: str) -> list[list[Any]]:
    rows = []
    for one in entries:
        outputs = one.project.get("outputs") or []
        for part in one.project.get("components") or []:
            money = message("projects.amount_unknown", language)
            if part["amount"] is not None:
                money = f"{part['currency']} {number(part['amount'], 0, language)}"
            mine = sum(made["component"] == part["id"] for made in outputs)
            rows.append([one.project["name"][language], part["name"][language], money, number(mine, 0, language)])
    return rows


def _outputs(entries: Sequence[Entry], language: str) -> list[list[Any]]:
    def told(value: float | None, unit: str) -> str:
        return "–" if value is None else f"{number(value, 0 if value % 1 == 0 else 1, language)} {unit}"

    rows = []
    for one in entries:
        parts = {part["id"]: part["name"][language] for part in one.project.get("components") or []}
        for made in one.project.get("outputs") or []:
            unit = made["unit"][language]
            under = html.Small(parts[made["component"]]) if made["component"] else ""
            name = html.Span([made["name"][language], under])
            rows.append([one.project["name"][language], name, told(made["target"], unit), told(made["achieved"], unit)])
    return rows


def _documents(entries: Sequence[Entry], language: str) -> list[list[Any]]:
    return [
        [
            one.project["name"][language],
            html.A(made["title"][language], href=made["url"], target="_blank", rel="noopener noreferrer"),
        ]
        for one in entries
        for made in one.project.get("documents") or []
    ]
