"""Carry codes of other vintages to the reference vintage, by the change rows that a pack declares."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from itertools import pairwise
from pathlib import Path

import pandas as pd
from fuping.layers.build.units import read_polygons
from fuping.layers.errors import Fault, PackError
from fuping.layers.pack import Pack
from fuping.layers.schema.metadata import Boundary
from fuping.layers.sources.locate import source_file
from fuping.layers.sources.tabular import parse_numbers, read_text_table
from fuping.spatial.boundaries.crosswalk import Crosswalk, compose, crosswalk
from fuping.spatial.boundaries.interpolate import areal_crosswalk
from fuping.spatial.match_report import MatchReport

__all__ = ["change_rows", "declared_changes", "to_reference"]

COLUMNS = ["from_code", "to_code", "from_vintage", "to_vintage", "date", "kind", "weight", "source"]


def change_rows(pack: Pack, supplied: Path) -> tuple[pd.DataFrame, list[MatchReport]]:
    """Read every row of the pack's ``crosswalks`` folder, and measure those that go by area.

    Returns
    -------
    (pandas.DataFrame, list of MatchReport)
        :data:`COLUMNS`; ``weight`` float64, missing where a row gives none. A report for each measured crosswalk.

    Raises
    ------
    PackError
        See :func:`declared_changes`.
    """
    parts = [declared_changes(pack)]
    reports = []
    for boundary in pack.boundaries:
        if boundary.carried_by_area_to is not None:
            rows, report = _by_area(pack, boundary, supplied)
            parts.append(rows)
            reports += report
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True), reports


def declared_changes(pack: Pack) -> pd.DataFrame:
    """Read every row of the pack's ``crosswalks`` folder.

    Raises
    ------
    PackError
        Columns are missing, a weight is no number, or a vintage is not declared.
    """
    parts = [pd.DataFrame(columns=COLUMNS)]
    faults: list[Fault] = []
    known = {boundary.id for boundary in pack.boundaries}
    for path in sorted((pack.folder / "crosswalks").glob("*.csv")):
        file = f"crosswalks/{path.name}"
        rows = read_text_table(path, "csv")
        absent = [name for name in COLUMNS if name not in rows.columns]
        if absent:
            faults.append(Fault(file, "row 1", f"no column {', '.join(absent)}", f"the columns {', '.join(COLUMNS)}"))
            continue
        for row, name in pd.concat([rows["from_vintage"], rows["to_vintage"]]).items():
            if name not in known:
                faults.append(Fault(file, f"row {row + 2}", f"vintage {name!r}", f"one of {', '.join(sorted(known))}"))
        rows["weight"], wrong = parse_numbers(rows["weight"], file=file)
        faults += wrong
        parts.append(rows[COLUMNS])
    if faults:
        raise PackError(f"Pack {pack.folder}", faults)
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _by_area(pack: Pack, boundary: Boundary, supplied: Path) -> tuple[pd.DataFrame, list[MatchReport]]:
    """Overlay the units that only one of two vintages has; a code that both have keeps itself."""
    target = next(one for one in pack.boundaries if one.id == boundary.carried_by_area_to)
    parts = [pd.DataFrame(columns=COLUMNS)]
    reports = []
    for layer in boundary.layers:
        other = next(one for one in target.layers if one.level == layer.level)
        if source_file(pack, pack.source(str(layer.source)), supplied) is None:
            continue
        (mine, _), (theirs, _) = (read_polygons(pack, one, supplied) for one in (layer, other))
        only_mine = mine[~mine["code"].isin(theirs["code"])]
        only_theirs = theirs[~theirs["code"].isin(mine["code"])]
        walk, report = areal_crosswalk(
            only_mine,
            only_theirs,
            from_vintage=boundary.id,
            to_vintage=target.id,
            equal_area_crs=target.equal_area_crs,
            # Two drawings of one border differ by about their generalisation, which is far below this share.
            minimum_share=5e-3,
        )
        reports.append(report)
        parts.append(
            walk.links.assign(
                from_vintage=boundary.id, to_vintage=target.id, date=str(boundary.valid_from), source="overlap of area"
            )[COLUMNS]
        )
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True), reports


def to_reference(
    rows: pd.DataFrame, vintage: str, reference: str, codes: Collection[str], *, only: bool = False
) -> Crosswalk | None:
    """Return how the codes of a vintage become those of the reference, over as many steps as it takes.

    Codes that no row names keep themselves at every step.

    Parameters
    ----------
    codes
        Those to carry.
    only
        Whether change rows of other codes do not count; else the units they name are expected, and missing.

    Returns
    -------
    Crosswalk or None
        None where no chain of rows leads there, so that codes stand as they are.
    """
    steps = {(str(a), str(b)) for a, b in zip(rows["from_vintage"], rows["to_vintage"], strict=True)}
    came: dict[str, str | None] = {vintage: None}
    queue = deque([vintage])
    while queue:
        at = queue.popleft()
        for start, end in sorted(steps):
            if start == at and end not in came:
                came[end] = at
                queue.append(end)
    if vintage == reference or reference not in came:
        return None
    path = [reference]
    while (before := came[path[-1]]) is not None:
        path.append(before)
    path.reverse()
    chain = []
    standing = set(codes)
    for start, end in pairwise(path):
        mine = rows[(rows["from_vintage"] == start) & (rows["to_vintage"] == end)]
        if only:
            mine = mine[mine["from_code"].isin(standing)]
        link = crosswalk(mine, from_vintage=start, to_vintage=end, codes=standing)
        standing = set(link.links["to_code"])
        chain.append(link)
    return compose(*chain)
