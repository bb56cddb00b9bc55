"""The typefaces that reports are set in, and whether they can write what a report says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from fuping.spatial.errors import FupingError

__all__ = ["TypefaceError", "faces", "installed", "require_chinese"]

CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Micro Hei",
)
"""Sans-serif faces with simplified Chinese, the best first; their Latin letters match."""

LATIN = ("Noto Sans", "Source Sans 3", "Liberation Sans", "DejaVu Sans", "DejaVu Sans Mono")

HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


class TypefaceError(FupingError):
    """No typeface of this machine can write what is to be printed."""


@cache
def installed() -> Any:
    """Return the fonts of this machine, as typst finds them; looked for once."""
    import typst

    return typst.Fonts()


def faces(families: Iterable[str] | None = None) -> list[str]:
    """Return the faces to set in, those that are there, Chinese first."""
    there = set(installed().families() if families is None else families)
    return [one for one in (*CHINESE, *LATIN) if one in there]


def require_chinese(texts: Iterable[str], families: Iterable[str] | None = None) -> None:
    """Refuse texts with Chinese where no face can write it: boxes would be printed in their place.

    Raises
    ------
    TypefaceError
        There is Chinese, and no Chinese face.
    """
    there = set(installed().families() if families is None else families)
    if there.intersection(CHINESE):
        return
    found = next((match.group() for text in texts for match in [HAN.search(text)] if match), None)
    if found:
        raise TypefaceError(
            f"The report has Chinese ({found}), and no Chinese typeface is installed on this machine.",
            remedy="Install one, Noto Sans CJK for example (Debian: apt-get install fonts-noto-cjk), and start again.",
            found=found,
        )
