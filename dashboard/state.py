"""The view as the URL holds it: what is shown, of which units, in which year, and in which language.

The URL is the only state. The browser's scripts write it (``components/address``), the server reads it here; what is
unknown in it falls back, so that every URL shows a page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, get_args
from urllib.parse import parse_qs, urlencode

from fuping.dashboard.drawn import Corners, read_drawn, written
from fuping.dashboard.i18n.messages import LANGUAGES
from fuping.dashboard.kinds import KINDS, Kind, first_second, refused, second_indicators, shown_years, years_of
from fuping.dashboard.limits import Limits
from fuping.dashboard.limits import written as limits_written
from fuping.spatial.cartography import SCHEMES, Scheme

__all__ = [
    "CLASS_PARAMETERS",
    "DEFAULT_K",
    "MOST_COMPARED",
    "OWN_CLASSES",
    "SORTS",
    "Side",
    "Sort",
    "ViewState",
    "levels_with_figures",
]

Side = Literal["table", "unit", "report"]
Sort = Literal["high", "low", "name", "change_high", "change_low", "second_high", "second_low"]

SORTS: tuple[Sort, ...] = get_args(Sort)

DEFAULT_K = 5

CLASS_COUNTS = range(2, 10)

LONGEST_LIMITS = 200
"""Characters of typed class limits that are read."""

PARAMETERS = frozenset(
    [
        "pack",
        "indicator",
        "level",
        "year",
        "lang",
        "unit",
        "within",
        "drawn",
        "overlay",
        "scheme",
        "k",
        "limits",
        "ends",
        "only",
        "side",
        "sort",
        "page",
        "units",
        "sheet",
        "themes",
        "kind",
        "base",
        "second",
        "uncertain",
    ]
)
"""Parameters of the URL that every page understands."""

CLASS_PARAMETERS = ("scheme", "k", "limits", "ends")
"""Parameters that decide the classes of figures."""

OWN_CLASSES = {"scheme": "", "limits": "", "ends": ""}
"""Parameters that hold for the classes of one indicator, taken out where a link leads to another."""

MOST_COMPARED = 6
"""More lines than this cannot be told apart."""


@dataclass(frozen=True)
class ViewState:
    """One view.

    Parameters
    ----------
    pack, indicator, level
        What is shown.
    year
        A year that the indicator has at this level; 0 where it has none. On a map of change, a year after the base.
    language
        One of :data:`LANGUAGES`.
    unit
        Code of the selected unit of the level, or of any level above.
    within
        Code of the unit of a higher level whose parts are looked at.
    drawn
        Corners of an area that was drawn on the map; only units in it are looked at. Empty where none was drawn.
    project
        Whose coverage lies over the map.
    scheme, k
        How figures are put into classes.
    limits
        Class limits that the reader typed, with the scheme ``manual``; :attr:`own_limits` has them where they are of
        the indicator shown.
    kind
        What the map draws: one that :func:`fuping.dashboard.kinds.refused` does not refuse.
    base
        Year that a change is counted from; ``None``: the year before each.
    second
        The other indicator of a map of two; always given there.
    uncertain
        Whether units are marked whose interval reaches into more than one class.
    only
        The one class that stays coloured, counted from 0, or ``missing``.
    side
        What the side panel shows; ``None``: the unit where one is selected, else the table.
    sort, page
        Order of the table, and its page from 1.
    compared
        Codes of the units side by side, of any level, at most :data:`MOST_COMPARED`.
    extra
        Parameters that only one page understands, as the URL has them; :meth:`option` and :meth:`amount` read them.
    """

    pack: str
    indicator: str
    level: str
    year: int
    language: str = LANGUAGES[0]
    unit: str | None = None
    within: str | None = None
    drawn: Corners = ()
    project: str | None = None
    scheme: Scheme = "quantiles"
    k: int = DEFAULT_K
    limits: Limits | None = None
    only: str | None = None
    side: Side | None = None
    sort: Sort = "high"
    page: int = 1
    compared: tuple[str, ...] = ()
    kind: Kind = "choropleth"
    base: int | None = None
    second: str | None = None
    uncertain: bool = False
    extra: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, search: str, packs: Sequence[str], catalogue_of: Callable[[str], Mapping[str, Any]]) -> ViewState:
        """Read a URL's query.

        Parameters
        ----------
        search
            With or without the question mark.
        packs
            Those that are built. Without any, what is shown is empty.
        catalogue_of
            Gives a pack's catalogue.
        """
        query = {key: values[-1] for key, values in parse_qs((search or "").removeprefix("?")).items()}
        if not packs:
            return cls("", "", "", 0, _one_of(LANGUAGES, query.get("lang"), LANGUAGES[0]), extra=_own(query))
        pack = query.get("pack", "")
        if pack not in packs:
            pack = next((one for one in packs if catalogue_of(one)["pack"]["default"]), packs[0])
        catalogue = catalogue_of(pack)
        indicator = _indicator(catalogue, query.get("indicator", ""))
        level = _level(catalogue, indicator, query.get("level", ""))
        limits = _limits(indicator, query)
        manual = bool(indicator["class_breaks"] or (limits and limits.text))
        kind = _kind(catalogue, indicator, level, query.get("kind"))
        base = _base(indicator, level, kind, query.get("base", ""))
        known_schemes = [one for one in SCHEMES if one != "manual" or manual]
        scheme = _one_of(known_schemes, query.get("scheme"), "manual" if manual else "quantiles")
        return cls(
            pack=pack,
            indicator=indicator["id"],
            level=level,
            year=_nearest(shown_years(indicator, level, kind, base), query.get("year", "")),
            language=_one_of(LANGUAGES, query.get("lang"), LANGUAGES[0]),
            unit=query.get("unit"),
            within=query.get("within"),
            drawn=read_drawn(query.get("drawn", "")),
            project=_one_of([one["id"] for one in catalogue["projects"]], query.get("overlay"), None),
            scheme=scheme,
            k=int(_one_of([str(one) for one in CLASS_COUNTS], query.get("k"), str(DEFAULT_K))),
            limits=limits if scheme == "manual" else None,
            only=_only(query.get("only")),
            side=_one_of(get_args(Side), query.get("side"), None),
            sort=_one_of(SORTS, query.get("sort"), _first_sort(kind)),
            page=int(query["page"]) if query.get("page", "").isdecimal() and int(query["page"]) > 0 else 1,
            compared=_codes(query.get("units", "")),
            kind=kind,
            base=base,
            second=_second(catalogue, indicator, level, query.get("second")) if kind == "bivariate" else None,
            uncertain=query.get("uncertain") == "1",
            extra=_own(query),
        )

    def option(self, name: str, known: Sequence[str], otherwise: str) -> str:
        """Return a page's own parameter where it is one of those known."""
        return str(_one_of(known, dict(self.extra).get(name), otherwise))

    def amount(self, name: str, otherwise: float, *, low: float, high: float) -> float:
        """Return a page's own parameter where it is a number from ``low`` to ``high``."""
        try:
            value = float(dict(self.extra).get(name, ""))
        except ValueError:
            return otherwise
        return value if low <= value <= high else otherwise

    def classed_as(self, other: ViewState) -> ViewState:
        """Return this view with the classes of another where that is of the same indicator."""
        if self.indicator != other.indicator:
            return self
        return replace(self, scheme=other.scheme, k=other.k, limits=other.limits)

    @property
    def own_limits(self) -> Limits | None:
        """Class limits that were typed for the indicator shown."""
        mine = self.limits and self.scheme == "manual" and self.limits.indicator == self.indicator
        return self.limits if mine else None

    def class_query(self) -> dict[str, str]:
        """Return the URL's parameters that decide the classes of figures."""
        own = self.own_limits
        return {
            "scheme": self.scheme,
            "k": "" if self.k == DEFAULT_K else str(self.k),
            "limits": (limits_written(own.breaks) or own.text) if own else "",
            "ends": "closed" if own and own.closed else "",
        }

    def to_query(self) -> dict[str, str]:
        """Return the URL's parameters of this view; those left out are the ones that would be read back the same."""
        query = {"pack": self.pack, "indicator": self.indicator, "level": self.level, "lang": self.language}
        query["year"] = str(self.year) if self.year else ""
        query |= self.class_query()
        query |= {"unit": self.unit or "", "within": self.within or "", "overlay": self.project or ""}
        query |= {"drawn": written(self.drawn), "only": self.only or "", "side": self.side or ""}
        query["sort"] = "" if self.sort == _first_sort(self.kind) else self.sort
        query["page"] = "" if self.page == 1 else str(self.page)
        query["units"] = ",".join(self.compared)
        query["kind"] = "" if self.kind == KINDS[0] else self.kind
        query |= {"base": str(self.base or ""), "second": self.second or "", "uncertain": "1" * self.uncertain}
        query = dict(self.extra) | query
        return {key: value for key, value in query.items() if value}

    @cached_property
    def address(self) -> str:
        """The URL's query of this view; every link of a page falls back on it."""
        return self.href()

    @cached_property
    def anywhere(self) -> str:
        """The URL's query without what only one page understands; the links to all pages lead there."""
        return self.href(extra=())

    def href(self, **changes: Any) -> str:
        """Return the URL's query of this view with some things changed."""
        return f"?{urlencode(replace(self, **changes).to_query())}"


def levels_with_figures(catalogue: Mapping[str, Any], indicator: Mapping[str, Any]) -> list[str]:
    """Return the levels at which an indicator has at least one figure, top down."""
    found = indicator["levels"]
    return [one["id"] for one in catalogue["levels"] if found.get(one["id"], {}).get("n_values", 0) > 0]


def _own(query: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in query.items() if name not in PARAMETERS))


def _codes(wanted: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in wanted.split(",") if code))[:MOST_COMPARED]


def _one_of(known: Sequence[Any], wanted: str | None, otherwise: Any) -> Any:
    return wanted if wanted in known else otherwise


def _indicator(catalogue: Mapping[str, Any], wanted: str) -> Mapping[str, Any]:
    offered = [one for one in catalogue["indicators"] if one["shown"] and levels_with_figures(catalogue, one)]
    by_id = {one["id"]: one for one in offered or catalogue["indicators"]}
    default = by_id.get(catalogue["pack"]["default_indicator"], next(iter(by_id.values())))
    return by_id.get(wanted, default)


def _level(catalogue: Mapping[str, Any], indicator: Mapping[str, Any], wanted: str) -> str:
    there = levels_with_figures(catalogue, indicator)
    default = str(catalogue["pack"]["default_level"])
    if wanted in there:
        return wanted
    return default if default in there or not there else there[-1]


def _kind(catalogue: Mapping[str, Any], indicator: Mapping[str, Any], level: str, wanted: str | None) -> Kind:
    offered = [one for one in KINDS if refused(catalogue, indicator, level, one) is None]
    kind: Kind = _one_of(offered, wanted, KINDS[0])
    return kind


def _limits(indicator: Mapping[str, Any], query: Mapping[str, str]) -> Limits | None:
    if indicator["categories"]:
        return None
    text, closed = query.get("limits", "")[:LONGEST_LIMITS].strip(), query.get("ends") == "closed"
    found = Limits(indicator["id"], text, closed)
    # What can be read stands in the URL in one way.
    found = replace(found, text=limits_written(found.breaks) or text)
    return found if text or closed else None


def _base(indicator: Mapping[str, Any], level: str, kind: Kind, wanted: str) -> int | None:
    early = [str(year) for year in years_of(indicator, level)[:-1]]
    return int(wanted) if kind == "change" and wanted in early else None


def _second(catalogue: Mapping[str, Any], indicator: Mapping[str, Any], level: str, wanted: str | None) -> str:
    offered = second_indicators(catalogue, indicator, level)
    return wanted if wanted in offered else first_second(catalogue, indicator, level)


def _first_sort(kind: Kind) -> Sort:
    return "change_high" if kind == "change" else "high"


def _nearest(years: Sequence[int], wanted: str) -> int:
    """Return the wanted year, else the one nearest to it, else the latest."""
    if not years:
        return 0
    if not (wanted.isdecimal() and len(wanted) == 4):
        return int(years[-1])
    return int(min(years, key=lambda one: (abs(one - int(wanted)), one)))


def _only(wanted: str | None) -> str | None:
    return wanted if wanted == "missing" or (wanted or "").isdecimal() else None
