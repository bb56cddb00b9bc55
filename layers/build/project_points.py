"""Where the projects of a pack work, as points: for those whose list of units gives positions."""

from __future__ import annotations

import pandas as pd
from fuping.layers.errors import Fault, PackError
from fuping.layers.pack import Pack
from fuping.layers.sources.tabular import parse_numbers, read_text_table

__all__ = ["project_points"]

POSITION = ("longitude", "latitude")

COLUMNS = ["project", "place_name", *POSITION]


def project_points(pack: Pack) -> pd.DataFrame:
    """Read the positions of every project's places.

    Returns
    -------
    pandas.DataFrame
        project, place_name (empty where the list names none), longitude and latitude in degrees, WGS 84; a row for
        each row of a list that has a position.

    Raises
    ------
    PackError
        A position is half given, no number or not on the globe; with its row.
    """
    parts = [pd.DataFrame(columns=COLUMNS)]
    faults: list[Fault] = []
    for project in (one for programme in pack.programmes for one in programme.projects):
        if project.path is None:
            continue
        cells = read_text_table(pack.folder / project.path, "csv")
        if not set(POSITION) <= set(cells.columns):
            continue
        number = {}
        for name in POSITION:
            number[name], wrong = parse_numbers(cells[name], file=project.path)
            faults += wrong
        rows = pd.DataFrame(number)
        half = rows["longitude"].isna() ^ rows["latitude"].isna()
        off = (rows["longitude"].abs() > 180) | (rows["latitude"].abs() > 90)
        for row in rows.index[half | off]:
            found = ", ".join(f"{name} {cells.at[row, name]!r}" for name in POSITION)
            faults.append(Fault(project.path, f"row {int(row) + 2}", found, "both, in degrees, or neither"))
        names = cells["place_name"].str.strip() if "place_name" in cells else ""
        parts.append(rows.assign(project=project.id, place_name=names)[COLUMNS].dropna(subset=list(POSITION)))
    if faults:
        raise PackError(f"Pack {pack.folder}", faults)
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
