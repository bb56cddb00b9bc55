"""The places that meet conditions, as a file with its conditions, sources and licences beside it."""

from __future__ import annotations

from flask import Flask, Response, abort, request
from fuping.dashboard.downloads import table_with_metadata
from fuping.dashboard.drawn import written
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.conditions import find, found_table
from fuping.dashboard.state import ViewState
from fuping.layers.export.indicator import metadata

__all__ = ["add_found_download"]


def add_found_download(server: Flask, reader: Reader) -> None:
    """Add the route; its query is that of the page that finds places."""

    @server.get("/found/<pack>.csv")
    def found_file(pack: str) -> Response:
        if pack not in reader.packs():
            abort(404)
        query = request.query_string.decode()
        view = ViewState.read(f"{query}&pack={pack}", reader.packs(), reader.catalogue)
        found = find(reader, view)
        facts = {
            "conditions": [one.written() for one in found.conditions],
            "within": view.within,
            "drawn": written(view.drawn) or None,
            "units": {"met": found.count(1), "not_met": found.count(0), "figure_missing": found.count(-1)},
            "indicators": [
                metadata(reader.store, pack, one.indicator, level=view.level, years={one.year})
                for one in found.conditions
            ],
        }
        name = f"{pack}_{view.level}_found.csv"
        return table_with_metadata(name, found_table(reader, view, found), facts)
