"""A simulated plan as a file: the table and, beside it, the rule, what it assumes, sources and licences."""

from __future__ import annotations

import io
import json
import zipfile

from flask import Flask, Response, abort, request, send_file
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.plan import RULES, plan, plan_metadata, plan_table
from fuping.dashboard.queries.targeting import chosen_treatment, ranking_for, targeting_level
from fuping.dashboard.state import ViewState
from fuping.layers.export.spreadsheet import plain_cells

__all__ = ["add_plan_download"]


def add_plan_download(server: Flask, reader: Reader) -> None:
    """Add the route of plans; its query is that of the targeting page."""

    @server.get("/plan/<pack>/<level>.csv")
    def plan_file(pack: str, level: str) -> Response:
        if pack not in reader.packs():
            abort(404)
        query = request.query_string.decode()
        view = ViewState.read(f"{query}&pack={pack}", reader.packs(), reader.catalogue)
        treatment = chosen_treatment(reader, view)
        if level != targeting_level(reader, view, treatment):
            abort(404)
        ranked = ranking_for(reader, view, treatment, level)
        rule = view.option("rule", RULES, RULES[0])
        found = plan(reader, view, level, ranked, rule) if ranked else None  # type: ignore[arg-type]
        if ranked is None or found is None:
            abort(404)
        body = io.BytesIO()
        name = f"{pack}_{level}_plan_{found.rule}.csv"
        facts = plan_metadata(reader, view, level, ranked, found)
        with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
            table = plain_cells(plan_table(reader, view, level, ranked, found))
            archive.writestr(name, table.to_csv(index=False))
            archive.writestr(f"{name}.metadata.json", json.dumps(facts, ensure_ascii=False, indent=1) + "\n")
        body.seek(0)
        return send_file(body, download_name=f"{name}.zip", mimetype="application/zip", as_attachment=True)
