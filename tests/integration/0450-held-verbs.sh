#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Held mail is dealt with from the shell by mail only: the tool writes what a person who was asked would write, and no more.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/office.sh"

tap_begin
: "${dir:?}"
chmod 755 "$dir"
office=$dir/office conf=$dir/office/qecp.conf lead=lee.lead@office.example
office_make "$office" || exit 99
pass () { qecpd --config "$conf" --once --now "$1" > "$dir/out" 2> "$dir/err"; }
held () { qecp --config "$conf" --now 2027-01-04T15:20:00Z held "$@" > "$dir/out" 2> "$dir/err"; }
gives () { local want=$1 got=0; shift; "$@" || got=$?; [ $got = "$want" ] || { echo "status $got"; return 1; }; }
says () { grep -q -- "$1" "$dir/err" && [ "$(wc -l < "$dir/err")" = 1 ]; }
to_lead () { grep -lis "^To:.*$lead" "$office"/mail/out/new/* | xargs -r grep -ls -- "$1" | grep -q .; }
new_mail () { find "$office/mail/program/new" -type f | wc -l; }

letter_stranger bob@else.example m1 "A question" support@office.example | office_put "$office" support 1.a 2027-01-04T15:00:00Z
letter_stranger eve@other.example m2 "Something else" support@office.example | office_put "$office" support 2.a 2027-01-04T15:01:00Z
letter_stranger eve@other.example m3 "And more" support@office.example | office_put "$office" support 3.a 2027-01-04T15:02:00Z
pass 2027-01-04T15:10:00Z
ok "three messages are held" gives 1 held
ok "one is not released without a name" gives 2 held release 1
ok "... but who was asked is named" says "$lead"
ok "... nor for somebody who was not asked" gives 2 held release 1 --as pat.manager@office.example
ok "... in one line" says "never was asked about message 1, but these were: $lead"
ok "... nor for a stranger" gives 2 held release 1 --as bob@else.example
ok "... in one line" says "not in the roster"
ok "a message that does not wait: status 2" gives 2 held release 77 --as "$lead"
ok "... in one line" says "no message '77' waits"
ok "a category that is not there: status 2" gives 2 held refile 1 nonsense --as "$lead"
ok "... in one line" says "no category; there are:"
ok "nothing was written" test "$(new_mail)" = 0
category=$(sed 's/.*there are: //; s/,.*//' "$dir/err")

ok "a message is released" held release 3 --as "$lead"
ok "... by a mail" test "$(new_mail)" = 1
ok "... and still waits until the office has read it" gives 1 held
pass 2027-01-04T15:30:00Z
held --json
ok "... then all of its sender's are settled" test "$(grep -c '"message"' "$dir/out")" = 1
ok "... and the person is told" to_lead "no longer waits"
ok "the other is sorted" held refile 1 "$category" --as "$lead" --json
ok "... by the command" grep -q "/route $category" "$dir/out"
pass 2027-01-04T15:40:00Z
ok "... and the person is told that, too" to_lead "sorted as"
ok "the journal comes out of a replay the same" qecp --config "$conf" replay --all

# --- an office whose mailbox is a server's: the answer goes there by mail ------------------------------------------------------
server=
stop_all () { [ -z "$server" ] || kill "$server" 2> /dev/null; }
serve () # STAGE=ACTION...
{
  stop_all
  rm -f "$dir/port"
  python3 "$top_srcdir/tests/lib/bad-smtp.py" "$dir/port" "$dir/log" "$@" &
  server=$!
  for _ in $(seq 100); do [ -s "$dir/port" ] && break; sleep 0.05; done
  {
    printf 'mailbox "program" {\n  address = "program@office.example"\n  kind = imap\n  host = "127.0.0.1"\n  port = 9\n  tls = none\n'
    printf '  user = "office"\n  secret-file = "./password"\n}\n'
    sed '/^mailbox "program" {/,/^}/d; /^delivery {/,/^}/d' "$dir/maildirs"
    printf 'delivery {\n  kind = smtp\n  host = "127.0.0.1"\n  port = %s\n  tls = none\n  timeout = 2\n}\n' "$(cat "$dir/port")"
  } > "$conf"
}
letter_stranger kim@fourth.example m4 "One more" support@office.example | office_put "$office" support 4.a 2027-01-04T15:41:00Z
pass 2027-01-04T15:50:00Z
cp "$conf" "$dir/maildirs"
serve
ok "a message is released by way of the server" held release 6 --as "$lead"
ok "... to the program's mailbox" grep -q 'RCPT TO:<program@office.example>' "$dir/log"
ok "... as one mail" test "$(grep -c ' mail [0-9]' "$dir/log")" = 1
ok "... and not into a folder" test "$(new_mail)" = 0
serve "dot=550 5.7.1 not from there"
ok "a server that does not take it: status 2 or 3" sh -c "! '$top_builddir/qecp' --config '$conf' --now 2027-01-04T15:55:00Z held release 6 --as $lead 2> '$dir/err'"
ok "... in one line" says "did not take the answer: .*not from there"
cp "$dir/maildirs" "$conf"
ok "the office is whole" qecp --config "$conf" fsck
tap_end
