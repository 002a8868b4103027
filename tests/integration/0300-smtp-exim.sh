#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Delivery through a real Exim: TLS, certificates, AUTH, many mails over few connections.
driver=$top_builddir/tests/lib/delivery-driver
. "$top_srcdir/tests/lib/pki.sh"
. "$top_srcdir/tests/lib/exim.sh"
dir=$(mktemp -d "${TMPDIR:-/tmp}/qecp-0300-XXXXXX") || exit 99
trap 'exim_stop; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM
chmod 755 "$dir"

exim_start "$dir/exim"
case $? in
  2) echo "1..0 # SKIP $EXIM_WHY"; exit 0 ;;
  1) echo "Bail out! $EXIM_WHY"; exit 99 ;;
esac

count=0
check () { # NAME WANT GOT
  count=$((count + 1))
  if [ "$2" = "$3" ]; then echo "ok $count - $1"; return; fi
  echo "not ok $count - $1"; printf '# want: %s\n# got:  %s\n' "${2//$'\n'/ | }" "${3//$'\n'/ | }"
}

pki=$dir/exim/pki maildir=$dir/exim/Maildir/new log=$dir/exim/log/mainlog
printf 'secret\n' >"$dir/secret"; printf 'wrong\n' >"$dir/wrong"
long=$(printf 'x%.0s' $(seq 900))
mail () { # ID: ends in CRLF, has dots at line starts and long lines
  printf 'From: desk@example.org\r\nTo: r%s@example.org\r\nSubject: mail %s\r\n' "$1" "$1"
  printf 'Message-ID: <m%s@example.org>\r\nDate: Sun, 22 Nov 2026 00:00:00 +0000\r\n\r\n' "$1"
  printf '.\r\n..\r\n.dot\r\n%s\r\n.%s\r\n\r\n.\r\ncaf\303\251 \001 %s\r\n' "$long" "$long" "$1"
}
mail 0 >"$dir/m"

send () { # OPTION... ADDRESS=FILE...
  timeout 120 "$driver" host=localhost port="$EXIM_PORT" tls=starttls ca="$pki/ca.pem" user=daemon \
    secret="$dir/secret" "$@" 2>"$dir/err"
}
one () { send "$@" desk@example.org r0@example.org="$dir/m" | cut -d' ' -f1-3; }
arrived () { find "$maildir" -type f 2>/dev/null | wc -l; }
await () { for _ in $(seq 300); do [ "$(arrived)" -ge "$1" ] && break; sleep 0.1; done; }

check "STARTTLS" "1 ACCEPTED 250" "$(one)"
check "implicit TLS" "1 ACCEPTED 250" "$(one port="$EXIM_TLS_PORT" tls=implicit)"
printf 'From: desk@example.org\r\nSubject: plain\r\n\r\nno line begins with a dot\r\n' >"$dir/plain"
check "a mail without a dot at a line's start" "1 ACCEPTED 250" \
  "$(send desk@example.org r0@example.org="$dir/plain" | cut -d' ' -f1-3)"
check "by address" "1 ACCEPTED 250" "$(one host=127.0.0.1)"
check "a certificate of an unknown CA is refused" "1 BLOCKED 0" "$(one ca="$pki/other-ca.pem")"
check "a certificate of an unknown CA is refused, implicit TLS" "1 BLOCKED 0" \
  "$(one ca="$pki/other-ca.pem" port="$EXIM_TLS_PORT" tls=implicit)"
check "a certificate for another name is refused" "1 BLOCKED 0" "$(one port="$EXIM_OTHER_PORT" tls=implicit)"
check "a missing CA file blocks" "1 BLOCKED 0" "$(one ca="$dir/nowhere.pem")"
check "plain text on the TLS port is not waited for" "1 DEFERRED 0" "$(one port="$EXIM_TLS_PORT" timeout=3)"
check "a wrong password blocks" "1 BLOCKED 535" "$(one secret="$dir/wrong")"
check "the reply is kept, with the queue id" yes "$(send desk@example.org r0@example.org="$dir/m" |
  grep -qE '^1 ACCEPTED 250 - OK id=[0-9A-Za-z-]+$' && echo yes)"

# Fifty mails over four connections, byte for byte.
await 5
find "$maildir" -type f -delete
arguments=()
for i in $(seq 50); do
  mail "$i" >"$dir/m$i"
  tr -d '\r' <"$dir/m$i" | sha256sum
done | sort >"$dir/want"
for i in $(seq 50); do arguments+=("r$i@example.org=$dir/m$i"); done
before=$(wc -l <"$log")
check "fifty mails are accepted" 50 "$(send parallel=4 desk@example.org "${arguments[@]}" | grep -c ' ACCEPTED ')"
await 50
# Exim stores LF line ends and adds Received (with its folded lines) on top.
for file in "$maildir"/*; do
  awk 'body {print; next} /^From: desk/ {body = 1; print}' "$file" | sha256sum
done | sort >"$dir/got"
check "fifty mails arrive byte for byte" "$(sha256sum <"$dir/want")" "$(sha256sum <"$dir/got")"
tail -n +"$((before + 1))" "$log" >"$dir/log"
connections=$(grep -c 'SMTP connection from .*TCP/IP connection count' "$dir/log")
check "over at most four connections" yes "$([ "$connections" -ge 1 ] && [ "$connections" -le 4 ] && echo yes)"
check "each mail authenticated, as Exim says" 50 "$(grep -c ' <= desk@example.org .*A=plain:daemon' "$dir/log")"
check "and inside TLS" 50 "$(grep -c ' <= .*P=esmtpsa X=TLS1.[23]' "$dir/log")"

check "peers-15-one-bad-recipient: it harms no other" $'1 ACCEPTED 250 -\n2 FAILED 550 5.1.1\n3 DEFERRED 451 4.2.1\n4 ACCEPTED 250 -' \
  "$(send desk@example.org r1@example.org="$dir/m" refused@example.org="$dir/m" later@example.org="$dir/m" \
    r4@example.org="$dir/m" | sort | cut -d' ' -f1-4)"
before=$(wc -l <"$log")
send parallel=1 desk@example.org r1@example.org="$dir/m" sleep=0.2 r2@example.org="$dir/m" >/dev/null
check "connections serve several calls" 1 \
  "$(tail -n +"$((before + 1))" "$log" | grep -c 'SMTP connection from .*TCP/IP connection count')"
yes "$long" 2>/dev/null | head -60000 | sed 's/$/\r/' >"$dir/large"
check "a mail too large is refused before it is sent" "1 FAILED 552" \
  "$(send desk@example.org r1@example.org="$dir/large" | cut -d' ' -f1-3)"
check "no secret in our log" 0 "$(grep -c 'secret\|c2VjcmV0' "$dir/err")"
exim_stop
exim_answers
check "the server is gone" 1 $?
echo "1..$count"
