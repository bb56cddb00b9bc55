"""The quality of a pack as a file: the flags that the page lists, completeness, and what must travel with them."""

from __future__ import annotations

import json

from flask import Flask, Response, abort, request
from fuping.dashboard.downloads import zipped
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.quality import quality_shown
from fuping.dashboard.queries.quality_file import completeness_table, flag_table, quality_facts
from fuping.dashboard.state import ViewState
from fuping.layers.export.spreadsheet import plain_cells

__all__ = ["add_quality_download"]


def add_quality_download(server: Flask, reader: Reader) -> None:
    """Add the route; its query is that of the page, so that the file holds what the page lists."""

    @server.get("/quality/<pack>.csv")
    def quality_file(pack: str) -> Response:
        if pack not in reader.packs():
            abort(404)
        view = ViewState.read(f"{request.query_string.decode()}&pack={pack}", reader.packs(), reader.catalogue)
        shown = quality_shown(reader, view)
        chosen = [one for one in shown.indicators if shown.of in ("", one.indicator["id"])]
        facts = quality_facts(reader, pack, chosen, {"indicator": shown.of, "kind": shown.kind})
        tables = {"flags": flag_table(reader, pack, shown.flags), "completeness": completeness_table(chosen)}
        files = {f"{pack}_{name}.csv": plain_cells(table).to_csv(index=False) for name, table in tables.items()}
        told = json.dumps(facts, ensure_ascii=False, indent=1)
        return zipped(f"{pack}_quality.csv", files | {f"{pack}_quality.metadata.json": f"{told}\n"})
