"""A request to a service, whose secrets are never shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from pydantic import SecretStr

__all__ = ["Request"]

HIDDEN = "***"


@dataclass(frozen=True)
class Request:
    """One address to read.

    Parameters
    ----------
    url
        The address without its query.
    query
        What stands after the question mark, in this order; a secret is a :class:`pydantic.SecretStr`.
    sha256
        Of the bytes that must come, where it is known beforehand.

    Examples
    --------
    >>> request = Request("https://example.org/data", {"get": "NAME", "key": SecretStr("abc")})
    >>> request.shown, request.hide("no such key: abc")
    ('https://example.org/data?get=NAME&key=***', 'no such key: ***')
    """

    url: str
    query: Mapping[str, str | SecretStr] = field(default_factory=dict)
    sha256: str | None = None

    @property
    def address(self) -> str:
        """The whole address, secrets included: to be sent, never to be written down."""
        return self._with({name: _open(value) for name, value in self.query.items()})

    @property
    def shown(self) -> str:
        """The address as messages, files and the cache may have it."""
        return self._with({name: HIDDEN if isinstance(v, SecretStr) else v for name, v in self.query.items()})

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secret values as given and as they stand in an address, the longest first."""
        given = {_open(value) for value in self.query.values() if isinstance(value, SecretStr)} - {""}
        forms = given | {quote(one, safe="") for one in given} | {urlencode({"": one})[1:] for one in given}
        return tuple(sorted(forms, key=len, reverse=True))

    def hide(self, text: str) -> str:
        """Return a text without the secrets that it may repeat."""
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def _with(self, query: Mapping[str, str]) -> str:
        return f"{self.url}?{urlencode(query, safe='*:,')}" if query else self.url


def _open(value: str | SecretStr) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else value
