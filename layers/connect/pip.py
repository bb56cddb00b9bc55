"""World Bank Poverty and Inequality Platform: one CSV.

Documentation: https://api.worldbank.org/pip/v1/ (OpenAPI) and the methodology handbook,
https://datanalytics.worldbank.org/PIP-Methodology/. Poverty measures are shares (0 to 1), money in PPP dollars a day.
"""

from __future__ import annotations

from fuping.layers.connect.cells import checked_rows, missing_notes
from fuping.layers.connect.connector import Connector, Option, Question, Talk, TidyTable
from fuping.layers.connect.errors import ConnectError
from fuping.layers.connect.request import Request
from fuping.layers.schema.metadata import Text
from fuping.layers.sources.tabular import read_text_table

__all__ = ["PIP"]

KEYS = ["country_code", "reporting_year", "reporting_level", "welfare_type"]
MEASURES = ["poverty_line", "headcount", "poverty_gap", "poverty_severity", "mean", "median", "gini", "reporting_pop"]
NOT_GIVEN = ("NA", "NaN", "null")


def _talk(question: Question) -> Talk:
    answer = yield Request(
        f"{question.base}/pip/v1/pip",
        {
            "country": question["country"],
            "year": question["year"],
            "povline": question["line"],
            "ppp_version": question["ppp"],
            "fill_gaps": question["fill_gaps"],
            "reporting_level": question["reporting_level"],
            "welfare_type": question["welfare_type"],
            "format": "csv",
        },
    )
    begins = answer.path.read_bytes()[:200].lstrip(b"\xef\xbb\xbf \r\n")
    if begins[:1] in (b"{", b"[", b"<"):
        text = " ".join(begins.decode("utf-8", "replace").split())
        raise ConnectError(f"{answer.url} answers with no CSV: {text}", remedy="Check the options.")
    sent = read_text_table(answer.path, "csv")
    absent = [name for name in [*KEYS, *MEASURES] if name not in sent]
    if absent:
        raise ConnectError(
            f"{answer.url} sends no column {', '.join(absent)}.", remedy=f"It sends: {', '.join(sent.columns)}."
        )
    rows = sent.mask(sent.isin(NOT_GIVEN), "").rename(columns={"reporting_year": "year"})
    key = ["year" if name == "reporting_year" else name for name in KEYS]
    rows = checked_rows(rows, answer, numbers=MEASURES, year="year", key=key)
    notes = [f"Poverty line {question['line']} PPP dollars a day ({question['ppp']} PPPs); measures are shares."]
    twice = int(rows.duplicated(["country_code", "year"], keep=False).sum())
    if twice:
        notes.append(
            f"{twice} rows share country and year and differ in reporting_level or welfare_type: "
            "choose by `where` in tables.toml."
        )
    return TidyTable(rows, (*notes, *missing_notes(rows, MEASURES)))


PIP = Connector(
    id="pip",
    title=Text(en="World Bank Poverty and Inequality Platform", zh="世界银行贫困与不平等平台（PIP）"),
    publisher="World Bank",
    licence="CC BY 4.0",
    citation="World Bank, Poverty and Inequality Platform, pip.worldbank.org.",
    documentation="https://api.worldbank.org/pip/v1/",
    base="https://api.worldbank.org",
    form="table",
    suffixes=(".csv",),
    options=(
        Option(
            "country", Text(en="all, or an ISO code: KEN", zh="all，或ISO代码：KEN"), r"all|[A-Z]{3}(,[A-Z]{3})*", "all"
        ),
        Option("year", Text(en="all, or one year", zh="all或某一年"), r"all|\d{4}", "all"),
        Option("line", Text(en="poverty line, PPP dollars a day", zh="贫困线，购买力平价美元/天"), r"\d+(\.\d{1,3})?"),
        Option(
            "ppp",
            Text(en="year of the PPPs: 2011, 2017 or 2021", zh="购买力平价基年：2011、2017或2021"),
            "2011|2017|2021",
        ),
        Option("fill_gaps", Text(en="true: years between surveys too", zh="true：含调查间年份"), "true|false", "false"),
        Option(
            "reporting_level",
            Text(en="all, national, urban or rural", zh="all、national、urban或rural"),
            "all|national|urban|rural",
            "all",
        ),
        Option(
            "welfare_type",
            Text(en="all, income or consumption", zh="all、income或consumption"),
            "all|income|consumption",
            "all",
        ),
    ),
    talk=_talk,
)
