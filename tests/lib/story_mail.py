# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail as people's programs write it, and mail as people read it.

The bytes are put together by hand where a mail program would do so too: what a story sends must be what it says,
broken or not, and nothing that a library finds more correct.
"""
import base64
import email
import email.policy
import email.utils
import io
import re
import zipfile
import zlib

BOUNDARY = "=_story"


def zip_of(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def file_of(kind, name, size):
    """The bytes of a file of KIND: enough of it that its type can be told from its content."""
    mark = ("content of " + name).encode()
    if kind == "pdf":
        return pdf_saying(name.encode("ascii", "replace").decode(), size)
    elif kind == "docx":
        data = zip_of([("[Content_Types].xml", b"<Types/>"), ("word/document.xml", mark)])
    elif kind == "zip":
        data = zip_of([("inside.txt", mark)])
    elif kind == "zip of zips":
        data = mark
        for depth in range(5):
            data = zip_of([("level%d.zip" % depth, data)] * 1)
    elif kind == "png":
        data = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00" + mark
    elif kind == "eml":
        return (b"From: somebody@private.example\r\nSubject: from elsewhere\r\nMIME-Version: 1.0\r\n"
                b"Content-Type: text/plain; charset=utf-8\r\n\r\nI wrote the words of " + name.encode() + b".\r\n")
    elif kind == "empty":
        return b""
    else:
        data = mark + b"\n"
    return data + b"\n" * max(0, size - len(data))


def pdf_saying(words, size=0):
    """A letter as an office program prints it: one page, its words compressed; SIZE bytes longer than it need be."""
    return pdf_showing([words], size)


def page_content(words):
    """Letters, or without WORDS the picture a scanner makes."""
    if not words:
        return b"q 612 0 0 792 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q"
    return b"BT /F 11 Tf 72 720 Td 14 TL " + b" ".join(b"(" + line.encode("latin-1") + b") '" for line in words.split("\n")) + b" ET"


def pdf_showing(pages, size=0):
    """A file of PAGES, each with its words, or "" for a scanned one."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(pages)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    for n, words in enumerate(pages):
        packed = zlib.compress(page_content(words))
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << /F 3 0 R >> >> >>" % (5 + 2 * n))
        objects.append(b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed))
    out, places = b"%PDF-1.7\n%" + b" " * size + b"\n", []
    for n, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
                  + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out)))


TYPES = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
         "zip": "application/zip", "zip of zips": "application/zip", "png": "image/png", "eml": "message/rfc822", "text": "text/plain"}


def encode_word(text):
    """TEXT for a header; of "NAME <ADDRESS>" the name, as mail programs do it."""
    name, _, address = text.rpartition(" <")
    if name and not name.isascii() and address.endswith(">") and address.isascii():
        return "%s <%s" % (encode_word(name.strip('"')), address)
    return text if text.isascii() else "=?utf-8?B?%s?=" % base64.b64encode(text.encode()).decode()


def part(ctype, data, headers=(), quoted=False):
    lines = ["Content-Type: " + ctype, *headers]
    if quoted:
        return "\r\n".join(lines + ["", data]).encode("utf-8", "surrogateescape")
    body = base64.encodebytes(data).decode().replace("\n", "\r\n")
    return "\r\n".join(lines + ["Content-Transfer-Encoding: base64", "", body]).encode()


def multipart(kind, parts, boundary):
    body = b"".join(b"\r\n--" + boundary.encode() + b"\r\n" + p for p in parts)
    head = 'Content-Type: multipart/%s; boundary="%s"\r\n' % (kind, boundary)
    return head.encode() + b"\r\n" + body.lstrip(b"\r\n") + b"\r\n--" + boundary.encode() + b"--\r\n"


def body_of(draft):
    """The MIME tree of a draft: text, HTML or both, then its files."""
    text, html = "\r\n".join(draft.text), "\r\n".join(draft.html)
    bodies = []
    if draft.text or not draft.html:
        bodies.append(part('text/plain; charset="%s"' % draft.charset, text + "\r\n",
                           ["Content-Transfer-Encoding: 8bit"], True))
    if draft.html:
        bodies.append(part('text/html; charset="utf-8"', html + "\r\n", ["Content-Transfer-Encoding: 8bit"], True))
    whole = bodies[0] if len(bodies) == 1 else multipart("alternative", bodies, BOUNDARY + "A")
    if not draft.files and not draft.ready:
        return whole
    parts = [whole]
    for name, data in draft.ready:
        head = ['Content-Disposition: attachment; filename="%s"' % name]
        parts.append(part('application/octet-stream; name="%s"' % name, data, head))
    for name, kind, size in draft.files:
        head = ['Content-Disposition: attachment; filename="%s"' % name]
        ctype = '%s; name="%s"' % (TYPES.get(kind, "application/octet-stream"), name)
        data = file_of(kind, name + draft.salt, size)
        parts.append(part(ctype, data.decode(), head, True) if kind == "eml" else part(ctype, data, head))
    return multipart("mixed", parts, BOUNDARY + "M")


class Draft:
    """A mail being written."""

    def __init__(self, sender, to, date, number):
        self.headers = {"From": sender, "To": to, "Subject": "", "Date": date,
                        "Message-ID": "<story-%d@mail.example>" % number, "MIME-Version": "1.0"}
        self.text, self.html, self.files = [], [], []
        self.ready = []         # (name, bytes): files that need no making
        self.charset = "utf-8"
        self.salt = "#%d" % number

    def bytes(self):
        head = ["%s: %s" % (name, encode_word(value) if name in ("Subject", "From") else value)
                for name, value in self.headers.items() if value is not None]
        return ("\r\n".join(head) + "\r\n").encode("utf-8", "surrogateescape") + body_of(self)


class Received:
    """A mail of the office as its recipient sees it."""

    def __init__(self, raw, notice):
        self.raw, self.notice = raw, notice
        self.mail = email.message_from_bytes(raw, policy=email.policy.default)
        self.to = email.utils.parseaddr(str(self.mail["To"]))[1].lower()
        self.subject = str(self.mail["Subject"])
        body = self.mail.get_body(("plain",))
        html = self.mail.get_body(("html",))
        self.text = body.get_content() if body is not None else ""
        self.html = html.get_content() if html is not None else ""
        self.files = [p.get_filename() for p in self.mail.walk()
                      if p.get_content_disposition() == "attachment" and p.get_filename()]
        self.calendar = "".join(p.get_content() if isinstance(p.get_content(), str) else p.get_content().decode()
                                for p in self.mail.walk() if p.get_content_type() == "text/calendar")

    def header(self, name):
        return str(self.mail[name] or "")

    def file(self, name):
        """The bytes of an attachment, or None."""
        for part in self.mail.walk():
            if part.get_content_disposition() == "attachment" and part.get_filename() == name:
                return part.get_payload(decode=True)
        return None

    def words(self):
        """The text on one line: where it was wrapped says nothing."""
        return re.sub(r"\s+", " ", self.text)

    def show(self):
        files = "".join("\n[attached: %s]" % f for f in self.files)
        return "To: %s\nSubject: %s\n(notice %s)\n\n%s%s" % (self.to, self.subject, self.notice,
                                                             self.text.rstrip(), files)


def conversation(received):
    """The Thread-Index of an answer to RECEIVED: Exchange adds five bytes to it."""
    head = base64.b64decode(received.header("Thread-Index"))
    return base64.b64encode(head + b"\x10\x20\x30\x40\x50").decode()


def bounce(received, to, number, full):
    """What a mail system writes when the address of a mail of ours is unknown there, or its mailbox was FULL for days."""
    status, words = ("5.2.2", "552 5.2.2 Mailbox full") if full else ("5.1.1", "550 5.1.1 User unknown")
    lines = ["Return-Path: <>", "From: MAILER-DAEMON@mx.mail.example", "To: " + to, "Subject: Undelivered mail",
             "Message-ID: <bounce-%d@mx.mail.example>" % number, "MIME-Version: 1.0",
             'Content-Type: multipart/report; report-type=delivery-status; boundary="B"', "",
             "--B", "Content-Type: text/plain", "", "Your message could not be delivered.",
             "--B", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.mail.example", "",
             "Final-Recipient: rfc822; " + received.to, "Action: failed", "Status: " + status,
             "Diagnostic-Code: smtp; " + words, "",
             "--B", "Content-Type: text/rfc822-headers", "", "Message-ID: " + received.header("Message-ID"), "", "--B--", ""]
    return "\r\n".join(lines).encode()


def stamp(result):
    """What the office's own mail server puts above a mail: its result, and that it took the mail."""
    return ("Authentication-Results: mx.office.example; %s\r\n"
            "Received: from outside (outside [192.0.2.1]) by mx.office.example; now\r\n" % result).encode()


def quote(received, when):
    sender = email.utils.parseaddr(received.header("From"))
    return ["", "On %s, %s wrote:" % (when, sender[0] or sender[1])] + \
           [("> " + line).rstrip() for line in received.text.splitlines()]


def quote_outlook(received, when):
    return ["", "-----Original Message-----", "From: " + received.header("From"), "Sent: " + when,
            "To: " + received.to, "Subject: " + received.subject, ""] + received.text.splitlines()


def fill(received, answers, mark):
    """The form that was received, with ANSWERS behind its labels, also where something stood; every line begins with MARK."""
    lines = []
    for line in received.text.splitlines():
        for label, answer in answers:
            known = re.match(r"(\s*" + re.escape(label) + r"\s*(\([^)]*\))?:).*$", line)
            if known:
                line = known[1] + " " + answer
        lines.append((mark + line).rstrip())
    return lines
