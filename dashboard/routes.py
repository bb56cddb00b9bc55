"""The map's files and data, and compression; what carries a version in its address is kept by the browser for good."""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

import numpy as np
from flask import Flask, Response, abort, jsonify, request
from fuping.dashboard.components.search_box import hit_payload
from fuping.dashboard.drawn import read_drawn
from fuping.dashboard.queries.area import drawn_members
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.kinds import map_layer
from fuping.dashboard.queries.land import land_payload, land_version
from fuping.dashboard.queries.map_layer import (
    coverage_payload,
    kind_payload,
    location_payload,
    unit_payload,
    value_payload,
)
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.search import find_units
from fuping.dashboard.state import CLASS_PARAMETERS, ViewState

__all__ = ["add_routes", "compressed", "kept"]

MAP_FILES = {
    "fuping_map.js": "text/javascript",
    "fuping_map_worker.js": "text/javascript",
    "fuping_map.css": "text/css",
}

TEXTS = ("application/json", "text/html", "text/css", "text/javascript", "application/javascript")

DRAWN_PARAMETERS = (*CLASS_PARAMETERS, "kind", "base", "second")
"""Of the URL: what decides what is drawn of an indicator."""

PACKED_BYTES = 64 * 2**20
"""What compressed answers may fill."""

SMALL = 1400
"""Bytes that fit one packet; compressing them gains nothing."""


def add_routes(server: Flask, reader: Reader) -> None:
    """Add the routes of the map's scripts, geometry, units, figures, classes and coverage, and of the search."""
    scripts = {
        name: gzip.compress((files("fuping.dashboard.components.maplibre") / "dist" / name).read_bytes(), mtime=0)
        for name in MAP_FILES
    }

    @once(PACKED_BYTES, len)
    def packed(kind: str, version: str, view: ViewState) -> bytes:
        pack, level, indicator = view.pack, view.level, view.indicator
        if kind == "units":
            return _pack(unit_payload(reader, pack, level))
        if kind == "coverage":
            return _pack(coverage_payload(reader, pack, level))
        if kind == "land":
            return gzip.compress(land_payload(reader, pack), mtime=0)
        if kind == "values":
            decimals = reader.indicator(pack, indicator)["decimals"]
            return _pack(value_payload(reader.values(pack, indicator, level), decimals=decimals))
        return _pack(kind_payload(map_layer(reader, view)))

    def answer(kind: str, pack: str, level: str, indicator: str = "") -> Response:
        if pack not in reader.packs():
            abort(404)
        catalogue = reader.catalogue(pack)
        if level not in {one["id"] for one in catalogue["levels"]}:
            abort(404)
        declared = next((one for one in catalogue["indicators"] if one["id"] == indicator), None)
        if indicator and (declared is None or level not in declared["levels"]):
            abort(404)
        asked = {name: request.args.get(name, "") for name in DRAWN_PARAMETERS}
        asked |= {"pack": pack, "indicator": indicator, "level": level}
        view = ViewState.read(urlencode(asked), reader.packs(), reader.catalogue)
        if (view.indicator, view.level) != (indicator, level):  # not offered to readers, and yet there
            view = ViewState(pack, indicator, level, 0, scheme=view.scheme, k=view.k)
        version = reader.version(pack)
        return _gzipped(packed(kind, version, view), "application/json", f"{version}-{kind}-{view.href()}")

    @server.get("/map/<name>")
    def map_file(name: str) -> Response:
        if name not in MAP_FILES:
            abort(404)
        return _gzipped(scripts[name], MAP_FILES[name], f"{name}-{len(scripts[name])}")

    @server.get("/geometry/<pack>/<level>.json")
    def geometry(pack: str, level: str) -> Response:
        if pack not in reader.packs() or level not in {one["id"] for one in reader.catalogue(pack)["levels"]}:
            abort(404)
        detail = 1 if request.args.get("detail") == "1" and reader.has_fine_geometry(pack, level) else 0
        body = reader.store.map_geometry(pack, level, detail)
        return _gzipped(body, "application/json", f"{reader.version(pack)}-{level}-{detail}")

    @server.get("/land/<pack>.json")
    def land(pack: str) -> Response:
        version = land_version(reader, pack) if pack in reader.packs() else ""
        if not version:
            abort(404)
        return _gzipped(packed("land", version, ViewState(pack, "", "", 0)), "application/json", f"land-{version}")

    @server.get("/units/<pack>/<level>.json")
    def units(pack: str, level: str) -> Response:
        return answer("units", pack, level)

    @server.get("/coverage/<pack>/<level>.json")
    def coverage(pack: str, level: str) -> Response:
        return answer("coverage", pack, level)

    @server.get("/locations/<pack>/<projects>.json")
    def locations(pack: str, projects: str) -> Response:
        names = projects.split(",")
        if pack not in reader.packs() or not set(names) <= {one["id"] for one in reader.catalogue(pack)["projects"]}:
            abort(404)
        body = _pack(location_payload(reader, pack, names))
        return _gzipped(body, "application/json", f"{reader.version(pack)}-locations-{projects}")

    @server.get("/values/<pack>/<level>/<indicator>.json")
    def values(pack: str, level: str, indicator: str) -> Response:
        return answer("values", pack, level, indicator)

    @server.get("/classes/<pack>/<level>/<indicator>.json")
    def classes(pack: str, level: str, indicator: str) -> Response:
        return answer("classes", pack, level, indicator)

    @server.get("/drawn/<pack>/<level>.json")
    def drawn(pack: str, level: str) -> Response:
        corners = read_drawn(request.args.get("drawn", ""))
        if pack not in reader.packs() or level not in {one["id"] for one in reader.catalogue(pack)["levels"]}:
            abort(404)
        if not corners:
            abort(400)
        inside = drawn_members(reader, pack, level, corners)
        return jsonify({"units": np.flatnonzero(inside).tolist()})

    @server.get("/search/<pack>.json")
    def search(pack: str) -> Response:
        if pack not in reader.packs():
            abort(404)
        # The pack of the path is searched, whichever the page shows.
        asked = urlencode({**request.args, "pack": pack})
        view = ViewState.read(asked, reader.packs(), reader.catalogue)
        hits = find_units(reader, view, request.args.get("q", ""))
        return jsonify(hit_payload(hits, view.language))


def _pack(payload: dict[str, Any]) -> bytes:
    return gzip.compress(json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)


def _gzipped(body: bytes, kind: str, version: str) -> Response:
    response = Response(body, mimetype=kind)
    response.headers["Content-Encoding"] = "gzip"
    return kept(response, version)


def kept(response: Response, version: str) -> Response:
    """Say how long the browser may keep an answer: for good where its address holds a version."""
    response.headers["Cache-Control"] = "max-age=31536000, immutable" if "v" in request.args else "no-cache"
    response.set_etag(version)
    response.make_conditional(request)
    return response


@lru_cache(maxsize=64)
def _squeezed(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)


def compressed(response: Response) -> Response:
    """Compress what Dash sends, for a browser that takes it; its scripts are compressed once."""
    plain = "Content-Encoding" not in response.headers and response.status_code == 200
    if not (plain and response.mimetype in TEXTS and "gzip" in request.headers.get("Accept-Encoding", "")):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < SMALL:
        return response
    fixed = request.path.startswith(("/_dash-component-suites/", "/assets/"))
    response.set_data(_squeezed(body) if fixed else gzip.compress(body, compresslevel=1, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response
