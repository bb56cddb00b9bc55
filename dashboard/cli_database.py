"""``fuping database``: make and bring up to date the tables in the database that ``FUPING_DATABASE_URL`` names."""

from __future__ import annotations

import os

import typer
from fuping.spatial.errors import FupingError

__all__ = ["database_app"]

database_app = typer.Typer(help="Look after the database, where one is used.", no_args_is_help=True)


@database_app.command("upgrade")
def upgrade() -> None:
    """Make the tables, or bring them up to this version of Fuping; what they hold stays."""
    address = os.environ.get("FUPING_DATABASE_URL")
    if not address:
        raise FupingError(
            "FUPING_DATABASE_URL is not set.", remedy="Set it to postgresql://USER:PASSWORD@HOST/DATABASE."
        )
    from fuping.layers.office.database import upgrade as upgrade_office
    from fuping.layers.stores.postgis import upgrade as upgrade_layers

    typer.echo(f"layers in {upgrade_layers(address)}")
    upgrade_office(address)
    typer.echo("office: up to date")


@database_app.callback()
def _() -> None:
    """Look after the database, where one is used."""
