"""A pack declares the lines that its alerts are judged against, with who drew them."""

import pytest
from fuping.layers.pack import pack_folders, read_pack
from pydantic import ValidationError

LINES = {"warning": 20, "guarantee": 40, "reference": {"en": "An office", "zh": "某机构"}}


def declared(**changes):
    rate = read_pack(pack_folders()["us"]).indicator("poverty_rate")
    return type(rate).model_validate(rate.model_dump() | changes)


def test_lines_stand_with_their_reference():
    lines = declared(alert_lines=LINES).alert_lines
    assert (lines.warning, lines.guarantee, lines.reference.zh) == (20, 40, "某机构")


@pytest.mark.parametrize(
    "changes",
    [
        {"alert_lines": LINES | {"guarantee": 10}},
        {"alert_lines": LINES, "direction": "higher_is_better"},
        {"alert_lines": LINES, "direction": "neutral"},
        {"alert_lines": {"warning": 20, "guarantee": 40}},
    ],
)
def test_lines_that_cannot_be_crossed_are_refused(changes):
    with pytest.raises(ValidationError):
        declared(**changes)
