"""Grids over the map: their tiles, the cell at a place, and the whole of one as a GeoTIFF."""

from __future__ import annotations

import math

from flask import Flask, Response, abort, jsonify, request, send_file
from fuping.dashboard.components.grid_words import cell_text, place_text
from fuping.dashboard.i18n.messages import LANGUAGES
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.grids import COG, cell, grid_of, tile
from fuping.dashboard.routes import kept

__all__ = ["add_grids"]


def add_grids(server: Flask, reader: Reader) -> None:
    """Add the routes of tiles, of the cell at a place and of the file; what does not exist is not found."""

    @server.get("/grids/<pack>/<grid>/<int:z>/<int:x>/<int:y>.png")
    def grid_tile(pack: str, grid: str, z: int, x: int, y: int) -> Response:
        known(pack, grid)
        body = tile(reader, pack, grid, z, x, y)
        if body is None:
            abort(404)
        return kept(Response(body, mimetype="image/png"), f"{reader.version(pack)}-{grid}-{z}-{x}-{y}")

    @server.get("/grids/<pack>/<grid>/at")
    def grid_cell(pack: str, grid: str) -> Response:
        declared = known(pack, grid)
        lon, lat = degrees("lon", 180), degrees("lat", 90)
        found = cell(reader, pack, declared, lon, lat)
        if found is None:
            abort(404)
        language = request.args.get("lang", "")
        language = language if language in LANGUAGES else LANGUAGES[0]
        told = {
            "lon": lon,
            "lat": lat,
            "value": None if math.isnan(found.value) else found.value,
            "class": found.place,
            "text": cell_text(declared, found, language),
            "place": place_text(found, language),
        }
        return kept(jsonify(told), f"{reader.version(pack)}-{grid}-{lon}-{lat}-{language}")

    @server.get("/grids/<pack>/<grid>.tif")
    def grid_file(pack: str, grid: str) -> Response:
        known(pack, grid)
        path, name = reader.store.grid(pack, grid), f"{pack}_{grid}.tif"
        return send_file(path, mimetype=COG, download_name=name, as_attachment=True, conditional=True)

    @server.get("/grids/<path:rest>")
    def nothing(rest: str) -> Response:
        abort(404)  # else the pages would answer

    def known(pack: str, grid: str) -> dict[str, object]:
        declared = grid_of(reader, pack, grid) if pack in reader.packs() else None
        if declared is None:
            abort(404)
        return dict(declared)

    def degrees(name: str, most: float) -> float:
        try:
            value = float(request.args.get(name, ""))
        except ValueError:
            value = math.nan
        if not abs(value) <= most:
            abort(400, f"{name}: expected degrees from -{most} to {most}.")
        return value
