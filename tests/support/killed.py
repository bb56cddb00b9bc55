"""Work on the small pack that a process of its own does, and that is killed midway: after a time or at a step."""

import os
import signal
import sys
import time
from multiprocessing import get_context
from pathlib import Path

from fuping.layers.build.pipeline import build_pack
from fuping.layers.ingest.proposals import Proposals
from fuping.layers.ingest.supply import supply_source
from fuping.layers.pack import read_pack
from fuping.layers.stores import EmbeddedStore
from fuping.layers.stores.archive import restore

STEPS = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "shutil.copyfile", "open"}
"""Audit events of Python that change a folder, or are about to."""

LOADED = (
    "fuping.layers.build.pipeline",
    "fuping.layers.ingest.proposals",
    "fuping.layers.ingest.supply",
    "fuping.layers.stores.archive",
    "geopandas.io.arrow",
    "openpyxl",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "scipy.sparse.csgraph",
)

# A clean process that has imported these and started no thread; each piece of work is a fork of it.
CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(list(LOADED))


def build(root, _given):
    store = EmbeddedStore(root)
    build_pack(read_pack(store.declared / "at"), store)


def supply(root, given):
    store = EmbeddedStore(root)
    supply_source(read_pack(store.declared / "at"), store, "figures", given)


def take(root, given):
    proposals = Proposals(EmbeddedStore(root))
    if proposals.get(given).state != "taken":
        proposals.take(given)


def bring_back(root, given):
    restore(EmbeddedStore(root), given)


def go_back(root, given):
    EmbeddedStore(root).use("at", given)


def _work(job, root, given, step, begun, done):
    seen = [0]

    def count(event, args):
        changes = event in STEPS and (event != "open" or "r" not in str(args[1])) and str(args[0]).startswith(str(root))
        if changes:
            seen[0] += 1
            if seen[0] == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    begun.set()
    job(root, given)
    done.send(seen[0])


def run(job, root: Path, given=None, *, step=None, after=None):
    """Do a job; kill it at a step or ``after`` seconds. Return how many steps it took, ``None`` where it was killed."""
    begun, (told, done) = CONTEXT.Event(), CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_work, args=(job, root, given, step, begun, done))
    process.start()
    done.close()
    if after is not None:
        begun.wait(30)
        time.sleep(after)
        process.kill()
    process.join(60)
    try:
        return told.recv() if told.poll() else None
    except EOFError:
        return None
