"""The ``fuping alerts`` commands: raise alerts, as a nightly job does, and list the register."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

import typer
from fuping.layers.office.alert_moves import OPEN, STATES
from fuping.layers.stores import open_store
from fuping.spatial.errors import FupingError

if TYPE_CHECKING:
    from fuping.dashboard.queries.cache import Reader
    from fuping.dashboard.state import ViewState
    from fuping.layers.office.alert_register import Alert

__all__ = ["alerts_app"]

alerts_app = typer.Typer(help="Raise alerts, and list those that are worked through.", no_args_is_help=True)

FORMATS = ("csv", "json")

WHO = "command"
"""Who acts, as the audit log has it."""

REFUSED = {
    "status": "It has categories, not figures.",
    "neutral": "Neither high nor low is declared to be bad.",
    "size": "It is a total, so its height tells how large a place is.",
    "no_line": "No lines are declared, and there is no year before to draw them from; give --line and --grave.",
    "order": "The guarantee line must lie at least as far out as the warning line.",
    "no_figures": "It has no figure in that year.",
}

Pack = Annotated[str, typer.Argument(help="Pack.")]


@alerts_app.command("raise")
def raise_command(
    code: Pack,
    indicator: Annotated[str, typer.Option(help="Indicator, as the catalogue names it.")],
    year: Annotated[int | None, typer.Option(help="Year; the latest with figures where not given.")] = None,
    level: Annotated[str, typer.Option(help="Level of the units; the pack's own where not given.")] = "",
    line: Annotated[float | None, typer.Option(help="Warning line; as on the Overview where not given.")] = None,
    grave: Annotated[float | None, typer.Option(help="Guarantee line; as the warning line where not given.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Only tell what would be raised.")] = False,
) -> None:
    """Raise an alert for each unit beyond a line; run again, it raises what is new and nothing twice."""
    from fuping.dashboard.queries.alert_raising import alerts_to_raise
    from fuping.dashboard.queries.cache import Reader
    from fuping.layers.office.alerts import raise_alerts, would_raise

    reader = Reader(open_store())
    asked = {"indicator": indicator, "level": level, "year": year, "line": line, "grave": grave}
    view = _view(reader, code, {name: str(value) for name, value in asked.items() if value not in (None, "")})
    found = alerts_to_raise(reader, view)
    if isinstance(found, str):
        raise FupingError(f"No alert can be raised for {indicator} in {view.year}.", remedy=REFUSED[found])
    told = would_raise(reader.office, found) if dry_run else raise_alerts(reader.office, WHO, found)
    lines = found[0].evidence["lines"] if found else None
    drawn = f", lines {lines['warning']:g} and {lines['guarantee']:g} ({lines['source']})" if lines else ""
    typer.echo(f"{code} {view.level} {indicator} {view.year}{drawn}: {len(found)} units beyond a line")
    verb = "would be raised" if dry_run else "raised"
    typer.echo(
        f"{told.new} {verb}, {told.there} there already, {told.continued + told.risen} go on from an earlier year, "
        f"{told.risen} of them graver"
    )


def _view(reader: Reader, code: str, asked: dict[str, str]) -> ViewState:
    from fuping.dashboard.state import ViewState

    _check_built(reader, code)
    view = ViewState.read(urlencode({"pack": code, **asked}), reader.packs(), reader.catalogue)
    found = {"indicator": view.indicator, "level": view.level, "year": str(view.year)}
    for name, value in found.items():
        if asked.get(name, value) != value:
            declared = reader.indicator(code, view.indicator)
            known = {
                "indicator": [one["id"] for one in reader.catalogue(code)["indicators"] if one["shown"]],
                "level": [one for one, level in declared["levels"].items() if level["n_values"]],
                "year": declared["levels"].get(view.level, {}).get("years", []),
            }
            raise FupingError(
                f"{code} has no figures of {name} {asked[name]!r}.",
                remedy=f"There are {', '.join(map(str, known[name]))}.",
            )
    return view


def _check_built(reader: Reader, code: str) -> None:
    if code not in reader.packs():
        raise FupingError(f"The pack {code!r} is not built.", remedy=f"Run: fuping build {code}")


@alerts_app.command("list")
def list_command(
    code: Pack,
    state: Annotated[str, typer.Option(help=f"open, {', '.join(STATES)}; all where not given.")] = "",
    overdue: Annotated[bool, typer.Option(help="Only those whose day is past.")] = False,
    indicator: Annotated[str, typer.Option(help="Only those of this indicator.")] = "",
    form: Annotated[str, typer.Option("--format", help="csv or json.")] = "csv",
    out: Annotated[Path | None, typer.Option(help="File to write; the screen where not given.")] = None,
) -> None:
    """List alerts, overdue first; JSON holds every step, and both the lines, the build, sources and licences."""
    from fuping.dashboard.queries.cache import Reader
    from fuping.layers.office.alert_register import alerts_of

    if form not in FORMATS:
        raise FupingError(f"There is no format {form!r}.", remedy=f"Formats: {', '.join(FORMATS)}.")
    states = {"": None, "open": OPEN} | {one: (one,) for one in STATES}
    if state not in states:
        raise FupingError(f"There is no state {state!r}.", remedy=f"States: open, {', '.join(STATES)}.")
    reader = Reader(open_store())
    _check_built(reader, code)
    found = alerts_of(
        reader.office,
        code,
        today=date.today(),
        states=states[state],
        indicator=indicator or None,
        overdue_only=overdue,
    )
    asked = {"state": state, "overdue": overdue, "indicator": indicator}
    text = _json(reader, code, found, asked) if form == "json" else _csv(reader, found)
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        typer.echo(f"{out}: {len(found)} alerts")


def _csv(reader: Reader, found: list[Alert]) -> str:
    from fuping.dashboard.queries.alert_file import alert_table
    from fuping.layers.export.spreadsheet import plain_cells

    return str(plain_cells(alert_table(reader, found, date.today())).to_csv(index=False))


def _json(reader: Reader, code: str, found: list[Alert], asked: dict[str, object]) -> str:
    from fuping.dashboard.queries.alert_file import alert_facts, alert_records

    told = alert_facts(reader, code, found, asked) | {"alerts": alert_records(found)}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
