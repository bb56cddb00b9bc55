"""A status holds only the categories that its pack declares."""

import pytest
from fuping.layers.build.pipeline import build_pack
from fuping.layers.errors import TableError
from fuping.layers.pack import read_pack
from small_pack import write_small_pack

LISTED = """
[[indicator.categories]]
id = "poor"
code = 10
name = { en = "Poor", zh = "贫困" }
"""


def test_a_code_that_no_category_has_is_refused_at_its_row(tmp_path):
    store = write_small_pack(tmp_path)
    declared = store.declared / "at" / "indicators.toml"
    text = declared.read_text("utf-8")
    for line in text.splitlines():
        if line.startswith(("kind", "aggregation", "minimum", "decimals")):
            text = text.replace(f"{line}\n", "")
    head, rest = text.split("[[indicator]]", 1)
    status = 'kind = "status"\naggregation = "none"\ndecimals = 0\n'
    declared.write_text(f"{head}[[indicator]]\n{status}{rest.strip()}\n{LISTED}", "utf-8")
    with pytest.raises(TableError, match=r"(?s)row 3.*20.*people, one of 10"):
        build_pack(read_pack(store.declared / "at"), store)
