"""Ask a service and write what it gives into a file that ``fuping source add`` takes, with its metadata beside it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from fuping.layers.connect.cache import Answer, Cache
from fuping.layers.connect.connector import BoundaryFile, Connector, Question, TidyTable
from fuping.layers.connect.errors import ConnectError
from fuping.layers.connect.http import PATIENCE, HttpClient
from fuping.layers.file_hash import file_hash
from fuping.layers.sources.vector import read_vector
from pydantic import SecretStr
from urllib3.util import Retry

__all__ = ["Collected", "collect"]


@dataclass(frozen=True)
class Collected:
    """What was written.

    Parameters
    ----------
    path, sidecar
        The file, and its metadata.
    rows
        Rows of the table, or features of the layer.
    notes
        What a reader must know.
    """

    path: Path
    sidecar: Path
    rows: int
    notes: tuple[str, ...]


def _nothing(url: str, done: int, size: int | None) -> None:
    return None


def collect(
    connector: Connector,
    options: Mapping[str, str],
    out: Path,
    *,
    cache: Cache | None = None,
    retry: Retry = PATIENCE,
    loopback: bool = False,
    progress: Callable[[str, int, int | None], None] = _nothing,
) -> Collected:
    """Ask a service and write what it gives.

    Parameters
    ----------
    options
        As the connector declares them; those not given have their default.
    out
        File to write; what stands there is replaced once the new one is whole and checked.
    cache, retry, loopback
        As :class:`fuping.layers.connect.http.HttpClient` takes them.
    progress
        Called with the address, the bytes that came and how many there are.

    Raises
    ------
    ConnectError
        An option is wrong, the key is not set, the service does not answer, or its answer cannot be used.
    TableError
        With every cell that cannot be. Nothing is written then.
    SourceError, CRSError
        A boundary file does not read.
    """
    values = connector.checked(options)
    if out.suffix.lower() not in connector.suffixes:
        raise ConnectError(
            f"{connector.id} does not write {out.name!r}.", remedy=f"End it in {' or '.join(connector.suffixes)}."
        )
    client = HttpClient(connector.declared(values), cache or Cache(), retry=retry, loopback=loopback)
    talk = connector.talk(Question(connector.base.rstrip("/"), values, _key(connector)))
    answers: list[Answer] = []
    try:
        request = next(talk)
        while True:
            url = request.shown
            answer = client.get(request, lambda done, size, url=url: progress(url, done, size))  # type: ignore[misc]
            answers.append(answer)
            request = talk.send(answer)
    except StopIteration as end:
        made: TidyTable | BoundaryFile = end.value
    return _write(connector, values, made, answers, out)


def _key(connector: Connector) -> SecretStr | None:
    if connector.key is None:
        return None
    value = os.environ.get(connector.key.variable, "").strip()
    if not value and connector.key.required:
        raise ConnectError(
            f"{connector.id} needs a key, and {connector.key.variable} is not set.",
            remedy=f"Get one at {connector.key.address} and set {connector.key.variable} to it.",
        )
    return SecretStr(value) if value else None


def _write(
    connector: Connector, values: dict[str, str], made: TidyTable | BoundaryFile, answers: list[Answer], out: Path
) -> Collected:
    out.parent.mkdir(parents=True, exist_ok=True)
    sidecar = out.with_name(f"{out.name}.metadata.json")
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".draft-") as folder:
        draft = Path(folder) / out.name
        if isinstance(made, TidyTable):
            made.rows.to_csv(draft, index=False, lineterminator="\n", encoding="utf-8")
            rows = len(made.rows)
        else:
            shutil.copyfile(made.answer.path, draft)
            rows = len(read_vector(draft, layer=made.layer, columns=list(made.columns) or None))
        found = file_hash(draft)
        stated = Path(folder) / sidecar.name
        facts = _facts(connector, values, made, answers) | {"file": out.name, "rows": rows, "sha256": found}
        stated.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", "utf-8")
        os.replace(draft, out)
        os.replace(stated, sidecar)
    return Collected(out, sidecar, rows, made.notes)


def _facts(
    connector: Connector, values: dict[str, str], made: TidyTable | BoundaryFile, answers: list[Answer]
) -> dict[str, object]:
    own = made if isinstance(made, BoundaryFile) else None
    return {
        "source": connector.id,
        "title": connector.title.model_dump(),
        "publisher": connector.publisher,
        "licence": (own and own.licence) or connector.licence,
        "citation": (own and own.citation) or connector.citation,
        "documentation": connector.documentation,
        "options": values,
        "url": answers[-1].url,
        "fetched": max(one.fetched for one in answers),
        "notes": list(made.notes),
        "answers": [
            {"url": one.url, "fetched": one.fetched, "checked": one.checked, "sha256": one.sha256, "bytes": one.size}
            for one in answers
        ],
    }
