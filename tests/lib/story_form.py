# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms as people's programs fill them in: a PDF that is added to at its end, a workbook with answers in its cells.

Nothing here knows how the office reads them: the bytes are changed as the formats say, by hand.
"""
import io
import re
import zipfile
from xml.sax.saxutils import escape


# --- PDF: objects changed by an incremental update (ISO 32000-1, 7.5.6) --------------------------------------------------

def pdf_objects(data):
    """Number, place and body of each plain object, the newest of each number last."""
    return [(int(m[1]), m[2]) for m in re.finditer(rb"\n(\d+) 0 obj\n(<<.*?>>)\nendobj", data, re.S)]


def add_objects(data, changed):
    if not changed:
        return data
    trailer = re.findall(rb"trailer <<(.*?)>>\s*startxref\s+(\d+)", data, re.S)[-1]
    out, places = data, {}
    for number, body in changed.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    xref = len(out)
    out += b"xref\n"
    for number in sorted(places):
        out += b"%d 1\n%010d 00000 n \n" % (number, places[number])
    kept = re.sub(rb"/Prev \d+", b"", trailer[0])
    return out + b"trailer <<%s/Prev %s >>\nstartxref\n%d\n%%%%EOF\n" % (kept, trailer[1], xref)


def fill_pdf(data, answers):
    changed = {}
    for label, answer in answers:
        value = b"/V <feff%s>" % answer.encode("utf-16-be").hex().encode()
        for number, body in pdf_objects(data):
            if b"/TU (%s" % label.encode() in body and b"/V ()" in body:
                changed[number] = body.replace(b"/V ()", value)
                break
        else:
            raise ValueError("the PDF form has no field '%s'" % label)
    return add_objects(data, changed)


def flatten_pdf(data):
    """The fields become part of the page: what is left is no form."""
    for number, body in pdf_objects(data):
        if b"/Type /Catalog" in body:
            return add_objects(data, {number: re.sub(rb"/AcroForm \d+ 0 R", b"", body)})
    raise ValueError("the PDF has no catalog")


# --- workbooks ----------------------------------------------------------------------------------------------------------

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def cell(place, answer, style=""):
    if re.fullmatch(r"-?\d+(\.\d+)?", answer):
        return '<c r="%s"%s><v>%s</v></c>' % (place, style, answer)
    if answer.startswith("="):
        return '<c r="%s"%s><f>%s</f><v>1</v></c>' % (place, style, escape(answer[1:]))
    return '<c r="%s"%s t="inlineStr"><is><t>%s</t></is></c>' % (place, style, escape(answer))


def zip_of(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def members_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        return [(i.filename, z.read(i)) for i in z.infolist()]


def fill_workbook(data, answers):
    """Answers into the cells beside their labels."""
    members = dict(members_of(data))
    for label, answer in answers:
        pattern = r'(<c r="A(\d+)"[^>]*><is><t>%s</t></is></c>)<c r="B\2"( s="\d+")?(?: t="n")?(?:/>|></c>)' % re.escape(escape(label))
        for name, xml in members.items():
            if not name.startswith("xl/worksheets/"):
                continue
            text, n = re.subn(pattern, lambda m: m[1] + cell("B" + m[2], answer, m[3] or ""), xml.decode(), count=1)
            if n:
                members[name] = text.encode()
                break
        else:
            raise ValueError("the workbook has no place for '%s'" % label)
    return zip_of(members.items())


def make_workbook(answers):
    """A workbook of somebody's own: labels in one column, answers in the next."""
    rows = "".join('<row r="%d">%s%s</row>' % (n, cell("A%d" % n, label), cell("B%d" % n, answer))
                   for n, (label, answer) in enumerate(answers, 1))
    types = ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
             'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>')
    return zip_of([
        ("[Content_Types].xml", types),
        ("_rels/.rels", '<Relationships xmlns="%s"><Relationship Id="r1" Type="%s/officeDocument" Target="xl/workbook.xml"/>'
         "</Relationships>" % (PACKAGE, OFFICE)),
        ("xl/workbook.xml", '<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets>'
         "</workbook>" % (SHEET, OFFICE)),
        ("xl/_rels/workbook.xml.rels", '<Relationships xmlns="%s"><Relationship Id="r1" Type="%s/worksheet" '
         'Target="worksheets/sheet1.xml"/></Relationships>' % (PACKAGE, OFFICE)),
        ("xl/worksheets/sheet1.xml", '<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (SHEET, rows)),
    ])


# --- a form on its way back ---------------------------------------------------------------------------------------------

def finish(blank, name, answers, how):
    """BLANK (None: a workbook of one's own) with ANSWERS, as the file NAME; HOW: "flattened", "with macros" or ""."""
    if blank is None:
        data = make_workbook(answers)
    else:
        data = fill_pdf(blank, answers) if blank.startswith(b"%PDF-") else fill_workbook(blank, answers)
    if how == "flattened":
        data = flatten_pdf(data)
    elif how == "with macros":
        data = zip_of(members_of(data) + [("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")])
    return data
