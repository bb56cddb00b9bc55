"""An import, a restore or a change of version is killed at a hundred random points: nothing is lost or half there."""

import json
import random
import shutil
import time
from concurrent.futures import ThreadPoolExecutor

import killed
import pandas as pd
import pytest
from fuping.layers.build.pipeline import build_pack
from fuping.layers.ingest.proposals import Proposals
from fuping.layers.ingest.supply import supply_source
from fuping.layers.pack import read_pack
from fuping.layers.stores import EmbeddedStore
from fuping.layers.stores.archive import back_up
from small_pack import people, write_small_pack

POINTS = 100

OLD, NEW = [10, 20], [11, 21]


def figures(path, values):
    pd.DataFrame({"code": ["A1", "A2"], "people": values}).to_csv(path, index=False)
    return path


def build(store):
    return build_pack(read_pack(store.declared / "at"), store)


def pack(store):
    return read_pack(store.declared / "at")


def propose(store, file):
    """Return a proposal of a file that is ready to be taken."""
    proposals = Proposals(store)
    opened, path = proposals.open(pack(store), "figures", "figures.csv", "li")
    shutil.copyfile(file, path)
    return proposals.check(pack(store), opened.id).id


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    """Stores to start from, and what a job is given: all of one pack whose figures a person supplies."""
    folder = tmp_path_factory.mktemp("states")
    store = write_small_pack(folder)
    old, new = figures(folder / "old.csv", OLD), figures(folder / "new.csv", NEW)
    supply_source(pack(store), store, "figures", old)
    first = build(store)
    shutil.copytree(store.root, folder / "built")
    shutil.copytree(store.root, folder / "proposed")
    proposed = propose(EmbeddedStore(folder / "proposed"), new)
    supply_source(pack(store), store, "figures", new)
    shutil.copytree(store.root, folder / "supplied")
    build(store)
    back_up(store, folder / "new.tar")
    shutil.copytree(store.root, folder / "both")
    store.use("at", first)
    back_up(store, folder / "old.tar")
    return {
        "build": (killed.build, folder / "supplied", None),
        "build the same again": (killed.build, folder / "both", None),
        "take": (killed.take, folder / "proposed", proposed),
        "supply": (killed.supply, folder / "built", new),
        "restore": (killed.bring_back, folder / "built", folder / "new.tar"),
        "restore the same again": (killed.bring_back, folder / "built", folder / "old.tar"),
        "go back": (killed.go_back, folder / "both", first),
    }


def whole(folder):
    """Tell whether a build has every file, and every one can be read."""
    names = {"units", "observations", "coverage", "boundaries-unit", "boundaries-nation"}
    for name in names:
        assert len(pd.read_parquet(folder / f"{name}.parquet")) or name == "coverage", name
    assert json.loads((folder / "catalogue.json").read_text("utf-8"))["built_at"]
    assert len(list(folder.glob("map-*.json.gz"))) >= 2


def leftovers(root):
    return sorted(str(one.relative_to(root)) for one in root.rglob(".*") if one.name != ".lock")


def check(job, root, versions, given):
    """Open the store as the next process does: all is whole, and the same job now goes through."""
    store = EmbeddedStore(root)
    assert store.packs() == ["at"]
    assert people(store) == versions[store.version("at")]
    listed = store.builds("at")
    assert listed[0].current
    assert {one.version for one in listed} <= set(versions)
    for one in listed:
        whole(store.folder("at") if one.current else store.folder("at").with_name(one.version))
    supplied = {one.name: one.read_bytes() for one in store.supplied("at").glob("[!.]*")}
    assert list(supplied) == ["figures.csv"]
    assert pd.read_csv(store.supplied("at") / "figures.csv")["people"].tolist() in (OLD, NEW)
    assert pack(store).info.code == "at"
    job(root, given)
    after = EmbeddedStore(root)
    build(after)
    wanted = pd.read_csv(after.supplied("at") / "figures.csv")["people"].tolist()
    assert people(after) == wanted
    assert leftovers(root) == []


def test_a_kill_at_any_of_a_hundred_points_leaves_the_build_before_or_the_next(states, tmp_path):
    chance = random.Random(8)
    lengths = {}
    versions = {}
    for name, (job, start, given) in states.items():
        root = tmp_path / "whole"
        shutil.copytree(start, root)
        begun = time.monotonic()
        steps = killed.run(job, root, given)
        lengths[name] = steps, time.monotonic() - begun
        for folder in (start, root):
            for one in EmbeddedStore(folder).builds("at"):
                found = pd.read_parquet(folder / "packs" / "at" / one.version / "observations.parquet")
                rows = found[found["indicator"].eq("people") & found["level"].eq("unit")]
                versions[one.version] = rows.sort_values("code")["value"].tolist()
        shutil.rmtree(root)
    assert {tuple(one) for one in versions.values()} == {tuple(OLD), tuple(NEW)}

    def kill(point, name, at):
        job, start, given = states[name]
        root = tmp_path / str(point)
        shutil.copytree(start, root)
        died = killed.run(job, root, given, **at) is None
        try:
            check(job, root, versions, given)
        except Exception as error:
            raise AssertionError(f"{name}, killed {at}: {error}") from error
        shutil.rmtree(root)
        return died

    points = []
    for point in range(POINTS):
        name = list(states)[point % len(states)]
        steps, seconds = lengths[name]
        # By turns at a change of a folder, where what is between two of them is hit, and at any time.
        by_step = (point // len(states)) % 2
        at = {"step": chance.randint(1, steps)} if by_step else {"after": chance.uniform(0, seconds)}
        points.append((point, name, at))
    with ThreadPoolExecutor(3) as pool:
        died = list(pool.map(lambda one: kill(*one), points))
    assert sum(died) >= POINTS * 0.6
