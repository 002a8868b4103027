#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A full disk, a locked, newer or broken database, files that are missing or wrong: a clear line, the right exit status,
# nothing lost; the mail waits in its mailbox and is taken in once when all is well again.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/office.sh"

tap_begin
chmod 755 "$dir"
holder=
stop_all () { daemon_stop; [ -z "$holder" ] || kill "$holder" 2> /dev/null; }
base=$dir/base office=$dir/office
office_make "$base" || exit 99
letter_apply ada@org.example m1 | office_put "$base" program 1.a 2027-01-04T15:00:00Z
now=2027-01-04T15:10:00Z

renew () { rm -rf "$office"; cp -a "$base" "$office"; }
once () { qecpd --config "$office/qecp.conf" --once --now $now > "$dir/out" 2> "$dir/err"; }
# gives STATUS COMMAND...
gives () { local want=$1 got=0; shift; "$@" || got=$?; [ $got = "$want" ] || { echo "status $got"; return 1; }; }
waits () { [ -f "$office/mail/program/new/1.a" ] && [ "$(find "$office/mail/out/new" -type f 2> /dev/null | wc -l)" = 0 ]; }
# What is not a line of the log is for the person who started it.
one_line () { grep -v '^<[0-7]>' "$dir/err" | head -n 1 | grep "^qecpd: .*$1"; }
start () { timeout 20 "${office_as[@]}" "$top_builddir/qecpd" --config "$office/qecp.conf" 2> "$dir/err"; }
# taken_in_once [COPIES]: the answer is one mail, of which so many copies may have gone out, 1 unless said otherwise
taken_in_once ()
{
  once || return 1
  once || return 1
  [ "$(find "$office/mail/program/.Filed" -type f -name '*.a' | wc -l)" = 1 ] &&
    [ "$(sha256sum "$office"/mail/out/new/* | cut -c 1-64 | sort -u | wc -l)" = 1 ] &&
    [ "$(find "$office/mail/out/new" -type f | wc -l)" -le "${1:-1}" ] && qecp --config "$office/qecp.conf" fsck &&
    qecp --config "$office/qecp.conf" replay --all
}
sql () { # TEXT
  python3 -c 'import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute(sys.argv[2]); db.commit()' "$office/qecp.db" "$1"
  office_own "$office"
}

# refused WHAT STATUS PATTERN: both ways to start refuse, in one line, and the mail waits
refused ()
{
  ok "$1: refused with status $2" gives "$2" once
  ok "... in one line" one_line "$3"
  ok "... and the mail waits" waits
  ok "... by the daemon too" gives "$2" start
  ok "... in one line" one_line "$3"
}
well_again () { ok "... and is taken in once when all is well" taken_in_once; }

# --- files that are missing or wrong -------------------------------------------------------------------------------
renew
call () { qecpd --config "$1" --once 2> "$dir/err"; }
refused_config () { ok "$1: status 2" gives 2 call "$2"; ok "... in one line" one_line "$3"; }
refused_config "no configuration" "$office/none.conf" "none.conf"
echo 'office { nonsense = 1 }' > "$office/wrong.conf"
refused_config "a wrong configuration" "$office/wrong.conf" "wrong.conf:1"
mv "$office/office.key" "$office/away"
refused "no key file" 2 "office.key"
mv "$office/away" "$office/office.key"
well_again

renew
chmod 000 "$office/qecp.conf"
if [ ${#office_as[@]} -gt 0 ] || [ "$(id -u)" -ne 0 ]
then refused "a configuration nobody may read" 2 "qecp.conf"
fi
chmod 644 "$office/qecp.conf"
echo 'state {' >> "$office/rules/program.conf"
refused "wrong rules" 2 "program.conf:[0-9]"
cp "$base/rules/program.conf" "$office/rules/program.conf"
well_again

renew
chmod 000 "$office/rules/forms.conf"
refused "rules nobody may read" 2 "forms.conf"
chmod 644 "$office/rules/forms.conf"
well_again

renew
rm -r "$office/templates"
refused "no templates" 2 "templates"
cp -a "$base/templates" "$office/templates"
well_again

renew
rm "$office/templates/registration-form.md"
refused "a missing template" 2 "registration-form"
cp -a "$base/templates/registration-form.md" "$office/templates/"
well_again

# --- the database ----------------------------------------------------------------------------------------------------
renew
schema=$(python3 -c 'import sqlite3, sys; print (sqlite3.connect (sys.argv[1]).execute ("PRAGMA user_version").fetchone ()[0])' "$office/qecp.db")
sql 'PRAGMA user_version = 99'
refused "a newer database" 2 "schema 99"
sql "PRAGMA user_version = $schema"
well_again

renew
head -c 8192 /dev/urandom > "$office/qecp.db"
refused "what is no database" 3 "qecp.db"
cp -a "$base/qecp.db" "$office/qecp.db"
well_again

renew
size=$(stat -c %s "$office/qecp.db")
for page in $(seq 1 2 $((size / 4096 - 1)))
do dd if=/dev/urandom of="$office/qecp.db" bs=4096 seek="$page" count=1 conv=notrunc
done 2> /dev/null
ok "a database with broken pages: status 3" gives 3 once
ok "... in one line" one_line .
ok "... and the mail waits" waits
cp -a "$base/qecp.db" "$office/qecp.db"
rm -f "$office"/qecp.db-*
well_again

# hold SECONDS: keep the database locked, as a backup or an administrator might
hold ()
{
  rm -f "$dir/held"
  python3 -c '
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))' "$office/qecp.db" "$1" > "$dir/held" &
  holder=$!
  wait_until 10 grep -q held "$dir/held"
  office_own "$office"
}
renew
hold 60
ok "a locked database: status 3" gives 3 once
ok "... said so" grep -q 'locked' "$dir/err"
ok "... and the mail waits" waits
kill $holder; wait $holder 2> /dev/null
well_again

# The daemon outlives a lock: mail that comes meanwhile is taken in afterwards, once.
renew
: > "$dir/log"
daemon_start "$office"
ok "a daemon files" wait_until 20 logged message.taken-in
ok "... and answers" wait_until 20 logged_times 1 delivery.done
hold 14
letter_apply bob@else.example m2 | office_put "$office" program 2.b "$(date -u +%FT%TZ)"
ok "the database locked for longer than it waits: the mail stays" wait_until 12 logged 'mailbox.failed.*transient'
ok "... the daemon lives on" kill -0 "$daemon"
ok "... files it when the lock is gone" wait_until 40 logged_times 2 message.taken-in
ok "... and answers" wait_until 20 logged_times 2 delivery.done
wait $holder
holder=

ok "SIGTERM ends it well" daemon_stop

# --- no room ------------------------------------------------------------------------------------------------------------
renew
chmod 500 "$office/archive" "$office"/archive/*
ok "an archive that may not be written: status 3" gives 3 once
ok "... and the mail waits" waits
chmod 700 "$office/archive" "$office"/archive/*
well_again

# Files may not grow beyond 8 KB, as when the disk is full: the archive takes small mails, the database nothing.
full () { (ulimit -f "$1"; once); }
for limit in 0 1 8 64 200 270 340
do
  renew
  full $limit
  status=$?
  ok "no file beyond $limit KB: a status, not a signal ($status)" test $status -le 3
  if waits
  then echo "# the mail waits: $(grep -v '^<[0-7]>' "$dir/err" | head -n 1 | cut -c 1-150)"
  fi
  # Where the disk is full just between an acceptance and the note of it, the mail goes out once more, with its Message-ID.
  ok "... and is taken in once when all is well" taken_in_once 2
done
# Full in the middle: what was accepted and could not be noted is not sent at every start.
renew
once
letter_apply bob@else.example m2 | office_put "$office" program 2.b 2027-01-04T15:05:00Z
for _ in 1 2 3 4
do full $(($(stat -c %s "$office/qecp.db") / 1024))
done
sent=$(find "$office/mail/out/new" -type f | wc -l)
ok "a full disk repeats no mail at every start ($sent)" test "$sent" -le 3
ok "room again: all is finished" once
ok "... and whole" qecp --config "$office/qecp.conf" fsck
tap_end
