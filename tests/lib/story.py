# SPDX-License-Identifier: GPL-3.0-or-later
"""Stories: conversations with an office that a program officer can read, run against the real programs.

    story.py [--show] FOLDER...       runs the stories; prints TAP; --show prints every mail that went out

A story says what comes in, when, and what must go out.  Whatever goes out or is held and is not expected fails
the story, and so does a mail that is left in a mailbox, a journal that does not replay and a chain that is broken.
The language is explained in tests/stories/README.
"""
import concurrent.futures
import datetime
import os
import re
import shlex
import shutil
import sys
import tempfile
import zoneinfo

import story_beginning
import story_language
import story_form
import story_mail
import story_sign
from story_office import Office

PROGRAM, SUPPORT = "program@office.example", "support@office.example"
MAX_ROUNDS = 60


class Broken(Exception):
    """The office did not do what the story says."""


class Statement:
    def __init__(self, where, text):
        self.where, self.text, self.below = where, text, []


def read_story(path, depth=0):
    """Statements, each with the indented lines below it."""
    statements = []
    if depth > 12:
        raise Broken("%s: parts begin with each other" % path)
    with open(path, encoding="utf-8") as f:
        lines = f.read().splitlines()
    for number, line in enumerate(lines, 1):
        where = "%s:%d" % (os.path.basename(os.path.dirname(path)) + "/" + os.path.basename(path), number)
        if not line.strip() or line.startswith("#"):
            continue
        if line[0] in " \t":
            if not statements:
                raise Broken("%s: an indented line belongs to nothing" % where)
            statements[-1].below.append((where, line.strip()))
        elif line.startswith("begin with "):
            part = os.path.join(os.path.dirname(path), "..", "parts", line[11:].strip() + ".txt")
            statements += read_story(os.path.normpath(part), depth + 1)
        else:
            statements.append(Statement(where, line.strip()))
    return statements


def quoted(text):
    """The words in quotation marks, or what stands there."""
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == '"' and text[-1] == '"' else text


def squeeze(text):
    return re.sub(r"\s+", " ", text)


def has_header(mail, line):
    """Whether MAIL has "NAME: VALUE" among its headers."""
    name, _, value = line.partition(":")
    return mail.header(name.strip()) == value.strip()


class Story:
    def __init__(self, folder, source, build, rebuild=False):
        self.folder, self.source, self.build, self.rebuild = folder, source, build, rebuild
        self.name = os.path.basename(os.path.normpath(folder))
        self.office, self.now, self.number, self.signers = None, 0, 0, None
        self.zone = zoneinfo.ZoneInfo("America/New_York")
        self.mails, self.waiting, self.held = [], [], set()
        self.last_raw, self.last_exit = b"", None
        self.log = []
        try:
            self.statements, self.unread = read_story(os.path.join(folder, "story.txt")), None
        except (Broken, OSError) as problem:
            self.statements, self.unread = [], problem
        self.said = story_beginning.keys(folder, self.statements)

    # --- time ---------------------------------------------------------------------------------------------------

    def time(self, text):
        """"2026-11-23 10:00", or "10:05" on the same day, or "+3 min"; on the office's clock."""
        text = text.strip()
        later = re.fullmatch(r"\+(\d+) ?(s|min|h|days?)", text)
        if later:
            return self.now + int(later[1]) * {"s": 1, "min": 60, "h": 3600}.get(later[2], 86400)
        if re.fullmatch(r"\d\d:\d\d", text):
            day = datetime.datetime.fromtimestamp(self.now, self.zone)
            return int(day.replace(hour=int(text[:2]), minute=int(text[3:]), second=0).timestamp())
        try:
            moment = datetime.datetime.strptime(text, "%Y-%m-%d %H:%M")
        except ValueError:
            raise Broken("'%s' is no time such as 2026-11-23 10:00" % text) from None
        return int(moment.replace(tzinfo=self.zone).timestamp())

    def date_header(self, at):
        return datetime.datetime.fromtimestamp(at, self.zone).strftime("%a, %d %b %Y %H:%M:%S %z")

    # --- what happens -------------------------------------------------------------------------------------------

    def do_office(self, statement, rest):
        """office TIME: below, `program NAME` for one of tests/programs, and settings.  There is one: a part goes on in it."""
        if self.office is not None:
            return
        source, settings = self.source, []
        for _, line in statement.below:
            if line.startswith("program "):
                source = os.path.join(self.source, "tests/programs", line[8:].strip())
                self.zone = self.zone_of(source)
            else:
                settings.append(line)
        self.now = self.time(rest)
        folder = os.path.join(self.temp, "office")
        self.office = Office(folder, source, self.build, self.now, settings)
        self.office.set_digests(False)

    def do_digests(self, statement, rest):
        """digests: from now on the people of the office get theirs"""
        self.office.set_digests(True)

    def do_tzdata(self, statement, rest):
        """tzdata RELEASE: from now on the database of time zones is of that release, with the same zones in it"""
        self.office.set_tzdata(rest.strip())

    def zone_of(self, source):
        with open(os.path.join(source, "rules/program.conf"), encoding="utf-8") as f:
            return zoneinfo.ZoneInfo(re.search(r'^\s*time-zone = "(.*)"', f.read(), re.M)[1])

    def do_clock(self, statement, rest):
        self.nothing_left_over()
        self.now = self.time(rest)
        self.run_pass()

    def do_pass(self, statement, rest):
        """pass TIME fails: the next pass must not succeed."""
        self.nothing_left_over()
        self.now = self.time(rest.removesuffix("fails"))
        self.last_exit = self.office.one_pass(self.now)
        if self.last_exit.returncode == 0:
            raise Broken("the pass succeeded")

    def run_pass(self):
        done = self.office.one_pass(self.now)
        if done.returncode != 0:
            raise Broken("the pass ended with %d:\n%s" % (done.returncode, done.stderr))
        fresh = self.office.new_mail()
        for mail in fresh:
            self.check_manners(mail)
            self.log.append(mail.show())
        self.mails += fresh
        self.waiting += fresh

    def check_manners(self, mail):
        """What is true of every mail of ours."""
        problems = []
        if mail.header("From").find(PROGRAM) < 0:
            problems.append("it does not come from the program's address")
        if mail.notice != "relay" and not mail.header("Auto-Submitted").startswith("auto-"):
            problems.append("it does not say that a machine wrote it")
        for odd in ("{{", "}}", "(null)", "GError", "  \n\n\n"):
            if odd in mail.text:
                problems.append("its text holds '%s'" % odd)
        if not mail.html or not mail.text.strip():
            problems.append("text or HTML is empty")
        if re.search(r"\n\n\n\n", mail.text):
            problems.append("there is a hole in its text")
        if problems:
            raise Broken("a mail with bad manners: %s\n%s" % ("; ".join(problems), mail.show()))

    def draft(self, sender, to, at):
        self.number += 1
        return story_mail.Draft(sender, to, self.date_header(at), self.number)

    def do_mail(self, statement, rest):
        """mail from WHO at TIME, or mail FILE.eml at TIME"""
        self.nothing_left_over()
        what, at = self.split_time(rest)
        if what.startswith("from "):
            draft = self.draft(what[5:], PROGRAM, at)
            self.write_and_send(draft, None, statement, at)
            return
        with open(os.path.join(self.folder, what.strip()), "rb") as f:
            raw = f.read()
        for token in set(re.findall(rb"@@([a-z0-9-]+) ([^@ ]+@[^@ ]+)@@", raw)):
            last = self.last_to(token[1].decode(), token[0].decode())
            raw = raw.replace(b"@@%s %s@@" % token, last.header("Message-ID").strip("<>").encode())
        self.send(raw, self.options(statement), at)

    def do_reply(self, statement, rest):
        """reply from ADDRESS to NOTICE [that says "WORDS"] at TIME: to the last such mail the address got"""
        self.nothing_left_over()
        what, at = self.split_time(rest)
        found = re.fullmatch(r'from (.+?) to (\S+)(?: that says "(.+)")?', what)
        if not found:
            raise Broken('a reply reads: reply from ADDRESS to NOTICE [that says "WORDS"] at TIME')
        address = re.search(r"[^\s<>]+@[^\s<>]+", found[1])[0].lower()
        original = self.last_to(address, found[2], found[3] or "")
        draft = self.draft(found[1], original.header("Reply-To") or original.header("From"), at)
        subject = original.subject
        draft.headers["Subject"] = subject if subject.startswith("Re: ") else "Re: " + subject
        mid = original.header("Message-ID")
        draft.headers["In-Reply-To"] = mid
        draft.headers["References"] = (original.header("References") + " " + mid).strip()
        self.write_and_send(draft, original, statement, at)

    def do_bounce(self, statement, rest):
        """bounce of NOTICE to ADDRESS [(full)] at TIME: the address is unknown, or the mailbox full, says a report about the last such mail"""
        self.nothing_left_over()
        what, at = self.split_time(rest)
        _, notice, _, address, *why = what.split()
        self.number += 1
        self.send(story_mail.bounce(self.last_to(address, notice), PROGRAM, self.number, why == ["(full)"]), self.options(statement), at)

    def split_time(self, rest):
        what, _, when = rest.rpartition(" at ")
        return what, self.time(when)

    def last_to(self, address, notice, words=""):
        for mail in reversed(self.mails):
            if mail.to == address.lower() and notice in ("last", mail.notice) and words in squeeze(mail.text):
                return mail
        raise Broken("%s never got a mail '%s'" % (address, notice))

    def options(self, statement):
        return {line for _, line in statement.below
                if line.startswith(("into ", "our server says ", "signed by ", "signed inside by ")) or line in ("waits", "bare")}

    def write_and_send(self, draft, original, statement, at):
        options = self.options(statement)
        if "bare" in options:
            draft.headers["To"] = PROGRAM
            draft.headers["In-Reply-To"] = draft.headers["References"] = None
        answers, mark, how, forms = [], None, None, []
        for where, line in statement.below:
            form = re.fullmatch(r"(return|make) (\S+?)(?: as (\S+))?(?: (flattened|with macros))?", line)
            if form:
                forms.append((form, []))
            elif line.startswith("enter ") and forms:
                forms[-1][1].append([x.strip() for x in line[6:].split(":", 1)])
            elif line.startswith("fill "):
                answers.append([x.strip() for x in line[5:].split(":", 1)])
            elif line.startswith("form marked "):
                mark = quoted(line[12:]) + " "
            elif line in ("quoting", "quoting like Outlook"):
                how = line
            elif line not in options:
                self.write_line(draft, where, line)
        when = draft.headers.get("Date") or ""
        if answers:
            draft.text += story_mail.fill(original, answers, mark or "")
        if how:
            quote = story_mail.quote if how == "quoting" else story_mail.quote_outlook
            draft.text += quote(original, when)
        for form, entries in forms:
            blank = self.blank(original, form[2]) if form[1] == "return" else None
            name = form[3] or form[2]
            draft.ready.append((name, story_form.finish(blank, name, entries, form[4] or "")))
        raw = draft.bytes()
        self.send(raw, options, at)

    def blank(self, original, name):
        """The blank form as it came with the mail that is answered, else as it lies in the office."""
        data = original.file(name) if original is not None else None
        if data is None:
            with open(os.path.join(self.office.folder, "templates", "forms", name), "rb") as f:
                data = f.read()
        return data

    def write_line(self, draft, where, line):
        """One line below `mail` or `reply`."""
        head, _, value = line.partition(" ")
        signed = re.fullmatch(r"attach (\S+) signed by (\S+)(?: and changed)?", line)
        saying = re.fullmatch(r'attach (\S+\.pdf) saying "(.*)"', line)
        scanned = re.fullmatch(r"attach (\S+\.pdf) of (\d+) pages, scanned from (\d+) to (\d+)", line)
        attach = re.fullmatch(r"attach (\S.*?)(?: \(([a-z ]+)\))?(?: of (\d+) KB)?(?: (\d+) times)?", line)
        if line[0] == "|":
            draft.text.append(line[2:])
        elif line.startswith("html|"):
            draft.html.append(line[6:])
        elif head == "subject":
            draft.headers["Subject"] = value
        elif head == "to":
            draft.headers["To"] = value
        elif head == "header":
            name, _, content = value.partition(":")
            draft.headers[name.strip()] = content.strip()
        elif head == "without":
            draft.headers[value] = None
        elif line.startswith("in the conversation of "):
            draft.headers["Thread-Index"] = story_mail.conversation(self.last_to(line.split()[6], line.split()[4]))
        elif head == "charset":
            draft.charset = value
        elif head == "emoji":
            draft.text.append("\U0001F44D")
        elif signed:
            data = self.signers.document(signed[2], self.now)
            if line.endswith(" and changed"):
                data = data.replace(b"pay 100 EUR", b"pay 999 EUR")
            draft.ready.append((signed[1], data))
        elif saying:
            draft.ready.append((saying[1], story_mail.pdf_saying(saying[2].replace("\\n", "\n"))))
        elif scanned:
            pages, first, last = (int(group) for group in scanned.groups()[1:])
            words = ["" if first <= n <= last else "Words of page %d." % n for n in range(1, pages + 1)]
            draft.ready.append((scanned[1], story_mail.pdf_showing(words)))
        elif attach:
            for n in range(int(attach[4] or 1)):
                name = attach[1] if not attach[4] else "%d-%s" % (n + 1, attach[1])
                kind = attach[2] or name.rsplit(".", 1)[-1]
                draft.files.append((name, kind, 1024 * int(attach[3] or 0)))
        else:
            raise Broken("%s: a mail has no line '%s'" % (where, line))

    def send(self, raw, options, at):
        boxes = ["program"]
        for option in options:
            if option.startswith("into "):
                boxes = ["program", "support"] if option == "into both" else [option[5:]]
        for option in sorted(options):
            if option.startswith("signed "):
                inside, changed = option.startswith("signed inside "), option.endswith(" and changed")
                who, _, days = option.removesuffix(" and changed").partition(" by ")[2].partition(" ")
                then = at - 86400 * int(days.split()[0] or 0) if days else at
                raw = re.sub(rb"(?m)^Date: [^\r]*", b"Date: " + self.date_header(then).encode(), raw, count=1)
                raw = self.signers.opaque(raw, who, then) if inside else self.signers.mail(raw, who, then)
                raw = self.signers.changed(raw) if changed else raw
        for option in sorted(options):
            if option.startswith("our server says "):
                raw = story_mail.stamp(option[16:]) + raw
        self.last_raw = raw
        for n, box in enumerate(boxes):
            # Each mailbox's server adds its own trace.
            trace = b"Received: by %s.mail.example; now\r\n" % box.encode() if len(boxes) > 1 else b""
            self.office.deliver(box, trace + raw, at)
        self.now = max(self.now, at)
        if "waits" not in options:
            self.run_pass()

    def do_rewrapped(self, statement, rest):
        """rewrapped [with its signature twice] at TIME: what was sent last, signature and all, in a mail of its own"""
        self.nothing_left_over()
        self.number += 1
        raw = self.signers.twice(self.last_raw) if rest.startswith("with its signature twice") else self.last_raw
        raw = re.sub(rb"(?m)^Message-ID: [^\r]*", b"Message-ID: <story-%d@mail.example>" % self.number, raw, count=1)
        self.send(raw, self.options(statement), self.split_time(" " + rest)[1])

    def do_signers(self, statement, rest):
        """signers [untrusted | below another authority]: from now on people may sign, and the office trusts their authority, or nobody"""
        self.signers = story_sign.Signers(os.path.join(self.office.folder, "signers"), rest == "below another authority")
        if rest == "untrusted":
            return
        with open(self.office.conf, "a", encoding="utf-8") as f:
            f.write("signatures { trust = {%s} }\n" % ", ".join('"%s"' % a for a in self.signers.authorities))

    def do_new(self, statement, rest):
        """new certificate of ADDRESS"""
        self.signers.renew(rest.split()[-1])

    def do_again(self, statement, rest):
        """again at TIME: the very same bytes once more"""
        self.nothing_left_over()
        self.send(self.last_raw, self.options(statement), self.split_time(" " + rest)[1])

    def do_autoresponder(self, statement, rest):
        """autoresponder ADDRESS [is held]: answers every mail it gets until none comes; no header says that it is a
        machine"""
        rest, _, is_held = rest.partition(" ")
        sent = 0
        while sent < MAX_ROUNDS:
            mine = [m for m in self.waiting if m.to == rest]
            if not mine:
                return
            self.waiting = [m for m in self.waiting if m.to != rest]
            for mail in mine:
                at = self.now + 30
                draft = self.draft(rest, mail.header("Reply-To") or mail.header("From"), at)
                draft.headers["Subject"] = "Re: " + mail.subject
                draft.headers["In-Reply-To"] = draft.headers["References"] = mail.header("Message-ID")
                draft.text = [line[2:] for _, line in statement.below if line[0] == "|"]
                self.send(draft.bytes(), set(), at)
                sent += 1
                self.held.update(row["message"] for row in self.new_held() if is_held and row["from"] == rest)
        raise Broken("%s was still being answered after %d mails" % (rest, sent))

    def do_rebuild(self, statement, rest):
        """rebuild: at the end the office loses its database, and is made again from its mail"""
        self.rebuild = True

    def do_edit(self, statement, rest):
        """edit FILE: replace "A" with "B" in a file of the office"""
        path = os.path.join(self.office.folder, rest)
        with open(path) as f:
            text = f.read()
        for where, line in statement.below:
            words = shlex.split(line)
            if len(words) != 4 or words[0] != "replace" or words[1] not in text:
                raise Broken('%s: replace "words of the file" with "others"' % where)
            text = text.replace(words[1], words[3])
        with open(path, "w") as f:
            f.write(text)

    def do_copy(self, statement, rest):
        """copy FOLDER FOLDER, both of the office"""
        source, target = (os.path.join(self.office.folder, name) for name in rest.split())
        shutil.copytree(source, target)

    def do_file(self, statement, rest):
        """file NAME: a file of the office, of the lines below"""
        path = os.path.join(self.office.folder, rest)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.writelines(line[2:] + "\n" for _, line in statement.below)

    # --- what must be -------------------------------------------------------------------------------------------

    def do_expect(self, statement, rest):
        head, _, value = rest.partition(" ")
        known = {"nothing": self.expect_nothing, "held": self.expect_held, "case": self.expect_case,
                 "no": self.expect_no, "outcome": self.expect_outcome, "timer": self.expect_timer,
                 "gate": self.expect_gate, "failure": self.expect_failure, "at": self.expect_at_most,
                 "cases": self.expect_cases, "only": self.expect_only, "qecp": self.expect_qecp, "search": self.expect_search}
        if re.fullmatch(r"[a-z0-9/-]+ to \S+@\S+", rest):
            self.expect_mail(statement, head, rest.split(" to ")[1])
        elif head in known:
            known[head](statement, value)
        else:
            raise Broken("a story cannot expect '%s'" % rest)

    def describe_waiting(self):
        if not self.waiting:
            return "Nothing came."
        return "What came:\n" + "\n".join("- %s to %s: %s" % (m.notice, m.to, m.subject) for m in self.waiting)

    def expect_mail(self, statement, notice, address):
        for mail in self.waiting:
            if mail.notice == notice and mail.to == address.lower():
                self.waiting.remove(mail)
                for where, line in statement.below:
                    self.check_mail(where, line, mail)
                return
        why = self.office.last_message() if self.office else None
        told = "\nThe last message was %s (%s) by '%s'." % (why["outcome"], why["reason"], why["rule"]) if why else ""
        raise Broken("expected the mail '%s' to %s.  %s%s" % (notice, address, self.describe_waiting(), told))

    def check_mail(self, where, line, mail):
        tests = [("does not say ", lambda w: squeeze(w) not in mail.words() and squeeze(w) not in mail.html),
                 ("says ", lambda w: squeeze(w) in mail.words()),
                 ("subject has ", lambda w: w in mail.subject),
                 ("subject lacks ", lambda w: w not in mail.subject),
                 ("attaches nothing", lambda w: not mail.files),
                 ("attaches ", lambda w: w in mail.files),
                 ("marks the date ", lambda w: w.replace("-", "") in mail.calendar.replace("-", "")),
                 ("marks no date", lambda w: not mail.calendar),
                 ("answers the last mail", lambda w: mail.header("In-Reply-To") and
                  mail.header("In-Reply-To").encode() in self.last_raw),
                 ("has header ", lambda w: has_header(mail, w)),
                 ("comes from a person", lambda w: not mail.header("Auto-Submitted"))]
        for head, test in tests:
            if line.startswith(head):
                words = quoted(line[len(head):])
                if not test(words):
                    raise Broken("%s: expected that the mail %s.  It reads:\n%s" % (where, line, mail.show()))
                return
        raise Broken("%s: of a mail nothing can be expected like '%s'" % (where, line))

    def expect_nothing(self, statement, rest):
        if self.waiting:
            raise Broken("expected that nothing is sent.  %s\n%s" % (self.describe_waiting(), self.waiting[0].show()))

    def expect_at_most(self, statement, rest):
        """at most N mails a day to ADDRESS"""
        found = re.fullmatch(r"most (\d+) mails a day to (\S+)", rest)
        days = self.office.query("SELECT count (*) FROM outbox WHERE rcpt = ? GROUP BY day", found[2])
        if not days or max(n for n, in days) > int(found[1]):
            raise Broken("%s got %s mails a day" % (found[2], [n for n, in days]))

    def expect_only(self, statement, rest):
        """only LANGUAGE to ADDRESS, in all mails so far"""
        found = re.fullmatch(r"([a-z]{2,3}) to (\S+)", rest)
        mails = [m for m in self.mails if m.to == found[2].lower()]
        if not mails:
            raise Broken("%s got no mail" % found[2])
        for mail in mails:
            others = story_language.strangers(self.source, found[1], mail)
            if mail.header("Content-Language") != found[1] or others:
                raise Broken("the mail '%s' says in another language: %s\n%s" % (mail.notice, "; ".join(others), mail.show()))

    def expect_qecp(self, statement, rest):
        """qecp VERB... ends STATUS: below, what it says; a word of the shape ./NAME is a file of the office"""
        verb, _, status = rest.rpartition(" ends ")
        words = [os.path.join(self.office.folder, w[2:]) if w.startswith("./") else w for w in shlex.split(verb)]
        done = self.office.verb_at(self.now, *words)
        said = squeeze(done.stdout + done.stderr)
        if done.returncode != int(status):
            raise Broken("it ended with %d: %s" % (done.returncode, said))
        for where, line in statement.below:
            lacks = line.startswith("does not say ")
            words = squeeze(quoted(line.removeprefix("does not say ").removeprefix("says ")))
            if (words in said) == lacks:
                raise Broken("%s: it says:\n%s%s" % (where, done.stdout, done.stderr))

    def expect_search(self, statement, rest):
        """search "words" finds N: in the index of all messages"""
        found = re.fullmatch(r'"(.*)" finds (\d+)', rest)
        n, = self.office.query("SELECT count (*) FROM message_text WHERE message_text MATCH ?", '"%s"' % found[1])[0]
        if n != int(found[2]):
            raise Broken("%d messages are found" % n)

    def new_held(self):
        return [row for row in self.office.ask("held") if row["message"] not in self.held]

    def expect_held(self, statement, rest):
        """held "REASON": a message waits for a person, and this is why"""
        rows = self.new_held()
        for row in rows:
            if quoted(rest) in row["reason"]:
                self.held.add(row["message"])
                return
        why = self.office.last_message()
        raise Broken("expected a held message (%s).  Held: %s.  The last message was %s (%s) by '%s'."
                     % (rest, [r["reason"] for r in rows] or "nothing", why["outcome"], why["reason"], why["rule"]))

    def expect_outcome(self, statement, rest):
        """outcome filed|answered|held by "RULE" """
        why = self.office.last_message()
        outcome, _, rule = rest.partition(" by ")
        if why["outcome"] != outcome.strip() or (rule and why["rule"] != quoted(rule)):
            raise Broken("the last message was %s (%s) by '%s'" % (why["outcome"], why["reason"], why["rule"]))

    def expect_cases(self, statement, rest):
        cases = self.office.ask("case", "list")
        if len(cases) != int(rest):
            raise Broken("there are %d cases: %s" % (len(cases), [c["ref"] for c in cases]))

    def expect_no(self, statement, rest):
        head, _, value = rest.partition(" ")
        if head == "timer":
            rows = [t for t in self.office.ask("timers") if t["timer"] == value]
            if rows:
                raise Broken("a timer runs: %s" % rows)
        elif head == "case":
            if self.office.ask("case", "list"):
                raise Broken("there is a case")
        else:
            raise Broken("a story cannot expect 'no %s'" % rest)

    def expect_timer(self, statement, rest):
        """timer NAME due TIME, or timer NAME paused"""
        name, _, when = rest.partition(" ")
        rows = [t for t in self.office.ask("timers") if t["timer"] == name and not t["reminder"]]
        if when == "paused":
            good = any(t["paused"] for t in rows)
        else:
            due = datetime.datetime.fromtimestamp(self.time(when.removeprefix("due ")), datetime.timezone.utc)
            good = any(t["due"] == due.strftime("%Y-%m-%dT%H:%M:%SZ") and not t["paused"] for t in rows)
        if not good:
            raise Broken("the timers %s are: %s" % (name, [(t["due"], t["paused"], t["why"]) for t in rows]))

    def expect_gate(self, statement, rest):
        """gate ADDRESS "REASON": a mail to the address was not written"""
        address, _, reason = rest.partition(" ")
        refused = self.office.gate()
        if not any(r["rcpt"] == address and quoted(reason) in r["why"] for r in refused):
            raise Broken("the gate refused: %s" % refused)

    def expect_failure(self, statement, rest):
        """failure STATUS saying "WORDS" """
        status, _, words = rest.partition(" saying ")
        done = self.last_exit
        if done.returncode != int(status) or quoted(words) not in done.stderr:
            raise Broken("it ended with %d: %s" % (done.returncode, done.stderr))

    def expect_case(self, statement, rest):
        ref, _, inline = rest.partition(" ")
        case = self.office.ask("case", "show", ref)
        lines = list(statement.below) + ([(statement.where, inline)] if inline else [])
        for where, line in lines:
            self.check_case(where, line, case)

    def check_case(self, where, line, case):
        head, _, value = line.partition(" ")
        documents = ["%s %s v%d %s %s" % (d["element"], d["document"], d["version"], d["status"], d["file"])
                     for d in case["documents"]]
        have = {"state": [case["state"]], "owner": [case["owner"]], "organization": [case["organization"]],
                "contact": [c["email"] for c in case["contacts"]],
                "finding": ["%s %s" % (f["element"], f["finding"]) for f in case["findings"]],
                "question": ["%s %s" % (k["element"], "open" if k["open"] else "closed")
                             for k in case["clarifications"]],
                "document": documents, "documents": [str(len(documents))],
                "link": [r["ref"] for r in case["links"]],
                "related": ["%s %s" % (r["ref"], r["is"]) for r in case["related"]],
                "field": ["%s %s" % (f["name"], f["value"]) for f in case["fields"]]}
        if head not in have:
            raise Broken("%s: of a case nothing can be expected like '%s'" % (where, line))
        if quoted(value) not in have[head]:
            raise Broken("%s: expected %s; the case has: %s" % (where, line, ", ".join(have[head]) or "none"))

    # --- the end ------------------------------------------------------------------------------------------------

    def nothing_left_over(self):
        """Nothing happens behind the story's back."""
        if self.waiting:
            raise Broken("the story does not expect this.  %s\n%s" % (self.describe_waiting(), self.waiting[0].show()))
        rows = [row for row in self.office.waiting() if row[0] not in self.held] if self.office else []
        if rows:
            raise Broken("the story does not expect that this is held: %s" % rows)

    def finish(self):
        self.nothing_left_over()
        said, is_so = [(row["message"], row["reason"]) for row in self.office.ask("held")], self.office.waiting()
        if said != is_so:
            raise Broken("qecp held says %s, and what waits is %s" % (said, is_so))
        left, kept = self.office.left_behind(), self.office.kept()
        if left or kept != len(self.office.delivered):
            raise Broken("%d mails came, %d are in Filed or Held, left behind: %s" % (len(self.office.delivered),
                                                                                   kept, left))
        for verb in (("replay", "--all"), ("fsck",)):
            done = self.office.verb(*verb)
            if done.returncode != 0:
                raise Broken("qecp %s says:\n%s%s" % (" ".join(verb), done.stdout, done.stderr))

    def lose_and_rebuild(self):
        """Without its database and its archive the office is made again from its mail, and knows what it knew."""
        done = self.office.rebuilt(self.now)
        if done.returncode != 0:
            raise Broken("qecp rebuild ends with %d:\n%s%s" % (done.returncode, done.stdout, done.stderr))
        was, now = self.office.before, self.office.state()
        if was != now:
            raise Broken("made again from its mail, the office is another:\n" + "\n".join(
                ["- " + line for line in was if line not in now] + ["+ " + line for line in now if line not in was]))
        done = self.office.verb("replay", "--all")
        if done.returncode != 0:
            raise Broken("made again, it does not replay:\n" + done.stdout)

    def do(self, statement):
        self.where = "%s: %s" % (statement.where, statement.text)
        head, _, rest = statement.text.partition(" ")
        do = getattr(self, "do_" + head, None)
        if do is None:
            raise Broken("a story has no word '%s'" % head)
        do(statement, rest.strip())

    def run(self, beginnings):
        """None, or why the story failed."""
        self.temp = tempfile.mkdtemp(prefix="qecp-story.", dir=beginnings.memory)
        self.where = self.name
        try:
            if self.unread:
                raise self.unread
            beginnings.reach(self, len(self.statements))
            self.where = "the end"
            self.finish()
            if self.rebuild:
                self.lose_and_rebuild()
            return None
        except Exception as problem:  # a story that trips over itself is a failed story, not the end of the others
            kind = "" if isinstance(problem, Broken) else type(problem).__name__ + ": "
            return "%s\n%s%s" % (self.where, kind, problem)
        finally:
            if os.environ.get("KEEP_STORIES"):
                self.log.append("kept in " + self.temp)
            else:
                shutil.rmtree(self.temp, ignore_errors=True)


def report(stories, outcomes, show):
    """How many stories failed."""
    bad = 0
    print("1..%d" % len(stories), flush=True)
    for number, (story, why) in enumerate(zip(stories, outcomes), 1):
        bad += why is not None
        print("%s %d - %s" % ("ok" if why is None else "not ok", number, story.name))
        for line in (why or "").splitlines():
            print("#   " + line)
        for text in story.log if show else []:
            print("#\n" + "\n".join("#     " + line for line in text.splitlines()))
        sys.stdout.flush()
    return bad


def main(arguments):
    folders = [a for a in arguments if not a.startswith("--")]
    source = os.environ.get("top_srcdir", ".")
    build = os.environ.get("top_builddir", ".")
    stories = [Story(f, source, build, "--rebuild" in arguments) for f in folders]
    # In memory where that is possible: an office syncs every mail to the disk, and here nobody needs it there.
    memory = "/dev/shm" if "TMPDIR" not in os.environ and os.access("/dev/shm", os.W_OK) else None
    beginnings = story_beginning.Beginnings(memory, [story.said for story in stories])
    try:
        with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            outcomes = pool.map(lambda story: story.run(beginnings), stories)
            return 1 if report(stories, outcomes, "--show" in arguments) else 0
    finally:
        beginnings.remove()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
