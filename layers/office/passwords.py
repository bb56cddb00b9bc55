"""Passwords: what is refused as one, and how one is kept and checked (argon2id, as RFC 9106 advises)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from fuping.spatial.errors import FupingError

__all__ = ["SHORTEST", "PasswordError", "check_password", "hashed", "is_password", "needs_rehash"]

HASHER = PasswordHasher()

SHORTEST = 12
"""Characters of a password."""

LONGEST = 1000
"""More is hashed for nothing, by whoever wants to keep the machine busy."""


REFUSED = {
    "length": "The password has {n} characters.",
    "name": "The password is little more than the account's own name.",
    "repeats": "The password repeats a few characters.",
}
"""Why a password is refused."""


class PasswordError(FupingError):
    """A password is refused.

    Parameters
    ----------
    why
        One of :data:`REFUSED`.
    """

    def __init__(self, why: str, **values: object) -> None:
        self.why = why
        remedy = f"Choose {SHORTEST} characters or more by chance, or four words that nobody else would put together."
        super().__init__(REFUSED[why].format(**values), remedy=remedy, **values)


def check_password(name: str, password: str) -> None:
    """Check that a password may be one.

    Raises
    ------
    PasswordError
        It is too short, too long, or little more than the account's own name.
    """
    plain = _plain(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise PasswordError("length", n=len(plain))
    rest = plain.casefold().replace(name.casefold(), "")
    if len(rest) < SHORTEST and len(rest) < len(plain):
        raise PasswordError("name")
    if len(set(plain)) < SHORTEST // 3:
        raise PasswordError("repeats")


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return HASHER.hash(_plain(password))


def is_password(kept: str | None, password: str) -> bool:
    """Return whether a password is the one that was kept.

    Parameters
    ----------
    kept
        ``None`` where there is no account, or it has no password: the answer is no, and takes as long.
    """
    if len(password) > LONGEST:
        return False
    try:
        HASHER.verify(kept or _nobodys(HASHER), _plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def needs_rehash(kept: str) -> bool:
    """Return whether a hash was made with other parameters than are used now."""
    return HASHER.check_needs_rehash(kept)


@lru_cache(maxsize=2)
def _nobodys(hasher: PasswordHasher) -> str:
    return hasher.hash("of nobody")


def _plain(password: str) -> str:
    # The same characters, typed on another keyboard or in another width, are the same password.
    return unicodedata.normalize("NFKC", password)
