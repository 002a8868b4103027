# SPDX-License-Identifier: GPL-3.0-or-later
"""What an office knows, without the numbers of its rows and without what a rebuild cannot know, a line each, sorted:

    office-state.py OFFICE

A lost office and the one that was made again from its mail must be the same in this.  Mails are named by their Message-ID, so that the
same lines mean that answers to old mail find their thread."""
import os
import sqlite3
import sys

QUERIES = {
    "case": """SELECT c.ref, c.type, c.year, c.number, c.edition, c.state, c.state_since, c.opened_at, c.owner, c.open, o.name,
               coalesce ((SELECT ref FROM cases j WHERE j.id = c.joined), '')
               FROM cases c JOIN organization o ON o.id = c.organization""",
    "field": "SELECT c.ref, f.name, f.value FROM case_field f JOIN cases c ON c.id = f.case_id",
    "contact": "SELECT o.name, k.email, k.name, k.phone FROM contact k JOIN organization o ON o.id = k.organization",
    "document": """SELECT c.ref, d.n, d.element, d.name, d.file, d.sha256, d.at, d.version, d.status, d.verdict, m.sha256, d.part
                   FROM document d JOIN cases c ON c.id = d.case_id JOIN message m ON m.id = d.message""",
    "finding": "SELECT c.ref, f.element, f.value, f.by, f.at FROM finding f JOIN cases c ON c.id = f.case_id",
    "question": """SELECT c.ref, k.n, k.element, k.text, k.by, k.at, k.due, k.extended, k.status
                   FROM clarification k JOIN cases c ON c.id = k.case_id""",
    "timer": """SELECT c.ref, t.n, t.name, t.about, t.reminder, t.state, t.start, t.span, t.due, t.paused, t.status
                FROM timer t JOIN cases c ON c.id = t.case_id""",
    "message": """SELECT m.sha256, m.received_at, m.outcome, m.reason, m.rule, coalesce (c.ref, '')
                  FROM message m LEFT JOIN cases c ON c.id = m.case_id""",
    "held": "SELECT m.sha256, h.at, h.reason, h.status, h.due FROM held h JOIN message m ON m.id = h.message",
    "suppressed": "SELECT rcpt, at FROM suppressed",
    "mail": """SELECT o.notice, o.rcpt, o.message_id, o.subject, coalesce (c.ref, '')
               FROM outbox o LEFT JOIN cases c ON c.id = o.case_id""",
}


def main(office):
    db = sqlite3.connect("file:%s?mode=ro" % os.path.join(office, "qecp.db"), uri=True)
    for kind, sql in QUERIES.items():
        for row in sorted(db.execute(sql).fetchall()):
            print("%s: %s" % (kind, " | ".join(str(value).replace("\n", "\\n") for value in row)))


main(sys.argv[1])
