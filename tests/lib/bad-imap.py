#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An IMAP server that misbehaves as it is told.

    bad-imap.py PORT-FILE LOG-FILE [NAME=VALUE | NAME]...

It listens on a free port of 127.0.0.1, writes the port to PORT-FILE and each command it gets to
LOG-FILE, and serves until it is killed.  One mailbox, user "office", password "secret", token "good".
COMMAND below is a word such as LOGIN or FETCH, or GREETING.

    messages=N          three unless told
    drop=COMMAND        close instead of answering
    bye=COMMAND         say "* BYE" instead of answering, then close
    stall=COMMAND       never answer
    trickle=COMMAND     answer one byte a second from here on
    garbage=COMMAND     answer with something that is not IMAP
    huge=COMMAND        answer with a line without end
    refuse=COMMAND:CODE answer NO [CODE]
    literal-long        a body's literal announces more than comes
    literal-short       ... less than comes
    literal-endless     ... four gigabytes, and they do come
    cut                 the connection ends in the middle of a body
    size-differs        RFC822.SIZE is not the size of the body
    size=N              RFC822.SIZE is N
    zero-body           bodies are empty whatever their size
    unsolicited         FETCHes of other messages, with bodies, in every answer
    vanish              a message asked for by its UID is gone
    uidvalidity         another UIDVALIDITY with each connection
    inject, inject-late STARTTLS is answered, and text in clear follows (at once, or after half a second)
    preauth             the greeting says that we are logged in
    without=A,B         do not announce these capabilities
    with=A,B            announce these too
    prefix=P            folders are under P, and levels are separated by '.'
    no-news             changes are not told in IDLE
"""
import base64
import os
import re
import socket
import sys
import threading
import time

CAPABILITIES = ["IMAP4rev1", "IDLE", "MOVE", "UIDPLUS", "STARTTLS", "AUTH=PLAIN", "AUTH=XOAUTH2"]
GARBAGE = b"\x00\xff<html>\x01)) (((\r\n"


class Office:
    """What outlives a connection."""

    def __init__(self, options, log):
        self.options = options
        self.log = log
        self.connections = 0
        self.folders = {"INBOX"}
        count = int(options.get("messages", 3))
        self.messages = {uid: self.body(uid) for uid in range(1, count + 1)}
        self.deleted = set()

    @staticmethod
    def body(uid):
        return b"Subject: %d\r\n\r\n%s\r\n" % (uid, b"x" * (100 * uid))

    def note(self, line):
        self.log.write(line + "\n")
        self.log.flush()


class Session:
    def __init__(self, office, sock):
        self.office = office
        self.options = office.options
        self.sock = sock
        self.reader = sock.makefile("rb")
        self.slow = False
        self.uidvalidity = 1000 + (office.connections if "uidvalidity" in self.options else 0)

    # --- sending -------------------------------------------------------------
    def send(self, data):
        if isinstance(data, str):
            data = data.encode()
        if not self.slow:
            self.sock.sendall(data)
            return
        for byte in data:
            self.sock.sendall(bytes([byte]))
            time.sleep(1)

    def misbehave(self, word):
        """Instead of the answer to WORD; True when that was all."""
        told = {k for k in ("drop", "bye", "stall", "trickle", "garbage", "huge")
                if self.options.get(k) == word}
        if "drop" in told:
            raise EOFError
        if "bye" in told:
            self.send("* BYE [UNAVAILABLE] not now\r\n")
            raise EOFError
        if "stall" in told:
            time.sleep(60)
            raise EOFError
        if "trickle" in told:
            self.slow = True
        if "garbage" in told:
            self.send(GARBAGE)
            return True
        if "huge" in told:
            self.send("* OK ")
            while True:
                self.send(b"x" * 1000000)
        return False

    # --- the protocol ----------------------------------------------------------
    def capabilities(self):
        without = self.options.get("without", "").split(",")
        more = [c for c in self.options.get("with", "").split(",") if c]
        return " ".join([c for c in CAPABILITIES if c not in without] + more)

    def run(self):
        if not self.misbehave("GREETING"):
            self.send("* PREAUTH hello\r\n" if "preauth" in self.options else "* OK hello\r\n")
        while True:
            line = self.reader.readline()
            if not line:
                return
            tag, _, command = line.decode("latin-1").strip().partition(" ")
            self.office.note(re.sub(r"(?i)^(login \S+|authenticate \S+) .*", r"\1", command))
            self.answer(tag, command)

    def answer(self, tag, command):
        words = command.split(" ")
        if words[0].upper() == "UID":
            words = words[1:]
        word = words[0].upper()
        if self.misbehave(word):
            return
        refused, _, code = self.options.get("refuse", "").partition(":")
        if refused == word:
            self.send(f"{tag} NO [{code}] refused\r\n" if code else f"{tag} NO refused\r\n")
            return
        method = getattr(self, "do_" + word.lower(), None)
        status = method(tag, words[1:]) if method else "BAD what?"
        if status:
            self.send(f"{tag} {status}\r\n")

    def do_capability(self, tag, args):
        self.send(f"* CAPABILITY {self.capabilities()}\r\n")
        return "OK done"

    def do_noop(self, tag, args):
        return "OK done"

    def do_logout(self, tag, args):
        self.send("* BYE bye\r\n")
        return "OK done"

    def do_starttls(self, tag, args):
        if "inject" in self.options:
            self.send(f"{tag} OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")
        else:
            self.send(f"{tag} OK go\r\n")
            if "inject-late" in self.options:
                time.sleep(0.5)
                self.send("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")
        self.reader.read()
        raise EOFError

    def do_login(self, tag, args):
        right = [a.strip('"') for a in args] == ["office", "secret"]
        return "OK in" if right else "NO wrong"

    def do_authenticate(self, tag, args):
        if args[0] == "XOAUTH2":
            if base64.b64decode(args[1]) == b"user=office\x01auth=Bearer good\x01\x01":
                return "OK in"
            self.send("+ " + base64.b64encode(b'{"status":"400"}').decode() + "\r\n")
            self.reader.readline()
            return "NO [AUTHENTICATIONFAILED] bad token"
        self.send("+ \r\n")
        right = base64.b64decode(self.reader.readline()).split(b"\0")[-2:] == [b"office", b"secret"]
        return "OK in" if right else "NO [AUTHENTICATIONFAILED] wrong"

    def do_select(self, tag, args):
        self.send(f"* {len(self.office.messages)} EXISTS\r\n* 0 RECENT\r\n"
                  "* FLAGS (\\Deleted \\Seen)\r\n"
                  f"* OK [UIDVALIDITY {self.uidvalidity}] valid\r\n* OK [UIDNEXT 1000] next\r\n")
        return "OK [READ-WRITE] done"

    def do_namespace(self, tag, args):
        self.send(f'* NAMESPACE (("{self.options["prefix"]}" ".")) NIL NIL\r\n')
        return "OK done"

    def do_list(self, tag, args):
        self.send('* LIST (\\Noselect) "%s" ""\r\n' % ("." if "prefix" in self.options else "/"))
        return "OK done"

    def do_create(self, tag, args):
        self.office.folders.add(args[0].strip('"'))
        return "OK made"

    def uids(self, text):
        found = []
        for part in text.split(","):
            first, _, last = part.partition(":")
            low = int(first)
            high = max(self.office.messages, default=0) if last == "*" else int(last or first)
            found += [u for u in sorted(self.office.messages) if low <= u <= high]
        return found

    def number(self, uid):
        return sorted(self.office.messages).index(uid) + 1

    # --- FETCH -----------------------------------------------------------------
    def do_fetch(self, tag, args):
        items = " ".join(args[1:])
        listing = "RFC822.SIZE" in items
        for uid in self.uids(args[0]):
            if "vanish" in self.options and not listing:
                continue
            if "unsolicited" in self.options:
                self.send("* 9 FETCH (FLAGS (\\Seen))\r\n")
                self.send("* 9 FETCH (UID 999 BODY[] {5}\r\nwrong)\r\n")
                self.send(f"* 1 FETCH (UID {uid} FLAGS (\\Seen))\r\n")
            self.send_listed(uid) if listing else self.send_body(uid, items)
        return "OK done"

    def send_listed(self, uid):
        size = int(self.options.get("size", len(self.office.messages[uid])))
        if "size-differs" in self.options:
            size += uid - 2
        flags = "\\Deleted" if uid in self.office.deleted else ""
        self.send(f'* {self.number(uid)} FETCH (UID {uid} RFC822.SIZE {size} '
                  f'INTERNALDATE "22-Nov-2026 10:00:00 -0500" FLAGS ({flags}))\r\n')

    def send_body(self, uid, items):
        body = self.office.messages[uid]
        origin = ""
        partial = re.search(r"<(\d+)\.(\d+)>", items)
        if partial:
            start, length = int(partial[1]), int(partial[2])
            body = b"y" * length if "literal-endless" in self.options else body[start:start + length]
            origin = f"<{start}>"
        if "zero-body" in self.options:
            body = b""
        announced = len(body)
        announced += {"literal-long": 500, "literal-short": -50}.get(
            next((k for k in self.options if k in ("literal-long", "literal-short")), ""), 0)
        if "literal-endless" in self.options and not partial:
            announced = 4294967295
        head = f"* {self.number(uid)} FETCH (UID {uid} BODY[]{origin} {{{announced}}}\r\n".encode()
        if "cut" in self.options:
            self.send(head + body[:len(body) // 2])
            raise EOFError
        self.send(head + body)
        while announced == 4294967295:
            self.send(b"z" * 1000000)
        self.send(")\r\n")

    # --- moving ------------------------------------------------------------------
    def transfer(self, args):
        folder = args[1].strip('"')
        if folder not in self.office.folders:
            return None
        return self.uids(args[0])

    def do_move(self, tag, args):
        uids = self.transfer(args)
        if uids is None:
            return "NO [TRYCREATE] no such folder"
        self.expunge(uids)
        return "OK moved"

    def do_copy(self, tag, args):
        return "NO [TRYCREATE] no such folder" if self.transfer(args) is None else "OK copied"

    def do_store(self, tag, args):
        self.office.deleted.update(self.uids(args[0]))
        return "OK stored"

    def do_expunge(self, tag, args):
        self.expunge([u for u in self.uids(args[0]) if u in self.office.deleted])
        return "OK gone"

    def expunge(self, uids):
        for uid in uids:
            self.send(f"* {self.number(uid)} EXPUNGE\r\n")
            del self.office.messages[uid]

    def do_idle(self, tag, args):
        self.send("+ idling\r\n* 4 EXISTS\r\n" if "no-news" not in self.options else "+ idling\r\n")
        self.reader.readline()
        return "OK done"


def serve(office, sock):
    with sock:
        try:
            Session(office, sock).run()
        except (EOFError, OSError, ValueError):
            pass


def main():
    options = dict((a.split("=", 1) + [""])[:2] for a in sys.argv[3:])
    listener = socket.create_server(("127.0.0.1", 0))
    with open(sys.argv[2], "a", encoding="utf-8") as log:
        office = Office(options, log)
        with open(sys.argv[1] + ".new", "w", encoding="utf-8") as file:
            file.write(str(listener.getsockname()[1]))
        os.rename(sys.argv[1] + ".new", sys.argv[1])
        while True:
            sock = listener.accept()[0]
            office.connections += 1
            threading.Thread(target=serve, args=(office, sock), daemon=True).start()


main()
