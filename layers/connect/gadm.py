"""GADM: a country's boundaries of all levels in one GeoPackage.

Documentation: https://gadm.org/download_country.html and https://gadm.org/metadata.html.
"""

from __future__ import annotations

from fuping.layers.connect.connector import BoundaryFile, Connector, Option, Question, Talk
from fuping.layers.connect.request import Request
from fuping.layers.schema.metadata import Text

__all__ = ["GADM"]


def _talk(question: Question) -> Talk:
    version, level = question["version"], question["level"]
    name = f"gadm{version.replace('.', '')}_{question['country']}.gpkg"
    answer = yield Request(f"{question.base}/gadm/gadm{version}/gpkg/{name}")
    return BoundaryFile(
        answer,
        columns=(f"GID_{level}",),
        layer=f"ADM_ADM_{level}",
        notes=(f"Levels are the layers ADM_ADM_0 and below; codes of level {level} are in GID_{level}.",),
    )


GADM = Connector(
    id="gadm",
    title=Text(en="GADM: administrative boundaries", zh="GADM：行政区划边界"),
    publisher="GADM",
    licence="GADM licence: academic and other non-commercial use; no redistribution",
    citation="GADM, Database of Global Administrative Areas, gadm.org.",
    documentation="https://gadm.org/download_country.html",
    base="https://geodata.ucdavis.edu",
    form="boundary",
    suffixes=(".gpkg",),
    options=(
        Option("country", Text(en="ISO code of three letters: KEN", zh="三字母ISO代码：KEN"), "[A-Z]{3}"),
        Option("level", Text(en="0 to 5: the level that must be there", zh="0至5：须有的层级"), "[0-5]", "1"),
        Option("version", Text(en="of GADM", zh="GADM版本"), r"\d\.\d", "4.1"),
    ),
    talk=_talk,
)
