"""The sections of the form by which a country is added: what was guessed, filled in, for a person to put right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fuping.dashboard.i18n.formats import number
from fuping.dashboard.i18n.messages import message
from fuping.layers.ingest.draft_answers import KINDS, NO_COLUMN
from fuping.layers.ingest.drafts import Draft
from fuping.layers.ingest.new_pack import UNITS
from fuping.layers.schema.vocabulary import Direction, words

__all__ = ["draft_sections", "field_labels"]

Section = dict[str, Any]

PLACE = ("title", "publisher", "licence", "citation", "url")


def draft_sections(one: Draft, language: str) -> list[Section]:
    """Return the sections of a draft's form; those of figures and credit once both files could be read."""
    form = _Form(one, language)
    sections = [form.columns()]
    if one.found.get("table"):
        sections += [
            form.country(),
            form.section("figures", []),
            *form.figures(),
            form.credit("table"),
            form.credit("boundaries"),
        ]
    return sections


def field_labels(one: Draft, language: str) -> dict[str, str]:
    """Return what each field is called, with the section that it stands in."""
    join = message("country.in_section", language, section="{section}", field="{field}")
    return {
        field["name"]: join.format(section=section["title"], field=field["label"])
        for section in draft_sections(one, language)
        for field in section["fields"]
    }


class _Form:
    def __init__(self, one: Draft, language: str) -> None:
        self.one, self.language = one, language
        self.drawn, self.table = one.found.get("boundaries", {}), one.found.get("table", {})

    def columns(self) -> Section:
        drawn, table = self.drawn.get("columns", []), self.table.get("columns", [])
        names = self.drawn.get("name_columns", {})
        fields = [self._text("column.layer", "layer")]
        if drawn:
            fields += [
                self._choice("column.boundary_code", "boundary_code", drawn, self.drawn["code_column"]),
                self._choice("column.name_en", "column_name_en", [NO_COLUMN, *drawn], names.get("en", NO_COLUMN)),
                self._choice("column.name_zh", "column_name_zh", [NO_COLUMN, *drawn], names.get("zh", NO_COLUMN)),
            ]
        if table:
            fields += [
                self._choice("column.table_code", "table_code", table, self.table["code_column"]),
                self._choice("column.year", "year_column", [NO_COLUMN, *table], self.table["year_column"] or NO_COLUMN),
                self._text("year", "year", kind="year"),
            ]
        return self.section("columns", fields)

    def country(self) -> Section:
        fields = [
            self._text("code", "code"),
            self._text("name.en", "name_en", lang="en"),
            self._text("name.zh", "name_zh", lang="zh"),
            self._text("level.en", "level_en", "District", lang="en"),
            self._text("level.en_plural", "level_en_plural", "Districts", lang="en"),
            self._text("level.zh", "level_zh", "地区", lang="zh"),
        ]
        return self.section("country", fields)

    def figures(self) -> list[Section]:
        sections = []
        for figure in self.table["figures"]:
            column, key = figure["column"], f"figure.{figure['column']}"
            unit = UNITS[figure["kind"]]
            fields = [
                {"name": f"{key}.keep", "kind": "check", "label": self._word("keep")}
                | {"value": self.one.answers.get(f"{key}.keep", "yes")},
                self._choice(f"{key}.kind", "kind", KINDS, figure["kind"], "kind"),
                self._choice(f"{key}.direction", "direction", words(Direction), "neutral", "direction"),
                self._text(f"{key}.name_en", "name_en", column, lang="en"),
                self._text(f"{key}.name_zh", "name_zh", column, lang="zh"),
                self._text(f"{key}.unit_en", "unit_en", unit["en"], lang="en"),
                self._text(f"{key}.unit_zh", "unit_zh", unit["zh"], lang="zh"),
                self._text(f"{key}.theme_en", "theme_en", "Figures", lang="en"),
                self._text(f"{key}.theme_zh", "theme_zh", "数据", lang="zh"),
            ]
            span = {"low": figure["minimum"], "high": figure["maximum"]}
            shown = {name: number(value, figure["decimals"], self.language) for name, value in span.items()}
            n = number(figure["n_values"], 0, self.language)
            hint = message("country.figure", self.language, n=n, **shown)
            sections.append({"title": column, "hint": hint, "within": True, "fields": fields})
        return sections

    def credit(self, part: str) -> Section:
        stem = self.one.files[part].split(".")[0]
        fields = [self._text(f"{part}.{key}", key, stem if key == "title" else "") for key in PLACE]
        return self.section(f"credit_{part}", fields)

    def section(self, name: str, fields: list[dict[str, Any]]) -> Section:
        title = message(f"country.section.{name}", self.language)
        return {"title": title, "hint": message(f"country.hint.{name}", self.language), "fields": fields}

    def _text(self, name: str, label: str, default: str = "", *, kind: str = "text", lang: str = "") -> dict[str, Any]:
        value = self.one.answers.get(name, default)
        field = {"name": name, "kind": kind, "label": self._word(label), "value": value}
        return field | ({"lang": lang} if lang else {})

    def _choice(self, name: str, label: str, values: Sequence[str], default: str, family: str = "") -> dict[str, Any]:
        chosen = self.one.answers.get(name) or default
        options = [{"value": value, "label": self._option(value, family)} for value in dict.fromkeys(values)]
        value = chosen if chosen in values else default
        return {"name": name, "kind": "choice", "label": self._word(label), "value": value, "options": options}

    def _option(self, value: str, family: str) -> str:
        if family:
            return message(f"country.{family}.{value}", self.language)
        return message("country.no_column", self.language) if value == NO_COLUMN else value

    def _word(self, label: str) -> str:
        return message(f"country.field.{label}", self.language)
