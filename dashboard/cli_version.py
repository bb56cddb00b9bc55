"""``fuping version``, ``backup`` and ``restore``: which build of a pack is in use, what changed, and how to go back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from fuping.dashboard.cli_note import noting
from fuping.layers.pack import find_pack
from fuping.layers.stores import open_store
from fuping.layers.stores.difference import Difference
from fuping.spatial.errors import FupingError

if TYPE_CHECKING:
    from fuping.layers.office import Office
    from fuping.layers.stores import Store
    from fuping.layers.stores.archive import Archived

__all__ = ["backup", "restore", "update", "version_app"]

version_app = typer.Typer(help="List the builds of a pack, compare them, and go back to one.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(help="Pack.")]


@version_app.command("list")
def versions(code: Code) -> None:
    """List the builds that are kept, the current one first."""
    store = open_store()
    for one in store.builds(code):
        mark = "  in use, held" if one.current and store.held(code) else "  in use" if one.current else ""
        typer.echo(f"{one.version}  {one.built_at}  {len(one.sources)} sources{mark}")


@version_app.command("diff")
def diff(
    code: Code,
    old: Annotated[str, typer.Argument(help="Build that was before.")],
    new: Annotated[str, typer.Argument(help="Build to compare with it; the current one where not given.")] = "",
    out: Annotated[Path | None, typer.Option(help="CSV of every figure that differs.")] = None,
) -> None:
    """Tell what differs between two builds: figures added, removed and changed, by indicator and level."""
    from fuping.layers.export.spreadsheet import plain_cells
    from fuping.layers.stores.difference import COMPARED, difference

    store = open_store()
    with (
        store.files(code, old, COMPARED) as before,
        store.files(code, new or store.version(code), COMPARED) as after,
    ):
        found = difference(before, after)
    _tell(found)
    if out is not None and not found.none:
        plain_cells(found.figures).to_csv(out, index=False)
        typer.echo(str(out))


def _tell(found: Difference) -> None:
    if found.none:
        typer.echo("The two builds tell the same.")
        return
    for name, codes in (("units added", found.units_added), ("units removed", found.units_removed)):
        if codes:
            typer.echo(f"{name}: {len(codes)} ({', '.join(codes[:10])})")
    for what in ("added", "removed", "changed"):
        named = [name for name, became in found.projects.items() if became == what]
        if named:
            typer.echo(f"projects {what}: {len(named)} ({', '.join(named[:10])})")
    for (indicator, level), row in found.counts().iterrows():  # type: ignore[misc]
        told = f"{row['added']} added, {row['removed']} removed, {row['changed']} changed"
        typer.echo(f"{indicator}, {level}: {told}")


def update(
    code: Code, yes: Annotated[bool, typer.Option("--yes", help="Take the change without asking.")] = False
) -> None:
    """Build a pack anew, show what would change, and change it only on a yes."""
    from fuping.layers.build.pipeline import build_pack
    from fuping.layers.stores.difference import COMPARED, difference

    store = open_store()
    pack = find_pack(store, code)
    in_use = store.version(code)
    note = noting(store)
    taken = []

    def asked(draft: Path) -> bool:
        with store.files(code, in_use, COMPARED) as before:
            found = difference(before, draft)
        _tell(found)
        taken.append(not found.none and (yes or typer.confirm("Take the change?", default=False)))
        return taken[-1]

    build_pack(pack, store, publish=asked)
    if taken[-1]:
        note("data.build", code, before={"version": in_use}, after={"version": store.version(code)})
    typer.echo(f"{code}: {store.version(code)} is in use" + ("" if taken[-1] else ", as before"))


@version_app.command("use")
def use(code: Code, version: Annotated[str, typer.Argument(help="Build to go back to.")]) -> None:
    """Go back to a build that is kept; it stays in use until the pack is built with --force."""
    store = open_store()
    note, before = noting(store), {"version": store.version(code)}
    store.use(code, version)
    note("data.use", code, before=before, after={"version": version})
    typer.echo(f"{code}: {version} is in use. To have the latest again, run: fuping build {code} --force")


def backup(out: Annotated[Path, typer.Option(help="File to write, a tar.")]) -> None:
    """Write the current builds, the supplied files, the packs made here and the office into one file."""
    from fuping.layers.ingest.unfinished import unfinished
    from fuping.layers.stores.archive import back_up

    store = open_store()
    typer.echo(f"{out}: {_in_archive(back_up(store, out, _office(store)))}")
    for one in unfinished(store):
        who = f" by {one.who}" if one.who else ""
        typer.echo(f"not in it, as it is not ended: {one.kind} {one.subject}, {one.state}{who} ({one.folder})")


def restore(
    file: Annotated[Path, typer.Argument(help="File that fuping backup wrote.")],
    office: Annotated[
        str, typer.Option(help="Where people did something since: replace (by the backup's office) or keep (this one).")
    ] = "",
) -> None:
    """Bring back what a backup holds; it is checked whole before anything is changed."""
    from fuping.layers.stores.archive import restore as bring_back

    if office not in ("", "replace", "keep"):
        raise FupingError(f"--office cannot be {office!r}.", remedy="Write replace or keep, or leave it out.")
    store = open_store()
    into = None if office == "keep" else _office(store)
    found = bring_back(store, file, into, replace_office=office == "replace")
    typer.echo(f"brought back: {_in_archive(found)}")


def _office(store: Store) -> Office:
    from fuping.layers.office import open_office

    return open_office(store.root)


def _in_archive(found: Archived) -> str:
    packs = ", ".join(found.packs) or "no pack"
    if found.office is None:
        return f"{packs}; no accounts, alerts and log"
    counted = found.office
    return f"{packs}; {counted.people} accounts, {counted.alerts} alerts, {counted.entries} entries of the log"
