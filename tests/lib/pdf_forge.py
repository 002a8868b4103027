# SPDX-License-Identifier: GPL-3.0-or-later
"""Further forgeries of signed PDF documents, by hand, and their honest neighbours (beside pdf_break.py).

pdf_forge.py DIR PKI      as pdf_break.py: writes files, prints NAME EXPECTED
"""
import hashlib
import re
import subprocess
import sys

import der_edit
import pdf_break
import pdf_make
from pdf_break import PKI, annotation, cms, put, put_locked, run, timestamp
from pdf_sign import body_of, fill, find_object, free, last, prepare, ranges, update

EVIL = b"BT /F1 24 Tf 100 700 Td (Contract: pay 999999 EUR) Tj ET"
LOOK = b"<</Type/XObject/Subtype/Form/BBox[0 0 400 40]/Length %d>>\nstream\n%s\nendstream" % (len(EVIL), EVIL)


def stream(data, more=b""):
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (more, len(data), data)


def update_by_stream(data, objects, more=b"", packed=None):
    """As pdf_sign.update(), with a cross-reference stream; PACKED (number: body) go into an object stream."""
    out, rows = bytearray(data), {}
    if not out.endswith(b"\n"):
        out += b"\n"
    top = max([free(data)] + [n + 1 for n in objects] + [n + 1 for n in packed or {}])
    if packed:
        head, bodies = b"", b""
        for number, body in sorted(packed.items()):
            head += b"%d %d " % (number, len(bodies))
            bodies += body + b"\n"
        objects = {**objects, top: stream(head + bodies, b"/Type/ObjStm/N %d/First %d" % (len(packed), len(head)))}
        for at, number in enumerate(sorted(packed)):
            rows[number] = b"\x02" + top.to_bytes(3, "big") + bytes([at])
        top += 1
    for number, body in sorted(objects.items()):
        rows[number] = b"\x01" + len(out).to_bytes(3, "big") + b"\x00"
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, previous = len(out), last(data, rb"startxref\s+(\d+)")
    rows[top] = b"\x01" + start.to_bytes(3, "big") + b"\x00"
    index = b"".join(b"%d 1 " % n for n in sorted(rows))
    out += b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (top, stream(
        b"".join(rows[n] for n in sorted(rows)), b"/Type/XRef/W[1 3 1]/Index[%s]/Size %d/Root %s/Prev %s%s" % (
            index, top + 1, last(data, rb"/Root (\d+ \d+ R)"), previous, more)), start)
    return bytes(out)


# --- around /Contents and /ByteRange -------------------------------------------------------------------------------

def around_the_gap():
    ready = prepare(pdf_make.make([]), 12000)
    at = ready.rindex(b"/Contents <0") + 10
    stop = ready.index(b">", at)

    def shaped(gap):
        """The gap with something of the forger's in it, signed over all the rest."""
        data = ready[:at] + gap + ready[stop + 1:]
        r = [0, at, at + len(gap), len(data) - at - len(gap)]
        data = re.sub(rb"/ByteRange\[0 0{10} 0{10} 0{10}\]", b"/ByteRange[0 %010d %010d %010d]" % tuple(r[1:]), data)
        made = cms()(data[:r[1]] + data[r[2]:])
        return data, made

    def filled(gap, place):
        data, made = shaped(gap)
        return data[:at] + place(made, len(gap)) + data[at + len(gap):]

    room = 2 * 12000 + 2
    zeros = lambda made, n: made.hex().encode() + b"0" * (n - 2 * len(made))
    put("gap_good.pdf", filled(b"<" + b"0" * (room - 2) + b">", lambda m, n: b"<" + zeros(m, n - 2) + b">"), "valid")
    put("gap_has_entries.pdf", filled(b" " * room, lambda m, n: (b"<" + zeros(m, n - 60) + b">/Reason(pay 999999)/X<00" + b"0" * 60)[:n - 1] + b">"),
        "invalid|unsupported")
    put("gap_has_spaces.pdf", filled(b" " * room, lambda m, n: b"<" + zeros(m, n - 22) + b" " * 20 + b">"), "invalid|unsupported")
    put("gap_has_comment.pdf", filled(b" " * room, lambda m, n: b"<" + zeros(m, n - 22) + b"%/Contents<00>\n".rjust(20) + b">"), "invalid|unsupported")
    put("gap_is_literal.pdf", filled(b" " * room, lambda m, n: b"(" + re.sub(rb"([\\()])", rb"\\\1", m.replace(b"\r", b"\\r")).ljust(n - 2, b"\0") + b")"),
        "invalid|unsupported|error")
    good = fill(ready, cms())
    number = find_object(good, rb"/ByteRange")
    again = prepare(pdf_make.make([]), 12000, b"/Contents <00>")
    put("contents_twice.pdf", fill(again, cms()), "invalid|unsupported")
    put("range_twice.pdf", fill(prepare(pdf_make.make([]), 12000, b"/ByteRange[0 1 2 3]"), cms()), "invalid|unsupported|valid")
    r = ranges(ready)
    text = b"/ByteRange[0 %010d %010d %010d]" % tuple(r[1:])
    apart = re.sub(rb"/ByteRange\[[^]]*\]", b"/ByteRange %d 0 R" % (number + 9), good)
    put("range_apart.pdf", update(apart, {number + 9: text[10:]}), "invalid|unsupported|error")
    put("signature_rewritten.pdf", update(good, {number: body_of(good, number)}), "invalid|changed|valid")
    put("signature_reason.pdf", update(good, {number: body_of(good, number)[:-2] + b"/Reason(I owe 999999 EUR)>>"}), "invalid|changed")
    put("stray_packed.pdf", update_by_stream(good, {}, packed={free(good): body_of(good, number)}), "invalid|changed")
    return good


# --- later revisions ----------------------------------------------------------------------------------------------------

def later(good):
    page, pages = find_object(good, rb"/Type ?/Page\b(?!s)"), find_object(good, rb"/Type ?/Pages")
    catalog, new = find_object(good, rb"/Type ?/Catalog"), free(good)
    content = int(re.search(rb"/Contents (\d+)", body_of(good, page)).group(1))
    more = lambda number, text: {number: body_of(good, number)[:-2] + text + b">>"}
    put("stream_update_information.pdf", update_by_stream(good, {new: b"<</Producer(x)>>"}, b"/Info %d 0 R" % new), "valid")
    put("stream_update_content.pdf", update_by_stream(good, {content: stream(EVIL)}), "changed")
    put("stream_update_packed.pdf", update_by_stream(good, {}, packed={page: body_of(good, page).replace(b"/MediaBox[0 0 595 842]", b"/MediaBox[0 0 5 8]")}),
        "changed")
    for name, number, text in (("rotate", page, b"/Rotate 180"), ("crop", page, b"/CropBox[0 0 10 10]"), ("unit", page, b"/UserUnit 9"),
                               ("page_script", page, b"/AA<</O<</S/JavaScript/JS(x)>>>>"), ("action", catalog, b"/OpenAction[0/Fit]"),
                               ("layers", catalog, b"/OCProperties<</OCGs[]/D<<>>>>"), ("names", catalog, b"/Names<</JavaScript<</Names[]>>>>"),
                               ("extension", catalog, b"/Extensions<</X<</BaseVersion/1.7/ExtensionLevel 9>>>>"), ("replace_version", catalog, b"/Version/2.0"),
                               ("collection", catalog, b"/Collection<<>>"), ("perms", catalog, b"/Perms<</DocMDP %d 0 R>>" % find_object(good, rb"/ByteRange")),
                               ("inherited", pages, b"/Resources<</Font<<>>>>"), ("inherited_box", pages, b"/MediaBox[0 0 1 1]/Rotate 90")):
        put("later_%s.pdf" % name, update(good, more(number, text)),
            "valid" if name in ("extension", "replace_version") else "changed")
    put("later_freed.pdf", freed(good, content), "changed|unsupported|invalid")
    put("later_generation.pdf", generation(good, content), "changed|unsupported|error|invalid")
    put("later_same_again.pdf", update(good, {page: body_of(good, page), content: body_of(good, content)}), "valid")
    put("rolled_back.pdf", rolled_back(), "changed")
    put("no_root.pdf", update(good, {}, root=b"1 0 0 R"), "unsupported|error")
    put("rolled_forward.pdf", hidden_before(), "changed|unsupported")


def freed(data, number):
    start, previous = len(data), last(data, rb"startxref\s+(\d+)")
    return data + b"xref\n0 1\n%010d 65535 f \n%d 1\n0000000000 00001 f \ntrailer\n<</Size %d/Root %s/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        number, number, free(data), last(data, rb"/Root (\d+ \d+ R)"), previous, start)


def generation(data, number):
    """The same number, another generation, and the page refers to that."""
    page = find_object(data, rb"/Type ?/Page\b(?!s)")
    out = update(data, {number: stream(EVIL), page: body_of(data, page).replace(b"/Contents %d 0 R" % number, b"/Contents %d 1 R" % number)})
    out = out.replace(b"\n%d 0 obj\n<</Length %d>>\nstream\n%s" % (number, len(EVIL), EVIL), b"\n%d 1 obj\n<</Length %d>>\nstream\n%s" % (
        number, len(EVIL), EVIL))
    return re.sub(rb"(\n%d 1\n\d{10}) 00000 n" % number, rb"\1 00001 n", out)


def rolled_back():
    """The signed revision corrected a number; a later cross-reference table points at the object as it was before."""
    first = pdf_make.make([]).replace(b"pay 100 EUR, page 1", b"pay 999 EUR, page 1")
    content = find_object(first, rb"pay 999 EUR")
    corrected = update(first, {content: body_of(first, content).replace(b"pay 999", b"pay 100")})
    signed = fill(prepare(corrected, 12000), cms())
    start, previous = len(signed), last(signed, rb"startxref\s+(\d+)")
    return signed + b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root %s/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        content, first.index(b"%d 0 obj" % content), free(signed), last(signed, rb"/Root (\d+ \d+ R)"), previous, start)


def hidden_before():
    """The evil page is an unused object of the signed revision; a later table gives its place the number of the page's content."""
    plain = pdf_make.make([])
    hidden = update(plain, {free(plain): stream(EVIL)})
    content = find_object(plain, rb"page 1")
    signed = fill(prepare(hidden, 12000), cms())
    start, previous = len(signed), last(signed, rb"startxref\s+(\d+)")
    place = signed.index(b"%d 0 obj\n<</Length %d" % (free(plain), len(EVIL)))
    return signed + b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root %s/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        content, place, free(signed), last(signed, rb"/Root (\d+ \d+ R)"), previous, start)


# --- fields where nobody signs, and what else becomes one ------------------------------------------------------------------

def seals_of_nobody(good):
    """A seal over the page whose value is no signature of whoever put it there."""
    new = free(good)
    own = b"%d 0 R" % find_object(good, rb"/ByteRange")
    name = re.search(rb"/T\((Own\d+)\)", good).group(1)
    fake = b"<</Type/Sig/SubFilter/adbe.pkcs7.detached/ByteRange[0 1 2 3]/Contents<00>>>"

    def seal(data, value, name=b"New", flags=4, rect=b"[90 690 500 740]"):
        return annotation(data, b"<</Type/Annot/Subtype/Widget/FT/Sig/T(%s)/F %d/Rect%s/V %s/AP<</N %d 0 R>>>>" % (
            name, flags, rect, value, free(data) + 1))
    put("seal_of_other_field.pdf", seal(good, own), "invalid|changed")
    put("seal_of_same_name.pdf", seal(good, own, name), "invalid|changed")
    put("seal_number.pdf", seal(good, b"5"), "invalid|changed")
    put("seal_text.pdf", seal(good, b"(signed)"), "invalid|changed")
    other = update(good, {new: fake}).replace(b"\n%d 0 obj" % new, b"\n%d 1 obj" % new)
    other = re.sub(rb"(\n%d 1\n\d{10}) 00000 n" % new, rb"\1 00001 n", other)
    put("seal_of_generation.pdf", seal(other, b"%d 1 R" % new), "invalid|changed")
    for flags, expected in ((2, "valid"), (32, "changed"), (36, "changed"), (288, "changed")):
        put("seal_empty_flags_%d.pdf" % flags, seal(good, b"null", flags=flags), expected)
    for name, rect, expected in (("zero", b"[0 0 0 0]", "valid"), ("null", b"[null 690 null 740]", "changed"), ("text", b"[(a) 1 (b) 2]", "changed")):
        put("seal_empty_rect_%s.pdf" % name, seal(good, b"null", rect=rect), expected)
    for name, make, subfilter, expected in (("second", cms(who="erin"), b"adbe.pkcs7.detached", "valid"),
                                            ("timestamp", timestamp("tsa"), b"ETSI.RFC3161", "changed")):
        data = prepare(good, 12000, subfilter=subfilter, field=b"/AP<</N %d 0 R>>" % find_object(good, rb"page 1"))
        put("seal_%s.pdf" % name, fill(b"/Rect[0 0 9 9]".join(data.rsplit(b"/Rect[0 0 0 0]", 1)), make), expected)
    usage = with_objects(pdf_make.make([]), rb"/Type ?/Catalog", b"/Type", b"/Perms<</UR3 20 0 R>>/Type", {20: fake})
    signed = fill(prepare(usage, 12000), cms())
    put("usage_rights.pdf", signed, "valid")
    put("seal_of_usage_rights.pdf", seal(signed, b"20 0 R"), "invalid|changed|unsupported")


def with_objects(data, where, old, new, objects):
    """DATA with OLD replaced by NEW in the object that holds WHERE, and with more OBJECTS."""
    number = find_object(data, where)
    return update(data, {number: body_of(data, number).replace(old, new, 1), **objects})


def other_roles():
    """What hides something when it is signed becomes a field or the form afterwards, which are compared as what they are then."""
    cover = stream(b"1 1 1 rg 0 0 600 800 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]")
    signed = fill(prepare(with_objects(
        pdf_make.make([]), rb"/Type ?/Page\b(?!s)", b"/Resources<<", b"/Resources<</XObject<</Cover 20 0 R>>/ExtGState<</Pale 21 0 R>>",
        {20: cover, 21: b"<</Type/ExtGState/ca 0>>"}), 12000), cms())
    catalog, pattern = find_object(signed, rb"/Type ?/Catalog"), rb"/AcroForm(<<.*?>>)"
    body = body_of(signed, catalog)
    form = re.search(pattern, body, re.S).group(1)
    put("role_signed.pdf", signed, "valid")
    for name, number, expected in (("cover", 20, "changed"), ("pale", 21, "changed"), ("new", 60, "valid")):
        put("role_%s_field.pdf" % name, update(signed, {number: b"<</FT/Sig/T(New)>>", catalog: body.replace(
            b"/Fields[", b"/Fields[%d 0 R " % number)}), expected)
        if name != "pale":
            put("role_%s_form.pdf" % name, update(signed, {number: form, catalog: re.sub(pattern, b"/AcroForm %d 0 R" % number, body)}), expected)
    layers = pdf_make.make(["form"])
    field = find_object(layers, rb"/T\(Name\)")
    layers = with_objects(layers, rb"/Type ?/Catalog", b"/Type", b"/OCProperties<</OCGs[60 0 R]/D %d 0 R>>/Type" % field, {60: b"<</Type/OCG/Name(x)>>"})
    signed = fill(prepare(layers, 12000, b"/Reference[<</TransformMethod/DocMDP/TransformParams<</P 2/V/1.2>>>>]"), cms())
    put("role_layers.pdf", with_objects(signed, rb"/T\(Name\)", b"/T(Name)", b"/T(Name)/AS[<</Event/View/OCGs[60 0 R]>>]", {}), "changed")


def direct_value(data):
    """A signature whose dictionary is no object of its own, but stands in its field."""
    number = free(data)
    field = (b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Direct)/F 132/Rect[0 0 0 0]/V<</Type/Sig/SubFilter/adbe.pkcs7.detached"
             b"/ByteRange[0 0000000000 0000000000 0000000000]/Contents <%s>>>>>" % (b"0" * 24000))
    return fill(with_objects(data, rb"/Type ?/Catalog", b"/Type", b"/AcroForm<</Fields[%d 0 R]>>/Type" % number, {number: field}), cms())


def odd_values():
    data = pdf_make.make([])
    signed = direct_value(data)
    content = find_object(signed, rb"page 1")
    put("direct_signed.pdf", signed, "valid")
    put("direct_information.pdf", update(signed, {60: b"<</Producer(x)>>"}, info=b"60 0 R"), "valid")
    put("direct_second.pdf", fill(prepare(signed, 12000), cms(who="erin")), "valid")
    put("direct_content.pdf", update(signed, {content: stream(EVIL)}), "changed")
    put("direct_reason.pdf", with_objects(signed, rb"/FT/Sig", b"/Type/Sig/", b"/Type/Sig/Reason(x)/", {}), "invalid|changed")
    marks = {100 + i: b"<</Title(%d)/Parent 99 0 R/Dest[null/Fit]%s>>" % (i, b"/Next %d 0 R" % (101 + i) if i < 499 else b"") for i in range(500)}
    marks[99] = b"<</Type/Outlines/First 100 0 R/Last 599 0 R/Count 500>>"
    marked = with_objects(data, rb"/Type ?/Catalog", b"/Type", b"/Outlines 99 0 R/Type", marks)
    signed = fill(prepare(marked, 12000), cms())
    put("bookmarks_500.pdf", fill(prepare(signed, 12000), cms(who="erin")), "valid")
    put("bookmarks_500_changed.pdf", update(signed, {599: b"<</Title(pay 999999)/Parent 99 0 R/Dest[null/Fit]>>"}), "changed")


# --- what it says of later changes -----------------------------------------------------------------------------------------

def permits():
    form = pdf_make.make(["form"])
    ready = lambda text, data=form: fill(prepare(data, 12000, text), cms())
    filled = lambda data: with_objects(data, rb"/T\(Amount\)", b"(100)", b"(999999)", {})
    transform = b"<</TransformMethod/DocMDP/TransformParams<</P %s/V/1.2>>>>"
    for name, permit, expected in (("real", b"1.0", "changed"), ("text", b"(1)", "changed"), ("name", b"/One", "changed"), ("four", b"4", "changed"),
                                   ("two", b"2", "valid"), ("null", b"null", "valid")):
        put("permit_%s.pdf" % name, filled(ready(b"/Reference[%s]" % (transform % permit))), expected)
    put("permit_one_then_three.pdf", filled(ready(b"/Reference[%s%s]" % (transform % b"1", transform % b"3"))), "changed")
    put("permit_no_list.pdf", filled(ready(b"/Reference%s" % (transform % b"1"))), "changed|unsupported")
    sealed = ready(b"/Reference[%s]" % (transform % b"1"))
    put("permit_one_timestamp.pdf", fill(prepare(sealed, 12000, subfilter=b"ETSI.RFC3161"), timestamp("tsa")), "valid")
    named = prepare(sealed, 12000).rsplit(b"/Type/Sig/Filter/Adobe.PPKLite", 1)
    put("permit_one_no_timestamp.pdf", fill(b"/Type/DocTimeStamp/Filter/Test".join(named), cms(who="erin")), "changed")
    for name, lock, expected in (("all", b"/Action/All", "changed"), ("this", b"/Action/Include/Fields[(Amount)]", "changed"),
                                 ("other", b"/Action/Include/Fields[(Name)]", "valid"), ("one", b"/Action/Include/Fields[(Name)]/P 1", "changed"),
                                 ("odd", b"/Action/Sometimes", "changed|unsupported")):
        data = prepare(form, 12000, b"/Reference[%s]" % (transform % b"2"), field=b"/Lock<<%s>>" % lock)
        put("field_lock_%s.pdf" % name, filled(fill(data, cms())), expected)
    open_form = ready(b"/Reference[%s]" % (transform % b"2"))
    new = free(open_form)
    look = {new: LOOK}
    with_look = lambda data: with_objects(data, rb"/T\(Amount\)", b"/AP<<", b"/AP<</D %d 0 R" % new, look)
    put("look_without_value.pdf", with_look(open_form), "changed")
    put("look_and_value.pdf", filled(with_look(open_form)), "valid")


# --- octets that no table lists ----------------------------------------------------------------------------------------------

def unlisted(good):
    end = b"startxref\n%s\n%%%%EOF\n" % last(good, rb"startxref\s+(\d+)")
    put("unlisted_object.pdf", good + b"%d 0 obj\n%s\nendobj\n" % (find_object(good, rb"page 1"), stream(EVIL)) + end, "changed")
    put("unlisted_trailer.pdf", good + b"trailer\n<</Root 60 0 R/Size 61>>\n" + end, "changed")
    stray = b"%d 0 obj\n%s\nendobj\n" % (find_object(good, rb"page 1"), stream(EVIL))
    new = {free(good): b"<</Producer(x)>>"}
    root = {"more": b"/Info %d 0 R" % free(good)}
    put("unlisted_beside_good.pdf", update(good, new), "valid")
    put("unlisted_beside.pdf", update(good + stray, new), "changed")
    put("unlisted_beside_stream.pdf", update_by_stream(good + stray, new, **root), "changed")
    put("unlisted_beside_packed.pdf", update_by_stream(good + stray, {}, **root, packed=new), "changed")
    put("unlisted_beside_comment.pdf", update(good + stray.replace(b" obj", b" %x\nobj"), new), "changed")
    put("unlisted_beside_tight.pdf", update(good + stray.replace(b" obj", b"%x\robj"), new), "changed")
    put("unlisted_in_object.pdf", update(good, {free(good): b"<</Producer(x)>>\nendobj\n" + stray + b"%d 0 obj null" % (free(good) + 1)}), "changed")
    put("unlisted_comment.pdf", good + b"% nothing\n" * 200 + end, "changed")
    content = find_object(good, rb"page 1")
    evil = b"%d 0 obj\n%s\nendobj\n" % (content, stream(EVIL))
    entry = b"%d 1\n%%010d 00000 n \n" % content
    more = b"trailer\n<</Size %d/Root %s/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        free(good), last(good, rb"/Root (\d+ \d+ R)"), last(good, rb"startxref\s+(\d+)"), len(good) + len(evil))
    as_before = entry % good.index(b"%d 0 obj" % content)
    put("listed_once.pdf", good + evil + b"xref\n" + entry % len(good) + more, "changed")
    put("listed_as_before.pdf", good + b"%" * (len(evil) - 1) + b"\nxref\n" + as_before + more, "valid")
    twice = good + evil + b"xref\n" + as_before + entry % len(good) + more
    put("listed_twice.pdf", twice, "changed")
    put("listed_twice_later.pdf", update(twice, {}), "changed")
    places = (good.index(b"%d 0 obj" % content), len(good), len(good) + len(evil))
    table = stream(b"".join(b"\x01" + at.to_bytes(3, "big") + b"\0" for at in places), b"/Type/XRef/W[1 3 1]/Index[%d 1 %d 1 %d 1]/Size %d/Root %s/Prev %s" % (
        content, content, free(good), free(good) + 1, last(good, rb"/Root (\d+ \d+ R)"), last(good, rb"startxref\s+(\d+)")))
    put("listed_twice_by_stream.pdf", good + evil + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (free(good), table, places[2]), "changed")


# --- fonts that a form names and does not have -------------------------------------------------------------------------

def fonts_added(signed, form, font):
    catalog, amount = find_object(form, rb"/Type ?/Catalog"), find_object(form, rb"/T ?\(Amount\)")
    page = find_object(form, rb"/Annots\[")
    bare = lambda text: re.sub(rb"/AP<<.*?>>", b"", text).replace(b"/F1 12 Tf", b"/Missing 12 Tf")

    def forged(name, objects, dr, expected, changed=None):
        good = signed(update(form, objects))
        new = free(good)
        put("font_%s_good.pdf" % name, good, "valid")
        body = re.sub(rb"/DR<<.*?>>>>", dr % new, body_of(good, catalog))
        put("font_%s.pdf" % name, update(good, {catalog: body, new: b"<</Type/Font/Subtype/Type1/BaseFont/Symbol>>", **(changed or {})}), expected)
    text = body_of(form, amount)
    more = b"/DR<</Font<</F1 %d 0 R/Missing %%d 0 R>>>>" % font
    shown = {amount: bare(text)}
    forged("of_value", shown, more, "changed")
    forged("of_value_escaped", {amount: bare(text).replace(b"/Missing", b"/M#69ssing")}, more, "changed")
    forged("of_form", {amount: bare(text).replace(b"/DA(/Missing 12 Tf 0 g)", b""), catalog: body_of(form, catalog).replace(b"/DA(/F1", b"/DA(/Missing")}, more, "changed")
    forged("of_state", {amount: bare(text).replace(b"/Missing 12 Tf 0 g", b"/F1 12 Tf /Missing gs")},
           b"/DR<</Font<</F1 %d 0 R>>/ExtGState<</Missing<</Font[%%d 0 R 12]>>>>>>" % font, "changed")
    forged("of_note", {page: body_of(form, page).replace(b"/Annots[", b"/Annots[%d 0 R " % free(form)),
                       free(form): b"<</Type/Annot/Subtype/FreeText/F 4/Rect[100 600 300 640]/DA(/Missing 12 Tf)/Contents(100)>>"}, more, "changed")
    forged("of_empty", {amount: bare(text).replace(b"/V(100)", b"")}, more, "valid")
    forged("of_empty_filled", {amount: bare(text).replace(b"/V(100)", b"")}, more, "valid", {amount: bare(text)})
    forged("of_nobody", {amount: text}, more, "valid")


# --- forms: resources, looks, locks --------------------------------------------------------------------------------

def forms():
    form = pdf_make.make(["form"])
    catalog, font = find_object(form, rb"/Type ?/Catalog"), find_object(form, rb"/BaseFont")
    fields = re.search(rb"/Fields\[([^]]*)\]", body_of(form, catalog)).group(1)
    dr = b"/DR<</Font<</F1 %d 0 R>>>>" % font

    def signed(lock, form=form):
        number = free(form)
        value = (b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached%s/ByteRange[0 0000000000 0000000000 0000000000]"
                 b"/Contents <%s>>>" % (lock, b"0" * 24000))
        field = b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Own)/F 132/Rect[100 100 300 150]/V %d 0 R/AP<</N %d 0 R>>>>" % (number, number + 2)
        text = re.sub(rb"/Fields\[[^]]*\]", b"/Fields[%s %d 0 R]" % (fields, number + 1), body_of(form, catalog))
        return fill(update(form, {number: value, number + 1: field, number + 2: stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 200 50]"),
                                  catalog: text}), cms())
    transform = b"<</TransformMethod/DocMDP/TransformParams<</P %d/V/1.2>>>>"
    open_form = signed(b"/Reference[%s]" % (transform % 2))
    new, own = free(open_form), find_object(open_form, rb"/T\(Own\)")
    body = body_of(open_form, catalog)
    put("form_signed.pdf", open_form, "valid")
    put("form_resources.pdf", update(open_form, {catalog: body.replace(dr, b"/DR<</Font<</F1 %d 0 R>>>>" % new),
                                                 new: b"<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"}), "changed")
    put("form_resources_font.pdf", update(open_form, {font: b"<</Type/Font/Subtype/Type1/BaseFont/Symbol>>"}), "changed")
    put("form_resources_again.pdf", update(open_form, {catalog: body}), "valid")
    fonts_added(lambda form: signed(b"/Reference[%s]" % (transform % 2), form), form, font)
    put("form_xfa.pdf", update(open_form, {catalog: body.replace(b"/DR<<", b"/XFA(x)/DR<<")}), "changed")
    put("form_needs_looks.pdf", update(open_form, {catalog: body.replace(b"/DR<<", b"/NeedAppearances true/DR<<")}), "changed|valid")
    put("form_order.pdf", update(open_form, {catalog: body.replace(b"/DR<<", b"/CO[%s]/DR<<" % fields.split(b" 0 R")[0] + b"")}), "changed|unsupported|error")
    put("seal_look.pdf", update(open_form, {own: re.sub(rb"/AP<<.*?>>", b"/AP<</N %d 0 R>>" % new, body_of(open_form, own)), new: LOOK}), "changed")
    put("seal_moved.pdf", update(open_form, {own: body_of(open_form, own).replace(b"100 100 300 150", b"0 0 600 800")}), "changed")
    amount = find_object(open_form, rb"/T ?\(Amount\)")
    text = body_of(open_form, amount)
    put("fill_kind.pdf", update(open_form, {amount: text.replace(b"/FT/Tx", b"/FT/Btn").replace(b"(100)", b"(999999)")}), "changed")
    put("fill_kid.pdf", update(open_form, {amount: text[:-2] + b"/Kids[%d 0 R]>>" % new, new: (
        b"<</Type/Annot/Subtype/Widget/Parent %d 0 R/Rect[100 690 500 730]/AP<</N %d 0 R>>>>" % (amount, new + 1)), new + 1: LOOK}), "changed")
    put("fill_name.pdf", update(open_form, {amount: text.replace(b"(Amount)", b"(Total)")}), "changed")
    for name, lock, names, expected in (("child", b"Include/Fields[(Amount)]", b"Amount", "changed"),
                                        ("other_case", b"Include/Fields[(amount)]", b"Amount", "valid|changed"),
                                        ("utf16", b"Include/Fields[<FEFF0041006D006F0075006E0074>]", b"Amount", "changed"),
                                        ("unknown_action", b"Sometimes/Fields[(Name)]", b"Amount", "changed|unsupported"),
                                        ("no_fields", b"Include", b"Amount", "changed|unsupported|valid")):
        put_locked("forged_" + name, form, fields, b"/Reference[%s <</TransformMethod/FieldMDP/TransformParams<</Action/%s>>>>]" % (
            transform % 2, lock), expected)
    locked = signed(b"/Reference[%s <</TransformMethod/FieldMDP/TransformParams<</Action/Include/Fields[(Amount)]>>>>]" % (transform % 2))
    put("lock_renamed.pdf", update(locked, {amount: text.replace(b"(Amount)", b"(Free)").replace(b"(100)", b"(999999)")}), "changed")
    put("lock_parent.pdf", update(locked, {amount: text.replace(b"/T(Amount)", b"/Parent %d 0 R" % new).replace(b"(100)", b"(999999)"),
                                           new: b"<</T(Other)/FT/Tx/Kids[%d 0 R]>>" % amount}), "changed")
    sealed = signed(b"/Reference[%s]" % (transform % 1))
    number = find_object(sealed, rb"/ByteRange")
    put("certified_lifted.pdf", update(sealed, {number: body_of(sealed, number).replace(b"/P 1", b"/P 3"),
                                                amount: text.replace(b"(100)", b"(999999)")}), "changed|invalid")


# --- CMS -------------------------------------------------------------------------------------------------------------------

def signed_attributes():
    ready = prepare(pdf_make.make([]), 12000)

    def edited(change, who="alice"):
        return lambda content: der_edit.with_attributes(cms(who=who)(content), change, "%s/%s.key" % (PKI, who))
    drop = lambda oid: lambda attributes: [a for a in attributes if oid not in a]
    other = hashlib.sha256(b"something else").digest()
    of = lambda who: hashlib.sha256(run("openssl", "x509", "-in", "%s/%s.pem" % (PKI, who), "-outform", "DER")).digest()
    put("attributes_as_they_were.pdf", fill(ready, edited(lambda a: a)), "valid")
    put("attributes_no_digest.pdf", fill(ready, edited(drop(der_edit.DIGEST))), "invalid|unsupported")
    put("attributes_no_time.pdf", fill(ready, edited(drop(der_edit.TIME))), "valid")
    put("attributes_no_type.pdf", fill(ready, edited(drop(der_edit.TYPE))), "invalid|unsupported")
    put("attributes_other_type.pdf", fill(ready, edited(lambda a: [x.replace(der_edit.DATA, der_edit.SIGNED_DATA) for x in a])), "invalid|unsupported")
    put("attributes_digest_twice.pdf", fill(ready, edited(lambda a: a + [der_edit.attribute(der_edit.DIGEST, der_edit.der(4, other))])),
        "invalid|unsupported")
    put("attributes_two_digests.pdf", fill(ready, edited(lambda a: [der_edit.with_value(x, der_edit.der(4, other)) if der_edit.DIGEST in x else x
                                                                    for x in a])), "invalid|unsupported")
    put("attributes_certificate.pdf", fill(ready, edited(lambda a: a + [der_edit.signing_certificate(of("alice"))])), "valid")
    put("attributes_other_certificate.pdf", fill(ready, edited(lambda a: a + [der_edit.signing_certificate(of("erin"))])), "invalid")
    put("attributes_garbled_certificate.pdf", fill(ready, edited(lambda a: a + [der_edit.attribute(der_edit.CERTIFICATE, b"\x30\x00")])),
        "invalid|unsupported")
    put("attributes_other_key.pdf", fill(ready, lambda content: der_edit.with_attributes(cms()(content), lambda a: a, PKI + "/erin.key")), "invalid")
    put("attributes_not_signed.pdf", fill(ready, lambda content: der_edit.with_attributes(cms()(content), drop(der_edit.TIME), None)), "invalid")
    pss = ["-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:-1"]
    for name, make, expected in (("ec_sha1", cms("-md", "sha1", who="bob"), "weak"), ("pss_sha1", cms(*pss, "-md", "sha1"), "weak|unsupported"),
                                 ("pss_mask_sha1", cms(*pss, "-keyopt", "rsa_mgf1_md:sha1"), "weak|unsupported|invalid"),
                                 ("pss_sha512", cms(*pss, "-md", "sha512"), "valid|unsupported"), ("ec_sha512", cms("-md", "sha512", who="bob"), "valid"),
                                 ("cades", cms("-cades"), "valid")):
        try:
            put("algorithm_%s.pdf" % name, fill(ready, make), expected)
        except subprocess.CalledProcessError:
            print("# openssl cannot make algorithm_%s" % name, file=sys.stderr)


if __name__ == "__main__":
    assert pdf_break.DIR
    good = around_the_gap()
    later(good)
    seals_of_nobody(good)
    other_roles()
    odd_values()
    permits()
    unlisted(good)
    forms()
    signed_attributes()
