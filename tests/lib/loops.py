# SPDX-License-Identifier: GPL-3.0-or-later
"""Automatons that answer each other, day after day: what leaves stays under its limits, and the loop is named.

    loops.py [DAYS [CASE]]      so many days, 3 unless said otherwise; prints TAP

Each morning a person's mail sets the loop off; then everything that one side sends reaches the other a minute later, until both
are silent or the day is over.  Between the days the clocks of both offices run, so that reminders and digests come, too.
"""
import collections
import email
import email.policy
import email.utils
import os
import re
import shutil
import sys
import tempfile
import time
import zoneinfo

import story
from story_office import Office

QUOTA = 20          # mails to one address on one day: quota-per-address-and-day of rules/program.conf
DAY, MINUTE = 86400, 60
START = 1795437000  # a Monday at 07:30 in New York, 2026-11-23
LEAD = "lee.lead@"


class Failed(Exception):
    pass


class Side:
    """An office that talks to machines; what it sends to its own people is only counted."""

    def __init__(self, temp, name, domain, office=None):
        self.domain, self.number = domain, 0
        self.office = office or self.make(os.path.join(temp, name))
        self.sent = collections.Counter()   # (address, day) -> mails
        self.digests = []
        self.passes = 0

    def make(self, folder):
        office = Office(folder, os.environ.get("top_srcdir", "."), os.environ.get("top_builddir", "."), START, [])
        for name in ("qecp.conf", "roster.conf"):
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8") as f:
                text = f.read().replace("office.example", self.domain)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        return office

    def look(self, now):
        """One pass; the mails that left for somebody outside."""
        done = self.office.one_pass(now)
        self.passes += 1
        if done.returncode != 0:
            raise Failed("a pass ended with %d: %s" % (done.returncode, done.stderr))
        outside = []
        for mail in self.office.new_mail():
            if mail.to.endswith("@" + self.domain):
                self.digests += [mail] if mail.notice.startswith("digest") else []
                continue
            self.sent[mail.to, now // DAY] += 1
            outside.append(mail)
        return outside

    def receive(self, raw, now):
        self.office.deliver("program", raw, now)

    def named(self, address):
        return any(address in mail.text for mail in self.digests if mail.to.startswith(LEAD))

    def judge(self, address, loops):
        """After all: never more than the limit; LOOPS: it was reached, and the lead read of it."""
        most = max((n for (to, _), n in self.sent.items() if to == address), default=0)
        if most > QUOTA:
            raise Failed("%s got %d mails on one day" % (address, most))
        if loops and most < QUOTA:
            raise Failed("there was no loop: %s got %d mails on the busiest day" % (address, most))
        if loops != self.named(address):
            raise Failed("%s is %snamed in the lead's digests" % (address, "not " if loops else ""))
        if self.office.left_behind():
            raise Failed("left in the mailbox: %s" % self.office.left_behind())
        for verb in (("replay", "--all"), ("fsck",)):
            done = self.office.verb(*verb)
            if done.returncode != 0:
                raise Failed("qecp %s says:\n%s%s" % (" ".join(verb), done.stdout, done.stderr))
        return "at most %d mails a day to %s, %d in all, %d passes" % (most, address, sum(
            n for (to, _), n in self.sent.items() if to == address), self.passes)


def letter(sender, to, number, at, subject, text, extra=""):
    return ("From: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%s-%d@machine.example>\r\nDate: %s\r\n%sMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n"
            % (sender, to, subject, number, at, email.utils.formatdate(at), extra, text)).encode()


def stripped(mail, number, at):
    """A gateway keeps the words and nothing that says who wrote them, a person or a machine."""
    return letter(mail.header("From"), mail.to, "gate%d" % number, at, mail.subject, mail.text.replace("\n", "\r\n"))


def whole_day(sides, morning, step):
    """Let STEP carry mails until none comes, within the working day; then the night."""
    now = morning
    while now < morning + 10 * 3600 and step(now):
        now += MINUTE
    for side in sides:
        side.look(morning + DAY - 1)
    return now


def two_offices(temp, days, gateway):
    """An office writes to an office.  GATEWAY: all that says "machine" is lost on the way."""
    ours, theirs = Side(temp, "ours", "office.example"), Side(temp, "theirs", "other.example")
    mine, other = "program@office.example", "program@other.example"
    number = 0
    for day in range(days):
        morning = START + day * DAY
        ours.receive(letter("Other Office <%s>" % other, mine, "seed%d" % day, morning, "A question about your program",
                            "Good morning, we would like to apply to become a qualified entity. What do we do?"), morning)

        def step(now):
            nonlocal number
            moved = 0
            for side, peer, goal in ((ours, theirs, other), (theirs, ours, mine)):
                for mail in side.look(now):
                    if mail.to != goal:
                        continue
                    number += 1
                    moved += 1
                    peer.receive(stripped(mail, number, now) if gateway else mail.raw, now)
            return moved

        whole_day((ours, theirs), morning, step)
    return [ours.judge(other, gateway), theirs.judge(mine, gateway)]


def registered(temp):
    """The office in which Jane of Acme has registered."""
    source = os.environ.get("top_srcdir", ".")
    told = story.Story(os.path.join(source, "tests/stories/parts"), source, os.environ.get("top_builddir", "."), False)
    told.temp = temp
    for statement in story.read_story(os.path.join(told.folder, "..", "parts", "acme-registered.txt")):
        head, _, rest = statement.text.partition(" ")
        getattr(told, "do_" + head)(statement, rest.strip())
    told.office.set_digests(True)
    return told.office


def vacation(temp, days):
    """An applicant's vacation program answers each mail, and says nowhere that it is a machine."""
    side = Side(temp, "office", "office.example", registered(temp))
    jane, mine = "jane@acme.example", "program@office.example"
    number = 0
    for day in range(1, days + 1):
        morning = START + day * DAY
        side.receive(letter("Jane Doe <%s>" % jane, mine, "jane%d" % day, morning, "Where are we?", "STATUS"), morning)

        def step(now):
            nonlocal number
            mails = [m for m in side.look(now) if m.to == jane]
            for mail in mails:
                number += 1
                side.receive(letter("Jane Doe <%s>" % jane, mine, "away%d" % number, now, "Re: " + mail.subject, "STATUS\r\n\r\n"
                                    "I am on vacation and will answer when I am back.",
                                    "In-Reply-To: %s\r\n" % mail.header("Message-ID")), now)
            return len(mails)

        whole_day((side,), morning, step)
    return [side.judge(jane, True)]


def bouncing_list(temp, days):
    """A list that once wrote to us: each mail to it comes back from the list, and from members' servers in their own words."""
    side = Side(temp, "office", "office.example")
    there, mine = "members@list.example", "program@office.example"
    number = 0
    for day in range(days):
        morning = START + day * DAY
        side.receive(letter("Members <%s>" % there, mine, "list%d" % day, morning, "Data for our members",
                            "Dear all, one of us asks how to apply to become a qualified entity. What do we do?"), morning)

        def step(now):
            nonlocal number
            mails = [m for m in side.look(now) if m.to == there]
            for mail in mails:
                number += 1
                head, _, body = mail.raw.partition(b"\r\n\r\n")
                side.receive(b"List-Id: <members.list.example>\r\nPrecedence: list\r\n" + head + b"\r\n\r\n" + body, now)
                for member in range(3):
                    side.receive(letter("Mail Delivery System <mailer-daemon@member%d.example>" % member, mine,
                                        "bounce%d-%d" % (number, member), now, "Undeliverable: " + mail.subject,
                                        "This is the mail system at member%d.example.\r\n\r\nYour message could not be delivered to "
                                        "user%d@member%d.example:\r\n\r\n550 5.1.1 User unknown" % (member, member, member)), now)
            return len(mails)

        whole_day((side,), morning, step)
    most = max(collections.Counter(day for (to, day), n in side.sent.items() for _ in range(n)).values(), default=0)
    if most > QUOTA:
        raise Failed("%d mails left on one day: %s" % (most, side.sent))
    return [side.judge(there, False), "at most %d mails a day to anybody outside" % most]


CASES = [
    ("two offices write to each other", lambda temp, days: two_offices(temp, days, False)),
    ("two offices behind a gateway that takes away what says machine", lambda temp, days: two_offices(temp, days, True)),
    ("a vacation program that does not say it is one", vacation),
    ("a list whose members' servers refuse", bouncing_list),
]


def main(days=3, only=None):
    cases = [CASES[int(only) - 1]] if only else CASES
    bad = 0
    print("1..%d" % len(cases), flush=True)
    for n, (name, run) in enumerate(cases, 1):
        memory = "/dev/shm" if "TMPDIR" not in os.environ and os.access("/dev/shm", os.W_OK) else None
        temp = tempfile.mkdtemp(prefix="qecp-loops.", dir=memory)
        begin = time.monotonic()
        try:
            said = run(temp, int(days))
            print("ok %d - %s" % (n, name))
        except Exception as why:
            bad += 1
            said = ("%s: %s" % (type(why).__name__, why)).splitlines()
            print("not ok %d - %s" % (n, name))
        finally:
            shutil.rmtree(temp, ignore_errors=True)
        for line in said + ["%s days took %d s" % (days, time.monotonic() - begin)]:
            print("#   " + line)
        sys.stdout.flush()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
