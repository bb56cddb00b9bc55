"""The binding of the API to Flask: it reads the request, settles the format, and sends answers and problems."""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
import re
from functools import partial
from importlib.metadata import version
from urllib.parse import quote, urlencode

from flask import Flask, Response, request
from fuping.dashboard.api.endpoints import ENDPOINTS, Endpoint
from fuping.dashboard.api.errors import PROBLEM, MethodError, NotAcceptableError, NotThereError, kind_of, problem
from fuping.dashboard.api.exchange import OPENAPI, Answer, Asked, answer, dumped
from fuping.dashboard.api.openapi import describe, security
from fuping.dashboard.api.parameters import Parameters, read
from fuping.dashboard.asked import asked_language
from fuping.dashboard.queries.cache import Reader
from fuping.layers.schema.metadata import Text
from fuping.spatial.errors import FupingError

__all__ = ["add_api"]

log = logging.getLogger("fuping.dashboard.api")

ALLOWED = ("GET", "HEAD", "OPTIONS")
METHODS = (*ALLOWED, "POST", "PUT", "PATCH", "DELETE", "TRACE")
"""All are routed, so that those not allowed are answered in the API's one shape."""

VERSION = version("fuping")

SMALL = 1400
"""Bytes that fit one packet; compressing them gains nothing."""


def add_api(server: Flask, reader: Reader) -> None:
    """Add the API under ``/api``.

    Pages of other origins may read it only where the environment variable ``FUPING_API_CORS`` is set to 1.

    Raises
    ------
    FupingError
        ``FUPING_API_CORS`` is neither 1 nor 0.
    """
    shared = _shared(os.environ.get("FUPING_API_CORS", ""))

    def openapi(reader: Reader, asked: Asked, given: Parameters) -> Answer:
        """Describe the API as OpenAPI 3.0."""
        return answer(asked, describe(reader, asked, endpoints, version=VERSION), links=[asked.again("self")])

    described = {"type": "object", "required": ["openapi", "info", "paths"]}
    endpoints = (*ENDPOINTS, Endpoint("/openapi.json", openapi, formats={"json": OPENAPI}, schema=described))
    for endpoint in endpoints:
        rule = "/api" + re.sub(r"{(\w+)}", r"<\1>", endpoint.path)
        view = partial(_serve, reader, endpoint, shared)
        server.add_url_rule(
            rule,
            f"api {endpoint.name}",
            view,
            methods=METHODS,
            strict_slashes=False,
            provide_automatic_options=False,
        )
    server.add_url_rule(
        "/api/<path:rest>",
        "api nothing",
        partial(_serve, reader, None, shared),
        methods=METHODS,
        provide_automatic_options=False,
    )


def _shared(setting: str) -> bool:
    if setting not in ("", "0", "1"):
        raise FupingError(
            f"FUPING_API_CORS is {setting!r}; expected 1 or 0.",
            remedy="Set it to 1 to let pages of any origin read the API.",
        )
    return setting == "1"


def _serve(reader: Reader, endpoint: Endpoint | None, shared: bool, **path: str) -> Response:
    root = f"{request.url_root}api"
    language = asked_language()
    try:
        with reader.store.moment():
            response = _answered(reader, endpoint, root, language, path)
    except Exception as error:  # whatever happens, the client gets a problem and the log the details
        kind = kind_of(error)
        if kind.status >= 500:
            log.exception("the API could not answer %s", request.path)
        told = problem(error, language=language, root=root, instance=_instance())
        headers = {"Content-Type": PROBLEM, "Content-Language": language, "Cache-Control": "no-store"}
        if isinstance(error, MethodError):
            headers["Allow"] = ", ".join(error.allowed)
        response = Response(dumped(told), kind.status, headers)
    response.headers["Vary"] = "Accept, Accept-Encoding, Accept-Language"
    if shared:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "Content-Crs, ETag, Link"
    return _gzipped(response)


def _answered(reader: Reader, endpoint: Endpoint | None, root: str, language: str, path: dict[str, str]) -> Response:
    if endpoint is None:
        known = [f"/api{one.path}" for one in ENDPOINTS]
        raise NotThereError(Text(en="resource", zh="资源"), request.path, known)
    if request.method == "OPTIONS":
        allowed = ", ".join(ALLOWED)
        return Response(status=204, headers={"Allow": allowed, "Access-Control-Allow-Methods": allowed})
    if request.method not in ALLOWED:
        raise MethodError(request.method, ALLOWED)
    query = tuple(request.args.items(multi=True))
    given = read(endpoint.parameters, query)
    asked = Asked(root, _encoded(request.path.removeprefix("/api")), query, language, _media(endpoint, given.f))
    tag = _tag(reader, asked, path)
    known_to_client = request.if_none_match
    if not known_to_client.star_tag and known_to_client.contains_weak(tag):
        response = Response(status=304)
    else:
        made = endpoint.answer(reader, asked, given, **path)
        response = Response(made.body, made.status, made.headers)
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(tag, weak=True)
    return response


def _encoded(path: str) -> str:
    return quote(path.rstrip("/"))


def _instance() -> str:
    query = urlencode(list(request.args.items(multi=True)))
    return _encoded(request.path) + (f"?{query}" if query else "")


def _media(endpoint: Endpoint, given: str | None) -> str:
    if given is not None:
        return endpoint.formats[given]
    media = list(endpoint.formats.values())
    if not request.accept_mimetypes:
        return media[0]
    plain = {one.split(";")[0]: one for one in media}
    if "json" in media[0]:
        plain.setdefault("application/json", media[0])
    # A client may ask for a kind with its version, as links name it, or without.
    best = request.accept_mimetypes.best_match([*plain, *media])
    if best is None:
        raise NotAcceptableError(str(request.accept_mimetypes), endpoint.formats)
    return plain.get(best, best)


def _tag(reader: Reader, asked: Asked, path: dict[str, str]) -> str:
    # The answer follows from the program, the builds it reads and what was asked; it need not be made to know its tag.
    pack = path.get("pack") or path.get("collectionId", "").split(".")[0]
    packs = reader.packs()
    builds = [reader.version(one) for one in ([pack] if pack in packs else packs)]
    ways_in = "" if asked.path != "/openapi.json" else repr(security())
    parts = (
        VERSION,
        ways_in,
        *builds,
        asked.root,
        asked.path,
        *map("=".join, asked.query),
        asked.language,
        asked.media,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


def _gzipped(response: Response) -> Response:
    body = response.get_data()
    if len(body) > SMALL and request.accept_encodings["gzip"] and response.status_code == 200:
        response.set_data(gzip.compress(body, compresslevel=1, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
