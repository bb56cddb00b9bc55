"""Make a country pack of a boundary file and a table: the declarations are written, checked, and kept only if sound."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import tomli_w
from fuping.layers.build.check import check_pack
from fuping.layers.errors import SourceError
from fuping.layers.file_hash import file_hash
from fuping.layers.ingest.guess import BoundaryGuess, Figures, TableGuess, table_format
from fuping.layers.pack import Pack
from fuping.layers.schema.vocabulary import Direction
from fuping.spatial.wording import worded

__all__ = ["NATION", "UNITS", "Credit", "FigureWords", "NewPack", "write_pack"]

NATION = "nation"

AGGREGATION = {"count": "extensive", "rate": "intensive", "index": "intensive", "amount": "extensive"}

UNITS = {
    "count": {"en": "number", "zh": "个"},
    "rate": {"en": "%", "zh": "%"},
    "index": {"en": "index", "zh": "指数"},
    "amount": {"en": "amount", "zh": "数额"},
}
"""Unit of a kind of figure, to be put right in ``indicators.toml`` where it is another."""


@dataclass(frozen=True)
class Credit:
    """Whose data a file holds; no figure is shown without."""

    title: str
    publisher: str
    licence: str
    citation: str
    url: str | None = None


@dataclass(frozen=True)
class FigureWords:
    """What a person says of a column of figures: name, unit and theme by language, and which way is worse."""

    name: Mapping[str, str]
    unit: Mapping[str, str]
    theme: Mapping[str, str] = field(default_factory=lambda: {"en": "Figures", "zh": "数据"})
    direction: Direction = "neutral"


@dataclass(frozen=True)
class NewPack:
    """What a person settled about a new pack.

    Parameters
    ----------
    code
        Two or three lower-case letters.
    name, level_name, level_plural
        By language.
    boundary_file, boundary, boundary_credit, layer
        The boundary file, what is what in it, whose it is, and its layer.
    table_file, table, table_credit
        The table, likewise.
    year
        Of all figures, for a table without a column of years.
    figures
        Those of the table that become indicators.
    words
        Column of figures to what is said of it; where nothing is, its name and the unit of its kind stand.
    """

    code: str
    name: Mapping[str, str]
    level_name: Mapping[str, str]
    level_plural: Mapping[str, str]
    boundary_file: Path
    boundary: BoundaryGuess
    boundary_credit: Credit
    table_file: Path
    table: TableGuess
    table_credit: Credit
    figures: Sequence[Figures]
    layer: str | None = None
    year: int | None = None
    words: Mapping[str, FigureWords] = field(default_factory=dict)


OWN_PROJECTS: dict[str, Any] = {
    "id": "own_projects",
    "title": {"en": "Projects of your own office", "zh": "本单位项目"},
    "publisher": {"en": "The office that supplied the file", "zh": "提供文件的单位"},
    "licence": "As the office that supplied the file says",
    "url": "https://iatistandard.org",
    "citation": "Projects as the office that keeps them supplied them to this installation.",
    "kind": "url",
    "status": "published",
    "note": {
        "en": "Not of a public source: a list of projects that an office takes in itself, as IATI activities, CSV or "
        "Excel.",
        "zh": "并非公开来源：各单位自行录入的项目清单，可为IATI 2.0x活动文件（.xml）、CSV或Excel。",
    },
}
"""Where the file of projects of whoever makes a pack will be; a pack is whole without it."""


def write_pack(new: NewPack, folder: Path) -> Pack:
    """Write a pack and check it.

    Parameters
    ----------
    folder
        Where it will lie; there must be nothing yet.

    Raises
    ------
    SourceError
        There is something already, the code is none, or neither a column nor a person says of which year figures are.
    PackError
        With every fault of the table; nothing is written then.
    """
    if not re.fullmatch("[a-z]{2,3}", new.code):
        raise SourceError(
            worded("{code!r} is no code of a pack.", code=new.code),
            remedy=worded("Give two or three lower-case letters."),
        )
    if folder.exists():
        raise SourceError(
            worded("There is something in {folder} already.", folder=folder),
            remedy=worded("Choose another code, or remove it."),
        )
    if (new.table.year_column is None) == (new.year is None):
        raise SourceError(
            worded(
                "The years of {name} come from {year_column!r} and {year}.",
                name=new.table_file.name,
                year_column=new.table.year_column,
                year=new.year,
            ),
            remedy=worded("Give the year where the table has no column of years, and only then."),
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".draft-") as scratch:
        draft = Path(scratch) / new.code
        (draft / "data").mkdir(parents=True)
        paths = {
            "boundaries": f"data/boundaries{''.join(new.boundary_file.suffixes[-2:])}",
            "figures": f"data/figures{''.join(new.table_file.suffixes[-2:])}",
        }
        shutil.copyfile(new.boundary_file, draft / paths["boundaries"])
        shutil.copyfile(new.table_file, draft / paths["figures"])
        for stem, content in _declarations(new, draft, paths).items():
            (draft / f"{stem}.toml").write_text(tomli_w.dumps(content), encoding="utf-8")
        check_pack(draft)
        draft.rename(folder)
    return check_pack(folder)


def _declarations(new: NewPack, draft: Path, paths: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    level = "unit"
    country = {"en": "Country", "zh": "全国"}
    indicators = [_indicator(one, new.words.get(one.column)) for one in new.figures]
    return {
        "pack": {
            "code": new.code,
            "name": dict(new.name),
            "summary": dict.fromkeys(("en", "zh"), new.table_credit.title),
            "default_indicator": indicators[0]["id"],
            "default_level": level,
            "bounds": list(new.boundary.bounds),
        },
        "levels": {
            "level": [
                {"id": NATION, "name": country, "plural": country, "width": len(new.code), "pattern": f"^{new.code}$"},
                new.boundary.level(new.level_name, new.level_plural, NATION).model_dump(),
            ]
        },
        "boundaries": {"boundary": [_boundary(new, level)]},
        "sources": {
            "source": [
                _source("boundaries", new.boundary_credit, paths["boundaries"])
                | {"sha256": file_hash(draft / paths["boundaries"])},
                _source("figures", new.table_credit, paths["figures"]) | {"replaceable": True},
                OWN_PROJECTS,
            ]
        },
        "project_lists": {"list": [{"id": "own", "source": OWN_PROJECTS["id"], "level": level}]},
        "indicators": {"indicator": indicators},
        "tables": {"table": [_table(new, level)]},
    }


def _boundary(new: NewPack, level: str) -> dict[str, Any]:
    drawn = {"level": level, "source": "boundaries", "code_column": new.boundary.code_column}
    drawn |= {f"name_{language}_column": column for language, column in new.boundary.name_columns.items()}
    drawn |= {"layer": new.layer} if new.layer else {}
    return {
        "id": "v1",
        "name": {"en": "Boundaries", "zh": "行政区划"},
        "valid_from": date(new.table.years[0] if new.table.years else new.year or 2000, 1, 1),
        "reference": True,
        "layers": [drawn, {"level": NATION, "dissolve_from": level, "single_code": new.code}],
    }


def _source(name: str, credit: Credit, path: str) -> dict[str, Any]:
    told = {
        "id": name,
        "title": {"en": credit.title, "zh": credit.title},
        "publisher": {"en": credit.publisher, "zh": credit.publisher},
        "licence": credit.licence,
        "citation": credit.citation,
        "kind": "pack_file",
        "path": path,
        "status": "published",
    }
    return told | ({"url": credit.url} if credit.url else {})


def _indicator(one: Figures, words: FigureWords | None) -> dict[str, Any]:
    words = words or FigureWords({"en": one.column, "zh": one.column}, UNITS[one.kind])
    limits = {"minimum": 0} if one.minimum >= 0 else {}
    return {
        "id": one.id,
        "theme": dict(words.theme),
        "name": dict(words.name),
        "unit": dict(words.unit),
        "kind": one.kind,
        "aggregation": AGGREGATION[one.kind],
        "direction": words.direction,
        "meaning": {
            "en": f"As the column {one.column!r} of its source gives it.",
            "zh": f"取自来源表的“{one.column}”列。",
        },
        "decimals": one.decimals,
        **limits,
        **({"maximum": 100} if one.kind == "rate" else {}),
    }


def _table(new: NewPack, level: str) -> dict[str, Any]:
    when = {"year_column": new.table.year_column} if new.table.year_column else {"year": new.year}
    return {
        "id": "figures",
        "source": "figures",
        "format": table_format(new.table_file),
        "level": level,
        "code_column": new.table.code_column,
        **when,
        "series": [{"indicator": one.id, "value": one.column} for one in new.figures],
    }
