# SPDX-License-Identifier: GPL-3.0-or-later
"""An office of its own for one story: made, fed, let run and asked, all through its two programs."""
import json
import os
import sqlite3
import shutil
import subprocess
import sys

from story_mail import Received

TIMEOUT_S = 120


class Office:
    def __init__(self, folder, source, build, at, settings):
        self.build = build
        self.lies_in(folder)
        self.seen, self.delivered = set(), []
        self.env = {"TZ": "UTC"}
        done = self.run("qecp", "--now", str(at), "init", "--data", source, folder)
        if done.returncode != 0:
            raise RuntimeError("qecp init failed: " + done.stderr)
        os.system("chmod -R u+w '%s'" % folder)  # a distribution's own folders may be read-only
        with open(self.conf) as f:
            text = f.read()
        lines = "".join("  %s\n" % s for s in settings)
        with open(self.conf, "w") as f:
            f.write(text.replace("office {\n", "office {\n" + lines, 1))

    def lies_in(self, folder):
        self.folder, self.conf = folder, os.path.join(folder, "qecp.conf")

    def set_digests(self, on):
        """Without digests a story tells of one matter only."""
        roster = os.path.join(self.folder, "roster.conf")
        with open(roster) as f:
            text = f.read().replace(" digest = false }", " }")
        with open(roster, "w") as f:
            f.write(text if on else text.replace(" }\n", " digest = false }\n"))

    def set_tzdata(self, release):
        """The same time zones, of another release of their database."""
        here, there = os.environ.get("TZDIR", "/usr/share/zoneinfo"), os.path.join(self.folder, "..", "zoneinfo")
        os.makedirs(there)
        for name in os.listdir(here):
            if name != "tzdata.zi":
                os.symlink(os.path.join(here, name), os.path.join(there, name))
        with open(os.path.join(there, "tzdata.zi"), "w") as f:
            f.write("# version %s\n# This zic input file is in the public domain.\n" % release)
        self.env["TZDIR"] = there

    def run(self, program, *arguments):
        return subprocess.run([os.path.join(self.build, program), *arguments], capture_output=True, text=True,
                              errors="replace", timeout=TIMEOUT_S, env={**os.environ, **self.env})

    def ask(self, *verb):
        """A verb's JSON; its exit status may say no, but nothing may have failed."""
        done = self.run("qecp", "--config", self.conf, *verb, "--json")
        if done.returncode not in (0, 1):
            raise RuntimeError("qecp %s: %s" % (" ".join(verb), done.stderr.strip()))
        return json.loads(done.stdout)

    def verb(self, *verb):
        return self.run("qecp", "--config", self.conf, *verb)

    def verb_at(self, at, *verb):
        """The same; a mail that it writes into the mailbox came AT that time."""
        before = self.left_behind()
        done = self.verb(*verb)
        for new in set(self.left_behind()) - set(before):
            mailbox, sub, name = new.split("/", 2)
            os.utime(os.path.join(self.folder, "mail", mailbox, sub, name), (at, at))
            self.delivered.append((mailbox, name))
        return done

    def deliver(self, mailbox, raw, at):
        """Put a mail into a mailbox as the mail server would; its file's time is when it arrived."""
        base = os.path.join(self.folder, "mail", mailbox)
        for sub in ("tmp", "new", "cur"):
            os.makedirs(os.path.join(base, sub), exist_ok=True)
        name = "%d.S%d.story" % (at, len(self.delivered))
        path = os.path.join(base, "new", name)
        with open(path, "wb") as f:
            f.write(raw)
        os.utime(path, (at, at))
        self.delivered.append((mailbox, name))

    def one_pass(self, at):
        return self.run("qecpd", "--config", self.conf, "--once", "--now", str(at))

    def state(self):
        done = subprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), "office-state.py"), self.folder],
                              capture_output=True, text=True, check=True)
        # A digest is written for each day, where the office wrote one for all on which it did not run.
        return [line for line in done.stdout.splitlines() if not line.startswith("mail: digest")]

    def rebuilt(self, at):
        """The database and the archive are lost, and made again from the mail; before is what it knew."""
        self.before = self.state()
        for name in os.listdir(self.folder):
            if name.startswith("qecp.db"):
                os.remove(os.path.join(self.folder, name))
        shutil.rmtree(os.path.join(self.folder, "archive"))
        return self.run("qecp", "--config", self.conf, "--now", str(at), "rebuild", "--from", "all")

    def query(self, sql, *values):
        db = sqlite3.connect("file:%s/qecp.db?mode=ro" % self.folder, uri=True)
        try:
            return db.execute(sql, values).fetchall()
        finally:
            db.close()

    def waiting(self):
        """The held messages, each with its reason: asked of the database, because every step of a story asks, and a program's start takes long."""
        if not os.path.exists(os.path.join(self.folder, "qecp.db")):
            return []
        return self.query("SELECT message, reason FROM held WHERE status = 'waiting' ORDER BY id")

    def new_mail(self):
        """What was sent since the last time, oldest first."""
        new = os.path.join(self.folder, "mail", "out", "new")
        names = sorted(os.listdir(new), key=lambda n: int(n.split(".I")[1].split("P")[0])) if os.path.isdir(new) else []
        fresh = [n for n in names if n not in self.seen]
        self.seen.update(fresh)
        mails = []
        for name in fresh:
            with open(os.path.join(new, name), "rb") as f:
                raw = f.read()
            number = int(name.split(".I")[1].split("P")[0])
            notice = self.query("SELECT notice FROM outbox WHERE id = ?", number)
            mails.append(Received(raw, notice[0][0] if notice else "?"))
        return mails

    def last_message(self):
        rows = self.query("SELECT max (id) FROM message")
        return self.ask("explain", str(rows[0][0])) if rows[0][0] else None

    def gate(self):
        rows = self.query("SELECT detail FROM event WHERE kind = 'outbox.refused'")
        return [json.loads(r[0]) for r in rows]

    def left_behind(self):
        """Mails that are neither filed nor held."""
        left = []
        for mailbox in ("program", "support"):
            for sub in ("new", "cur"):
                folder = os.path.join(self.folder, "mail", mailbox, sub)
                left += ["%s/%s/%s" % (mailbox, sub, n) for n in (os.listdir(folder) if os.path.isdir(folder) else [])]
        return left

    def kept(self):
        """How many mails lie in Filed and Held."""
        n = 0
        for mailbox in ("program", "support"):
            for sub in (".Filed", ".Held"):
                for part in ("new", "cur"):
                    folder = os.path.join(self.folder, "mail", mailbox, sub, part)
                    n += len(os.listdir(folder)) if os.path.isdir(folder) else 0
        return n
