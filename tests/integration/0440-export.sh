#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A case in one folder or zip: every byte that came and went, with hashes that others can check, without what may not be passed on;
# and mail that is tried now because somebody says so.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/office.sh"

tap_begin
: "${dir:?}"
chmod 755 "$dir"
office=$dir/office conf=$dir/office/qecp.conf
office_make "$office" || exit 99
mkdir "$dir/e"
office_own "$dir/e"
pass () { qecpd --config "$conf" --once --now "$1" > "$dir/out" 2> "$dir/err"; }
letter_apply ada@org.example m1 | office_put "$office" program 1.a 2027-01-04T15:00:00Z
letter_form ada@org.example m2 "Org Inc." | office_put "$office" program 2.a 2027-01-04T15:01:00Z
letter_documents ada@org.example m3 | office_put "$office" program 3.a 2027-01-04T15:02:00Z
{ letter_head ada@org.example m4 "A record"; printf '\nThe record of MBI 1AC2DE3FG45 is wrong, says zanzibar.\n'; } | office_put "$office" program 4.a 2027-01-04T15:03:00Z
pass 2027-01-04T15:10:00Z || { cat "$dir/err"; exit 99; }
printf '/note the zebra file was on the laptop\n' | letter_staff pat.manager@office.example m5 INC-2027-0001 | office_put "$office" program 5.a 2027-01-04T15:11:00Z
pass 2027-01-04T15:20:00Z
ref=APP-2027-0001 secret=INC-2027-0001
export_to () { qecp --config "$conf" case export "$@" > "$dir/out" 2> "$dir/err"; }
gives () { local want=$1 got=0; shift; "$@" || got=$?; [ $got = "$want" ] || { echo "status $got"; return 1; }; }
says () { grep -q -- "$1" "$dir/err" && [ "$(wc -l < "$dir/err")" = 1 ]; }
in_out () { grep -q -- "$1" "$dir/out"; }
not () { ! "$@"; }
same_bytes () # FOLDER: each file of received/ lies in the archive under its hash, and each of sent/ went out
{
  local file sum
  for file in "$1"/received/*
  do
    sum=$(sha256sum < "$file" | cut -c 1-64)
    cmp "$file" "$office/archive/${sum:0:2}/$sum" || return 1
  done
  for file in "$1"/sent/*
  do
    sum=$(sha256sum < "$file" | cut -c 1-64)
    sha256sum "$office"/mail/out/*/* | grep -q "^$sum" || { echo "$file is not what went out"; return 1; }
  done
}

ok "a case is written into a folder" export_to "$ref" --to "$dir/e/case"
ok "... whose hashes agree" sh -c "cd '$dir/e/case' && sha256sum --strict -c MANIFEST"
ok "... with the letters as they came" grep -q "legal name): Org Inc." "$dir/e/case/received/000002.eml"
ok "... and the answers as they went" sh -c "[ \$(ls '$dir/e/case/sent' | wc -l) -ge 3 ]"
ok "... byte for byte" same_bytes "$dir/e/case"
ok "... the timeline as a person reads it" grep -q "case opened for Org Inc." "$dir/e/case/timeline.txt"
ok "... and as the journal has it" python3 -c '
import json, sys
events = json.load(open(sys.argv[1] + "/timeline.json"))
assert events and all(len(e["hash"]) == 64 for e in events)
for name in "case", "messages", "mails", "verdicts": json.load(open(sys.argv[1] + "/" + name + ".json"))
assert json.load(open(sys.argv[1] + "/case.json"))["ref"] == "APP-2027-0001"' "$dir/e/case"
ok "nothing there is overwritten" gives 2 export_to "$ref" --to "$dir/e/case"
ok "... in one line" says "e/case: it is there already"
ok "a case that is not there: status 2" gives 2 export_to APP-2027-0099 --to "$dir/e/none"
ok "... and nothing is written" test "$(ls "$dir/e")" = case

ok "the same as a zip" export_to "$ref" --to "$dir/e/case.zip" --json
ok "... which another program opens, and whose hashes agree" python3 - "$dir/e/case.zip" "$dir/e/case" <<'PY'
import hashlib, os, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
names = set(z.namelist())
assert all(n.startswith("APP-2027-0001/") for n in names)
lines = [l.split("  ", 1) for l in z.read("APP-2027-0001/MANIFEST").decode().splitlines() if not l.startswith("#")]
assert {"APP-2027-0001/" + n for _, n in lines} | {"APP-2027-0001/MANIFEST"} == names
for sum, name in lines:
    assert hashlib.sha256(z.read("APP-2027-0001/" + name)).hexdigest() == sum, name
files = {os.path.relpath(os.path.join(d, f), sys.argv[2]) for d, _, fs in os.walk(sys.argv[2]) for f in fs}
assert files == {n.split("/", 1)[1] for n in names}, files ^ names
PY
ok "... and nothing else is left" test "$(ls "$dir/e" | tr '\n' ' ')" = "case case.zip "
ok "a zip that is there is not overwritten" gives 2 export_to "$ref" --to "$dir/e/case.zip"

# --- what is passed on to nobody ---------------------------------------------------------------------------------------
ok "a confidential case is written" export_to "$secret" --to "$dir/e/secret"
ok "... and says what is left out" in_out "the case is confidential"
ok "... without a word of it" not grep -rqi 'zebra\|zanzibar\|1AC2DE3FG45\|A record' "$dir/e/secret"
ok "... with whole hashes" sh -c "cd '$dir/e/secret' && sha256sum --strict -c MANIFEST"
ok "... but with everything when that is asked for" export_to "$secret" --everything --to "$dir/e/secret-all"
ok "... really" grep -rq zebra "$dir/e/secret-all/received"
ok "... and the timeline, too" grep -q zebra "$dir/e/secret-all/timeline.json"
python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE message SET case_id = 1 WHERE message_id = ?", ("m4@org.example",)); db.commit()' "$office/qecp.db"
office_own "$office"
ok "a message with such numbers is left out of a case that is open to all" export_to "$ref" --to "$dir/e/case4"
ok "... which says so" in_out "numbers that must not be passed on"
ok "... and has nothing of it" not grep -rq 'zanzibar\|1AC2DE3FG45\|A record' "$dir/e/case4"

# --- damaged, full -------------------------------------------------------------------------------------------------------
full () { (ulimit -f "$1"; shift; "$@"); }
ok "no room: status 3" gives 3 full 1 export_to "$ref" --to "$dir/e/full.zip"
ok "... in one line" says "qecp: "
ok "... and nothing is left" sh -c "! ls -d '$dir'/e/full*"
echo rot >> "$(find "$office/archive" -type f -exec grep -l 'Here are our Phase 1 documents' {} + | head -n 1)"
ok "a damaged original: status 3" gives 3 export_to "$ref" --to "$dir/e/rotten"
ok "... named" says "is damaged"
ok "... and nothing is left" sh -c "! ls -d '$dir'/e/rotten*"

# --- mail that is tried now ------------------------------------------------------------------------------------------------
other=$dir/other
office_make "$other" || exit 99
conf=$other/qecp.conf
sed -i '/^delivery {/,/^}/d' "$conf"
printf 'delivery {\n  kind = smtp\n  host = "127.0.0.1"\n  port = 9\n  tls = none\n  timeout = 2\n}\n' >> "$conf"
letter_apply bob@org.example m1 | office_put "$other" program 1.a 2027-01-04T15:00:00Z
pass 2027-01-04T15:10:00Z
retry () { qecp --config "$conf" --now "${at:-2027-01-04T15:10:10Z}" outbox "$@" > "$dir/out" 2> "$dir/err"; }
next () { retry --json; python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[0]["next"])' "$dir/out"; }
ok "a mail waits for its time" test "$(next)" "!=" 2027-01-04T15:10:10Z
ok "it is tried when somebody says so" retry retry 1
ok "... which is now" test "$(next)" = 2027-01-04T15:10:10Z
ok "... and changes nothing that replay sees" qecp --config "$conf" replay --all
pass 2027-01-04T15:10:20Z
ok "... it was tried" sh -c "[ \$(\"$top_builddir/qecp\" --config '$conf' outbox | awk 'NR == 2 { print \$3 }') = 2 ]"
ok "all of them" retry retry --all --json
ok "... named" grep -q retried "$dir/out"
ok "one that is not there: status 2" gives 2 retry retry 77
ok "... in one line" says "no mail '77'"
ok "no number and no --all: status 2" gives 2 retry retry
pass 2027-02-04T15:10:20Z
ok "one that failed for good is not tried: status 2" gives 2 retry retry 1
ok "... in one line" says "does not wait"
ok "the journal comes out of a replay the same" qecp --config "$conf" replay --all
tap_end
