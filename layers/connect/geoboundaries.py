"""geoBoundaries: JSON that describes a country's boundaries and says where their GeoJSON lies.

Documentation: https://www.geoboundaries.org/api.html; Runfola et al. (2020), geoBoundaries: a global database of
political administrative boundaries, PLoS ONE 15(4): e0231866.
"""

from __future__ import annotations

from fuping.layers.connect.cells import as_text, read_json
from fuping.layers.connect.connector import BoundaryFile, Connector, Option, Question, Talk
from fuping.layers.connect.errors import ConnectError
from fuping.layers.connect.request import Request
from fuping.layers.schema.metadata import Text

__all__ = ["GEOBOUNDARIES"]

FILES = {"full": "gjDownloadURL", "simplified": "simplifiedGeometryGeoJSON"}


def _talk(question: Question) -> Talk:
    wanted = FILES[question["detail"]]
    country, level = question["country"], question["level"]
    about = yield Request(f"{question.base}/api/current/{question['release']}/{country}/{level}/")
    told = read_json(about, remedy=f"There may be no {level} of {country}: see {GEOBOUNDARIES.documentation}")
    if not isinstance(told, dict) or not told.get(wanted):
        raise ConnectError(
            f"{about.url} does not say where its GeoJSON lies ({wanted}).", remedy="The service may have changed."
        )
    file = yield Request(as_text(told[wanted]))
    content = read_json(file)
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        raise ConnectError(f"{file.url} is no GeoJSON with features.", remedy="Try again, or take another release.")
    notes = [f"Boundaries of {as_text(told.get('boundaryYearRepresented')) or 'a year that is not stated'}."]
    count = as_text(told.get("admUnitCount"))
    if count and count != str(len(features)):
        notes.append(f"The service tells of {count} units; the file has {len(features)}.")
    source = as_text(told.get("boundarySource")) or "source not stated"
    return BoundaryFile(
        file,
        columns=("shapeID", "shapeName"),
        licence=as_text(told.get("boundaryLicense")) or "not stated by the service",
        citation=f"geoBoundaries {as_text(told.get('boundaryID'))} ({source}); Runfola et al. 2020.",
        notes=tuple(notes),
    )


GEOBOUNDARIES = Connector(
    id="geoboundaries",
    title=Text(en="geoBoundaries: administrative boundaries of the world", zh="geoBoundaries：世界行政区划边界"),
    publisher="William & Mary geoLab",
    licence="differs by country; read from the service",
    citation="Runfola et al. (2020), geoBoundaries, PLoS ONE 15(4): e0231866.",
    documentation="https://www.geoboundaries.org/api.html",
    base="https://www.geoboundaries.org",
    hosts=("github.com", "media.githubusercontent.com", "raw.githubusercontent.com"),
    form="boundary",
    suffixes=(".geojson",),
    options=(
        Option("country", Text(en="ISO code of three letters: KEN", zh="三字母ISO代码：KEN"), "[A-Z]{3}"),
        Option("level", Text(en="ADM0 to ADM5", zh="ADM0至ADM5"), "ADM[0-5]", "ADM1"),
        Option(
            "release",
            Text(en="gbOpen, gbHumanitarian or gbAuthoritative", zh="gbOpen、gbHumanitarian或gbAuthoritative"),
            "gbOpen|gbHumanitarian|gbAuthoritative",
            "gbOpen",
        ),
        Option("detail", Text(en="full or simplified", zh="full或simplified"), "full|simplified", "full"),
    ),
    talk=_talk,
)
