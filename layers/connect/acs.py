"""American Community Survey, 5-year estimates: detailed, subject and profile tables.

Documentation: https://www.census.gov/data/developers/data-sets/acs-5year.html.
"""

from __future__ import annotations

from fuping.layers.connect.cells import checked_rows, missing_notes
from fuping.layers.connect.census import ANNOTATIONS, GEOGRAPHIES, KEY, codes_of, read_array
from fuping.layers.connect.connector import Connector, Option, Question, Talk, TidyTable
from fuping.layers.connect.errors import ConnectError
from fuping.layers.connect.request import Request
from fuping.layers.schema.metadata import Text

__all__ = ["ACS"]

MOST_VARIABLES = 49
"""The API takes 50 in a request, the name among them."""

GROUPS = {"B": "acs5", "C": "acs5", "S": "acs5/subject", "D": "acs5/profile"}


def _talk(question: Question) -> Talk:
    variables = question["variables"].split(",")
    folders = {GROUPS[one[0]] for one in variables}
    level, state, year = question["level"], question["state"], question["year"]
    if len(folders) != 1 or len(variables) > MOST_VARIABLES or len(set(variables)) != len(variables):
        raise ConnectError(
            f"{question['variables']} are {len(variables)} variables of {len(folders)} groups of tables.",
            remedy=f"Ask for at most {MOST_VARIABLES} different ones, all of B and C, of S, or of DP tables.",
        )
    if level == "tract" and state == "*":
        raise ConnectError("Tracts are given for one state at a time.", remedy="Add --option state=06, say.")
    parts = GEOGRAPHIES[level]
    query: dict = {"get": ",".join(["NAME", *variables]), "for": f"{level}:{state if level == 'state' else '*'}"}
    if level in ("county", "tract"):
        query["in"] = f"state:{state}"
    if question.key:
        query["key"] = question.key
    answer = yield Request(f"{question.base}/data/{year}/acs/{folders.pop()}", query)
    sent = read_array(answer, ["NAME", *variables, *parts])
    rows = sent.rename(columns={"NAME": "name"}).assign(fips=codes_of(sent, level), year=year)[
        ["fips", "name", "year", *variables]
    ]
    notes = []
    for name in variables:
        for number, meaning in ANNOTATIONS.items():
            if n := int((is_word := rows[name].str.removesuffix(".0").eq(number)).sum()):
                rows[name] = rows[name].mask(is_word, "")
                notes.append(f"{name}: {number} in {n} of {len(rows)} rows left empty: {meaning}")
    rows = checked_rows(rows, answer, numbers=variables, year="year", key=["fips"])
    first = f"Each figure is of the five years {int(year) - 4} to {year}."
    return TidyTable(rows, (first, *notes, *missing_notes(rows, variables)))


ACS = Connector(
    id="acs",
    title=Text(en="American Community Survey, 5-year estimates", zh="美国社区调查五年估计（ACS）"),
    publisher="US Census Bureau",
    licence="Public domain",
    citation="US Census Bureau, American Community Survey 5-Year Estimates, data API.",
    documentation="https://www.census.gov/data/developers/data-sets/acs-5year.html",
    base="https://api.census.gov",
    form="table",
    suffixes=(".csv",),
    options=(
        Option("year", Text(en="last of the five years, 2022 say", zh="五年的末年，如2022"), r"20\d{2}"),
        Option(
            "variables",
            Text(en="such as B17001_001E,B17001_002E", zh="如B17001_001E,B17001_002E"),
            r"(?:(?:B|C|S|DP)\w+)(?:,(?:B|C|S|DP)\w+)*",
        ),
        Option(
            "level",
            Text(en="us, state, county or tract", zh="us、state、county或tract"),
            "|".join(GEOGRAPHIES),
            "county",
        ),
        Option("state", Text(en="two digits, or * for all", zh="两位代码，*为全部"), r"\d{2}|\*", "*"),
    ),
    talk=_talk,
    key=KEY,
)
