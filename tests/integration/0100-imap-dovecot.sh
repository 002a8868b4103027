#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Our IMAP against a real Dovecot.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/dovecot.sh"

driver=$top_builddir/tests/lib/mailbox-driver
# Freed memory is to be given back, so that what is measured is what is held.
export ASAN_OPTIONS="quarantine_size_mb=1"
stop_all () { dovecot_stop; }
tap_begin
dovecot_start

echo secret > "$dir/password"
echo wrong > "$dir/bad-password"

# run USER ARGUMENTS...: the driver over imaps, its output in $dir/out
run ()
{
  run_user=$1
  shift
  timeout 120 "$driver" user="$run_user" ca="$ca" port="$imaps_port" secret="$dir/password" "$@" \
    > "$dir/out" 2> "$dir/err"
}
starttls () { run "$1" tls=starttls port="$imap_port" auth=plain list; }
said () { grep -q "$1" "$dir/out"; }
fails () { ! run "$@"; }

files_in () { find "$1/new" "$1/cur" -type f | grep -c .; }

# message NUMBER: one of about 1 KB
message ()
{
  printf 'From: a%s@example.org\r\nSubject: %s\r\nMessage-ID: <%s@example.org>\r\n\r\n' "$1" "$1" "$1"
  head -c 700 /dev/zero | tr '\0' x | fold -w 70 | sed 's/$/\r/'
  printf '\r\n'
}

# --- who talks to whom -------------------------------------------------------
run ada list
ok "imaps with LOGIN lists an empty mailbox" test -e "$dir/out" -a ! -s "$dir/out"
ok "STARTTLS with PLAIN" starttls ada
ok "TLS is at least 1.2" grep -q 'mailbox.connected .*tls=TLS1\.[23]' "$dir/err"
ok "an address is found in the certificate too" run ada host=127.0.0.1 list
ok "a CA we do not trust is refused" fails ada ca="$other_ca" list
ok "... as a matter of configuration" said "^error CONFIG the certificate of localhost is refused"
ok "... and under STARTTLS as well" fails ada ca="$other_ca" tls=starttls port="$imap_port" list
ok "the system's CAs do not vouch for it" fails ada ca= list
ok "... as a matter of configuration" said "^error CONFIG"
ok "a missing file of CAs is refused" fails ada ca="$dir/none" list
ok "... as a matter of configuration" said "^error CONFIG $dir/none"
name=127.1 # to the resolver this machine, to the certificate a name it does not have
ok "another host's certificate is refused" fails ada host="$name" list
ok "... as a matter of configuration" said "^error CONFIG the certificate of $name is refused"
ok "a wrong password is refused" fails ada secret="$dir/bad-password" list
ok "... as a matter of configuration" said "^error CONFIG login refused: .AUTHENTICATIONFAILED"
ok "... with PLAIN too" fails ada auth=plain secret="$dir/bad-password" list
ok "... as a matter of configuration" said "^error CONFIG login refused: .AUTHENTICATIONFAILED"
ok "the password is not in the log" sh -c "! grep -q -e secret -e wrong '$dir/err' '$dir/out'"
ok "a missing folder is refused" fails ada folder=None list
ok "... as a matter of configuration" said "^error CONFIG selecting the folder refused"
ok "a missing password file is refused" fails ada secret="$dir/none" list
ok "... as a matter of configuration" said "^error CONFIG password"

# --- fetching ------------------------------------------------------------------
mkdir -p "$dir/messages"
for i in $(seq 300)
do message "$i" > "$dir/messages/$i"
done
{ message big; head -c 15000000 /dev/urandom | base64 -w 76 | sed 's/$/\r/'; } > "$dir/messages/big"
mkdir -p "$mail/bob/new" "$mail/bob/cur" "$mail/bob/tmp"
for i in $(seq 300)
do cp "$dir/messages/$i" "$mail/bob/new/1000000$(printf %03d "$i").m"
done
run bob close rss
before=$(sed -n 's/^rss //p' "$dir/out")
dovecot_deliver bob "$dir/messages/big" 1000000999.big
ok "300 messages and one of 20 MB are fetched" run bob list fetch rss
ok "... all of them" test "$(grep -c '^message' "$dir/out")" = 301
sha256sum "$dir"/messages/* | cut -d' ' -f1 | sort > "$dir/want"
sed -n 's/^message .* //p' "$dir/out" | sort > "$dir/got"
ok "... byte for byte" cmp "$dir/want" "$dir/got"
ok "... in UID order" sh -c "sed -n 's/^message \([0-9]*\) .*/\1/p' '$dir/out' | sort -nc"
after=$(sed -n 's/^rss //p' "$dir/out")
echo "# memory: $before KB at rest, $after KB at most"
if grep -q '^#define ENABLE_SANITIZERS' "$top_builddir/config.h"
then limit=24000 # ASan's shadow and redzones come on top
else limit=8000
fi
ok "... with flat memory" test $((after - before)) -lt $limit
ok "... and no complaint about sizes" sh -c "! grep -q -e size-differs -e mailbox.empty '$dir/err'"
ok "... leaving them unseen" sh -c "! ls '$mail/bob/cur' | grep -q ':2,.*S'"
ok "an error of the sink comes back as it was" fails bob list fetch-failing
ok "... and not as another" said "^error PERMANENT no room"

# --- moving --------------------------------------------------------------------
for i in 1 2 3 4 5
do dovecot_deliver cem "$dir/messages/$i" "100000000$i.m"
done
ok "messages are moved to folders that did not exist" run cem list file:1 hold:2 list
ok "... Filed" test "$(files_in "$mail/cem/.Filed")" = 1
ok "... Held" test "$(files_in "$mail/cem/.Held")" = 1
ok "... and do not wait any more" test "$(tail -n 3 "$dir/out" | cut -d' ' -f3 | tr '\n' ' ')" = "3 4 5 "
ok "moving what is gone is no error" run cem list file:1 file:3 file:3
ok "folders may have other than ASCII names" run cem filed='Erledigt/Zürich & Köln' list file:4
ok "... and are found again" run cem filed='Erledigt/Zürich & Köln' list file:5
ok "... both messages are in it" test "$(files_in "$mail/cem/.Erledigt.Z&APw-rich &- K&APY-ln")" = 2

# --- waiting -------------------------------------------------------------------
dovecot_deliver dov "$dir/messages/1" 1000000001.m
run dov list pause:"$dir/wait" watch:20 list &
waiting=$!
for _ in $(seq 300)
do test -e "$dir/wait" && break; sleep 0.1
done
rm -f "$dir/wait"
sleep 1.5
dovecot_deliver dov "$dir/messages/2" 1000000002.m
wait $waiting
ms=$(sed -n 's/^watch woke //p' "$dir/out")
echo "# woke after ${ms:-never} ms, delivered after about 1500"
ok "IDLE wakes within 2 s of a delivery" test "${ms:-99999}" -gt 1000 -a "${ms:-99999}" -lt 3500
ok "... and the mail is there" test "$(grep -c '^item' "$dir/out")" = 3
run dov list pause:"$dir/wait" watch:5 &
waiting=$!
for _ in $(seq 300)
do test -e "$dir/wait" && break; sleep 0.1
done
dovecot_deliver dov "$dir/messages/3" 1000000003.m
rm -f "$dir/wait"
wait $waiting
ok "mail that came before waiting is not slept over" said "^watch \(ready\|woke [0-9]\{1,4\}$\)"
run dov list watch:1
ok "without mail it stays quiet" said "^watch quiet"
tap_end
