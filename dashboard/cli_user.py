"""``fuping user`` and ``fuping audit``: who may come in, what they may do where, and what everybody did."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from fuping.layers.stores import open_store
from fuping.spatial.errors import FupingError

if TYPE_CHECKING:
    from fuping.layers.office import Office
    from fuping.layers.office.people import Role
    from fuping.layers.stores import Store

__all__ = ["audit", "user_app"]

user_app = typer.Typer(help="Add people, and say what they may do and where.", no_args_is_help=True)

FORMATS = ("csv", "json")

Name = Annotated[str, typer.Argument(help="Name that the person signs in with.")]
Areas = Annotated[list[str] | None, typer.Option("--area", help="PACK:CODE of a unit; all that lies in it counts.")]
PasswordFile = Annotated[Path | None, typer.Option(help="File whose first line is the password; asked for otherwise.")]


@user_app.command("add")
def add(
    name: Name,
    role: Annotated[str, typer.Option(help="viewer, editor or admin.")] = "viewer",
    area: Areas = None,
    shown_name: Annotated[str, typer.Option(help="Name that is shown; NAME where not given.")] = "",
    password_file: PasswordFile = None,
    issuer: Annotated[str, typer.Option(help="Who vouches for the person, instead of a password.")] = "",
    subject: Annotated[str, typer.Option(help="With --issuer: under which subject.")] = "",
) -> None:
    """Add a person, who works everywhere where no --area is given."""
    from fuping.layers.office.people import add_person

    store = open_store()
    chosen, areas = _role(role), _areas(store, area or [])
    password = None if issuer or subject else _password(password_file)
    made = add_person(
        _office(store),
        name,
        shown_name=shown_name,
        role=chosen,
        areas=areas,
        password=password,
        issuer=issuer or None,
        subject=subject or None,
    )
    typer.echo(f"{made.name} is added as {made.role}")


@user_app.command("list")
def people_list() -> None:
    """List the people: role, areas, how they sign in, and whether they are disabled."""
    from fuping.layers.office.people import people

    for one in people(_office(open_store())):
        areas = ", ".join(f"{pack}:{code}" for pack, code in sorted(one.areas)) or "everywhere"
        by = f"{one.issuer} {one.subject}" if one.issuer else "password"
        typer.echo(f"{one.name}  {one.shown_name}  {one.role}  {areas}  {by}{'  disabled' if one.disabled else ''}")


@user_app.command("role")
def role(name: Name, role: Annotated[str, typer.Argument(help="viewer, editor or admin.")]) -> None:
    """Give a person another role; what they have open ends."""
    from fuping.layers.office.people import set_role

    set_role(_office(open_store()), name, _role(role))
    typer.echo(f"{name} is {role}")


@user_app.command("area")
def area(
    name: Name, area: Annotated[list[str] | None, typer.Argument(help="PACK:CODE …; everywhere where none.")] = None
) -> None:
    """Say where a person works, in place of what held before."""
    from fuping.layers.office.people import set_areas

    store = open_store()
    set_areas(_office(store), name, _areas(store, area or []))
    typer.echo(f"{name} works in {', '.join(area or ['all places'])}")


@user_app.command("disable")
def disable(name: Name) -> None:
    """Keep a person out; what they did stays theirs."""
    from fuping.layers.office.people import set_disabled

    set_disabled(_office(open_store()), name, True)
    typer.echo(f"{name} is disabled")


@user_app.command("enable")
def enable(name: Name) -> None:
    """Let a person in again."""
    from fuping.layers.office.people import set_disabled

    set_disabled(_office(open_store()), name, False)
    typer.echo(f"{name} is enabled")


@user_app.command("password")
def password(name: Name, password_file: PasswordFile = None) -> None:
    """Give a person another password; their sessions and tokens end."""
    from fuping.layers.office.people import set_password

    set_password(_office(open_store()), name, _password(password_file))
    typer.echo(f"{name} has another password")


@user_app.command("token")
def token(name: Name, days: Annotated[int, typer.Option(min=1, max=3660, help="How long it reads.")] = 365) -> None:
    """Make a token by which a person's programs read the web API; it is shown once."""
    from fuping.layers.office.credentials import make_token

    typer.echo(make_token(_office(open_store()), name, lasts=timedelta(days=days)))


def audit(
    who: Annotated[str, typer.Option(help="Only what this person did.")] = "",
    subject: Annotated[str, typer.Option(help="Only what was done to this: person:NAME, alert:12.")] = "",
    form: Annotated[str, typer.Option("--format", help="csv or json.")] = "csv",
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 10_000,
) -> None:
    """Tell what was done, by whom and when, what stood there before and what after; the latest first."""
    from fuping.dashboard.audit_file import audit_csv
    from fuping.layers.office import entries

    if form not in FORMATS:
        raise FupingError(f"There is no format {form!r}.", remedy=f"Formats: {', '.join(FORMATS)}.")
    found = entries(_office(open_store()), who=who or None, subject=subject or None, limit=limit)
    if form == "json":
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
        return
    typer.echo(audit_csv(found), nl=False)


def _office(store: Store) -> Office:
    from fuping.layers.office import open_office

    return open_office(store.root)


def _role(given: str) -> Role:
    from fuping.layers.office.people import ROLES

    if given not in ROLES:
        raise FupingError(f"There is no role {given!r}.", remedy=f"Roles: {', '.join(ROLES)}.")
    return given  # type: ignore[return-value]


def _areas(store: Store, given: list[str]) -> list[tuple[str, str]]:
    """Return areas, each of a unit that is there: a slip of the pen would let a person write nowhere."""
    found = []
    for one in given:
        pack, colon, code = one.partition(":")
        if not colon or not pack or not code:
            raise FupingError(f"{one!r} names no area.", remedy="Write PACK:CODE, for example cn:130600.")
        levels = [level["id"] for level in store.catalogue(pack)["levels"]]
        if not any(code in store.units(pack, level)["code"] for level in levels):
            raise FupingError(
                f"The pack {pack!r} has no unit {code!r}.", remedy="Its profile page shows a unit's code."
            )
        found.append((pack, code))
    return found


def _password(file: Path | None) -> str:
    if file is None:
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    try:
        return file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise FupingError(f"The password cannot be read from {file}: {error}", remedy="Give a text file.") from None
