#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A running office among servers that stall, hang up, talk rubbish, defer and refuse: it lives on, serves the mailbox that
# works, raises the alarm about the others, and repeats a mail only under the same Message-ID.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/office.sh"

command -v python3 > /dev/null || tap_skip_all "python3 is not installed"
tap_begin
chmod 755 "$dir"
servers=()
stop_all () { daemon_stop; [ ${#servers[@]} -eq 0 ] || kill "${servers[@]}" 2> /dev/null; }
office=$dir/office
office_make "$office" || exit 99
echo secret > "$office/password"

serve () # KIND NAME OPTIONS...: a server that misbehaves so; its port in $port
{
  local kind=$1 name=$2
  shift 2
  python3 "$top_srcdir/tests/lib/bad-$kind.py" "$dir/$name.port" "$dir/$name.log" "$@" 2> /dev/null &
  servers+=($!)
  wait_until 10 test -s "$dir/$name.port" || exit 99
  port=$(cat "$dir/$name.port")
}

bad_mailbox () # NAME OPTIONS...
{
  serve imap "$@"
  printf 'mailbox "%s" {\n  address = "%s@office.example"\n  kind = imap\n  host = "127.0.0.1"\n  port = %s\n' "$1" "$1" "$port"
  printf '  tls = none\n  user = "office"\n  secret-file = "./password"\n  timeout = 1\n}\n' 
}
# Not in a subshell: what was started is to be stopped.
bad_mailbox stalls stall=FETCH > "$dir/boxes"
bad_mailbox leaves bye=LOGIN >> "$dir/boxes"
bad_mailbox babbles garbage=SELECT >> "$dir/boxes"
bad_mailbox drops drop=FETCH >> "$dir/boxes"
bad_mailbox cuts cut >> "$dir/boxes"
# Its token command prints one that is no longer good.
bad_mailbox expired > "$dir/expired"
sed 's/secret-file.*/auth = xoauth2\n  token-command = "echo bad"/' "$dir/expired" >> "$dir/boxes"
serve smtp smtp dot@1=drop 'rcpt@later=450 4.2.1 come back later' 'rcpt@gone=550 5.1.1 no such user' \
  'rcpt@full=552 5.2.2 mailbox full' 'rcpt@nobody=550 user unknown'
{
  sed -n '1,/^}/p' "$office/qecp.conf" | sed 's/^}/  alarm = 1\n}/'
  printf 'mailbox "program" {\n  address = "program@office.example"\n  path = "mail/program"\n}\n'
  cat "$dir/boxes"
  printf 'delivery {\n  kind = smtp\n  host = "127.0.0.1"\n  port = %s\n  tls = none\n  timeout = 2\n}\n' "$port"
} > "$dir/conf"
cp "$dir/conf" "$office/qecp.conf"
office_own "$office"

put () { letter_apply "$1" "$2" | office_put "$office" program "$2.a" "$(date -u +%FT%TZ)"; }
filed () { [ "$(find "$office/mail/program/.Filed" -type f -name '*.a' | wc -l)" = "$1" ]; }
repeated () { [ "$(grep ' mail ' "$dir/smtp.log" | cut -d' ' -f4 | sort | uniq -d | wc -l)" = "$1" ]; }
never_asked () { grep -q FETCH "$dir/$1.log" && ! grep -qE "$2" "$dir/$1.log"; } # MAILBOX COMMANDS
asked () { grep -c "RCPT TO:<$1" "$dir/smtp.log"; }

: > "$dir/log"
daemon_start "$office"
started=$SECONDS
put ada@org.example a1
ok "the mailbox that works is served" wait_until 30 filed 1
ok "a connection lost after the mail: its fate is not known, it waits" wait_until 20 logged_times 1 'delivery.done.*status=deferred'
put bob@later.example b1
ok "a recipient deferred by the server waits" wait_until 30 logged_times 2 'delivery.done.*status=deferred'
put cyd@gone.example c1
ok "peers-14-smtp-fails: a recipient refused for good has failed" wait_until 30 logged 'delivery.done.*status=failed code=550'
ok "... and a person is told" wait_until 30 grep -q 'RCPT TO:<lee.lead@office.example' "$dir/smtp.log"
put cyd@gone.example c2
ok "another letter from there is filed" wait_until 30 filed 4
put dee@full.example d1
ok "a mailbox that is full: the mail has failed" wait_until 30 logged 'delivery.done.*status=failed code=552'
put eve@nobody.example e1
ok "an address that nobody has, said without a number" wait_until 30 logged_times 2 'delivery.done.*status=failed code=550'
put dee@full.example d2
put eve@nobody.example e2
ok "letters from both are filed" wait_until 30 filed 8
ok "who had a full mailbox is written to again" wait_until 30 sh -c "[ \$(grep -c 'RCPT TO:<dee@full' '$dir/smtp.log') = 2 ]"
for name in stalls leaves babbles drops cuts expired
do ok "a server that $name is noticed" wait_until 30 logged "mailbox.failed what=$name"
done
for name in stalls leaves babbles drops cuts expired
do ok "... and raises the alarm after a minute: $name" wait_until 90 logged "mailbox.alarm mailbox=$name minutes=1"
done
ok "peers-39-tokens-die: a token that is refused is not silent" logged "mailbox.alarm mailbox=expired minutes=1"
ok "not before" test $((SECONDS - started)) -ge 58
ok "... and once each" test "$(grep -c mailbox.alarm "$dir/log")" = 6
ok "... about no other" sh -c "! grep 'mailbox.alarm mailbox=program' '$dir/log'"
ok "what was lost is repeated when it is due" wait_until 60 repeated 1
ok "... byte for byte, Message-ID and all" repeated 1
ok "nobody who was refused is written to again" test "$(asked cyd@gone)" = 1
ok "... nor an address that nobody has" test "$(asked eve@nobody)" = 1
ok "who was deferred is tried again" wait_until 30 sh -c "[ \$(grep -c 'RCPT TO:<bob@later' '$dir/smtp.log') -ge 2 ]"
ok "the daemon lives" kill -0 "$daemon"
ok "no worker died" sh -c "! grep worker.ended '$dir/log'"
for name in stalls leaves babbles drops cuts expired
do echo "# $name: $(grep -c "mailbox.failed what=$name" "$dir/log") tries in $((SECONDS - started)) s"
done
ok "SIGTERM ends it well" daemon_stop
ok "peers-09-half-a-mail: what half came is neither moved nor deleted" never_asked cuts 'MOVE|COPY|STORE|EXPUNGE'
ok "... and was not taken in" sh -c "[ \$(grep -c message.taken-in '$dir/log') = 8 ]"
ok "the office is whole" qecp --config "$office/qecp.conf" fsck
ok "the journal comes out of a replay the same" qecp --config "$office/qecp.conf" replay --all
tap_end
