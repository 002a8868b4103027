#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What becomes of mails when the SMTP server refuses, drops, stalls or babbles at each stage.
driver=$top_builddir/tests/lib/delivery-driver
if ! command -v python3 >/dev/null; then echo "1..0 # SKIP python3 is not installed"; exit 0; fi
dir=$(mktemp -d "${TMPDIR:-/tmp}/qecp-0310-XXXXXX") || exit 99
server=
stop () { [ -n "$server" ] && kill "$server" && wait "$server"; server=; } 2>/dev/null
trap 'stop; rm -rf "$dir"' EXIT
trap 'exit 1' INT TERM

count=0
check () { # NAME WANT GOT
  count=$((count + 1))
  if [ "$2" = "$3" ]; then echo "ok $count - $1"; return; fi
  echo "not ok $count - $1"; printf '# want: %s\n# got:  %s\n' "${2//$'\n'/ | }" "${3//$'\n'/ | }"
}

serve () { # SCRIPT...
  stop; rm -f "$dir/port"
  python3 "$top_srcdir/tests/lib/bad-smtp.py" "$dir/port" "$dir/log" "$@" &
  server=$!
  for _ in $(seq 100); do [ -s "$dir/port" ] && break; sleep 0.05; done
  port=$(cat "$dir/port") || { echo "Bail out! the scripted server did not start"; exit 99; }
}

send () { timeout 60 "$driver" port="$port" "$@" 2>"$dir/err"; }

# NAME WANT SCRIPT...: two mails, one after the other; WANT are the first words of the results
two () {
  local name=$1 want=$2; shift 2
  serve "$@"
  check "$name" "$want" "$(send parallel=1 timeout=2 a@example.org b@example.org="$dir/m" c@example.org="$dir/m" |
    cut -d' ' -f1-4)"
}

printf 'Subject: x\r\n\r\n.dot\r\n..\r\nbody\r\n' >"$dir/m"
good=$'1 ACCEPTED 250 2.0.0\n2 ACCEPTED 250 2.0.0'

two "a good server accepts" "$good"
check "the mail arrived as it was, dots unstuffed" "$(sha256sum <"$dir/m" | cut -d' ' -f1)" \
  "$(awk '$2 == "mail" {print $4}' "$dir/log" | sort -u)"
check "one connection was used" 1 "$(grep -c ' connect$' "$dir/log")"
check "the size was announced, SMTPUTF8 was not" "MAIL FROM:<a@example.org> SIZE=$(stat -c %s "$dir/m")" \
  "$(grep -m1 MAIL "$dir/log" | cut -d' ' -f2-)"

# One recipient or mail refused: the other goes.
first () { two "$1" "$2"$'\n2 ACCEPTED 250 2.0.0' "$3"; }
first "MAIL deferred"       "1 DEFERRED 451 4.3.0" "mail@1=451 4.3.0 later"
first "MAIL refused"        "1 FAILED 550 5.1.7"   "mail@1=550 5.1.7 bad sender"
first "RCPT deferred"       "1 DEFERRED 450 4.2.1" "rcpt@b@=450 4.2.1 greylisted"
first "RCPT refused"        "1 FAILED 550 5.1.1"   "rcpt@b@=550 5.1.1 no such user"
first "RCPT refused, no enhanced code" "1 FAILED 553 -" "rcpt@b@=553 sorry"
first "DATA deferred"       "1 DEFERRED 451 4.3.0" "data@1=451 4.3.0 later"
first "DATA refused"        "1 FAILED 554 5.5.1"   "data@1=554 5.5.1 no valid recipients"
first "final dot deferred"  "1 DEFERRED 452 4.3.1" "dot@1=452 4.3.1 disk full"
first "final dot refused"   "1 FAILED 554 5.7.1"   "dot@1=554 5.7.1 spam"
first "421 at MAIL"         "1 DEFERRED 421 4.3.2" "mail@1=421 4.3.2 closing"
first "421 at the dot"      "1 DEFERRED 421 4.3.2" "dot@1=421 4.3.2 closing"
first "drop at MAIL"        "1 DEFERRED 0 -"       "mail@1=drop"
first "drop at RCPT"        "1 DEFERRED 0 -"       "rcpt@1=drop"
first "drop at DATA"        "1 DEFERRED 0 -"       "data@1=drop"
first "stall at RCPT"       "1 DEFERRED 0 -"       "rcpt@1=stall"
first "a reply of many lines" "1 FAILED 550 5.1.1" "rcpt@1=550-5.1.1 no\\n550-5.1.1 such\\n550 5.1.1 user"
first "quota refused for now" "1 DEFERRED 550 5.4.5" "dot@1=550 5.4.5 daily limit"
first "nonsense code"       "1 DEFERRED 999 -"     "dot@1=999 what"

# Whatever may have been accepted is deferred as unknown.
for where in body=drop dot=drop dot=stall; do
  serve "${where/=/@1=}"
  check "$where: outcome unknown" "1 DEFERRED 0 - outcome unknown:" \
    "$(send parallel=1 timeout=2 a@example.org b@example.org="$dir/m" | cut -d' ' -f1-6)"
done
serve body@1=stall
head -c 30000000 /dev/zero | tr '\0' 'x' | fold -w 900 | sed 's/$/\r/' >"$dir/large"
echo >>"$dir/large"
check "a mail that cannot be handed over in time" "1 DEFERRED 0 - outcome unknown:" \
  "$(send parallel=1 timeout=2 a@example.org b@example.org="$dir/large" | cut -d' ' -f1-6)"

# What concerns every mail stops the rest: it is tried once.
two "greeting 554 blocks" $'1 BLOCKED 554 5.7.1\n2 BLOCKED 554 5.7.1' "connect=554 5.7.1 go away"
check "and is tried once" 1 "$(grep -c ' connect$' "$dir/log")"
two "greeting 421 defers"  $'1 DEFERRED 421 4.3.2\n2 DEFERRED 421 4.3.2' "connect=421 4.3.2 busy"
two "EHLO refused, HELO too" $'1 BLOCKED 550 5.7.1\n2 BLOCKED 550 5.7.1' "ehlo=550 5.7.1 no"
two "EHLO deferred"        $'1 DEFERRED 451 4.3.0\n2 DEFERRED 451 4.3.0' "ehlo=451 4.3.0 later"
two "drop at the greeting" $'1 DEFERRED 0 -\n2 DEFERRED 0 -' connect=drop
two "530 blocks"           $'1 BLOCKED 530 5.7.0\n2 BLOCKED 530 5.7.0' "mail=530 5.7.0 authentication required"
stop
check "nobody listens" $'1 DEFERRED 0 -\n2 DEFERRED 0 -' \
  "$(send parallel=1 timeout=2 a@example.org b@example.org="$dir/m" c@example.org="$dir/m" | cut -d' ' -f1-4)"
serve connect=stall
start=$SECONDS
check "nobody greets" 20 "$(send timeout=2 a@example.org $(for i in $(seq 20); do echo "r$i@example.org=$dir/m"; done) |
  grep -c 'DEFERRED 0 -')"
check "and it takes one time-out, not twenty" yes "$([ $((SECONDS - start)) -lt 15 ] && echo yes)"

# Idle connections that have gone away are replaced within the call.
two "closed after a mail"    "$good" idle@1=drop
serve idle@1=drop
check "closed while idle" "$good" "$(send parallel=1 a@example.org b@example.org="$dir/m" sleep=0.5 \
  c@example.org="$dir/m" | cut -d' ' -f1-4)"
serve idle@1=bye
check "421 while idle" "$good" "$(send parallel=1 a@example.org b@example.org="$dir/m" sleep=0.5 \
  c@example.org="$dir/m" | cut -d' ' -f1-4)"
check "with one connection more" 2 "$(grep -c ' connect$' "$dir/log")"
serve mail@2=drop
check "dropped at MAIL on a kept connection" "$good" "$(send parallel=1 a@example.org b@example.org="$dir/m" sleep=0.1 \
  c@example.org="$dir/m" | cut -d' ' -f1-4)"
serve data@2=drop
check "dropped at DATA on a kept connection" "$good" "$(send parallel=1 a@example.org b@example.org="$dir/m" \
  c@example.org="$dir/m" | cut -d' ' -f1-4)"
serve mail@2=drop mail@3=drop
check "but only once" "2 DEFERRED 0 -" "$(send parallel=1 a@example.org b@example.org="$dir/m" sleep=0.1 \
  c@example.org="$dir/m" | cut -d' ' -f1-4 | tail -1)"

# Side by side: one that stalls at the final dot does not take the others along.
serve dot@1=stall
check "one stalls, nineteen arrive" "19 ACCEPTED, 1 DEFERRED" "$(send timeout=3 a@example.org \
  $(for i in $(seq 20); do echo "r$i@example.org=$dir/m"; done) | cut -d' ' -f2 | sort | uniq -c |
  awk '{printf "%s%s %s", s, $1, $2; s = ", "}')"
check "and none twice" 20 "$(awk '$2 == "mail"' "$dir/log" | wc -l)"
check "over four connections and their replacements" yes "$([ "$(grep -c ' connect$' "$dir/log")" -le 8 ] && echo yes)"
serve dot@1=stall
check "a late reply is not taken for the next mail's" $'1 DEFERRED 0 -\n2 ACCEPTED 250 2.0.0' \
  "$(send parallel=1 timeout=2 a@example.org b@example.org="$dir/m" c@example.org="$dir/m" | cut -d' ' -f1-4)"

# Security.
serve
printf 'secret\n' >"$dir/secret"
check "STARTTLS not offered" "1 BLOCKED 0 -" "$(send tls=starttls a@example.org b@example.org="$dir/m" |
  cut -d' ' -f1-4)"
check "and nothing was sent" 0 "$(grep -c MAIL "$dir/log")"
check "AUTH not offered" "1 BLOCKED 0 - the server offers no authentication, but a user is configured" \
  "$(send user=desk secret="$dir/secret" a@example.org b@example.org="$dir/m")"
check "and no recipient was named" 0 "$(grep -c RCPT "$dir/log")"
check "a missing secret blocks" "1 BLOCKED 0 - cannot read the secret file: No such file or directory" \
  "$(send user=desk secret="$dir/nowhere" a@example.org b@example.org="$dir/m")"
auth='ehlo=250-bad\n250 AUTH PLAIN XOAUTH2'
serve "$auth" "auth=535 5.7.8 wrong"
check "a wrong password blocks all" $'1 BLOCKED 535 5.7.8 5.7.8 wrong\n2 BLOCKED 535 5.7.8 5.7.8 wrong' \
  "$(send parallel=1 user=desk secret="$dir/secret" a@example.org b@example.org="$dir/m" c@example.org="$dir/m")"
check "and is tried once" 1 "$(grep -c ' AUTH ' "$dir/log")"
serve "$auth" "auth=454 4.7.0 directory down"
check "a temporary failure of AUTH defers" "1 DEFERRED 454 4.7.0" \
  "$(send user=desk secret="$dir/secret" a@example.org b@example.org="$dir/m" | cut -d' ' -f1-4)"
serve "$auth"
check "a token is used" "1 ACCEPTED 250" \
  "$(send user=desk token="echo abc" a@example.org b@example.org="$dir/m" | cut -d' ' -f1-3)"
check "by XOAUTH2" "AUTH XOAUTH2 $(printf 'user=desk\1auth=Bearer abc\1\1' | base64 -w0)" \
  "$(grep -m1 ' AUTH ' "$dir/log" | cut -d' ' -f2-)"
long=$(printf 'abc%.0s' $(seq 500))
check "a long token is used" "1 ACCEPTED 250" \
  "$(send user=desk token="echo $long" a@example.org b@example.org="$dir/m" | cut -d' ' -f1-3)"
check "on a line of its own" "AUTH+ $(printf 'user=desk\1auth=Bearer %s\1\1' "$long" | base64 -w0)" \
  "$(grep -m1 ' AUTH+ ' "$dir/log" | cut -d' ' -f2-)"
check "no secret in our output" 0 "$(grep -c 'abc\|secret' "$dir/err")"
check "no TLS to another host" "REFUSED" "$(send host=192.0.2.1 a@example.org b@example.org="$dir/m" | cut -d' ' -f1)"

# Replies and addresses are hostile.
serve 'rcpt=550-\xff\xfe\x1b[2J\n550 5.1.1 caf\xe9 \x00\x07 end'
got=$(send a@example.org b@example.org="$dir/m")
check "garbage in a reply becomes one clean line" "1 1" "$(wc -l <<<"$got") $(grep -c '^1 FAILED 550' <<<"$got")"
check "of valid UTF-8 without control characters" "" \
  "$(iconv -f UTF-8 -t UTF-8 <<<"$got" 2>&1 >/dev/null; tr -d '\n' <<<"$got" | tr -cd '\000-\037\177')"
serve
check "an address cannot smuggle a command" $'1 FAILED 0 5.1.3\n2 FAILED 0 5.1.3\n3 ACCEPTED 250 2.0.0' \
  "$(send parallel=1 a@example.org $'x@example.org>\r\nRCPT TO:<y@example.org'="$dir/m" 'x> y'="$dir/m" \
  c@example.org="$dir/m" | cut -d' ' -f1-4)"
printf 'Subject: x\r\n\r\nx\n.\r\nMAIL FROM:<evil@example.org>\r\n' >"$dir/bare"
check "bare line feeds are not sent" "1 FAILED 0 - our mail has line ends other than CRLF" \
  "$(send a@example.org c@example.org="$dir/bare")"
check "the null path is sent" "MAIL FROM:<>" "$(send '' c@example.org="$dir/m" >/dev/null
  grep MAIL "$dir/log" | tail -1 | cut -d' ' -f2-3)"
serve 'ehlo=250-bad\n250 SMTPUTF8'
send a@example.org 'jürgen@example.org'="$dir/m" sleep=0 c@example.org="$dir/m" >/dev/null
check "SMTPUTF8 only when an address needs it" "1 2" \
  "$(grep -c SMTPUTF8 "$dir/log") $(grep -c MAIL "$dir/log")"
check "no address in our log" 0 "$(grep -c '@' "$dir/err")"
echo "1..$count"
