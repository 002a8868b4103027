# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes PDF documents to be signed, octet by octet.

pdf_make.py OUT [pages=N] [size=OCTETS] [form] [signature-fields] [script] [layers] [hidden] [embedded] [xref-stream]
"""
import os
import sys
import zlib


class Document:
    def __init__(self):
        self.objects = [None]

    def add(self, body):
        self.objects.append(body)
        return len(self.objects) - 1

    def stream(self, data, extra=b""):
        return self.add(b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), extra, data))

    def write(self, root, xref_stream=False):
        out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        offsets = [0]
        for number, body in enumerate(self.objects[1:], 1):
            offsets.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        start = len(out)
        if xref_stream:
            number = len(self.objects)
            table = b"\x00\x00\x00\x00\xff" + b"".join(b"\x01" + o.to_bytes(3, "big") + b"\x00" for o in offsets[1:])
            table += b"\x01" + start.to_bytes(3, "big") + b"\x00"
            out += (b"%d 0 obj\n<</Type/XRef/Size %d/W[1 3 1]/Root %d 0 R/ID[<01><01>]/Length %d>>\nstream\n%s\nendstream\nendobj\n"
                    % (number, number + 1, root, len(table), table))
        else:
            out += b"xref\n0 %d\n0000000000 65535 f \n" % len(self.objects)
            out += b"".join(b"%010d 00000 n \n" % o for o in offsets[1:])
            out += b"trailer\n<</Size %d/Root %d 0 R/ID[<01><01>]>>\n" % (len(self.objects), root)
        out += b"startxref\n%d\n%%%%EOF\n" % start
        return bytes(out)


def widget(document, page, name, kind, rect, more=b""):
    return document.add(b"<</Type/Annot/Subtype/Widget/FT/%s/T(%s)/F 4/Rect[%s]/P %d 0 R%s>>" % (kind, name, rect, page, more))


def make(words):
    options = dict(w.split("=", 1) if "=" in w else (w, "1") for w in words)
    d = Document()
    catalog, pages = d.add(b""), d.add(b"")
    font = d.add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    kids, fields, more, image = [], [], b"", b""
    if "size" in options:
        width = int(options["size"]) // 3000
        image = b"/XObject<</Im1 %d 0 R>>" % d.stream(
            os.urandom(width * 3000), b"/Type/XObject/Subtype/Image/Width %d/Height 1000/BitsPerComponent 8/ColorSpace/DeviceRGB" % width)
    for i in range(int(options.get("pages", 2))):
        text = d.stream(b"BT /F1 24 Tf 100 700 Td (Contract: pay 100 EUR, page %d) Tj ET" % (i + 1))
        kids.append(d.add(b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F1 %d 0 R>>%s>>>>"
                          % (pages, text, font, image)))
    annots = []
    if "form" in options:
        look = d.stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 200 20]")
        for name in (b"Amount", b"Name"):
            annots.append(widget(d, kids[0], name, b"Tx", b"100 500 300 520", b"/V(100)/DA(/F1 12 Tf 0 g)/AP<</N %d 0 R>>" % look))
    if "signature-fields" in options:
        annots += [widget(d, kids[0], b"Sig%d" % i, b"Sig", b"100 %d 300 %d" % (300 - 60 * i, 350 - 60 * i)) for i in (1, 2)]
    fields += annots
    if "hidden" in options:
        look = d.stream(b"BT /F1 24 Tf (pay 999999 EUR) Tj ET", b"/Type/XObject/Subtype/Form/BBox[0 0 200 20]")
        annots.append(d.add(b"<</Type/Annot/Subtype/FreeText/F 2/Rect[100 700 400 740]/AP<</N %d 0 R>>>>" % look))
    if annots:
        page = d.objects[kids[0]]
        d.objects[kids[0]] = page[:-2] + b"/Annots[%s]>>" % b" ".join(b"%d 0 R" % a for a in annots)
        more += b"/AcroForm<</Fields[%s]/DR<</Font<</F1 %d 0 R>>>>/DA(/F1 12 Tf 0 g)>>" % (
            b" ".join(b"%d 0 R" % f for f in fields), font)
    if "script" in options:
        more += b"/OpenAction %d 0 R" % d.add(b"<</S/JavaScript/JS(app.alert\\(1\\))>>")
    if "layers" in options:
        layer = d.add(b"<</Type/OCG/Name(Layer)>>")
        more += b"/OCProperties<</OCGs[%d 0 R]/D<<>>>>" % layer
    if "embedded" in options:
        data = d.stream(b"inside", b"/Type/EmbeddedFile")
        spec = d.add(b"<</Type/Filespec/F(a.txt)/EF<</F %d 0 R>>>>" % data)
        more += b"/Names<</EmbeddedFiles<</Names[(a.txt) %d 0 R]>>>>" % spec
    d.objects[catalog] = b"<</Type/Catalog/Pages %d 0 R%s>>" % (pages, more)
    d.objects[pages] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % k for k in kids))
    return d.write(catalog, "xref-stream" in options)


if __name__ == "__main__":
    with open(sys.argv[1], "wb") as out:
        out.write(make(sys.argv[2:]))
