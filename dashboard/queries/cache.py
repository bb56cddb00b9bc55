"""The store as pages read it: each answer is kept until its pack is built again."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import shapely
from fuping.dashboard.queries.once import once
from fuping.layers.office import Office, open_office
from fuping.layers.stores import Store
from fuping.spatial.cube.values import UnitYearValues
from numpy.typing import NDArray

__all__ = ["Reader"]

VALUES_BYTES = 256 * 2**20
"""What figures may fill. A panel of a unit reads every indicator of its level, so a bound on their number would let
go, in turn, of each before it is asked for again."""


class Reader:
    """Read a store through caches whose keys hold the build, so a new build is seen at once.

    Parameters
    ----------
    store
        Where the builds are. What is returned is shared between requests: do not change it.
    office
        Where the people of the office write; beside the store where not given.
    """

    def __init__(self, store: Store, office: Office | None = None) -> None:
        self.store = store
        self._office = office

    def __eq__(self, other: object) -> bool:
        """Whether two readers give the same answers: what one has worked out is then there for the other."""
        if not isinstance(other, Reader) or type(self) is not type(other):
            return False
        return self.store is other.store and self._office is other._office

    def __hash__(self) -> int:
        """Return a number that equal readers share."""
        return hash((type(self), id(self.store), id(self._office)))

    @cached_property
    def office(self) -> Office:
        """The office's database, opened when first asked for: a report from the command line needs none."""
        return self._office or open_office(self.store.root)

    def packs(self) -> list[str]:
        """Return the codes of the packs that are built."""
        return self.store.packs()

    def version(self, pack: str) -> str:
        """Return the id of a pack's build."""
        return self.store.version(pack)

    def catalogue(self, pack: str) -> dict[str, Any]:
        """Return what the build holds."""
        return _catalogue(self.store, pack, self.version(pack))

    def indicator(self, pack: str, indicator: str) -> dict[str, Any]:
        """Return one indicator of the catalogue."""
        return next(one for one in self.catalogue(pack)["indicators"] if one["id"] == indicator)

    def level(self, pack: str, level: str) -> dict[str, Any]:
        """Return one level of the catalogue."""
        return next(one for one in self.catalogue(pack)["levels"] if one["id"] == level)

    def units(self, pack: str, level: str) -> dict[str, list[Any]]:
        """Return the units of a level as columns."""
        return self.store.units(pack, level)

    def values(self, pack: str, indicator: str, level: str) -> UnitYearValues:
        """Return one indicator at one level."""
        return _values(self.store, pack, self.version(pack), indicator, level)

    def has_fine_geometry(self, pack: str, level: str) -> bool:
        """Return whether a level's polygons are there a second time, finer: not where their source is coarse itself."""
        return self.store.has_fine_geometry(pack, level)

    def coverage(self, pack: str, project: str, level: str) -> tuple[list[int], NDArray[np.uint8]]:
        """Return the years of a project and, per year and unit, whether it is known to be covered."""
        return _coverage(self.store, pack, self.version(pack), project, level)

    def locations(self, pack: str, project: str) -> list[tuple[str, shapely.Geometry]]:
        """Return name and point, line or polygon (in degrees) of each place of a project that is drawn."""
        return _locations(self.store, pack, self.version(pack)).get(project, [])


@once(maxsize=16)
def _catalogue(store: Store, pack: str, version: str) -> dict[str, Any]:
    return store.catalogue(pack)


def _size(values: UnitYearValues) -> int:
    return sum(one.nbytes for one in (values.value, values.reason, values.lower, values.upper, values.status))


@once(VALUES_BYTES, _size)
def _values(store: Store, pack: str, version: str, indicator: str, level: str) -> UnitYearValues:
    return store.values(pack, indicator, level)


@once(maxsize=16)
def _locations(store: Store, pack: str, version: str) -> dict[str, list[tuple[str, shapely.Geometry]]]:
    table = store.table(pack, "project_locations")
    if table is None:  # a build made before places were kept
        return {}
    # A road through three units is three rows and one place.
    drawn = table[table["wkt"].ne("")].drop_duplicates(["project", "component", "place_name", "wkt"])
    return {
        str(project): list(zip(rows["place_name"], shapely.from_wkt(rows["wkt"].to_numpy(dtype=object)), strict=True))
        for project, rows in drawn.groupby("project")
    }


@once(maxsize=64)
def _coverage(store: Store, pack: str, version: str, project: str, level: str) -> tuple[list[int], NDArray[np.uint8]]:
    return store.coverage(pack, project, level)
