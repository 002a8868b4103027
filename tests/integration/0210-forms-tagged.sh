#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The blank PDF forms as a screen reader meets them, by the judgement of poppler and qpdf: tagged, with a title and a language,
# every field with its question as name and standing behind it in the structure.
for tool in pdfinfo qpdf python3
do
  command -v "$tool" > /dev/null || { echo "1..0 # SKIP $tool is not installed (contrib/packages)"; exit 0; }
done
exec python3 - "$top_srcdir"/templates/forms/*.pdf << 'CHECK'
import json
import re
import subprocess
import sys


def run(*call):
    return subprocess.run(call, check=True, stdout=subprocess.PIPE).stdout.decode()


def faults(path):
    info = dict(line.split(":", 1) for line in run("pdfinfo", path).splitlines() if ":" in line)
    tree = [line.strip() for line in run("pdfinfo", "-struct-text", path).splitlines()]
    whole = json.loads(run("qpdf", "--json=2", path))
    fields = [f for f in whole["acroform"]["fields"] if f["annotation"]["object"]]
    catalog = next(o["value"] for o in whole["qpdf"][1].values()
                   if isinstance(o.get("value"), dict) and o["value"].get("/Type") == "/Catalog")
    for name, want in (("Tagged", "yes"), ("Form", "AcroForm"), ("JavaScript", "no"), ("Encrypted", "no")):
        if info.get(name, "").strip() != want:
            yield "%s is not %s" % (name, want)
    if not info.get("Title", "").strip() or catalog.get("/ViewerPreferences", {}).get("/DisplayDocTitle") is not True:
        yield "no title is shown"
    if not re.fullmatch(r"u:[a-z]{2}(-[A-Za-z]+)?", catalog.get("/Lang", "")):
        yield "no language"
    if tree[1:2] != ["H1 (block)"]:
        yield "it does not begin with its heading"
    # The question, a paragraph, stands right before each place to write in, in the order of the fields.
    asked = [tree[i - 1].strip('"') for i, line in enumerate(tree) if line.startswith("Form")]
    if len(asked) != len(fields):
        yield "%d places to write in are tagged, there are %d" % (len(asked), len(fields))
    for question, field in zip(asked, fields):
        if field["alternativename"].replace(" ", "") != question.replace(" ", ""):
            yield "%s is called '%s' and asked as '%s'" % (field["fullname"], field["alternativename"], question)
    fonts = run("pdffonts", path).splitlines()[2:]
    if not fonts or any(line.split()[-5] != "yes" for line in fonts):
        yield "a font is not in the file"


print("1..%d" % len(sys.argv[1:]))
for number, path in enumerate(sys.argv[1:], 1):
    found = list(faults(path))
    print("".join("# %s\n" % f for f in found) + "%s %d - %s" % ("not ok" if found else "ok", number, path.rsplit("/", 1)[-1]))
CHECK
