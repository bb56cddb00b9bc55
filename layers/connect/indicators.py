"""World Bank Indicators API, version 2: pages of JSON.

Documentation: https://datahelpdesk.worldbank.org/knowledgebase/articles/889392 and 898581. An answer is
``[about, rows]``; ``about`` gives ``page``, ``pages`` and ``total``, and a refusal is ``[{"message": […]}]``.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from fuping.layers.connect.cache import Answer
from fuping.layers.connect.cells import as_text, checked_rows, missing_notes, read_json
from fuping.layers.connect.connector import Connector, Option, Question, Talk, TidyTable
from fuping.layers.connect.errors import ConnectError
from fuping.layers.connect.request import Request
from fuping.layers.schema.metadata import Text

__all__ = ["INDICATORS"]

PER_PAGE = 1000


def _talk(question: Question) -> Talk:
    url = f"{question.base}/v2/country/{question['countries']}/indicator/{question['indicator']}"
    rows: list[dict[str, str]] = []
    page, pages, total, updated = 1, 1, 0, ""
    while page <= pages:
        query = {"format": "json", "per_page": str(PER_PAGE), "page": str(page)}
        if question["years"]:
            query["date"] = question["years"].replace("-", ":")
        answer = yield Request(url, query)
        about, sent = _page(answer)
        if int(about["page"]) != page or (page > 1 and int(about["total"]) != total):
            raise ConnectError(
                f"{answer.url} sends page {about['page']} with {about['total']} rows in all; page {page} of "
                f"{total if page > 1 else 'any number'} was asked for.",
                remedy="The service changed while it was read: try again.",
            )
        pages, total, updated = int(about["pages"]), int(about["total"]), as_text(about.get("lastupdated"))
        rows += [_row(one, answer) for one in sent]
        page += 1
    if len(rows) != total:
        raise ConnectError(
            f"{url} says that it has {total} rows and sends {len(rows)} on {pages} pages.",
            remedy="A page is missing or short: try again. Nothing was written.",
        )
    table = checked_rows(
        pd.DataFrame(rows, dtype=str), answer, numbers=["value"], year="year", key=["country_code", "year"]
    )
    notes = [f"Updated by the publisher: {updated}."] if updated else []
    return TidyTable(table, (*notes, *missing_notes(table, ["value"])))


def _page(answer: Answer) -> tuple[dict[str, Any], list[Any]]:
    content = read_json(answer)
    if isinstance(content, list) and content and isinstance(content[0], dict):
        if said := content[0].get("message"):
            texts = "; ".join(as_text(one.get("value")) for one in said if isinstance(one, dict))
            raise ConnectError(f"{answer.url} refuses: {texts}", remedy="Check the indicator, countries and years.")
        about, rows = content[0], content[1] if len(content) > 1 else None
        counts = ("page", "pages", "total")
        if isinstance(rows or [], list) and all(as_text(about.get(name)).isdecimal() for name in counts):
            return about, rows or []
    raise ConnectError(
        f"{answer.url} answers with JSON that is not a page of rows.", remedy="The service may have changed."
    )


def _row(sent: Any, answer: Answer) -> dict[str, str]:
    try:
        return {
            "country_code": as_text(sent["countryiso3code"]) or as_text(sent["country"]["id"]),
            "country_name": as_text(sent["country"]["value"]),
            "year": as_text(sent["date"]),
            "indicator": as_text(sent["indicator"]["id"]),
            "value": as_text(sent["value"]),
            "obs_status": as_text(sent.get("obs_status")),
        }
    except (KeyError, TypeError) as error:
        raise ConnectError(
            f"{answer.url} sends a row without {error}.", remedy="The service may have changed."
        ) from None


INDICATORS = Connector(
    id="worldbank",
    title=Text(en="World Bank indicators", zh="世界银行指标"),
    publisher="World Bank",
    licence="CC BY 4.0",
    citation="World Bank, World Development Indicators and other databases, Indicators API v2.",
    documentation="https://datahelpdesk.worldbank.org/knowledgebase/articles/889392",
    base="https://api.worldbank.org",
    form="table",
    suffixes=(".csv",),
    options=(
        Option("indicator", Text(en="code, such as SI.POV.DDAY", zh="指标代码，如SI.POV.DDAY"), r"[A-Za-z0-9._]+"),
        Option(
            "countries",
            Text(en="all, or ISO codes with semicolons: KEN;UGA", zh="all，或以分号分隔的ISO代码：KEN;UGA"),
            r"[A-Za-z]{2,3}(;[A-Za-z]{2,3})*",
            "all",
        ),
        Option(
            "years",
            Text(en="2019, or 2010-2019; all where empty", zh="2019或2010-2019，空为全部"),
            r"(\d{4}(-\d{4})?)?",
            "",
        ),
    ),
    talk=_talk,
)
