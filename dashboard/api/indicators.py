"""Indicators as tables: what a pack has, and the figures of one indicator at one level, by unit and year."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from fuping.dashboard.api.collections import licences
from fuping.dashboard.api.errors import BadParameterError, require
from fuping.dashboard.api.exchange import CSV, GEOJSON, PARQUET, Answer, Asked, Link, answer
from fuping.dashboard.api.parameters import IndicatorParameters, Parameters
from fuping.dashboard.api.units import REASONS, inside, known_codes
from fuping.dashboard.queries.cache import Reader
from fuping.layers.export.indicator import indicator_table, metadata
from fuping.layers.export.spreadsheet import plain_cells
from fuping.layers.schema.metadata import Text

__all__ = ["INDICATOR", "PACK", "figures", "indicators", "packs"]

PACK = Text(en="pack", zh="数据包")
INDICATOR = Text(en="indicator", zh="指标")
LEVEL = Text(en="level with figures of this indicator:", zh="有该指标数据的层级")


def packs(reader: Reader, asked: Asked, given: Parameters) -> Answer:
    """List the packs that have indicators."""
    listed = [
        {
            "id": pack,
            "name": reader.catalogue(pack)["pack"]["name"],
            "build": reader.version(pack),
            "links": [asked.link("item", "indicators", pack)],
        }
        for pack in reader.packs()
    ]
    links = [asked.again("self")]
    return answer(asked, {"packs": listed, "links": links}, links=links)


def indicators(reader: Reader, asked: Asked, given: Parameters, pack: str) -> Answer:
    """List the indicators of a pack: names, unit, kind, and for each level its years and sources."""
    require(pack, reader.packs(), PACK, parameter="pack")
    catalogue = reader.catalogue(pack)
    links = [asked.again("self"), asked.link("up", "indicators")]
    content = {
        "pack": pack,
        "name": catalogue["pack"]["name"],
        "build": reader.version(pack),
        "indicators": [_listed(asked, pack, one) for one in catalogue["indicators"]],
        "sources": [{key: one[key] for key in SOURCE} for one in catalogue["sources"]],
        "links": links,
    }
    return answer(asked, content, links=links)


SOURCE = (
    "id",
    "title",
    "publisher",
    "year",
    "licence",
    "licence_url",
    "url",
    "citation",
    "status",
    "warnings",
    "loaded",
)
DECLARED = (
    "id", "name", "meaning", "theme", "unit", "kind", "aggregation", "denominator", "direction", "decimals", "minimum",
    "maximum", "warnings", "breaks_in_series", "categories", "sources", "loaded",
)  # fmt: skip


def _listed(asked: Asked, pack: str, declared: dict[str, Any]) -> dict[str, Any]:
    levels = {
        level: {key: facts[key] for key in ("years", "n_values", "statuses", "sources")}
        | {"links": [asked.link("item", "indicators", pack, declared["id"], level)]}
        for level, facts in declared["levels"].items()
    }
    return {key: declared[key] for key in DECLARED} | {"levels": levels}


def figures(reader: Reader, asked: Asked, given: IndicatorParameters, pack: str, indicator: str, level: str) -> Answer:
    """Return the figures of an indicator: one row for each unit and year, those that are missing with the reason.

    CSV and Parquet have the columns of the JSON. A figure without a value has the reason in ``missing``.
    """
    require(pack, reader.packs(), PACK, parameter="pack")
    declared = {one["id"]: one for one in reader.catalogue(pack)["indicators"]}
    require(indicator, declared, INDICATOR, parameter="indicator")
    require(level, declared[indicator]["levels"], LEVEL, parameter="level")
    table = _table(reader, given, pack, indicator, level)
    facts = metadata(reader.store, pack, indicator, level=level, years=set(table["year"].tolist()))
    links = _links(asked, pack, indicator, level, facts)
    name = f"{pack}_{level}_{indicator}"
    if asked.media == CSV:
        body = plain_cells(table).to_csv(index=False, lineterminator="\r\n").encode()
        return answer(asked, body, links=links, headers=_attached(f"{name}.csv"))
    if asked.media == PARQUET:
        return answer(asked, _parquet(table, facts), links=links, headers=_attached(f"{name}.parquet"))
    content = {**facts, "numberReturned": len(table), "columns": _columns(table), "links": links}
    return answer(asked, content, links=links)


def _table(reader: Reader, given: IndicatorParameters, pack: str, indicator: str, level: str) -> pd.DataFrame:
    units = reader.units(pack, level)["code"]
    known_codes(reader, pack, level, given.units, parameter="units")
    kept = np.ones(len(units), dtype=bool)
    if given.units:
        kept &= np.isin(units, given.units)
    if given.within is not None:
        kept &= inside(reader, pack, level, given.within)
    values = reader.values(pack, indicator, level)
    chosen = np.isin(values.years, _years(given.years, values.years))
    table = indicator_table(reader.store, pack, indicator, level).drop(columns="unit")
    table["status"] = table["status"].where(table["status"] != "", None)
    table["missing"] = np.array(REASONS, dtype=object)[table.pop("reason")]
    if values.has_interval:
        table["lower"], table["upper"] = values.lower.ravel(), values.upper.ravel()
    return table[np.outer(chosen, kept).ravel()].reset_index(drop=True)


def _years(given: str | None, there: tuple[int, ...]) -> list[int]:
    if given is None:
        return list(there)
    chosen: set[int] = set()
    for part in given.split(","):
        first, _, last = part.partition("/")
        found = {year for year in there if int(first) <= year <= int(last or first)}
        if not found:
            listed = ", ".join(map(str, there))
            raise BadParameterError("years", part, Text(en=f"some of {listed}", zh=f"以下年份：{listed}"))
        chosen |= found
    return sorted(chosen)


def _columns(table: pd.DataFrame) -> dict[str, list[Any]]:
    plain = table.astype(object).where(table.notna(), None)
    return {str(name): plain[name].tolist() for name in plain}


def _parquet(table: pd.DataFrame, facts: dict[str, Any]) -> bytes:
    made = pa.Table.from_pandas(table, preserve_index=False)
    told = {b"fuping": json.dumps(facts, ensure_ascii=False).encode()}
    body = io.BytesIO()
    pq.write_table(made.replace_schema_metadata({**(made.schema.metadata or {}), **told}), body)
    return body.getvalue()


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _links(asked: Asked, pack: str, indicator: str, level: str, facts: dict[str, Any]) -> list[Link]:
    forms = {"json": "application/json", "csv": CSV, "parquet": PARQUET}
    links = [asked.again("self")]
    links += [asked.again("alternate", media=media, f=form) for form, media in forms.items() if media != asked.media]
    links.append(asked.link("describedby", "records", f"{pack}.indicator.{indicator}", media=GEOJSON))
    links.append(asked.link("collection", "collections", f"{pack}.{level}"))
    return links + licences(asked, pack, facts["sources"])
