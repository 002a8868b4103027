#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The words on the pages of PDF files that other programs made, as poppler's pdftotext reads them: chromium, cairo, Ghostscript, reportlab, and
# each again with its objects in compressed streams; and a number of a beneficiary on a page holds the mail, a published sample does not.
for tool in pdftotext qpdf python3
do
  command -v "$tool" > /dev/null || { echo "1..0 # SKIP $tool is not installed (contrib/packages)"; exit 0; }
done
exec python3 - "$top_srcdir" "$top_builddir" << 'CHECK'
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

top, build = sys.argv[1:]
folder = tempfile.mkdtemp()
NUMBER, SAMPLE = "2AX3-FY7-HJ91", "1EG4-TE5-MK73"
HTML = """<html><body style="font-family: %s"><h1>Claims of a member</h1><p>Dear office, please look at <b>%s</b> and tell us what
happened in March; the fee is 1,200.50 dollars.</p><p style="text-align: justify; width: 260px; letter-spacing: 1px">A justified paragraph, which has
the number %s in it and more words, kerned: AVATAR To. WAVE.</p><table><tr><td>Name</td><td>Card</td></tr><tr><td>Mary</td><td>%s</td></tr></table></body></html>"""


def run(*call, **more):
    return subprocess.run(call, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120, **more).stdout


def path(name):
    return os.path.join(folder, name)


def by_chromium(number, name):
    with open(path("page.html"), "w") as f:
        f.write(HTML % (name.startswith("serif") and "serif" or "sans-serif", number, number, number))
    run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--user-data-dir=" + path("chrome"),
        "--print-to-pdf=" + path(name), path("page.html"), env=dict(os.environ, HOME=folder))


def by_cairo(number, name):
    by_ghostscript(number, "for-" + name)
    run("pdftocairo", "-pdf", path("for-" + name), path(name))


def by_ghostscript(number, name):
    with open(path("page.ps"), "w") as f:
        f.write("%%!PS\n/Times-Roman findfont 12 scalefont setfont 72 700 moveto (Claims of a member, %s, in March.) show\n"
                "72 680 moveto 2 0 (letters spaced: %s) ashow 72 660 moveto %s showpage\n"
                % (number, number, " ".join("(%s) show" % c for c in number)))
    run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", "-sOutputFile=" + path(name), path("page.ps"))


def by_reportlab(number, name):
    run("/usr/bin/python3", "-c", """
import sys
from reportlab.platypus import SimpleDocTemplate, Paragraph
from reportlab.lib.styles import getSampleStyleSheet
style = getSampleStyleSheet()["BodyText"]
SimpleDocTemplate(sys.argv[1]).build([Paragraph("Claims of a member, %s, in <b>March</b>." % sys.argv[2], style)] * 70)
""", path(name), number)


def words_of(text):
    return re.findall(r"[A-Za-z0-9]+", text.replace("\ufb03", "ffi").replace("\ufb01", "fi"))


def ours(name):
    state, _, text = run(build + "/tests/lib/pdf-words", name).decode().partition("\n")
    return state.partition(" but ")[0], text


def theirs(name):
    return run("pdftotext", "-raw", name, "-").decode(errors="replace")


def likeness(text, poppler):
    """How much of what poppler reads we read, too; order does not matter.  Poppler takes letters that are spaced for words each."""
    mine, other = words_of(text), words_of(poppler)
    if not other or "".join(mine) == "".join(other):
        return 1
    left, common = list(mine), 0
    for word in other:
        if word in left:
            left.remove(word)
            common += 1
    return common / len(other)


n, failed = 0, 0


def ok(good, what, why=""):
    global n, failed
    n += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", n, what), flush=True)
    if not good and why:
        print("# " + str(why).replace("\n", "\n# "))


def skip(what, why):
    global n
    n += 1
    print("ok %d - %s # SKIP %s" % (n, what, why), flush=True)


makers = {"chromium": (by_chromium, "chromium"), "cairo": (by_cairo, "pdftocairo"), "ghostscript": (by_ghostscript, "gs"),
          "reportlab": (by_reportlab, "/usr/bin/python3")}
for maker, (make, tool) in makers.items():
    for number in (NUMBER, SAMPLE):
        name = "%s-%s.pdf" % (maker, number)
        try:
            make(number, name)
        except (OSError, subprocess.SubprocessError) as error:
            skip("%s: %s" % (maker, number), "%s made none (contrib/packages): %s" % (tool, type(error).__name__))
            continue
        packed = "packed-" + name
        run("qpdf", "--object-streams=generate", "--compress-streams=y", path(name), path(packed))
        for one in (name, packed):
            state, text = ours(path(one))
            same = likeness(text, theirs(path(one)))
            ok(state == "read" and same >= 0.99, "%s: all of the words that poppler reads" % one, "%s, %.3f: %s" % (state, same, text))
            whole = re.sub(r"-\n", "-", text)
            ok(whole.count(number) >= max(1, theirs(path(one)).replace("-\n", "-").count(number)), "%s: the number, wherever it stands" % one, text)

# Files of a collection: no more is read than stands there, most of what stands there is read, or it is said that it is not.
files = sorted(glob.glob(os.environ.get("QECP_CORPORA", top + "/../shared/corpora") + "/pdf/**/*.pdf", recursive=True))
if not files:
    skip("a collection of files", "QECP_CORPORA names none")
less, said, read = [], 0, 0
for name in files:
    try:
        other = theirs(name)
    except subprocess.SubprocessError:
        continue
    state, text = ours(name)
    same = likeness(text, other)
    read += 1
    said += state in ("partly", "unreadable")
    if state in ("read", "none") and same < 0.95:
        less.append("%s: %s, %.2f" % (name, state, same))
if files:
    ok(read > 0 and not less, "%d files of a collection: what is called read is" % read, "\n".join(less))
    print("# of %d files %d are said to be read in part or not at all" % (read, said))
shutil.rmtree(folder)
print("1..%d" % n)
sys.exit(1 if failed else 0)
CHECK
