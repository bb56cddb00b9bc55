"""Set a report as a Word document; drawings become pictures, since Word does not draw SVG everywhere."""

from __future__ import annotations

import io
from typing import Any

from fuping.dashboard.reports.content import Column, Picture, Report, Section, Table, texts
from fuping.dashboard.reports.faces import installed, require_chinese

__all__ = ["word"]

INK, SOFT, ACCENT, TINT, LINE = "1D2422", "565E5A", "0B5D5E", "E3EEEC", "DAD7CF"

EAST_ASIAN = "Microsoft YaHei"
"""What Word has where documents are read; a reader without it gets Word's own choice."""

LATIN = "Calibri"

PIXELS_PER_INCH = 220.0

TEXT_MM = 174.0

SINGLE = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.width) * 1mm)
"""


def word(report: Report) -> bytes:
    """Return the report as a .docx on A4.

    Raises
    ------
    TypefaceError
        It has Chinese, and no Chinese face is installed to draw its pictures with.
    """
    from docx import Document
    from docx.shared import Mm, Pt

    require_chinese(texts(report))
    document = Document()
    _styles(document)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(18)
    page.top_margin, page.bottom_margin = Mm(18), Mm(20)
    document.core_properties.title = f"{report.title} · {report.kicker}"
    document.core_properties.author = "Fuping 阜平"
    document.core_properties.language = "zh-CN" if report.language == "zh" else "en"
    _say(document.add_paragraph(), report.kicker, 8.5, ACCENT, bold=True)
    title = document.add_heading(level=1)
    _say(title, report.title, 24, INK, bold=True)
    if report.other_title:
        _say(title, f"  {report.other_title}", 14, SOFT)
    if report.lead:
        _say(document.add_paragraph(), report.lead, 10.5, INK)
    for name, value in report.facts:
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(0)
        _say(line, f"{name}  ", 8.5, SOFT)
        _say(line, value, 8.5, INK)
    if report.locator:
        _picture(document.add_paragraph(), report.locator, report.locator.width_mm)
    for section in report.sections:
        _section(document, section)
    _credits(document, report)
    _footer(page, report)
    body = io.BytesIO()
    document.save(body)
    return body.getvalue()


def _styles(document: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    for name in ("Normal", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), EAST_ASIAN)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    document.styles["Heading 2"].paragraph_format.space_before = Pt(14)


def _say(paragraph: Any, text: str, size: float, colour: str, *, bold: bool = False) -> None:
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, RGBColor.from_string(colour)


def _picture(paragraph: Any, picture: Picture, width_mm: float) -> None:
    import typst
    from docx.shared import Mm

    given = {"svg": picture.svg, "width": f"{width_mm}"}
    drawn = typst.compile(SINGLE, sys_inputs=given, font_paths=installed(), format="png", ppi=PIXELS_PER_INCH)
    run = paragraph.add_run()
    inline = run.add_picture(io.BytesIO(bytes(drawn)), width=Mm(width_mm))
    inline._inline.docPr.set("descr", picture.alt)


def _section(document: Any, section: Section) -> None:
    _say(document.add_heading(level=2), section.title, 12, ACCENT, bold=True)
    for words, size, colour in ((section.lead, 9.5, INK), (section.hint, 8, SOFT)):
        if words:
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.keep_with_next = section.body is not None
            _say(paragraph, words, size, colour)
    if isinstance(section.body, Picture):
        _picture(document.add_paragraph(), section.body, section.body.width_mm)
    elif section.body:
        _table(document, section.body)
    if section.note:
        _say(document.add_paragraph(), section.note, 8, SOFT)


def _table(document: Any, table: Table) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    size = 7.5 if len(table.columns) > 7 else 8.5
    shares = sum(one.share for one in table.columns)
    widths = [TEXT_MM * one.share / shares for one in table.columns]
    made = document.add_table(rows=1, cols=len(table.columns))
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    head = made.rows[0]
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(repeated)
    for cell, column in zip(head.cells, table.columns, strict=True):
        text = f"{column.title}\n{column.small}" if column.small else column.title
        _cell(cell, text, column, size - 0.5, SOFT, edge=SOFT)
    for row in table.rows:
        added = made.add_row()
        for cell, content, column, width in zip(added.cells, row.cells, table.columns, widths, strict=True):
            cell.width = Mm(width)
            _cell(cell, content, column, size, INK, fill=TINT if row.marked else "", width=width)
    document.add_paragraph().paragraph_format.space_after = 0


def _cell(
    cell: Any, content: str | Picture, column: Column, size: float, colour: str, *,
    fill: str = "", edge: str = LINE, width: float = 0.0,
) -> None:  # fmt: skip
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = 0
    paragraph.alignment = {
        "left": WD_ALIGN_PARAGRAPH.LEFT,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
        "center": WD_ALIGN_PARAGRAPH.CENTER,
    }[column.align]
    if isinstance(content, Picture):
        _picture(paragraph, content, min(content.width_mm, width - 4))
    else:
        _say(paragraph, content, size, colour)
    properties = cell._tc.get_or_add_tcPr()
    borders, bottom = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", "4"), ("color", edge)):
        bottom.set(qn(f"w:{key}"), value)
    borders.append(bottom)
    properties.append(borders)
    if fill:
        shade = OxmlElement("w:shd")
        for key, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
            shade.set(qn(f"w:{key}"), value)
        properties.append(shade)


def _credits(document: Any, report: Report) -> None:
    _say(document.add_heading(level=2), report.sources_title, 12, ACCENT, bold=True)
    for credit in report.credits:
        paragraph = document.add_paragraph()
        _say(paragraph, f"[{credit.number}] ", 8, ACCENT, bold=True)
        _say(paragraph, credit.name, 8, INK)
        told = [one for one in (credit.years, credit.licence, credit.citation, credit.url) if one]
        _say(paragraph, "\n" + "\n".join(told), 8, SOFT)
    for words in report.closing:
        _say(document.add_paragraph(), words, 8, SOFT)


def _footer(page: Any, report: Report) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    paragraph = page.footer.paragraphs[0]
    for stop in list(paragraph.paragraph_format.tab_stops):
        paragraph.paragraph_format.tab_stops.remove(stop)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_MM), 2)
    _say(paragraph, f"{report.footer}\t", 7.5, SOFT)
    before, rest = report.page.split("{page}")
    between, after = rest.split("{pages}")
    for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        _say(paragraph, text, 7.5, SOFT)
        if not field:
            continue
        counted = OxmlElement("w:fldSimple")
        counted.set(qn("w:instr"), field)
        # Word counts when it opens the file; until then a digit stands in the field, and gives it its type.
        _say(paragraph, "1", 7.5, SOFT)
        counted.append(paragraph.runs[-1]._r)
        paragraph._p.append(counted)
