"""``fuping pack new``: a country pack from a boundary file and a table, asking only what cannot be read from them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from fuping.dashboard.cli_note import noting
from fuping.layers.stores import open_store
from fuping.spatial.errors import FupingError

__all__ = ["new"]


def new(
    code: Annotated[str, typer.Argument(help="Code of the pack: two or three lower-case letters.")],
    boundaries: Annotated[Path, typer.Option(help="Polygons: GeoPackage, GeoJSON, Shapefile, GeoParquet, TopoJSON.")],
    table: Annotated[Path, typer.Option(help="Figures: CSV, Excel or Parquet, a row for each unit (and year).")],
    name: Annotated[str, typer.Option(help="Name of the country.")],
    licence: Annotated[str, typer.Option(help="Licence of the figures, as their publisher states it.")],
    publisher: Annotated[str, typer.Option(help="Publisher of the figures.")],
    citation: Annotated[str, typer.Option(help="How the figures are cited.")],
    name_zh: Annotated[str, typer.Option(help="Its Chinese name; the same where not given.")] = "",
    unit_name: Annotated[str, typer.Option(help="What a unit is called.")] = "District",
    unit_names: Annotated[str, typer.Option(help="What units are called.")] = "Districts",
    unit_zh: Annotated[str, typer.Option(help="What a unit is called in Chinese.")] = "地区",
    boundary_licence: Annotated[str, typer.Option(help="Licence of the boundaries; that of the figures else.")] = "",
    boundary_publisher: Annotated[str, typer.Option(help="Their publisher; that of the figures else.")] = "",
    boundary_citation: Annotated[str, typer.Option(help="How they are cited; as the figures else.")] = "",
    boundary_code: Annotated[str, typer.Option(help="Their column of codes; found where not given.")] = "",
    layer: Annotated[str, typer.Option(help="Their layer, where the file has several.")] = "",
    table_code: Annotated[str, typer.Option(help="The table's column of codes; found where not given.")] = "",
    year_column: Annotated[str, typer.Option(help="Its column of years; found where not given.")] = "",
    year: Annotated[int, typer.Option(help="Year of all figures, where it has none.")] = 0,
    columns: Annotated[str, typer.Option(help="Its columns of figures, with commas; all that hold numbers else.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Take what was found without asking.")] = False,
) -> None:
    """Make a pack of a boundary file and a table; nothing is kept unless all of it is sound and confirmed."""
    from fuping.layers.ingest.guess import guess_boundary, guess_table
    from fuping.layers.ingest.new_pack import NATION, Credit, NewPack, write_pack

    drawn = guess_boundary(boundaries, layer=layer or None, code_column=boundary_code or None)
    named = {"en": unit_name, "zh": unit_zh}, {"en": unit_names, "zh": unit_zh}
    found = guess_table(
        table,
        drawn.codes,
        level=drawn.level(*named, NATION),
        code_column=table_code or None,
        year_column=year_column or None,
        columns=[one.strip() for one in columns.split(",") if one.strip()],
    )
    names = ", ".join(f"{language}: {column}" for language, column in drawn.name_columns.items()) or "none"
    span = f"{found.years[0]}–{found.years[1]} in {found.year_column!r}" if found.years else str(year or "not found")
    typer.echo(f"{boundaries.name}: {len(drawn.codes)} units, codes in {drawn.code_column!r}, names in {names}")
    typer.echo(f"{table.name}: {found.matched} of {found.n_rows} rows have a unit's code, in {found.code_column!r}")
    if found.strangers:
        typer.echo(f"  codes of no unit: {', '.join(found.strangers)}")
    typer.echo(f"  years: {span}")
    kept = []
    for one in found.figures:
        told = f"  {one.column!r}: {one.n_values} figures from {one.minimum:g} to {one.maximum:g}"
        if yes:
            typer.echo(f"{told}; taken as {one.kind}")
            kept.append(one)
            continue
        kind = typer.prompt(f"{told}. count, rate, amount, index or none", default=one.kind)
        if kind not in ("count", "rate", "amount", "index", "none"):
            raise FupingError(f"{kind!r} is no kind of figure.", remedy="Give count, rate, amount, index or none.")
        kept += [replace(one, kind=cast(Any, kind))] if kind != "none" else []
    if not kept:
        raise FupingError("No column is left.", remedy="Keep at least one.")
    if not yes:
        typer.confirm("Write the pack?", abort=True)
    figures = Credit(table.stem, publisher, licence, citation)
    shapes = Credit(
        boundaries.stem, boundary_publisher or publisher, boundary_licence or licence, boundary_citation or citation
    )
    settled = NewPack(
        code=code,
        name={"en": name, "zh": name_zh or name},
        level_name=named[0],
        level_plural=named[1],
        boundary_file=boundaries,
        boundary=drawn,
        boundary_credit=shapes,
        table_file=table,
        table=found,
        table_credit=figures,
        figures=kept,
        layer=layer or None,
        year=year or None,
    )
    store = open_store()
    note = noting(store)
    pack = write_pack(settled, store.declared / code)
    files = {"boundaries": boundaries.name, "table": table.name}
    note("pack.made", code, after={"files": files})
    typer.echo(f"{pack.folder} is sound. Put names and units right in indicators.toml, then run: fuping build {code}")
