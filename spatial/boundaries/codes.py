"""Unit codes as text of one width, whatever a spreadsheet made of them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd

__all__ = ["NormalisedCodes", "normalise_codes"]

EXACT = 2**53
"""Above it a float no longer tells neighbouring integers apart, so a code read from one may be another's."""

NOT_A_CODE = ["", "nan", "NaN", "None", "NULL", "<NA>"]
"""What programs write into an empty cell."""

DECIMAL = r"[-+]?[0-9]*\.[0-9]*([eE][-+]?[0-9]+)?|[0-9]+[eE]\+?[0-9]+"
"""A number that is not written as digits alone."""


@dataclass(frozen=True)
class NormalisedCodes:
    """Codes as they should be, and what was done to each.

    Parameters
    ----------
    codes
        str, on the index of the input; ``""`` where no code could be read.
    reason
        ``""``, ``"missing_code"`` or ``"format"``.
    changed
        bool; the code was written otherwise in the input.
    was_float, was_short
        bool; written as a float, or without its leading zeros.
    """

    codes: pd.Series
    reason: pd.Series
    changed: pd.Series
    was_float: pd.Series
    was_short: pd.Series

    def notes(self) -> list[str]:
        """Return what was mended, with counts."""
        told = []
        for mask, text in ((self.was_float, "written as floats"), (self.was_short, "without their leading zeros")):
            if count := int(mask.sum()):
                told.append(f"{count} codes {text}")
        return told


def normalise_codes(codes: pd.Series, *, width: int, pattern: str | None = None) -> NormalisedCodes:
    """Bring codes to text of one width.

    Blanks, an apostrophe in front (Excel's mark of text) and full-width digits are put right; ``130624.0`` and
    ``1.30624E+05`` are whole numbers and become ``130624``; digits shorter than ``width`` get their leading zeros
    back. Nothing is cut or rounded: a fraction, ``1.1E+11`` (whose last digits a spreadsheet did not write), or a
    code that then does not match, is of the wrong format.

    Parameters
    ----------
    codes
        Text, integers or floats, any length.
    width
        Characters of a code.
    pattern
        Regular expression that a whole code matches; where it is given, it decides instead of the width, and text
        that matches it stays as it is.

    Examples
    --------
    >>> read = normalise_codes(pd.Series(["1001", "01003.0", "", "1.5"]), width=5)
    >>> read.codes.tolist(), read.reason.tolist()
    (['01001', '01003', '', ''], ['', '', 'missing_code', 'format'])
    """
    given = codes.astype("string").fillna("")
    if pattern is None and _matches(given, f"[0-9]{{{width}}}").all():
        return _as_they_are(given.astype(str))
    text = given.map(lambda one: unicodedata.normalize("NFKC", one)).astype("string")
    text = text.str.strip().str.removeprefix("'").str.strip()
    good = pd.Series(False, index=codes.index) if pattern is None else _matches(text, pattern)
    missing = ~good & text.isin(NOT_A_CODE)
    decimal = ~good & _matches(text, DECIMAL)
    number = pd.to_numeric(text.where(decimal), errors="coerce").astype(float)
    whole = decimal & number.eq(np.floor(number)) & number.lt(EXACT) & _written_out(text)
    text = text.mask(whole, number.where(whole).astype("Int64").astype("string"))
    short = ~good & _matches(text, "[0-9]+") & text.str.len().lt(width)
    text = text.where(~short, text.str.zfill(width))
    fits = text.str.len().eq(width) & ~_matches(text, DECIMAL) if pattern is None else _matches(text, pattern)
    wrong = ~missing & ~fits.astype(bool)
    reason = pd.Series(np.select([missing, wrong], ["missing_code", "format"], ""), index=codes.index)
    final = text.mask(missing | wrong, "").astype(str)
    return NormalisedCodes(
        codes=final,
        reason=reason,
        changed=final.ne(given) & final.ne(""),
        was_float=whole & final.ne(""),
        was_short=short & final.ne(""),
    )


def _as_they_are(codes: pd.Series) -> NormalisedCodes:
    no = pd.Series(False, index=codes.index)
    return NormalisedCodes(codes, pd.Series("", index=codes.index), changed=no, was_float=no, was_short=no)


def _matches(text: pd.Series, pattern: str) -> pd.Series:
    return text.str.fullmatch(pattern).astype(bool)


def _written_out(text: pd.Series) -> pd.Series:
    """Tell whether scientific notation has a digit for every place of the number."""
    parts = text.str.extract(r"\.?([0-9]*)[eE]\+?([0-9]+)$")
    return parts[1].isna() | parts[0].str.len().ge(pd.to_numeric(parts[1])).fillna(False).astype(bool)
