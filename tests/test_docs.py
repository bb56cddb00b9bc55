"""The documentation is read: what it tells to type exists, and what exists is told, in both languages."""

import importlib.util
import re
import shlex
from pathlib import Path

import fuping.dashboard
import fuping.layers
import pytest
import typer
from fuping.dashboard.cli import app
from fuping.layers.pack import pack_folders, read_pack

ROOT = Path(__file__).parents[1]
LANGUAGES = ("en", "zh")


def texts(language):
    return {path.name: path.read_text("utf-8") for path in sorted((ROOT / "docs" / language).glob("*.md"))}


def commands():
    def walk(words, command):
        for name, one in getattr(command, "commands", {}).items():
            yield from walk((*words, name), one)
        if not hasattr(command, "commands"):
            yield words, command

    return dict(walk((), typer.main.get_command(app)))


def typed():
    """Every command that a text tells to type, with where it stands."""
    places = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    for place in places:
        text = place.read_text("utf-8").replace("\\\n", " ")
        for line in re.findall(r"^\s*(fuping .+)$|`(fuping [^`]+)`", text, re.MULTILINE):
            yield place.name, next(filter(None, line))


def test_each_language_has_the_same_pages_headings_and_examples():
    first, second = (texts(language) for language in LANGUAGES)
    assert set(first) == set(second)
    for name in first:
        shapes = [
            ([len(one) for one in re.findall(r"^(#+) ", text, re.MULTILINE)], text.count("```"))
            for text in (first[name], second[name])
        ]
        assert shapes[0] == shapes[1], name


def test_every_picture_is_there_and_made_by_the_script():
    spec = importlib.util.spec_from_file_location("screenshots", ROOT / "docs" / "screenshots.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    for language in LANGUAGES:
        shown = set(re.findall(rf"images/{language}/(\w+)\.png", "\n".join(texts(language).values())))
        made = {path.stem for path in (ROOT / "docs" / "images" / language).iterdir()}
        assert shown == made == set(script.SHOTS), language


def test_every_command_that_is_told_exists_with_its_options():
    known = commands()
    seen = set()
    for place, line in typed():
        words = shlex.split(line.split("#")[0].replace("[", "").replace("]", "").replace("…", ""))[1:]
        path = next((tuple(words[:n]) for n in (2, 1) if tuple(words[:n]) in known), None)
        assert path or len(words) <= 2, (place, line)
        if path is None:
            assert any(words[0] == one[0] for one in known), (place, line)
            continue
        options = {name for one in known[path].params for name in one.opts}
        assert {word.split("=")[0] for word in words if word.startswith("--")} <= options, (place, line)
        seen.add(path)
    assert len(seen) > 12


def test_every_setting_is_described():
    sources = [*Path(fuping.dashboard.__path__[0]).rglob("*.py"), *Path(fuping.layers.__path__[0]).rglob("*.py")]
    used = set(re.findall(r"\bFUPING_[A-Z_]+", "\n".join(path.read_text("utf-8") for path in sources)))
    for language in LANGUAGES:
        told = texts(language)["operations.md"]
        assert used <= set(re.findall(r"`(FUPING_[A-Z_]+)`", told)), language


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    folder = tmp_path_factory.mktemp("site")
    if not (ROOT / "build" / "typing" / "fuping").exists():
        pytest.skip("the links for tools that read the source are not made (make lint makes them)")
    build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder)))
    return folder


def test_the_site_builds_without_a_warning_and_loads_nothing_from_elsewhere(site):
    for path in site.rglob("*.html"):
        loaded = re.findall(
            r"<(?:script|link|img)[^>]+(?:src|href)=[\"']?(https?://[^\"' >]+)", path.read_text("utf-8")
        )
        assert [one for one in loaded if not one.startswith("http://127.0.0.1")] == [], path.name


def test_every_indicator_source_and_command_has_its_place(site):
    pages = {name: (site / name).read_text("utf-8") for name in ("en/data.html", "zh/data.html", "commands.html")}
    for folder in pack_folders().values():
        pack = read_pack(folder)
        for one in pack.indicators:
            assert one.id in pages["en/data.html"]
            assert one.id in pages["zh/data.html"]
    for words in commands():
        assert f"fuping {' '.join(words)}" in pages["commands.html"]
