"""Where the projects of a pack work: the units and shapes that their lists name, whole or component by component."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
import shapely
from fuping.layers.errors import Fault, PackError
from fuping.layers.pack import Pack
from fuping.layers.schema.metadata import Project
from fuping.layers.sources.project_shapes import SHAPES, read_shapes
from fuping.layers.sources.tabular import read_text_table
from fuping.spatial.match_report import MatchReport, Unmatched
from fuping.spatial.projects import locate

__all__ = ["COLUMNS", "project_locations"]

COLUMNS = ["project", "component", "place_name", "unit", "share", "wkt"]


def project_locations(pack: Pack, units: Mapping[str, gpd.GeoDataFrame]) -> tuple[pd.DataFrame, list[MatchReport]]:
    """Read the places of every project that has a list of its own.

    Parameters
    ----------
    units
        Level → its units, with ``code`` and geometry.

    Returns
    -------
    (pandas.DataFrame, list of MatchReport)
        One row for each place and unit: project, component and place_name (empty where the list names none), ``unit``
        (missing where a place lies in none), ``share`` of the place that lies there, and ``wkt`` of the place in
        degrees (empty where it is not drawn). A report for each list counts its rows.

    Raises
    ------
    PackError
        A list has neither codes nor shapes, names a component that the project does not declare, or has shapes that
        are none or not on the globe; with the row.
    """
    parts, reports = [pd.DataFrame(columns=COLUMNS)], []
    faults: list[Fault] = []
    for project in (one for programme in pack.programmes for one in programme.projects):
        if project.path is not None:
            found, report, wrong = _of_list(pack, project, units[project.level])
            faults += wrong
            parts.append(found)
            reports.append(report)
    if faults:
        raise PackError(f"Pack {pack.folder}", faults)
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True), reports


def _of_list(
    pack: Pack, project: Project, units: gpd.GeoDataFrame
) -> tuple[pd.DataFrame, MatchReport, tuple[Fault, ...]]:
    listed = read_text_table(pack.folder / str(project.path), "csv")
    if not {"unit_code", *SHAPES} & set(listed.columns):
        expected = "a column of unit codes, longitude and latitude, wkt or location"
        fault = Fault(str(project.path), "row 1", "no column 'unit_code'", expected)
        raise PackError(f"Pack {pack.folder}", [fault])
    text = {name: listed[name].str.strip() if name in listed else "" for name in ("component", "place_name")}
    rows = pd.DataFrame({"project": project.id} | text, index=listed.index)
    declared = {"", *(one.id for one in project.components)}
    faults = [
        Fault(str(project.path), f"row {row + 2}", f"the component {name!r}", "one that the project declares")
        for row, name in rows["component"].items()
        if name not in declared
    ]
    shapes = read_shapes(listed, pack.folder / str(project.path))
    faults += shapes.faults
    code = listed["unit_code"] if "unit_code" in listed else pd.Series("", listed.index)
    known = code.isin(set(units["code"]))
    drawn = shapes.geometry.notna()
    parts = pd.DataFrame({"location": code.index[known], "unit": code[known].to_numpy(), "share": 1.0})
    notes = [f"{project.named_units} of {project.total_units} units are named in the sources", *shapes.notes]
    if (drawn & ~known).any() and not faults:
        located = locate(gpd.GeoSeries(shapes.geometry[drawn & ~known], crs="EPSG:4326"), units)
        parts = pd.concat([parts, located.parts[["location", "unit", "share"]]])
        for row, share in located.outside[located.outside < 1].items():
            notes.append(f"{share:.1%} of row {int(str(row)) + 2} lies outside every unit")
    placed = set(parts.loc[parts["unit"].notna(), "location"])
    report = MatchReport(
        name=f"{project.id} → {project.level}",
        n_left=len(listed),
        n_right=len(units),
        matched=len(placed),
        unmatched_left=tuple(
            Unmatched(
                code[row], rows.at[row, "place_name"], "outside" if drawn[row] else "unknown_code", f"row {row + 2}"
            )
            for row in listed.index
            if row not in placed
        ),
        notes=tuple(notes),
    )
    rows["wkt"] = shapely.to_wkt(shapes.geometry.to_numpy(dtype=object), rounding_precision=6)
    found = parts.merge(rows.fillna({"wkt": ""}), left_on="location", right_index=True)
    return found.sort_values("location", kind="stable")[COLUMNS], report, tuple(faults)
