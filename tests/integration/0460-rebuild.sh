#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The database and the archive are lost, the mail is not: what is made again from it is the office that was lost, sends nothing, and
# goes on as if it had never been away.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/office.sh"

tap_begin
: "${dir:?}" "${top_builddir:?}"
chmod 755 "$dir"
stop_all () { daemon_stop; }
office=$dir/office lost=$dir/lost ada=ada@org.example pat=pat.manager@office.example
office_make "$office" || exit 99

at () { qecpd --config "$office/qecp.conf" --once --now "$1" > "$dir/out" 2> "$dir/err" || { cat "$dir/err"; exit 99; }; }
# gives STATUS COMMAND...
gives () { local want=$1 got=0; shift; "$@" || got=$?; [ $got = "$want" ] || { echo "status $got"; return 1; }; }
rebuild () { local in=$1; shift; qecp --config "$in/qecp.conf" "$@" > "$dir/out" 2> "$dir/err"; }
once () { qecpd --config "$1/qecp.conf" --once 2> "$dir/err"; }
says () { grep -q -- "$1" "$dir/err" && [ "$(wc -l < "$dir/err")" = 1 ]; }
in_out () { grep -q -- "$1" "$dir/out"; }
member () { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$dir/out" "$1"; }
not () { ! "$@"; }
state () { python3 "$top_srcdir/tests/lib/office-state.py" "$1"; }
sql () { python3 -c 'import sqlite3, sys; print(*[r[0] for r in sqlite3.connect(sys.argv[1] + "/qecp.db").execute(sys.argv[2])], sep="\n")' "$1" "$2"; }
sent () { find "$1/mail/out/new" -type f | wc -l; }
whole () { qecp --config "$1/qecp.conf" replay --all | grep '^equal' && qecp --config "$1/qecp.conf" fsck; }
# sent_to OFFICE TO SUBJECT: the newest such mail
sent_to () { grep -lis "^To: .*$2" "$1"/mail/out/new/* | xargs -r grep -lis "^Subject: .*$3" | sort -V | tail -n 1; }
header () { sed -n "/^$2:/I{s/^[^:]*: *//;s/.*<\(.*\)>.*/\1/;p;q}" "$1" | tr -d '\r'; }
# reply FROM ID MAIL: to that mail of ours, its words on standard input
reply ()
{
  printf 'In-Reply-To: <%s>\nReferences: <%s>\n' "$(header "$3" Message-ID)" "$(header "$3" Message-ID)"
  letter_head "$1" "$2" "Re: a mail without a number" "$(header "$3" Reply-To)"
  echo
  cat
}
verbs () # OFFICE: what an administrator sees; where the office answered late, the rebuilt one has the due day
{
  local verb
  for verb in "case list --json" "case show APP-2027-0001 --json" "case timeline APP-2027-0001" "held --json" "timers --json"
  do qecp --config "$1/qecp.conf" --now 2027-01-20T15:00:00Z $verb
  done | sed -e 's/^ *[0-9]*  [A-Z][a-z][a-z] *[0-9]* [A-Z][a-z][a-z] [0-9]* *mail to/mail to/' -e 's/^ *[0-9]*  \([A-Z]\)/\1/'
}

# --- a life -----------------------------------------------------------------------------------------------------------
letter_apply $ada m1 | office_put "$office" program 1.a 2027-01-04T15:00:00Z
at 2027-01-04T15:00:00Z
letter_form $ada m2 "Org Inc." | office_put "$office" program 2.a 2027-01-04T16:00:00Z
at 2027-01-04T16:00:00Z
letter_documents $ada m3 | office_put "$office" program 3.a 2027-01-05T16:00:00Z
at 2027-01-05T16:00:00Z
letter_submit $ada m4 | office_put "$office" program 4.a 2027-01-06T16:00:00Z
at 2027-01-06T16:00:00Z
printf '/finding 1.2 met\n/clarify 1.3 due 2bd\nWhich years?\n/remind 10bd call them\n' | letter_staff $pat m5 APP-2027-0001 |
  office_put "$office" program 5.a 2027-01-07T16:00:00Z
letter_stranger bob@else.example m6 "A question" support@office.example | office_put "$office" support 1.a 2027-01-07T17:00:00Z
letter_stranger eve@else.example m7 "Another question" support@office.example | office_put "$office" support 2.a 2027-01-07T17:30:00Z
at 2027-01-07T18:00:00Z
# Days in which nobody looked: of the digests between them one was written, where a rebuild writes each.
at 2027-01-13T15:00:00Z
notice=$(sent_to "$office" . "bob@else.example")
echo "You can apply at any time." | reply "$(header "$notice" To)" m8 "$notice" | office_put "$office" program 6.a 2027-01-13T15:30:00Z
at 2027-01-13T15:30:00Z
letter_apply zoe@new.example m9 | office_put "$office" program 7.a 2027-01-14T15:00:00Z
at 2027-01-14T15:00:00Z
ok "the office lived" test "$(sql "$office" "SELECT count (*) FROM timer WHERE status = 'fired'")" -ge 2
ok "... one question is held, the other answered" sh -c "[ \"$(sql "$office" "SELECT status FROM held ORDER BY id" | sort | tr '\n' ' ')\" = 'settled waiting ' ]"
asked=$(sent_to "$office" $ada "APP-2027-0001.*question")
[ -n "$asked" ] || asked=$(sent_to "$office" $ada APP-2027-0001)
receipt=$(sent_to "$office" zoe@new.example .)
verbs "$office" > "$dir/verbs.before"
state "$office" > "$dir/state.before"
mails=$(sent "$office") now=2027-01-14T15:00:00Z
(cd "$office/mail" && find program support -type f ! -name '*uidlist' -exec sha256sum {} + | sort) > "$dir/mail.before"

# --- refused ------------------------------------------------------------------------------------------------------------
ok "where a database is, none is made: status 2" gives 2 rebuild "$office" --now $now rebuild --from all
ok "... in one line that says to move it away" says "move away.*qecp.db: there is a database"
mkdir "$lost"
mv "$office"/qecp.db* "$lost"
ok "the daemon makes none where an archive says that there was one: status 2" gives 2 once "$office"
ok "... and says so" grep "there was one.  qecp restore" "$dir/err"
ok "... and made none" not test -e "$office/qecp.db"
mv "$office/archive" "$lost"
ok "a look makes no database: status 2" gives 2 rebuild "$office" status
ok "... and says what does" says "qecp rebuild makes it again"
ok "... and none is there" not test -e "$office/qecp.db"
ok "without a mailbox: status 2" gives 2 rebuild "$office" rebuild
ok "... in one line" says "such as: .* rebuild --from all"
ok "a mailbox that is not configured: status 2" gives 2 rebuild "$office" rebuild --from nobody
ok "... naming those that are" says "program, support"
ok "a folder that is no Maildir: status 2" gives 2 rebuild "$office" rebuild --from "$dir/nowhere"
ok "... and is not made" not test -e "$dir/nowhere"
mv "$office/office.key" "$dir/key"
ok "without the office's key: status 2" gives 2 rebuild "$office" --now $now rebuild --from all
ok "... saying what it is for" says "office.key: .*key is missing.*--new-key"
mv "$dir/key" "$office/office.key"
ok "another key where there is one: status 2" gives 2 rebuild "$office" --now $now rebuild --from all --new-key
: > "$office/qecp.db-wal"
ok "beside the log of a database that was there: status 2" gives 2 rebuild "$office" --now $now rebuild --from all
rm "$office/qecp.db-wal"
exec 9<> "$office/qecp.db.lock"
flock -s 9
ok "while qecpd runs: status 3" gives 3 rebuild "$office" --now $now rebuild --from all
ok "... in one line" says "stop qecpd"
flock -u 9
flock 9
ok "and qecpd does not start meanwhile" gives 3 once "$office"
exec 9>&-
ok "nothing of all that made a database" test -z "$(ls "$office" | grep -v '^qecp.db.lock' | grep '^qecp.db')"

# --- made again ---------------------------------------------------------------------------------------------------------
ok "it is made again from the mail" rebuild "$office" --now $now rebuild --from all --json
ok "... with all messages" test "$(member messages)" = 9
ok "... which fit together" test "$(member findings)" = '[]'
ok "... and what the clock sent" test "$(member regarded_as_sent)" -ge "$mails"
ok "nothing was sent" test "$(sent "$office")" = "$mails"
ok "... and the mail lies as it did" sh -c "cd '$office/mail' && find program support -type f ! -name '*uidlist' -exec sha256sum {} + | sort | cmp - '$dir/mail.before'"
state "$office" > "$dir/state.after"
ok "the office knows what it knew" sh -c "grep -v ': digest' '$dir/state.before' > '$dir/a'; grep -v ': digest' '$dir/state.after' | diff '$dir/a' -"
verbs "$office" > "$dir/verbs.after"
ok "... and its verbs tell it" diff "$dir/verbs.before" "$dir/verbs.after"
ok "it replays, and is whole" whole "$office"
ok "a second one is refused" gives 2 rebuild "$office" --now $now rebuild --from all
rm -rf "$dir/again" && cp -a "$office" "$dir/again" && rm -rf "$dir"/again/qecp.db* "$dir/again/archive"
rebuild "$dir/again" --now $now rebuild --from support --from program
ok "what is made twice is the same" test "$(sql "$office" "SELECT hash FROM event ORDER BY id DESC LIMIT 1")" = "$(sql "$dir/again" "SELECT hash FROM event ORDER BY id DESC LIMIT 1")"

# --- and goes on ----------------------------------------------------------------------------------------------------------
at $now
ok "the daemon finds nothing to do" test "$(sent "$office")" = "$mails"
echo "They are 2019 to 2025." | reply $ada m10 "$asked" | office_put "$office" program 8.a 2027-01-15T15:00:00Z
echo "Thank you, that helped." | reply zoe@new.example m11 "$receipt" | office_put "$office" program 9.a 2027-01-15T15:10:00Z
cp -p "$office"/mail/program/.Filed/new/4.a "$office/mail/program/new/4.b" && office_own "$office/mail"
at 2027-01-15T15:30:00Z
ok "an answer to a mail from before goes to its case" test "$(sql "$office" "SELECT ref FROM cases c JOIN message m ON m.case_id = c.id WHERE m.message_id = 'm10@org.example'")" = APP-2027-0001
ok "... and proves itself" test "$(qecp --config "$office/qecp.conf" explain m10@org.example | grep -c 'answers a mail only this address got: yes, by reference and address')" -ge 1
ok "a message that is there already is filed, and nothing comes of it" test "$(sql "$office" "SELECT count (*) FROM message WHERE message_id = 'm4@org.example'")" = 1
ok "... and nothing waits" test -z "$(find "$office"/mail/program/new "$office"/mail/program/cur -type f)"
before=$(sent "$office")
at 2027-01-22T16:00:00Z
ok "dates that lay in the future come" test "$(sent "$office")" -gt "$before"
ok "... the reminder that was set before the loss among them" sent_to "$office" $pat "minder"
ok "it still replays, and is whole" whole "$office"

# --- a part of it, another key, a time --------------------------------------------------------------------------------------
copy () { rm -rf "$dir/copy"; cp -a "$1" "$dir/copy"; rm -rf "$dir"/copy/qecp.db* "$dir/copy/archive"; }
copy "$office"
late=2027-01-22T17:00:00Z
ok "one mailbox alone is said to be a part" sh -c "'$top_builddir/qecp' --config '$dir/copy/qecp.conf' --now $late rebuild --from program; true"
copy "$office"
rebuild "$dir/copy" --now $late rebuild --from program
ok "... by name" in_out "came to mailbox support, which was not read"
copy "$office"
mv "$dir/copy/mail" "$dir/copy/elsewhere"
ok "a copy of the mail elsewhere will do" rebuild "$dir/copy" --now $late rebuild --from program="$dir/copy/elsewhere/program" --from support="$dir/copy/elsewhere/support" --json
ok "... for all of it" test "$(member messages)" = 11
ok "... and is only read" test -z "$(find "$dir/copy/elsewhere" -path '*/.Filed/qecp-uidlist')"
copy "$office"
rm "$dir/copy/mail/program/.Filed/new/2.a"
ok "a message is missing: status 1" gives 1 rebuild "$dir/copy" --now $late rebuild --from all
ok "... and it shows in the answers" in_out "it answers a mail of this office that did not come out again"
copy "$office"
rm "$dir/copy/office.key"
ok "the key is lost, too" rebuild "$dir/copy" --now $late rebuild --from all --new-key --json
ok "... which is said" in_out "The office.s key: "
ok "... and answers go by who takes part" test "$(sql "$dir/copy" "SELECT ref FROM cases c JOIN message m ON m.case_id = c.id WHERE m.message_id = 'm10@org.example'")" = APP-2027-0001
copy "$office"
rebuild "$dir/copy" --now $late rebuild --from all
ok "what came due after the last message is told" in_out "came due after the last message"
copy "$office"
before=$(sent "$dir/copy")
ok "until when it ran can be said" rebuild "$dir/copy" --now $late rebuild --from all --until 2027-01-15T16:00:00Z --json
ok "... nothing is uncertain then" test "$(member due_after_last_message)" = 0
qecpd --config "$dir/copy/qecp.conf" --once --now $late > "$dir/out" 2>&1
ok "... and what was due later is sent" test "$(sent "$dir/copy")" -gt "$before"
copy "$office"
before=$(sent "$dir/copy")
letter_submit $ada m12 | office_put "$dir/copy" program 10.a 2027-01-15T15:40:00Z
rebuild "$dir/copy" --now $late rebuild --from all --json
ok "the clock does not run past a message that waits" test "$(member until)" = 2027-01-15T15:40:00Z
ok "... which is left where it is" test -e "$dir/copy/mail/program/new/10.a"
rm -rf "$dir/copy/mail/program/.Filed" "$dir/copy/mail/program/.Held" "$dir"/copy/mail/support/.* "$dir"/copy/qecp.db* 2> /dev/null
ok "no mail at all: status 2" gives 2 rebuild "$dir/copy" --now $late rebuild --from all
ok "... in one line" says "nothing to rebuild"
ok "... and nothing is there" not test -e "$dir/copy/qecp.db"

# --- killed ---------------------------------------------------------------------------------------------------------------
copy "$office"
if QEC_FAULT_NTH=1 rebuild "$dir/copy" --now $late rebuild --from all || ! grep -q '^fault:' "$dir/err"
then tap_skip "a rebuild that is killed" "built without fault points"
else
  bad='' points=''
  head_of () { sql "$1" "SELECT hash FROM event ORDER BY id DESC LIMIT 1"; }
  copy "$office"
  rebuild "$dir/copy" --now $late rebuild --from all
  hash=$(head_of "$dir/copy")
  killed () # N: it dies at that point, and what is there then is nothing, or whole; the next one has it all
  {
    local point
    copy "$office"
    QEC_FAULT_NTH=$1 rebuild "$dir/copy" --now $late rebuild --from all && return 1
    point=$(sed -n 's/^fault: //p' "$dir/err")
    points="$points $1=$point"
    if [ "$point" != rebuild.placed ]
    then
      [ ! -e "$dir/copy/qecp.db" ] || bad="$bad $1:placed"
      rebuild "$dir/copy" --now $late rebuild --from all || bad="$bad $1:again"
    fi
    [ "$hash" = "$(head_of "$dir/copy")" ] || bad="$bad $1:differs"
    [ -z "$(find "$dir/copy" -name '*.rebuild*')" ] || bad="$bad $1:left"
  }
  low=1 high=512
  while killed $high
  do low=$high high=$((2 * high))
  done
  while [ $((high - low)) -gt 1 ]
  do
    middle=$(((low + high) / 2))
    if killed $middle
    then low=$middle
    else high=$middle
    fi
  done
  echo "# killed at:$points"
  ok "a rebuild that is killed leaves no database, and the next one is whole ($low)" test -z "$bad"
  ok "... when it has its name it is there" sh -c "echo '$points' | grep rebuild.placed"
fi
tap_end
