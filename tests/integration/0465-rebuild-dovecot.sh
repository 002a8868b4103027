#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The same on a real mail server: the machine of an office is lost, its mail lies in the folders of Dovecot, and another machine takes
# over while mail goes on coming in.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/servers.sh"

tap_begin
stop_all ()
{
  daemon_stop
  servers_stop
}
office=$dir/office ada=ada@org.example
servers_start "$office"

filed () { [ "$(files_in program/.Filed)" = "$1" ] && [ "$(files_in program)" = 0 ]; }
held () { [ "$(files_in support/.Held)" = "$1" ]; }
mails () { find "$out" -type f | wc -l; }
state () { python3 "$top_srcdir/tests/lib/office-state.py" "$1" | grep -v '^mail: digest'; }
sql () { python3 -c 'import sqlite3, sys; print(*[r[0] for r in sqlite3.connect(sys.argv[1] + "/qecp.db").execute(sys.argv[2])], sep="\n")' "$office" "$1"; }
whole () { qecp --config "$office/qecp.conf" replay --all | grep '^equal' && qecp --config "$office/qecp.conf" fsck; }
nothing_waits () { qecp --config "$office/qecp.conf" outbox | grep -q "Nothing waits"; }
header () { sed -n "/^$2:/I{s/^[^:]*: *//;s/.*<\(.*\)>.*/\1/;p;q}" "$1" | tr -d '\r'; }
rebuild () { qecp --config "$office/qecp.conf" rebuild "$@" > "$dir/out" 2> "$dir/err"; }
gives () { local want=$1 got=0; shift; "$@" || got=$?; [ $got = "$want" ] || { echo "status $got"; return 1; }; }

# --- a conversation ---------------------------------------------------------------------------------------------------
year=$(TZ=America/New_York date +%Y)
: > "$dir/log"
daemon_start "$office"
letter_apply $ada m1 | deliver program
ok "an application is answered" wait_until 30 answer $ada "Register"
letter_form $ada m2 "Org Inc." | deliver program
ok "the form opens a case" wait_until 30 answer $ada "APP-$year-0001"
letter_documents $ada m3 | deliver program
letter_stranger bob@else.example m4 "A question" support@office.example | deliver support
ok "documents are receipted" wait_until 30 answer $ada "received"
ok "a stranger's question is held" wait_until 30 held 1
ok "all is filed" wait_until 30 filed 3
ok "... and sent" wait_until 30 nothing_waits
ok "while it runs it is not made again" gives 2 rebuild --from all
mkdir "$dir/moved"
mv "$office"/qecp.db "$office"/qecp.db-* "$dir/moved"
ok "... nor when its database is taken away under it" gives 3 rebuild --from all
mv "$dir"/moved/* "$office"
ok "SIGTERM ends it well" daemon_stop
state "$office" > "$dir/state.before"
before=$(mails)
receipt=$(answer $ada "APP-$year-0001" | tail -n 1)

# --- lost, and made again ------------------------------------------------------------------------------------------------
rm -rf "$office"/qecp.db* "$office/archive"
# It comes while there is nobody.
{
  printf 'In-Reply-To: <%s>\n' "$(header "$receipt" Message-ID)"
  letter_head $ada m5 "Re: no number" "$(header "$receipt" Reply-To)"
  printf '\nSUBMIT\n'
} | deliver program
dovecot_stop
ok "without the mail server: status 3" gives 3 rebuild --from all
ok "... and no database" test ! -e "$office/qecp.db"
dovecot_try || dovecot_try || exit 99
sed -i "s/^  port = [0-9]*\$/  port = PORT/; s/PORT/$imaps_port/" "$office/qecp.conf"
sed -i "/^delivery/,/^}/s/^  port = .*/  port = $EXIM_TLS_PORT/" "$office/qecp.conf"
ok "it is made again from IMAP" rebuild --from all
ok "... what waits is told" grep -q "waiting *1 " "$dir/out"
ok "... and left there" test "$(files_in program)" = 1
state "$office" > "$dir/state.after"
ok "the office knows what it knew" diff "$dir/state.before" "$dir/state.after"
ok "it replays, and is whole" whole
sleep 2
ok "nothing was sent" test "$(mails)" = "$before"

# --- and goes on ----------------------------------------------------------------------------------------------------------
daemon_start "$office"
ok "what waited is taken in" wait_until 30 filed 4
ok "... it is an answer in its case" test "$(sql "SELECT ref FROM cases c JOIN message m ON m.case_id = c.id WHERE m.message_id = 'm5@org.example'")" = "APP-$year-0001"
ok "... and acts" wait_until 30 sh -c "grep -lis '^To: .*$ada' '$out'/* | xargs grep -l '$(header "$dir/letter" Message-ID)'"
ok "SIGTERM ends it well" daemon_stop
ok "nothing was filed twice" test "$(sql "SELECT count (*) FROM message")" = 5
ok "... nor answered twice" test -z "$(for file in "$out"/*; do header "$file" Message-ID; done | sort | uniq -d)"
ok "it still replays, and is whole" whole
tap_end
