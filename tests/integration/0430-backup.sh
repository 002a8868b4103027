#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A backup is the office as of one moment, whole or not at all; what comes back out of it replays to the same journal, and a
# damaged one, or one that would overwrite something, changes nothing.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/office.sh"

tap_begin
: "${dir:?}" "${top_builddir:?}"
chmod 755 "$dir"
stop_all () { daemon_stop; }
office=$dir/office conf=$dir/office/qecp.conf
office_make "$office" || exit 99
mkdir "$dir/b" "$office/secrets" "$office/trust"
echo 'xyzzy-4711' > "$office/secrets/smtp"
echo 'a root' > "$office/trust/roots.pem"
sed -i 's|^delivery {|signatures {\n  trust = {"trust/roots.pem", "/nowhere/else.pem"}\n}\ndelivery {\n  secret-file = "./secrets/smtp"|' "$conf"
office_own "$office" "$dir/b"
letter_apply ada@org.example m1 | office_put "$office" program 1.a 2027-01-04T15:00:00Z
letter_form ada@org.example m2 "Org Inc." | office_put "$office" program 2.a 2027-01-04T15:01:00Z
qecpd --config "$conf" --once --now 2027-01-04T15:10:00Z > "$dir/out" 2> "$dir/err" || { cat "$dir/err"; exit 99; }

backup () { qecp --config "$conf" backup "$@" > "$dir/out" 2> "$dir/err"; }
restore () { local to=$1; shift; qecp --config "$to/qecp.conf" restore "$@" > "$dir/out" 2> "$dir/err"; }
# gives STATUS COMMAND...
gives () { local want=$1 got=0; shift; "$@" || got=$?; [ $got = "$want" ] || { echo "status $got"; return 1; }; }
says () { grep -q -- "$1" "$dir/err" && [ "$(wc -l < "$dir/err")" = 1 ]; }
in_out () { grep -q -- "$1" "$dir/out"; }
member () { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$dir/out" "$1"; }
not () { ! "$@"; }
replays () { qecp --config "$1/qecp.conf" replay --all > "$2" && grep -q '^equal' "$2"; }
journal () { python3 -c 'import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*), max(hash) FROM event WHERE id = (SELECT max(id) FROM event)").fetchone(), sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM event").fetchone())' "$1/qecp.db"; }
nothing_at () { ! [ -e "$1" ] || [ -z "$(ls -A "$1")" ]; }

# --- a backup --------------------------------------------------------------------------------------------------------
ok "an office is backed up" backup "$dir/b/one"
ok "... passwords are said to be missing" in_out "secrets/smtp"
ok "... and what lies elsewhere" in_out "/nowhere/else.pem"
ok "... and are missing" not grep -rqs 'xyzzy-4711' "$dir/b/one"
ok "... sha256sum agrees without us" sh -c "cd '$dir/b/one' && sha256sum --strict -c MANIFEST"
ok "... the database is one file" test "$(ls "$dir/b/one" | grep -c '^qecp.db')" = 1
ok "... nobody else may look into it" test "$(stat -c %a "$dir/b/one")" = 700
ok "... nothing else is left" test "$(ls -A "$dir/b")" = one
ok "it is whole" restore "$dir/none" --check "$dir/b/one"
ok "... and --check made no office" not test -e "$dir/none"
ok "a second one into the same folder is refused" gives 2 backup "$dir/b/one"
ok "... in one line" says "b/one: it is there already"

# --- and back ----------------------------------------------------------------------------------------------------------
ok "it is restored into a folder that is not there" restore "$dir/b/new" "$dir/b/one"
ok "... with the same journal" test "$(journal "$dir/b/new")" = "$(journal "$office")"
ok "... which replays" replays "$dir/b/new" "$dir/replayed"
ok "... and is whole" qecp --config "$dir/b/new/qecp.conf" fsck
ok "... with what is trusted" cmp "$office/trust/roots.pem" "$dir/b/new/trust/roots.pem"
ok "... nothing of it is left half" test -z "$(find "$dir/b/new" -name '*.restoring')"
letter_documents ada@org.example m3 | office_put "$dir/b/new" program 3.a 2027-01-04T16:00:00Z
ok "... and goes on" qecpd --config "$dir/b/new/qecp.conf" --once --now 2027-01-04T16:10:00Z
ok "... as an office that was never away" replays "$dir/b/new" "$dir/replayed"

ok "over an office that went on it is refused" gives 2 restore "$dir/b/new" "$dir/b/one"
ok "... in one line that says so" says "goes on after this backup"
ok "... and it still is as it was" replays "$dir/b/new" "$dir/replayed"
ok "over the very same office it is not" restore "$office" "$dir/b/one"
ok "... which is as it was" replays "$office" "$dir/replayed"
one=$(find "$office/archive" -type f -path '*/archive/??/*' | head -n 1)
echo rot >> "$one"
ok "a damaged original is not backed up" gives 3 backup "$dir/b/rotten"
ok "... but named" says "$(basename "$one") is damaged"
ok "... and nothing is left" nothing_at "$dir/b/rotten.incomplete"
ok "... a backup mends it" restore "$office" "$dir/b/one"
ok "... really" qecp --config "$conf" fsck
sed -i '1i # changed' "$office/rules/program.conf"
ok "over other rules it is refused" gives 2 restore "$office" "$dir/b/one"
ok "... naming them" says "rules/program.conf"
sed -i '1d' "$office/rules/program.conf"
echo '# more' > "$office/rules/more.conf"
ok "over more rules, too" gives 2 restore "$office" "$dir/b/one"
ok "... naming them" says "rules/more.conf"
rm "$office/rules/more.conf"
"$top_builddir/qecp" init --data "$top_srcdir" "$dir/b/other" > /dev/null 2>&1 && office_own "$dir/b/other"
ok "over another office it is refused" gives 2 restore "$dir/b/other" "$dir/b/one"
ok "... which keeps its key" not cmp -s "$dir/b/other/office.key" "$office/office.key"

# --- backups that are not what they were ---------------------------------------------------------------------------------
broken () { rm -rf "$dir/b/broken" "$dir/b/target"; cp -a "$dir/b/one" "$dir/b/broken"; }
refused () # WHAT PATTERN
{
  ok "$1: refused" gives 2 restore "$dir/b/target" "$dir/b/broken"
  ok "... naming it" says "$2"
  ok "... and nothing was written" nothing_at "$dir/b/target"
}
file=$(cd "$dir/b/one" && find archive -type f | head -n 1)
broken; printf x >> "$dir/b/broken/$file"; refused "an original that changed" "$file is damaged"
broken; rm "$dir/b/broken/$file"; refused "an original that is missing" "$file"
broken; printf x | dd of="$dir/b/broken/qecp.db" bs=1 seek=5000 conv=notrunc 2> /dev/null; refused "a database that changed" "qecp.db is damaged"
broken; rm "$dir/b/broken/MANIFEST"; refused "a backup without its list" "no finished backup"
broken; sed -i '$d' "$dir/b/broken/MANIFEST"; refused "a list that was cut off" "MANIFEST: it is damaged or cut off"
broken; sed -i '/rules\/program.conf/d' "$dir/b/broken/MANIFEST"; refused "a list with a line less" "MANIFEST: it is damaged"
broken
python3 - "$dir/b/broken/MANIFEST" <<'PY'
import hashlib, sys
text = open(sys.argv[1]).read().rsplit("# manifest", 1)[0] + "0" * 64 + "  rules/../../escaped\n"
open(sys.argv[1], "w").write(text + "# manifest: " + hashlib.sha256(text.encode()).hexdigest() + "\n")
PY
refused "a list that names what lies outside" "is no name"
ok "... and nothing is there" not test -e "$dir/b/escaped"
broken
python3 - "$dir/b/broken/MANIFEST" "$file" <<'PY'
import hashlib, sys
lines = open(sys.argv[1]).read().rsplit("# manifest", 1)[0].splitlines(True)
text = "".join(line for line in lines if not line.rstrip().endswith(sys.argv[2]))
open(sys.argv[1], "w").write(text + "# manifest: " + hashlib.sha256(text.encode()).hexdigest() + "\n")
PY
refused "a list without an original that the database speaks of" "$file is not in the list"
mkdir "$dir/b/empty"
rm -rf "$dir/b/target"
ok "a folder that is no backup: status 2" gives 2 restore "$dir/b/target" "$dir/b/empty"
ok "... an office is left alone" qecp --config "$conf" fsck

# --- a later one shares what did not change --------------------------------------------------------------------------------
letter_documents ada@org.example m4 | office_put "$office" program 4.a 2027-01-04T17:00:00Z
qecpd --config "$conf" --once --now 2027-01-04T17:10:00Z > "$dir/out" 2> "$dir/err"
ok "a backup that knows an earlier one" backup --json --previous "$dir/b/one" "$dir/b/two"
ok "... shares its originals" test "$(member linked)" -gt 5
ok "... on the disk" test "$dir/b/one/$file" -ef "$dir/b/two/$file"
ok "... and is whole alone" sh -c "rm -r '$dir/b/one' && '$top_builddir/qecp' restore --check '$dir/b/two'"
printf x >> "$dir/b/two/$file"
ok "what is damaged in the earlier one is copied anew" backup --previous "$dir/b/two" "$dir/b/three"
ok "... and good" restore "$dir/none" --check "$dir/b/three"

# --- while it runs, killed, and full ----------------------------------------------------------------------------------------
: > "$dir/log"
daemon_start "$office"
wait_until 20 logged ready
for i in $(seq 12)
do letter_apply "q$i@quick$i.example" "q$i" | office_put "$office" program "5$i.a" "$(date -u +%FT%TZ)"
done
ok "a backup while mail comes in" backup "$dir/b/live1"
ok "... and one more" backup --json --previous "$dir/b/live1" "$dir/b/live2"
files=$(member files)
ok "all is taken in" wait_until 40 logged_times 12 message.taken-in
ok "restoring over a running office is refused" gives 3 restore "$office" "$dir/b/live2"
ok "SIGTERM ends it well" daemon_stop
for n in 1 2
do
  ok "live backup $n is restored" restore "$dir/b/from$n" "$dir/b/live$n"
  ok "... and replays" replays "$dir/b/from$n" "$dir/replayed"
done
letter_apply late@org.example late | office_put "$office" program 90.a "$(date -u +%FT%TZ)"
qecpd --config "$conf" --once --no-delivery > "$dir/out" 2> "$dir/err" || { cat "$dir/err"; exit 99; }
ok "a backup while a mail waits to be sent" backup "$dir/b/unsent"
ok "... is restored" restore "$dir/b/late" "$dir/b/unsent"
ok "... and who restores it is told that the mail goes out" in_out "One mail waited to be sent"
ok "... as many as qecp status says" sh -c "'$top_builddir/qecp' --config '$dir/b/late/qecp.conf' status --json | grep -q '\"outbox_waiting\" : 1,'"

if QEC_FAULT_NTH=1 backup "$dir/b/killed" || ! grep -q '^fault:' "$dir/err"
then tap_skip "a backup that is killed" "built without fault points"
else
  bad=''
  for n in 1 2 9 400 $(seq "$files" $((files + 12)))
  do
    QEC_FAULT_NTH=$n backup "$dir/b/killed" && break
    if [ -e "$dir/b/killed" ]
    then restore "$dir/none" --check "$dir/b/killed" || bad="$bad $n"; rm -rf "$dir/b/killed"
    fi
  done
  rm -rf "$dir/b/killed"
  ok "a backup that is killed at any point is whole or not there ($n)" test -z "$bad"
  ok "... and the next one is made" backup "$dir/b/killed"
  ok "... without what the dead left" not test -e "$dir/b/killed.incomplete"
  bad=''
  for n in 1 400 $(seq $((files - 2)) $((files + 8)))
  do
    rm -rf "$dir/b/again"
    QEC_FAULT_NTH=$n restore "$dir/b/again" "$dir/b/killed" && break
    [ ! -e "$dir/b/again/qecp.conf" ] || qecp --config "$dir/b/again/qecp.conf" fsck > /dev/null || bad="$bad ($n)"
    restore "$dir/b/again" "$dir/b/killed" && cmp -s "$dir/b/again/qecp.conf" "$conf" || bad="$bad $n"
  done
  ok "a restoring that is killed is finished by the next one ($n)" test -z "$bad"
  ok "... and replays" replays "$dir/b/again" "$dir/replayed"
fi
full () { (ulimit -f "$1"; shift; "$@"); }
ok "no room for the database: status 3" gives 3 full 64 backup "$dir/b/full"
ok "... in one line" says "qecp: "
ok "... and nothing is left" sh -c "! ls -d '$dir'/b/full*"
ok "no room to restore: status 3" gives 3 full 64 restore "$dir/b/full" "$dir/b/killed"
ok "... and no office" not test -e "$dir/b/full/qecp.conf"
ok "room again: it is restored" restore "$dir/b/full" "$dir/b/killed"
tap_end
