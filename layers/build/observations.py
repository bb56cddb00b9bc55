"""Turn the rows of a source into observations of units, and report every row that could not be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from fuping.layers.errors import Fault, TableError
from fuping.layers.pack import Pack
from fuping.layers.schema.metadata import Expansion, Indicator, Series, Table
from fuping.layers.sources.tabular import parse_numbers, parse_years, read_text_table
from fuping.spatial.match_report import MatchReport, Reason, Unmatched

__all__ = ["COLUMNS", "read_observations"]

COLUMNS = ["indicator", "level", "code", "year", "value", "reason", "status", "source"]


def read_observations(
    pack: Pack, table: Table, path: Path, units: pd.DataFrame
) -> tuple[pd.DataFrame, list[MatchReport]]:
    """Read one table.

    Parameters
    ----------
    path
        The source's bytes.
    units
        ``code`` and ``name_zh`` of the table's level in the reference vintage.

    Returns
    -------
    (pandas.DataFrame, list of MatchReport)
        Columns :data:`COLUMNS`; one report for the join of the table's rows to units.

    Raises
    ------
    TableError
        With every fault: cells that are not numbers, years out of range, values out of bounds, unit-years that
        stand twice, columns that are not there.
    """
    rows = read_text_table(path, table.format, encoding=table.encoding, sheet=table.sheet, header_row=table.header_row)
    _need_columns(table, rows, path.name)
    for column, wanted in table.where.items():
        allowed = [str(one) for one in (wanted if isinstance(wanted, list) else [wanted])]
        rows = rows[rows[column].isin(allowed)]
    rows = rows.assign(unit=_codes(table, rows, pack, units))
    report = _report(table, rows, units)
    known = rows[rows["unit"].isin(units["code"])]
    parts = [_series(pack, table, part, rows, known, path.name) for part in table.series]
    parts += [_expand(pack, table, part, rows, known, units, path.name) for part in table.expansions]
    return pd.concat(parts, ignore_index=True)[COLUMNS], [report]


def _need_columns(table: Table, rows: pd.DataFrame, file: str) -> None:
    needed = {table.code_column, table.name_column, table.year_column, table.status_column, *table.where}
    needed |= {part.value for part in table.series} | {part.year_column for part in table.expansions}
    absent = sorted(str(name) for name in needed - {None} if name not in rows.columns)
    if absent:
        there = ", ".join(rows.columns[:20])
        raise TableError(file, [Fault(file, "row 1", f"no column {name!r}", f"one of: {there}") for name in absent])


def _codes(table: Table, rows: pd.DataFrame, pack: Pack, units: pd.DataFrame) -> pd.Series:
    if table.code is not None:
        return pd.Series(table.code, index=rows.index)
    codes = rows[str(table.code_column)].str.strip().replace(table.code_map)
    if table.vintage is None:
        return codes
    return codes.where(codes.isin(units["code"]), codes.replace(_renames(pack, table.vintage, set(units["code"]))))


def _renames(pack: Pack, vintage: str, known: set[str]) -> dict[str, str]:
    """Return one-to-one changes into the reference vintage, in whichever direction the pack's row is written."""
    pairs: dict[str, str] = {}
    for path in sorted((pack.folder / "crosswalks").glob("*.csv")):
        rows = read_text_table(path, "csv")
        for row in rows[(rows["from_vintage"] == vintage) & (rows["kind"] == "rename")].itertuples():
            if str(row.to_code) in known:
                pairs[str(row.from_code)] = str(row.to_code)
    return pairs


def _report(table: Table, rows: pd.DataFrame, units: pd.DataFrame) -> MatchReport:
    matched = rows["unit"].isin(units["code"])
    names = rows[table.name_column] if table.name_column is not None else pd.Series("", index=rows.index)
    unmatched = []
    for row in rows.index[~matched]:
        code = str(rows.at[row, "unit"])
        reason: Reason = "unknown_code" if code else "missing_code"
        unmatched.append(Unmatched(code, str(names[row]), reason, f"row {row + 2}"))
    keys = ["unit", table.year_column] if table.year_column else ["unit"]
    shared = rows[matched & rows.duplicated(keys, keep=False)]
    original = rows[str(table.code_column)].str.strip() if table.code is None else rows["unit"]
    carried = rows[matched & original.ne(rows["unit"])]
    notes = [f"row {row + 2}: {names[row]} {original[row]} carried to {rows.at[row, 'unit']}" for row in carried.index]
    notes += [f"row {row + 2}: {names[row]} shares code {rows.at[row, 'unit']}" for row in shared.index]
    return MatchReport(
        name=f"{table.id} → {table.level}",
        n_left=len(rows),
        n_right=len(units),
        matched=int(matched.sum()),
        unmatched_left=tuple(unmatched),
        duplicated_left=tuple(sorted(set(shared["unit"]))),
        notes=tuple(notes),
    )


def _series(pack: Pack, table: Table, part: Series, rows: pd.DataFrame, known: pd.DataFrame, file: str) -> pd.DataFrame:
    indicator = pack.indicator(part.indicator)
    values, faults = parse_numbers(rows[str(part.value)], file=file, na_values=table.na_values)
    years = pd.Series(float(table.year or 0), index=rows.index)
    if table.year_column is not None:
        years, wrong = parse_years(rows[str(table.year_column)], file=file)
        faults += wrong
    values = values * part.scale
    faults += _out_of_range(indicator, values, file)
    keys = pd.DataFrame({"unit": known["unit"], "year": years[known.index]})
    for row in keys.index[keys.duplicated()]:
        found = f"{keys.at[row, 'unit']} in {keys.at[row, 'year']:.0f} a second time"
        faults.append(Fault(file, f"row {row + 2}", found, "each unit once a year"))
    if faults:
        raise TableError(file, faults)
    status = part.status or pack.source(table.source).status
    seen = values[known.index]
    return pd.DataFrame(
        {
            "indicator": indicator.id,
            "level": table.level,
            "code": known["unit"],
            "year": years[known.index].astype("int32"),
            "value": seen,
            "reason": np.where(seen.isna(), 2, 0).astype("uint8"),
            "status": known[table.status_column] if table.status_column else status,
            "source": table.source,
        }
    )


def _out_of_range(indicator: Indicator, values: pd.Series, file: str) -> list[Fault]:
    low, high = indicator.minimum, indicator.maximum
    wrong = values.lt(-np.inf if low is None else low) | values.gt(np.inf if high is None else high)
    expected = f"{indicator.id} from {'any' if low is None else low} to {'any' if high is None else high}"
    return [Fault(file, f"row {row + 2}", f"{values[row]:g}", expected) for row in values.index[wrong]]


def _expand(
    pack: Pack,
    table: Table,
    part: Expansion,
    rows: pd.DataFrame,
    known: pd.DataFrame,
    units: pd.DataFrame,
    file: str,
) -> pd.DataFrame:
    exits, faults = parse_years(rows[part.year_column], file=file)
    if faults:
        raise TableError(file, faults)
    # Two rows may share a unit (two committees of one code): the unit has left when the last of them has.
    left = exits[known.index].groupby(known["unit"]).max()
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
            "reason": np.uint8(0),
            "status": pack.source(table.source).status,
            "source": table.source,
        }
    )
