"""The ``fuping`` command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from fuping.dashboard.cli_alerts import alerts_app
from fuping.dashboard.cli_connect import connect_app
from fuping.dashboard.cli_database import database_app
from fuping.dashboard.cli_new import new
from fuping.dashboard.cli_note import noting
from fuping.dashboard.cli_projects import projects_app
from fuping.dashboard.cli_quality import quality
from fuping.dashboard.cli_user import audit, user_app
from fuping.dashboard.cli_version import backup, restore, update, version_app
from fuping.layers.pack import Pack, find_pack, pack_folders, read_pack
from fuping.layers.sources.locate import file_facts
from fuping.layers.stores import open_store
from fuping.layers.stores.contract import Store
from fuping.spatial.errors import FupingError

__all__ = ["app", "main"]

app = typer.Typer(help="Fuping: a spatial information system for poverty monitoring.", no_args_is_help=True)
pack_app = typer.Typer(help="Make and check country packs.", no_args_is_help=True)
source_app = typer.Typer(help="List sources, and supply those that are not there.", no_args_is_help=True)
pack_app.command("new")(new)
app.add_typer(pack_app, name="pack")
app.add_typer(version_app, name="version")
app.command()(update)
app.command()(backup)
app.command()(restore)
app.add_typer(source_app, name="source")
app.add_typer(connect_app, name="connect")
app.add_typer(database_app, name="database")
app.add_typer(projects_app, name="projects")
app.add_typer(alerts_app, name="alerts")
app.add_typer(user_app, name="user")
app.command()(audit)
app.command()(quality)


@app.command()
def packs() -> None:
    """List the packs that ship and whether each is built."""
    store = open_store()
    built = store.packs()
    for code, folder in pack_folders(store.declared).items():
        info = read_pack(folder).info
        state = "built" if code in built else f"not built (fuping build {code})"
        typer.echo(f"{code}  {info.name.en} {info.name.zh}  {state}")


@app.command()
def build(
    codes: Annotated[
        list[str] | None, typer.Argument(help="Packs to build; the default ones where none is named.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Build again what has not changed.")] = False,
) -> None:
    """Build packs into the store; what has not changed is left as it is."""
    store = open_store()
    wanted = (
        [find_pack(open_store(), code) for code in codes]
        if codes
        else [pack for pack in map(read_pack, pack_folders(store.declared).values()) if pack.info.default]
    )
    for pack in wanted:
        code = pack.info.code
        from fuping.layers.build.fingerprint import fingerprint

        if not force and code in store.packs() and store.version(code) == fingerprint(pack, store):
            typer.echo(f"{code}: up to date")
            continue
        if not force and code in store.packs() and store.held(code):
            typer.echo(f"{code}: held at {store.version(code)}; fuping build {code} --force makes the latest")
            continue
        note, before = noting(store), _version(store, code)
        _build_drawn(pack, store)
        note("data.build", code, before=before, after=_version(store, code))
        for report in store.catalogue(code)["reports"]:
            missed = report["n_left"] - report["matched"]
            typer.echo(f"{report['name']}: {report['matched']} of {report['n_left']} rows matched, {missed} not")


def _version(store: Store, code: str) -> dict[str, str] | None:
    return {"version": store.version(code)} if code in store.packs() else None


def _build_drawn(pack: Pack, store: Store) -> None:
    """Build a pack under a bar of its steps and, while a grid is worked on, one of its blocks."""
    from fuping.layers.build.pipeline import build_pack
    from rich.progress import Progress

    code = pack.info.code
    with Progress() as bar:
        steps = bar.add_task(code, total=None)
        grid = bar.add_task("", total=None, visible=False)

        def tell(step: str, done: int, total: int) -> None:
            bar.update(steps, description=f"{code}  {step}", completed=done, total=total)
            bar.reset(grid, total=None, visible=False)

        def blocks(done: int, total: int) -> None:
            bar.update(grid, description=f"{code}  blocks", completed=done, total=total, visible=True)

        build_pack(pack, store, tell, blocks=blocks)
        bar.update(grid, visible=False)
        bar.update(steps, description=f"{code}  done", completed=bar.tasks[steps].total or 1)


@app.command()
def run(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8050,
) -> None:
    """Serve the dashboard and print its address."""
    from fuping.dashboard.app import serve

    serve(open_store(), host=host, port=port, ready=typer.echo)


@app.command()
def export(
    code: Annotated[str, typer.Argument(help="Pack.")],
    indicator: Annotated[str, typer.Option(help="Indicator, as the catalogue names it.")],
    form: Annotated[str, typer.Option("--format", help="csv, xlsx, parquet, geojson or gpkg.")] = "csv",
    level: Annotated[str, typer.Option(help="Level of the units; the finest that has figures where not given.")] = "",
    years: Annotated[str, typer.Option(help="One year, or first-last; all where not given.")] = "",
    out: Annotated[Path | None, typer.Option(help="File to write; PACK_INDICATOR.FORMAT where not given.")] = None,
) -> None:
    """Write one indicator to a file; metadata, licence and citation travel with it."""
    from fuping.layers.export.indicator import export_indicator, finest_level

    first, _, last = years.partition("-")
    if years and not (first.isdecimal() and (last or first).isdecimal()):
        raise FupingError(f"The years {years!r} cannot be read.", remedy="Write 2015 or 2012-2020.")
    span = (int(first), int(last or first)) if years else None
    path = out or Path(f"{code}_{indicator}.{form}")
    store = open_store()
    level = level or finest_level(store, code, indicator)
    for written in export_indicator(store, code, indicator, path, level=level, form=form, years=span):  # type: ignore[arg-type]
        typer.echo(f"{written}")


@app.command()
def report(
    code: Annotated[str, typer.Argument(help="Pack.")],
    unit: Annotated[str, typer.Option(help="Code of the unit.")] = "",
    within: Annotated[str, typer.Option(help="A report for each unit that lies in the unit with this code.")] = "",
    level: Annotated[str, typer.Option(help="With --within: level of those units.")] = "",
    parts: Annotated[str, typer.Option(help="With --unit: level of the parts that are mapped and listed.")] = "",
    indicator: Annotated[str, typer.Option(help="What is mapped; the pack's first choice where not given.")] = "",
    lang: Annotated[str, typer.Option(help="en or zh.")] = "en",
    form: Annotated[str, typer.Option("--format", help="pdf or docx.")] = "pdf",
    out: Annotated[Path, typer.Option(help="Folder; made where it is not there.")] = Path("."),
    address: Annotated[
        str, typer.Option(help="Of the dashboard, where the report says it is seen online.")
    ] = "http://127.0.0.1:8050",
) -> None:
    """Write the report of a unit, or of every unit that lies in one; Ctrl-C leaves the files that are complete."""
    from datetime import date

    from fuping.dashboard.queries.cache import Reader
    from fuping.dashboard.reports.batch import checked_form, report_name, write_files
    from fuping.dashboard.reports.build import report_parts, write_report
    from fuping.dashboard.reports.routes import renderers
    from rich.progress import MofNCompleteColumn, Progress

    if bool(unit) == bool(within) or bool(within) != bool(level) or (within and parts):
        raise FupingError(
            f"Found --unit {unit!r}, --within {within!r}, --level {level!r}, --parts {parts!r}.",
            remedy="Give --unit CODE [--parts LEVEL] for one report, or --within CODE --level LEVEL for many.",
        )
    chosen, store = checked_form(form), open_store()
    store.version(code)
    reader = Reader(store)
    codes = report_parts(reader, code, within, level).codes if within else (unit,)
    today, render = date.today(), renderers()[chosen]
    written: list[Path] = []

    def make(one: str) -> bytes:
        report = write_report(
            reader, code, one, language=lang, indicator=indicator, parts=parts, address=address.rstrip("/"), today=today
        )
        return render(report)

    names = [(one, report_name(code, one, lang, chosen)) for one in codes]
    with Progress(*Progress.get_default_columns(), MofNCompleteColumn()) as bar:
        shown = bar.add_task(f"{code} {within or unit}", total=len(codes))
        try:
            for path in write_files(names, make, out):
                written.append(path)
                bar.advance(shown)
        except KeyboardInterrupt:
            bar.stop()
            typer.echo(f"Stopped: {len(written)} of {len(codes)} reports are complete in {out}.", err=True)
            raise typer.Exit(130) from None
    typer.echo(str(written[0]) if len(written) == 1 else f"{len(written)} reports in {out}")


@pack_app.command("check")
def pack_check(folder: Annotated[Path, typer.Argument(help="Folder of the pack.")]) -> None:
    """Check a pack and list every fault with its file and place."""
    from fuping.layers.build.check import check_pack

    pack = check_pack(folder)
    typer.echo(f"{pack.info.code}: no fault in {len(pack.indicators)} indicators and {len(pack.tables)} tables")


@source_app.command("list")
def source_list(code: Annotated[str, typer.Argument(help="Pack.")]) -> None:
    """List a pack's sources, their licence, their hash, and the command that loads what is not there."""
    from fuping.layers.sources.locate import load_command, source_file
    from fuping.layers.sources.pins import read_pins

    pack, store = find_pack(open_store(), code), open_store()
    pins = read_pins(store.supplied(code))
    for source in pack.sources:
        there = source_file(pack, source, store.supplied(code)) is not None
        state = "loaded" if there else f"available, not loaded: {load_command(code, source)}"
        pin = pins.get(source.id) if source.pinned else None
        known = "hash declared" if source.sha256 else ""
        if source.pinned:
            known = (
                f"hash pinned on {pin.on[:10]}: {pin.sha256}" if pin else "hash not yet known: the first file pins it"
            )
        typer.echo("  ".join(filter(None, (source.id, source.title.en, f"[{source.licence}]", known, state))))


@source_app.command("add")
def source_add(
    code: Annotated[str, typer.Argument(help="Pack.")],
    name: Annotated[str, typer.Argument(help="Source.")],
    file: Annotated[Path, typer.Option(help="The file with the source's bytes.")],
    repin: Annotated[bool, typer.Option(help="Take a file that is not the one the source was pinned to.")] = False,
) -> None:
    """Supply a source's file: checked, then kept and used from the next build on."""
    from fuping.layers.ingest.supply import supply_source

    store = open_store()
    pack = find_pack(store, code)
    note, before = noting(store), _kept_before(pack, store, name)
    kept = supply_source(pack, store, name, file, repin=repin)
    note("data.supply", f"{code}/{name}", before=before, after=file_facts(kept))
    _tell_kept(pack, store, name, kept)


@source_app.command("fetch")
def source_fetch(
    code: Annotated[str, typer.Argument(help="Pack.")],
    name: Annotated[str, typer.Argument(help="Source.")],
    repin: Annotated[bool, typer.Option(help="Take a file that is not the one the source was pinned to.")] = False,
) -> None:
    """Download a source from its declared address, check its hash and keep it."""
    from fuping.layers.ingest.supply import fetch_source
    from rich.progress import DownloadColumn, Progress

    with Progress(*Progress.get_default_columns(), DownloadColumn()) as bar:
        shown = bar.add_task(name, total=None)
        store = open_store()
        pack = find_pack(store, code)
        note, before = noting(store), _kept_before(pack, store, name)

        def tell(done: int, size: int | None) -> None:
            bar.update(shown, completed=done, total=size)

        kept = fetch_source(pack, store, name, tell, repin=repin)
        note("data.supply", f"{code}/{name}", before=before, after=file_facts(kept))
    _tell_kept(pack, store, name, kept)


def _kept_before(pack: Pack, store: Store, name: str) -> dict[str, Any] | None:
    from fuping.layers.ingest.supply import supplied_source
    from fuping.layers.sources.locate import source_file

    return file_facts(source_file(pack, supplied_source(pack, name), store.supplied(pack.info.code)))


def _tell_kept(pack: Pack, store: Store, name: str, kept: Path) -> None:
    from fuping.layers.sources.pins import read_pins

    code = pack.info.code
    pin = read_pins(store.supplied(code)).get(name) if pack.source(name).pinned else None
    if pin is not None:
        typer.echo(f"{name} is pinned since {pin.on[:10]} to sha256 {pin.sha256} ({pin.size:,} bytes).")
    typer.echo(f"{name} is kept as {kept}. Run: fuping build {code}")


def main() -> None:
    """Run the command; an error is one paragraph and exit code 1, without a traceback."""
    try:
        app()
    except FupingError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
