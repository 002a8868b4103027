# SPDX-License-Identifier: GPL-3.0-or-later
"""A day in the office: 200 mails of all kinds on a simulated clock, in by Dovecot, out by Exim; and the days after it.

    office_day.py OFFICE DOVECOT_MAIL EXIM_MAIL      prints TAP; the wrapper has made the three and started the servers

OFFICE has qecp.conf with both mailboxes and the delivery.  Mails are put where Dovecot keeps them, with the time they came.
"""
import collections
import email.utils
import glob
import os
import re
import sqlite3
import subprocess
import sys
import datetime
import zoneinfo

import story_mail
from story_mail import Received

ZONE = zoneinfo.ZoneInfo("America/New_York")
STEP = 20 * 60
PROGRAM, SUPPORT = "program@office.example", "support@office.example"
PAT, LEE, ALEX = "pat.manager@office.example", "lee.lead@office.example", "alex.approver@office.example"
TRIAGE, APPLICANTS, MACHINES, TWICE, ANSWERS = 110, 12, 44, 6, 8
AS_NOBODY = dict(user="nobody", group="nogroup", extra_groups=[]) if os.getuid() == 0 else {}


def at(day, hour, minute=0):
    return int(datetime.datetime(2027, 1, day, hour, minute, tzinfo=ZONE).timestamp())


class Tap:
    n, bad = 0, 0

    def ok(self, what, good, why=""):
        self.n += 1
        self.bad += not good
        print("%s %d - %s" % ("ok" if good else "not ok", self.n, what), flush=True)
        for line in [] if good else str(why).splitlines()[:20]:
            print("#   " + line)


class Day:
    def __init__(self, office, dovecot, exim):
        self.office, self.dovecot, self.exim = office, dovecot, exim
        self.conf = os.path.join(office, "qecp.conf")
        self.build = os.environ["top_builddir"]
        self.came = collections.Counter()      # mailbox -> mails put there
        self.people, self.machines = set(), set()
        self.seen, self.mails, self.log = set(), [], []
        self.number = 0

    # --- the outside world ------------------------------------------------------------------------------------------

    def letter(self, sender, to, subject, text, when, extra=(), answers=None):
        """A mail as a person's program writes it, stamped by the office's own server."""
        self.number += 1
        draft = story_mail.Draft(sender, to, email.utils.format_datetime(datetime.datetime.fromtimestamp(when, ZONE)), self.number)
        draft.headers["Subject"] = subject
        draft.text = text.splitlines()
        if answers is not None:
            draft.headers["In-Reply-To"] = draft.headers["References"] = answers.header("Message-ID")
        domain = email.utils.parseaddr(sender)[1].partition("@")[2]
        head = "".join("%s: %s\r\n" % pair for pair in extra).encode()
        return story_mail.stamp("dmarc=pass header.from=" + domain) + head + draft.bytes()

    def put(self, raw, when, boxes=("program",)):
        for box in boxes:
            base = os.path.join(self.dovecot, box)
            for sub in ("tmp", "new", "cur"):
                os.makedirs(os.path.join(base, sub), exist_ok=True)
            self.came[box] += 1
            name = "%d.M%d.day" % (when, sum(self.came.values()))
            path = os.path.join(base, "tmp", name)
            with open(path, "wb") as f:
                f.write(raw)
            os.utime(path, (when, when))
            if AS_NOBODY:
                subprocess.run(["chown", "-R", "nobody:nogroup", base], check=True)
            os.rename(path, os.path.join(base, "new", name))

    def look(self, when):
        """One pass of the office; what left is read where Exim put it."""
        done = subprocess.run([os.path.join(self.build, "qecpd"), "--config", self.conf, "--once", "--now", str(when)],
                              capture_output=True, text=True, errors="replace", timeout=300, **AS_NOBODY)
        self.log.append(done.stderr)
        if done.returncode != 0:
            raise RuntimeError("the pass ended with %d:\n%s" % (done.returncode, done.stderr[-3000:]))
        fresh = []
        for path in sorted(glob.glob(self.exim + "/*"), key=os.path.getmtime):
            if path not in self.seen:
                self.seen.add(path)
                with open(path, "rb") as f:
                    fresh.append(Received(f.read(), "?"))
        for mail in fresh:
            mail.notice = self.rows("SELECT notice FROM outbox WHERE message_id = ?", mail.header("Message-ID").strip("<>"))[0][0]
        self.mails += fresh
        return fresh

    # --- what is asked ---------------------------------------------------------------------------------------------

    def rows(self, sql, *values):
        db = sqlite3.connect("file:%s/qecp.db?mode=ro" % self.office, uri=True)
        try:
            return db.execute(sql, values).fetchall()
        finally:
            db.close()

    def verb(self, *verb):
        return subprocess.run([os.path.join(self.build, "qecp"), "--config", self.conf, *verb], capture_output=True,
                              text=True, timeout=300, **AS_NOBODY)

    def files(self, box, folder):
        return len(glob.glob(os.path.join(self.dovecot, box, folder, "new", "*"))
                   + glob.glob(os.path.join(self.dovecot, box, folder, "cur", "*")))

    def to(self, address):
        return [m for m in self.mails if m.to == address]


def labelled():
    """The hand-written messages of tests/data/triage: (subject, text)."""
    found = []
    for name in ("first-contact.txt", "certified.txt", "hard.txt"):
        with open(os.path.join(os.environ["top_srcdir"], "tests/data/triage", name), encoding="utf-8") as f:
            for block in f.read().split("=== ")[1:]:
                _, subject, text = block.split("\n", 2)
                found.append((subject.removeprefix("Subject: "), text.strip()))
    return found


def machine(kind, n):
    """Mail no person wrote: its headers, subject, words."""
    who = "robot%d@machine%d.example" % (n, n)
    kinds = [([("Auto-Submitted", "auto-replied")], "Out of office", "I am away until Monday."),
             ([("X-Autoreply", "yes"), ("Precedence", "bulk")], "Automatic reply: your mail", "Thank you. I am on leave."),
             ([("List-Id", "<news.machine.example>"), ("List-Unsubscribe", "<mailto:leave@machine.example>")],
              "Health data weekly", "All the news of this week."),
             ([("Return-Path", "<>")], "Undelivered Mail Returned to Sender",
              "This is the mail system at host mx.machine.example.\n\n<user@machine.example>: host said: 550 5.1.1 User unknown")]
    extra, subject, text = kinds[kind % len(kinds)]
    return who if kind % 4 != 3 else "MAILER-DAEMON@machine%d.example" % n, extra, subject, text


def plan(day):
    """(time, function that puts the mails): 200 in all, in the order of their times; the forms and the staff's mail come later."""
    todo = []
    step = (9 * 3600) // (TRIAGE + APPLICANTS + MACHINES + TWICE)
    slots = iter(range(at(4, 8, 5), at(4, 18), step))
    triage = labelled()
    chosen = [triage[i * len(triage) // TRIAGE] for i in range(TRIAGE)]
    order = sorted([("t", i) for i in range(TRIAGE)] + [("a", i) for i in range(APPLICANTS)]
                   + [("m", i) for i in range(MACHINES)] + [("d", i) for i in range(TWICE)], key=lambda p: (p[1] * 7919 % 101, p[0]))
    for kind, i in order:
        when = next(slots)
        if kind == "t":
            who = "writer%d@people%d.example" % (i, i)
            day.people.add(who)
            box, to = ("support", SUPPORT) if i % 2 else ("program", PROGRAM)
            raw = day.letter("Writer <%s>" % who, to, chosen[i][0], chosen[i][1], when)
            boxes = (box,)
        elif kind == "a":
            who = "ann%d@applicant%d.example" % (i, i)
            day.people.add(who)
            raw, boxes = day.letter("Ann <%s>" % who, PROGRAM, "We want to apply", "Hello, we want to apply. What do we do?", when), ("program",)
        elif kind == "m":
            who, extra, subject, text = machine(i, i)
            day.machines.add(who.lower())
            raw, boxes = day.letter(who, PROGRAM, subject, text, when, extra), ("program",)
        else:
            who = "both%d@both%d.example" % (i, i)
            day.people.add(who)
            raw, boxes = day.letter("Bo <%s>" % who, "%s, %s" % (PROGRAM, SUPPORT), "A question about the fee", "What does it cost?", when), (
                "program", "support")
        todo.append((when, raw, boxes))
    return todo


def form(day, offered, n, when):
    """Fills in the form that came."""
    answers = [("Organization", "Applicant %d Inc." % n), ("Organization address", "%d Main Street, Springfield, VA 22150" % n),
               ("Organization phone", "+1 703 555 01%02d" % n), ("Contact first name", "Ann"), ("Contact last name", "Number%d" % n),
               ("Contact email", offered.to), ("Contact phone", "+1 703 555 02%02d" % n), ("Quasi qualified entity", "no")]
    return day.letter("Ann <%s>" % offered.to, PROGRAM, "Re: " + offered.subject,
                      "\n".join(story_mail.fill(offered, answers, "")), when, answers=offered)


def staff(day, mail, words, when):
    return day.letter(mail.to, mail.header("Reply-To") or PROGRAM, "Re: " + mail.subject, words, when, answers=mail)


def working_day(day):
    """From 8 to 18: what comes is taken in every 20 minutes; applicants return their forms, staff answer what they are told of."""
    todo = plan(day)
    forms, answered = 0, []
    for now in range(at(4, 8), at(4, 18, 20), STEP):
        while todo and todo[0][0] <= now:
            when, raw, boxes = todo.pop(0)
            day.put(raw, when, boxes)
        for mail in day.look(now):
            if mail.to.startswith("ann") and mail.notice == "registration-form":
                forms += 1
                day.put(form(day, mail, forms, now + 60), now + 60)
            elif mail.to == LEE and mail.notice == "held-notice" and len(answered) < ANSWERS:
                answered.append(mail)
                day.put(staff(day, mail, "Thank you for your question. We will look into it and write to you.", now + 120), now + 120)
    return forms, answered


def judge(tap, day, forms, answered):
    total = sum(day.came.values())
    tap.ok("200 mails came", total == 200, total)
    left = {box: day.files(box, "") for box in day.came}
    tap.ok("none is left in a mailbox", not any(left.values()), left)
    kept = sum(day.files(box, sub) for box in day.came for sub in (".Filed", ".Held"))
    tap.ok("each lies in Filed or Held", kept == total, "%d of %d" % (kept, total))
    tap.ok("each applicant's form opened a case", day.rows("SELECT count (*) FROM cases")[0][0] == forms == APPLICANTS,
           (forms, day.rows("SELECT count (*) FROM cases")))
    odd = day.rows("SELECT id, outcome FROM message WHERE outcome NOT IN ('filed', 'answered', 'held', 'duplicate') OR rule = '' OR (reason = '' AND outcome <> 'answered')")
    tap.ok("each has an outcome, and a reason", not odd, odd)
    answered_machines = [m.to for m in day.mails if m.to in day.machines]
    tap.ok("no machine was answered", not answered_machines, answered_machines)
    ids = collections.Counter(m.header("Message-ID") for m in day.mails)
    accepted = day.rows("SELECT count (*) FROM outbox WHERE status = 'accepted'")[0][0]
    waiting = day.rows("SELECT count (*) FROM outbox WHERE status IN ('queued', 'deferred')")[0][0]
    tap.ok("all that was written left, and each mail once", waiting == 0 and len(day.mails) == accepted == len(ids),
           "%d left, %d accepted, %d wait, %d ids" % (len(day.mails), accepted, waiting, len(ids)))
    # What goes to the agency is answered by nobody here; advertising is not answered at all.
    unanswered = {r[0] for r in day.rows("SELECT author FROM message WHERE rule IN ('legal-press', 'spam')")}
    silent = [who for who in sorted(day.people) if not day.to(who) and who not in unanswered]
    tap.ok("everybody who is to be answered was, the same day", not silent, silent[:10])
    twice = [who for who in day.people if len([m for m in day.to(who) if m.header("Auto-Submitted") == "auto-replied"
                                               and m.notice.startswith("ack")]) > 1]
    tap.ok("nobody is acknowledged twice, who wrote to both mailboxes either", not twice, twice)
    other = [m.to for m in day.mails if m.notice == "relay" and m.to not in day.people]
    tap.ok("staff's words reach those who asked", len([m for m in day.mails if m.notice == "relay"]) == len(answered) and not other, other)


def days_after(tap, day):
    """Nobody answers any more: every clock rings when it was said to."""
    waits = day.rows("SELECT message, due FROM held WHERE status = 'waiting'")
    timeless = [m for m, due in waits if due == 0]
    tap.ok("all that waits for a person has its time", len(waits) > 20 and not timeless, timeless)
    before = len(day.mails)
    for when in [at(5, 7, 31)] + list(range(at(5, 8), at(5, 18, 20), 3600)) + [at(6, 7, 31)]:
        day.look(when)
    first, second = ([m for m in day.mails[before:] if m.to == LEE and m.notice == "digest-morning"] + [None] * 2)[:2]
    names = [w[0] for w in day.rows("SELECT m.author FROM held h JOIN message m ON m.id = h.message WHERE h.status = 'waiting'")]
    missing = [n for n in names if first is None or n not in first.words()]
    tap.ok("the next morning's digest names all who wait", not missing, missing[:10])
    late = day.rows("SELECT count (DISTINCT m.author) FROM held h JOIN message m ON m.id = h.message"
                    " WHERE h.status = 'waiting' AND h.due <= ?", at(6, 7, 31))[0][0]
    said = second.words().count("It was due by") if second is not None else 0
    tap.ok("and that of the day after says of each that its time is over", late == said > 0, "%d late, %d said" % (late, said))
    over = [m for m in day.mails if m.notice == "held-over"]
    # And of privacy concerns, their officer.
    told = {m.to for m in over}
    tap.ok("the lead and the approver are told when it is", {LEE, ALEX} <= told <= {LEE, ALEX, "sasha.security@office.example"}, told)
    most = max(r[0] for r in day.rows("SELECT count (*) FROM outbox WHERE case_id IS NULL GROUP BY rcpt, day, notice"))
    tap.ok("and nobody gets more than 20 mails of a kind a day about what belongs to no case", most <= 20, most)


def main(office, dovecot, exim):
    tap, day = Tap(), Day(office, dovecot, exim)
    forms, answered = working_day(day)
    if len(answered) < ANSWERS or forms < APPLICANTS:
        raise RuntimeError("only %d forms and %d answers" % (forms, len(answered)))
    while sum(day.came.values()) < 200:   # staff who ask, until the day is full
        n = sum(day.came.values())
        day.put(day.letter("Pat Manager <%s>" % PAT, PROGRAM, "[APP-2027-%04d] note" % (n % APPLICANTS + 1), "/note number %d" % n,
                           at(4, 18, 25)), at(4, 18, 25))
    day.look(at(4, 18, 30))
    judge(tap, day, forms, answered)
    settled = day.rows("SELECT count (*) FROM held WHERE status <> 'waiting'")[0][0]
    tap.ok("what staff answered no longer waits", settled == len(answered), "%d answered, %d settled" % (len(answered), settled))
    days_after(tap, day)
    for verb in (("replay", "--all"), ("fsck",)):
        done = day.verb(*verb)
        tap.ok("qecp " + " ".join(verb), done.returncode == 0, done.stdout + done.stderr)
    counts = day.rows("SELECT outcome, count (*) FROM message GROUP BY outcome")
    print("# messages: %s; mails that left: %d" % (", ".join("%s %d" % c for c in counts), len(day.mails)))
    print("1..%d" % tap.n)
    return 1 if tap.bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
