# SPDX-License-Identifier: GPL-3.0-or-later
"""What several stories begin with happens once: the others go on in a copy of the office that came of it.

A beginning is what stands before the statement from which stories differ.  It is run, and everything it expects is checked,
by whoever comes first; when it fails, so does every story that begins with it.
"""
import collections
import concurrent.futures
import copy
import os
import shutil
import subprocess
import tempfile
import threading


def keys(folder, statements):
    """For each statement: all that was said up to it."""
    said, key, alone = [], (), False
    for statement in statements:
        # A mail from a file of the story's folder, and what has paths of its own outside of the office, are one story's.
        alone = alone or statement.text.startswith(("signers", "tzdata")) or (
            statement.text.startswith("mail ") and not statement.text.startswith("mail from "))
        key = (key, statement.text, tuple(line for _, line in statement.below), folder if alone else None)
        said.append(hash(key))
        key = said[-1]
    return said


class Beginnings:
    def __init__(self, memory, stories):
        """MEMORY: the folder for offices; STORIES: the keys of each."""
        self.memory = memory
        self.folder = tempfile.mkdtemp(prefix="qecp-story.", dir=memory)
        self.lock, self.known = threading.Lock(), {}
        after = collections.defaultdict(collections.Counter)
        for said in stories:
            for key, following in zip(said, said[1:] + [None]):
                after[key][following] += 1
        # Worth a copy: where those that had all in common go different ways.
        self.forks = {key for key, ways in after.items() if len(ways) > 1 or ways[None] > 1}

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def reach(self, story, n):
        """STORY after the first N statements, where others begin with them, too, in a copy of the office in which they were done."""
        key = story.said[n - 1] if n else None
        future, owner = self.claim(key, story) if key in self.forks else (None, story)
        if owner is not story:
            story.where = "what '%s' begins with, too" % owner.name
            self.take(story, future.result())
            return
        try:
            start = max((m for m in range(1, n) if story.said[m - 1] in self.forks), default=0)
            if start:
                self.reach(story, start)
            for statement in story.statements[start:n]:
                story.do(statement)
            if future:
                future.set_result(self.keep(story))
        except Exception as problem:
            if future:
                future.set_exception(problem)
            raise

    def claim(self, key, story):
        """What becomes of a beginning, and the story that runs it."""
        with self.lock:
            return self.known.setdefault(key, (concurrent.futures.Future(), story))

    def keep(self, story):
        kept = tempfile.mkdtemp(dir=self.folder)
        copy_files(story.temp, kept)
        return kept, snapshot(story)

    def take(self, story, saved):
        kept, state = saved
        copy_files(kept, story.temp)
        vars(story).update(snapshot_of(state))
        if story.office is not None:
            story.office.lies_in(os.path.join(story.temp, "office"))


def copy_files(source, target):
    """With the times of the files: a mail came when its file says."""
    subprocess.run(["cp", "-a", source + "/.", target], check=True)


STATE = ("office", "now", "number", "zone", "mails", "waiting", "held", "last_raw", "last_exit", "log", "rebuild")


def snapshot(story):
    return snapshot_of({name: getattr(story, name) for name in STATE})


def snapshot_of(state):
    """Lists and sets of its own; what is in them nobody changes."""
    office = copy.copy(state["office"])
    if office is not None:
        office.seen, office.delivered, office.env = set(office.seen), list(office.delivered), dict(office.env)
    return {**{name: copy.copy(value) if isinstance(value, (list, set)) else value for name, value in state.items()}, "office": office}
