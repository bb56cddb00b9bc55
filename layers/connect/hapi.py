"""HDX HAPI, the Humanitarian API: pages of JSON.

Documentation: https://hdx-hapi.readthedocs.io and https://hapi.humdata.org/docs. An answer is ``{"data": [rows]}``; a
page with fewer rows than were asked for is the last. The identifier is the name of an application and an e-mail
address in base64, so it is treated as a secret.
"""

from __future__ import annotations

import pandas as pd
from fuping.layers.connect.cells import as_text, checked_rows, missing_notes, read_json
from fuping.layers.connect.connector import Connector, Key, Option, Question, Talk, TidyTable
from fuping.layers.connect.errors import ConnectError
from fuping.layers.connect.request import Request
from fuping.layers.schema.metadata import Text

__all__ = ["HAPI"]

LIMIT = 1000

CODES = {"0": "location_code", "1": "admin1_code", "2": "admin2_code"}

NUMBERS = (
    "mpi",
    "headcount_ratio",
    "intensity_of_deprivation",
    "vulnerable_to_poverty",
    "in_severe_poverty",
    "population",
    "population_in_phase",
    "population_fraction_in_phase",
)


def _talk(question: Question) -> Talk:
    sent: list[dict] = []
    while True:
        query: dict = {"location_code": question["country"], "output_format": "json"}
        query |= {"limit": str(LIMIT), "offset": str(len(sent))}
        query |= {"app_identifier": question.key} if question.key else {}
        answer = yield Request(f"{question.base}/api/v2/{question['theme']}", query)
        content = read_json(answer)
        page = content.get("data") if isinstance(content, dict) else None
        if not isinstance(page, list) or not all(isinstance(row, dict) for row in page):
            raise ConnectError(f'{answer.url} answers with JSON without rows in "data".', remedy="Check the theme.")
        if len(page) > LIMIT:
            raise ConnectError(
                f"{answer.url} sends {len(page)} rows; {LIMIT} were asked for.",
                remedy="The service does not page as it says: nothing was written.",
            )
        sent += page
        if len(page) < LIMIT:
            break
    rows = pd.DataFrame([{name: as_text(cell) for name, cell in row.items()} for row in sent], dtype=str).fillna("")
    if not rows.empty:
        absent = {"reference_period_end", "location_code"} - set(rows.columns)
        if absent:
            raise ConnectError(f"{answer.url} sends no {', '.join(sorted(absent))}.", remedy="Check the theme.")
        rows.insert(0, "code", _codes(rows))
        rows.insert(1, "year", rows["reference_period_end"].str[:4])
    numbers = [name for name in NUMBERS if name in rows]
    rows = checked_rows(rows, answer, numbers=numbers, year="year", key=list(rows.columns))
    notes = ["year is that in which the reference period ends; code is that of the row's own level."]
    return TidyTable(rows, (*notes, *missing_notes(rows, ["code", *numbers])))


def _codes(rows: pd.DataFrame) -> pd.Series:
    """Return each row's code at its own level; the country's where the service names no level."""
    if "admin_level" not in rows:
        return rows["location_code"]
    codes = pd.Series("", index=rows.index)
    for level, column in CODES.items():
        if column in rows:
            codes = codes.mask(rows["admin_level"].eq(level), rows[column])
    return codes


HAPI = Connector(
    id="hapi",
    title=Text(en="HDX HAPI: the Humanitarian API", zh="HDX HAPI：人道主义数据接口"),
    publisher="UN OCHA Centre for Humanitarian Data",
    licence="differs by dataset; see resource_hdx_id on data.humdata.org",
    citation="UN OCHA Centre for Humanitarian Data, HDX HAPI.",
    documentation="https://hdx-hapi.readthedocs.io",
    base="https://hapi.humdata.org",
    form="table",
    suffixes=(".csv",),
    options=(
        Option("country", Text(en="ISO code of three letters: AFG", zh="三字母ISO代码：AFG"), "[A-Z]{3}"),
        Option(
            "theme",
            Text(en="path of the theme", zh="主题路径"),
            "[a-z0-9-]+/[a-z0-9-]+",
            "food-security-nutrition-poverty/poverty-rate",
        ),
    ),
    talk=_talk,
    key=Key("FUPING_HAPI_ID", "https://hapi.humdata.org/docs#/Generate%20App%20Identifier", required=True),
)
