"""Files as people give them and as an attacker would: made on the spot, with a fixed seed; none lies in the repository.

A good table has the columns ``code,year,rate`` of the units 010624 and 010101 (simulated figures).
"""

import gzip
import io
import json
import random
import struct
import tarfile
import zipfile

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
from shapely.geometry import LineString, Point, Polygon, box

SEED = 8

UNITS = ("010624", "010101")

HEAD = "code,year,rate\n"

GOOD = HEAD + "010624,2012,12.5\n010101,2012,0\n"

BOMB = 600 * 2**20
"""Bytes that a bomb unpacks to; more than a reader may take."""


def rows(*lines):
    return (HEAD + "".join(f"{line}\n" for line in lines)).encode()


def cut(content, name, n=6):
    """Return a file cut off at n random bytes."""
    chance = random.Random(f"{SEED} {name}")
    stem, _, suffix = name.partition(".")
    return {f"{stem}_cut{k}.{suffix}": content[: chance.randint(1, len(content) - 2)] for k in range(n)}


def flipped(content, name, n=6):
    """Return a file with random bytes changed, n times."""
    chance = random.Random(f"{SEED} flip {name}")
    stem, _, suffix = name.partition(".")
    found = {}
    for k in range(n):
        bad = bytearray(content)
        for _ in range(1 + len(bad) // 50):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        found[f"{stem}_flipped{k}.{suffix}"] = bytes(bad)
    return found


def csv_files():
    cells = {
        "thousands": '"1,234"',
        "thousands_wide": "１，２３４",
        "full_width": "１２",
        "percent": "12%",
        "above_100": "100.01",
        "negative": "-1",
        "nan": "NaN",
        "inf": "inf",
        "minus_inf": "-Infinity",
        "huge": "1e308",
        "digits_400": "9" * 400,
        "hex": "0x1F",
        "underscore": "1_000",
        "decimal_comma": '"12,5"',
        "text": "about 5",
        "date": "2012-05-01",
        "formula": "=1+1",
        "command": "=cmd|'/C calc'!A0",
        "dash": "—",
        "blank": "   ",
        "nul_word": "NULL",
        "true": "TRUE",
        "currency": "¥12",
        "superscript": "²",
        "roman": "Ⅻ",
        "arabic": "١٢",
        "two_points": "1.2.3",
        "exponent": "1e",
        "minus_sign": "−3",
        "rtl": "\u202e12",
        "surrogate_pair": "😀",
        "long": "x" * 100_000,
        "line_break": '"1\n2"',
        "error": "#DIV/0!",
        "ref": "#REF!",
    }
    codes = {
        "unknown": "999999",
        "lost_zero": "10624",
        "float": "10624.0",
        "scientific": "1.0624E+04",
        "scientific_short": "1.1E+11",
        "fraction": "10624.5",
        "date": "Jun-24",
        "iso_date": "2024-06-01",
        "empty": "",
        "too_long": "0106240000",
        "letters": "O1O624",
        "apostrophe": "'010624",
        "full_width": "０１０６２４",
        "space": " 010624 ",
        "nbsp": "\u00a0010624",
        "zero_width": "\u200b010624",
        "negative": "-10624",
        "traversal": "../../etc",
        "sql": "'; DROP TABLE units; --",
        "name": "阜平县",
        "nation": "at",
        "nan": "NaN",
    }
    years = {
        "short": "12",
        "fraction": "2012.5",
        "long": "20120",
        "word": "twelve",
        "empty": "",
        "before": "1899",
        "after": "2101",
        "date": "2012-01-01",
        "negative": "-2012",
        "nan": "nan",
        "full_width": "２０１２",
        "chinese": "2012年",
        "range": "2012-2013",
        "huge": "1e300",
    }
    found = {f"rate_{name}.csv": rows(f"010624,2012,{cell}", "010101,2012,5") for name, cell in cells.items()}
    found |= {f"code_{name}.csv": rows(f"{code},2012,5", "010101,2012,6") for name, code in codes.items()}
    found |= {f"year_{name}.csv": rows(f"010624,{year},5", "010101,2012,6") for name, year in years.items()}
    text = GOOD + "010101,2013,1\n"
    for codec in ("gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "big5", "utf-8-sig"):
        found[f"encoding_{codec}.csv"] = text.replace("rate", "rate,縣").replace("12.5", "12.5,阜平").encode(codec)
    good = GOOD.encode()
    return found | {
        "empty.csv": b"",
        "blank.csv": b" \n\n",
        "header_only.csv": HEAD.encode(),
        "one_newline.csv": b"\n",
        "bom_only.csv": b"\xef\xbb\xbf",
        "two_boms.csv": b"\xef\xbb\xbf" * 2 + good,
        "bytes.csv": bytes(range(256)) * 4,
        "nul_cell.csv": good.replace(b"12.5", b"12\0.5"),
        "nul_code.csv": good.replace(b"010624", b"0106\x0024"),
        "nul_all.csv": b"\0" * 5000,
        "latin1.csv": good.replace(b"12.5", b"\xe9"),
        "crlf.csv": good.replace(b"\n", b"\r\n"),
        "cr.csv": good.replace(b"\n", b"\r"),
        "semicolons.csv": good.replace(b",", b";"),
        "tabs.csv": good.replace(b",", b"\t"),
        "duplicate_columns.csv": b"code,year,rate,rate\n010624,2012,5,6\n",
        "duplicate_codes.csv": b"code,code,year,rate\n010624,010101,2012,5\n",
        "unnamed_column.csv": b",code,year,rate\n0,010624,2012,5\n",
        "absent_column.csv": b"code,year,share\n010624,2012,5\n",
        "shifted_column.csv": b"code,year,rate\n010624,2012,5,9\n010101,2012,6,9\n",
        "ragged_long.csv": rows("010624,2012,5", "010101,2012,6,7,8"),
        "ragged_short.csv": rows("010624,2012", "010101"),
        "quote_open.csv": rows('"010624,2012,5', "010101,2012,6"),
        "quote_inside.csv": rows('010"624,2012,5'),
        "twice.csv": rows("010624,2012,5", "010624,2012,5"),
        "twice_other.csv": rows("010624,2012,5", "010624,2012,6"),
        "twice_written_otherwise.csv": rows("010624,2012,5", "10624.0,2012,6"),
        "all_unknown.csv": rows(*(f"99{n:04},2012,5" for n in range(50))),
        "total_row.csv": rows("010624,2012,5", "合计,2012,5"),
        "note_row.csv": rows("010624,2012,5", "注：资料来源", ""),
        "title_row.csv": b"Table 1\n" + good,
        "html.csv": b"<!DOCTYPE html><html><body>404</body></html>",
        "json.csv": b'{"code": "010624"}',
        "wide.csv": (",".join(f"c{n}" for n in range(300)) + "\n" + "1," * 299 + "1\n").encode(),
        "many_rows.csv": rows(*(f"{n % 1000000:06},2012,5" for n in range(20000))),
    }


def packed_files():
    whole = gzip.compress(GOOD.encode())
    bomb = io.BytesIO()
    with gzip.GzipFile(fileobj=bomb, mode="wb", mtime=0) as file:
        for _ in range(BOMB // 2**20):
            file.write(b"0" * 2**20)
    return {
        "bomb.csv.gz": bomb.getvalue(),
        "no_gzip.csv.gz": GOOD.encode(),
        "empty.csv.gz": b"",
        "empty_inside.csv.gz": gzip.compress(b""),
        "twice_packed.csv.gz": gzip.compress(whole),
        "tail.csv.gz": whole + b"tail",
        "wrong_crc.csv.gz": whole[:-8] + b"\0\0\0\0" + whole[-4:],
    } | cut(whole, "packed.csv.gz", 4)


def workbook(*lines, change=lambda book, sheet: None):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    change(book, book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(parts, *, level=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", level) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def xlsx_files():
    names = ["code", "year", "rate"]
    one, two = ["010624", 2012, 12.5], ["010101", 2012, 0]
    good = workbook(names, one, two)
    parts = {
        info.filename: body
        for info in zipfile.ZipFile(io.BytesIO(good)).infolist()
        if (body := zipfile.ZipFile(io.BytesIO(good)).read(info)) is not None
    }
    sheet = parts["xl/worksheets/sheet1.xml"]
    entity = b'<!DOCTYPE x [<!ENTITY leak SYSTEM "file:///etc/passwd">]>'
    laughs = b"<!DOCTYPE x [<!ENTITY b0 'b'>%s]>" % b"".join(
        b"<!ENTITY b%d '&b%d;&b%d;&b%d;'>" % (n, n - 1, n - 1, n - 1) for n in range(1, 20)
    )
    filler = b"<!--" + b" " * (BOMB // 2) + b"-->"

    def merge(book, sheet):
        sheet.merge_cells("A2:A3")

    def hide(book, sheet):
        book.create_sheet("first", 0)

    return (
        {
            "formula.xlsx": workbook(names, ["010624", 2012, "=1+1"], two),
            "dates.xlsx": workbook(names, [pd.Timestamp("2024-06-01"), 2012, 5]),
            "numbers.xlsx": workbook(names, [10624, 2012, 5], [10101.0, 2012, 6]),
            "errors.xlsx": workbook(names, ["010624", 2012, "#DIV/0!"]),
            "truth.xlsx": workbook(names, ["010624", 2012, True]),
            "merged.xlsx": workbook(names, one, two, change=merge),
            "other_sheet_first.xlsx": workbook(names, one, change=hide),
            "empty.xlsx": b"",
            "no_rows.xlsx": workbook(names),
            "nothing.xlsx": workbook(),
            "title.xlsx": workbook(["Table 1"], names, one),
            "huge.xlsx": workbook(names, ["010624", 2012, 1e300]),
            "duplicate.xlsx": workbook([*names, "rate"], [*one, 5]),
            "blank_rows.xlsx": workbook(names, [], one, [], two),
            "year_date.xlsx": workbook(names, ["010624", pd.Timestamp("2012-01-01"), 5]),
            "csv.xlsx": GOOD.encode(),
            "xls.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99,
            "no_book.xlsx": zipped({"a.txt": b"x"}),
            "empty_zip.xlsx": zipped({}),
            "traversal.xlsx": zipped(parts | {"../../evil.txt": b"x"}),
            "entity.xlsx": zipped(parts | {"xl/worksheets/sheet1.xml": entity + sheet.replace(b"12.5", b"&leak;")}),
            "laughs.xlsx": zipped(parts | {"xl/worksheets/sheet1.xml": laughs + sheet.replace(b"12.5", b"&b19;")}),
            "no_xml.xlsx": zipped(parts | {"xl/worksheets/sheet1.xml": b"<worksheet"}),
            "no_sheet.xlsx": zipped({k: v for k, v in parts.items() if "sheet1" not in k}),
            "bomb.xlsx": zipped(
                parts | {"xl/worksheets/sheet1.xml": sheet.replace(b"<sheetData>", filler + b"<sheetData>")}
            ),
            "last_row.xlsx": zipped(
                parts
                | {
                    "xl/worksheets/sheet1.xml": sheet.replace(b'r="3"', b'r="1048576"').replace(
                        b'"A3"', b'"XFD1048576"'
                    )
                }
            ),
        }
        | cut(good, "book.xlsx", 4)
        | flipped(good, "book.xlsx", 4)
    )


def parquet(frame):
    out = io.BytesIO()
    frame.to_parquet(out, index=False)
    return out.getvalue()


def parquet_files():
    table = pd.DataFrame({"code": list(UNITS), "year": [2012, 2012], "rate": [12.5, 0.0]})
    good = parquet(table)
    return (
        {
            "empty.parquet": b"",
            "no_rows.parquet": parquet(table[:0]),
            "csv.parquet": GOOD.encode(),
            "magic.parquet": b"PAR1PAR1",
            "nan.parquet": parquet(table.assign(rate=[np.nan, np.inf])),
            "int_codes.parquet": parquet(table.assign(code=[10624, 10101])),
            "float_codes.parquet": parquet(table.assign(code=[10624.0, np.nan])),
            "lists.parquet": parquet(table.assign(rate=[[1], [2]])),
            "dates.parquet": parquet(table.assign(year=pd.to_datetime(["2012-01-01"] * 2))),
            "bytes.parquet": parquet(table.assign(code=[b"\xff", b"\0"])),
            "absent.parquet": parquet(table.drop(columns="rate")),
            "below.parquet": parquet(table.assign(rate=[-1.0, 101.0])),
            "big_ints.parquet": parquet(table.assign(rate=np.array([2**62, 1]))),
            "truth.parquet": parquet(table.assign(rate=[True, False])),
            "length.parquet": good[:-8] + struct.pack("<i", 2**31 - 1) + b"PAR1",
        }
        | cut(good, "table.parquet", 4)
        | flipped(good, "table.parquet", 5)
    )


def drawn(**changes):
    shapes = [box(0, 0, 1, 1), box(1, 0, 2, 1)]
    return gpd.GeoDataFrame(
        {"code": list(UNITS)} | changes.pop("columns", {}),
        geometry=changes.pop("geometry", shapes),
        crs=changes.pop("crs", 4326),
    )


def geojson(features, **more):
    return json.dumps({"type": "FeatureCollection", "features": features} | more).encode()


def feature(code, rings, kind="Polygon"):
    return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": kind, "coordinates": rings}}


SQUARE = [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]


def boundary_files(folder):
    """Make them below a folder, as their formats are written by GDAL."""
    bow = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    frames = {
        "metres": drawn(geometry=[box(0, 0, 5e5, 5e5), box(5e5, 0, 9e5, 5e5)]),
        "degrees": drawn(crs=3857),
        "bow_tie": drawn(geometry=[bow, box(1, 0, 2, 1)]),
        "null": drawn(geometry=[None, box(1, 0, 2, 1)]),
        "empty_shape": drawn(geometry=[Polygon(), box(1, 0, 2, 1)]),
        "points": drawn(geometry=[Point(0, 0), Point(1, 1)]),
        "lines": drawn(geometry=[LineString([(0, 0), (1, 1)])] * 2),
        "duplicated": drawn(columns={"code": ["010624"] * 2}),
        "no_code": drawn(columns={"code": [None, "010101"]}),
        "long_code": drawn(columns={"code": ["x" * 200, "y"]}),
        "overlap": drawn(geometry=[box(0, 0, 1.5, 1), box(1, 0, 2, 1)]),
        "other_column": drawn().rename(columns={"code": "gid"}),
        "nothing": drawn()[:0],
        "all_null": drawn(geometry=[None, None]),
        "number_codes": drawn(columns={"code": [10624, 10101]}),
    }
    found = {}
    for name, frame in frames.items():
        for suffix in ("gpkg", "parquet") if name in {"metres", "null", "nothing", "duplicated"} else ("gpkg",):
            path = folder / f"{name}.{suffix}"
            frame.to_parquet(path) if suffix == "parquet" else frame.to_file(path)
            found[path.name] = path.read_bytes()
    drawn().to_file(folder / "whole.shp", encoding="utf-8")
    shape = {one.name: one.read_bytes() for one in folder.glob("whole.*")}
    for lost in (".shx", ".dbf", ".prj", ".cpg", ".shp"):
        found[f"lacks{lost[1:]}.zip"] = zipped({name: body for name, body in shape.items() if not name.endswith(lost)})
    for short in (".shp", ".dbf", ".shx"):
        found[f"short{short[1:]}.zip"] = zipped({n: b[:-40] if n.endswith(short) else b for n, b in shape.items()})
    drawn().to_file(folder / "good.gpkg")
    drawn().to_parquet(folder / "good.parquet")
    good = (folder / "good.gpkg").read_bytes()
    ring = [[[0, 0], [1, 0], [1, 1], [0, 0]]]
    arcs = {
        "type": "Topology",
        "objects": {
            "a": {
                "type": "GeometryCollection",
                "geometries": [{"type": "Polygon", "arcs": [[7]], "properties": {"code": "1"}}],
            }
        },
        "arcs": [],
    }
    texts = {
        "no_features.geojson": geojson([]),
        "nan.geojson": geojson([feature("010624", ring)]).replace(b"[1, 1]", b"[NaN, NaN]"),
        "infinite.geojson": geojson([feature("010624", ring)]).replace(b"[1, 1]", b"[1e999, 1]"),
        "wrong_crs.geojson": geojson(
            [feature("1", SQUARE)], crs={"type": "name", "properties": {"name": "EPSG:99999"}}
        ),
        "null_shape.geojson": geojson([{"type": "Feature", "properties": {"code": "010624"}, "geometry": None}]),
        "open_ring.geojson": geojson([feature("010624", [[[0, 0], [1, 0], [1, 1]]])]),
        "two_points.geojson": geojson([feature("010624", [[[0, 0], [1, 0]]])]),
        "text_coordinates.geojson": geojson([feature("010624", [[["a", "b"]]])]),
        "deep.geojson": b'{"type":"FeatureCollection","features":' + b"[" * 100_000,
        "off_globe.geojson": geojson([feature("010624", [[[0, 0], [999, 0], [999, 999], [0, 0]]])]),
        "other_json.geojson": b'{"a": 1}',
        "array.geojson": b"[]",
        "empty.geojson": b"",
        "bom.geojson": b"\xef\xbb\xbf" + geojson([feature("010624", SQUARE)]),
        "utf16.geojson": geojson([feature("010624", SQUARE)]).decode().encode("utf-16"),
        "missing_arc.topojson": json.dumps(arcs).encode(),
        "cut.topojson": b'{"type":"Topology","arcs":[[',
        "no_objects.topojson": b'{"type":"Topology","arcs":[]}',
        "nul.geojson": b"\0" * 2000,
        "collection.geojson": geojson(
            [
                {
                    "type": "Feature",
                    "properties": {"code": "1"},
                    "geometry": {"type": "GeometryCollection", "geometries": []},
                }
            ]
        ),
        "xml.gpkg": b"<a/>",
        "empty.gpkg": b"",
        "empty.zip": zipped({}),
        "text.zip": zipped({"readme.txt": b"x"}),
        "no_zip.zip": b"PK\x03\x04",
        "traversal.zip": zipped({f"../../{n}": b for n, b in shape.items()}),
        "two.zip": zipped({"a.geojson": b"{}", "b.geojson": b"{}"}),
        "bomb.zip": zipped({"a.geojson": b'{"type":"FeatureCollection","features":[' + b" " * BOMB + b"]}"}),
        "nested.zip": zipped({"a.zip": zipped(shape)}),
        "plain.parquet": parquet(pd.DataFrame({"code": UNITS, "geometry": ["x", "y"]})),
        "csv.parquet": GOOD.encode(),
    }
    return (
        found
        | texts
        | cut(good, "map.gpkg", 4)
        | flipped(good, "map.gpkg", 4)
        | cut(zipped(shape), "map.zip", 3)
        | cut((folder / "good.parquet").read_bytes(), "map.parquet", 3)
        | cut(geojson([feature(one, SQUARE) for one in UNITS]), "map.geojson", 3)
    )


def project_files():
    head = "project,programme,first_year,last_year,unit_code,longitude,latitude,amount,currency\n"
    table = {
        "good": "P,R,2015,2016,010624,,,5,CNY",
        "unknown": "P,R,2015,2016,999999,,,,",
        "no_place": "P,R,2015,2016,,,,,",
        "sea": "P,R,2015,2016,,50,50,,",
        "backwards": "P,R,2016,2015,010624,,,,",
        "half": "P,R,2015,2016,,1,,,",
        "off": "P,R,2015,2016,,1,91,,",
        "nan": "P,R,2015,2016,,nan,nan,,",
        "inf": "P,R,2015,2016,,inf,0,,",
        "money": "P,R,2015,2016,010624,,,-5,CNY",
        "currency": "P,R,2015,2016,010624,,,5,¥",
        "no_project": ",R,2015,2016,010624,,,,",
        "short": "P,R",
        "long": "P,R,2015,2016,010624,,,5,CNY,9,9",
        "formula": '=HYPERLINK("x"),R,2015,2016,010624,,,,',
    }
    start = '<activity-date type="2" iso-date="2015-06-01"/>'

    def iati(inside, head="", version="2.03"):
        return f'{head}<iati-activities version="{version}"><iati-activity><iati-identifier>A</iati-identifier>{inside}</iati-activity></iati-activities>'.encode()  # noqa: E501

    place = "<location><point><pos>{}</pos></point></location>"
    laughs = "".join(f"<!ENTITY b{n} '&b{n - 1};&b{n - 1};&b{n - 1};'>" for n in range(1, 25))
    xml = {
        "good.xml": iati(start),
        "xxe.xml": iati(start + "&x;", '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "laughs.xml": iati("&b24;", f"<!DOCTYPE x [<!ENTITY b0 'b'>{laughs}]>"),
        "parameter.xml": iati(start, '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]>'),
        "root.xml": b"<rss/>",
        "no_root.xml": b"",
        "version.xml": iati(start, version="1.05"),
        "no_start.xml": iati(""),
        "sea.xml": iati(start + place.format("50 50")),
        "position.xml": iati(start + place.format("nan nan")),
        "one_number.xml": iati(start + place.format("5")),
        "off.xml": iati(start + place.format("0 999")),
        "date.xml": iati('<activity-date type="2" iso-date="2015-99-01"/>'),
        "deep.xml": b"<a>" * 50_000,
        "utf16.xml": iati(start).decode().encode("utf-16"),
        "latin.xml": iati(start).replace(b">A<", b">\xe9<"),
        "encoding.xml": b'<?xml version="1.0" encoding="no-such"?>' + iati(start),
        "nul.xml": b"\0" * 100,
        "money.xml": iati(start + "<budget/>"),
        "year.xml": iati(
            start
            + '<transaction><transaction-type code="2"/><transaction-date iso-date="２０１５"/><value currency="CNY">1</value></transaction>'  # noqa: E501
        ),
        "superscript.xml": iati(
            start
            + '<transaction><transaction-type code="2"/><transaction-date iso-date="²²²²"/><value currency="CNY">1</value></transaction>'  # noqa: E501
        ),
        "no_date.xml": iati('<activity-date type="2"/>'),
    }
    return (
        {f"{n}.csv": (head + row + "\n").encode() for n, row in table.items()}
        | xml
        | {"absent.csv": b"project\nP\n", "other.json": b"{}"}
    )


def toml_files():
    """Return what is written over a file of a pack: (file, text before → after, or the whole text)."""
    return {
        "pack.toml": [
            b"",
            b"code = ",
            b"\xff\xfe",
            b'code = "AT"\n',
            b'code = "../x"\n',
            b"a" * 10,
            b"[" * 100_000,
            b"x = " + b"[" * 100_000,
            b"bounds = [1]\n",
            b"\0",
        ],
        "levels.toml": [
            b"level = 5\n",
            b"level = [1, 2]\n",
            b'level = "x"\n',
            b"[level]\nid = 1\n",
            b"[[level]]\n",
            b'[[level]]\nid = "unit"\npattern = "("\nwidth = 999\n',
            b"[[other]]\n",
        ],
        "tables.toml": [
            b"[[table]]\nid = 1\n",
            b"[table]\n",
            b"table = [[]]\n",
            b'[[table]]\nid = "a"\n[[table]]\nid = "a"\n',
        ],
        "sources.toml": [b"[[source]]\n", b"source = {a = 1}\n", b'[[source]]\nid = "figures"\nsha256 = "x"\n'],
        "boundaries.toml": [b"[[boundary]]\nvalid_from = 1\n", b"boundary = []\n"],
        "indicators.toml": [b"[[indicator]]\nminimum = nan\n", b"indicator = 1979-05-27\n"],
    }


def archive(members, manifest=None, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as file:
        for name, body in (({} if manifest is None else {"manifest.json": manifest}) | members).items():
            told = tarfile.TarInfo(name)
            if isinstance(body, tuple):
                told.type, told.linkname = body
                file.addfile(told)
            else:
                told.size = len(body)
                file.addfile(told, io.BytesIO(body))
    return out.getvalue()


def backup_files():
    def told(current, files=None):
        return json.dumps({"current": current, "files": files or {}}).encode()

    return {
        "empty.tar": b"",
        "text.tar": b"x" * 2000,
        "nothing.tar": archive({}),
        "no_manifest.tar": archive({"a": b"x"}),
        "list.tar": archive({}, b"[]"),
        "null.tar": archive({}, b"null"),
        "deep.tar": archive({}, b"[" * 100_000),
        "numbers.tar": archive({}, b'{"current": 1, "files": 2}'),
        "lists.tar": archive({}, b'{"current": {"at": ["x"]}, "files": {}}'),
        "hashes.tar": archive({}, told({}, {"a": None})),
        "absent.tar": archive({}, told({"at": "x"})),
        "traversal.tar": archive({"../evil": b"x"}, told({})),
        "absolute.tar": archive({"/tmp/evil": b"x"}, told({})),
        "climbs.tar": archive({}, told({"../../at": "x"})),
        "climbs_build.tar": archive({}, told({"at": "../../x"})),
        "link.tar": archive({"sources/at": (tarfile.SYMTYPE, "/etc")}, told({})),
        "hard_link.tar": archive({"sources/at/x": (tarfile.LNKTYPE, "/etc/passwd")}, told({})),
        "device.tar": archive({"sources/at": (tarfile.CHRTYPE, "")}, told({})),
        "unlisted.tar": archive({"sources/at/figures.csv": b"x"}, told({})),
        "wrong_hash.tar": archive({"sources/at/figures.csv": b"x"}, told({}, {"sources/at/figures.csv": "0" * 64})),
        "packed.tar": archive({"a": b"0" * 2**24}, told({}), "w:gz"),
        "dots.tar": archive({}, told({".": "."})),
    }
