"""Firefox as Debian packs it, over WebDriver BiDi: as much of the protocol as looking at pages needs.

Playwright drives only a Firefox that it has built itself; geckodriver, which selenium needs, is not in Debian, and what
PyPI and npm have under its name fetches it from elsewhere. Firefox speaks BiDi by itself, so a socket is enough.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import websocket

BINARY = shutil.which("firefox-esr") or shutil.which("firefox")
SCREEN = shutil.which("Xvfb")
"""Without a screen Firefox finds no driver that draws WebGL, headless or not."""

ABSENT = [name for name, one in (("firefox-esr", BINARY), ("xvfb", SCREEN)) if one is None]
"""Debian packages that are not installed."""

PREFERENCES = {
    # Whatever is not on this machine is asked of a port where nobody listens.
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.allow_hijacking_localhost": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "services.settings.server": "",
    "webgl.force-enabled": True,
    "ui.prefersReducedMotion": 1,
}

LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")


class Firefox:
    """One browser with one page, on a screen of its own; ``errors`` is what the page has said is wrong since opened."""

    def __init__(self, *, seconds=30):
        self._profile = tempfile.TemporaryDirectory(prefix="fuping-firefox-", ignore_cleanup_errors=True)
        folder = Path(self._profile.name)
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(one)});" for name, one in PREFERENCES.items()]
        (folder / "user.js").write_text("\n".join(lines))
        command = [BINARY, "--headless", "--no-remote", "--profile", str(folder), "--remote-debugging-port", "0"]
        self._screen = subprocess.Popen(
            [SCREEN, "-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        display = self._screen.stdout.readline().strip()
        self._told = (folder / "told.log").open("w+")
        # The processor draws what a test sees.
        drawn = os.environ | {"DISPLAY": f":{display}", "LIBGL_ALWAYS_SOFTWARE": "1"}
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=self._told, env=drawn)
        self._socket, self._last, self._events, self.errors = None, 0, [], []
        try:
            self._socket = websocket.create_connection(
                f"{self._address(seconds)}/session", timeout=60, suppress_origin=True
            )
            self.send("session.new", capabilities={})
            self.send("session.subscribe", events=["log.entryAdded"])
            self.page = self.send("browsingContext.getTree")["contexts"][0]["context"]
        except BaseException:
            self.close()
            raise

    def _address(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._process.poll() is None:
            found = LISTENING.search(Path(self._told.name).read_text(errors="replace"))
            if found:
                return found[1]
            time.sleep(0.05)
        raise RuntimeError(f"Firefox did not begin to listen: {Path(self._told.name).read_text(errors='replace')}")

    def send(self, method, **parameters):
        """Ask for something and return the answer; what the page logs meanwhile is kept."""
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": parameters}))
        while True:
            told = json.loads(self._socket.recv())
            if told.get("method") == "log.entryAdded" and told["params"]["level"] == "error":
                self.errors.append(told["params"]["text"])
            if told.get("id") == self._last:
                if told["type"] == "error":
                    raise RuntimeError(f"{method}: {told['error']}: {told['message']}")
                return told["result"]

    def resize(self, width, height):
        self.send("browsingContext.setViewport", context=self.page, viewport={"width": width, "height": height})

    def open(self, address):
        # What the page before still waited for is broken off, which it tells before it is gone.
        self.send("browsingContext.navigate", context=self.page, url="about:blank", wait="complete")
        self.errors = []
        self.send("browsingContext.navigate", context=self.page, url=address, wait="interactive")

    def evaluate(self, expression):
        """Return what an expression, or a promise, gives in the page: a text, a number, a truth value or None."""
        found = self.send("script.evaluate", expression=expression, target={"context": self.page}, awaitPromise=True)
        if found["type"] == "exception":
            raise RuntimeError(found["exceptionDetails"]["text"])
        return found["result"].get("value")

    def until(self, expression, *, seconds=30):
        end = time.monotonic() + seconds
        while not self.evaluate(expression):
            assert time.monotonic() < end, (expression, self.errors)
            time.sleep(0.05)

    def close(self):
        if self._socket is not None:
            self._socket.close()
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._screen.terminate()
        self._screen.wait()
        self._screen.stdout.close()
        self._told.close()
        self._profile.cleanup()
