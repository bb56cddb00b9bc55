"""What is exported is never run by the program that opens it."""

import openpyxl
import pandas as pd
from fuping.layers.export.indicator import export_indicator
from fuping.layers.export.spreadsheet import plain_cells
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.text(max_size=8), min_size=1))
def test_no_text_begins_as_a_formula_and_none_is_lost(texts):
    kept = plain_cells(pd.DataFrame({"name": texts, "value": range(len(texts))}))
    assert not any(one.startswith(("=", "+", "-", "@", "\t", "\r")) for one in kept["name"])
    assert [
        one.removeprefix("'") if one != before else one for one, before in zip(kept["name"], texts, strict=True)
    ] == texts
    assert kept["value"].tolist() == list(range(len(texts)))


def test_a_unit_named_like_a_formula_is_text_in_excel(store, tmp_path, monkeypatch):
    units = dict(store.units("kr", "province"))
    units["name_en"] = ['=HYPERLINK("http://x")', *units["name_en"][1:]]
    monkeypatch.setattr(store, "units", lambda pack, level: units)
    export_indicator(store, "kr", "basic_living_ratio", tmp_path / "one.xlsx", level="province", form="xlsx")
    cell = openpyxl.load_workbook(tmp_path / "one.xlsx")["data"]["B2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'=")
