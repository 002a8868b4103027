# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a mail is in one language through and through: no sentence of the program's own stands in it."""
import glob
import os
import re

LEAST_WORDS = 3


def squeeze(text):
    return " ".join(text.split())


def plain(fragment):
    return squeeze(re.sub(r"[*#`|]|^\s*(?:[-]|\d+\.)\s+|\[|\]\([^)]*\)", " ", fragment))


def fragments(path):
    """What stands between the fields of a template."""
    with open(path, encoding="utf-8") as f:
        lines = re.sub(r"\{\{.*?\}\}", "\n", f.read()).split("\n")
    return {plain(line.replace("Subject:", "")) for line in lines}


def entries(path, part):
    """What a catalogue translates ("msgid"), or translates it to ("msgstr"), without what is filled in."""
    with open(path, encoding="utf-8") as f:
        ids = re.findall(r'^%s "((?:[^"\\]|\\.)*)"' % part, f.read(), re.M)
    return {squeeze(part) for i in ids for part in re.split(r"%[sd]", i.replace('\\"', '"'))}


def foreign(source, tag):
    """Sentences of the program's own language that nothing in TAG has in common with it."""
    top = os.path.join(source, "templates")
    own = [p for p in glob.glob(os.path.join(top, "*.md")) + glob.glob(os.path.join(top, "parts", "*.md"))]
    theirs = [p for p in glob.glob(os.path.join(top, tag, "*.md")) + glob.glob(os.path.join(top, tag, "parts", "*.md"))]
    found = set().union(*map(fragments, own)) | entries(os.path.join(top, tag, "words.po"), "msgid")
    shared = " ".join(set().union(*map(fragments, theirs)) | entries(os.path.join(top, tag, "words.po"), "msgstr"))
    return {s for s in found if len(s.split()) >= LEAST_WORDS and s not in shared}


def strangers(source, tag, mail):
    """Sentences in MAIL that are not in TAG."""
    said = squeeze(mail.text) + " " + squeeze(mail.subject)
    return sorted(s for s in foreign(source, tag) if re.search(r"(?<!\w)%s(?!\w)" % re.escape(s), said))
