#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""office_dump: what an office on Maildirs is, as lines of text, so that two can be compared.

    office_dump.py OFFICE

Every row of every table; every mail of its mailboxes with the folder it is in; every mail sent, once, by
Message-ID and content.  Left out: what two equal lives may differ in (UIDVALIDITY, when we last looked).
A mail sent twice is well when the bytes are the same; "repeated" counts them on standard error.
"""
import contextlib
import email
import hashlib
import os
import re
import sqlite3
import sys


def rows(db):
    tables = [r[0] for r in db.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'message_text%' ORDER BY 1")]
    for table in tables:
        where = " WHERE name NOT LIKE 'looked:%'" if table == "office" else ""
        names = [r[1] for r in db.execute(f"PRAGMA table_info ({table})")]
        for row in db.execute(f"SELECT * FROM {table}{where} ORDER BY 1, 2, 3"
                              if len(names) > 2 else f"SELECT * FROM {table}{where} ORDER BY 1"):
            text = " ".join(f"{n}={v}" for n, v in zip(names, row) if n != "uidvalidity")
            yield f"{table}: " + re.sub(r'"uidvalidity":\d+', "", text).replace("\n", "|")
    for word in ("apply", "office", "documents"):
        found = [r[0] for r in db.execute(
            "SELECT rowid FROM message_text WHERE message_text MATCH ? ORDER BY 1", (word,))]
        yield f"search: {word} {found}"


def mails(folder):
    for part in ("new", "cur"):
        path = os.path.join(folder, part)
        for name in os.listdir(path) if os.path.isdir(path) else []:
            yield name, open(os.path.join(path, name), "rb").read()


def folders(office, box):
    base = os.path.join(office, "mail", box)
    for folder in (".", ".Filed", ".Held"):
        for name, data in sorted(mails(os.path.join(base, folder))):
            yield f"mail: {box} {folder} {hashlib.sha256(data).hexdigest()[:12]} {name.split(':')[0]}"


def sent(office):
    """What was sent, and how much of it twice."""
    lines = []
    for _, data in mails(os.path.join(office, "mail", "out")):
        headers = email.message_from_bytes(data)
        lines.append(f"sent: {headers['Message-ID']} to {headers['To']} {hashlib.sha256(data).hexdigest()}")
    return sorted(set(lines)), len(lines) - len(set(lines))


def dump(office):
    """Its lines, and how many mails it sent twice."""
    db = sqlite3.connect(os.path.join(office, "qecp.db"))
    with contextlib.closing(db):
        lines = list(rows(db))
    for box in ("program", "support"):
        lines += folders(office, box)
    once, repeated = sent(office)
    return lines + once, repeated


def main():
    lines, repeated = dump(sys.argv[1])
    print("\n".join(lines))
    print(f"repeated {repeated}", file=sys.stderr)


if __name__ == "__main__":
    main()
