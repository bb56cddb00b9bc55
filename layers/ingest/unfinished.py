"""What people began to bring in and did not end: it lies in the data folder, and in no build and no backup."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fuping.layers.ingest.drafts import Drafts
from fuping.layers.ingest.loads import Loads
from fuping.layers.ingest.proposals import Proposals
from fuping.layers.stores.contract import Store

__all__ = ["Unfinished", "unfinished"]

ENDED = ("taken", "dropped")
"""States in which a proposal leaves nothing to do."""


@dataclass(frozen=True)
class Unfinished:
    """Work that somebody began.

    Parameters
    ----------
    kind
        A file that is proposed, a country that is being added, or a pack that is being loaded.
    subject
        ``pack/source`` of a file, the code of a pack, or the files of a country.
    state
        How it stands.
    who
        Who began it, or asked for it last.
    folder
        Where it lies.
    """

    kind: Literal["proposal", "draft", "load"]
    subject: str
    state: str
    who: str
    folder: Path


def unfinished(store: Store) -> list[Unfinished]:
    """Return what was begun over a store and waits to be ended, in the order of kinds, subjects and folders."""
    proposals, drafts, loads = Proposals(store), Drafts(store), Loads(store)
    found = [
        Unfinished("proposal", f"{one.pack}/{one.source} {one.file}", one.state, one.who, proposals.folder(one.id))
        for one in proposals.all()
        if one.state not in ENDED
    ]
    found += [
        Unfinished("draft", ", ".join(one.files.values()) or one.id, one.state, one.who, drafts.folder(one.id))
        for one in drafts.all()
        if not one.pack
    ]
    found += [
        Unfinished("load", one.pack, f"{one.stage} {one.state}", one.asked_by, loads.folder(one.pack))
        for one in loads.all()
        if one.state != "done"
    ]
    return sorted(found, key=lambda one: (one.kind, one.subject, str(one.folder)))
