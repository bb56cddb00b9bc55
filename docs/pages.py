"""Pages that are written from the program itself when the documentation is built, so that they never fall behind."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

import typer
from fuping.dashboard.cli import app
from fuping.layers.pack import pack_folders, read_pack
from mkdocs.structure.files import File, Files

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "title": "Data and caveats",
        "sources": ("Source", "Licence", "Cite as"),
        "indicators": ("Indicator", "Unit", "Meaning"),
        "join": ", ",
    },
    "zh": {
        "title": "数据与说明",
        "sources": ("来源", "许可", "引用格式"),
        "indicators": ("指标", "单位", "含义"),
        "join": "，",
    },
}

METHODS = {"en": "# Methods and terms", "zh": "# 方法与术语"}

PACKAGES = (
    "boundaries",
    "cube",
    "cartography",
    "poverty",
    "dynamics",
    "projects",
    "raster",
    "ecology",
    "risk",
    "quality",
)

MODULES = ("fuping.layers.country", "fuping.spatial.composite", "fuping.spatial.weighting", "fuping.spatial.inference")


def on_files(files: Files, config: Any) -> Files:
    """Add the pages."""
    pages = {"reference.md": reference(), "commands.md": commands()}
    for language in WORDS:
        pages[f"{language}/data.md"] = data(language)
        text = (package_files("fuping.dashboard.i18n") / "locales" / language / "methods.md").read_text("utf-8")
        pages[f"{language}/methods.md"] = f"{METHODS[language]}\n\n{text}"
    for path, text in pages.items():
        files.append(File.generated(config, path, content=text))
    return files


def reference() -> str:
    """Return the page that mkdocstrings fills with the docstrings."""
    parts = [f"::: fuping.spatial.{name}" for name in PACKAGES] + [f"::: {name}" for name in MODULES]
    return "\n\n".join(["# Reference", *parts]) + "\n"


def commands() -> str:
    """Return every command with its arguments and options."""
    parts = ["# Commands"]
    for path, command in _walk("fuping", typer.main.get_command(app)):
        rows = ((f"`{_spelled(one)}`", one.help or "", _default(one)) for one in command.params if one.name != "help")
        parts.append(f"## {path}\n\n{command.help}\n\n{_table(('Argument', 'Meaning', 'Where not given'), rows)}")
    return "\n\n".join(parts) + "\n"


def _spelled(one: Any) -> str:
    return " ".join(one.opts) if one.param_type_name == "option" else one.name.upper()


def _default(one: Any) -> str:
    return "must be given" if one.required else "" if one.default in (None, "", False, 0) else f"`{one.default}`"


def _walk(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    for name, one in sorted(getattr(command, "commands", {}).items()):
        if hasattr(one, "commands"):
            yield from _walk(f"{path} {name}", one)
        else:
            yield f"{path} {name}", one


def data(language: str) -> str:
    """Return the packs that ship: sources with licence and citation, indicators with meaning, and what to beware of."""
    words = WORDS[language]
    parts = [f"# {words['title']}"]
    for folder in pack_folders().values():
        pack = read_pack(folder)
        parts.append(f"## {pack.info.name.in_(language)}\n\n{pack.info.summary.in_(language)}")
        sources = (
            (one.title.in_(language) + words["join"] + one.publisher.in_(language), one.licence, one.citation)
            for one in pack.sources
        )
        indicators = (
            (f"{one.name.in_(language)} (`{one.id}`)", one.unit.in_(language), one.meaning.in_(language))
            for one in pack.indicators
        )
        parts += [_table(words["sources"], sources), _table(words["indicators"], indicators)]
        readme = Path(folder) / "README.md"
        if language == "en" and readme.is_file():
            parts.append("\n".join(readme.read_text("utf-8").splitlines()[1:]).strip())
    return "\n\n".join(parts) + "\n"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    cells = [" | ".join(one.replace("|", "\\|").replace("\n", " ") for one in row) for row in rows]
    return "\n".join(f"| {row} |" for row in (" | ".join(head), " | ".join("---" for _ in head), *cells))
