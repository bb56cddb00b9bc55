"""The one way in which anything is read from the web.

Of urllib3 come the connection, TLS, timeouts and :class:`urllib3.util.Retry` (what is tried again, the growing and
random wait, ``Retry-After``). Here are the guard of every hop, the transfer that goes on where it broke, the cache and
the messages. Proxies, ``.netrc`` and cookies are not used.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from urllib.parse import urljoin

from fuping.layers.connect.cache import Answer, Cache, Part
from fuping.layers.connect.errors import ConnectError
from fuping.layers.connect.guard import Target, check_target
from fuping.layers.connect.request import Request
from fuping.layers.file_hash import file_hash
from fuping.spatial.wording import worded
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    InvalidHeader,
    MaxRetryError,
    NewConnectionError,
    SSLError,
)
from urllib3.util import Retry

__all__ = ["PATIENCE", "HttpClient"]

PATIENCE = Retry(
    total=5,
    status_forcelist=(408, 425, 429, 500, 502, 503, 504),
    backoff_factor=0.5,
    backoff_jitter=0.5,
    backoff_max=60,
)
"""Five tries more: at once, then after 1, 2, 4 and 8 s and up to half a second by chance, or as long as asked."""

LONGEST_WAIT = 120.0
"""Seconds of ``Retry-After`` that are waited; a service that asks for more is left alone."""

MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
BLOCK = 2**16


def _nothing(done: int, size: int | None) -> None:
    return None


class _PassingError(Exception):
    """A try that failed in a way that may pass."""

    def __init__(self, why: str, *, answer: BaseHTTPResponse | None = None) -> None:
        self.why = why
        self.answer = answer
        super().__init__(why)


@dataclass(frozen=True)
class HttpClient:
    """Read addresses of the declared hosts.

    Parameters
    ----------
    hosts
        The only hosts asked, redirects included; any on the public internet where ``None``, which is for bytes whose
        hash is known.
    cache
        Where answers are kept.
    retry
        What is tried again and how long is waited between.
    timeout
        Of the connection and of every single read, in seconds.
    largest
        Bytes that an answer may have.
    loopback
        Allow this machine, and http to it: for tests.
    tls
        Certificates that are believed; the system's where not given.
    """

    hosts: Collection[str] | None
    cache: Cache
    retry: Retry = PATIENCE
    timeout: Timeout = field(default_factory=lambda: Timeout(connect=15, read=60))
    largest: int = 2**30
    loopback: bool = False
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def get(self, request: Request, progress: Callable[[int, int | None], None] = _nothing) -> Answer:
        """Return what stands at an address now.

        Where the bytes are kept from before, the service is asked only whether they changed.

        Parameters
        ----------
        progress
            Called with the bytes that came and how many there are, where the service says so.

        Raises
        ------
        ConnectError
            The address is not allowed, the service does not answer or refuses, sends too much, or the bytes are not
            those that were declared. What was kept before stays.
        """
        held = self.cache.held(request)
        retry = self.retry
        with self.cache.part(request) as part, _unlogged(request):
            while True:
                try:
                    return self._once(request, held, part, progress)
                except _PassingError as failure:
                    retry = _wait(retry, request, failure)

    def _once(self, request: Request, held: Answer | None, part: Part, progress: Callable) -> Answer:
        answer = self._follow(request, _conditions(held, part))
        try:
            if answer.status == 304 and held is not None:
                _check_hash(request, held.sha256)
                return self.cache.keep(request, replace(held, checked=_now()))
            if answer.status == 416:
                part.clear()
                raise _PassingError("the service has no such part of the file any more")
            if answer.status in self.retry.status_forcelist:
                raise _PassingError(f"status {answer.status}", answer=answer)
            if answer.status not in (200, 206):
                raise ConnectError(
                    worded(
                        "{address} answers with status {status}{said}.",
                        address=request.shown,
                        status=answer.status,
                        said=_said(request, answer),
                    ),
                    remedy=worded("Check the options and, where the service asks for one, the key."),
                    status=answer.status,
                )
            self._receive(request, answer, part, progress)
            return self._finish(request, answer, part)
        except HTTPError as error:
            raise _PassingError(_plain(request, error)) from None
        finally:
            answer.close()

    def _follow(self, request: Request, headers: Mapping[str, str]) -> BaseHTTPResponse:
        address = request.address
        for _ in range(MOST_REDIRECTS + 1):
            try:
                target = check_target(address, self.hosts, loopback=self.loopback)
            except ConnectError as error:
                raise ConnectError(
                    worded("{address}: {why}", address=request.shown, why=error.message),
                    remedy=error.remedy,
                    **error.values,
                ) from None
            except OSError as error:
                raise _PassingError(f"the name of the host does not resolve ({error.strerror})") from None
            answer = self._send(request, target, headers)
            if answer.status not in REDIRECTS:
                return answer
            answer.close()
            try:
                address = urljoin(address, answer.headers.get("Location", ""))
            except ValueError:
                raise ConnectError(
                    worded("{address} redirects to what is no address on the web.", address=request.shown),
                    remedy=worded("Check the address."),
                ) from None
        raise ConnectError(
            worded("{address} redirects more than {most} times.", address=request.shown, most=MOST_REDIRECTS),
            remedy=worded("Check the address."),
        )

    def _send(self, request: Request, target: Target, headers: Mapping[str, str]) -> BaseHTTPResponse:
        failure: Exception | None = None
        name = f"[{target.host}]" if ":" in target.host else target.host
        host = name if target.port in (80, 443) else f"{name}:{target.port}"
        sent = {"Host": host, "User-Agent": f"fuping/{version('fuping')}", "Accept-Encoding": "identity", **headers}
        for address in target.addresses:
            try:
                return self._pool(target, address).urlopen(
                    "GET",
                    target.path,
                    headers=sent,
                    retries=False,
                    redirect=False,
                    assert_same_host=False,
                    preload_content=False,
                )
            except (NewConnectionError, ConnectTimeoutError) as error:
                failure = error
            except SSLError as error:
                raise ConnectError(
                    worded(
                        "{address}: the connection to {host} is not secure: {why}",
                        address=request.shown,
                        host=target.host,
                        why=_plain(request, error),
                    ),
                    remedy=worded("Check this machine's clock and certificates; nothing was sent."),
                ) from None
            except HTTPError as error:
                raise _PassingError(_plain(request, error)) from None
        raise _PassingError(_plain(request, failure))

    def _pool(self, target: Target, address: str) -> HTTPConnectionPool:
        if target.scheme == "http":
            return HTTPConnectionPool(address, target.port, timeout=self.timeout, retries=False)
        return HTTPSConnectionPool(
            address,
            target.port,
            timeout=self.timeout,
            retries=False,
            ssl_context=self.tls,
            server_hostname=target.host,
            assert_hostname=target.host,
        )

    def _receive(self, request: Request, answer: BaseHTTPResponse, part: Part, progress: Callable) -> None:
        if answer.status == 206:
            begins = answer.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
            if begins != str(part.size):
                part.clear()
                raise _PassingError(f"the service goes on at byte {begins or '?'}, another than was asked")
        else:
            part.begin(_validator(answer))
        done = part.size
        length = answer.headers.get("Content-Length", "")
        size = done + int(length) if length.isdecimal() else None
        if size is not None and size > self.largest:
            part.clear()
            raise self._too_large(request, f"{size:,}")
        with part.path.open("ab") as file:
            while block := answer.read1(BLOCK, decode_content=True):  # type: ignore[attr-defined]
                done += len(block)
                if done > self.largest:
                    part.clear()
                    raise self._too_large(request, f"more than {self.largest:,}")
                file.write(block)
                progress(done, size)

    def _too_large(self, request: Request, size: str) -> ConnectError:
        return ConnectError(
            worded(
                "{address} sends {size} bytes; at most {largest:,} are taken.",
                address=request.shown,
                size=size,
                largest=self.largest,
            ),
            remedy=worded("Ask for less: fewer units, years or variables."),
        )

    def _finish(self, request: Request, answer: BaseHTTPResponse, part: Part) -> Answer:
        found = file_hash(part.path)
        try:
            _check_hash(request, found)
        except ConnectError:
            part.clear()
            raise
        came = Answer(
            path=part.path,
            url=request.shown,
            sha256=found,
            size=part.size,
            fetched=_now(),
            checked=_now(),
            etag=answer.headers.get("ETag", ""),
            last_modified=answer.headers.get("Last-Modified", ""),
        )
        return self.cache.keep(request, came)


def _conditions(held: Answer | None, part: Part) -> dict[str, str]:
    """Return the headers that ask for the rest of a transfer, else only for what changed."""
    if part.size and part.validator:
        return {"Range": f"bytes={part.size}-", "If-Range": part.validator}
    if held is None:
        return {}
    asked = {"If-None-Match": held.etag, "If-Modified-Since": held.last_modified}
    return {name: value for name, value in asked.items() if value}


def _validator(answer: BaseHTTPResponse) -> str:
    """Return what identifies the bytes exactly: a strong entity tag, else the date (RFC 9110, section 13.1.5)."""
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        return ""
    tag = answer.headers.get("ETag", "")
    return tag if tag.startswith('"') else answer.headers.get("Last-Modified", "") if not tag else ""


def _wait(retry: Retry, request: Request, failure: _PassingError) -> Retry:
    try:
        asked = retry.get_retry_after(failure.answer) if failure.answer is not None else None
    except InvalidHeader:
        asked = None
    if asked is not None and asked > LONGEST_WAIT:
        raise ConnectError(
            worded(
                "{address} asks to wait {asked:.0f} s ({why}).", address=request.shown, asked=asked, why=failure.why
            ),
            remedy=worded("Try again after that."),
        ) from None
    try:
        following = retry.increment("GET", request.shown, error=HTTPError(failure.why))
    except MaxRetryError:
        raise ConnectError(
            worded(
                "{address} does not answer: {why}, {times} times.",
                address=request.shown,
                why=failure.why,
                times=len(retry.history) + 1,
            ),
            remedy=worded("Check the connection, or try again later; what came so far is kept."),
        ) from None
    following.sleep(failure.answer if asked else None)
    return following


def _check_hash(request: Request, found: str) -> None:
    if request.sha256 is not None and request.sha256 != found:
        raise ConnectError(
            worded(
                "The bytes of {address} have sha256 {found}; {wanted} was asked for.",
                address=request.shown,
                found=found,
                wanted=request.sha256,
            ),
            remedy=worded("Check the address and the hash; nothing was kept."),
        )


def _said(request: Request, answer: BaseHTTPResponse) -> str:
    """Quote the beginning of what a service says about a refusal, unless it is a page."""
    try:
        text = answer.read(300, decode_content=True).decode("utf-8", "replace").strip()
    except HTTPError:
        return ""
    return "" if not text or text.startswith("<") else f": {request.hide(' '.join(text.split()))[:200]}"


def _plain(request: Request, error: Exception | None) -> str:
    """Return what went wrong, without the objects that urllib3 names and without secrets."""
    text = str(error).rpartition("): ")[2] or type(error).__name__
    return request.hide(text)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def _unlogged(request: Request) -> Iterator[None]:
    """Take the secrets of a request out of what urllib3 logs of it."""

    def clean(record: logging.LogRecord) -> bool:
        record.msg, record.args = request.hide(record.getMessage()), ()
        return True

    logger = logging.getLogger("urllib3.connectionpool")
    logger.addFilter(clean)
    try:
        yield
    finally:
        logger.removeFilter(clean)
