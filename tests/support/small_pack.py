"""A store with one small pack of two squares; its figures are simulated."""

import geopandas as gpd
import pandas as pd
from fuping.layers.build.pipeline import build_pack
from fuping.layers.ingest.guess import guess_boundary, guess_table
from fuping.layers.ingest.new_pack import Credit, NewPack, write_pack
from fuping.layers.pack import read_pack
from fuping.layers.stores import EmbeddedStore
from shapely.geometry import box

NAMED = {"en": "District", "zh": "区"}


def write_small_pack(folder):
    """Write the pack ``at`` into the store ``folder / "data"``, and build nothing."""
    drawn = gpd.GeoDataFrame({"code": ["A1", "A2"]}, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs=4326)
    drawn.to_file(folder / "districts.geojson")
    pd.DataFrame({"code": ["A1", "A2"], "people": [10, 20]}).to_csv(folder / "figures.csv", index=False)
    boundary = guess_boundary(folder / "districts.geojson")
    table = guess_table(folder / "figures.csv", boundary.codes, level=boundary.level(NAMED, NAMED, "nation"))
    credit = Credit("Figures", "Office", "CC0", "Office 2020")
    files = folder / "districts.geojson", folder / "figures.csv"
    new = NewPack(
        "at", NAMED, NAMED, NAMED, files[0], boundary, credit, files[1], table, credit, table.figures, year=2020
    )
    own = EmbeddedStore(folder / "data")
    write_pack(new, own.declared / "at")
    return own


def small_store(folder):
    """Write the pack and build it."""
    own = write_small_pack(folder)
    build_pack(read_pack(own.declared / "at"), own)
    return own


def people(store):
    """Return the figures of the current build."""
    return store.values("at", "people", "unit").value[0].tolist()


def declare_unbuilt(store, code="bt"):
    """Declare a pack like the small one of a store, whose two files people supply, and build nothing."""
    folder, like = store.declared / code, store.declared / "at"
    folder.mkdir()
    for path in like.glob("*.toml"):
        (folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    info = folder / "pack.toml"
    info.write_text(info.read_text("utf-8").replace('code = "at"', f'code = "{code}"'), "utf-8")
    sources = folder / "sources.toml"
    lines = sources.read_text("utf-8").replace('"pack_file"', '"url"\nurl = "https://example.org"').splitlines()
    kept = [one for one in lines if not one.startswith(("sha256", "path", "replaceable"))]
    sources.write_text("\n".join(kept), "utf-8")
