#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An office dies at each fault point in turn, is started again, and is compared with one that never died.

    fault_sweep.py [--step N] [--workers N] BASE NOW PROGRAM...

BASE: the office before its pass; BASE.dump and BASE.case (office_dump.py, `qecp case show --json`): after one without a death.
PROGRAM...: the folder of the programs, with what has to stand before their names.  A new office comes by some points hundreds of
times, once for each file of its definition: the first and the last MANY of a name are tried, and one in a few of those between.
Of all these, every N-th.  QECP_FAULT_MANY=9999 tries all.  A line for each:

    good POINT NAME repeated MAILS
    bad POINT NAME: WHY
"""
import argparse
import collections
import concurrent.futures
import os
import queue
import re
import shutil
import subprocess
import sys

import office_dump

KILLED, TIMEOUT_S = 99, 120
MANY, ONE_IN = int(os.environ.get("QECP_FAULT_MANY", 40)), 13
CASE = ("case", "show", "--json", "APP-2027-0001")


def chosen(points):
    """The numbers, from 1, of those that are tried."""
    count, before = collections.Counter(points), collections.Counter()
    for n, point in enumerate(points, 1):
        k = before[point]
        before[point] += 1
        if k < MANY or count[point] - k <= MANY or k % ONE_IN == 0:
            yield n


def settled(lines):
    """Without the first input, which is the definition that was read."""
    return [line for line in lines if not line.startswith("input: id=1 ")]


class Sweep:
    def __init__(self, base, now, programs):
        self.base, self.now, self.before, self.build = base, now, programs[:-1], programs[-1]
        with open(base + ".dump", encoding="utf-8") as f:
            self.dump = settled(f.read().rstrip("\n").split("\n"))
        self.case = None
        if os.path.exists(base + ".case"):
            with open(base + ".case", encoding="utf-8") as f:
                self.case = f.read()

    def run(self, office, program, *arguments, **env):
        return subprocess.run([*self.before, os.path.join(self.build, program), "--config", office + "/qecp.conf", *arguments],
                              capture_output=True, text=True, errors="replace", timeout=TIMEOUT_S, env={**os.environ, **env})

    def one_pass(self, office, **env):
        return self.run(office, "qecpd", "--once", "--now", self.now, **env)

    def copy(self, office):
        shutil.rmtree(office, ignore_errors=True)
        subprocess.run(["cp", "-a", self.base, office], check=True)

    def points(self, office):
        """The names of all that a pass comes by."""
        self.copy(office)
        done = self.one_pass(office, QEC_FAULT_NTH="0")
        if done.returncode:
            raise RuntimeError(done.stderr)
        return re.findall(r"^fault: (.*)", done.stderr, re.M)

    def compare(self, office, thoroughly):
        """Why it is not the office that never died; how many mails were sent twice."""
        lines, repeated = office_dump.dump(office)
        now = settled(lines)
        if now != self.dump:
            odd = ["> " + line for line in now if line not in self.dump] + ["< " + line for line in self.dump if line not in now]
            return "differs: " + " ".join(odd[:2])[:400], repeated
        for verb in (("replay", "--all"), ("fsck",)) if thoroughly else ():
            done = self.run(office, "qecp", *verb)
            if done.returncode:
                return "not whole: " + (done.stdout + done.stderr)[-400:], repeated
        if thoroughly and self.case is not None and self.run(office, "qecp", *CASE).stdout != self.case:
            return "the case looks different", repeated
        return None, repeated

    def die(self, n, point, office):
        self.copy(office)
        done = self.one_pass(office, QEC_FAULT_NTH=str(n))
        if done.returncode != KILLED or not done.stderr.endswith("fault: %s\n" % point):
            return "bad %d %s: was not reached: %s" % (n, point, done.stderr[-400:])
        done = self.one_pass(office)
        if done.returncode:
            return "bad %d %s: does not finish: %s" % (n, point, done.stderr[-400:])
        # The journal is the same to its last hash, so that the look at some stands for all.
        why, repeated = self.compare(office, n % 16 <= 1)
        return "bad %d %s: %s" % (n, point, why) if why else "good %d %s repeated %d" % (n, point, repeated)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--step", type=int, default=1)
    p.add_argument("--workers", type=int, default=2)
    p.add_argument("base")
    p.add_argument("now")
    p.add_argument("programs", nargs=argparse.REMAINDER)
    o = p.parse_args()
    sweep = Sweep(o.base, o.now, o.programs)
    points = sweep.points(o.base + ".points")
    tried = list(chosen(points))[::o.step]
    offices = queue.SimpleQueue()
    for w in range(o.workers):
        offices.put("%s.run%d" % (o.base, w))

    def one(n):
        office = offices.get()
        try:
            return sweep.die(n, points[n - 1], office)
        finally:
            offices.put(office)
    with concurrent.futures.ThreadPoolExecutor(o.workers) as pool:
        for line in pool.map(one, tried):
            print(line)
    print("# of %d points %d were tried" % (len(points), len(tried)))


if __name__ == "__main__":
    sys.exit(main())
