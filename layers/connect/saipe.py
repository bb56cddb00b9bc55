"""Small Area Income and Poverty Estimates: the Census Bureau's timeseries API.

Variables: https://api.census.gov/data/timeseries/poverty/saipe/variables.html. Column names are those of the pack
``us``, so that the file is its source ``saipe``.
"""

from __future__ import annotations

import pandas as pd
from fuping.layers.connect.cells import checked_rows, missing_notes, years_of
from fuping.layers.connect.census import GEOGRAPHIES, KEY, codes_of, read_array
from fuping.layers.connect.connector import Connector, Option, Question, Talk, TidyTable
from fuping.layers.connect.request import Request
from fuping.layers.schema.metadata import Text

__all__ = ["SAIPE"]

VARIABLES = {
    f"{variable}_{part}": f"{name}{suffix}"
    for variable, name in (("SAEPOVALL", "pov_count"), ("SAEPOVRTALL", "pov_rate"), ("SAEMHI", "med_hh_income"))
    for part, suffix in (("PT", ""), ("LB90", "_lb90"), ("UB90", "_ub90"))
}


def _talk(question: Question) -> Talk:
    parts = GEOGRAPHIES[question["level"]]
    tables = []
    for year in years_of(question["years"]):
        query: dict = {"get": ",".join(["NAME", *VARIABLES]), "for": f"{question['level']}:*"}
        if question["level"] == "county":
            query["in"] = f"state:{question['state']}"
        elif question["level"] == "state":
            query["for"] = f"state:{question['state']}"
        query |= {"time": str(year)} | ({"key": question.key} if question.key else {})
        answer = yield Request(f"{question.base}/data/timeseries/poverty/saipe", query)
        sent = read_array(answer, ["NAME", *VARIABLES, "time", *parts])
        rows = sent.rename(columns={"NAME": "name", "time": "year", **VARIABLES}).assign(
            fips=codes_of(sent, question["level"])
        )
        rows = rows[["fips", "name", "year", *VARIABLES.values()]]
        tables.append(checked_rows(rows, answer, numbers=[*VARIABLES.values()], year="year", key=["fips", "year"]))
    table = pd.concat(tables, ignore_index=True)
    return TidyTable(table, missing_notes(table, list(VARIABLES.values())))


SAIPE = Connector(
    id="saipe",
    title=Text(en="US poverty and income estimates (SAIPE)", zh="美国小区域收入与贫困估计（SAIPE）"),
    publisher="US Census Bureau",
    licence="Public domain",
    citation="US Census Bureau, Small Area Income and Poverty Estimates, timeseries API.",
    documentation="https://www.census.gov/data/developers/data-sets/Poverty-Statistics.html",
    base="https://api.census.gov",
    form="table",
    suffixes=(".csv",),
    options=(
        Option("years", Text(en="2022, or 2015-2022", zh="2022或2015-2022"), r"\d{4}(-\d{4})?"),
        Option("level", Text(en="us, state or county", zh="us、state或county"), "us|state|county", "county"),
        Option("state", Text(en="two digits, or * for all", zh="两位代码，*为全部"), r"\d{2}|\*", "*"),
    ),
    talk=_talk,
    key=KEY,
)
