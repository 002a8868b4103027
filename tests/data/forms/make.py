#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the forms of this folder: PDF forms with pikepdf and qpdf, workbooks with openpyxl, and each way they can be wrong.

The files are kept with the tests, so that the tests need none of these tools.  Run it to change one; what it writes
differs from run to run only where the tools put the time in.
"""
import datetime
import io
import os
import subprocess
import warnings
import zipfile

import openpyxl
import pikepdf
from pikepdf import Array, Dictionary, Name, String

os.chdir(os.path.dirname(os.path.abspath(__file__)))
warnings.filterwarnings("ignore")


# --- PDF ----------------------------------------------------------------------------------------------------------------

def form(fields, **catalog):
    """A one-page form; FIELDS are dictionaries ready to be made indirect."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(612, 792))
    page = pdf.pages[0]
    made = []
    for field in fields:
        made.append(pdf.make_indirect(field))
    page.Annots = Array([f for f in made if Name.Rect in f])
    pdf.Root.AcroForm = Dictionary(Fields=Array(made), DA=String("/Helv 0 Tf 0 g"))
    for key, value in catalog.items():
        pdf.Root[Name("/" + key)] = value
    with pdf.open_metadata(set_pikepdf_as_editor=False):
        pass
    pdf.docinfo = pdf.make_indirect(Dictionary(Title=String("Sample form")))
    return pdf


def text(name, value, **more):
    return Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String(name), V=String(value), Rect=[50, 700, 300, 720],
                      F=4, **more)


def plain_fields():
    return [
        text("organization", "Lakeside Health"),
        text("address", "1 Main St\rSpringfield, IL"),
        text("umlaut", "Größe – 10 €"),
        text("empty", ""),
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, T=String("checked"), V=Name.Yes, Rect=[50, 600, 60, 610]),
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, T=String("unchecked"), V=Name.Off, Rect=[50, 580, 60, 590]),
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, Ff=1 << 15, T=String("radio"), V=Name("/1"),
                   Opt=Array([String("first"), String("second")]), Rect=[50, 560, 60, 570]),
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Ch, T=String("states"), V=Array([String("VA"), String("MD")]),
                   Rect=[50, 540, 60, 550]),
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, Ff=1 << 16, T=String("push"), Rect=[50, 520, 60, 530]),
    ]


def save(pdf, name, **options):
    pdf.save(name, static_id=True, **options)


def nested(pdf):
    """contact.phone and contact.name, the type inherited; a field shown in two places."""
    kids = [pdf.make_indirect(Dictionary(T=String(n), V=String(v))) for n, v in (("phone", "217 555 0101"), ("name", "Ada"))]
    shown = [pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=[50, y, 90, y + 9])) for y in (100, 120)]
    parent = pdf.make_indirect(Dictionary(T=String("contact"), FT=Name.Tx, Kids=Array(kids)))
    twice = pdf.make_indirect(Dictionary(T=String("twice"), FT=Name.Tx, V=String("same"), Kids=Array(shown)))
    pdf.Root.AcroForm.Fields.append(parent)
    pdf.Root.AcroForm.Fields.append(twice)


def make_pdfs():
    pdf = form(plain_fields())
    nested(pdf)
    save(pdf, "filled.pdf")
    subprocess.run(["qpdf", "--static-id", "--object-streams=generate", "filled.pdf", "compressed.pdf"], check=True)
    subprocess.run(["qpdf", "--static-id", "--linearize", "filled.pdf", "linearized.pdf"], check=True)
    subprocess.run(["qpdf", "--static-aes-iv", "--static-id", "--encrypt", "secret", "owner", "256", "--", "filled.pdf",
                    "encrypted.pdf"], check=True)
    subprocess.run(["qpdf", "--static-aes-iv", "--static-id", "--encrypt", "", "owner", "256", "--modify=none", "--",
                    "filled.pdf", "owner-password.pdf"], check=True)

    pdf = form(plain_fields())
    del pdf.Root.AcroForm
    del pdf.pages[0].Annots
    save(pdf, "flattened.pdf")

    pdf = form([])
    pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
    save(pdf, "xfa-only.pdf")
    pdf = form(plain_fields(), NeedsRendering=True)
    pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
    save(pdf, "xfa-dynamic.pdf")
    pdf = form(plain_fields())
    pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
    save(pdf, "xfa-beside-fields.pdf")

    script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    save(form(plain_fields(), OpenAction=script), "script-on-open.pdf")
    save(form(plain_fields(), Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))), "script-named.pdf")
    save(form([text("total", "5", AA=Dictionary(C=script))]), "script-in-field.pdf")
    save(form([text("total", "5", A=Dictionary(S=Name.URI, URI=String("https://office.example"), Next=Array([script])))]),
         "script-behind-link.pdf")
    save(form([text("total", "5", A=Dictionary(S=Name.URI, URI=String("https://office.example")))]), "link.pdf")

    whole = open("filled.pdf", "rb").read()
    open("truncated.pdf", "wb").write(whole[:len(whole) // 2])
    open("no-pdf.pdf", "wb").write(b"%PDF-1.7\nthis is no PDF at all\n%%EOF\n")
    open("bad-xref.pdf", "wb").write(whole.replace(b"startxref\n", b"startxref\n1"))
    pdf = form([])
    circle = pdf.make_indirect(Dictionary(T=String("a"), FT=Name.Tx))
    circle.Kids = Array([circle])
    pdf.Root.AcroForm.Fields = Array([circle])
    save(pdf, "circle.pdf")
    pdf = form([])
    inner = pdf.make_indirect(Dictionary(T=String("end"), FT=Name.Tx, V=String("deep")))
    for i in range(60):
        inner = pdf.make_indirect(Dictionary(T=String("k%d" % i), Kids=Array([inner])))
    pdf.Root.AcroForm.Fields = Array([inner])
    save(pdf, "deep.pdf")
    save(form([Dictionary(FT=Name.Tx, T=String("f%d" % i), V=String("x")) for i in range(2100)]), "many-fields.pdf",
         object_stream_mode=pikepdf.ObjectStreamMode.generate)
    pdf = form([])
    pdf.Root.AcroForm.Fields = Array([pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("long"),
                                                                   V=pdf.make_stream(b"a long answer")))])
    save(pdf, "stream-value.pdf")


# --- workbooks ----------------------------------------------------------------------------------------------------------

def workbook():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Claims"
    rows = [("Number of claims", 1234), ("Report date", datetime.date(2027, 3, 1)), ("Market share", 0.25), ("Applies", True),
            ("Comment", "first line\nsecond line"), ("Average", 12.5), ("Elsewhere", "=1+1"), ("Wrong", "#N/A")]
    for row, (label, value) in enumerate(rows, 1):
        sheet.cell(row, 1, label)
        sheet.cell(row, 2, value)
    sheet["B3"].number_format = "0.0%"
    sheet["B8"].data_type = "e"
    book.create_sheet("Security & <more>")["C7"] = "only here"
    return book


def members(name):
    with zipfile.ZipFile(name) as z:
        return [(i.filename, z.read(i)) for i in z.infolist()]


def write(name, files, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(name, "w", method) as z:
        for member, data in files:
            z.writestr(zipfile.ZipInfo(member, (2026, 11, 23, 8, 0, 0)), data, method)


def changed(files, name, old, new):
    assert any(n == name and old in d for n, d in files), (name, old)
    return [(n, d.replace(old, new) if n == name else d) for n, d in files]


def make_workbooks():
    buffer = io.BytesIO()
    workbook().save(buffer)
    files = members(buffer)
    write("plain.xlsx", files)

    book = workbook()
    book.create_sheet("Secret").sheet_state = "veryHidden"
    buffer = io.BytesIO()
    book.save(buffer)
    write("hidden-sheet.xlsx", members(buffer))

    book = workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    buffer = io.BytesIO()
    book.save(buffer)
    write("since-1904.xlsx", members(buffer))

    macro = changed(files, "[Content_Types].xml", b"spreadsheetml.sheet.main+xml", b"spreadsheetml.sheet.main+xml")
    write("macros.xlsm", macro + [("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")])
    write("macros-by-type.xlsx", changed(files, "[Content_Types].xml",
                                         b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                                         b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"))
    write("macro-sheet.xlsx", changed(files, "xl/_rels/workbook.xml.rels", b"relationships/theme\"",
                                      b"relationships/xlMacrosheet\""))
    write("binary.xlsb", [(n.replace("workbook.xml", "workbook.bin"), d) for n, d in files])
    write("other.ods", [("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<x/>")])
    open("old.xls", "wb").write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "Workbook".encode("utf-16le"))
    open("encrypted.xlsx", "wb").write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16le"))
    open("no-zip.xlsx", "wb").write(b"this is no zip")
    whole = open("plain.xlsx", "rb").read()
    open("truncated.xlsx", "wb").write(whole[:-40])
    sheet = dict(files)["xl/worksheets/sheet1.xml"]
    write("doctype.xlsx", changed(files, "xl/worksheets/sheet1.xml", sheet,
                                  b'<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + sheet))
    write("broken-xml.xlsx", changed(files, "xl/worksheets/sheet1.xml", b"</row>", b"</rov>"))
    write("same-cell-twice.xlsx", changed(files, "xl/worksheets/sheet1.xml", b'r="B1"', b'r="A1"'))
    shared = changed(files, "xl/worksheets/sheet1.xml", b't="inlineStr"><is><t>Number of claims</t></is>', b't="s"><v>1</v>')
    shared = changed(shared, "xl/_rels/workbook.xml.rels", b"</Relationships>",
                     b'<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                     b'sharedStrings" Target="sharedStrings.xml"/></Relationships>')
    strings = ('<x:sst xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:si><x:t>unused</x:t></x:si>'
               "<x:si><x:r><x:t>Number </x:t></x:r><x:r><x:t>of claims</x:t></x:r><x:rPh><x:t>spoken</x:t></x:rPh></x:si></x:sst>")
    shared = shared + [("xl/sharedStrings.xml", strings.encode())]
    write("shared-strings.xlsx", shared)
    write("no-such-string.xlsx", changed(shared, "xl/worksheets/sheet1.xml", b't="s"><v>1</v>', b't="s"><v>2</v>'))
    write("missing-sheet.xlsx", [f for f in files if f[0] != "xl/worksheets/sheet2.xml"])
    # 1 GB of blanks, honestly announced, in a file of 1 MB; packed twice, so that the file here is small.
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as z:
        for member, data in files:
            z.writestr(member, data)
        blank = zipfile.ZipInfo("xl/media/blank.bin")
        blank.compress_type = zipfile.ZIP_DEFLATED
        with z.open(blank, "w") as out:
            for _ in range(256):
                out.write(b"\0" * (4 << 20))
    write("expands-to-1-gb.zipped", [("bomb.xlsx", bomb.getvalue())])
    # 100 MB that the directory calls 1 KB.
    liar = io.BytesIO()
    long = sheet.replace(b"<sheetData>", b"<sheetData>" + b" " * (100 << 20))
    with zipfile.ZipFile(liar, "w", zipfile.ZIP_DEFLATED) as z:
        for member, data in changed(files, "xl/worksheets/sheet1.xml", sheet, long):
            z.writestr(member, data)
    raw = liar.getvalue().replace(len(long).to_bytes(4, "little"), (1024).to_bytes(4, "little"))
    write("says-1-kb.zipped", [("liar.xlsx", raw)])


# --- by other programs ---------------------------------------------------------------------------------------------------

WRITER = """
#include <xlsxwriter.h>
int main (void)
{
  lxw_workbook *book = workbook_new ("xlsxwriter.xlsx");
  lxw_doc_properties properties = { .title = "T", .created = 1795449600 };
  lxw_worksheet *sheet = workbook_add_worksheet (book, "Claims");
  lxw_format *date = workbook_add_format (book), *percent = workbook_add_format (book);
  lxw_datetime day = { .year = 2027, .month = 3, .day = 1 };
  workbook_set_properties (book, &properties);
  format_set_num_format (date, "d mmm yyyy");
  format_set_num_format_index (percent, 10);
  worksheet_write_string (sheet, 0, 0, "Number of claims", NULL);
  worksheet_write_number (sheet, 0, 1, 1234.5, NULL);
  worksheet_write_string (sheet, 1, 0, "Report date", NULL);
  worksheet_write_datetime (sheet, 1, 1, &day, date);
  worksheet_write_string (sheet, 2, 0, "Market share", NULL);
  worksheet_write_number (sheet, 2, 1, 0.125, percent);
  worksheet_write_string (sheet, 3, 0, "Sum", NULL);
  worksheet_write_formula_num (sheet, 3, 1, "=B1*2", NULL, 2469);
  worksheet_write_boolean (sheet, 4, 1, 0, NULL);
  return workbook_close (book);
}
"""


def make_by_others():
    """A workbook by libxlsxwriter, and the registration form filled in and saved by poppler, as its viewers do."""
    subprocess.run(["cc", "-x", "c", "-", "-lxlsxwriter", "-o", "/tmp/make-xlsxwriter"], input=WRITER.encode(), check=True)
    subprocess.run(["/tmp/make-xlsxwriter"], check=True)
    import gi
    gi.require_version("Poppler", "0.18")
    from gi.repository import Poppler
    document = Poppler.Document.new_from_file("file://" + os.path.abspath("../../../templates/forms/registration.pdf"), None)
    for mapping in document.get_page(0).get_form_field_mapping():
        field = mapping.field
        if field.get_field_type() == Poppler.FormFieldType.CHOICE:
            field.choice_select_item(1)
        else:
            field.text_set_text("Größe of " + field.get_name())
    document.save("file://" + os.path.abspath("filled-by-poppler.pdf"))


# --- .csv ---------------------------------------------------------------------------------------------------------------

def make_csv():
    def put(name, data):
        open(name, "wb").write(data)
    put("plain.csv", b'Number of claims,1234\r\nComment,"first, ""second""\r\nthird"\r\n,\r\nlast,x')
    put("semicolons.csv", "Größe;12,5\r\nDatum;01.03.2027\r\n".encode("latin-1"))
    put("tabs.tsv", b"a\tb\nc\td, e\n")
    put("said.csv", b"\xef\xbb\xbfsep=;\r\na,b;c\r\n")


if __name__ == "__main__":
    make_pdfs()
    make_workbooks()
    make_csv()
    make_by_others()
