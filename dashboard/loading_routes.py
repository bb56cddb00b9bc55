"""The files of a pack that was never built come in, and how far the work on it is."""

from __future__ import annotations

from flask import Flask, Response, abort, jsonify, request
from fuping.dashboard.beginning import may_follow, may_load
from fuping.dashboard.identity import identity
from fuping.dashboard.incoming import busy, cut_off, progress, received, refused, size_refused, too_large
from fuping.dashboard.loading import loading_of, unbuilt
from fuping.dashboard.queries.cache import Reader
from fuping.layers.pack import find_pack, pack_folders
from fuping.spatial.errors import FupingError

__all__ = ["add_loading"]


def add_loading(server: Flask, reader: Reader) -> None:
    """Add the routes by which a pack is loaded; all are for who may load it."""
    loading = loading_of(reader)

    @server.put("/load/<pack>/<source>")
    def load_file(pack: str, source: str) -> Response:
        if not may_load(reader):
            abort(403)
        if pack not in unbuilt(reader):
            abort(404)
        if too_large():
            return size_refused()
        if loading.waits(pack):
            return busy()
        try:
            path = loading.loads.place(find_pack(reader.store, pack), source, request.args.get("name", ""))
            if not received(path):
                return cut_off()
            one = loading.loads.ask(pack, "check", who=identity().name, source=source, path=path)
        except FupingError as error:
            return refused(error)
        loading.start(pack)
        # The page is told by the file too, so that one that is sent twice is seen.
        return jsonify({"id": f"{pack} {source} {one.sha256}"})

    def known(pack: str) -> str:
        there = pack in pack_folders(reader.store.declared)
        if not (may_load(reader) or (there and may_follow(reader, loading.loads.of(pack).asked_by))):
            abort(403)
        if not there:
            abort(404)
        return pack

    @server.get("/load/<pack>.json")
    def load_progress(pack: str) -> Response:
        one = loading.loads.of(known(pack))
        return progress(one, working=loading.waits(pack), state=f"{one.stage} {one.state}")

    @server.post("/load/<pack>/stop")
    def load_stop(pack: str) -> Response:
        loading.stop(known(pack))
        return jsonify({})
