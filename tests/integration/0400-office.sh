#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The whole office on real servers: mail comes in by Dovecot, answers leave by Exim, and both go away and come back.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/servers.sh"

tap_begin
notify=
stop_all ()
{
  daemon_stop
  servers_stop
  [ -z "$notify" ] || kill "$notify"
}
office=$dir/office
servers_start "$office"

accepted () { grep -c '>delivery.accepted' "$dir/log"; }
accepted_at_least () { [ "$(accepted)" -ge "$1" ]; }
is_filed () { [ "$(files_in program/.Filed)" = "$1" ] && [ "$(files_in program)" = 0 ]; }

# --- starting -----------------------------------------------------------------------------------------------------
python3 "$top_srcdir/tests/lib/notify-listen.py" "$dir/notify" "$dir/notified" &
notify=$!
wait_until 10 test -S "$dir/notify"
export NOTIFY_SOCKET=$dir/notify
: > "$dir/log"
daemon_start "$office"
ok "the service manager is told when the office is ready" wait_until 20 grep -q READY=1 "$dir/notified"
ok "both mailboxes are connected" wait_until 20 logged_times 2 mailbox.connected

# --- a conversation -----------------------------------------------------------------------------------------------
year=$(TZ=America/New_York date +%Y) ada=ada@org.example pat=pat.manager@office.example
case_field () { qecp --config "$office/qecp.conf" case show --json "APP-$year-0001" 2> /dev/null | grep -q "$1"; }
letter_apply $ada m1 | deliver program
ok "an application is answered with the form" wait_until 20 answer $ada "Register"
letter_form $ada m2 "Org Inc." | deliver program
ok "the form opens a case and brings guidance" wait_until 20 answer $ada "APP-$year-0001"
ok "... and the program manager is told" wait_until 20 answer $pat "APP-$year-0001"
letter_documents $ada m3 | deliver program
ok "documents are receipted" wait_until 20 answer $ada "received"
letter_submit $ada m4 | deliver program
ok "SUBMIT moves on" wait_until 20 case_field phase1-review
printf '/finding 1.2 met\n/clarify 1.3 due 5bd\nWhich years?\n' | letter_staff $pat m5 "APP-$year-0001" | deliver program
ok "a staff command acts" wait_until 20 case_field phase1-clarification
letter_stranger bob@else.example m6 "A question" support@office.example | deliver support
ok "mail to support is acknowledged" wait_until 20 answer bob@else.example .
ok "five letters are filed" wait_until 20 is_filed 5
ok "... and the one for a person is held" wait_until 20 test "$(files_in support/.Held)" = 1

# --- how long it takes ----------------------------------------------------------------------------------------------
for i in $(seq 11)
do
  before=$(accepted)
  letter_apply "q$i@quick$i.example" "q$i" > "$dir/quick"
  start=$(date +%s%N)
  deliver program < "$dir/quick"
  for _ in $(seq 1000)
  do [ "$(accepted)" -gt "$before" ] && break; sleep 0.01
  done
  echo $((($(date +%s%N) - start) / 1000000))
done | sort -n > "$dir/times"
median=$(sed -n 6p "$dir/times")
echo "# from delivery to accepted answer: median $median ms, $(head -n 1 "$dir/times") to $(tail -n 1 "$dir/times") ms"
ok "an answer takes less than 5 s in the median" test "$median" -lt 5000

# --- Exim goes away ---------------------------------------------------------------------------------------------------
exim_again ()
{
  "${EXIM_AS_USER[@]}" "$dir/exim/bin/exim" -C "$dir/exim/exim.conf" -bdf -q5s >> "$dir/exim/log/stderr" 2>&1 &
  EXIM_PID=$!
  wait_until 10 exim_answers
}
# With the connections it keeps open, which are processes of their own.
sessions=$(pgrep -P "$EXIM_PID")
exim_stop
[ -z "$sessions" ] || kill $sessions 2> /dev/null
letter_apply late@late.example late | deliver program
ok "without Exim an answer is deferred" wait_until 20 logged delivery.deferred
ok "... and its letter filed all the same" wait_until 20 is_filed 17
deferred_at=$SECONDS
ok "Exim comes back" exim_again

# --- another definition -------------------------------------------------------------------------------------------------
cp "$office/rules/program.conf" "$dir/program.conf"
lines=$(($(wc -l < "$office/rules/program.conf") + 1))
echo 'rubbish = { ' >> "$office/rules/program.conf"
kill -HUP "$daemon"
ok "broken rules are refused, with file and line" wait_until 20 logged "configuration.refused.*program.conf:$lines"
letter_apply still@still.example still | deliver program
ok "... and the office goes on with the old ones" wait_until 20 answer still@still.example Register
cp "$dir/program.conf" "$office/rules/program.conf"
sed -i 's/Thank you for your interest\./Thank you for your interest, number 4711./' "$office/templates/registration-form.md"
kill -HUP "$daemon"
ok "good ones take effect" wait_until 20 logged_times 2 configuration.in-force
letter_apply new@new.example new | deliver program
ok "... in the next answer" wait_until 20 answer new@new.example Register
ok "... as written" grep -q 'number 4711' "$(answer new@new.example Register)"

# --- Dovecot goes away ----------------------------------------------------------------------------------------------------
dovecot_again ()
{
  $dovecot_as dovecot -F -c "$dir/dovecot/conf" >> "$dir/dovecot/out" 2>&1 &
  dovecot_pid=$!
  wait_until 10 answers "$imaps_port"
}
connected=$(grep -c mailbox.connected "$dir/log")
dovecot_stop
ok "a lost Dovecot is noticed" wait_until 30 logged 'mailbox.failed.*transient'
letter_apply patient@patient.example patient | deliver program
sleep 2
ok "Dovecot comes back" dovecot_again
ok "... and the office with it" wait_until 60 logged_times $((connected + 2)) mailbox.connected
ok "... and answers what came meanwhile" wait_until 20 answer patient@patient.example Register
echo "# $(grep -c mailbox.failed "$dir/log") failures logged while it was away"

# --- what was deferred -----------------------------------------------------------------------------------------------------
ok "peers-14-smtp-fails: what Exim could not take is sent when it is due" wait_until 90 answer late@late.example Register
echo "# $((SECONDS - deferred_at)) s after it was deferred"

# --- ending and starting again -----------------------------------------------------------------------------------------------
ok "everything is filed" wait_until 20 is_filed 20
sent=$(accepted)
start=$SECONDS
ok "SIGTERM ends it well" daemon_stop
ok "... within seconds" test $((SECONDS - start)) -le 5
ok "... and the service manager is told" grep -q STOPPING=1 "$dir/notified"
ok "no child is left" sh -c "! pgrep -f '^$top_builddir/qecpd --config $office/'"
# Everything comes back under another UIDVALIDITY, as after a restored mailbox.
cp -a "$mail"/program/.Filed/new/* "$mail"/program/.Filed/cur/* "$mail/program/new/" 2> /dev/null
returned=$(files_in program)
rm -f "$mail"/program/dovecot*
messages=$(qecp --config "$office/qecp.conf" status --json | tr -d ' \n')
daemon_start "$office"
ok "peers-13-another-uidvalidity: mail that returns under it ($returned) is filed" wait_until 30 is_filed $((20 + returned))
letter_apply last@last.example last | deliver program
ok "... and the office goes on" wait_until 20 answer last@last.example Register
ok "... having answered nothing twice" test "$(accepted)" = $((sent + 1))
ok "... and opened nothing twice" test "$(qecp --config "$office/qecp.conf" status --json | tr -d ' \n' | sed 's/,"mailbox_look.*//')" = \
  "$(echo "$messages" | sed 's/,"mailbox_look.*//')"
ok "SIGTERM ends it again" daemon_stop

# --- what remains ---------------------------------------------------------------------------------------------------------------
ok "the log names nobody" sh -c "! grep -niE '@(org|else|quick|office|late|still|new|patient|last)|ada|applic|register|question' '$dir/log'"
ok "the journal comes out of a replay the same" qecp --config "$office/qecp.conf" replay --all
ok "the office is whole" qecp --config "$office/qecp.conf" fsck
tap_end
