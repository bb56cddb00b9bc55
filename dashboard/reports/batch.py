"""Reports of many units, one file each: a file is complete or not there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from fuping.dashboard.reports.links import FORMS, Form
from fuping.spatial.errors import FupingError

__all__ = ["checked_form", "report_name", "write_files"]


def checked_form(form: str) -> Form:
    """Return a format that a report can have.

    Raises
    ------
    FupingError
        It is another.
    """
    for one in FORMS:
        if form == one:
            return one
    raise FupingError(f"There is no report as {form!r}.", remedy=f"Formats: {', '.join(FORMS)}.", form=form)


def report_name(pack: str, code: str, language: str, form: Form) -> str:
    """Return a report's file name.

    >>> report_name("cn", "130624", "zh", "pdf")
    'cn_130624_zh.pdf'
    """
    return f"{pack}_{code}_{language}.{form}"


def write_files(names: Sequence[tuple[str, str]], make: Callable[[str], bytes], folder: Path) -> Iterator[Path]:
    """Write a file for each unit and yield its path; whatever stops it, no half file stays.

    Parameters
    ----------
    names
        Code of each unit and its file name.
    make
        Gives the bytes of a unit's report.
    folder
        Made where it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for code, name in names:
        draft = folder / f".{name}.{os.getpid()}"
        try:
            draft.write_bytes(make(code))
            os.replace(draft, folder / name)
        finally:
            with suppress(FileNotFoundError):
                draft.unlink()
        yield folder / name
