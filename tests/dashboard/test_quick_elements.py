"""Our quick elements are Dash's: the same to the browser, and as strict with what they are given."""

import json

import pytest
from dash import html as dashs
from dash._utils import to_json
from dash.development.base_component import Component
from fuping.dashboard.components import html
from fuping.dashboard.components.address import Address

GIVEN = {"className": "k", "id": "here", "data-set": "1", "aria-label": "Close", "title": "阜平"}


def told(component):
    """What the browser makes the component of; no children and none given are the same to it."""
    made = json.loads(to_json(component))
    made["props"] = {name: value for name, value in made["props"].items() if value is not None}
    return made


@pytest.mark.parametrize("name", [name for name in dir(dashs) if name[0].isupper() and len(name) < 12])
def test_each_is_told_as_dash_tells_it(name):
    ours, theirs = getattr(html, name), getattr(dashs, name)
    assert issubclass(ours, theirs)
    assert told(ours(["one", ours("two")], **GIVEN)) == told(theirs(["one", theirs("two")], **GIVEN))
    assert told(ours()) == told(theirs())


@pytest.mark.parametrize("make", [html.Div, Address])
def test_what_it_has_no_property_for_is_refused(make):
    with pytest.raises(TypeError, match="colour"):
        make(colour="red")


def test_dash_finds_what_lies_in_them():
    tree = html.Div([html.Table([html.Tr([html.Td(html.A("x", id="deep"))])])])
    assert tree["deep"].children == "x"
    assert [one.id for one in tree._traverse() if isinstance(one, Component) and getattr(one, "id", None)] == ["deep"]
