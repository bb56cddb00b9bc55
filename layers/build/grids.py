"""Keep a pack's grids in its build: cut to its units, as cloud-optimised GeoTIFFs that carry their source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
import rasterio.shutil
import rasterio.warp
import rasterio.windows
import shapely
from fuping.layers.build.rasters import Blocks
from fuping.layers.pack import Pack
from fuping.layers.schema.raster import GridView, RasterLayer
from fuping.layers.sources.rasters import loaded_rasters, read_layer, too_coarse, too_large
from fuping.spatial.cartography import classify, sequential
from fuping.spatial.raster.grid import Grid
from fuping.spatial.raster.longitudes import laid_on
from fuping.spatial.raster.source import Raster
from numpy.typing import NDArray
from rasterio.features import geometry_mask
from rasterio.transform import from_origin

__all__ = ["write_grids"]

STRIP = 4_000_000
"""Cells that are held at a time."""

GENERALISED = 0.1
"""Part of a cell by which outlines may be moved before the cells that they touch are found."""

K = 7
"""Classes of a grid whose declaration gives no breaks."""

ABSENT = 255
"""Stands for no data among the codes of categories."""


def write_grids(
    pack: Pack,
    shapes: Mapping[str, gpd.GeoDataFrame],
    supplied: Path,
    folder: Path,
    tell: Callable[[], None] = lambda: None,
    blocks: Blocks = lambda done, total: None,
) -> list[dict[str, Any]]:
    """Write ``grid-ID.tif`` for every grid of a pack that is shown and whose source is there.

    Cells that touch no unit are left out: the sea and other countries are none of the pack's.

    Parameters
    ----------
    shapes
        Level → its units with geometry.
    tell
        Called before each grid that is shown.
    blocks
        Called while one is written, with the strips done and how many there are.

    Returns
    -------
    list of dict
        For each: ``id``, ``name``, ``unit`` (``None`` of categories), ``decimals``, ``source``, ``year``, ``note``,
        ``kind`` (``class`` or ``continuous``), ``classes`` (with ``codes``, ``name``, ``colour``; those that occur),
        ``breaks`` and ``colours`` of what is measured, ``range`` (smallest and largest number), ``cell`` (width and
        height, in units of ``crs``), ``crs``, ``bounds`` (degrees), ``bytes``.
    """
    written = []
    units = next(iter([shapes[level.id] for level in reversed(pack.levels) if level.id in shapes]))
    inside: dict[str, NDArray[np.bool_]] = {}
    files = {declared.id: path for declared, path in loaded_rasters(pack, supplied)}
    for declared in pack.rasters:
        if declared.shown is None:
            continue
        tell()
        path = files.get(declared.id)
        if path is None:
            continue
        west, south, east, north = (float(one) for one in units.total_bounds)
        raster = read_layer(declared, path, (west, south, east, north))
        if too_coarse(declared, raster) or too_large(declared, raster):
            continue
        placed = units if raster.grid.same_crs(units.crs) else units.to_crs(raster.grid.crs)
        window = raster.grid.window(tuple(float(one) for one in placed.total_bounds))  # type: ignore[arg-type]
        if window is None:
            continue
        grid = raster.grid.part(window)
        if grid.digest not in inside:
            inside[grid.digest] = _touched(placed, grid)
        target = folder / f"grid-{declared.id}.tif"
        draft = folder / f"grid-{declared.id}.part.tif"
        found = _write_cells(raster, grid, inside[grid.digest], draft, _tags(pack, declared), declared.shown, blocks)
        overviews, predictor = ("MODE", "NO") if declared.shown.classes else ("AVERAGE", "YES")
        rasterio.shutil.copy(
            draft, target, driver="COG", COMPRESS="DEFLATE", PREDICTOR=predictor, BLOCKSIZE=256,
            OVERVIEW_RESAMPLING=overviews,
        )  # fmt: skip
        draft.unlink()
        written.append(_described(declared, declared.shown, grid, found) | {"bytes": target.stat().st_size})
    return written


def _touched(units: gpd.GeoDataFrame, grid: Grid) -> NDArray[np.bool_]:
    outlines = shapely.simplify(units.geometry.to_numpy(), GENERALISED * grid.cell_width, preserve_topology=False)
    there = laid_on(grid, outlines[~shapely.is_empty(outlines)])
    return geometry_mask(there, grid.shape, _transform(grid), all_touched=True, invert=True)


def _transform(grid: Grid) -> Any:
    return from_origin(grid.west, grid.north, grid.cell_width, grid.cell_height)


def _write_cells(
    raster: Raster,
    grid: Grid,
    inside: NDArray[np.bool_],
    path: Path,
    tags: Mapping[str, str],
    view: GridView,
    blocks: Blocks,
) -> NDArray[np.float64]:
    """Write the cells and return the numbers that occur: every code, or at most as many measured as one strip."""
    dtype, nodata = ("uint8", ABSENT) if view.classes else ("float32", np.nan)
    row, column = raster.grid.offset(grid)
    seen: list[NDArray[np.float64]] = []
    profile = {"driver": "GTiff", "width": grid.columns, "height": grid.rows, "count": 1, "dtype": dtype}
    with rasterio.open(path, "w", crs=grid.crs, transform=_transform(grid), nodata=nodata, **profile) as file:
        file.update_tags(**tags)
        file.set_band_description(1, tags["TITLE"])
        if view.classes:
            file.write_colormap(1, _palette(view))
        pieces = list(grid.strips(grid.window(grid.bounds), cells=STRIP))  # type: ignore[arg-type]
        for done, strip in enumerate(pieces, start=1):
            part = strip._replace(row=strip.row + row, column=strip.column + column)
            # Of several years the last is drawn.
            cells = raster.read(len(raster.bands) - 1, part)
            cells[~inside[strip.row : strip.row + strip.height]] = np.nan
            known = cells[~np.isnan(cells)]
            seen.append(np.unique(known))
            place = rasterio.windows.Window(0, strip.row, strip.width, strip.height)
            file.write(np.where(np.isnan(cells), nodata, cells).astype(dtype), 1, window=place)
            blocks(done, len(pieces))
    return np.unique(np.concatenate(seen))


def _palette(view: GridView) -> dict[int, tuple[int, int, int, int]]:
    plain = {code: one.colour for one in view.classes for code in one.codes}
    return {code: (int(hue[1:3], 16), int(hue[3:5], 16), int(hue[5:7], 16), 255) for code, hue in plain.items()}


def _tags(pack: Pack, declared: RasterLayer) -> dict[str, str]:
    """Return what travels in the file."""
    source, view = pack.source(declared.source), declared.shown
    if view is None:
        raise ValueError("a grid that is not shown is not written")
    tags = {
        "TITLE": view.name.en,
        "TITLE_ZH": view.name.zh,
        "YEAR": str(declared.year),
        "SOURCE": f"{source.publisher.en}: {source.title.en}",
        "CITATION": source.citation,
        "LICENCE": source.licence,
        "URL": source.url or "",
        "NOTE": declared.note.en if declared.note else "",
        "UNIT": view.unit.en if view.unit else "",
        "PROCESSING": f"Cut to the units of the pack {pack.info.code} by Fuping; cells as in the source.",
    }
    tags |= {f"CLASS_{code}": one.name.en for one in view.classes for code in one.codes}
    return {name: text for name, text in tags.items() if text}


def _described(declared: RasterLayer, view: GridView, grid: Grid, found: NDArray[np.float64]) -> dict[str, Any]:
    occurring = [one for one in view.classes if np.isin(one.codes, found).any()]
    breaks = () if view.classes else view.breaks or _breaks(found, view.decimals)
    west, south, east, north = rasterio.warp.transform_bounds(grid.crs, "EPSG:4326", *grid.bounds)
    return {
        "id": declared.id,
        "name": view.name.model_dump(),
        "unit": view.unit.model_dump() if view.unit else None,
        "decimals": view.decimals,
        "source": declared.source,
        "year": declared.year,
        "note": declared.note.model_dump() if declared.note else None,
        "kind": "class" if view.classes else "continuous",
        "classes": [one.model_dump(mode="json") for one in occurring],
        "breaks": list(breaks),
        "colours": [] if view.classes else list(sequential(len(breaks) + 1, ramp=view.ramp)),
        "range": [float(found[0]), float(found[-1])] if len(found) else None,
        "cell": [grid.cell_width, grid.cell_height],
        "crs": grid.crs,
        "bounds": [west, south, east, north],
    }


def _breaks(found: NDArray[np.float64], decimals: int) -> tuple[float, ...]:
    return classify(found[None, :], scheme="quantiles", k=K, decimals=decimals).breaks if len(found) else ()
