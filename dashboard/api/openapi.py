"""The OpenAPI 3.0 document, made from the declarations that the routes read."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Any

from fuping.dashboard.access import sign_in_required
from fuping.dashboard.api.collections import identifiers
from fuping.dashboard.api.endpoints import Endpoint
from fuping.dashboard.api.errors import KINDS, PROBLEM
from fuping.dashboard.api.exchange import Asked
from fuping.dashboard.api.parameters import DESCRIPTIONS, Parameters
from fuping.dashboard.identity import COOKIE
from fuping.dashboard.queries.cache import Reader

__all__ = ["describe", "security"]

EVERYWHERE = (400, 401, 404, 405, 406, 422, 500, 503)
"""Statuses of problems that any resource may have."""


def describe(reader: Reader, asked: Asked, endpoints: Sequence[Endpoint], *, version: str) -> dict[str, Any]:
    """Return the description of some resources, for the packs that are built."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Fuping",
            "version": version,
            "description": "Administrative units, poverty indicators by unit and year, and their sources. Read only.",
            "license": {"name": "Apache-2.0 (the program; every source states its own licence)"},
        },
        "servers": [{"url": asked.root}],
        "paths": {one.path or "/": {"get": _operation(reader, one)} for one in endpoints},
        "components": {"schemas": {"problem": PROBLEM_SCHEMA}, "securitySchemes": SCHEMES},
        "security": security(),
    }


SCHEMES = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "Of a program: what fuping user token prints. It reads, and changes nothing.",
    },
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "Of a browser that has signed in."},
    "secret": {
        "type": "http",
        "scheme": "basic",
        "description": "The server's one secret as the password, with any name, where FUPING_SECRET is set.",
    },
}


def security() -> list[dict[str, list[str]]]:
    """Return the ways in, one of which every operation needs; an empty one where anybody may read.

    A secret and a token would stand in the same header: where both are asked for, only a browser comes in.
    """
    secret: dict[str, list[str]] = {"secret": []} if os.environ.get("FUPING_SECRET") else {}
    session: dict[str, list[str]] = {"session": []}
    token: list[dict[str, list[str]]] = [] if secret else [{"token": []}]
    return [*token, secret | session] if sign_in_required() else [secret, *token, secret | session]


PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "remedy"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer", "enum": sorted({one.status for one in KINDS.values()})},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "remedy": {"type": "string", "description": "What to do about it."},
        "parameter": {"type": "string", "description": "The parameter at fault."},
    },
    "additionalProperties": False,
}


def _operation(reader: Reader, endpoint: Endpoint) -> dict[str, Any]:
    media = endpoint.formats.values()
    content = {one: {"schema": dict(endpoint.schema) if "json" in one else BYTES} for one in media}
    told = {"description": "The content.", "content": content}
    problem = {"content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/problem"}}}}
    titles = {one.status: one.title.en for one in KINDS.values()}
    return {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": [*_path(reader, endpoint.path), *_query(endpoint.parameters)],
        "responses": {
            "200": told,
            **({"204": {"description": "Nothing is there."}} if endpoint.empty else {}),
            "304": {"description": "Unchanged since the ETag that was sent."},
            **{str(status): {"description": titles[status], **problem} for status in EVERYWHERE},
        },
    }


BYTES = {"type": "string", "format": "binary"}


def _path(reader: Reader, path: str) -> list[dict[str, Any]]:
    packs = reader.packs()
    known = {"collectionId": identifiers(reader), "pack": packs, "tileMatrixSetId": ["WebMercatorQuad"]}
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": DESCRIPTIONS[name],
            "schema": {"type": "string", **({"enum": known[name]} if known.get(name) else {})},
        }
        for name in re.findall(r"{(\w+)}", path)
    ]


def _query(declared: type[Parameters]) -> list[dict[str, Any]]:
    made = []
    for name, schema in declared.model_json_schema(by_alias=True)["properties"].items():
        kept = {key: value for key, value in schema.items() if key not in ("title", "description", "anyOf")}
        kept |= next((one for one in schema.get("anyOf", ()) if one.get("type") != "null"), {})
        if kept.get("default", "") in (None, [], ()):
            del kept["default"]
        if "const" in kept:
            kept["enum"] = [kept.pop("const")]
        listed = {"style": "form", "explode": False} if kept["type"] == "array" else {}
        made.append(
            {"name": name, "in": "query", "required": False, "description": schema["description"], "schema": kept}
            | listed
        )
    return made
