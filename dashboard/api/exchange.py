"""A request and its answer, without a web framework."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from fuping.dashboard.api.build import OneBuild
from fuping.dashboard.api.documents import Document
from fuping.dashboard.api.errors import MediaTypeError
from pydantic import BaseModel
from werkzeug.http import parse_accept_header, parse_etags
from werkzeug.datastructures import MIMEAccept

__all__ = ["GEOJSON", "JSON", "Call", "Reply", "Request", "encoded", "negotiate", "reply", "revalidated"]

JSON = "application/json"
GEOJSON = "application/geo+json"

SMALL = 1400
"""Bytes that fit one packet; compressing them gains nothing."""

Q = TypeVar("Q", bound=BaseModel)


@dataclass(frozen=True)
class Request:
    """What came in.

    Parameters
    ----------
    root
        Absolute address of the API, without a slash at its end.
    path
        Below the root, with a slash at its start; empty for the landing page.
    query
        Names and values in the order given.
    places
        Values of the path's variables.
    """

    method: str
    root: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    accept: str = ""
    if_none_match: str = ""
    takes_gzip: bool = False


@dataclass(frozen=True)
class Call(Generic[Q]):
    """What an endpoint gets: a request whose parameters are read, whose form is agreed, and whose build is fixed."""

    request: Request
    query: Q
    media: str
    store: OneBuild

    @property
    def root(self) -> str:
        """The absolute address of the API."""
        return self.request.root

    def address(self, path: str, **parameters: object) -> str:
        """Return an absolute address below the API.

        >>> call.address("/collections", limit=5)  # doctest: +SKIP
        'http://localhost:8050/api/collections?limit=5'
        """
        query = urlencode({name: str(value) for name, value in parameters.items()})
        return f"{self.root}{path}?{query}" if query else f"{self.root}{path}"

    def again(self, **parameters: object) -> str:
        """Return the address of this request with some parameters set anew."""
        query = dict(self.request.query) | {name: str(value) for name, value in parameters.items()}
        return self.address(self.request.path, **query)


@dataclass(frozen=True)
class Reply:
    """What goes out; ``body`` may be produced piece by piece."""

    status: int
    headers: dict[str, str]
    body: bytes | Iterable[bytes]


def reply(document: Document | dict[str, Any], media: str = JSON, **headers: str) -> Reply:
    """Return a document as JSON; fields without a value are left out of a declared document."""
    plain = document.model_dump(by_alias=True, exclude_none=True) if isinstance(document, Document) else document
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Reply(200, {"Content-Type": media, **headers}, text.encode())


def negotiate(accept: str, offered: Iterable[str]) -> str:
    """Return the media type to answer in.

    Raises
    ------
    MediaTypeError
        The caller accepts none of those offered.

    Examples
    --------
    >>> negotiate("text/html, */*;q=0.1", ["application/json"])
    'application/json'
    """
    forms = list(offered)
    wanted = parse_accept_header(accept or "*/*", MIMEAccept)
    best = wanted.best_match(forms)
    if best is None:
        raise MediaTypeError(f"None of {accept!r} is offered here.", remedy=f"Offered: {', '.join(forms)}.")
    return best


def revalidated(request: Request, given: Reply, versions: str, *, pinned: bool) -> Reply:
    """Return an answer with what lets it be kept: its tag, and for how long.

    The tag is weak, as the same answer may go out compressed. It is made of the builds, the program's version and the
    request, so it is known before the body is produced; a caller that has the answer already gets 304.

    Parameters
    ----------
    versions
        The builds the answer was made from.
    pinned
        Whether the address names the build: such an answer never changes.
    """
    parts = (
        __version__,
        versions,
        request.root,
        request.path,
        *map(repr, request.query),
        given.headers["Content-Type"],
    )
    tag = sha256("\n".join(parts).encode("utf-8", errors="replace")).hexdigest()[:32]
    headers = given.headers | {
        "ETag": f'W/"{tag}"',
        "Cache-Control": "max-age=31536000, immutable" if pinned else "no-cache",
        "Vary": "Accept, Accept-Encoding",
    }
    if parse_etags(request.if_none_match).contains_weak(tag):
        return Reply(304, {name: value for name, value in headers.items() if name != "Content-Type"}, b"")
    return Reply(given.status, headers, given.body)


def encoded(request: Request, given: Reply) -> Reply:
    """Return an answer compressed, where the caller takes that and the answer is worth it; pieces stay pieces."""
    body = given.body
    parquet = "parquet" in given.headers.get("Content-Type", "")
    if not request.takes_gzip or parquet or (isinstance(body, bytes) and len(body) < SMALL):
        return given
    pieces = _squeezed([body] if isinstance(body, bytes) else body)
    return Reply(given.status, given.headers | {"Content-Encoding": "gzip"}, pieces)


def _squeezed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(level=1, wbits=31)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


Endpoint = Callable[[Call[Any]], Reply]
