"""Over two hundred bad files: each is refused with its name, or read with a report that adds up; no other error."""

import base64
import dataclasses
import hashlib
import resource
import shutil
import signal
import sys
from contextlib import contextmanager

import corpus
import pytest
from fuping.dashboard.queries.uploaded import UploadError, decode, read_table
from fuping.layers.build.check import check_pack
from fuping.layers.build.pipeline import build_pack
from fuping.layers.errors import PackError
from fuping.layers.ingest.guess import guess_boundary, guess_table, table_format
from fuping.layers.ingest.new_pack import Credit, NewPack, write_pack
from fuping.layers.ingest.projects import projects_of_file
from fuping.layers.ingest.supply import supply_source
from fuping.layers.pack import read_pack
from fuping.layers.stores import EmbeddedStore
from fuping.layers.stores.archive import restore
from fuping.spatial.errors import FupingError
from fuping.spatial.match_report import MatchReport
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SECONDS = 10

MEGABYTES = 500

NAMED = {"en": "District", "zh": "区"}

TABLES = corpus.csv_files() | corpus.packed_files() | corpus.xlsx_files() | corpus.parquet_files()

UPLOADS = {name: body for name, body in TABLES.items() if name.endswith((".csv", ".parquet", ".xlsx"))}

PACKS = {f"{file}_{n}": (file, body) for file, bodies in corpus.toml_files().items() for n, body in enumerate(bodies)}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return corpus.boundary_files(tmp_path_factory.mktemp("drawn"))


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """A store with one pack, whose boundaries and figures a person supplies (simulated figures)."""
    folder = tmp_path_factory.mktemp("start")
    corpus.drawn().to_file(folder / "map.gpkg")
    (folder / "figures.csv").write_text(corpus.GOOD)
    boundary = guess_boundary(folder / "map.gpkg")
    table = guess_table(folder / "figures.csv", boundary.codes, level=boundary.level(NAMED, NAMED, "nation"))
    credit = Credit("Figures", "Office", "CC0", "Office 2020")
    files = folder / "map.gpkg", folder / "figures.csv"
    new = NewPack("at", NAMED, NAMED, NAMED, files[0], boundary, credit, files[1], table, credit, table.figures)
    store = EmbeddedStore(folder / "data")
    write_pack(new, store.declared / "at")
    declared = store.declared / "at" / "sources.toml"
    lines = declared.read_text("utf-8").replace('"pack_file"', '"url"\nurl = "https://example.org"').splitlines()
    kept = [one for one in lines if not one.startswith(("sha256", "path", "replaceable"))]
    declared.write_text("\n".join(kept), "utf-8")
    pack = read_pack(store.declared / "at")
    supply_source(pack, store, "boundaries", files[0])
    supply_source(pack, store, "figures", files[1])
    build_pack(pack, store)
    return store.root


@pytest.fixture
def store(start, tmp_path):
    shutil.copytree(start, tmp_path / "data")
    return EmbeddedStore(tmp_path / "data")


def tree(root):
    """Return what a store holds; its lock is no part of that."""
    return {
        str(one.relative_to(root)): hashlib.sha256(one.read_bytes()).hexdigest()
        for one in root.rglob("*")
        if one.is_file() and one.name != ".lock"
    }


def peak():
    scale = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


@contextmanager
def bounded():
    """Fail where the work takes too long or too much memory."""

    def late(*_):
        raise AssertionError(f"it takes longer than {SECONDS} s")

    before, kept = peak(), signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, kept)
    assert peak() - before < MEGABYTES


def refused(work, name):
    """Do the work; return its result, or ``None`` where it refuses the file and says which."""
    with bounded():
        try:
            return work()
        except FupingError as error:
            told = str(error)
    assert name in told, f"the message does not name the file: {told}"
    assert len(told) < 20_000
    return None


def adds_up(report):
    assert isinstance(report, MatchReport)
    assert report.n_left == report.matched + len(report.unmatched_left)
    assert all(one.reason for one in report.unmatched_left)


def imported(store, source, path):
    """Supply a file and build: refused and nothing stored is other, or built with reports that add up."""
    pack, before = read_pack(store.declared / "at"), tree(store.root)
    if source == "figures":
        table = pack.tables[0].model_copy(update={"format": table_format(path)})
        pack = dataclasses.replace(pack, tables=(table,))
    if refused(lambda: supply_source(pack, store, source, path), path.name) is None:
        assert tree(store.root) == before
        return None
    built = {name: one for name, one in tree(store.root).items() if name.startswith("packs/")}
    told = ""
    with bounded():
        try:
            build_pack(pack, store)
        except FupingError as error:
            told = str(error)
        if told:
            assert source in told, f"the message does not name the source: {told}"
            assert {name: one for name, one in tree(store.root).items() if name.startswith("packs/")} == built
            return None
    reports = [MatchReport.from_dict(one) for one in store.catalogue("at")["reports"]]
    for report in reports:
        adds_up(report)
    return reports


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_refused_by_name_or_every_row_is_accounted_for(store, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(TABLES[name])
    level = read_pack(store.declared / "at").level("unit")
    found = refused(lambda: guess_table(path, corpus.UNITS, level=level), name)
    assert found is None or 0 <= found.matched <= found.n_rows
    imported(store, "figures", path)


def test_boundaries_are_refused_by_name_or_every_unit_is_accounted_for(drawn, start, tmp_path):
    # Other tests may have left files of that name in folders of theirs.
    wrong, before = [], set(tmp_path.parent.rglob("evil*"))
    for number, (name, body) in enumerate(drawn.items()):
        folder = tmp_path / str(number)
        shutil.copytree(start, folder / "data")
        path = folder / name
        path.write_bytes(body)
        try:
            refused(lambda path=path: guess_boundary(path), name)
            imported(EmbeddedStore(folder / "data"), "boundaries", path)
        except Exception as error:  # told together, as a file is no test of its own here
            wrong.append(f"{name}: {type(error).__name__}: {str(error)[:300]}")
        shutil.rmtree(folder)
    assert not wrong, "\n".join(wrong)
    assert set(tmp_path.parent.rglob("evil*")) == before


@pytest.mark.parametrize("name", corpus.project_files())
def test_projects_are_refused_by_name_or_every_place_is_accounted_for(store, tmp_path, name):
    path, before = tmp_path / name, tree(store.root)
    path.write_bytes(corpus.project_files()[name])
    found = refused(lambda: projects_of_file(store, "at", path, level="unit"), name)
    if found is not None:
        adds_up(found[1])
    assert tree(store.root) == before


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_is_refused_with_the_file_of_its_fault(store, name):
    file, body = PACKS[name]
    folder = store.declared / "at"
    (folder / file).write_bytes(body)
    with bounded(), pytest.raises(PackError) as caught:
        check_pack(folder)
    assert file in str(caught.value)


@pytest.mark.parametrize("name", UPLOADS)
def test_an_upload_is_refused_in_both_languages_or_read(name):
    sent = "data:;base64," + base64.b64encode(UPLOADS[name]).decode()
    told = None
    with bounded():
        try:
            table = read_table(decode(sent, name, limit=50_000_000), name)
            for column in table.columns[:5]:
                assert len(table.text(column)) == table.n_rows
                assert len(table.numbers(column)) == table.n_rows
        except UploadError as error:
            told = str(error), error.said("zh")
    assert told is None or all(told)


@pytest.mark.parametrize("name", corpus.backup_files())
def test_what_is_no_backup_changes_nothing(store, tmp_path, name):
    path, before = tmp_path / name, tree(store.root)
    path.write_bytes(corpus.backup_files()[name])
    assert refused(lambda: restore(store, path), name) is None
    assert tree(store.root) == before
    assert not list(tmp_path.rglob("evil"))


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)

CELL = TEXT | st.integers().map(str) | st.floats().map(str) | st.sampled_from(corpus.UNITS)


@settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.lists(CELL, min_size=2, max_size=4).map(",".join), max_size=6))
def test_any_text_is_refused_by_name_or_every_row_is_accounted_for(start, tmp_path, lines):
    shutil.rmtree(tmp_path / "data", ignore_errors=True)
    shutil.copytree(start, tmp_path / "data")
    (tmp_path / "any.csv").write_bytes(corpus.rows(*lines))
    imported(EmbeddedStore(tmp_path / "data"), "figures", tmp_path / "any.csv")


def test_the_corpus_holds_more_than_two_hundred_files(drawn):
    bodies = [*TABLES.values(), *drawn.values(), *corpus.project_files().values(), *corpus.backup_files().values()]
    bodies += [body for _, body in PACKS.values()]
    assert len({hashlib.sha256(one).digest() for one in bodies}) >= 200
