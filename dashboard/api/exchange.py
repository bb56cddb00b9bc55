"""What goes in and out of an endpoint: the request as far as it matters, and the answer; no framework."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from fuping.layers.schema.metadata import Text

__all__ = [
    "CSV",
    "GEOJSON",
    "JSON",
    "MVT",
    "OPENAPI",
    "PARQUET",
    "SCHEMA",
    "Answer",
    "Asked",
    "Link",
    "answer",
    "dumped",
]

JSON = "application/json"
GEOJSON = "application/geo+json"
SCHEMA = "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
CSV = "text/csv; charset=utf-8"
PARQUET = "application/vnd.apache.parquet"
MVT = "application/vnd.mapbox-vector-tile"

Link = dict[str, Any]


class Answer(NamedTuple):
    """Status, headers and body."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Asked:
    """A request.

    Parameters
    ----------
    root
        Address of the API, without a slash at its end.
    path
        Below the root, with a slash in front, percent-encoded.
    query
        Names and values as they were sent.
    language
        ``en`` or ``zh``.
    media
        The media type that was settled on.
    """

    root: str
    path: str
    query: tuple[tuple[str, str], ...]
    language: str
    media: str

    def link(self, rel: str, *path: str, title: Text | None = None, media: str = JSON, **query: str) -> Link:
        """Return a link below the root; the parts of its path are percent-encoded here."""
        href = "/".join((self.root, *(quote(part, safe="{}") for part in path)))
        made = {"rel": rel, "type": media, "href": f"{href}?{urlencode(query)}" if query else href}
        return made | ({"title": title.in_(self.language)} if title else {})

    def again(self, rel: str, *, media: str | None = None, **changes: str) -> Link:
        """Return a link to the same resource with some parameters set anew."""
        query = [pair for pair in self.query if pair[0] not in changes] + list(changes.items())
        href = f"{self.root}{self.path}" + (f"?{urlencode(query)}" if query else "")
        return {"rel": rel, "type": media or self.media, "href": href}

    def pages(self, *, offset: int, limit: int, total: int) -> list[Link]:
        """Return the links to the resource itself and to the pages before and after."""
        links = [self.again("self")]
        if offset + limit < total:
            links.append(self.again("next", limit=str(limit), offset=str(offset + limit)))
        if offset > 0:
            links.append(self.again("prev", limit=str(limit), offset=str(max(0, min(offset, total) - limit))))
        return links


def dumped(content: Any) -> bytes:
    """Return JSON in UTF-8; what is no number is refused by the writer, so it must be ``None`` by then."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def answer(
    asked: Asked,
    content: Any,
    *,
    links: Iterable[Link] = (),
    headers: Mapping[str, str] | None = None,
    status: int = 200,
) -> Answer:
    """Return content as JSON, or bytes as they are; ``links`` become the ``Link`` header too."""
    body = content if isinstance(content, bytes) else dumped(content)
    sent = {"Content-Type": asked.media, "Content-Language": asked.language, **(headers or {})}
    header = ", ".join(f'<{link["href"]}>; rel="{link["rel"]}"; type="{link["type"]}"' for link in links)
    return Answer(status, sent | ({"Link": header} if header else {}), body)
