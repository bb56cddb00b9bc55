"""Which units each project is known to cover, by year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from fuping.layers.errors import Fault, PackError
from fuping.layers.pack import Pack
from fuping.layers.schema.metadata import Project
from fuping.layers.sources.iati import read_iati
from fuping.layers.sources.payments import read_payment_table

__all__ = ["project_coverage", "project_payments"]


def project_coverage(pack: Pack, locations: pd.DataFrame, observed: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Lay out the coverage of every project.

    Parameters
    ----------
    locations
        Places of projects with lists of their own, as
        :func:`~fuping.layers.build.project_locations.project_locations` reads them.
    observed
        Table → the observations read from it, for projects that take their units from an expansion.

    Returns
    -------
    pandas.DataFrame
        project, level, code, year: one row for each unit and year known to be covered. A unit that is not there is
        not known to be covered, which is not the same as uncovered while ``named_units`` is below ``total_units``.
    """
    parts = [pd.DataFrame(columns=["project", "level", "code", "year"])]
    for project in (one for programme in pack.programmes for one in programme.projects):
        if project.from_table is not None:
            if project.from_table in observed:
                parts.append(_of_table(pack, project, observed[project.from_table]))
            continue
        listed = locations.loc[locations["project"].eq(project.id), "unit"].dropna().unique()
        years = np.arange(project.first_year, project.last_year + 1)
        parts.append(_rows(project, np.repeat(listed, len(years)), np.tile(years, len(listed))))
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def project_payments(pack: Pack, project: Project) -> list[dict[str, Any]]:
    """Return the dated payments of a project in the order of their days: ``date``, ``kind``, ``amount``, ``currency``.

    Raises
    ------
    TableError, PackError
        The file is faulty, or has not the one activity.
    """
    if project.payments is None:
        return []
    path = pack.folder / project.payments
    if path.suffix.lower() == ".xml":
        read = read_iati(path)
        there = sorted(set(read.places["project"]))
        wanted = project.activity or (there[0] if len(there) == 1 else "")
        if wanted not in there:
            fault = Fault(
                str(project.payments), project.id, f"the activities {', '.join(there[:10])}", "activity = one"
            )
            raise PackError(f"Pack {pack.folder}", [fault])
        rows = read.payments[read.payments["project"].eq(wanted)]
    else:
        rows = read_payment_table(path, "csv", project=project.id)
    kept = rows.sort_values("date", kind="stable")[["date", "kind", "amount", "currency"]]
    return [{str(name): value for name, value in one.items()} for one in kept.to_dict("records")]


def _rows(project: Project, codes: object, years: object) -> pd.DataFrame:
    return pd.DataFrame({"project": project.id, "level": project.level, "code": codes, "year": years})


def _of_table(pack: Pack, project: Project, rows: pd.DataFrame) -> pd.DataFrame:
    part = next(table for table in pack.tables if table.id == project.from_table).expansions[0]
    code_of = {category.id: category.code for category in pack.indicator(part.indicator).categories}
    wanted = {code_of[part.before]} | ({code_of[part.after]} if project.until == "end" else set())
    inside = rows["level"].eq(project.level) & rows["value"].isin(wanted)
    inside &= rows["year"].between(project.first_year, project.last_year)
    return _rows(project, rows.loc[inside, "code"].to_numpy(), rows.loc[inside, "year"].to_numpy())
