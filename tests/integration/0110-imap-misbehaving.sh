#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Our IMAP against servers that do what servers should not.
. "$top_srcdir/tests/lib/tap.sh"

driver=$top_builddir/tests/lib/mailbox-driver
# libetpan forgets to free some answers; see the file, which names callers: LSan has to unwind as far as those.
export LSAN_OPTIONS="suppressions=$top_srcdir/tests/lib/libetpan.supp:print_suppressions=0"
export ASAN_OPTIONS="fast_unwind_on_malloc=0"
server_pid=
stop_server ()
{
  test -n "$server_pid" || return 0
  kill "$server_pid" 2> /dev/null
  wait "$server_pid" 2> /dev/null
  server_pid=
}
stop_all () { stop_server; }
command -v python3 > /dev/null || tap_skip_all "python3 is not installed"
tap_begin
echo secret > "$dir/password"
echo wrong > "$dir/bad-password"

# server BEHAVIOUR...: a new one; its commands are in $dir/commands
server ()
{
  stop_server
  rm -f "$dir/port" "$dir/commands"
  python3 "$top_srcdir/tests/lib/bad-imap.py" "$dir/port" "$dir/commands" "$@" 2> "$dir/server" &
  server_pid=$!
  for _ in $(seq 100)
  do test -e "$dir/port" && return; sleep 0.1
  done
}

# run ARGUMENTS...: the driver, in clear (which loopback allows); its time in $seconds
run ()
{
  started=$(date +%s)
  timeout 60 "$driver" host=127.0.0.1 tls=none port="$(cat "$dir/port")" secret="$dir/password" \
    timeout=2 "$@" > "$dir/out" 2> "$dir/err"
  result=$?
  seconds=$(($(date +%s) - started))
  return $result
}
said () { grep -q -e "$1" "$dir/out"; }
logged () { grep -q -e "$1" "$dir/err"; }
got () { grep -q -i -x -e "$1" "$dir/commands"; }
never_got () { ! got "$1"; }
no_crash () { ! grep -q -e Sanitizer -e 'runtime error' -e CRITICAL "$dir/err"; }

# gives_up ARGUMENTS...: it fails, TRANSIENT, after about the time of one command (the servers that stall do so for
# a minute), and nothing else breaks
gives_up ()
{
  if run "$@"; then echo "it went well"; return 1; fi
  said "^error TRANSIENT" && test "$seconds" -le 8 && no_crash
}
refuses () { ! run "$@" && said "^error CONFIG" && no_crash; }
works () { run "$@" && no_crash; }

server
ok "a server that behaves" works list fetch file:1 list watch:1 close list
ok "... gives the time with its zone" said "^item 1000 2 [0-9]* 1795359600"
ok "... and is woken at once by what is buffered" said "^watch ready"

for command in GREETING CAPABILITY LOGIN SELECT FETCH
do
  server drop=$command
  ok "drop at $command" gives_up list fetch
  server bye=$command
  ok "BYE at $command" gives_up list fetch
  server garbage=$command
  ok "garbage at $command" gives_up list fetch
  server stall=$command
  ok "peers-38-imap-hangs: stall at $command" gives_up list fetch
  server trickle=$command
  ok "a byte a second at $command" gives_up list fetch
  server huge=$command
  ok "a line without end at $command" gives_up list fetch
done
for command in NAMESPACE LIST MOVE CREATE
do
  server drop=$command with=NAMESPACE prefix=
  test $command = LIST && server drop=$command
  ok "drop at $command" gives_up list file:1
done
for command in COPY STORE EXPUNGE
do
  server drop=$command without=MOVE
  ok "drop at $command" gives_up list file:1
done
server drop=IDLE
ok "drop at IDLE" gives_up list watch:1
server stall=IDLE
ok "peers-38-imap-hangs: stall at IDLE" gives_up list watch:1
server stall=LOGOUT
ok "stall at LOGOUT does not hold us" works list close
ok "... for long" test "$seconds" -le 8

# --- bodies ----------------------------------------------------------------------
server literal-long
ok "a literal that comes short" gives_up list fetch
ok "... gives no message" sh -c "! grep -q ^message '$dir/out'"
server literal-short
ok "a literal that comes long" gives_up list fetch
ok "... gives no message" sh -c "! grep -q ^message '$dir/out'"
server literal-endless
ok "a literal without end" gives_up list fetch rss
server literal-endless size=9000000
ok "a message without end in pieces is given up" works list fetch rss
ok "... and left out" said "^abandoned"
server cut
ok "a connection that ends in a body" gives_up list fetch
server cut size=9000000
ok "... and in a piece" gives_up list fetch
server size-differs
ok "a wrong RFC822.SIZE" works list fetch
ok "... is no obstacle" test "$(grep -c ^message "$dir/out")" = 3
ok "... and is logged" test "$(grep -c mailbox.size-differs "$dir/err")" = 2
server size=9000000
ok "a wrong RFC822.SIZE of a large message" works list fetch
ok "... is no obstacle" test "$(grep -c ^message "$dir/out")" = 3
server zero-body
ok "bodies without a byte" works list fetch
ok "... give no message" sh -c "! grep -q ^message '$dir/out'"
ok "... and are logged" test "$(grep -c mailbox.empty "$dir/err")" = 3
server zero-body size=9000000
ok "large bodies without a byte" works list fetch
ok "... give no message" sh -c "! grep -q ^message '$dir/out'"
server unsolicited
ok "FETCHes of other messages" works list fetch
ok "... are no messages" test "$(grep -c ^message "$dir/out")" = 3
server vanish
ok "messages that vanish" works list fetch
ok "... give nothing" sh -c "! grep -q ^message '$dir/out'"
server refuse=FETCH:EXPUNGEISSUED
ok "a server that minds what vanished" works list fetch
server messages=0
ok "an empty mailbox" works list
ok "... is not asked for messages" never_got "UID FETCH.*"

# --- who is who --------------------------------------------------------------------
server uidvalidity
ok "peers-13-another-uidvalidity: what was known there counts no more" works list close fetch file:1 list
ok "... gives nothing of before" sh -c "! grep -q ^message '$dir/out'"
ok "... moves nothing" never_got "UID MOVE.*"
ok "... is reported" said "^item 1002 1"
ok "... and logged" logged mailbox.uidvalidity-changed
server inject
ok "text in clear after STARTTLS" gives_up tls=starttls list
ok "... is why" said "in clear"
server inject-late
ok "text in clear a little after STARTTLS" gives_up tls=starttls list
ok "... no password was sent" never_got "\(LOGIN\|AUTHENTICATE\).*"
server without=STARTTLS
ok "no STARTTLS, no login" refuses tls=starttls list
ok "... no password was sent" never_got "\(LOGIN\|AUTHENTICATE\).*"
server preauth
ok "a greeting that leaves STARTTLS out" gives_up tls=starttls list
server refuse=STARTTLS
ok "STARTTLS refused" refuses tls=starttls list
server
ok "in clear only on this machine" refuses host=192.0.2.1 list
ok "a bad password without a code" refuses secret="$dir/bad-password" list
ok "PLAIN" works auth=plain list
ok "a bad password with PLAIN" refuses auth=plain secret="$dir/bad-password" list
server with=LOGINDISABLED
ok "LOGINDISABLED" refuses list
server refuse=LOGIN:UNAVAILABLE
ok "a login that is unavailable" gives_up list
server refuse=SELECT:INUSE
ok "a folder in use" gives_up list
server refuse=SELECT:NOPERM
ok "a folder we may not see" refuses list

# --- XOAUTH2 -----------------------------------------------------------------------
server
ok "XOAUTH2" works auth=xoauth2 token="printf 'good\n'" list
printf '#!/bin/sh\necho asked >> "%s/asked"\necho good\n' "$dir" > "$dir/token" && chmod +x "$dir/token"
ok "peers-39-tokens-die: every login asks for a token that is good now" works auth=xoauth2 token="$dir/token" list close list
ok "... each once" test "$(grep -c asked "$dir/asked")" = 2
ok "a bad token" refuses auth=xoauth2 token="echo bad" list
ok "a token command that fails" gives_up auth=xoauth2 token=false list
ok "... that says nothing" gives_up auth=xoauth2 token=true list
ok "... that says too much" gives_up auth=xoauth2 token="yes token" list
ok "... that hangs" gives_up auth=xoauth2 token="sh -c 'sleep 60 & sleep 60'" list
ok "... that hangs without output" gives_up auth=xoauth2 token="sh -c 'exec >&-; sleep 60'" list
ok "... that is not there" refuses auth=xoauth2 token=/does/not/exist list
ok "the token is not in the log" sh -c "! grep -q -e good -e 'bad\$' '$dir/err'"

# --- moving ------------------------------------------------------------------------
server
ok "MOVE to a folder that is missing" works list file:1 hold:all
ok "... makes it" got 'CREATE "\?Filed"\?'
ok "... and the other" got 'CREATE "\?Held"\?'
server without=MOVE
ok "without MOVE" works list file:2 list
ok "... COPY" got 'UID COPY 2 "\?Filed"\?'
ok "... STORE" got 'UID STORE 2 +FLAGS.SILENT (.Deleted)'
ok "... UID EXPUNGE" got 'UID EXPUNGE 2'
ok "... and it is gone" test "$(tail -n 2 "$dir/out" | cut -d' ' -f3 | tr '\n' ' ')" = "1 3 "
server without=MOVE,UIDPLUS
ok "without UIDPLUS as well" works list file:2 list
ok "... nothing is expunged" never_got '.*EXPUNGE.*'
ok "... and it does not wait any more" test "$(tail -n 2 "$dir/out" | cut -d' ' -f3 | tr '\n' ' ')" = "1 3 "
server with=NAMESPACE prefix=INBOX.
ok "folders under a prefix" works filed=Done/Filed list file:1
ok "... are made there" got 'CREATE "\?INBOX.Done.Filed"\?'
server refuse=MOVE:OVERQUOTA
ok "no room to move to" gives_up list file:1
server messages=450
ok "many are moved" works list file:all
ok "... in commands of bounded length" test "$(grep -c 'UID MOVE' "$dir/commands")" = 4

# --- waiting -----------------------------------------------------------------------
server without=IDLE
ok "no IDLE" works list watch:1
ok "... is told" said "^watch none"
server refuse=IDLE
ok "IDLE announced and refused" works list watch:1 list watch:1
ok "... is told" test "$(grep -c "^watch none" "$dir/out")" = 2
server no-news
ok "no news" works list watch:1
ok "... is told" said "^watch quiet"
tap_end
