"""A connector: one service, described by what it is asked and how its answers are read; it does no input or output.

What it asks is a generator: it yields a :class:`~fuping.layers.connect.request.Request`, is sent the
:class:`~fuping.layers.connect.cache.Answer`, and returns what it made of them. So a page can depend on the one before,
and a connector can be tested without a network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from fuping.layers.connect.cache import Answer
from fuping.layers.connect.errors import ConnectError
from fuping.layers.connect.guard import host_of
from fuping.layers.connect.request import Request
from fuping.layers.schema.metadata import Text
from pydantic import SecretStr

__all__ = ["BoundaryFile", "Connector", "Key", "Option", "Question", "Talk", "TidyTable"]


@dataclass(frozen=True)
class TidyTable:
    """A table as ``fuping source add`` takes it.

    Parameters
    ----------
    rows
        One row for each unit and year (and whatever else the service tells apart); cells are text as the service
        wrote them, ``""`` where it gives none.
    notes
        What a reader must know: what is missing and why, in numbers.
    """

    rows: pd.DataFrame
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoundaryFile:
    """A file of polygons as the service sends it.

    Parameters
    ----------
    answer
        Its bytes.
    columns
        Columns that it must have; those of codes and names.
    layer
        Layer that must have them, of a file with several.
    licence, citation
        Where they differ from file to file.
    notes
        What a reader must know.
    """

    answer: Answer
    columns: tuple[str, ...] = ()
    layer: str | None = None
    licence: str | None = None
    citation: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What the user asks of a service.

    Parameters
    ----------
    base
        Address of the service, without a slash at the end.
    options
        Every option of the connector, checked.
    key
        The user's key, where there is one.
    """

    base: str
    options: Mapping[str, str]
    key: SecretStr | None = None

    def __getitem__(self, name: str) -> str:
        """Return the value of an option."""
        return self.options[name]


Talk = Generator[Request, Answer, TidyTable | BoundaryFile]


@dataclass(frozen=True)
class Option:
    """Something to be chosen; ``default`` None where the user must choose.

    ``pattern`` is a regular expression of whole values.
    """

    name: str
    meaning: Text
    pattern: str
    default: str | None = None


@dataclass(frozen=True)
class Key:
    """A key of the user's own: the environment variable it is read from, and where one gets it."""

    variable: str
    address: str
    required: bool


@dataclass(frozen=True)
class Connector:
    """One service.

    Parameters
    ----------
    id
        As it is named on the command line.
    title, publisher, licence, citation
        Credit, written into the metadata.
    documentation
        Page that describes the service.
    base
        Address of the service.
    form
        ``"table"`` or ``"boundary"``.
    suffixes
        Endings that the file may have.
    talk
        What is asked, and what is made of the answers.
    hosts
        Others than that of ``base``: where files lie, where redirects lead.
    open_option
        Option whose address names one more host; for files that the user names.
    """

    id: str
    title: Text
    publisher: str
    licence: str
    citation: str
    documentation: str
    base: str
    form: Literal["table", "boundary"]
    suffixes: tuple[str, ...]
    options: tuple[Option, ...]
    talk: Callable[[Question], Talk]
    hosts: tuple[str, ...] = ()
    key: Key | None = None
    open_option: str | None = None

    def checked(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return every option with the value given or its default.

        Raises
        ------
        ConnectError
            With every fault: options that there are not, that are missing, and values that cannot be.
        """
        known = {option.name: option for option in self.options}
        faults = [f"there is no option {name!r}" for name in given if name not in known]
        values: dict[str, str] = {}
        for name, option in known.items():
            value = given.get(name, option.default)
            if value is None:
                faults.append(f"{name} is not given ({option.meaning.en})")
            elif not re.fullmatch(option.pattern, value):
                faults.append(f"{name} is {value!r} ({option.meaning.en})")
            else:
                values[name] = value
        if faults:
            usage = " ".join(f"--option {one.name}=…" for one in self.options)
            raise ConnectError(f"{self.id}: {'; '.join(faults)}.", remedy=f"Options: {usage}")
        return values

    def declared(self, options: Mapping[str, str]) -> frozenset[str]:
        """Return the hosts that may be asked."""
        own = [host_of(self.base)] if self.base else []
        named = [host_of(options[self.open_option])] if self.open_option else []
        return frozenset([*own, *self.hosts, *named])
