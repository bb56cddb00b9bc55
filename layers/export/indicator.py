"""Write one indicator to a file; its metadata, licence and citation travel with it.

GeoPackage and GeoJSON carry the boundaries; every format but Excel and GeoPackage has a sidecar ``FILE.metadata.json``,
Excel has a second sheet, and GeoPackage a second layer without geometry.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
from fuping.layers.export.spreadsheet import plain_cells
from fuping.layers.stores.contract import STATUS_WORDS, Store
from fuping.spatial.errors import FupingError

__all__ = ["Format", "export_indicator", "finest_level", "indicator_table", "metadata"]

Format = Literal["csv", "xlsx", "parquet", "geojson", "gpkg"]


def finest_level(store: Store, pack: str, indicator: str) -> str:
    """Return the lowest level at which an indicator has figures.

    Raises
    ------
    FupingError
        It has none, or the pack has no such indicator.
    """
    declared = _declared(store, pack, indicator)
    there = [level["id"] for level in store.catalogue(pack)["levels"] if level["id"] in declared["levels"]]
    if not there:
        raise FupingError(f"{indicator!r} is declared and not loaded.", remedy=f"Run: fuping source list {pack}")
    return there[-1]


def indicator_table(store: Store, pack: str, indicator: str, level: str) -> pd.DataFrame:
    """Return one indicator as a long table.

    Returns
    -------
    pandas.DataFrame
        code, name_en, name_zh, year, value (float64), category (id, for a status), reason (uint8; 0 where observed),
        status (word) and unit, one row per unit and year.

    Raises
    ------
    FupingError
        The pack has no such indicator at that level.
    """
    declared = _declared(store, pack, indicator)
    if level not in declared["levels"]:
        raise FupingError(
            f"{indicator!r} has no figures at level {level!r}.",
            remedy=f"Levels: {', '.join(declared['levels']) or 'none'}.",
        )
    units = store.units(pack, level)
    values = store.values(pack, indicator, level)
    n = len(units["code"])
    table = pd.DataFrame(
        {
            **{key: units[key] * len(values.years) for key in ("code", "name_en", "name_zh")},
            "year": np.repeat(values.years, n),
            "value": values.value.ravel(),
            "reason": values.reason.ravel(),
            "status": np.array(STATUS_WORDS, dtype=object)[values.status.ravel()],
            "unit": declared["unit"]["en"],
        }
    )
    if declared["categories"]:
        names = {float(category["code"]): category["id"] for category in declared["categories"]}
        table.insert(5, "category", table["value"].map(names))
    return table


def metadata(
    store: Store, pack: str, indicator: str, *, level: str, years: Collection[int] | None = None
) -> dict[str, Any]:
    """Return what must travel with an indicator: meaning, unit, warnings, and its sources with licence and citation.

    Parameters
    ----------
    level, years
        Only the sources of these figures are named; of all years where not given.
    """
    catalogue = store.catalogue(pack)
    declared = _declared(store, pack, indicator)
    by_year = declared["levels"][level]["sources"]
    used = {name for year, names in by_year.items() if years is None or int(year) in years for name in names}
    used |= {layer["source"] for layer in catalogue["boundary"]["layers"] if layer["source"]}
    keys = ("id", "title", "publisher", "year", "licence", "url", "citation", "sha256", "status", "warnings")
    kept = ("id", "name", "unit", "kind", "aggregation", "direction", "meaning", "warnings", "categories")
    return {
        "pack": pack,
        "build": store.version(pack),
        "indicator": {key: declared[key] for key in kept},
        "boundary": {key: catalogue["boundary"][key] for key in ("id", "name", "note")},
        "level": level,
        "sources": [{key: source[key] for key in keys} for source in catalogue["sources"] if source["id"] in used],
    }


def export_indicator(
    store: Store,
    pack: str,
    indicator: str,
    path: Path,
    *,
    level: str,
    form: Format,
    years: tuple[int, int] | None = None,
) -> list[Path]:
    """Write one indicator.

    Parameters
    ----------
    years
        First and last year; all where not given.

    Returns
    -------
    list of pathlib.Path
        The files written: the data, then the sidecar where the format has one.

    Raises
    ------
    FupingError
        No such indicator, level or format, or no figures in those years.
    """
    if form not in get_args(Format):
        raise FupingError(f"There is no format {form!r}.", remedy=f"Formats: {', '.join(get_args(Format))}.")
    table = indicator_table(store, pack, indicator, level)
    there = sorted(set(table["year"]))
    if years is not None:
        table = table[table["year"].between(*years)].reset_index(drop=True)
    if table.empty:
        raise FupingError(
            f"{indicator!r} has no figures in those years.", remedy=f"Years: {', '.join(map(str, there))}."
        )
    facts = metadata(store, pack, indicator, level=level, years=set(table["year"]))
    if form in ("geojson", "gpkg"):
        shapes = store.polygons(pack, level, table["code"].tolist())
        layer = gpd.GeoDataFrame(table, geometry=shapes, crs=4326)
        layer.to_file(path, driver={"geojson": "GeoJSON", "gpkg": "GPKG"}[form], layer=indicator)
    elif form == "csv":
        plain_cells(table).to_csv(path, index=False)
    elif form == "parquet":
        table.to_parquet(path, index=False)
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    if form == "xlsx":
        with pd.ExcelWriter(path) as book:
            plain_cells(table).to_excel(book, sheet_name="data", index=False)
            pd.DataFrame({"metadata": text.splitlines()}).to_excel(book, sheet_name="metadata", index=False)
        return [path]
    if form == "gpkg":
        import pyogrio

        note = pd.DataFrame({"metadata": [text]})
        pyogrio.write_dataframe(note, path, layer="metadata", driver="GPKG", append=True)
        return [path]
    sidecar = path.with_name(f"{path.name}.metadata.json")
    sidecar.write_text(text + "\n", encoding="utf-8")
    return [path, sidecar]


def _declared(store: Store, pack: str, indicator: str) -> dict[str, Any]:
    known = {one["id"]: one for one in store.catalogue(pack)["indicators"]}
    if indicator not in known:
        raise FupingError(
            f"The pack {pack!r} has no indicator {indicator!r}.", remedy=f"Indicators: {', '.join(known)}."
        )
    return known[indicator]
