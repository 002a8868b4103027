# SPDX-License-Identifier: GPL-3.0-or-later
"""Signed PDF documents whose later revisions one viewer finds otherwise than another: what tables say of objects, where one
table names the one before it, and what is referred to and is not there.

pdf_structure.py DIR PKI    as pdf_break.py: writes files, prints NAME EXPECTED

Which viewer showed what when this was written stands beside each: poppler 22.12, mupdf 1.21, pdf.js 4, PDFium 7500.
"""
import os
import re
import subprocess

import pdf_make
from pdf_break import DIR, cms, put, run
from pdf_forge import EVIL, stream
from pdf_sign import body_of, fill, find_object, free, last, prepare, update
from pdf_viewers import CATALOG, CONTENT, DOES_NOTHING, PAGE, PLAIN, by_pack, sign

ODD = "changed|unsupported|error"


def two_readings():
    """Whoever looks for objects by himself finds another content of the first page."""
    at, evil = PLAIN.rindex(b"xref\n0 "), b"%d 0 obj\n%s\nendobj\n" % (CONTENT, stream(EVIL))
    return sign(re.sub(rb"startxref\n\d+", b"startxref\n%d" % (at + len(evil)), PLAIN[:at] + evil + PLAIN[at:]))


def revision(data, objects, row=b"%010d %05d n \n", span=b"%d %d\n", free_row=None, previous=None, more=b"", size=0, header=b"%d 0 obj\n", shift=0, end=b"startxref\n%d\n"):
    """As pdf_sign.update(), each part of it written as it is asked for."""
    out, rows = data, {}
    for number, body in objects.items():
        rows[number] = row % (len(out) + shift, 0)
        out += header % number + body + b"\nendobj\n"
    rows.update(free_row or {})
    table = b"".join(span % (number, 1) + rows[number] for number in sorted(rows))
    return out + b"xref\n" + table + b"trailer\n<</Size %d/Root %d 0 R%s%s>>\n" % (
        max([free(data), size] + [n + 1 for n in rows]), CATALOG, b"/Prev " + last(data, rb"startxref\s+(\d+)") if previous is None else previous, more) + end % len(out) + b"%%EOF\n"


def tables(good):
    new = {free(good): DOES_NOTHING}
    for name, row, expected in (("good", b"%010d %05d n \n", "valid"), ("return", b"%010d %05d n\r\n", "valid"), ("returns", b"%010d %05d n \r", "valid"),
                                ("19", b"%010d %05d n\n", ODD), ("shifted", b" %010d %05d n\n", ODD), ("21", b"%010d %05d n  \n", ODD)):  # PDFium
        put("row_%s.pdf" % name, revision(good, new, row=row), expected)
    for name, span, expected in (("space", b"%d %d \n", "valid"), ("return", b"%d %d\r\n", "valid"), ("wide", b"%d  %d\n", ODD), ("lines", b"%d %d\n\n", ODD)):  # mupdf
        put("span_%s.pdf" % name, revision(good, new, span=span), expected)
    put("span_empty_far.pdf", b"99999 0\ntrailer".join(revision(good, new).rsplit(b"trailer", 1)), ODD)  # all
    for name, end, expected in (("spaces", b"startxref \t\r\n%d\r\n", "valid"), ("null", b"startxref\0%d\n", ODD), ("feed", b"startxref\f%d\n", ODD), ("none", b"startxref%d\n", ODD)):
        put("end_%s.pdf" % name, revision(good, new, end=end), expected)  # PDFium, poppler, pdf.js
    for name, size, expected in (("more", free(good) + 5, "valid"), ("many", 1000000, "unsupported"), ("most", 2147483647, "unsupported")):  # poppler, mupdf
        put("room_for_%s.pdf" % name, revision(good, new, size=size), expected)
    put("header_inside.pdf", revision(good, new, header=b"9%d 0 obj\n", shift=1), ODD)


def earlier(data, octets):
    """The last table is said to begin so many octets before it does."""
    number = last(data, rb"startxref\s+(\d+)")
    return (b"startxref\n%d" % (int(number) - octets)).join(data.rsplit(b"startxref\n" + number, 1))


def line_before_table(good):
    """@signpdf/placeholder-plain counts so, and every viewer reads it."""
    signed = fill(earlier(prepare(PLAIN, 12000), 1), cms())
    put("line_before_table.pdf", signed, "valid")
    put("line_before_table_twice.pdf", fill(earlier(prepare(signed, 12000), 1), cms(who="erin")), "valid")
    put("line_before_table_later.pdf", earlier(revision(good, {free(good): DOES_NOTHING}), 1), "valid")
    put("line_before_table_content.pdf", earlier(revision(signed, {CONTENT: stream(EVIL)}), 1), "changed")
    put("word_before_table.pdf", earlier(revision(good, {free(good): DOES_NOTHING}), 3), "error|unsupported")


def trailers(good):
    new, previous = {free(good): DOES_NOTHING}, last(good, rb"startxref\s+(\d+)")
    put("previous_reference.pdf", revision(good, {**new, 40: previous}, previous=b"/Prev 40 0 R"), ODD)  # poppler, PDFium
    everything = {**{n: body_of(good, n) for n in range(1, free(good))}, CONTENT: body_of(PLAIN, CONTENT)}
    zero = {0: b"0000000000 65535 f \n"}
    put("previous_none.pdf", revision(good, everything, free_row=zero, previous=b""), "valid")  # as podofosign where the first table is a stream
    put("previous_zero.pdf", revision(good, everything, free_row=zero, previous=b"/Prev 0"), ODD)
    fork = revision(good, {CONTENT: stream(EVIL)})
    put("previous_of_fork.pdf", revision(fork, new, previous=b"/Prev " + previous), ODD)
    for name, more, expected in (("text", b"/DocChecksum(a <<\\(/Prev 5)", "valid"), ("list", b"/DocChecksum[/Prev 5]", "valid"), ("name", b"/#44ocChecksum(x)", ODD),
                                 ("array_ends", b"/DocChecksum[-1 0 R/Prev 5]", ODD), ("object_0", b"/DocChecksum[0 0 R]", ODD),  # PDFium
                                 ("encrypted", b"/Encrypt 99 0 R", ODD), ("information", b"/Info 99 0 R", ODD)):  # poppler
        put("trailer_%s.pdf" % name, revision(good, new, more=more), expected)


def references(good):
    """What is nothing to one viewer, and something to another."""
    page, catalog, new = body_of(good, PAGE), body_of(good, CATALOG), free(good)
    put("reference_good.pdf", update(good, {PAGE: page, new: b"[%d 0 R]" % PAGE, new + 1: b"<</A %d 0 R/B[%d 0 R 5 7]>>" % (PAGE, new)}), "valid")
    cut = {new: b"[0 0 50 50]"}
    put("reference_generation.pdf", update(good, {PAGE: page[:-2] + b"/CropBox %d 1 R>>" % new, **cut}), ODD)  # mupdf, PDFium
    put("reference_to_nothing.pdf", update(good, {PAGE: page[:-2] + b"/CropBox %d 0 R>>" % (new + 9), **cut}), ODD)
    put("reference_packed.pdf", by_pack(good, [(PAGE, page[:-2] + b"/CropBox %d 1 R>>" % new)], {PAGE: 0}, cut), ODD)
    deleted = revision(update(good, cut), {PAGE: page[:-2] + b"/CropBox %d 0 R>>" % new}, free_row={new: b"0000000000 00001 f \n"})
    put("reference_deleted.pdf", deleted, ODD)  # poppler, PDFium
    put("deleted_good.pdf", revision(good, {new: DOES_NOTHING}, free_row={0: b"0000000000 65535 f \n", new + 1: b"0000000000 00001 f \n"}), "valid")
    other = {new: body_of(good, 2).replace(b"Kids[%d" % PAGE, b"Kids[%d" % (new + 1)), new + 1: page.replace(b"/Contents %d" % CONTENT, b"/Contents %d" % (new + 2)), new + 2: stream(EVIL)}
    for name, number in (("minus", b"-1 0 R"), ("zero", b"0 0 R"), ("plus", b"+1 0 R"), ("huge_generation", b"1 70000 R")):
        put("array_ends_%s.pdf" % name, update(good, {CATALOG: catalog[:-2] + b"/Extensions[%s/Pages %d 0 R]>>" % (number, new), **other}), ODD)  # PDFium
    prepared = sign(update(PLAIN, {PAGE: body_of(PLAIN, PAGE)[:-2] + b"/CropBox 60%\n001 R>>", free(PLAIN): b"[60 0 0 1 1]"}))
    for number, expected in ((60, ODD), (free(prepared), "valid")):
        put("reference_prepared_%d.pdf" % (number == 60), update(prepared, {number: b"[0 0 50 50]"}), expected)  # mupdf, PDFium
    rows = list(re.finditer(rb"\d{10} 00000 n ", PLAIN))
    first = PLAIN[:rows[CONTENT - 1].start() + 11] + b"00001" + PLAIN[rows[CONTENT - 1].start() + 16:]
    first = sign(first.replace(b"\n%d 0 obj" % CONTENT, b"\n%d 1 obj" % CONTENT).replace(b"/Contents %d 0 R" % CONTENT, b"/Contents %d 1 R" % CONTENT))
    put("generation_1_signed.pdf", fill(prepare(first, 12000), cms(who="erin")), "valid")
    put("generation_1_by_0.pdf", update(first, {CONTENT: stream(EVIL)}), ODD)  # mupdf


def packs(good):
    """Streams of objects that say what they are in other words, or elsewhere."""
    page, new = body_of(good, PAGE), free(good)
    head = b"/N 1/First 4"
    for name, other, objects in (("number", b"/N %d 0 R/First 4" % new, {new: b"1"}), ("first", b"/N 1/First %d 0 R" % new, {new: b"4"}), ("filter", b"/N 1/First 4/F/AHx", {}),  # PDFium; the others
                                 ("parameters", b"/N 1/First 4/DP<</Predictor 12>>", {})):
        data = by_pack(good, [(PAGE, page)], {PAGE: 0}, objects)
        assert data.count(head) == 1
        put("pack_%s.pdf" % name, moved(data.replace(head, other), new + 21), ODD)


def moved(data, number):
    """The cross-reference stream NUMBER moved: say so, there and at the end."""
    place = data.rindex(b"%d 0 obj" % number)
    was = int(last(data, rb"startxref\s+(\d+)"))
    head, tail = data[:place], data[place:]
    tail = tail.replace(b"\x01" + was.to_bytes(3, "big") + b"\0", b"\x01" + place.to_bytes(3, "big") + b"\0")
    return head + tail.replace(b"startxref\n%d\n" % was, b"startxref\n%d\n" % place)


def front():
    """What is at the front says how long the file is: it was prepared so, and signed before that was true (poppler, pdf.js)."""
    length, size = 70000, b"/Linearized 1 /L "
    with open(os.path.join(DIR, "front_plain.pdf"), "wb") as out:
        out.write(pdf_make.make(["size=30000"]).replace(b"pay 100 EUR, page 1", b"pay 999999 EUR page"))
    try:
        run("qpdf", "--linearize", DIR + "/front_plain.pdf", DIR + "/front_linear.pdf")
    except (OSError, subprocess.CalledProcessError):
        return
    with open(DIR + "/front_linear.pdf", "rb") as file:
        linear = file.read()
    linear = re.sub(size + rb"\d{5}", size + b"%d" % length, linear)
    catalog, content = find_object(linear, rb"/Type ?/Catalog"), int(re.search(rb"/Contents (\d+)", body_of(linear, int(re.search(rb"/O (\d+)", linear).group(1)))).group(1))
    root, first = b"%d 0 R" % catalog, int(re.search(rb"(\d+) 0 obj", linear).group(1))
    corrected = update(linear, {content: stream(EVIL.replace(b"999999", b"100"))}, root=root)
    signed = fill(prepare(corrected, 12000), cms())
    put("front_signed.pdf", signed, "valid")
    for name, objects, at_end, expected in (("good", {free(signed): DOES_NOTHING}, length - 1, "valid"), ("named", {free(signed): DOES_NOTHING}, length, ODD),
                                            ("replaced", {first: DOES_NOTHING}, length, ODD)):
        grown = update(signed, objects, root=root)
        put("front_%s.pdf" % name, update(signed + b"%" + b"x" * (at_end - len(grown) - 2) + b"\n", objects, root=root), expected)


def main():
    good = two_readings()
    tables(good)
    line_before_table(good)
    trailers(good)
    references(good)
    packs(good)
    front()


if __name__ == "__main__":
    main()
