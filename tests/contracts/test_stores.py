"""What every store does, held to by the one in files and the one in a database.

The small pack's figures are simulated.
"""

import gzip
import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
import shapely
from fuping.dashboard.cli import app
from fuping.layers.build.pipeline import build_pack
from fuping.layers.country import Country
from fuping.layers.errors import NotBuiltError, SourceError
from fuping.layers.export.indicator import export_indicator
from fuping.layers.pack import read_pack
from fuping.layers.stores.archive import back_up, restore
from fuping.layers.stores.contract import KEPT
from fuping.layers.stores.difference import COMPARED, difference
from killed import CONTEXT
from small_pack import small_store, write_small_pack
from store_work import opened, pair, variant, write, writer
from typer.testing import CliRunner

ROUNDS = 6


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """The folder of a build of the small pack."""
    made = small_store(tmp_path_factory.mktemp("small"))
    return made.folder("at")


@pytest.fixture
def own(kind, new_store, tmp_path):
    """A store without a build; the small pack is declared in its data folder."""
    return new_store(kind, write_small_pack(tmp_path).root)


def address_of(store):
    engine = getattr(store, "_engine", None)
    return engine and engine.url.render_as_string(hide_password=False)


def fail(store, build):
    with store.writing("at", "v2") as draft:
        variant(build, draft, 2)
        raise ZeroDivisionError


def test_what_was_built_is_read(own):
    version = build_pack(read_pack(own.declared / "at"), own)
    assert (own.packs(), own.version("at"), own.held("at")) == (["at"], version, False)
    assert [level["id"] for level in own.catalogue("at")["levels"]] == ["nation", "unit"]
    units = own.units("at", "unit")
    assert units["code"] == ["A1", "A2"]
    assert units["parent_level"] == ["nation", "nation"]
    assert own.units("at", "nation")["parent_code"] == [""]
    values = own.values("at", "people", "unit")
    assert values.years == (2020,)
    assert values.value.tolist() == [[10, 20]]
    assert np.isnan(values.lower).all()
    assert own.values("at", "people", "nowhere").value.shape == (0, 0)
    assert own.coverage("at", "nothing", "unit")[0] == []
    assert own.table("at", "cells") is None
    drawn = json.loads(gzip.decompress(own.map_geometry("at", "unit")))
    assert drawn["type"] == "Topology"
    assert own.has_fine_geometry("at", "unit")
    assert not own.has_fine_geometry("at", "nowhere")
    boundaries = own.boundaries("at", "unit")
    assert boundaries["code"].tolist() == ["A1", "A2"]
    assert boundaries.bounds.to_numpy().tolist() == [[0, 0, 1, 1], [1, 0, 2, 1]]
    assert boundaries.crs.to_epsg() == 4326
    found = own.polygons("at", "unit", ["A2", "none", "A1"])
    assert found[1] is None
    assert shapely.equals_exact(found[[2, 0]], boundaries.geometry.to_numpy()).all()
    assert own.bounds("at", "unit").tolist() == [[0, 0, 1, 1], [1, 0, 2, 1]]
    assert own.extent("at", "unit") == (0, 0, 2, 1)
    (only,) = own.builds("at")
    assert (only.version, only.current) == (version, True)
    assert only.built_at == own.catalogue("at")["built_at"]


def test_a_build_of_a_country_is_read_as_its_files_hold_it(kind, new_store, store, tmp_path):
    """Korea: polygons single and several, intervals, statuses, tables beside, two details of each map."""
    kept = store.folder("kr")
    own = new_store(kind, tmp_path / "data")
    shutil.copytree(kept, tmp_path / "kr")
    own.adopt("kr", "v", tmp_path / "kr")
    rows = pd.read_parquet(kept / "observations.parquet")
    catalogue = json.loads((kept / "catalogue.json").read_text("utf-8"))
    assert json.dumps(own.catalogue("kr")) == json.dumps(catalogue), "in the same order too"
    for level in catalogue["levels"]:
        name = level["id"]
        units = pd.read_parquet(kept / f"boundaries-{name}.parquet").set_index("code")
        assert pd.DataFrame(own.units("kr", name)).set_index("code")["area_km2"].equals(units["area_km2"])
        drawn = own.boundaries("kr", name)
        assert (shapely.to_wkb(drawn.geometry.to_numpy()) == units["geometry"].to_numpy()).all()
        assert drawn.drop(columns="geometry").set_index("code").equals(units.drop(columns="geometry"))
        assert own.map_geometry("kr", name, 1) == (kept / f"map-{name}-1.json.gz").read_bytes()
        for indicator, figures in rows[rows["level"].eq(name)].groupby("indicator"):
            values = own.values("kr", indicator, name)
            told = figures.pivot(index="year", columns="code", values="value").reindex(columns=list(units.index))
            assert values.years == tuple(told.index)
            np.testing.assert_array_equal(values.value, told.to_numpy())
            reason = figures.pivot(index="year", columns="code", values="reason").reindex(columns=list(units.index))
            there = reason.notna().to_numpy()
            np.testing.assert_array_equal(values.reason[there], reason.to_numpy()[there])
    for name in ("cells", "storm_winds", "storm_tracks"):
        assert own.table("kr", name).equals(pd.read_parquet(kept / f"{name}.parquet")), name


def test_a_grid_is_a_file_of_the_current_build(own, build):
    for number in range(1, KEPT + 2):
        with own.writing("at", f"v{number}") as draft:
            variant(build, draft, number)
            (draft / "grid-relief.tif").write_bytes(b"%d" % number)
        path = own.grid("at", "relief")
        assert path.read_bytes() == b"%d" % number
        assert own.grid("at", "relief") == path
    assert len(list(own.root.rglob("grid-relief.tif"))) == KEPT
    own.use("at", "v2")
    assert own.grid("at", "relief").read_bytes() == b"2"


def test_what_is_not_built_is_told_by_every_reading(own):
    readings = [
        lambda: own.version("at"),
        lambda: own.builds("at"),
        lambda: own.catalogue("at"),
        lambda: own.units("at", "unit"),
        lambda: own.values("at", "people", "unit"),
        lambda: own.coverage("at", "p", "unit"),
        lambda: own.table("at", "cells"),
        lambda: own.map_geometry("at", "unit"),
        lambda: own.boundaries("at", "unit"),
        lambda: own.polygons("at", "unit", ["A1"]),
        lambda: own.bounds("at", "unit"),
        lambda: own.extent("at", "unit"),
        lambda: own.use("at", "v1"),
        lambda: own.files("at", "v1").__enter__(),
    ]
    assert own.packs() == []
    assert not own.held("at")
    for reading in readings:
        with pytest.raises(NotBuiltError, match=r"'at' is not built in .*Run: fuping build at"):
            reading()


def test_builds_are_kept_gone_back_to_and_let_go(own, build):
    for number in range(1, KEPT + 2):
        write(own, build, number)
    assert [one.version for one in own.builds("at")] == ["v4", "v3", "v2"]
    own.use("at", "v2")
    assert (pair(own), own.held("at")) == ([2, 4], True)
    assert [one.version for one in own.builds("at")] == ["v2", "v4", "v3"]
    for version in ("v1", "x", "..", ""):
        with pytest.raises(NotBuiltError, match="has no build"):
            own.use("at", version)
        with pytest.raises(NotBuiltError, match="has no build"), own.files("at", version):
            pass
    write(own, build, 5)
    assert (pair(own), own.held("at")) == ([5, 10], False)
    assert [one.version for one in own.builds("at")] == ["v5", "v4", "v3"]
    write(own, build, 5)
    assert [one.version for one in own.builds("at")] == ["v5", "v4", "v3"], "a build made again stands once"


def test_a_build_that_fails_or_is_declined_leaves_the_one_before(own, build):
    write(own, build, 1)
    with pytest.raises(ZeroDivisionError):
        fail(own, build)
    shown = []
    write(own, build, 3, publish=lambda draft: bool(shown.append((draft / "units.parquet").exists())))
    assert shown == [True]
    assert pair(own) == [1, 2]
    assert [one.version for one in own.builds("at")] == ["v1"]
    assert not list(own.root.rglob(".draft-*"))


def test_what_is_kept_can_be_compared(own, build):
    write(own, build, 1)
    write(own, build, 2)
    with own.files("at", "v1", COMPARED) as old, own.files("at", "v2", COMPARED) as new:
        assert {path.name for path in new.iterdir()} >= set(COMPARED)
        found = difference(old, new)
        assert difference(old, old).none
    told = found.figures[found.figures["level"].eq("unit")].set_index("code")
    assert told.loc["A2", ["old", "new", "what"]].tolist() == [2, 4, "changed"]


@pytest.mark.parametrize("other", ["embedded", "postgis"])
def test_a_backup_is_brought_back_into_a_store_of_either_kind(own, other, new_store, tmp_path):
    version = build_pack(read_pack(own.declared / "at"), own)
    assert back_up(own, tmp_path / "all.tar").packs == ("at",)
    second = new_store(other, tmp_path / "second")
    assert restore(second, tmp_path / "all.tar").packs == ("at",)
    assert (second.version("at"), second.held("at")) == (version, True)
    assert json.dumps(second.catalogue("at")) == json.dumps(own.catalogue("at"))
    for level in ("nation", "unit"):
        assert second.units("at", level) == own.units("at", level)
        assert second.boundaries("at", level).equals(own.boundaries("at", level))
        assert second.map_geometry("at", level) == own.map_geometry("at", level)
        first, again = (one.values("at", "people", level) for one in (own, second))
        for name in ("value", "reason", "lower", "upper", "status"):
            np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
    assert (second.declared / "at" / "pack.toml").is_file()
    whole = (tmp_path / "all.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match=r"cut\.tar"):
        restore(second, tmp_path / "cut.tar")
    assert pair(second) == [10, 20]


def test_readers_never_see_a_build_in_part_while_several_write(own, build):
    """Two threads write one pack and one another; readers look all the time."""
    for pack in ("at", "bt"):
        write(own, build, 1, pack)
    stop, wrong = threading.Event(), []

    def look():
        seen = 0
        while not stop.is_set():
            for pack in ("at", "bt"):
                first, second = pair(own, pack)
                codes = own.boundaries(pack, "unit")["code"].tolist()
                if second != 2 * first or codes != ["A1", "A2"] or not own.map_geometry(pack, "unit"):
                    wrong.append((pack, first, second, codes))
            seen += 1
        return seen

    def change(pack, numbers):
        for number in numbers:
            write(own, build, number, pack)

    with ThreadPoolExecutor(5) as pool:
        readers = [pool.submit(look) for _ in range(2)]
        work = [("at", range(2, 2 + ROUNDS)), ("at", range(20, 20 + ROUNDS)), ("bt", range(40, 40 + ROUNDS))]
        writers = [pool.submit(change, *one) for one in work]
        failed = [one.exception() for one in writers]
        stop.set()
        looked = [one.result() for one in readers]
    assert (failed, wrong) == ([None] * 3, [])
    assert min(looked) > 0
    assert pair(own, "bt") == [40 + ROUNDS - 1, 2 * (40 + ROUNDS - 1)]
    for pack in ("at", "bt"):
        assert len(own.builds(pack)) == KEPT
        assert sum(one.current for one in own.builds(pack)) == 1


def test_two_processes_write_one_pack(own, build, tmp_path):
    begin = CONTEXT.Event()
    # On two machines where the builds are in a database: each has a data folder of its own.
    roots = (own.root, tmp_path / "other") if address_of(own) else (own.root, own.root)
    work = zip(roots, (1, 30), strict=True)
    processes = [writer(address_of(own), root, build, range(n, n + 4), begin) for root, n in work]
    for one in processes:
        one.start()
    begin.set()
    for one in processes:
        one.join(120)
    assert [one.exitcode for one in processes] == [0, 0]
    assert len(own.builds("at")) == KEPT
    assert pair(own) in ([4, 8], [33, 66])
    assert pair(opened(address_of(own), own.root)) == pair(own)


def test_a_country_and_an_export_are_the_same_over_every_store(kind, new_store, build, tmp_path):
    own = new_store(kind, tmp_path / "data")
    write(own, build, 7)
    country = Country(own, "at")
    assert country.units().total_bounds.tolist() == [0, 0, 2, 1]
    cube = country.cube("people")
    assert cube["people"].values.tolist() == [[7, 14]]
    assert cube.attrs["build"] == "v7"
    export_indicator(own, "at", "people", tmp_path / "out.geojson", level="unit", form="geojson")
    told = json.loads((tmp_path / "out.geojson").read_text("utf-8"))["features"]
    assert [one["properties"]["value"] for one in told] == [7, 14]
    assert [shapely.area(shapely.from_geojson(json.dumps(one["geometry"]))) for one in told] == [1, 1]


def test_the_command_works_over_every_store(own, monkeypatch, tmp_path):
    monkeypatch.setenv("FUPING_DATA", str(own.root))
    if address := address_of(own):
        monkeypatch.setenv("FUPING_DATABASE_URL", address)

    def run(*words, **more):
        answer = CliRunner().invoke(app, words, catch_exceptions=False, **more)
        assert answer.exit_code == 0, answer.output
        return answer.output

    if address:
        assert "office: up to date" in run("database", "upgrade")
    assert "at  District 区  not built" in run("packs")
    run("build", "at")
    assert "up to date" in run("build", "at")
    first = own.version("at")
    figures = own.declared / "at" / "data" / "figures.csv"
    figures.write_text(figures.read_text("utf-8").replace("10", "11"), "utf-8")
    sources = own.declared / "at" / "sources.toml"
    lines = sources.read_text("utf-8").splitlines()
    sources.write_text("\n".join(one for one in lines if not one.startswith("sha256")), "utf-8")
    told = run("update", "at", input="n\n")
    assert "people, unit: 0 added, 0 removed, 1 changed" in told
    assert own.version("at") == first
    run("update", "at", "--yes")
    assert pair(own) == [11, 20]
    assert "1 changed" in run("version", "diff", "at", first)
    run("version", "use", "at", first)
    assert f"{first}  " in run("version", "list", "at").splitlines()[0]
    assert "in use, held" in run("version", "list", "at")
    run("backup", "--out", str(tmp_path / "all.tar"))
    run("build", "at", "--force")
    assert pair(own) == [11, 20]
    assert "brought back: at" in run("restore", str(tmp_path / "all.tar"))
    assert pair(own) == [10, 20]
