"""A simulated plan as a file: the table and, beside it, the rule, what it assumes, sources and licences."""

from __future__ import annotations

from flask import Flask, Response, abort, request
from fuping.dashboard.downloads import table_with_metadata
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.plan import RULES, plan, plan_metadata, plan_table
from fuping.dashboard.queries.targeting import chosen_treatment, ranking_for, targeting_level
from fuping.dashboard.state import ViewState

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
        name = f"{pack}_{level}_plan_{found.rule}.csv"
        facts = plan_metadata(reader, view, level, ranked, found)
        return table_with_metadata(name, plan_table(reader, view, level, ranked, found), facts)
