"""The files of a pack that was never built come in, and how far the work on it is."""

from __future__ import annotations

from flask import Flask, Response, abort, jsonify, request
from fuping.dashboard.identity import identity
from fuping.dashboard.incoming import LARGEST_FILE, received, too_large
from fuping.dashboard.loading import loading_of, unbuilt
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.supplying import may_supply
from fuping.layers.pack import find_pack, pack_folders
from fuping.spatial.errors import FupingError

__all__ = ["add_loading"]


def add_loading(server: Flask, reader: Reader) -> None:
    """Add the routes by which a pack is loaded; all are for who may supply."""
    loading = loading_of(reader)

    @server.put("/load/<pack>/<source>")
    def load_file(pack: str, source: str) -> Response:
        if not may_supply():
            abort(403)
        if pack not in unbuilt(reader):
            abort(404)
        if too_large():
            return Response(f"A file may have {LARGEST_FILE:,} bytes.", 413, mimetype="text/plain")
        if loading.waits(pack):
            return Response("This pack is being worked on. Wait, or stop that.", 409, mimetype="text/plain")
        try:
            path = loading.loads.place(find_pack(reader.store, pack), source, request.args.get("name", ""))
            if not received(path):
                return Response("The file did not come whole. Send it again.", 400, mimetype="text/plain")
            one = loading.loads.ask(pack, "check", who=identity().name, source=source, path=path)
        except FupingError as error:
            return Response(str(error), 400, mimetype="text/plain")
        loading.start(pack)
        # The page is told by the file too, so that one that is sent twice is seen.
        return jsonify({"id": f"{pack} {source} {one.sha256}"})

    def known(pack: str) -> str:
        if not may_supply():
            abort(403)
        if pack not in pack_folders(reader.store.declared):
            abort(404)
        return pack

    @server.get("/load/<pack>.json")
    def load_progress(pack: str) -> Response:
        one = loading.loads.of(known(pack))
        told = {"working": loading.waits(pack), "state": f"{one.stage} {one.state}", "step": one.step}
        answer = jsonify(told | {"done": one.done, "total": one.total})
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @server.post("/load/<pack>/stop")
    def load_stop(pack: str) -> Response:
        loading.stop(known(pack))
        return jsonify({})
