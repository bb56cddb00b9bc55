"""Numbers, differences, years and dates as each language writes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from fuping.dashboard.i18n.messages import message

__all__ = [
    "LOCALES",
    "PERCENT",
    "area",
    "compact",
    "day",
    "difference",
    "figure",
    "inline",
    "moment",
    "number",
    "sort_key",
    "unit_pattern",
    "year_list",
]

LOCALES = {"en": "en", "zh": "zh_Hans_CN"}
"""Language of the dashboard → locale of Babel and, with hyphens, of the browser."""

PERCENT = "%"

SCALED = ("万", "亿", "百万", "千")

LARGE_IN_CHINESE = ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))


@lru_cache(maxsize=65_536)
def number(value: float, decimals: int, language: str) -> str:
    """Return a number with exactly so many decimals, its thousands grouped; halves are rounded away from zero.

    Negative ``decimals`` round to tens, hundreds …

    >>> number(1234.25, 1, "en"), number(-0.5, 1, "zh")
    ('1,234.3', '−0.5')
    """
    return _write(Decimal(value), decimals, language)


def _write(value: Decimal, decimals: int, language: str) -> str:
    # The binary value is rounded as the browser's Intl.NumberFormat rounds it, so tooltip and table agree.
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP) + 0
    places = max(decimals, 0)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(rounded, format=pattern, locale=LOCALES[language]).replace("-", "−")


def compact(value: float, unit: str, decimals: int, language: str) -> str:
    """Return a number for a legend, without its unit: in Chinese by 万 and 亿 where the unit is not itself in them.

    >>> compact(1_234_500, "人", 0, "zh"), compact(12_345, "万人", 0, "zh"), compact(1_234_500, "persons", 0, "en")
    ('123.45万', '12,345', '1,234,500')
    """
    exact = Decimal(value)
    for size, name in LARGE_IN_CHINESE if language == "zh" and not unit.startswith(SCALED) else ():
        if abs(exact) >= size:
            rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP) / size
            places = max(0, -int(rounded.normalize().as_tuple().exponent))
            return _write(rounded, places, language) + name
    return number(value, decimals, language)


def unit_pattern(unit: str, language: str) -> str:
    """Return how a unit stands beside its number, with ``{value}`` for the number.

    >>> unit_pattern("%", "en"), unit_pattern("US$", "en"), unit_pattern("人", "zh")
    ('{value}%', 'US${value}', '{value}人')
    >>> unit_pattern("persons", "en"), unit_pattern("10,000 persons", "en")
    ('{value} persons', '{value} × 10,000 persons')
    """
    if unit.endswith("$"):
        return f"{unit}{{value}}"
    if not unit or unit == PERCENT or language == "zh":
        return f"{{value}}{unit}"
    if unit[:1].isdigit():
        return f"{{value}} × {unit}"
    return f"{{value}} {unit}"


def figure(value: float, unit: str, decimals: int, language: str) -> str:
    """Return a number with its unit.

    >>> figure(12.34, "%", 1, "en"), figure(5, "人", 0, "zh")
    ('12.3%', '5人')
    """
    return unit_pattern(unit, language).format(value=number(value, decimals, language))


def difference(value: float, unit: str, decimals: int, language: str) -> str:
    """Return a signed difference; that of two percentages is in percentage points.

    >>> difference(-1.25, "%", 1, "en"), difference(0.04, "%", 1, "zh"), difference(12, "persons", 0, "en")
    ('−1.3 percentage points', '0.0个百分点', '+12 persons')
    """
    size = number(abs(value), decimals, language)
    zero = not any(digit in "123456789" for digit in size)
    sign = "" if zero else "+" if value > 0 else "−"
    if unit == PERCENT:
        return message("format.points", language, value=f"{sign}{size}")
    return sign + unit_pattern(unit, language).format(value=size)


def inline(name: str, language: str) -> str:
    """Return a name as it stands within a sentence.

    >>> inline("Counties", "en")
    'counties'
    """
    return name[:1].lower() + name[1:] if language == "en" else name


def year_list(years: Iterable[int]) -> str:
    """Return years in short, runs joined.

    >>> year_list([2010, 2012, 2013, 2014, 2020])
    '2010, 2012–2014, 2020'
    """
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def day(value: str, language: str) -> str:
    """Return an ISO date or time as a date.

    >>> day("2026-11-25T03:56:00+00:00", "zh")
    '2026年11月25日'
    """
    return format_date(date.fromisoformat(value[:10]), format="long", locale=LOCALES[language])


def moment(value: str, language: str) -> str:
    """Return an ISO time in UTC as a date and time that says so.

    >>> moment("2026-11-25T03:56:00+00:00", "zh"), moment("2026-11-25T03:56:00+00:00", "en")
    ('2026年11月25日 03:56 UTC', '25 Nov 2026, 03:56 UTC')
    """
    pattern = "d MMM y, HH:mm" if language == "en" else "y年M月d日 HH:mm"
    return f"{format_datetime(datetime.fromisoformat(value), pattern, locale=LOCALES[language])} UTC"


def sort_key(name: str, language: str) -> str:
    """Return what names are sorted by: Chinese ones by their sound.

    >>> sorted(["北京", "安徽"], key=lambda name: sort_key(name, "zh"))
    ['安徽', '北京']
    """
    if language != "zh":
        return name.casefold()
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(name)).casefold()


def area(km2: float | None, language: str) -> str:
    """Return an area with its unit, or that there is no shape to measure."""
    if km2 is None:
        return message("format.no_area", language)
    return f"{number(km2, 0 if km2 >= 100 else 1, language)} km²"
