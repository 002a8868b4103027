#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""notify-listen: what a service manager would hear.

    notify-listen.py SOCKET LOG

Makes the datagram SOCKET for NOTIFY_SOCKET and writes each message, a line each, to LOG until it is killed.
"""
import os
import socket
import sys

listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o777)
with open(sys.argv[2], "a", encoding="utf-8") as log:
    while True:
        log.write(listener.recv(4096).decode("utf-8", "replace").strip().replace("\n", " ") + "\n")
        log.flush()
