"""A file is taken in as a proposal; how far its check is; what it changes; and the columns that a file must have."""

from __future__ import annotations

import csv
import io

from flask import Flask, Response, abort, jsonify, request
from fuping.dashboard.checks import checks_of
from fuping.dashboard.downloads import table_with_metadata
from fuping.dashboard.identity import identity
from fuping.dashboard.incoming import cut_off, progress, received, refused, size_refused, too_large
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.supplying import may_supply, needed_columns
from fuping.layers.errors import SourceError
from fuping.layers.ingest.proposals import Proposal
from fuping.layers.office import note_action
from fuping.layers.pack import find_pack
from fuping.spatial.errors import FupingError

__all__ = ["add_supply"]

WORKING = ("sending", "checking")


def add_supply(server: Flask, reader: Reader) -> None:
    """Add the routes by which files come in; all but the columns are for who may supply."""
    checks = checks_of(reader)

    def found(identifier: str) -> Proposal:
        if not may_supply():
            abort(403)
        try:
            return checks.proposals.get(identifier)
        except SourceError:
            abort(404)

    @server.put("/supply/<pack>/<source>")
    def propose(pack: str, source: str) -> Response:
        if not may_supply():
            abort(403)
        if pack not in reader.packs():
            abort(404)
        if too_large():
            return size_refused()
        try:
            declared = find_pack(reader.store, pack)
            opened, path = checks.proposals.open(declared, source, request.args.get("name", ""), identity().name)
        except FupingError as error:
            return refused(error)
        if not received(path):
            checks.proposals.drop(opened.id)
            return cut_off()
        with reader.office.writing() as connection:
            note_action(
                connection,
                identity().name,
                "data.propose",
                f"{pack}/{source}",
                after={"proposal": opened.id, "file": opened.file, "size": path.stat().st_size},
                address=request.remote_addr,
            )
        checks.start(opened.id)
        return jsonify({"id": opened.id})

    @server.get("/supply/proposals/<identifier>.json")
    def proposal_progress(identifier: str) -> Response:
        one = found(identifier)
        working = checks.waits(identifier) or one.state in WORKING
        return progress(one, working=working, state=one.state)

    @server.post("/supply/proposals/<identifier>/stop")
    def proposal_stop(identifier: str) -> Response:
        checks.stop(found(identifier).id)
        return jsonify({})

    @server.get("/supply/proposals/<identifier>.csv")
    def proposal_changes(identifier: str) -> Response:
        one = found(identifier)
        if one.state not in ("ready", "taken"):
            abort(404)
        about = {"pack": one.pack, "source": one.source, "file": one.file, "sha256": one.sha256, "who": one.who}
        about |= {"made_at": one.made_at, "compared_with": one.base or "", "gives": one.version, "note": one.note}
        return table_with_metadata(f"{one.pack}_{one.source}_{one.id}.csv", checks.proposals.figures(identifier), about)

    @server.get("/supply/<pack>/<table>/template.csv")
    def supply_template(pack: str, table: str) -> Response:
        declared = reader.catalogue(pack)["tables"] if pack in reader.packs() else []
        one = next((each for each in declared if each["id"] == table), None)
        if one is None:
            abort(404)
        text = io.StringIO()
        csv.writer(text).writerow(needed_columns(one))
        head = {"Content-Disposition": f"attachment; filename={pack}_{table}_template.csv"}
        return Response("\ufeff" + text.getvalue(), headers=head, mimetype="text/csv")
