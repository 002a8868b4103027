# SPDX-License-Identifier: GPL-3.0-or-later
"""Revisions and signature fields of PDF documents, octet by octet."""
import re


def body_of(data, number):
    """The last definition of an object, as text."""
    found = list(re.finditer(rb"(?:^|[\r\n])%d 0 obj\s*(.*?)\s*endobj" % number, data, re.S))
    return found[-1].group(1)


def find_object(data, what):
    """The number of the last object that holds WHAT (a regular expression)."""
    for match in reversed(list(re.finditer(rb"(?:^|[\r\n])(\d+) 0 obj\s*(.*?)\s*endobj", data, re.S))):
        if re.search(what, match.group(2), re.S):
            return int(match.group(1))
    raise LookupError(what)


def last(data, what):
    return re.findall(what, data)[-1]


def update(data, objects, root=None, info=None, end=b"%%EOF\n", trailer=b""):
    """DATA with a revision that defines OBJECTS (number: body) anew."""
    out, table = bytearray(data), b""
    if not out.endswith(b"\n"):
        out += b"\n"
    size = max([free(data)] + [n + 1 for n in objects])
    for number, body in sorted(objects.items()):
        table += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, previous = len(out), last(data, rb"startxref\s+(\d+)")
    out += b"xref\n" + (table or b"0 0\n") + b"trailer\n<</Size %d/Root %s/Prev %s%s%s/ID[<01><02>]>>\nstartxref\n%d\n" % (
        size, root or last(data, rb"/Root (\d+ \d+ R)"), previous, b"/Info %s" % info if info else old_info(data), trailer, start)
    return bytes(out) + end


def old_info(data):
    found = re.findall(rb"/Info (\d+ \d+ R)", data)
    return b"/Info " + found[-1] if found else b""


def free(data):
    return max(int(n) for n in re.findall(rb"/Size (\d+)", data))


def prepare(data, gap, more=b"", subfilter=b"adbe.pkcs7.detached", field=b""):
    """A revision with a signature field and room for GAP octets; where its byte range is."""
    number, catalog = free(data), find_object(data, rb"/Type ?/Catalog")
    page = find_object(data, rb"/Type ?/Page\b(?!s)")
    form = b"/Fields[" if b"/AcroForm<<" in body_of(data, catalog) else b"/AcroForm<</SigFlags 3/Fields["
    signature = (b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter%s%s/ByteRange[0 0000000000 0000000000 0000000000]/Contents <%s>>>"
                 % (subfilter if subfilter[:1] in (b"(", b"<") else b"/" + subfilter, more, b"0" * (2 * gap)))
    field = b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Own%d)/F 132/Rect[0 0 0 0]/P %d 0 R/V %d 0 R%s>>" % (number, page, number, field)
    return update(data, {number: signature, number + 1: field, page: with_item(body_of(data, page), b"/Annots[", number + 1, b"]"),
                         catalog: with_item(body_of(data, catalog), form, number + 1, b"]>>")})


def with_item(body, begin, number, end):
    """A dictionary with one more reference in an array that may not be there yet."""
    if begin in body:
        return body.replace(begin, begin + b"%d 0 R " % number)
    return body[:-2] + begin + b"%d 0 R" % number + end + b">>"


def ranges(data):
    begin = data.rindex(b"/Contents <0") + 10
    return [0, begin, data.index(b">", begin) + 1, len(data) - data.index(b">", begin) - 1]


def fill(data, make, numbers=None):
    r = numbers or ranges(data)
    begin = data.rindex(b"/Contents <0") + 10
    stop = data.index(b">", begin)
    text = b"/ByteRange[0 %010d %010d %010d]" % tuple(r[1:])
    data = re.sub(rb"/ByteRange\[0 0{10} 0{10} 0{10}\]", text, data)
    cms = make(data[:r[1]] + data[r[2]:r[2] + r[3]]).hex().encode()
    return data[:begin + 1] + cms + data[begin + 1 + len(cms):stop] + data[stop:]
