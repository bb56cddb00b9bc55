"""Report which rows of a table found a unit, which did not, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd
from fuping.layers.build.carry import Carry
from fuping.layers.pack import Pack
from fuping.layers.schema.metadata import Table
from fuping.spatial.match_report import MatchReport, Reason, Unmatched

__all__ = ["join_report"]


def join_report(
    pack: Pack,
    table: Table,
    level: str,
    rows: pd.DataFrame,
    units: Mapping[str, pd.DataFrame],
    changes: pd.DataFrame,
    carry: Carry | None,
    dropped: list[str],
) -> MatchReport:
    """Report the join; a table of many years counts each unit once, a list counts its rows.

    Parameters
    ----------
    level
        The table's own, or one of those whose units stand in it too.
    rows
        ``given`` (code as printed), ``unit`` (code as read), ``unread`` (why it could not be read) and the columns
        of the table; the index counts data rows from 0.
    changes
        Rows of :func:`fuping.layers.build.vintages.change_rows`.
    dropped
        What was left out before the join, in words.
    """
    known = set(units[level]["code"])
    names = rows[str(table.name_column)] if table.name_column is not None else pd.Series("", index=rows.index)
    listed = pd.DataFrame({"unit": rows["unit"], "given": rows["given"], "unread": rows["unread"], "name": names})
    if table.year_column is not None or table.series:
        listed = listed.drop_duplicates(["unit", "given"])
    goals = {code: {code} for code in listed["unit"]} | ({} if carry is None else carry.targets())
    matched = listed["unit"].map(lambda code: bool(goals[code] & known)).astype(bool)
    # Units of a level that the same table gives are read there, and are not missed here.
    there = set().union(*(units[one]["code"] for one in {table.level, *table.also_levels} - {level}))
    elsewhere_read = listed["unit"].map(lambda code: bool(goals[code] & there)).astype(bool) & ~matched
    # What belongs nowhere is missed once, in the report of the table's own level.
    not_here = elsewhere_read if level == table.level else ~matched
    if not_here.any():
        dropped = [*dropped, f"{int(not_here.sum())} rows are of other levels and stand in their report"]
        listed, matched = listed[~not_here], matched[~not_here]
    elsewhere = {one: set(listed_units["code"]) for one, listed_units in units.items() if one != level}
    others = set(changes["from_code"]) | set(changes["to_code"])
    unmatched = []
    for row in listed[~matched].itertuples():
        reason, detail = _why(row.unit, row.unread, elsewhere, others, pack.level(level).pattern)
        unmatched.append(Unmatched(str(row.given), str(row.name), reason, f"row {row.Index + 2}{detail}"))
    shared = listed[matched & listed.duplicated("unit", keep=False)]
    moved = [row for row in listed[matched].itertuples() if goals[row.unit] != {row.unit}]
    notes = [*dropped, *(f"not covered by the source: {one.pattern} ({one.why})" for one in table.outside)]
    notes += [f"row {r.Index + 2}: {r.name} {r.given} carried to {', '.join(sorted(goals[r.unit]))}" for r in moved]
    notes += [f"row {row.Index + 2}: {row.name} shares code {row.unit}" for row in shared.itertuples()]
    return MatchReport(
        name=f"{table.id} → {level}",
        n_left=len(listed),
        n_right=len(known),
        matched=int(matched.sum()),
        unmatched_left=tuple(unmatched),
        duplicated_left=tuple(sorted(set(shared["unit"]))),
        notes=tuple(notes),
    )


def _why(
    code: str, unread: str, elsewhere: Mapping[str, set[str]], others: set[str], pattern: str
) -> tuple[Reason, str]:
    if unread == "missing_code":
        return "missing_code", ""
    if unread:
        return "format", ""
    for level, codes in elsewhere.items():
        if code in codes:
            return "other_level", f", a unit of level {level}"
    if re.fullmatch(pattern, code):
        return ("other_vintage", "") if code in others else ("unknown_code", "")
    return "other_level", f", codes of this level are {pattern}"
