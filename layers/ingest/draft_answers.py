"""What a person says of the files of a new country, field by field, and what that makes of them.

Fields are flat, as a form has them: ``column.boundary_code``, ``name.en``, ``figure.rate.kind`` (of the column
``rate``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal, cast

from fuping.layers.errors import Fault
from fuping.layers.ingest.guess import BoundaryGuess, Figures, TableGuess, guess_boundary, guess_table
from fuping.layers.ingest.new_pack import NATION, UNITS, Credit, FigureWords, NewPack
from fuping.layers.pack import pack_folders
from fuping.layers.schema.vocabulary import Direction, words
from fuping.spatial.errors import FupingError
from fuping.spatial.wording import worded

__all__ = ["KINDS", "LANGUAGES", "NO_COLUMN", "AnswersError", "Why", "guesses", "settled"]

LANGUAGES = ("en", "zh")

KINDS = ("count", "rate", "amount", "index")

NO_COLUMN = "-"
"""What is said where no column holds what is asked for; nothing said means that it is to be guessed."""

Why = Literal["missing", "code", "taken", "year", "no_figures", "same_id", "unknown"]
"""What can be wrong with an answer."""


class AnswersError(FupingError):
    """Answers that are missing or cannot be: ``wrong`` has the field of each, and why."""

    def __init__(self, wrong: Mapping[str, Why]) -> None:
        self.wrong = dict(wrong)
        told = ", ".join(f"{key} ({why})" for key, why in wrong.items())
        super().__init__(f"{len(wrong)} answers are to be put right: {told}.", remedy="Put them right.")


def guesses(boundaries: Path, table: Path, said: Mapping[str, str]) -> tuple[dict[str, Any], list[Fault]]:
    """Read both files as far as they can be read, with the columns that were chosen.

    Returns
    -------
    (dict, list of Fault)
        ``boundaries`` (file, columns, code_column, name_columns, n_units, codes) and ``table`` (columns, code_column,
        year_column, years, n_rows, matched, strangers, figures), each where it could be read; and why not.
    """
    found: dict[str, Any] = {}
    faults: list[Fault] = []
    try:
        drawn = _drawn(boundaries, said)
        found["boundaries"] = {
            "columns": list(drawn.columns),
            "code_column": drawn.code_column,
            "name_columns": _name_columns(drawn, said),
            "n_units": len(drawn.codes),
            "codes": list(drawn.codes[:5]),
        }
        read = _table(table, drawn, said)
        found["table"] = asdict(read) | {"figures": [asdict(one) | {"id": one.id} for one in read.figures]}
    except FupingError as error:
        file = table if "boundaries" in found else boundaries
        told = getattr(error, "faults", None)
        faults += told or [Fault(file.name, "", error.message, worded("a file that can be read"), error.remedy or "")]
    return found, faults


def settled(boundaries: Path, table: Path, said: Mapping[str, str], declared: Path) -> NewPack:
    """Return the pack that the answers make.

    Parameters
    ----------
    declared
        Where the packs of this machine lie; a code is given once.

    Raises
    ------
    AnswersError
        With every answer that is missing or cannot be.
    SourceError, TableError
        A file cannot be read with the columns that were chosen.
    """
    wrong: dict[str, Why] = {}

    def need(key: str) -> str:
        value = said.get(key, "").strip()
        if not value:
            wrong[key] = "missing"
        return value

    drawn = _drawn(boundaries, said)
    drawn = replace(drawn, name_columns=_name_columns(drawn, said))
    read = _table(table, drawn, said)
    code = need("code")
    if code and not re.fullmatch("[a-z]{2,3}", code):
        wrong["code"] = "code"
    elif code in pack_folders(declared):
        wrong["code"] = "taken"
    names = {kind: {language: need(f"{kind}.{language}") for language in LANGUAGES} for kind in ("name", "level")}
    plural = {"en": need("level.en_plural"), "zh": names["level"]["zh"]}
    figures, told = _figures(read, said, wrong)
    year = _year(read, said, wrong)
    credits = {
        part: Credit(
            title=need(f"{part}.title"),
            publisher=need(f"{part}.publisher"),
            licence=need(f"{part}.licence"),
            citation=need(f"{part}.citation"),
            url=said.get(f"{part}.url", "").strip() or None,
        )
        for part in ("table", "boundaries")
    }
    if wrong:
        raise AnswersError(wrong)
    return NewPack(
        code=code,
        name=names["name"],
        level_name=names["level"],
        level_plural=plural,
        boundary_file=boundaries,
        boundary=drawn,
        boundary_credit=credits["boundaries"],
        table_file=table,
        table=read,
        table_credit=credits["table"],
        figures=figures,
        layer=said.get("column.layer", "").strip() or None,
        year=year,
        words=told,
    )


def _drawn(path: Path, said: Mapping[str, str]) -> BoundaryGuess:
    layer = said.get("column.layer", "").strip() or None
    return guess_boundary(path, layer=layer, code_column=said.get("column.boundary_code") or None)


def _name_columns(drawn: BoundaryGuess, said: Mapping[str, str]) -> dict[str, str]:
    chosen = {language: said.get(f"column.name_{language}") for language in LANGUAGES}
    kept = {language: column or drawn.name_columns.get(language, "") for language, column in chosen.items()}
    return {language: column for language, column in kept.items() if column in drawn.columns}


def _table(path: Path, drawn: BoundaryGuess, said: Mapping[str, str]) -> TableGuess:
    nothing = dict.fromkeys(LANGUAGES, "-")
    years = said.get("column.year", "")
    read = guess_table(
        path,
        drawn.codes,
        level=drawn.level(nothing, nothing, NATION),
        code_column=said.get("column.table_code") or None,
        year_column=years if years != NO_COLUMN and years else None,
    )
    return replace(read, year_column=None, years=None) if years == NO_COLUMN else read


def _year(read: TableGuess, said: Mapping[str, str], wrong: dict[str, Why]) -> int | None:
    if read.year_column is not None:
        return None
    given = said.get("year", "").strip()
    if not re.fullmatch(r"(1[89]|20)\d\d", given):
        wrong["year"] = "year"
        return None
    return int(given)


def _figures(
    read: TableGuess, said: Mapping[str, str], wrong: dict[str, Why]
) -> tuple[list[Figures], dict[str, FigureWords]]:
    kept: list[Figures] = []
    told: dict[str, FigureWords] = {}
    for one in read.figures:
        key = f"figure.{one.column}"
        if said.get(f"{key}.keep", "yes") != "yes":
            continue

        def among(part: str, known: tuple[str, ...], default: str, key: str = key) -> str:
            value = said.get(f"{key}.{part}") or default
            if value not in known:
                wrong[f"{key}.{part}"] = "unknown"
                return default
            return value

        kind = among("kind", KINDS, one.kind)
        direction = among("direction", words(Direction), "neutral")
        text = _texts(said, key)
        name, theme = text("name", one.column), text("theme", "")
        words_of = {"name": name, "unit": text("unit", "") or dict(UNITS[kind])}
        if theme:
            words_of["theme"] = theme
        kept.append(replace(one, kind=cast(Any, kind)))
        told[one.column] = FigureWords(**words_of, direction=cast(Direction, direction))
    if not kept:
        wrong.update({f"figure.{one.column}.keep": "no_figures" for one in read.figures[:1]})
    ids = [one.id for one in kept]
    wrong.update({f"figure.{one.column}.keep": "same_id" for one in kept if ids.count(one.id) > 1})
    return kept, told


def _texts(said: Mapping[str, str], key: str) -> Callable[[str, str], dict[str, str]]:
    def text(part: str, default: str) -> dict[str, str]:
        """Return what is said in both languages; what is said in one stands for the other."""
        given = {language: said.get(f"{key}.{part}_{language}", "").strip() for language in LANGUAGES}
        either = given["en"] or given["zh"] or default
        return {language: value or either for language, value in given.items()} if either else {}

    return text
