"""Check a pack whole: its declarations, its crosswalks and every table that lies in it."""

from __future__ import annotations

from pathlib import Path

from fuping.layers.build.observations import check_table
from fuping.layers.build.vintages import declared_changes
from fuping.layers.errors import Fault, PackError, TableError
from fuping.layers.ingest.projects import read_projects
from fuping.layers.pack import Pack, read_pack
from fuping.spatial.errors import CrosswalkError

__all__ = ["check_pack"]


def check_pack(folder: Path) -> Pack:
    """Read a pack and every file in it.

    Raises
    ------
    PackError
        With every fault of every file. Tables are read only where the declarations are sound, since these say how.
    """
    pack = read_pack(folder)
    faults: list[Fault] = []
    try:
        declared_changes(pack)
    except PackError as error:
        faults += error.faults
    for table in pack.tables:
        source = pack.source(table.source)
        if source.kind == "pack_file":
            try:
                check_table(pack, table, folder / str(source.path))
            except TableError as error:
                faults += [fault for fault in error.faults if fault not in faults]
            except CrosswalkError as error:
                faults.append(Fault("crosswalks", table.id, error.message, "rows that agree", error.remedy or ""))
    for listed in pack.project_lists:
        source = pack.source(listed.source)
        if source.kind == "pack_file":
            try:
                read_projects(folder / str(source.path))
            except TableError as error:
                faults += [fault for fault in error.faults if fault not in faults]
    if faults:
        raise PackError(f"Pack {folder}", faults)
    return pack
