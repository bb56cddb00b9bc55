"""The ``fuping connect`` commands: list the live sources, and fetch from one into a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from fuping.spatial.errors import FupingError

__all__ = ["connect_app"]

connect_app = typer.Typer(help="Fetch from live sources.", no_args_is_help=True)


@connect_app.command("list")
def connect_list() -> None:
    """List the services, what they give, their options and their licence; nothing is asked."""
    from fuping.layers.connect import CONNECTORS

    for one in CONNECTORS.values():
        typer.echo(f"{one.id}  {one.title.en} {one.title.zh}  [{one.licence}]  {one.form}: {', '.join(one.suffixes)}")
        for option in one.options:
            default = "required" if option.default is None else f"default {option.default!r}"
            typer.echo(f"    {option.name}  {option.meaning.en} {option.meaning.zh}  ({default})")
        if one.key is not None:
            need = "needed" if one.key.required else "used where set"
            typer.echo(f"    {one.key.variable}  {need}; from {one.key.address}")


@connect_app.command("get")
def connect_get(
    service: Annotated[str, typer.Argument(help="Service, as fuping connect list names it.")],
    out: Annotated[Path, typer.Option(help="File to write; its metadata go into FILE.metadata.json.")],
    option: Annotated[list[str] | None, typer.Option(help="NAME=VALUE; may be given several times.")] = None,
) -> None:
    """Ask a service and write what it gives, checked, as a file for ``fuping source add``."""
    from fuping.layers.connect import collect, connector
    from rich.progress import DownloadColumn, Progress

    chosen = connector(service)
    given = dict(_pair(one) for one in option or [])
    with Progress(*Progress.get_default_columns(), DownloadColumn(), transient=True) as bar:
        shown = bar.add_task(service, total=None)
        done = collect(
            chosen, given, out, progress=lambda url, came, size: bar.update(shown, completed=came, total=size)
        )
    for note in done.notes:
        typer.echo(note)
    typer.echo(f"{done.path}: {done.rows:,} rows; {done.sidecar.name} says where they come from")


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise FupingError(f"The option {text!r} cannot be read.", remedy="Write --option NAME=VALUE.")
    return name, value
