#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The office's own key ends: the administrator is told a month and a week before, and when it has, once each; from then on mail waits, or
# leaves unsigned where the configuration says so; and what waited leaves with the next key.  OpenPGP and S/MIME, expired and revoked.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/office.sh"
. "$top_srcdir/tests/lib/signing-pki.sh"
. "$top_srcdir/tests/lib/key-home.sh"
for tool in gpg gpgsm openssl
do command -v $tool > /dev/null || tap_skip_all "$tool is not installed"
done
tap_begin
: "${dir:?}"
export LC_ALL=C
office=$dir/office conf=$dir/office/qecp.conf
stop_all () { end_agents; }
begin=$(date +%s)
pass () # DAYS from now
{
  qecpd --config "$conf" --once --now $((begin + $1 * 86400)) > "$dir/log" 2>&1
}
mails () { cat "$office"/mail/out/new/* 2> /dev/null | tr -d '\r'; }
to () { grep -l "^To: .*$1" "$office"/mail/out/new/* 2> /dev/null | wc -l; }
alarms () { grep -l '^Subject: Alarm' "$office"/mail/out/new/* 2> /dev/null | wc -l; }
last_alarm () { grep -l '^Subject: Alarm' "$office"/mail/out/new/* | xargs ls -t | head -1 | xargs python3 -c '
import email, email.policy, sys
print(" ".join(email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default).get_body(("plain",)).get_content().split()))'; }
status () { qecp --config "$conf" status "$@" 2>&1; }
expect_alarms () { test "$(alarms)" = "$1" || { alarms; return 1; }; }

ok "an office" office_make "$office"
sed -i 's/^[# ]*admin = .*/admin = "admin@office.example"/' "$conf"
grep -q '^admin' "$conf" || printf 'admin = "admin@office.example"\n' >> "$conf"
chmod 755 "$dir"

# --- OpenPGP: a key of 40 days ------------------------------------------------------------------------------------------
home && keys=$made
ok "a key for forty days" make_key "$keys" program@office.example '' 40d
fpr=$(fingerprint "$keys")
gpgconf --homedir "$keys" --kill all
office_own "$keys"
configure "  key-home = \"$keys\"
  signing-key = \"openpgp:$fpr\""
ask 1 jane@acme.example
ok "while it is good" pass 0
ok "... mail leaves" test "$(to jane@acme.example)" = 1
ok "... and nobody is told anything" expect_alarms 0
ok "a month before its end" pass 15
ok "... the administrator is told" expect_alarms 1
ok "... which key" has <(last_alarm) "$fpr"
ok "... the day, and what follows" has <(last_alarm) 'expires on .*From then on mail is kept back'
ok "... which is in the log" has "$dir/log" "key.ends key=$fpr step=month days=2[45]"
ok "the next day" pass 16
ok "... not again" expect_alarms 1
ok "a week before" pass 34
ok "... once more" expect_alarms 2
ask 2 bob@beta.example
ok "when it has ended" pass 41
ok "... the administrator is told, although nothing can be signed" expect_alarms 3
ok "... since when, and what follows" has <(last_alarm) "expired on .*$fpr.*Mail is kept back until there is another one"
ok "... mail waits" waiting "the office's key $fpr expired on "
ok "... and does not leave" test "$(to bob@beta.example)" = 0
ok "... staff are told of it" has <(mails) 'cannot leave'
ok "status counts it" has <(status --json) '"outbox_withheld" : [1-9]'
ask 3 bea@beta.example
staff=$(grep -l 'cannot leave' "$office"/mail/out/new/* | wc -l)
ok "another mail waits" pass 42
ok "... of which nobody is told again" test "$(grep -l 'cannot leave' "$office"/mail/out/new/* | wc -l)" = "$staff"
ok "... nor of the key" expect_alarms 3
configure "  key-home = \"$keys\"
  signing-key = \"openpgp:$fpr\"
  signing = wanted"
ok "where signing is only wanted" pass 43
ok "... what waited leaves" test "$(to bea@beta.example)" = 1
ok "... unsigned" has <(cat "$(grep -l '^To: .*bea@beta' "$office"/mail/out/new/*)") '^Content-Type: \(text\|multipart/\(mixed\|alternative\)\)'
ok "... which is in the log" has "$dir/log" 'seal.unsigned'
configure "  key-home = \"$keys\"
  signing-key = \"openpgp:$fpr\""
ask 4 carl@gamma.example
ok "required again" pass 44
ok "... it waits again" test "$(to carl@gamma.example)" = 0
ok "the key is prolonged" gpg --homedir "$keys" --batch --quiet --pinentry-mode loopback --passphrase '' --quick-set-expire "$fpr" 3y
gpgconf --homedir "$keys" --kill all
office_own "$keys"
ok "then" pass 46
ok "... what waited leaves" test "$(to carl@gamma.example)" = 1
ok "... signed" has "$(grep -l '^To: .*carl@gamma' "$office"/mail/out/new/*)" '^Content-Type: multipart/signed'
ok "... and nobody is told anything" expect_alarms 3
ok "replay is equal" replays

# --- one that ended by gpg's own clock, and one that was revoked ----------------------------------------------------------
home && old=$made
ok "a key of long ago" gpg --homedir "$old" --faked-system-time 20230101T000000 --batch --quiet --pinentry-mode loopback --passphrase '' \
  --quick-gen-key "office <program@office.example>" future-default default 1y
old_fpr=$(fingerprint "$old")
gpgconf --homedir "$old" --kill all
office_own "$old"
configure "  key-home = \"$old\"
  signing-key = \"openpgp:$old_fpr\""
ask 5 dora@delta.example
ok "a key that ended years ago" pass 47
ok "... signs nothing" waiting "the office's key $old_fpr \(expired on 202[34]\|cannot sign\)"
ok "... of which the administrator is told" expect_alarms 4
ok "... with its day" has <(last_alarm) "expired on .*202[34].*$old_fpr"
ok "status warns" has <(status) "the office's key"
ok "... with exit status 1" sh -c "! '$top_builddir/qecp' --config '$conf' status > /dev/null 2>&1"
home && gone=$made
ok "a key" make_key "$gone" program@office.example '' 3y
gone_fpr=$(fingerprint "$gone")
sed 's/^:-----/-----/' "$gone/openpgp-revocs.d/$gone_fpr.rev" > "$dir/revoke.asc"
ok "... is revoked" gpg --homedir "$gone" --batch --quiet --import "$dir/revoke.asc"
gpgconf --homedir "$gone" --kill all
office_own "$gone"
configure "  key-home = \"$gone\"
  signing-key = \"openpgp:$gone_fpr\""
ask 6 emil@delta.example
ok "a revoked key" pass 48
ok "... signs nothing" waiting "the office's key $gone_fpr was revoked"
ok "... of which the administrator is told" expect_alarms 5
ok "... by name" has <(last_alarm) "was revoked.*$gone_fpr"

# --- S/MIME -----------------------------------------------------------------------------------------------------------
ok "a PKI for the tests" signing_pki "$dir/pki"
home && cms=$made
printf 'disable-crl-checks\ndisable-dirmngr\n' > "$cms/gpgsm.conf"
for file in root sub
do gpgsm --homedir "$cms" --batch --quiet --import "$dir/pki/$file.pem" 2> /dev/null
done
take_in () # NAME: with no passphrase
{
  openssl pkcs12 -export -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg SHA1 -inkey "$dir/pki/$1.key" -in "$dir/pki/$1.pem" \
    -passout pass: -out "$dir/$1.p12" &&
  echo | gpgsm --homedir "$cms" --batch --pinentry-mode loopback --passphrase-fd 0 --import "$dir/$1.p12" > "$dir/import.log" 2>&1
}
use () # NAME
{
  # gpgsm takes a wrong guess at an empty passphrase for right once in a while: another salt, then.
  for try in 1 2 3 4 5 6
  do take_in "$1" && break
     test $try -lt 6 || { cat "$dir/import.log"; return 1; }
  done
  gpgconf --homedir "$cms" --kill all
  office_own "$cms"
  sha=$(openssl x509 -in "$dir/pki/$1.pem" -noout -fingerprint -sha256 | sed 's/.*=//; s/://g')
  configure "  key-home = \"$cms\"
  signing-key = \"smime:$sha\""
}
ok "a certificate that ended in 2021" use dan
ask 7 fred@phi.example
ok "it is the office's" pass 49
ok "... and signs nothing" waiting "the office's key $sha expired on 2021"
ok "... of which the administrator is told" expect_alarms 6
ok "... with its day" has <(last_alarm) "expired on .* 202[01].*$sha"
ok "a certificate for three days" use eve
before=$(alarms)
ask 8 gina@gamma.example
ok "it is the office's" pass 0
ok "... the administrator is told" expect_alarms $((before + 1))
ok "... of its end" has <(last_alarm) "expires on .*$sha"
ok "... and mail leaves signed" has "$(grep -l '^To: .*gina@gamma' "$office"/mail/out/new/*)" '^Content-Type: multipart/signed'
ok "status warns of it" has <(status) "the office's key expires on"
ok "replay is equal" replays
ok "nothing of the archive is bad" qecp --config "$conf" fsck
tap_end
