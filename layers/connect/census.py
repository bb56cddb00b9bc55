"""What the Census Bureau's data API answers with: a JSON array of rows, the first of which is the header.

Source: US Census Bureau, *Census Data API User Guide* (2021), "Response Format – JSON"; *Notes on ACS estimate and
annotation values* for the numbers that stand for words.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from fuping.layers.connect.cache import Answer
from fuping.layers.connect.cells import as_text, read_json
from fuping.layers.connect.connector import Key
from fuping.layers.connect.errors import ConnectError

__all__ = ["ANNOTATIONS", "GEOGRAPHIES", "KEY", "codes_of", "read_array"]

KEY = Key("FUPING_CENSUS_KEY", "https://api.census.gov/data/key_signup.html", required=False)

GEOGRAPHIES = {"us": ("us",), "state": ("state",), "county": ("state", "county"), "tract": ("state", "county", "tract")}
"""Level → columns of the answer whose texts, in this order, are the code."""

ANNOTATIONS = {
    "-999999999": "too few sample cases to show the figure",
    "-888888888": "not applicable or not available",
    "-666666666": "too few sample observations to compute the figure",
    "-555555555": "the estimate is controlled, so it has no margin of error",
    "-333333333": "the median lies in the lowest or highest class of an open-ended distribution",
    "-222222222": "too few sample observations to compute the margin of error",
}
"""Numbers that the API writes where there is no figure, and what each means."""


def read_array(answer: Answer, columns: Sequence[str]) -> pd.DataFrame:
    """Read an array of rows as text.

    Parameters
    ----------
    columns
        Those that were asked for; each must be there.

    Raises
    ------
    ConnectError
        It is not an array of rows of one length, or lacks a column.
    """
    remedy = f"The key may be missing or wrong: get one at {KEY.address} and set {KEY.variable}."
    content = read_json(answer, remedy=remedy)
    if not isinstance(content, list) or not all(isinstance(row, list) for row in content) or not content:
        raise ConnectError(f"{answer.url} answers with JSON that is no array of rows.", remedy=remedy)
    header = [as_text(name) for name in content[0]]
    absent = [name for name in columns if name not in header]
    if absent:
        raise ConnectError(
            f"{answer.url} sends no column {', '.join(absent)}.", remedy=f"It sends: {', '.join(header)}."
        )
    short = next((n for n, row in enumerate(content[1:], 1) if len(row) != len(header)), None)
    if short is not None:
        raise ConnectError(
            f"{answer.url}: row {short} has {len(content[short])} cells; the header has {len(header)}.",
            remedy="Try again: the answer may have come damaged.",
        )
    return pd.DataFrame([[as_text(cell) for cell in row] for row in content[1:]], columns=header, dtype=str)


def codes_of(rows: pd.DataFrame, level: str) -> pd.Series:
    """Return the code of every row: the codes of its levels one after the other, ``US`` for the country.

    Examples
    --------
    >>> codes_of(pd.DataFrame({"state": ["01"], "county": ["003"]}), "county").tolist()
    ['01003']
    """
    code = pd.Series("US" if level == "us" else "", index=rows.index, dtype=str)
    for part in GEOGRAPHIES[level] if level != "us" else ():
        code = code + rows[part]
    return code
