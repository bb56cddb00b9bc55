"""A country folder as one checked object.

Reading gathers every fault of every file, with its place, and then refuses the pack whole.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from fuping.layers.errors import Fault, PackError, SourceError
from fuping.layers.schema.assessment import Attenuations, EcologyFramework, RiskComposite
from fuping.layers.schema.metadata import (
    Boundary,
    Indicator,
    Level,
    Line,
    PackInfo,
    Programme,
    ProjectList,
    Source,
    Table,
)
from fuping.layers.schema.raster import RasterLayer, StormCatalogue
from fuping.layers.schema.seismicity import EarthquakeCatalogue
from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    from fuping.layers.stores.contract import Store

__all__ = ["Pack", "find_pack", "pack_folders", "read_pack"]

Model = TypeVar("Model", bound=BaseModel)

GONE = dict.fromkeys(
    ("outline_source", "context_source"),
    "Remove it: it was never read. A vintage's outline comes of its highest level, and the land around a country of "
    "the map of the world.",
)
"""Keys that packs once had → what to do about one that still does."""

FILES: dict[str, tuple[str, type[BaseModel], bool]] = {
    "levels": ("level", Level, True),
    "boundaries": ("boundary", Boundary, True),
    "sources": ("source", Source, True),
    "indicators": ("indicator", Indicator, True),
    "tables": ("table", Table, True),
    "lines": ("line", Line, False),
    "programmes": ("programme", Programme, False),
    "project_lists": ("list", ProjectList, False),
    "rasters": ("raster", RasterLayer, False),
    "storms": ("storm", StormCatalogue, False),
    "ecology": ("framework", EcologyFramework, False),
    "risk": ("composite", RiskComposite, False),
    "earthquakes": ("attenuation", Attenuations, False),
    "seismicity": ("seismicity", EarthquakeCatalogue, False),
}
"""File stem → key of its array, model, and whether a pack must have it."""


@dataclass(frozen=True)
class Pack:
    """One country's declarations, checked.

    Every attribute is the tuple of declarations of the file of that name; ``folder`` is where the pack lies.
    """

    folder: Path
    info: PackInfo
    levels: tuple[Level, ...]
    boundaries: tuple[Boundary, ...]
    sources: tuple[Source, ...]
    indicators: tuple[Indicator, ...]
    tables: tuple[Table, ...]
    lines: tuple[Line, ...] = ()
    programmes: tuple[Programme, ...] = ()
    project_lists: tuple[ProjectList, ...] = ()
    rasters: tuple[RasterLayer, ...] = ()
    storms: tuple[StormCatalogue, ...] = ()
    ecology: tuple[EcologyFramework, ...] = ()
    risk: tuple[RiskComposite, ...] = ()
    earthquakes: tuple[Attenuations, ...] = ()
    seismicity: tuple[EarthquakeCatalogue, ...] = ()

    @property
    def reference(self) -> Boundary:
        """The vintage that maps and cubes use."""
        return next(boundary for boundary in self.boundaries if boundary.reference)

    def source(self, name: str) -> Source:
        """Return the source called ``name``."""
        return _named(self.sources, name)

    def indicator(self, name: str) -> Indicator:
        """Return the indicator called ``name``."""
        return _named(self.indicators, name)

    def level(self, name: str) -> Level:
        """Return the level called ``name``."""
        return _named(self.levels, name)


def _named(declared: Iterable[Any], name: str) -> Any:
    return next(item for item in declared if item.id == name)


def pack_folders(extra: Path | None = None) -> dict[str, Path]:
    """Return the folder of every pack that ships, and of those in ``extra`` (which win).

    Returns
    -------
    dict of str to pathlib.Path
        Pack code → folder, sorted by code.
    """
    roots = [Path(str(files("fuping.layers.packs")))] + ([extra] if extra else [])
    found = {path.parent.name: path.parent for root in roots for path in root.glob("*/pack.toml")}
    return dict(sorted(found.items()))


def find_pack(store: Store, code: str) -> Pack:
    """Return a pack that ships or was made on this machine.

    Raises
    ------
    SourceError
        There is none of that code.
    """
    folders = pack_folders(store.declared)
    if code not in folders:
        raise SourceError(f"There is no pack {code!r}.", remedy=f"Packs: {', '.join(folders)}.")
    return read_pack(folders[code])


def read_pack(folder: Path) -> Pack:
    """Read and check a pack.

    Raises
    ------
    PackError
        With every fault of every file.
    """
    faults: list[Fault] = []
    declared: dict[str, tuple[Any, ...]] = {}
    raw = _toml(folder, "pack", True, faults)
    info = _model(PackInfo, raw, "pack.toml", "", faults) if raw is not None else None
    for stem, (key, model, required) in FILES.items():
        content = _toml(folder, stem, required, faults)
        if content is None:
            declared[stem] = ()
            continue
        for other in sorted(set(content) - {key}):
            faults.append(Fault(f"{stem}.toml", "", f"the key {other!r}", f"only [[{key}]]"))
        built = []
        listed = content.get(key, [])
        if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
            faults.append(Fault(f"{stem}.toml", key, repr(listed), f"tables, each under [[{key}]]"))
            listed = []
        for number, item in enumerate(listed, start=1):
            place = f"[[{key}]] {number} ({item.get('id', 'no id')})"
            one = _model(model, item, f"{stem}.toml", place, faults)
            if one is not None:
                built.append(one)
        declared[stem] = tuple(built)
    if faults or info is None:
        raise PackError(f"Pack {folder}", faults)
    pack = Pack(folder=folder, info=info, **declared)
    faults = list(_cross_check(pack))
    if faults:
        raise PackError(f"Pack {folder}", faults)
    return pack


def _toml(folder: Path, stem: str, required: bool, faults: list[Fault]) -> dict[str, Any] | None:
    path = folder / f"{stem}.toml"
    if not path.exists():
        if required:
            faults.append(Fault(f"{stem}.toml", "", "no such file", "the file", f"Create {path}."))
        return None
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        faults.append(Fault(path.name, "", f"text that is not TOML ({error})", "TOML in UTF-8"))
        return None


def _model(model: type[Model], raw: Any, file: str, place: str, faults: list[Fault]) -> Model | None:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for problem in error.errors():
            key = ".".join(str(part) for part in problem["loc"])
            where = " ".join(part for part in (place, key) if part)
            gone = GONE.get(key) if problem["type"] == "extra_forbidden" else None
            if gone is not None:
                faults.append(Fault(file, where, f"the key {key!r}", "no such key any more", gone))
                continue
            faults.append(Fault(file, where, repr(problem["input"])[:120], problem["msg"]))
        return None


def _cross_check(pack: Pack) -> Iterator[Fault]:
    """Yield references to things that are not declared, and ids declared twice."""
    for stem in FILES:
        names = [item.id for item in getattr(pack, stem)]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Fault(f"{stem}.toml", f"({name})", f"{names.count(name)} declarations", "one")
    if (n := sum(boundary.reference for boundary in pack.boundaries)) != 1:
        yield Fault("boundaries.toml", "", f"{n} vintages with reference = true", "exactly one")
    known = {stem: {item.id for item in getattr(pack, stem)} for stem in FILES}

    def absent(file: str, place: str, stem: str, name: str | None) -> Iterator[Fault]:
        if name is not None and name not in known[stem]:
            expected = f"one of {', '.join(sorted(known[stem]))}"
            yield Fault(file, place, f"{stem.removesuffix('s')} {name!r}, which is not declared", expected)

    yield from absent("pack.toml", "default_indicator", "indicators", pack.info.default_indicator)
    yield from absent("pack.toml", "default_level", "levels", pack.info.default_level)
    for level in pack.levels:
        yield from absent("levels.toml", level.id, "levels", level.parent)
    for boundary in pack.boundaries:
        yield from absent("boundaries.toml", boundary.id, "boundaries", boundary.carried_by_area_to)
        made: set[str] = set()
        for layer in boundary.layers:
            yield from absent("boundaries.toml", boundary.id, "levels", layer.level)
            yield from absent("boundaries.toml", boundary.id, "sources", layer.source)
            if layer.dissolve_from is not None and layer.dissolve_from not in made:
                expected = f"one of the layers before it: {', '.join(sorted(made)) or 'none'}"
                yield Fault("boundaries.toml", f"{boundary.id} {layer.level}", f"{layer.dissolve_from!r}", expected)
            made.add(layer.level)
    for indicator in pack.indicators:
        yield from absent("indicators.toml", indicator.id, "indicators", indicator.denominator)
        if indicator.derive:
            for name in (indicator.derive.numerator, indicator.derive.denominator):
                yield from absent("indicators.toml", indicator.id, "indicators", name)
    for table in pack.tables:
        yield from absent("tables.toml", table.id, "sources", table.source)
        for name in (table.level, *table.also_levels):
            yield from absent("tables.toml", table.id, "levels", name)
        for vintage in (table.vintage, *table.also_vintages):
            yield from absent("tables.toml", table.id, "boundaries", vintage)
        for name in table.indicators:
            yield from absent("tables.toml", table.id, "indicators", name)
        if table.code is not None and not any(
            level.id == table.level and re.fullmatch(level.pattern, table.code) for level in pack.levels
        ):
            yield Fault("tables.toml", table.id, f"code {table.code!r}", f"a code of level {table.level!r}")
    for programme in pack.programmes:
        for project in programme.projects:
            yield from absent("programmes.toml", project.id, "sources", project.source)
            yield from absent("programmes.toml", project.id, "levels", project.level)
            yield from absent("programmes.toml", project.id, "tables", project.from_table)
            if project.payments is not None and not (pack.folder / project.payments).is_file():
                yield Fault("programmes.toml", project.id, f"no file {project.payments}", "the file in the pack")
    for listed in pack.project_lists:
        yield from absent("project_lists.toml", listed.id, "sources", listed.source)
        yield from absent("project_lists.toml", listed.id, "levels", listed.level)
    for grid in pack.rasters:
        yield from absent("rasters.toml", grid.id, "sources", grid.source)
        yield from absent("rasters.toml", grid.id, "rasters", grid.instead_of)
        for figure in grid.figures:
            yield from absent("rasters.toml", grid.id, "indicators", figure.indicator)
            yield from absent("rasters.toml", grid.id, "rasters", figure.weighted_by)
    for catalogue in pack.storms:
        yield from absent("storms.toml", catalogue.id, "sources", catalogue.source)
        yield from absent("storms.toml", catalogue.id, "levels", catalogue.level)
        for brought in catalogue.figures:
            yield from absent("storms.toml", catalogue.id, "indicators", brought.indicator)
    for record in pack.seismicity:
        yield from absent("seismicity.toml", record.id, "levels", record.level)
        for name in (record.source, record.faults):
            yield from absent("seismicity.toml", record.id, "sources", name)
        for told in record.figures:
            yield from absent("seismicity.toml", record.id, "indicators", told.indicator)
            if told.statistic == "intensity" and not pack.earthquakes:
                yield Fault("seismicity.toml", record.id, "an intensity", "relations of intensity in earthquakes.toml")
    for framework in pack.ecology:
        yield from absent("ecology.toml", framework.id, "levels", framework.level)
        for name in (*framework.poverty, *(one.indicator for one in framework.indicators)):
            yield from absent("ecology.toml", framework.id, "indicators", name)
    for composite in pack.risk:
        yield from absent("risk.toml", composite.id, "levels", composite.level)
        for name in (*composite.poverty, *(one.indicator for one in composite.indicators)):
            yield from absent("risk.toml", composite.id, "indicators", name)
    for source in pack.sources:
        if source.kind == "pack_file" and not (pack.folder / str(source.path)).is_file():
            yield Fault("sources.toml", source.id, f"no file {source.path}", "the file in the pack")
