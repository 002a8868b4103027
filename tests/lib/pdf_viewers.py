# SPDX-License-Identifier: GPL-3.0-or-later
"""Signed PDF documents that one viewer reads so and another one otherwise, and objects that are two things at once.

pdf_viewers.py DIR PKI    as pdf_break.py: writes files, prints NAME EXPECTED
"""
import hashlib
import re
import subprocess

import pdf_make
from der_edit import DIGEST, attribute, der, split
from pdf_break import PKI, annotation, cms, put, timestamp
from pdf_forge import EVIL, stream
from pdf_sign import body_of, fill, free, last, prepare, update, with_item

PLAIN = pdf_make.make([])
CATALOG, FONT, CONTENT, PAGE = 1, 3, 4, 5
DOES_NOTHING = b"<</Producer(x)>>"


def certified(permit):
    return b"/Reference[<</TransformMethod/DocMDP/TransformParams<</P %d/V/1.2>>>>]" % permit if permit else b""


def sign(document, permit=None):
    return fill(prepare(document, 12000, certified(permit)), cms())


def form_of(words):
    return stream(b"BT /F1 24 Tf 100 600 Td (%s) Tj ET" % words,
                  b"/Type/XObject/Subtype/Form/BBox[0 0 600 842]/Resources<</Font<</F1 %d 0 R>>>>" % FONT)


GOOD_LOOK, EVIL_LOOK = form_of(b"amount 100"), form_of(b"amount 999999")


def by_table(data, header, body, row):
    """One object with that HEADER in a revision whose table has the ROW (number, generation) for it."""
    out = data + (b"" if data.endswith(b"\n") else b"\n")
    place = len(out)
    out += header + b"\n" + body + b"\nendobj\n"
    return out + b"xref\n%d 1\n%010d %05d n \ntrailer\n<</Size %d/Root %s/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        row[0], place, row[1], max(free(data), row[0] + 1), last(data, rb"/Root (\d+ \d+ R)"), last(data, rb"startxref\s+(\d+)"), len(out))


def by_pack(data, held, rows, objects=None, offsets=None):
    """A stream of objects that holds HELD (number, body), and ROWS (number: index) of the table for it."""
    pack, out, places = free(data) + 20, data + (b"" if data.endswith(b"\n") else b"\n"), {}
    head, bodies = b"", b""
    for k, (number, body) in enumerate(held):
        head += b"%d %d " % (number, offsets[k] if offsets else len(bodies))
        bodies += body + b"\n"
    for number, body in {**(objects or {}), pack: stream(head + bodies, b"/Type/ObjStm/N %d/First %d" % (len(held), len(head)))}.items():
        places[number] = b"\x01" + len(out).to_bytes(3, "big") + b"\0"
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    for number, index in rows.items():
        places[number] = b"\x02" + pack.to_bytes(3, "big") + bytes([index])
    start = len(out)
    places[pack + 1] = b"\x01" + start.to_bytes(3, "big") + b"\0"
    return out + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (pack + 1, stream(
        b"".join(places[n] for n in sorted(places)), b"/Type/XRef/W[1 3 1]/Index[%s]/Size %d/Root %s/Prev %s" % (
            b"".join(b"%d 1 " % n for n in sorted(places)), pack + 2, last(data, rb"/Root (\d+ \d+ R)"),
            last(data, rb"startxref\s+(\d+)"))), start)


# --- what the tables say -------------------------------------------------------------------------------------------

def packs(good):
    page, new = body_of(good, PAGE), free(good)
    evil = page.replace(b"/Contents %d" % CONTENT, b"/Contents %d" % new)
    put("pack_good.pdf", by_pack(good, [(new, DOES_NOTHING), (new + 1, b"[1 2 (a\\)b) <00>]"), (new + 2, b"7"), (new + 3, b"%d 0 R" % new)],
                                 {new: 0, new + 1: 1, new + 2: 2, new + 3: 3}), "valid")
    put("pack_same_page.pdf", by_pack(good, [(PAGE, page)], {PAGE: 0}), "valid")
    put("pack_twice.pdf", by_pack(good, [(PAGE, evil), (PAGE, page)], {PAGE: 0}, {new: stream(EVIL)}), "changed")
    put("pack_index.pdf", by_pack(good, [(PAGE, page)], {PAGE: 5}), "changed|unsupported|error")
    put("pack_other.pdf", by_pack(good, [(new + 1, evil), (PAGE, page)], {PAGE: 0}, {new: stream(EVIL)}), "changed|unsupported|error")
    put("pack_unlisted.pdf", by_pack(good, [(new + 1, DOES_NOTHING), (PAGE, evil)], {new + 1: 0}, {new: stream(EVIL)}), "changed")
    cut = page.index(b"/Contents")
    put("pack_cut.pdf", by_pack(good, [(PAGE, page), (new, b"null")], {PAGE: 0, new: 1}, offsets=[0, cut]), "changed|unsupported|error")


def generations(good):
    put("generation_good.pdf", by_table(good, b"%d 0 obj" % free(good), DOES_NOTHING, (free(good), 0)), "valid")
    for header, row in ((0, 1), (1, 1), (1, 0), (65535, 65535)):
        put("generation_%d_%d.pdf" % (header, row), by_table(good, b"%d %d obj" % (CONTENT, header), stream(EVIL), (CONTENT, row)),
            "changed|unsupported|error|invalid")
    put("generation_of_another.pdf", by_table(good, b"%d 0 obj" % CONTENT, stream(EVIL), (free(good), 1)), "changed|unsupported|error")


def repairs(good):
    """What makes a viewer look for objects itself, and what it finds then."""
    new = free(good)
    evil = {new: stream(EVIL), new + 1: body_of(good, PAGE).replace(b"/Contents %d" % CONTENT, b"/Contents %d" % new)}
    put("trailer_stray.pdf", update(good + b"trailer\n<</Root %d 0 R/Size 99>>\n" % (new + 1), evil), "changed|unsupported|invalid")
    put("trailer_in_string.pdf", update(good, {new: b"<</Producer(trailer <</Root 9 0 R>>)>>"}), "changed")
    put("trailer_word_good.pdf", update(good, {new: b"<</Producer(the trailer of 3 objects; 2 obj, 100 % obj)>>"}), "valid")
    put("table_wide.pdf", wide_table(good, {new: DOES_NOTHING}, 4), "valid")
    put("table_too_wide.pdf", wide_table(good, {new: DOES_NOTHING}, 5), "changed")
    for name, space, expected in (("space", b" ", "valid"), ("vertical", b"\x0b", "changed"), ("bell", b"\x07", "changed|unsupported|error")):
        page = body_of(good, PAGE).replace(b"/Contents", b"/Contents" + space)
        put("octet_%s.pdf" % name, update(good, {PAGE: page}), expected)


def wide_table(data, objects, width):
    out, rows = data + (b"" if data.endswith(b"\n") else b"\n"), {}
    for number, body in objects.items():
        rows[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    top, start = max(objects) + 1, len(out)
    rows[top] = start
    return out + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (top, stream(
        b"".join(b"\x01" + rows[n].to_bytes(width, "big") + b"\0" for n in sorted(rows)), b"/Type/XRef/W[1 %d 1]/Index[%s]/Size %d/Root %s/Prev %s" % (
            width, b"".join(b"%d 1 " % n for n in sorted(rows)), top + 1, last(data, rb"/Root (\d+ \d+ R)"), last(data, rb"startxref\s+(\d+)"))), start)


def many(good):
    """More revisions than anybody makes."""
    for name, n, expected in (("some", 60, "valid"), ("many", 601, "unsupported")):
        data = good
        for k in range(n):
            data = update(data, {})
        put("revisions_%s.pdf" % name, data, expected)


# --- one object, two roles -----------------------------------------------------------------------------------------

def drawn(words, more, objects, catalog=b""):
    """A page whose content draws with /XObject MORE."""
    return update(PLAIN, {CONTENT: stream(b"BT /F1 24 Tf 100 700 Td (Contract: pay 100 EUR) Tj ET " + words),
                          PAGE: body_of(PLAIN, PAGE).replace(b"/Resources<<", b"/Resources<</XObject %s" % more),
                          CATALOG: body_of(PLAIN, CATALOG)[:-2] + catalog + b">>", **objects})


def roles():
    for key in (b"Metadata", b"DSS", b"Extensions"):
        for permit in (None, 1):
            name = "role_%s_%s" % (key.decode(), permit)
            good = sign(drawn(b"/%s Do" % key, b"1 0 R", {30: GOOD_LOOK}, b"/%s 30 0 R" % key), permit)
            put(name + "_good.pdf", good, "valid")
            put(name + ".pdf", update(good, {30: EVIL_LOOK}), "changed")
            empty = sign(drawn(b"/%s Do" % key, b"1 0 R", {}), permit)
            put(name + "_added.pdf", update(empty, {free(empty): EVIL_LOOK, CATALOG: body_of(empty, CATALOG)[:-2] + b"/%s %d 0 R>>" % (key, free(empty))}),
                "changed")
    for key in (b"M", b"TI", b"V", b"AP", b"RV", b"I"):
        for permit in (None, 1, 2):
            good = sign(drawn(b"/%s Do" % key, b"40 0 R", {40: b"<</FT/Tx/T(x)/%s 41 0 R>>" % key, 41: GOOD_LOOK},
                              b"/AcroForm<</Fields[40 0 R]>>"), permit)
            put("role_field_%s_%s.pdf" % (key.decode(), permit), update(good, {41: EVIL_LOOK}), "changed")


# --- forms ---------------------------------------------------------------------------------------------------------

FIELD = b"<</Type/Annot/Subtype/%s/FT/%s/T(x)/F 4/Rect[100 590 500 640]%s>>"
RESOURCES = b"/DR<</Font<</F1 %d 0 R>>>>" % FONT


def form(field, more, permit, objects=None):
    return sign(update(PLAIN, {40: field, PAGE: body_of(PLAIN, PAGE)[:-2] + b"/Annots[40 0 R]>>", **(objects or {}),
                               CATALOG: body_of(PLAIN, CATALOG)[:-2] + b"/AcroForm<</Fields[40 0 R]%s>>>>" % more}), permit)


def forms():
    def edited(data, old, new, number=40):
        """NEW may name a new object, the evil look."""
        assert old in body_of(data, number)
        text = body_of(data, number).replace(old, new.replace(b"NEW", b"%d" % free(data)))
        return update(data, {number: text, **({free(data): EVIL_LOOK} if b"NEW" in new else {})})
    words = b"/V(pay 999999)"
    for permit in (None, 1):
        silent = form(FIELD % (b"Widget", b"Tx", words), RESOURCES, permit)
        put("text_added_%s.pdf" % permit, edited(silent, b"/AcroForm<<", b"/AcroForm<</DA(/F1 24 Tf 0 g)", CATALOG), "changed")
        lines = form(FIELD % (b"Widget", b"Ch", b"/Opt[(pay 100)(pay 999999)]/TI 0/DA(/F1 24 Tf 0 g)"), RESOURCES, permit)
        put("list_scrolled_%s.pdf" % permit, edited(lines, b"/TI 0", b"/TI 1"), "changed")
        lines = form(FIELD % (b"Widget", b"Ch", b"/Opt[(pay 999999)(b)]/DA(/Missing 24 Tf 0 g)"), RESOURCES, permit)
        put("list_font_%s.pdf" % permit, edited(lines, b"/F1 3 0 R", b"/F1 3 0 R/Missing 3 0 R", CATALOG), "changed")
        for name, mute, font, expected in (("box", b"/FT/Btn/V/Yes/AS/Yes/DA(/F1 9 Tf)", b"ZaDb", "changed"), ("box_off", b"/FT/Btn/V/Off/AS/Off/AP<</N<</Yes 41 0 R>>>>/DA(/F1 9 Tf)", b"ZaDb", "valid"),
                                           ("text", b"/FT/Tx/V(100)", b"Helvetica", "changed"), ("text_other", b"/FT/Tx/V(100)/DA(/F1 9 Tf)", b"F2", "valid"),
                                           ("drawn", b"/FT/Tx/V(100)/AP<</N 41 0 R>>", b"Helvetica", "valid")):
            shown = form(b"<</Type/Annot/Subtype/Widget/F 4/Rect[100 590 500 640]/T(x)%s>>" % mute, RESOURCES, permit, {41: GOOD_LOOK})
            put("default_font_%s_%s.pdf" % (name, permit), edited(shown, b"/F1 3 0 R", b"/F1 3 0 R/%s 3 0 R" % font, CATALOG), expected)
        for name, field, more, expected in (
                ("drawn", b"/FT/Tx/V(9)/AP<</N 41 0 R>>", b"", "valid"), ("drawn_anew", b"/FT/Tx/V(9)/AP<</N 41 0 R>>", b"/NeedAppearances true", "changed"),
                ("empty", b"/FT/Tx/V(9)/DA()", b"", "changed"), ("partly", b"/FT/Tx/V(9)/DA(0 g)", b"", "changed"), ("name", b"/FT/Tx/V(9)/DA/x", b"", "changed"),
                ("ticked", b"/FT/Btn/V/Yes/AS/Yes/AP<</N<</Yes 41 0 R>>>>", b"", "valid"), ("off", b"/FT/Btn/V/Off/AS/Off/AP<</N<</Yes 41 0 R>>>>", b"", "valid"),
                ("ticked_other", b"/FT/Btn/V/Yes/AS/Yes/AP<</N<</No 41 0 R>>>>/DA(0 g)", b"", "changed"), ("state", b"/FT/Tx/V(9)/AP<</N<</a 41 0 R>>>>", b"", "changed")):
            shown = form(b"<</Type/Annot/Subtype/Widget/F 4/Rect[100 590 500 640]/T(x)%s>>" % field, RESOURCES + more, permit, {41: GOOD_LOOK})
            put("way_to_write_%s_%s.pdf" % (name, permit), edited(shown, b"/AcroForm<<", b"/AcroForm<</DA(/F1 24 Tf 0 g)", CATALOG), expected)
        for name, look, expected in (("stream", b"/N 41 0 R", "valid"), ("state", b"/N<</a 41 0 R>>>>/AS/a/Z<<", "valid"), ("no_state", b"/N<</a 41 0 R>>", "changed"), ("empty", b"/N<<>>", "changed"), ("no_stream", b"/N<</a 40 0 R>>", "changed")):
            shown = form(FIELD % (b"Widget", b"Tx", b"/V(pay 100)/DA(/Missing 24 Tf 0 g)/AP<<%s>>" % look), RESOURCES, permit, {41: GOOD_LOOK})
            put("look_%s_font_%s.pdf" % (name, permit), edited(shown, b"/F1 3 0 R", b"/F1 3 0 R/Missing 3 0 R", CATALOG), expected)
    empty = form(FIELD % (b"Widget", b"Tx", b"/DA(/F1 12 Tf 0 g)"), RESOURCES, 2)
    put("filled_good.pdf", edited(empty, b"/DA", b"/V(2 objets)/DA"), "valid")
    put("text_added_empty.pdf", edited(form(FIELD % (b"Widget", b"Tx", b""), RESOURCES, 2), b"/AcroForm<<", b"/AcroForm<</DA(/F1 24 Tf 0 g)", CATALOG), "valid")
    for kind in (b"Stamp", b"FreeText", b"Square", b"Link"):
        stamp = form(FIELD % (kind, b"Tx", b"/V(1)/AP<</N 41 0 R>>"), RESOURCES, 2, {41: GOOD_LOOK})
        put("stamp_filled_%s.pdf" % kind.decode(), edited(stamp, b"/V(1)/AP<</N 41", b"/V(2)/AP<</N NEW"), "changed")
    box = form(FIELD % (b"Widget", b"Btn", b"/V/Off/AS/Off/AP<</N<</Yes 41 0 R/Off 41 0 R>>>>"), RESOURCES, 2, {41: GOOD_LOOK})
    put("box_ticked_good.pdf", edited(box, b"/V/Off/AS/Off", b"/V/Yes/AS/Yes"), "valid")
    put("box_ticked.pdf", edited(box, b"/V/Off/AS/Off/AP<</N<</Yes 41", b"/V/Yes/AS/Yes/AP<</N<</Yes NEW"), "changed")
    good = sign(PLAIN)
    new = free(good)
    for kind, expected in ((b"Widget", "valid"), (b"Text", "changed"), (b"FileAttachment", "changed")):
        put("new_field_%s.pdf" % kind.decode(), update(good, {
            new: b"<</Type/Annot/Subtype/%s/FT/Sig/T(n)/F 4/Rect[255 720 255 720]/P %d 0 R>>" % (kind, PAGE),
            PAGE: with_item(body_of(good, PAGE), b"/Annots[", new, b"]"),
            CATALOG: body_of(good, CATALOG).replace(b"/Fields[", b"/Fields[%d 0 R " % new)}), expected)


# --- what leaves its place -----------------------------------------------------------------------------------------

def boxed(content, more=b"/BBox[0 0 400 50]", forms=b""):
    return stream(content, b"/Type/XObject/Subtype/Form%s/Resources<</Font<</F1 %d 0 R>>%s>>" % (more, FONT, forms))


COVER = b"1 1 1 rg -900 -900 2000 2000 re f 0 g BT /F1 24 Tf 10 10 Td (pay 999999) Tj ET"


def covers():
    """A field is filled in, or signed, and covers the page: where there is no box to cut it off (PDFium), or where its stream
    restored what it did not save (pdf.js)."""
    filled = form(FIELD % (b"Widget", b"Tx", b"/V(1)/AP<</N 41 0 R>>"), RESOURCES, 2, {41: boxed(b"")})
    signed = form(FIELD % (b"Widget", b"Sig", b""), RESOURCES, 2)
    for name, look, form_of_it, expected in (
            ("good", boxed(b"/Tx BMC q 1 0 0 1 0 0 cm " + COVER + b" Q EMC"), None, "valid"),
            ("good_words", boxed(b"/P<</MCID 0/x[true null]>>BDC q(Q Q)Tj[(Q)-1.5<51>]TJ /Q gs %Q\n Q EMC"), None, "valid"),
            ("good_form", boxed(b"q /X Do Q", forms=b"/XObject<</X %d 0 R>>"), boxed(b"q Q " + COVER), "valid"),
            ("no_box", boxed(COVER, b""), None, "changed"), ("name_as_box", boxed(COVER, b"/BBox/X"), None, "changed"),
            ("box_of_texts", boxed(COVER, b"/BBox[(0)(0)(9)(9)]"), None, "changed"),
            ("restored", boxed(b"Q Q Q Q " + COVER), None, "changed"), ("restored_late", boxed(b"q Q Q q " + COVER), None, "changed"),
            ("restored_form", boxed(b"/X Do", forms=b"/XObject<</X %d 0 R>>"), boxed(b"Q Q Q Q " + COVER), "changed"),
            ("saved", boxed(b"q q " + COVER), None, "changed"), ("glued", boxed(b"q q QQQQ Q Q " + COVER), None, "changed"),
            ("list", boxed(b"[q q q]0 d Q Q Q " + COVER), None, "changed"), ("dictionary", boxed(b"/P<</A q/B q>>BDC Q Q EMC " + COVER), None, "changed"),
            ("open_dictionary", boxed(b"/P<</A<<>>>q q>>BDC Q Q " + COVER), None, "changed"),
            ("image", boxed(b"BI/W 1/H 1/BPC 8/CS/G ID q EI q EI Q Q " + COVER), None, "changed"),
            ("no_stream", b"<</BBox[0 0 400 50]>>", None, "changed")):
        for how, data in (("filled", filled), ("signed", signed)):
            new = free(data)
            objects = {new: look.replace(b"%d", b"%d" % (new + 1)), **({new + 1: form_of_it} if form_of_it else {})}
            if how == "filled":
                objects[40] = body_of(data, 40).replace(b"/V(1)/AP<</N 41", b"/V(2)/AP<</N %d" % new)
                put("look_filled_%s.pdf" % name, update(data, objects), expected)
            else:
                put("look_signed_%s.pdf" % name, sign_field(update(data, objects), b"/AP<</N %d 0 R>>" % new), expected)


def prepared():
    """What covers the page was there when it was signed, and waits for somebody to fill in the field."""
    restored = boxed(b"Q Q Q Q " + COVER)
    for name, look, expected in (("good", boxed(COVER), "valid"), ("restored", restored, "changed"), ("no_box", boxed(COVER, b""), "changed")):
        box = form(FIELD % (b"Widget", b"Btn", b"/V/Off/AS/Off/AP<</N<</Yes 41 0 R>>>>"), RESOURCES, 2, {41: look})
        put("prepared_box_%s.pdf" % name, update(box, {40: body_of(box, 40).replace(b"/V/Off/AS/Off", b"/V/Yes/AS/Yes")}), expected)
    for name, text, expected in (("good", b"0 0 0 rg /F1 12 Tf", "valid"), ("restored", b"/F1 12 Tf Q Q Q Q 1 1 1 rg -900 -900 2000 2000 re f 0 g", "changed"),
                                 ("glued", b"/F1 12 Tf 0 gQ", "changed")):
        for where, field, more in (("field", b"/DA(%s)" % text, b""), ("form", b"", b"/DA(%s)" % text)):
            empty = form(FIELD % (b"Widget", b"Tx", field), RESOURCES + b"/NeedAppearances true" + more, 2)
            put("prepared_text_%s_%s.pdf" % (where, name), update(empty, {40: body_of(empty, 40).replace(b"/T(x)", b"/T(x)/V(1)")}), expected)


def sign_field(data, more, old=b"/T(x)", said=b"", subfilter=b"/adbe.pkcs7.detached", make=None):
    """Erin signs the empty field 40, and writes MORE there."""
    number = free(data)
    signature = b"<</Type/Sig/Filter/X/SubFilter%s%s/ByteRange[0 0000000000 0000000000 0000000000]/Contents <%s>>>" % (subfilter, said, b"0" * 24000)
    return fill(update(data, {number: signature, 40: body_of(data, 40).replace(old, b"/T(x)/V %d 0 R%s" % (number, more))}), make or cms(who="erin"))


def signers():
    """What a signer writes into the empty field that he signs."""
    lock = b"<</TransformMethod/FieldMDP/TransformParams<</Type/TransformParams/V/1.2/Action/Include/Fields[(%s)]>>>>"
    for permit in (None, 2):
        empty = form(FIELD % (b"Widget", b"Sig", b"/AP<</N 41 0 R>>"), RESOURCES, permit, {41: boxed(COVER)})
        stamp = lambda more, old=b"/T(x)": sign_field(empty, more, old, b"", b"/ETSI.RFC3161", timestamp("tsa"))
        for name, data, expected in (
                ("mk", sign_field(empty, b"/MK<</BC[1 0 0]>>/DA(/F1 9 Tf)/BS<</W 1>>"), "valid"), ("mk_timestamp", stamp(b"/MK<</BC[1 0 0]>>"), "changed"),
                ("script", sign_field(empty, b"/AA<<>>/A<</S/JavaScript/JS(x)>>"), "changed"), ("rect", sign_field(empty, b"/Rect[0 0 600 800]", b"/T(x)/F 4/Rect[100 590 500 640]"), "changed"),
                ("lock", sign_field(empty, b"/Lock<</Type/SigFieldLock/Action/Include/Fields[(x)]>>", said=b"/Reference[%s]" % (lock % b"x")), "valid"),
                ("lock_other", sign_field(empty, b"/Lock<</Action/Include/Fields[(x)]>>", said=b"/Reference[%s]" % (lock % b"y")), "changed"),
                ("lock_alone", sign_field(empty, b"/Lock<</Action/All>>"), "changed"),
                ("locked", sign_field(empty, b"/F 132", b"/T(x)/F 4"), "valid"), ("not_printed", stamp(b"/F 0", b"/T(x)/F 4"), "changed"),
                ("not_turned", stamp(b"/F 20", b"/T(x)/F 4"), "changed"), ("not_scaled", sign_field(empty, b"/F 12", b"/T(x)/F 4"), "changed"),
                ("timestamp", stamp(b""), "valid")):
            put("signer_%s_%s.pdf" % (name, permit), data, expected)


def new_field(data, field, objects=None):
    new = free(data)
    return update(data, {new: field, PAGE: with_item(body_of(data, PAGE), b"/Annots[", new, b"]"), **(objects or {}),
                         CATALOG: body_of(data, CATALOG).replace(b"/Fields[", b"/Fields[%d 0 R " % new)})


def unseen():
    """New fields where nothing is to be seen, says their place; some viewers draw them all the same."""
    for permit in (None, 2):
        good = sign(PLAIN, permit)
        new = free(good)
        point, line, area = b"/Rect[99.5 700 99.5 700]", b"/Rect[99.5 700 99.5 790]", b"/Rect[90 690 500 740]"
        for name, where, look, expected in (
                ("blank", point, boxed(b"% DSBlank\n"), "valid"), ("blank_no_box", point, boxed(b"", b""), "valid"), ("no_box", point, boxed(COVER, b""), "changed"),
                ("point", point, boxed(COVER), "changed"), ("line", line, boxed(COVER, b"/BBox[0 0 0 50]"), "changed"), ("nowhere", b"", None, "changed"),
                ("nowhere_blank", b"", boxed(b""), "changed"), ("hidden", area + b"/F 2", boxed(b""), "valid"), ("hidden_coloured", area + b"/F 2/MK<</BG[1 1 1]>>", boxed(b""), "changed"), ("not_viewed", area + b"/F 32", boxed(b""), "changed")):
            put("unseen_%s_%s.pdf" % (name, permit), new_field(good, b"<</Type/Annot/Subtype/Widget/FT/Sig/T(n)%s%s>>" % (
                where, b"/AP<</N %d 0 R>>" % (new + 1) if look else b""), {new + 1: look} if look else None), expected)
        put("unseen_nobody_%s.pdf" % permit, new_field(good, b"<</FT/Sig/T(n)/AP<</N %d 0 R>>>>" % (new + 1), {new + 1: boxed(COVER)}), "changed")
    data = update(sign(PLAIN), {free(good): boxed(COVER)})
    for name, kind, make, expected in (("good", b"adbe.pkcs7.detached", cms(who="erin"), "valid"), ("name", b"ETSI.RFC3161", timestamp("tsa"), "changed"),
                                       ("text", b"(ETSI.RFC3161)", timestamp("tsa"), "unsupported|changed"), ("hex", b"<455453492e52464333313631>", timestamp("tsa"), "unsupported|changed")):
        ready = prepare(data, 12000, subfilter=kind, field=b"/AP<</N %d 0 R>>" % free(good))
        put("seal_kind_%s.pdf" % name, fill(b"/Rect[0 0 9 9]".join(ready.rsplit(b"/Rect[0 0 0 0]", 1)), make), expected)


def names():
    """A new field that is taken for another, or for its parent: its text is not shown any more (PDFium, poppler)."""
    for kind in (b"/FT/Tx/V(100)", b"/FT/Ch/Opt[(100)(200)]", b"/FT/Btn/Ff 65536/MK<</CA(pay 100)>>"):
        data = form(b"<</Type/Annot/Subtype/Widget/F 4/Rect[100 590 500 640]/T(x)/DA(/F1 24 Tf 0 g)%s>>" % kind, RESOURCES, None)
        new = free(data)
        for name, field, expected in (
                ("other", b"/T(xy)", "valid"), ("accents", b"/T<feff00dc0078>", "valid"), ("same", b"/T(x)", "changed"), ("same_wide", b"/T<feff0078>", "changed"),
                ("same_mark", b"/T<efbbbf78>", "changed"), ("same_turned", b"/T<fffe7800>", "changed"), ("same_language", b"/T<feff001b0065006e001b0078>", "changed"),
                ("point", b"/T(x.)", "changed"), ("points", b"/T(x..y)", "changed"), ("none", b"", "changed"), ("parent_of", b"/T(y)/Kids[40 0 R]", "changed"),
                ("parent_without", b"/Kids[40 0 R]", "changed"), ("child_of", b"/T(y)/Parent 40 0 R", "changed"), ("child_without", b"/Parent 40 0 R", "changed")):
            put("name_%s_%s.pdf" % (name, kind[4:6].decode()), update(data, {
                new: b"<</FT/Sig%s>>" % field, CATALOG: body_of(data, CATALOG).replace(b"/Fields[", b"/Fields[%d 0 R " % new)}), expected)


def less():
    """What the rules of comparison must not pass by."""
    twins = sign(update(PLAIN, {CATALOG: body_of(PLAIN, CATALOG)[:-2] + b"/AcroForm<</Fields[<</FT/Tx/T(a)/V(1)>><</FT/Tx/T(a)/V(1)>>]>>>>"}), 1)
    put("direct_twins.pdf", update(twins, {CATALOG: body_of(twins, CATALOG).replace(b"/V(1)", b"/V(999999)", 1)}), "changed")
    note = b"<</Type/Annot/Subtype/Text/Rect[10 10 30 30]/Contents(x)>>"
    for lock, expected in ((b"", "valid"), (b"/Lock<</Type/SigFieldLock/Action/All/P 3>>", "valid"), (b"/Lock<</Type/SigFieldLock/Action/All/P 2>>", "changed")):
        second = fill(prepare(sign(PLAIN, 3), 12000, field=lock), cms(who="erin"))
        put("note_below_lock_%s.pdf" % lock[-3:-2].decode(), annotation(second, note), expected)


def notes():
    """What a person is told of a page that changes later: what lies in other objects, too."""
    for name, body in (("hide", b"Link/A<</S/GoTo/D[5 0 R/Fit]/Next[<</S/Hide/T(x)/H false>>]>>"), ("reset", b"Link/A<</S/ResetForm>>"),
                       ("unprinted", b"Square/AP<</N %d 0 R>>" % CONTENT), ("nothing", b"Square/F 4/AP<</N %d 0 R>>/A<</S/URI/URI(x)>>" % CONTENT)):
        put("note_%s.pdf" % name, sign(update(PLAIN, {PAGE: body_of(PLAIN, PAGE)[:-2] + b"/Annots[<</Type/Annot/Rect[0 0 9 9]/Subtype/%s>>]>>" % body})), "valid")


def trailers():
    good = sign(PLAIN.replace(b"xref\n0 ", b"\nxref\n0 ", 1))
    put("table_behind_space.pdf", good, "valid")
    put("table_behind_space_later.pdf", b"\n\nxref\n".join(update(good, {}).rsplit(b"\nxref\n", 1)), "valid")
    put("table_behind_space_changed.pdf", update(good, {CONTENT: stream(EVIL)}), "changed")
    for name, size, expected in (("more", b"99", "valid"), ("less", b"07", "unsupported|changed|invalid")):
        put("room_for_%s.pdf" % name, (b"/Size %s/Root" % size).join(update(sign(PLAIN), {}).rsplit(b"/Size 10/Root", 1)), expected)
    put("vendor_key_dropped.pdf", update(sign(re.sub(rb"trailer\s*<<", b"trailer\n<</Vendor(x)", PLAIN)), {}), "valid")


# --- a strong hash of a weak one -----------------------------------------------------------------------------------

def weak_inside(name, algorithm):
    """Alice signs attributes with SHA-256, whose messageDigest is by the hash NAME."""
    def make(content):
        kind, wrapped = split(split(cms()(content))[0][1])
        data = split(split(wrapped[1])[0][1])
        signer = [part[2] for part in split(split(data[-1][1])[0][1])]
        at = next(i for i, part in enumerate(signer) if part[0] == 0xa0)
        attributes = b"".join(sorted(attribute(DIGEST, der(4, hashlib.new(name, content).digest())) if DIGEST in a[2] else a[2]
                                     for a in split(split(signer[at])[0][1])))
        signer[at], signer[2] = der(0xa0, attributes), algorithm
        signer[at + 1] = bytes.fromhex("300d06092a864886f70d01010b0500")
        signer[at + 2] = der(4, subprocess.run(["openssl", "dgst", "-sha256", "-sign", PKI + "/alice.key"], input=der(0x31, attributes),
                                               stdout=subprocess.PIPE, check=True).stdout)
        parts = [part[2] for part in data[:-1]]
        parts[1] = der(0x31, algorithm)
        return der(0x30, kind[2], der(0xa0, der(0x30, *parts, der(0x31, der(0x30, *signer)))))
    return make


def hashes():
    for name, algorithm, expected in (("sha256", "300d06096086480165030402010500", "valid"), ("sha1", "300906052b0e03021a0500", "weak"),
                                      ("md5", "300c06082a864886f70d02050500", "weak|unsupported")):
        put("content_by_%s.pdf" % name, fill(prepare(PLAIN, 12000), weak_inside(name, bytes.fromhex(algorithm))), expected)


def main():
    good = sign(PLAIN)
    hashes()
    packs(good)
    generations(good)
    repairs(good)
    many(good)
    roles()
    forms()
    covers()
    prepared()
    signers()
    unseen()
    names()
    less()
    notes()
    trailers()


if __name__ == "__main__":
    main()
