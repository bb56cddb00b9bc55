"""What a reader takes away: one indicator as a file, with its metadata, licence and citation."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import get_args

from flask import Flask, Response, abort, send_file
from fuping.dashboard.queries.cache import Reader
from fuping.layers.export.indicator import Format, export_indicator

__all__ = ["add_downloads"]


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
            body = io.BytesIO()
            with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
                for file in written:
                    archive.write(file, file.name)
        body.seek(0)
        return send_file(body, download_name=f"{path.name}.zip", mimetype="application/zip", as_attachment=True)
