"""The methods page says the same in each language, and cites what the library's docstrings cite."""

import re
from importlib.resources import files
from pathlib import Path

import fuping.spatial
from fuping.dashboard.i18n.messages import LANGUAGES

TEXTS = {
    language: (files("fuping.dashboard.i18n") / "locales" / language / "methods.md").read_text("utf-8")
    for language in LANGUAGES
}
LIBRARY = "\n".join(path.read_text("utf-8") for path in Path(fuping.spatial.__path__[0]).rglob("*.py"))


def test_the_languages_have_the_same_headings_tables_and_years():
    shapes = {
        language: (
            [len(re.match("#+", line).group()) for line in text.splitlines() if line.startswith("#")],
            [line.count("|") for line in text.splitlines() if line.startswith("|")],
            sorted(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)),
        )
        for language, text in TEXTS.items()
    }
    assert shapes["en"] == shapes["zh"]


def test_no_bracket_of_a_formula_is_read_as_a_link():
    for language, text in TEXTS.items():
        assert re.findall(r"(?<!\\)[\[\]]", text) == [], language


def test_each_work_cited_is_one_that_the_library_cites():
    cited = re.findall(r"([A-Z][\w'’-]+) \(?((?:19|20)\d\d)", TEXTS["en"])
    assert len(cited) > 20
    for name, year in cited:
        assert re.search(rf"{name}\b[^\n]{{0,120}}\n?[^\n]{{0,120}}{year}", LIBRARY), (name, year)
