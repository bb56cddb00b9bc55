"""How many of the figures that a proposed file brings or changes are to be asked about, judged on the build aside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from fuping.dashboard.checks import checks_of
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.once import once
from fuping.dashboard.queries.quality import border_graph
from fuping.layers.ingest.proposals import Proposal
from fuping.layers.quality import judge, refusal
from fuping.layers.stores.build_folder import read_catalogue, read_units, read_values

__all__ = ["KINDS", "ChangedQuality", "changed_quality", "proposal_quality"]

KINDS = ("past", "neighbours")


@dataclass(frozen=True, eq=False)
class ChangedQuality:
    """One indicator at the finest level at which figures of it are new or changed.

    Parameters
    ----------
    indicator, level
        Ids.
    n_figures
        New and changed ones.
    flags
        Of those, against own past and neighbours; the columns of :data:`fuping.layers.quality.COLUMNS`.
    judged
        Of :data:`KINDS`, those by which anything could be judged.
    """

    indicator: str
    level: str
    n_figures: int
    flags: pd.DataFrame
    judged: tuple[str, ...]


def proposal_quality(reader: Reader, proposal: Proposal) -> tuple[ChangedQuality, ...]:
    """Return the quality of what a ready proposal changes; kept until it is checked again."""
    return _proposal_quality(reader, proposal.id, proposal.version, proposal.pack)


@once(maxsize=8)
def _proposal_quality(reader: Reader, identity: str, version: str, pack: str) -> tuple[ChangedQuality, ...]:
    proposals = checks_of(reader).proposals
    return changed_quality(reader, pack, proposals.staged(identity), proposals.figures(identity))


def changed_quality(reader: Reader, pack: str, folder: Path, changed: pd.DataFrame) -> tuple[ChangedQuality, ...]:
    """Judge figures of a build aside.

    Parameters
    ----------
    folder
        The build.
    changed
        What it tells otherwise; see :class:`~fuping.layers.stores.difference.Difference`.
    """
    catalogue = read_catalogue(folder)
    now = {one["id"] for one in reader.catalogue(pack)["levels"]}
    brought = changed[changed["new"].notna() & changed["what"].isin(["added", "changed"])]
    found = []
    for declared in catalogue["indicators"]:
        of = brought[brought["indicator"] == declared["id"]]
        levels = [one["id"] for one in catalogue["levels"] if (of["level"] == one["id"]).any()]
        if not levels or refusal(catalogue, declared):
            continue
        level = levels[-1]
        rows = of.loc[of["level"] == level, ["code", "year"]].astype({"year": "int64"})
        codes = read_units(folder, level)["code"]
        # Borders are those of the build in use; with other units than there is nobody to compare with.
        same = level in now and codes == reader.units(pack, level)["code"]
        graph = border_graph(reader, pack, level, declared) if same else None
        judged = judge(declared, level, read_values(folder, declared["id"], level), codes, graph)
        flags = judged.flags[judged.flags["kind"].isin(KINDS)].merge(rows, on=["code", "year"])
        known = tuple(kind for kind in KINDS if judged.judged.get(kind))
        found.append(ChangedQuality(declared["id"], level, len(rows), flags, known))
    return tuple(found)
