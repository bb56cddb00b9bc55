"""The notebooks run from their first cell to their last on the built packs, as an analyst would run them."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_its_kept_output_is_what_it_gives(path, store, monkeypatch):
    monkeypatch.setenv("FUPING_DATA", str(store.root))
    book = nbformat.read(path, as_version=4)
    kept = [said(cell) for cell in book.cells]
    NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": os.getcwd()}}).execute()
    assert [said(cell) for cell in book.cells] == kept


def said(cell):
    """Return what a cell printed or returned as text, leaving out pictures and what tells sizes of memory."""
    texts = [one.get("text") or one.get("data", {}).get("text/plain", "") for one in cell.get("outputs", [])]
    return [text for text in texts if not text.startswith(("<xarray", "<Figure"))]
