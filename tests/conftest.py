"""The packs are built once a session, from the installed packages and the files that a user would supply.

Several processes share the tests (``-n``): they share the builds too, each pack built by the one that comes first.
"""

import os
import shutil
from pathlib import Path

import pytest
from filelock import FileLock
from fuping.layers.build.fingerprint import fingerprint
from fuping.layers.build.pipeline import build_pack
from fuping.layers.pack import pack_folders, read_pack
from fuping.layers.stores import EmbeddedStore
from shared_data import SHARED

SUPPLIED = {
    "cn": {
        "census_2010.xlsx": "china/original/census_county_2010_v1.xlsx",
        "census_2020.xlsx": "china/original/census_county_2020_v1.xlsx",
    },
    "us": {
        "counties_2017.topo.json": "us/counties_2017_10m.topo.json",
        "counties_2023.topo.json": "us/counties_2023_10m.topo.json",
        "saipe.csv.gz": "us/saipe_county_1989_2019.csv.gz",
        "snap.csv.gz": "us/snap_recipients_county.csv.gz",
        "population.csv.gz": "us/population_county_2010_2023.csv.gz",
    },
}


@pytest.fixture(scope="session")
def china():
    return read_pack(pack_folders()["cn"])


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    """Build cn, kr and wd, and where the shared data are here also us and China's census.

    With ``FUPING_TEST_DATA`` the builds are kept there, and made again only where a pack or its files changed: quicker
    while working on anything but the build itself.
    """
    kept = os.environ.get("FUPING_TEST_DATA")
    base = tmp_path_factory.getbasetemp()
    root = Path(kept) if kept else (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "data"
    built = EmbeddedStore(root)
    codes = ["cn", "kr", "wd", *(["us"] if SHARED.exists() else [])]
    with built.alone():
        for code, files in SUPPLIED.items() if SHARED.exists() else ():
            built.supplied(code).mkdir(parents=True, exist_ok=True)
            for name, path in files.items():
                if not (built.supplied(code) / name).exists():
                    shutil.copyfile(SHARED / path, built.supplied(code) / name)
    # The processes begin with different packs; whoever finds one being built turns to it last.
    if os.environ.get("PYTEST_XDIST_WORKER", "gw0") != "gw0":
        codes.reverse()
    for code in codes:
        with FileLock(root / f".{code}.lock"):
            pack = read_pack(pack_folders()[code])
            if code not in built.packs() or built.version(code) != fingerprint(pack, built):
                build_pack(pack, built)
    return built
