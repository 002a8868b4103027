#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Signed mail in an office whose gpgsm hangs, dies or is not there: the verdict says so, the mail is dealt with, and so is the next.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/office.sh"
. "$top_srcdir/tests/lib/signing-pki.sh"
for tool in gpgsm openssl
do command -v $tool > /dev/null || tap_skip_all "$tool is not installed"
done
tap_begin
ok "a PKI for the tests" signing_pki "$dir/pki"
ok "an office" office_make "$dir/office"
cp "$dir/pki/chain.pem" "$dir/office/trust.pem"
printf 'signatures { trust = {"trust.pem"} timeout = 2 }\n' >> "$dir/office/qecp.conf"
office_own "$dir/office"
chmod 755 "$dir"

mkdir -p "$dir/bin"
real=$(command -v gpgconf)
cat > "$dir/bin/gpgconf" <<EOF
#!/bin/sh
"$real" "\$@" | sed "s|:[^:]*/gpgsm\$|:$dir/bin/gpgsm|; s|:[^:]*/gpgsm:|:$dir/bin/gpgsm:|"
EOF
chmod 755 "$dir/bin" "$dir/bin/gpgconf"

# signed N: mail N of Alice, signed as it is now
signed ()
{
  printf 'Content-Type: text/plain\r\n\r\nA question, number %s.\r\n' "$1" |
    openssl cms -sign -md sha256 -signer "$dir/pki/alice.pem" -inkey "$dir/pki/alice.key" -certfile "$dir/pki/chain.pem" \
      -from alice@example.org -to program@office.example -subject "Question $1" > "$dir/signed" &&
  { printf 'Message-ID: <%s@example.org>\r\nDate: %s\r\n' "$1" "$(date -R)"; cat "$dir/signed"; } |
    office_put "$dir/office" program "$1" now
}
pass () # what the office logged is shown when it fails
{
  qecpd --config "$dir/office/qecp.conf" --once > "$dir/log" 2>&1 && return 0
  echo "status $?" > "$dir/out"
  cat "$dir/log" >> "$dir/out"
  return 1
}
engine () # BODY
{
  printf '#!/bin/sh\n%s\n' "$1" > "$dir/bin/gpgsm"
  chmod 755 "$dir/bin/gpgsm"
  PATH=$dir/bin:$PATH pass
}
verdict () { qecp --config "$dir/office/qecp.conf" explain "$1" > "$dir/out" && grep -q "Signature of the message: $2" "$dir/out"; }
waits () { find "$dir/office/mail/program/new" "$dir/office/mail/program/cur" -type f | grep .; }
nothing_waits () { ! waits; }

signed 1
ok "a signed mail is taken in" pass
ok "... and its signature judged" verdict 1 'valid, signed by Alice Signer <alice@example.org>'
signed 2
signed 3
begin=$(date +%s)
ok "gpgsm hangs, the office does not" engine "test \"\$1\" != --version || exec $(command -v gpgsm) --version; kill -STOP \$\$"
ok "... for longer than its limit" test $(($(date +%s) - begin)) -lt 30
ok "... and says that it could not be checked" verdict 2 error
ok "... of the next, too" verdict 3 error
signed 7
# The agent has its father's end of the line and keeps it open.
begin=$(date +%s)
ok "gpgsm hangs, and its agent with it" engine "test \"\$1\" != --version || exec $(command -v gpgsm) --version
while test \"\$1\" != --homedir; do shift; done
bash -c 'exec -a gpg-agent python3 -c \"import time; time.sleep (1000)\" \"\$0\"' \"\$2\" &
kill -STOP \$\$"
ok "... which takes no longer" test $(($(date +%s) - begin)) -lt 60
ok "... and could not be checked either" verdict 4 error
signed 4
ok "gpgsm ends at once" engine 'exit 1'
ok "... which is an error" verdict 5 error
signed 5
ok "gpgsm ends well and says nothing" engine 'exit 0'
ok "... which is never valid" verdict 6 '\(error\|unsupported\|invalid\)'
signed 6
ok "gpgsm is there again" pass
ok "... and so is the verdict" verdict 7 valid
ok "all seven were dealt with" nothing_waits
ok "replay judges nothing again" qecp --config "$dir/office/qecp.conf" replay --all
tap_end
