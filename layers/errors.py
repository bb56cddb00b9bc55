"""Errors of the data side: faults of a pack, sources that cannot be read, stores that are not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from fuping.spatial.errors import FupingError
from fuping.spatial.wording import Worded, worded

__all__ = ["Fault", "NotBuiltError", "PackError", "RefusedError", "SourceError", "StoreError", "TableError"]


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one file.

    Parameters
    ----------
    file
        Path of the file, relative to the pack where it lies in one.
    place
        Where in it: ``row 12`` (the header is row 1) or ``[[source]] 3 (saipe)``; empty for the whole file.
    found, expected, remedy
        What is there, what should be, and what to do.
    """

    file: str
    place: str
    found: str
    expected: str
    remedy: str = ""

    def __str__(self) -> str:
        return str(self.told)

    @property
    def told(self) -> Worded:
        """All of it in one text."""
        where = worded("{file}, {place}", file=self.file, place=self.place) if self.place else self.file
        text = worded(
            "{where}: found {found}; expected {expected}.",
            where=where,
            found=_short(self.found),
            expected=_short(self.expected),
        )
        return worded("{what} {remedy}", what=text, remedy=self.remedy) if self.remedy else text


def _short(text: str, most: int = 500) -> str:
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"


class _FaultsError(FupingError):
    """An error that carries every fault that was found, not only the first."""

    shown = 20

    def __init__(self, subject: str, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [f"  {fault}" for fault in self.faults[: self.shown]]
        if len(self.faults) > self.shown:
            lines.append(f"  … and {len(self.faults) - self.shown} more")
        noun = "fault" if len(self.faults) == 1 else "faults"
        super().__init__(f"{subject}: {len(self.faults)} {noun}, nothing was changed.\n" + "\n".join(lines))


class PackError(_FaultsError):
    """A pack's declarations or tables are faulty; the pack is refused whole."""


class TableError(_FaultsError):
    """A table cannot be read as declared; the table is refused whole."""


class SourceError(FupingError):
    """A source's bytes are absent, or are not the bytes that were declared."""


class NotBuiltError(FupingError):
    """The store holds no build of a pack."""


class StoreError(FupingError):
    """A store cannot be opened, or refuses what is asked of it."""


class RefusedError(FupingError):
    """What a person asks for is refused for a reason that has a name, so that a page can tell it in its language.

    Parameters
    ----------
    why
        One of :attr:`reasons`.
    """

    reasons: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """What is wrong, and what to do, by the name of the reason."""

    def __init__(self, why: str, **values: object) -> None:
        told, remedy = self.reasons[why]
        self.why = why
        super().__init__(told.format(**values), remedy=remedy.format(**values), **values)
