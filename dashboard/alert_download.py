"""The register of alerts as files: CSV with steps and metadata beside it, or Excel with a sheet for each."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from datetime import date

import pandas as pd
from flask import Flask, Response, abort, request, send_file
from fuping.dashboard.downloads import zipped
from fuping.dashboard.queries.alert_file import alert_facts, alert_table, step_table
from fuping.dashboard.queries.alert_register import register_shown
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import ViewState
from fuping.layers.export.spreadsheet import plain_cells

__all__ = ["add_alert_download"]


def add_alert_download(server: Flask, reader: Reader) -> None:
    """Add the route; its query is that of the page, so that the file holds what the page lists."""

    @server.get("/alerts/<pack>.<any(csv, xlsx):form>")
    def alert_file(pack: str, form: str) -> Response:
        if pack not in reader.packs():
            abort(404)
        view = ViewState.read(f"{request.query_string.decode()}&pack={pack}", reader.packs(), reader.catalogue)
        shown = register_shown(reader, view, date.today())
        tables = {
            "alerts": plain_cells(alert_table(reader, shown.found, date.today())),
            "steps": plain_cells(step_table(shown.found)),
        }
        told = json.dumps(alert_facts(reader, pack, shown.found, asdict(shown.asked)), ensure_ascii=False, indent=1)
        name = f"{pack}_alerts.{form}"
        if form == "csv":
            files = {f"{pack}_{part}.csv": table.to_csv(index=False) for part, table in tables.items()}
            return zipped(name, files | {f"{name}.metadata.json": f"{told}\n"})
        body = io.BytesIO()
        with pd.ExcelWriter(body) as book:
            for part, table in tables.items():
                table.to_excel(book, sheet_name=part, index=False)
            pd.DataFrame({"metadata": told.splitlines()}).to_excel(book, sheet_name="metadata", index=False)
        body.seek(0)
        return send_file(body, download_name=name, as_attachment=True)
