"""The two files of a new country come in, and how far the work on it is."""

from __future__ import annotations

from flask import Flask, Response, abort, jsonify, request
from fuping.dashboard.adding import adding_of
from fuping.dashboard.beginning import may_add, may_follow
from fuping.dashboard.identity import identity
from fuping.dashboard.incoming import busy, cut_off, progress, received, size_refused, too_large
from fuping.dashboard.queries.cache import Reader
from fuping.layers.errors import SourceError
from fuping.layers.ingest.drafts import PARTS, Draft
from fuping.layers.office import note_action

__all__ = ["NEW", "add_adding"]

NEW = "new"
"""In place of the id of a draft: begin one."""


def add_adding(server: Flask, reader: Reader) -> None:
    """Add the routes of new countries; all are for who may add one."""
    adding = adding_of(reader)

    def found(identifier: str) -> Draft:
        try:
            one = adding.drafts.get(identifier)
        except SourceError:
            abort(404 if may_add(reader) else 403)
        if not (may_add(reader) or may_follow(reader, one.who)):
            abort(403)
        return one

    @server.put("/drafts/<identifier>/<part>")
    def draft_file(identifier: str, part: str) -> Response:
        if not may_add(reader):
            abort(403)
        if part not in PARTS:
            abort(404)
        if too_large():
            return size_refused()
        one = adding.drafts.open(identity().name) if identifier == NEW else found(identifier)
        if adding.waits(one.id):
            return busy()
        path = adding.drafts.place(one.id, part, request.args.get("name", ""))
        if not received(path):
            if identifier == NEW:
                adding.drafts.drop(one.id)
            return cut_off()
        one = adding.drafts.received(one.id, part, path)
        with reader.office.writing() as connection:
            note_action(
                connection,
                identity().name,
                "pack.file",
                f"draft:{one.id}",
                after={"part": part, "file": one.files[part], "sha256": one.sha256[part]},
                address=request.remote_addr,
            )
        if set(one.files) == set(PARTS):
            adding.drafts.ask(one.id, "read", who=identity().name)
            adding.start(one.id)
        # The page is told by the address of the draft and by what was sent to it, so that a file sent twice is seen.
        return jsonify({"id": f"{one.id} {part} {one.sha256[part]}"})

    @server.get("/drafts/<identifier>.json")
    def draft_progress(identifier: str) -> Response:
        one = found(identifier)
        return progress(one, working=adding.waits(one.id), state=f"{one.stage} {one.state}")

    @server.post("/drafts/<identifier>/stop")
    def draft_stop(identifier: str) -> Response:
        adding.stop(found(identifier).id)
        return jsonify({})
