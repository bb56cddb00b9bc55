"""Turn the rows of a source into observations of units, and report every row that could not be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from math import prod
from pathlib import Path

import numpy as np
import pandas as pd
from fuping.layers.build.carry import Carry, carry_between
from fuping.layers.build.derive import derived_value
from fuping.layers.build.join_report import join_report
from fuping.layers.errors import Fault, TableError
from fuping.layers.pack import Pack
from fuping.layers.schema.metadata import Drop, Expansion, Indicator, Series, Table
from fuping.layers.sources.tabular import parse_numbers, parse_years, read_text_table
from fuping.spatial.boundaries.codes import normalise_codes
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.match_report import MatchReport
from fuping.spatial.wording import worded

__all__ = ["COLUMNS", "check_table", "read_observations", "table_columns"]

COLUMNS = ["indicator", "level", "code", "year", "value", "lower", "upper", "reason", "status", "source"]


def read_observations(
    pack: Pack,
    table: Table,
    path: Path,
    units: Mapping[str, pd.DataFrame],
    changes: pd.DataFrame,
) -> tuple[pd.DataFrame, list[MatchReport]]:
    """Read one table, once for all the levels whose units stand in it.

    Parameters
    ----------
    path
        The source's bytes.
    units
        Level → its units (``code``, ``name_zh``) in the reference vintage.
    changes
        Rows of :func:`fuping.layers.build.vintages.change_rows`.

    Returns
    -------
    (pandas.DataFrame, list of MatchReport)
        Columns :data:`COLUMNS`; for each level a report of the join of the table's rows to its units.

    Raises
    ------
    TableError
        With every fault: cells that are not numbers, years out of range, values out of bounds, unit-years that
        stand twice, columns that are not there.
    """
    needed = table_columns(table)
    rows = read_text_table(
        path, table.format, encoding=table.encoding, sheet=table.sheet, header_row=table.header_row, columns=needed
    )
    absent = sorted(needed - set(rows.columns))
    if absent:
        raise TableError(path.name, [_absent(path.name, name, list(rows.columns)) for name in absent])
    rows = rows[_meets(rows, table.where)]
    rows, dropped = _drop(rows, table.drop)
    rows, gave_way = _prefer(rows, table)
    dropped += gave_way
    parts: list[pd.DataFrame] = []
    reports = []
    for level in (table.level, *table.also_levels):
        at_level = table.model_copy(update={"level": level})
        placed = rows.assign(**_codes(at_level, rows, pack))
        carry = _carry(pack, at_level, placed, changes)
        reports.append(join_report(pack, table, level, placed, units, changes, carry, dropped))
        known = set(units[level]["code"])
        good = placed[placed["unit"].ne("")]
        parts += [_series(pack, at_level, part, placed, good, known, carry, path.name) for part in table.series]
        parts += [_expand(pack, at_level, part, placed, units[level], carry, path.name) for part in table.expansions]
    return pd.concat(parts, ignore_index=True)[COLUMNS], reports


def _absent(file: str, name: str, there: list[str]) -> Fault:
    near = get_close_matches(name, there, n=3)
    expected = (
        worded("{names} (the nearest)", names=", ".join(near))
        if near
        else worded("one of: {names}", names=", ".join(there[:20]))
    )
    return Fault(file, worded("row {n}", n=1), worded("no column {name!r}", name=name), expected)


def table_columns(table: Table) -> set[str]:
    """Return the columns that a table's file must have."""
    named = {table.code_column, table.name_column, table.year_column, table.status_column, *table.where, *table.prefer}
    named |= {column for drop in table.drop for column in drop.where}
    for part in table.series:
        named |= {part.value, part.lower, part.upper, *part.summed, *part.where}
    named |= {part.year_column for part in table.expansions}
    return {str(name) for name in named - {None}}


def _meets(rows: pd.DataFrame, where: Mapping[str, object]) -> pd.Series:
    met = pd.Series(True, index=rows.index)
    for column, wanted in where.items():
        allowed = [str(one) for one in (wanted if isinstance(wanted, list) else [wanted])]
        met &= rows[column].isin(allowed)
    return met


def _drop(rows: pd.DataFrame, drops: tuple[Drop, ...]) -> tuple[pd.DataFrame, list[str]]:
    told = []
    for drop in drops:
        out = _meets(rows, drop.where)
        told.append(f"{int(out.sum())} rows left out: {drop.why}")
        rows = rows[~out]
    return rows, told


def _prefer(rows: pd.DataFrame, table: Table) -> tuple[pd.DataFrame, list[str]]:
    """Keep, of the rows of one unit and year, those that the table prefers."""
    told = []
    keys = [rows[str(name)] for name in (table.code_column, table.year_column) if name is not None]
    for column, order in table.prefer.items():
        place = rows[column].map({value: number for number, value in enumerate(order)}).fillna(len(order))
        stands = place.eq(place.groupby(keys).transform("min"))
        if not stands.all():
            told.append(f"{int((~stands).sum())} rows gave way to another of the unit and year ({column})")
        rows, keys = rows[stands], [key[stands] for key in keys]
    return rows, told


def _codes(table: Table, rows: pd.DataFrame, pack: Pack) -> dict[str, pd.Series]:
    if table.code is not None:
        whole = pd.Series(table.code, index=rows.index)
        return {"unit": whole, "given": whole, "unread": pd.Series("", index=rows.index)}
    given = rows[str(table.code_column)].str.strip()
    given = given.mask(given.isin(list(table.na_values)), "")
    read = normalise_codes(given.replace(table.code_map), **pack.level(table.level).reading)
    return {"unit": read.codes, "given": given, "unread": read.reason}


def _carry(pack: Pack, table: Table, rows: pd.DataFrame, changes: pd.DataFrame) -> Carry | None:
    if table.vintage is None:
        return None
    when = pd.to_numeric(rows[str(table.year_column)], errors="coerce") if table.year_column is not None else np.nan
    changes = changes.assign(from_vintage=changes["from_vintage"].replace(list(table.also_vintages), table.vintage))
    return carry_between(changes, table.vintage, pack.reference.id, rows[["unit"]].assign(when=when))


def _years(table: Table, rows: pd.DataFrame, file: str) -> tuple[pd.Series, list[Fault]]:
    if table.year_column is None:
        return pd.Series(float(table.year or 0), index=rows.index), []
    return parse_years(rows[str(table.year_column)], file=file)


def _series(
    pack: Pack,
    table: Table,
    part: Series,
    rows: pd.DataFrame,
    good: pd.DataFrame,
    known: set[str],
    carry: Carry | None,
    file: str,
) -> pd.DataFrame:
    indicator = pack.indicator(part.indicator)
    read = _values(pack, table, part, rows, good, file)
    if carry is None:
        seen = read
    else:
        weights = _weights(pack, table, indicator, rows, good, file)
        if indicator.aggregation == "extensive" or weights is not None:
            value = carry.values(read["value"], indicator.aggregation, weights)  # type: ignore[arg-type]
        else:
            value = carry.alone(read["value"], whole=False)
        seen = value.to_frame("value")
        for bound in ("lower", "upper"):
            seen[bound] = carry.alone(read[bound]).reindex(seen.index)
        statuses = carry.alone(read["status"]).reindex(seen.index)
        # What was carried over anything but a rename is our computation, no longer the publisher's figure.
        seen["status"] = statuses.fillna("derived")
    seen = seen.rename_axis(["code", "year"]).reset_index()
    seen = seen[seen["code"].isin(known)]
    if part.others is not None:
        seen = pd.concat([seen, _others(pack, table, part.others, seen, known)], ignore_index=True)
    outside = _outside(pack, table, seen, known)
    seen = pd.concat([seen, outside], ignore_index=True) if len(outside) else seen
    missing = np.where(seen.index < len(seen) - len(outside), MissingReason.NOT_PUBLISHED, MissingReason.OUTSIDE)
    return seen.assign(
        indicator=indicator.id,
        level=table.level,
        year=seen["year"].astype("int32"),
        reason=np.where(seen["value"].isna(), missing, MissingReason.OBSERVED).astype("uint8"),
        source=table.source,
    )


def check_table(pack: Pack, table: Table, path: Path) -> None:
    """Read one table for its faults alone, without boundaries to join it to.

    Raises
    ------
    TableError
        With every fault.
    """
    nowhere = {level.id: pd.DataFrame({"code": pd.Series(dtype="str")}) for level in pack.levels}
    changes = pd.DataFrame(columns=["from_code", "to_code", "from_vintage", "to_vintage"], dtype="str")
    read_observations(pack, table, path, nowhere, changes)


def _outside(pack: Pack, table: Table, seen: pd.DataFrame, known: set[str]) -> pd.DataFrame:
    """Return a row without a value for each unit-year that the source does not cover."""
    patterns = "|".join(f"(?:{one.pattern})" for one in table.outside)
    codes = [code for code in sorted(known) if patterns and re.fullmatch(patterns, code)]
    every = pd.MultiIndex.from_product([codes, seen["year"].unique()], names=["code", "year"])
    rest = every.difference(pd.MultiIndex.from_frame(seen[["code", "year"]])).to_frame(index=False)
    return rest.assign(value=np.nan, lower=np.nan, upper=np.nan, status=pack.source(table.source).status)


def _others(pack: Pack, table: Table, value: float, seen: pd.DataFrame, known: set[str]) -> pd.DataFrame:
    years = seen["year"].unique()
    rest = sorted(known - set(seen["code"]))
    # That a unit is not on a complete list is as sure as the list itself.
    return pd.DataFrame(
        {
            "code": np.tile(rest, len(years)),
            "year": np.repeat(years, len(rest)),
            "value": value,
            "lower": np.nan,
            "upper": np.nan,
            "status": pack.source(table.source).status,
        }
    )


def _values(pack: Pack, table: Table, part: Series, rows: pd.DataFrame, good: pd.DataFrame, file: str) -> pd.DataFrame:
    """Read one series by (code, year) in the table's own vintage, with every fault of its cells."""
    indicator = pack.indicator(part.indicator)
    mine = rows[_meets(rows, part.where)]
    faults: list[Fault] = []
    read = {}
    for column, name in (("value", part.value), ("lower", part.lower), ("upper", part.upper)):
        if name is None:
            read[column] = pd.Series(np.nan, index=mine.index)
            continue
        numbers, wrong = parse_numbers(mine[str(name)], file=file, na_values=table.na_values)
        read[column] = numbers * part.scale
        faults += wrong
    years, wrong = _years(table, mine, file)
    faults += wrong + _out_of_range(indicator, read["value"], file)
    kept = mine.index.intersection(good.index)
    status = mine[table.status_column] if table.status_column else part.status or pack.source(table.source).status
    whole = pd.DataFrame(read).assign(code=mine["unit"], year=years, status=status).loc[kept]
    keys = ["code", "year"]
    if table.same_twice:
        whole = whole.drop_duplicates()
    for column in part.summed:
        whole[f"part {column}"] = mine[column]
        keys.append(f"part {column}")
    for row in whole.index[whole.duplicated(keys)]:
        found = worded(
            "{code} in {year:.0f} a second time", code=whole.at[row, "code"], year=float(whole.at[row, "year"])
        )
        faults.append(Fault(file, worded("row {n}", n=row + 2), found, worded("each unit once a year")))
    if faults:
        raise TableError(file, faults)
    if part.summed:
        n_parts = prod(len(values) for column, values in part.where.items() if column in part.summed)  # type: ignore
        grouped = whole.groupby(["code", "year"])
        summed = grouped.agg(value=("value", lambda one: one.sum(skipna=False)), status=("status", "first"))
        summed["value"] = summed["value"].where(grouped.size().eq(n_parts))
        return summed.assign(lower=np.nan, upper=np.nan)
    return whole.set_index(["code", "year"])[["value", "lower", "upper", "status"]]


def _weights(
    pack: Pack, table: Table, indicator: Indicator, rows: pd.DataFrame, good: pd.DataFrame, file: str
) -> pd.Series | None:
    """Return the denominator of an intensive indicator in the table's own vintage, where the table can give it."""
    if indicator.aggregation != "intensive" or indicator.denominator is None:
        return None
    inside = {part.indicator: part for part in table.series}
    if indicator.denominator in inside:
        return _values(pack, table, inside[indicator.denominator], rows, good, file)["value"]
    below = pack.indicator(indicator.denominator)
    if below.derive and {below.derive.numerator, below.derive.denominator} <= set(inside):
        top = _values(pack, table, inside[below.derive.numerator], rows, good, file)["value"]
        bottom = _values(pack, table, inside[below.derive.denominator], rows, good, file)["value"].reindex(top.index)
        return pd.Series(derived_value(below, top.to_numpy(), bottom.to_numpy()), index=top.index)
    return None


def _out_of_range(indicator: Indicator, values: pd.Series, file: str) -> list[Fault]:
    if indicator.categories:
        codes = sorted(one.code for one in indicator.categories)
        unknown = values.notna() & ~values.isin(codes)
        expected = worded("{indicator}, one of {codes}", indicator=indicator.id, codes=", ".join(map(str, codes)))
        return [
            Fault(file, worded("row {n}", n=row + 2), f"{values[row]:g}", expected) for row in values.index[unknown]
        ]
    low, high = indicator.minimum, indicator.maximum
    wrong = values.lt(-np.inf if low is None else low) | values.gt(np.inf if high is None else high)
    if low is None:
        expected = worded("{indicator}, at most {high}", indicator=indicator.id, high=high)
    elif high is None:
        expected = worded("{indicator}, at least {low}", indicator=indicator.id, low=low)
    else:
        expected = worded("{indicator} from {low} to {high}", indicator=indicator.id, low=low, high=high)
    return [Fault(file, worded("row {n}", n=row + 2), f"{values[row]:g}", expected) for row in values.index[wrong]]


def _expand(
    pack: Pack,
    table: Table,
    part: Expansion,
    rows: pd.DataFrame,
    units: pd.DataFrame,
    carry: Carry | None,
    file: str,
) -> pd.DataFrame:
    exits, faults = parse_years(rows[part.year_column], file=file)
    if faults:
        raise TableError(file, faults)
    codes = rows["unit"]
    if carry is not None:
        codes = carry.codes(codes)
    # Two rows may share a unit (two committees of one code): the unit has left when the last of them has.
    left = exits.groupby(codes).max()
    code_of = {category.id: float(category.code) for category in pack.indicator(part.indicator).categories}
    years = np.arange(part.first, part.last + 1)
    listed = units["code"].isin(left.index) if part.others is None else pd.Series(True, index=units.index)
    codes = units.loc[listed, "code"].to_numpy()
    out = left.reindex(codes).to_numpy()[:, None]
    values = np.where(years[None, :] < out, code_of[part.before], code_of[part.after])
    if part.others is not None:
        values = np.where(np.isnan(out), code_of[part.others], values)
    return pd.DataFrame(
        {
            "indicator": part.indicator,
            "level": table.level,
            "code": np.repeat(codes, len(years)),
            "year": np.tile(years, len(codes)).astype("int32"),
            "value": values.ravel(),
            "lower": np.nan,
            "upper": np.nan,
            "reason": np.uint8(0),
            "status": pack.source(table.source).status,
            "source": table.source,
        }
    )
