"""A boundary file at an address that the user names, with the licence and citation that the user read there."""

from __future__ import annotations

from fuping.layers.connect.connector import BoundaryFile, Connector, Option, Question, Talk
from fuping.layers.connect.request import Request
from fuping.layers.schema.metadata import Text

__all__ = ["FILE"]


def _talk(question: Question) -> Talk:
    answer = yield Request(question["url"], sha256=question["sha256"] or None)
    return BoundaryFile(
        answer,
        columns=tuple(name for name in question["columns"].split(",") if name),
        layer=question["layer"] or None,
        licence=question["licence"],
        citation=question["citation"],
    )


FILE = Connector(
    id="file",
    title=Text(en="A boundary file at any address", zh="任意地址的边界文件"),
    publisher="named in the citation",
    licence="given by the user",
    citation="given by the user",
    documentation="",
    base="",
    form="boundary",
    suffixes=(".geojson", ".gpkg", ".zip", ".parquet", ".json", ".topojson"),
    options=(
        Option("url", Text(en="an https address", zh="https地址"), r"https?://\S+"),
        Option("licence", Text(en="as the publisher states it", zh="发布者声明的许可"), r".*\S.*"),
        Option("citation", Text(en="as the publisher asks for it", zh="发布者要求的引用"), r".*\S.*"),
        Option(
            "sha256",
            Text(en="of the file, 64 hexadecimal digits", zh="文件的sha256，64位十六进制"),
            "([0-9a-f]{64})?",
            "",
        ),
        Option("layer", Text(en="layer, of a file with several", zh="图层（文件含多个时）"), ".*", ""),
        Option("columns", Text(en="columns that must be there, with commas", zh="须有的列，逗号分隔"), ".*", ""),
    ),
    talk=_talk,
    open_option="url",
)
