"""Codes of a reader's own table matched with the units of a pack: at which level, which, and which not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from fuping.dashboard.queries.cache import Reader
from fuping.spatial.match_report import MatchReport
from numpy.typing import NDArray

__all__ = ["CodeMatch", "match_codes"]

LEAST_SHARE = 0.2
"""Below this share of codes found, the table is not of this pack's units and no map is drawn."""


@dataclass(frozen=True, eq=False)
class CodeMatch:
    """What was matched with what.

    Parameters
    ----------
    level
        Whose units they are.
    places
        intp, one for each label: place of the unit in its level, -1 where there is none.
    report
        Labels that found a unit and those that did not, with the reason.
    """

    level: str
    places: NDArray[np.intp]
    report: MatchReport

    @property
    def usable(self) -> bool:
        """Whether enough was found to draw a map."""
        return self.report.matched >= max(1, LEAST_SHARE * self.report.n_left)


def match_codes(reader: Reader, pack: str, labels: pd.Index) -> CodeMatch | None:
    """Match different labels with the units of the level that knows most of them, the finest of several.

    Parameters
    ----------
    labels
        Text, each once.

    Returns
    -------
    CodeMatch or None
        None where no level knows any.
    """
    from fuping.spatial.boundaries.join import key_join

    levels = [one for one in reader.catalogue(pack)["levels"] if one["n_units"] > 1]
    codes = {one["id"]: reader.units(pack, one["id"])["code"] for one in levels}
    data = pd.DataFrame({"label": labels.astype(str)})
    best: CodeMatch | None = None
    for level in levels:
        units = pd.DataFrame({"code": codes[level["id"]]})
        others = {name: given for name, given in codes.items() if name != level["id"]}
        joined, report = key_join(
            data,
            units.assign(place=np.arange(len(units))),
            on="label",
            width=level["width"],
            pattern=level["pattern"],
            other_levels=others,
            name=level["id"],
        )
        places = joined["place"].fillna(-1).to_numpy(dtype=np.intp)
        if report.matched and (best is None or report.matched >= best.report.matched):
            best = CodeMatch(level["id"], places, report)
    return best
