"""Wire the dashboard: the app, its routes for geometry and values, and the server."""

from __future__ import annotations

import gzip
import json
from importlib.resources import files

import dash
from dash import dcc, html
from flask import Flask, Response, abort, request
from fuping.dashboard.i18n.messages import LANGUAGES, message
from fuping.dashboard.pages import map as map_page
from fuping.dashboard.queries.layer import map_layer
from fuping.layers.stores import EmbeddedStore

__all__ = ["create_app", "serve"]

MAP_FILES = {
    "fuping_map.js": "text/javascript",
    "fuping_map_worker.js": "text/javascript",
    "fuping_map.css": "text/css",
}


def _gzipped(body: bytes, kind: str, version: str) -> Response:
    response = Response(body, mimetype=kind)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = "max-age=31536000, immutable" if "v" in request.args else "no-cache"
    response.set_etag(version)
    response.make_conditional(request)
    return response


def _add_routes(server: Flask, store: EmbeddedStore) -> None:
    scripts = {
        name: gzip.compress((files("fuping.dashboard.components.maplibre") / "dist" / name).read_bytes(), mtime=0)
        for name in MAP_FILES
    }

    @server.get("/map/<name>")
    def map_file(name: str) -> Response:
        if name not in MAP_FILES:
            abort(404)
        return _gzipped(scripts[name], MAP_FILES[name], f"{name}-{len(scripts[name])}")

    @server.get("/geometry/<pack>/<level>.json")
    def geometry(pack: str, level: str) -> Response:
        if pack not in store.packs() or level not in {one["id"] for one in store.catalogue(pack)["levels"]}:
            abort(404)
        return _gzipped(store.map_geometry(pack, level), "application/json", f"{store.version(pack)}-{level}")

    @server.get("/values/<pack>/<level>/<indicator>.json")
    def values(pack: str, level: str, indicator: str) -> Response:
        language = request.args.get("lang", LANGUAGES[0])
        if pack not in store.packs() or language not in LANGUAGES:
            abort(404)
        declared = {one["id"]: one for one in store.catalogue(pack)["indicators"]}
        if (
            indicator not in declared
            or level not in declared[indicator]["levels"]
            or not declared[indicator]["categories"]
        ):
            abort(404)
        layer = map_layer(store, pack, declared[indicator], level, language)
        body = gzip.compress(json.dumps(layer, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)
        return _gzipped(body, "application/json", f"{store.version(pack)}-{level}-{indicator}-{language}")


def create_app(store: EmbeddedStore) -> dash.Dash:
    """Return the dashboard over a store; nothing it serves comes from another machine."""
    app = dash.Dash(
        __name__,
        title=message("app.title", LANGUAGES[0]),
        serve_locally=True,
        external_scripts=["/map/fuping_map.js"],
        external_stylesheets=["/map/fuping_map.css"],
        suppress_callback_exceptions=True,
        update_title="",
    )
    _add_routes(app.server, store)
    app.layout = html.Div([dcc.Location(id="url", refresh=False), html.Div(id="page")])
    map_page.register(app, store)
    return app


def serve(store: EmbeddedStore, *, host: str, port: int) -> None:
    """Serve until interrupted."""
    from waitress import serve as listen

    listen(create_app(store).server, host=host, port=port, threads=8)
