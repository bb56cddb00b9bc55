"""The ``fuping projects`` commands: check a file of projects against a pack, and write a pack's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from fuping.layers.stores import open_store
from fuping.spatial.errors import FupingError

__all__ = ["projects_app"]

projects_app = typer.Typer(help="Check files of projects, and write those of a pack.", no_args_is_help=True)

FORMATS = ("iati", "csv")

RULES: tuple[Literal["equal", "shares"], ...] = ("equal", "shares")
"""Rules that need nothing but the file; those by people need a table of them."""


@projects_app.command("check")
def check(
    code: Annotated[str, typer.Argument(help="Pack.")],
    file: Annotated[Path, typer.Option(help="IATI activities (.xml), or a table of projects (.csv, .xlsx).")],
    level: Annotated[str, typer.Option(help="Level of the units; the pack's own where not given.")] = "",
    currency: Annotated[str, typer.Option(help="Add money up in this currency (CNY, USD), with yearly rates.")] = "",
    rule: Annotated[
        str, typer.Option(help="Spread money over units: equal, or shares (km, km² or number of places).")
    ] = "",
) -> None:
    """Read a file of projects and tell what finds a unit, what does not and why; nothing is stored."""
    from fuping.layers.ingest.projects import place_in_pack, read_projects, told_of
    from fuping.layers.money import in_one_currency

    if rule and rule not in RULES:
        raise FupingError(f"There is no rule {rule!r}.", remedy=f"Rules: {', '.join(RULES)}.")
    store = open_store()
    level = level or store.catalogue(code)["pack"]["default_level"]
    read = read_projects(file)
    if currency:
        read = in_one_currency(read, currency)
    chosen = next((one for one in RULES if one == rule), None)
    with told_of(file.name):
        rows, report = place_in_pack(store, code, read, level=level, rule=chosen)
    typer.echo(str(report).split("\n  nothing for:")[0])
    placed = rows[rows["unit"].notna()]
    if len(placed):
        typer.echo(f"{placed['unit'].nunique()} of {report.n_right} units of level {level} have a project")
    last = "still running" if rows["last_year"].isna().any() else f"{rows['last_year'].max():.0f}"
    typer.echo(f"years: {rows['first_year'].min():.0f} to {last}")
    if len(read.payments):
        days = read.payments["date"]
        of = read.payments["project"].nunique()
        typer.echo(f"payments: {len(days)} dated, {days.min()} to {days.max()}, of {of} projects")
    without = read.places["project"].nunique() - read.payments["project"].nunique()
    if without:
        typer.echo(f"{without} projects have no dated payments: their money is not spread over years")
    totals = read.totals().groupby(["kind", "currency"])["amount"].agg(["sum", "count"])
    for (kind, currency), row in totals.iterrows():
        typer.echo(f"{kind}: {currency} {row['sum']:,.0f} in {row['count']:.0f} projects")
    for name, part in rows[rows["amount"].notna()].groupby("currency") if rule else ():
        inside = part["unit"].notna()
        beyond = part.loc[~inside, "amount"].sum()
        told = f", {beyond:,.2f} outside every unit" if beyond else ""
        typer.echo(f"by {rule}: {name} {part.loc[inside, 'amount'].sum():,.2f} in {part['unit'].nunique()} units{told}")
    if totals.index.get_level_values("currency").nunique() > 1:
        typer.echo("Amounts in different currencies are not added; --currency USD converts them with yearly rates.")
    # Builds of before have no lists.
    for one in store.catalogue(code).get("project_lists", []):
        typer.echo(f"To take it into the register: fuping source add {code} {one['source']} --file {file}")


@projects_app.command("export")
def export(
    code: Annotated[str, typer.Argument(help="Pack.")],
    out: Annotated[Path, typer.Option(help="File to write.")],
    form: Annotated[str, typer.Option("--format", help="iati or csv.")] = "iati",
    org: Annotated[str, typer.Option(help="Registered identifier of the organisation that reports (IATI).")] = "",
    org_name: Annotated[str, typer.Option(help="Its name.")] = "",
) -> None:
    """Write the projects of a pack as IATI 2.03 activities or as a table that ``check`` reads."""
    from fuping.layers.export.iati import REPORTER, REPORTER_NAME, write_iati
    from fuping.layers.export.project_table import write_project_table

    if form not in FORMATS:
        raise FupingError(f"There is no format {form!r}.", remedy=f"Formats: {', '.join(FORMATS)}.")
    store = open_store()
    if form == "csv":
        written = write_project_table(store, code, out)
    else:
        written = [write_iati(store, code, out, reporter=org or REPORTER, reporter_name=org_name or REPORTER_NAME)]
        if not org:
            typer.echo("No --org is given: the identifiers begin with one that is registered with nobody.")
    for path in written:
        typer.echo(f"{path}")
