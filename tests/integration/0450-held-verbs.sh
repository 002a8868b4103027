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
ok "the office is whole" qecp --config "$conf" fsck
tap_end
