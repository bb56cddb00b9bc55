"""Builds to write into stores, and work on a store that a process of its own does."""

import json
import os
import shutil
import signal
from pathlib import Path

import pandas as pd
from fuping.layers.stores import EmbeddedStore
from killed import CONTEXT


def pair(store, pack="at"):
    """Return the figures of the two units; a build that is read whole has twice the first in the second."""
    return store.values(pack, "people", "unit").value[0].tolist()


def variant(build, folder, number):
    """Copy a build of the small pack into a folder, with other figures and a later time; both are simulated."""
    shutil.copytree(build, folder, dirs_exist_ok=True)
    rows = pd.read_parquet(folder / "observations.parquet")
    own = rows["indicator"].eq("people") & rows["level"].eq("unit")
    rows.loc[own, "value"] = rows.loc[own, "code"].map({"A1": number, "A2": 2 * number}).astype(float)
    rows.to_parquet(folder / "observations.parquet", index=False)
    catalogue = json.loads((folder / "catalogue.json").read_text("utf-8"))
    catalogue["built_at"] = f"2026-01-01T{number // 60:02}:{number % 60:02}:00+00:00"
    (folder / "catalogue.json").write_text(json.dumps(catalogue), "utf-8")


def write(store, build, number, pack="at", *, publish=lambda draft: True):
    with store.writing(pack, f"v{number}", publish=publish) as draft:
        variant(build, draft, number)


def opened(address, root):
    """Open a store anew, as another process does; one in files where there is no address."""
    if not address:
        return EmbeddedStore(root)
    from fuping.layers.stores.postgis import PostgisStore

    return PostgisStore(address, root)


def _write_many(address, root, build, numbers, begin):
    store = opened(address, Path(root))
    begin.wait(60)
    for number in numbers:
        write(store, Path(build), number)


def writer(address, root, build, numbers, begin):
    """Return a process that writes builds once it may begin."""
    return CONTEXT.Process(target=_write_many, args=(address, str(root), str(build), numbers, begin))


def _write_and_die(address, root, build, number, step, done):
    from sqlalchemy import Engine, event

    store = opened(address, Path(root))
    seen = [0]

    def count(*_):
        seen[0] += 1
        if seen[0] == step:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    write(store, Path(build), number)
    done.send(seen[0])


def write_killed_at(address, root, build, number, step):
    """Write a build and be killed before a statement; return how many there were, ``None`` where killed."""
    told, done = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_write_and_die, args=(address, str(root), str(build), number, step, done))
    process.start()
    done.close()
    process.join(60)
    try:
        return told.recv() if told.poll() else None
    except EOFError:
        return None
