"""The ``fuping quality`` command: which figures of a pack to ask their source about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from fuping.layers.stores import open_store
from fuping.spatial.errors import FupingError

__all__ = ["quality"]

FORMATS = ("csv", "json")


def quality(
    code: Annotated[str, typer.Argument(help="Pack.")],
    indicator: Annotated[str, typer.Option(help="Only this indicator.")] = "",
    form: Annotated[str, typer.Option("--format", help="csv or json.")] = "csv",
    out: Annotated[Path | None, typer.Option(help="File to write; the screen where not given.")] = None,
) -> None:
    """List figures to ask their source about; JSON holds what was judged, completeness and licences too."""
    from fuping.dashboard.queries.cache import Reader
    from fuping.dashboard.queries.quality import flags_of, pack_quality
    from fuping.dashboard.queries.quality_file import completeness_table, flag_table, quality_facts
    from fuping.layers.export.spreadsheet import plain_cells

    if form not in FORMATS:
        raise FupingError(f"There is no format {form!r}.", remedy=f"Formats: {', '.join(FORMATS)}.")
    reader = Reader(open_store())
    reader.version(code)
    everything = pack_quality(reader, code)
    known = [one.indicator["id"] for one in everything]
    if indicator and indicator not in known:
        raise FupingError(
            f"{code} has no figures of the indicator {indicator!r}.", remedy=f"There are {', '.join(known)}."
        )
    chosen = [one for one in everything if indicator in ("", one.indicator["id"])]
    table = flag_table(reader, code, flags_of(chosen))
    if form == "csv":
        text = plain_cells(table).to_csv(index=False)
    else:
        facts = quality_facts(reader, code, chosen, {"indicator": indicator})
        facts |= {
            "completeness": json.loads(completeness_table(chosen).to_json(orient="records")),
            "flags": json.loads(table.to_json(orient="records", force_ascii=False)),
        }
        text = json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        typer.echo(f"{out}: {len(table)} figures to ask about")
