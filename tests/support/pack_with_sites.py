"""The small pack with a project whose places have positions; it is made up."""

import tomllib

from small_pack import write_small_pack


def pack_with_sites(folder, rows, head="unit_code,longitude,latitude,place_name"):
    """Write the pack ``at`` into the store ``folder / "data"`` with the project ``wells``, and build nothing.

    ``rows`` are in the columns of ``head``.
    """
    own = write_small_pack(folder)
    pack = own.declared / "at"
    source = tomllib.loads((pack / "sources.toml").read_text())["source"][0]["id"]
    (pack / "wells.csv").write_text(f"{head}\n{rows}")
    (pack / "programmes.toml").write_text(
        f"""
        [[programme]]
        id = "water"
        name = {{ en = "Water", zh = "水" }}
        publisher = {{ en = "Office", zh = "办公室" }}
        [[programme.projects]]
        id = "wells"
        name = {{ en = "Wells", zh = "水井" }}
        source = "{source}"
        path = "wells.csv"
        level = "unit"
        first_year = 2020
        last_year = 2020
        named_units = 2
        total_units = 2
        """
    )
    return own
