"""A note that a page repeats is folded under where it stands first; one that leads elsewhere is not."""

from fuping.dashboard.components import html
from fuping.dashboard.components.repeated_notes import fold_repeated


def note(words, href):
    return html.Div([html.B("Source"), html.A(words, href=href)], className="source-note")


def page():
    first = html.Section([html.H2("Map"), note("Census", "/made?a"), note("List", "/made?b")])
    again = html.Section([html.H2("Table"), html.Div(note("Census", "/made?a")), note("Census", "/made?c")])
    return [html.H1("Page"), first, html.Div([again])]


def test_the_second_of_two_like_notes_is_folded_and_says_where_the_first_is():
    before = page()
    read = fold_repeated(before, "en")
    assert read[0] is before[0]
    assert read[1] is before[1]
    table = read[2].children[0]
    folded = table.children[1].children
    assert folded.className == "note-again"
    assert folded.children[0].children == "Source as under “Map”"
    assert folded.children[1] is before[2].children[0].children[1].children
    assert table.children[2].className == "source-note"


def test_what_is_kept_for_the_next_reader_is_left_as_it_was():
    before = page()
    once = repr(before)
    fold_repeated(before, "zh")
    assert repr(before) == once
    assert "note-again" not in once
