"""What a reader takes away: one indicator as a file, with its metadata, licence and citation."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pandas as pd
from flask import Flask, Response, abort, send_file
from fuping.dashboard.queries.cache import Reader
from fuping.layers.export.indicator import Format, export_indicator
from fuping.layers.export.spreadsheet import plain_cells

__all__ = ["add_downloads", "table_with_metadata", "zipped"]


def add_downloads(server: Flask, reader: Reader) -> None:
    """Add the route of exports; a format whose metadata is a file beside it comes as a zip of both."""

    @server.get("/export/<pack>/<level>/<indicator>.<form>")
    def export(pack: str, level: str, indicator: str, form: str) -> Response:
        if pack not in reader.packs() or form not in get_args(Format):
            abort(404)
        declared = {one["id"]: one for one in reader.catalogue(pack)["indicators"]}
        if indicator not in declared or level not in declared[indicator]["levels"]:
            abort(404)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{pack}_{level}_{indicator}.{form}"
            written = export_indicator(reader.store, pack, indicator, path, level=level, form=form)  # type: ignore[arg-type]
            if len(written) == 1:
                return send_file(io.BytesIO(path.read_bytes()), download_name=path.name, as_attachment=True)
            return zipped(path.name, {file.name: file.read_bytes() for file in written})


def zipped(name: str, files: Mapping[str, bytes | str]) -> Response:
    """Return files as one download, ``name`` with ``.zip`` behind it."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            archive.writestr(file, content)
    body.seek(0)
    return send_file(body, download_name=f"{name}.zip", mimetype="application/zip", as_attachment=True)


def table_with_metadata(name: str, table: pd.DataFrame, facts: Mapping[str, Any]) -> Response:
    """Return a table as CSV, and beside it what must travel with it, as one download."""
    told = json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
    return zipped(name, {name: plain_cells(table).to_csv(index=False), f"{name}.metadata.json": told})
