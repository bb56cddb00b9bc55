"""Guess what the columns of a boundary file and of a table are: codes, names, years, figures; a person confirms.

A guess is a proposal. It says in numbers how it was reached (units, rows, codes that match), and where nothing fits it
says what was tried instead of taking the least bad.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from fuping.layers.errors import SourceError
from fuping.layers.schema.metadata import Level, Text
from fuping.layers.schema.vocabulary import TableFormat
from fuping.layers.sources.tabular import read_text_table
from fuping.layers.sources.vector import read_vector, require_shapes
from fuping.spatial.boundaries.codes import normalise_codes
from fuping.spatial.wording import listed, worded

__all__ = ["BoundaryGuess", "Figures", "TableGuess", "guess_boundary", "guess_table", "is_year", "table_format"]

CODE_NAME = re.compile(r"code|pcode|geoid|fips|gid|^id$|_id$|代码|编码", re.IGNORECASE)
NAME_NAME = re.compile(r"name|名", re.IGNORECASE)
CHINESE_NAME = re.compile(r"zh|chinese|中文|名", re.IGNORECASE)
YEAR_NAME = re.compile(r"year|年", re.IGNORECASE)
RATE_NAME = re.compile(r"rate|ratio|share|pct|percent|%|率|比重|占比", re.IGNORECASE)

LONGEST_CODE = 20
"""Characters that the code of a level may have, as its schema says."""

LEAST_MATCHED = 0.5
"""Part of a table's rows whose codes must be those of units, for their column to be taken for the codes."""

LEAST_NUMBERS = 0.95
"""Part of a column's filled cells that must be numbers, for it to be taken for figures."""

FORMATS: dict[str, TableFormat] = {".csv": "csv", ".gz": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}


@dataclass(frozen=True)
class BoundaryGuess:
    """What is what in a boundary file.

    Parameters
    ----------
    codes
        Of the units, in the file's order, as they will be stored.
    code_column, name_columns
        Their column; columns of names by language, where there are any.
    bounds
        West, south, east, north in degrees.
    columns
        All that could hold codes or names.
    """

    codes: tuple[str, ...]
    code_column: str
    name_columns: dict[str, str]
    bounds: tuple[float, float, float, float]
    columns: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Characters of the longest code."""
        return max(map(len, self.codes))

    @property
    def uneven(self) -> bool:
        """Whether codes differ in length and are not numbers that lost their leading zeros."""
        return len(set(map(len, self.codes))) > 1 and not all(code.isdecimal() for code in self.codes)

    @property
    def pattern(self) -> str:
        """Regular expression of the codes."""
        if self.uneven:
            return rf"^\S{{1,{self.width}}}$"
        digits = all(code.isdecimal() for code in self.codes)
        return "^" + (r"\d" if digits else r"\S") + f"{{{self.width}}}$"

    def level(self, name: Mapping[str, str], plural: Mapping[str, str], parent: str) -> Level:
        """Return the level that these units are of."""
        return Level(
            id="unit",
            name=Text(**name),
            plural=Text(**plural),
            width=self.width,
            pattern=self.pattern,
            uneven=self.uneven,
            parent=parent,
        )


@dataclass(frozen=True)
class Figures:
    """A column of figures: what it seems to be, and its least and greatest."""

    column: str
    kind: Literal["count", "rate", "index", "amount"]
    decimals: int
    minimum: float
    maximum: float
    n_values: int

    @property
    def id(self) -> str:
        """Identifier made of the column's name."""
        slug = re.sub(r"[^a-z0-9]+", "_", self.column.lower()).strip("_")
        return slug if slug[:1].isalpha() else f"figure_{slug}".rstrip("_")


@dataclass(frozen=True)
class TableGuess:
    """What is what in a table.

    Parameters
    ----------
    code_column, year_column
        Of the codes; of the years, ``None`` where none has them.
    years
        First and last; ``None`` without a column of years.
    figures
        Columns that hold numbers.
    n_rows, matched
        Rows, and those whose code is one of a unit.
    strangers
        Codes that are none, the first ten.
    columns
        All of the table.
    """

    code_column: str
    year_column: str | None
    years: tuple[int, int] | None
    figures: tuple[Figures, ...]
    n_rows: int
    matched: int
    strangers: tuple[str, ...]
    columns: tuple[str, ...] = ()


def table_format(path: Path) -> TableFormat:
    """Return the format of a table by its ending.

    Raises
    ------
    SourceError
        The ending is of no table that is read.
    """
    if path.suffix.lower() not in FORMATS:
        raise SourceError(
            worded("{file} is no table that can be read.", file=path.name),
            remedy=worded("Give one of: {formats}.", formats=", ".join(FORMATS)),
        )
    return FORMATS[path.suffix.lower()]


def guess_boundary(path: Path, *, layer: str | None = None, code_column: str | None = None) -> BoundaryGuess:
    """Read a boundary file and find the column of codes: filled, each once, of no more than twenty characters.

    Raises
    ------
    SourceError
        No column is one, or the one given is not; the message has what each candidate lacks.
    """
    read = read_vector(path, layer=layer)
    require_shapes(read, path.name)
    columns = [str(name) for name in read.columns if name != read.geometry.name]
    if code_column is not None and code_column not in columns:
        raise SourceError(
            worded("{file} has no column {code_column!r}.", file=path.name, code_column=code_column),
            remedy=worded("Columns: {there}.", there=", ".join(columns)),
        )
    tried = {name: _lacks(read[name]) for name in ([code_column] if code_column else _by_name(columns, CODE_NAME))}
    fitting = [name for name, lack in tried.items() if not lack]
    if not fitting:
        told = [worded("{column}: {lack}", column=name, lack=lack) for name, lack in tried.items()]
        raise SourceError(
            worded("No column of {file} has a code for each unit ({told}).", file=path.name, told=listed(told)),
            remedy=worded("Give the file a column with a short code for each unit, every code once."),
        )
    codes = _codes(read[fitting[0]])
    west, south, east, north = read.to_crs("EPSG:4326").total_bounds
    names = _name_columns(read, [one for one in columns if one != fitting[0]])
    return BoundaryGuess(
        tuple(codes), fitting[0], names, (float(west), float(south), float(east), float(north)), tuple(columns)
    )


def _by_name(columns: Sequence[str], wanted: re.Pattern[str]) -> list[str]:
    """Return columns, those whose name says what is wanted first."""
    return sorted(columns, key=lambda name: not wanted.search(name))


def _codes(column: pd.Series) -> list[str]:
    text = column.astype("string").fillna("").str.strip().str.removesuffix(".0")
    codes: list[str] = text.tolist()
    if all(code.isdecimal() for code in codes):  # numbers that a program wrote without their leading zeros
        return [code.zfill(max(map(len, codes))) for code in codes]
    return codes


def _lacks(column: pd.Series) -> str:
    codes = _codes(column)
    if empty := sum(not code for code in codes):
        return worded("{empty} of {n} are empty", empty=empty, n=len(codes))
    if len(set(codes)) < len(codes):
        return worded("{n} units and {n_codes} codes", n=len(codes), n_codes=len(set(codes)))
    if (longest := max(map(len, codes))) > LONGEST_CODE:
        return worded("codes of up to {longest} characters", longest=longest)
    spaced = sum(" " in code for code in codes)
    return worded("{spaced} have blanks in them", spaced=spaced) if spaced else ""


def _name_columns(read: gpd.GeoDataFrame, columns: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in _by_name(columns, NAME_NAME):
        text = read[name].astype("string").fillna("")
        if not NAME_NAME.search(name) or text.eq("").all():
            continue
        chinese = text.str.contains("[\u4e00-\u9fff]").mean() > LEAST_MATCHED or bool(CHINESE_NAME.search(name))
        found.setdefault("zh" if chinese else "en", name)
    return found


def guess_table(
    path: Path,
    codes: Collection[str],
    *,
    level: Level,
    code_column: str | None = None,
    year_column: str | None = None,
    columns: Sequence[str] = (),
) -> TableGuess:
    """Read a table and find its codes (the column that best matches the units'), years and figures.

    Parameters
    ----------
    codes
        Of the units.
    level
        Width and pattern that its codes are read by.
    code_column, year_column, columns
        What is known already; ``columns`` are those of the figures wanted.

    Raises
    ------
    SourceError
        A column that was named is not there, none matches the units' codes, or none holds figures.
    """
    rows = read_text_table(path, table_format(path))
    absent = [one for one in (code_column, year_column, *columns) if one is not None and one not in rows.columns]
    if absent:
        raise SourceError(
            worded("{file} has no column {absent}.", file=path.name, absent=", ".join(absent)),
            remedy=worded("Columns: {there}.", there=", ".join(map(str, rows.columns))),
        )
    known = set(codes)
    read = {name: _read(rows[name], level) for name in ([code_column] if code_column else rows.columns)}
    share = {name: float(one.isin(known).mean()) for name, one in read.items()}
    best = max(share, key=lambda name: share[name])
    if share[best] < LEAST_MATCHED:
        raise SourceError(
            worded(
                "No column of {file} holds the units' codes; {best!r} comes nearest with {share:.0%} of rows.",
                file=path.name,
                best=best,
                share=share[best],
            ),
            remedy=worded("Codes look like {known}; give a table that has them.", known=", ".join(sorted(known)[:3])),
        )
    years = year_column or next((one for one in _by_name(list(rows.columns), YEAR_NAME) if is_year(rows[one])), None)
    rest = [str(name) for name in (columns or rows.columns) if name not in (best, years)]
    figures = tuple(_figures(rows, rest))
    if not figures:
        raise SourceError(
            worded("No column of {file} holds figures.", file=path.name),
            remedy=worded("Give a table with a column of numbers."),
        )
    span = None
    if years is not None:
        numbers = pd.to_numeric(rows[years], errors="coerce").dropna()
        span = int(numbers.min()), int(numbers.max())
    strange = [one for one in dict.fromkeys(read[best]) if one not in known]
    matched = int(read[best].isin(known).sum())
    every = tuple(str(name) for name in rows.columns)
    return TableGuess(best, years, span, figures, len(rows), matched, tuple(strange[:10]), every)


def _read(column: pd.Series, level: Level) -> pd.Series:
    return normalise_codes(column, **level.reading).codes


def is_year(column: pd.Series) -> bool:
    """Return whether a column of text holds years and nothing else."""
    filled = column[column.str.strip().ne("")]
    return bool(len(filled)) and bool(filled.str.fullmatch(r"(?:1[89]|20)\d\d(?:\.0)?").all())


def _figures(rows: pd.DataFrame, columns: Sequence[str]) -> Iterator[Figures]:
    for name in columns:
        filled = rows[name][rows[name].str.strip().ne("")]
        numbers = pd.to_numeric(filled.str.replace(",", ""), errors="coerce")
        if not len(filled) or numbers.notna().mean() < LEAST_NUMBERS or not np.isfinite(numbers.dropna()).all():
            continue
        there = numbers.dropna().to_numpy(dtype=float)
        yield Figures(name, _kind(name, there), _decimals(filled), float(there.min()), float(there.max()), len(there))


def _kind(name: str, there: np.ndarray) -> Literal["count", "rate", "index"]:
    share = bool(RATE_NAME.search(name)) and there.min() >= 0 and there.max() <= 100
    if share:
        return "rate"
    return "count" if (there == np.floor(there)).all() and there.min() >= 0 else "index"


def _decimals(filled: pd.Series) -> int:
    behind = filled.str.extract(r"\.(\d*?)0*$")[0].fillna("").str.len()
    return int(min(2, behind.quantile(0.95)))
