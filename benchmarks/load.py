"""Many viewers and some editors at once: what they wait for, whether anything fails, whether memory stays flat.

``python benchmarks/load.py --viewers 200 --editors 5 --seconds 300`` starts ``fuping run`` on a copy of the packs,
lets simulated viewers open the map, step through units and indicators, search and read pages over loopback, and editors
bring files in for a small simulated pack, take them or let them go; it prints requests, failures, the median and the
95th percentile of each kind of request, and the server's memory as it goes. Viewers think for one to five seconds
between two steps, as readers do; editors for ten to twenty. Generator and server share the machine's cores.
"""

# isort: off
from locust import HttpUser, between, task  # gevent must patch sockets before anything else imports them
from locust.env import Environment
# isort: on

import argparse
import json
import os
import random
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import geopandas as gpd
import gevent
import pandas as pd
from fuping.dashboard.components.navigation import PAGES
from fuping.dashboard.identity import COOKIE
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.state import levels_with_figures
from fuping.layers.build.pipeline import build_pack
from fuping.layers.ingest.guess import guess_boundary, guess_table
from fuping.layers.ingest.new_pack import Credit, NewPack, write_pack
from fuping.layers.office import open_office
from fuping.layers.office.people import add_person
from fuping.layers.office.sessions import begin_session
from fuping.layers.pack import read_pack
from fuping.layers.stores import EmbeddedStore, open_store
from shapely.geometry import box

READER = Reader(open_store())
TRANSIENT = {"year", "only", "side", "sheet", "sort", "page", "themes"}
SMALL = "bm"
"""The pack that editors bring files in for: squares with made-up figures."""

N_SQUARES = 400
SESSIONS: list[str] = []
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
WORDS = ("an", "yang", "bao", "县", "county", "1306", "lin")


def choices() -> list[dict[str, str]]:
    """Return every pack × indicator × level that a viewer may look at."""
    found = []
    for pack in READER.packs():
        catalogue = READER.catalogue(pack)
        for one in catalogue["indicators"]:
            if one["shown"]:
                levels = levels_with_figures(catalogue, one)
                found += [{"pack": pack, "indicator": one["id"], "level": level} for level in levels]
    return found


CHOICES = choices()


class Viewer(HttpUser):
    """A reader with a browser of their own."""

    wait_time = between(1, 5)

    def on_start(self) -> None:
        """Open the map as a browser does."""
        self.query = dict(random.choice(CHOICES), lang=random.choice(("en", "zh")))
        self.path = "/"
        self.open("/")
        self.layers(geometry=True)

    def open(self, path: str) -> None:
        """Load a page, its layout and its first callbacks."""
        self.path = path
        url = f"{path}?{urlencode(self.query)}"
        self.client.get(url, name=f"page {path}")
        self.client.headers["Referer"] = f"{self.host}{url}"
        self.client.get("/_dash-layout", name="layout")
        self.callbacks_of = self.client.get("/_dash-dependencies", name="dependencies").json()
        self.tell(("search", "frame", "place"))

    def layers(self, *, geometry: bool = False) -> None:
        """Fetch what the map draws."""
        pack, indicator, level = (self.query[name] for name in ("pack", "indicator", "level"))
        if geometry:
            self.client.get(f"/geometry/{pack}/{level}.json", name="geometry")
            self.client.get(f"/units/{pack}/{level}.json", name="units")
        self.client.get(f"/values/{pack}/{level}/{indicator}.json", name="values")
        self.client.get(f"/classes/{pack}/{level}/{indicator}.json", name="classes")

    def tell(self, changed: tuple[str, ...]) -> None:
        """Run the callbacks of the page that follow what changed in the URL."""
        plain = f"?{urlencode(self.query)}"
        frame = {name: value for name, value in parse_qsl(plain[1:]) if name not in {*TRANSIENT, "unit"}}
        place = {name: value for name, value in parse_qsl(plain[1:]) if name not in TRANSIENT}
        known = {"search": plain, "frame": f"?{urlencode(frame)}", "place": f"?{urlencode(place)}", "ready": True}
        page = next(name for name, one in PAGES.items() if one.path == self.path)
        address = "address" if page == "map" else f"{page}-address"
        for one in self.callbacks_of:
            asks = [given["property"] for given in one["inputs"] if given["id"] == address]
            if not set(asks) & set(changed) or any(given["property"] not in known for given in one["inputs"]):
                continue
            outputs = re.findall(r"([\w-]+)\.([\w-]+?)(?:\.{2,}|$)", one["output"].strip("."))
            filled = [{"id": name, "property": prop} for name, prop in outputs]
            body = {
                "output": one["output"],
                "outputs": filled if one["output"].startswith("..") else filled[0],
                "inputs": [given | {"value": known[given["property"]]} for given in one["inputs"]],
                "changedPropIds": [f"{address}.{name}" for name in changed],
            }
            data, kind = json.dumps(body), {"Content-Type": "application/json"}
            self.client.post("/_dash-update-component", data=data, headers=kind, name=f"callback {page}")

    @task(6)
    def select(self) -> None:
        """Select a unit of the level."""
        self.query["unit"] = random.choice(READER.units(self.query["pack"], self.query["level"])["code"])
        self.tell(("search", "place"))

    @task(4)
    def step(self) -> None:
        """Step to another year."""
        declared = READER.indicator(self.query["pack"], self.query["indicator"])
        self.query["year"] = str(random.choice(declared["levels"][self.query["level"]]["years"]))
        self.tell(("search",))

    @task(3)
    def change(self) -> None:
        """Show another indicator of the same pack."""
        self.query |= random.choice([one for one in CHOICES if one["pack"] == self.query["pack"]])
        self.query.pop("unit", None)
        self.layers()
        self.tell(("search", "frame", "place"))

    @task(2)
    def look_up(self) -> None:
        """Type into the search."""
        word = random.choice(WORDS)
        self.client.get(f"/search/{self.query['pack']}.json?{urlencode(self.query | {'q': word})}", name="search")

    @task(2)
    def turn(self) -> None:
        """Go to another page."""
        self.open(random.choice([one.path for one in PAGES.values()]))


class Editor(HttpUser):
    """A person with an account who brings files in."""

    wait_time = between(10, 20)

    def on_start(self) -> None:
        """Come with a session that was begun before."""
        self.client.headers.update(SAME_SITE | {"Cookie": f"{COOKIE}={SESSIONS.pop()}"})

    @task
    def bring(self) -> None:
        """Send a file, wait for its check, and take it or let it go."""
        rows = [f"S{number:04d},{random.randint(1, 1000)}" for number in range(N_SQUARES)]
        content = "\n".join(["code,people", *rows]).encode()
        sent = self.client.put(f"/supply/{SMALL}/figures?name=next.csv", data=content, name="edit: send")
        if not sent.ok:
            return
        one = sent.json()["id"]
        while self.client.get(f"/supply/proposals/{one}.json", name="edit: progress").json()["working"]:
            gevent.sleep(1)
        where = {"index": f"{random.choice(('take', 'drop'))}:{one}", "type": "supply-act"}
        note = {"id": {"index": 0, "type": "supply-note"}, "property": "value", "value": "from a benchmark"}
        body = {
            "output": "supply-done.data",
            "outputs": {"id": "supply-done", "property": "data"},
            "inputs": [[{"id": where, "property": "n_clicks", "value": 1}]],
            "changedPropIds": [f"{json.dumps(where, separators=(',', ':'), sort_keys=True)}.n_clicks"],
            "state": [{"id": "supply-address", "property": "frame", "value": f"?pack={SMALL}"}, [note]],
        }
        head = {"Content-Type": "application/json"}
        self.client.post("/_dash-update-component", data=json.dumps(body), headers=head, name="edit: decide")


def prepare(home: Path, n_editors: int) -> None:
    """Copy the built packs, add the small one, and let editors in."""
    kept = shutil.ignore_patterns("office.*", ".office.*", "proposals")
    shutil.copytree(READER.store.root, home, copy_function=os.link, ignore=kept, dirs_exist_ok=True)
    store = EmbeddedStore(home)
    codes = [f"S{number:04d}" for number in range(N_SQUARES)]
    squares = [box(number % 20, number // 20, number % 20 + 1, number // 20 + 1) for number in range(N_SQUARES)]
    files = home / "squares.geojson", home / "figures.csv"
    gpd.GeoDataFrame({"code": codes}, geometry=squares, crs=4326).to_file(files[0])
    pd.DataFrame({"code": codes, "people": range(N_SQUARES)}).to_csv(files[1], index=False)
    named = {"en": "Simulated squares", "zh": "模拟方格"}
    boundary = guess_boundary(files[0])
    table = guess_table(files[1], boundary.codes, level=boundary.level(named, named, "nation"))
    credit = Credit("Simulated", "Benchmark", "CC0", "Simulated for a benchmark")
    new = NewPack(
        SMALL, named, named, named, files[0], boundary, credit, files[1], table, credit, table.figures, year=2020
    )
    write_pack(new, store.declared / SMALL)
    build_pack(read_pack(store.declared / SMALL), store)
    office = open_office(home, url="")
    for number in range(n_editors):
        add_person(office, f"editor{number}", password=secrets.token_urlsafe(16), role="editor")
        SESSIONS.append(begin_session(office, f"editor{number}").token)


def memory_mb(pid: int) -> float:
    """Return the resident memory of a process."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024  # type: ignore[union-attr]


def main() -> None:
    """Run the viewers and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=200)
    parser.add_argument("--editors", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=300)
    given = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    scratch = tempfile.TemporaryDirectory(dir=READER.store.root.parent)
    prepare(Path(scratch.name), given.editors)
    Editor.fixed_count = given.editors
    settings = os.environ | {"FUPING_DATA": scratch.name}
    server = subprocess.Popen([Path(sys.executable).parent / "fuping", "run", "--port", str(port)], env=settings)
    try:
        for _ in range(120):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.5)
        # Of a kind of user whose fixed count is 0, locust starts as many as of the others.
        kinds = [Viewer, Editor] if given.editors else [Viewer]
        environment = Environment(user_classes=kinds, host=f"http://127.0.0.1:{port}")
        runner = environment.create_local_runner()
        runner.start(given.viewers + given.editors, spawn_rate=10)
        started = time.monotonic()
        while time.monotonic() - started < given.seconds:
            gevent.sleep(given.seconds / 6)
            n = environment.stats.total.num_requests
            print(f"{time.monotonic() - started:5.0f} s  {n:7,} requests  {memory_mb(server.pid):6.0f} MB", flush=True)
        runner.quit()
        print(f"\n{'':24}{'requests':>10}{'failed':>8}{'median s':>10}{'p95 s':>8}")
        for one in [*sorted(environment.stats.entries.values(), key=lambda entry: entry.name), environment.stats.total]:
            median, p95 = (one.get_response_time_percentile(share) / 1000 for share in (0.5, 0.95))
            print(f"{one.name:24}{one.num_requests:10,}{one.num_failures:8}{median:10.3f}{p95:8.3f}")
        for error in environment.stats.errors.values():
            print(f"  {error.occurrences} × {error.name}: {error.error}")
    finally:
        server.terminate()
        server.wait()
        scratch.cleanup()


if __name__ == "__main__":
    main()
