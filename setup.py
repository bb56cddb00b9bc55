"""Setuptools entry: builds the map's scripts before the Python files are collected."""

import runpy
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

BUILDER = Path(__file__).parent / "dashboard" / "components" / "maplibre" / "build.py"


class BuildWithMap(build_py):
    """Bundle the map, then build as usual."""

    def run(self) -> None:
        runpy.run_path(str(BUILDER), run_name="__main__")
        super().run()


setup(cmdclass={"build_py": BuildWithMap})
