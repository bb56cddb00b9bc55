"""The unit × year cube: every indicator of a level as one labelled object, with geometry and reasons for absence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import xarray as xr
import xvec  # noqa: F401 - registers the accessor
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.cube.values import UnitYearValues
from fuping.spatial.errors import CubeError

__all__ = ["cube_table", "to_dataset"]

PARTS = ("reason", "lower", "upper", "status")


def to_dataset(
    values: Mapping[str, UnitYearValues],
    units: gpd.GeoDataFrame,
    *,
    attrs: Mapping[str, Mapping[str, Any]] | None = None,
    status_words: tuple[str, ...] = (),
) -> xr.Dataset:
    """Join indicators into one cube over the years that any of them has.

    Parameters
    ----------
    values
        Indicator → its slice, each with n columns in the order of ``units``.
    units
        n units: ``code``, further columns (names, parents, areas) and geometry, in a known CRS.
    attrs
        Indicator → what must travel with it (long_name, units, source, licence …).
    status_words
        Words that the codes of ``status`` stand for.

    Returns
    -------
    xarray.Dataset
        Dimensions ``year`` and ``geometry``; the columns of ``units`` are coordinates, ``code`` has an index of its own
        (``cube.sel(code="130624")``) and ``geometry`` that of xvec. Each indicator X is a float64 variable of shape
        (year, geometry), with X_reason (uint8; :class:`fuping.spatial.cube.missing.MissingReason`), X_status
        (uint8) and, where its source gives an interval, X_lower and X_upper.

    Raises
    ------
    CubeError
        A slice has another number of units, or codes stand twice.
    """
    twice = sorted(set(units["code"][units["code"].duplicated()]))
    if twice:
        raise CubeError(f"{len(twice)} codes stand twice: {', '.join(twice[:10])}.", remedy="Keep each unit once.")
    for name, one in values.items():
        if one.value.shape[1] != len(units):
            raise CubeError(
                f"{name!r} has {one.value.shape[1]} units and the boundaries {len(units)}.",
                remedy="Lay the table out over the codes of these units.",
            )
    years = sorted({year for one in values.values() for year in one.years})
    labels = [name for name in units.columns if name not in ("code", units.geometry.name)]
    coords: dict[str, Any] = {"year": years, "geometry": units.geometry.to_numpy()}
    coords |= {name: ("geometry", units[name].to_numpy()) for name in ("code", *labels)}
    cube = xr.Dataset(coords=coords)
    for name, one in values.items():
        rows = np.searchsorted(years, one.years)
        missing = MissingReason.NOT_COLLECTED
        told: dict[str, Any] = {"reason": (one.reason, missing, np.uint8), "status": (one.status, 0, np.uint8)}
        if one.has_interval:
            told |= {"lower": (one.lower, np.nan, np.float64), "upper": (one.upper, np.nan, np.float64)}
        for part, (array, blank, kind) in {"": (one.value, np.nan, np.float64), **told}.items():
            whole = np.full((len(years), len(units)), blank, dtype=kind)
            whole[rows] = array
            cube[f"{name}_{part}" if part else name] = (("year", "geometry"), whole)
        cube[name].attrs |= dict(attrs[name]) if attrs and name in attrs else {}
        cube[name].attrs["ancillary_variables"] = " ".join(f"{name}_{part}" for part in told)
        cube[f"{name}_reason"].attrs |= _flags([(int(reason), reason.name.lower()) for reason in MissingReason])
        cube[f"{name}_status"].attrs |= _flags(list(enumerate(status_words)))
    return cube.set_xindex("code").xvec.set_geom_indexes("geometry", crs=units.crs)


def _flags(words: list[tuple[int, str]]) -> dict[str, Any]:
    """Return the meanings of codes as the CF conventions write them (section 3.5)."""
    return {"flag_values": [code for code, _ in words], "flag_meanings": " ".join(word for _, word in words)}


def cube_table(cube: xr.Dataset, indicator: str) -> gpd.GeoDataFrame:
    """Return one indicator of a cube as a long table: one row per unit and year, with the reason where it is missing.

    Raises
    ------
    CubeError
        The cube has no such indicator.
    """
    names = [str(name) for name, one in cube.data_vars.items() if "ancillary_variables" in one.attrs]
    if indicator not in names:
        raise CubeError(f"The cube has no indicator {indicator!r}.", remedy=f"Indicators: {', '.join(names)}.")
    parts = [part for part in PARTS if f"{indicator}_{part}" in cube]
    wide = cube[[indicator, *(f"{indicator}_{part}" for part in parts)]].reset_index("code")
    table = wide.to_dataframe().reset_index()
    table = table.rename(columns={f"{indicator}_{part}": part for part in parts})
    meanings = {int(reason): reason.name.lower() for reason in MissingReason}
    table["reason"] = table["reason"].map(meanings)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=cube["geometry"].attrs.get("crs"))
