#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bad-smtp: an SMTP server that misbehaves as it is told.

    bad-smtp.py PORTFILE LOGFILE [STAGE=ACTION ...]

Listens on a free port of 127.0.0.1 and writes it into PORTFILE.  STAGE is connect, ehlo, starttls, auth,
mail, rcpt, data (the reply to DATA), body (while the mail comes) or dot (the reply to the final dot).
An ACTION is a reply ("450 4.2.1 later", \\n between its lines, \\xNN for an octet), or

    drop    close the connection          stall   say nothing more
    idle    after an accepted mail: close the connection, before the next command
    bye     after an accepted mail: say 421 and close, before the next command

STAGE@N=ACTION applies to the Nth time only (counted over all connections, from 1), STAGE@TEXT= only when
the command holds TEXT.  LOGFILE gets one line a connection, command and mail: "1 MAIL FROM:<a@b>",
"1 mail OCTETS SHA256" with dots unstuffed.
"""
import hashlib
import os
import re
import socket
import sys
import threading
import time

LOCK = threading.Lock()


class Script:
    def __init__(self, words):
        self.rules, self.counts = [], {}
        for word in words:
            where, action = word.split("=", 1)
            stage, _, only = where.partition("@")
            self.rules.append((stage, only, action))

    def action(self, stage, text=""):
        with LOCK:
            count = self.counts[stage] = self.counts.get(stage, 0) + 1
        for at, only, action in self.rules:
            if at == stage and (not only or (only.isdigit() and int(only) == count)
                                or (not only.isdigit() and only in text)):
                return action
        return None


class Gone(Exception):
    pass


class Session:
    def __init__(self, sock, number, script, log):
        self.sock, self.number, self.script, self.log_to = sock, number, script, log
        self.file = sock.makefile("rb")

    def log(self, text):
        with LOCK:
            self.log_to.write(f"{self.number} {text}\n")
            self.log_to.flush()

    def say(self, text):
        octets = re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]), text.encode())
        for line in octets.split(b"\\n"):
            self.sock.sendall(line + b"\r\n")

    def do(self, stage, usual, text=""):
        """Answer as the script says, else with USUAL; true when that is a good reply."""
        action = self.script.action(stage, text)
        if action == "drop":
            raise Gone
        if action == "stall":
            time.sleep(300)
            raise Gone
        if usual or action:
            self.say(action or usual)
        if action and action.startswith("421"):
            raise Gone
        return not action or action[0] in "23"

    def read_mail(self):
        lines = []
        while True:
            line = self.file.readline()
            if not line:
                self.log(f"cut after {sum(map(len, lines))}")
                raise Gone
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        mail = b"".join(lines)
        self.log(f"mail {len(mail)} {hashlib.sha256(mail).hexdigest()}")

    def after_mail(self):
        action = self.script.action("idle")
        if action == "bye":
            self.say("421 4.4.2 idle too long")
        if action in ("bye", "drop"):
            raise Gone

    def command(self, line):
        verb = line.split(" ")[0].split(":")[0].upper()
        if verb in ("EHLO", "HELO"):
            self.do("ehlo", "250-bad.example.org\\n250-SIZE 1000000\\n250 8BITMIME")
        elif verb == "AUTH":
            if len(line.split(" ")) == 2:
                self.say("334 ")
                self.log("AUTH+ " + self.file.readline().decode("latin-1").strip())
            self.do("auth", "235 2.7.0 welcome")
        elif verb == "MAIL":
            self.do("mail", "250 2.1.0 ok", line)
        elif verb == "RCPT":
            self.do("rcpt", "250 2.1.5 ok", line)
        elif verb == "DATA":
            if self.do("data", "354 go ahead"):
                self.do("body", None)
                self.read_mail()
                if self.do("dot", "250 2.0.0 queued as 12345"):
                    self.after_mail()
        elif verb == "QUIT":
            self.say("221 2.0.0 bye")
            raise Gone
        elif verb == "STARTTLS":
            self.do("starttls", "454 4.7.0 not now")
        else:
            self.say("250 2.0.0 ok" if verb in ("RSET", "NOOP") else "500 5.5.2 what?")

    def run(self):
        self.log("connect")
        try:
            self.do("connect", "220 bad.example.org ESMTP")
            for line in iter(self.file.readline, b""):
                text = line.decode("latin-1").rstrip("\r\n")
                self.log(text)
                self.command(text)
        except (Gone, OSError):
            pass
        self.log("close")
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.sock.close()


def main():
    listener = socket.create_server(("127.0.0.1", 0), backlog=50)
    script, log = Script(sys.argv[3:]), open(sys.argv[2], "w", encoding="latin-1")
    with open(sys.argv[1] + ".tmp", "w", encoding="ascii") as file:
        file.write(str(listener.getsockname()[1]))
    os.rename(sys.argv[1] + ".tmp", sys.argv[1])
    number = 0
    while True:
        sock, _ = listener.accept()
        number += 1
        threading.Thread(target=Session(sock, number, script, log).run, daemon=True).start()


main()
