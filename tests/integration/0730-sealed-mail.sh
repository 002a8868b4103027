#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Mail that leaves signed and encrypted, judged by gpg and openssl, and by ourselves; and keys that are missing, locked, or hang.
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
# What waits after it, and why, is in the file that a failing case shows.
pass () { qecpd --config "$conf" --once > "$dir/log" 2>&1 && qecp --config "$conf" outbox > "$dir/out" 2>&1; }
sent () { find "$office/mail/out/new" -type f | wc -l; }
to_jane () { grep -l '^To: .*jane@acme.example' "$office"/mail/out/new/* | wc -l; }
last () { find "$office/mail/out/new" -type f -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2 | xargs -I{} cp {} "$dir/last.eml"; }
# The part that is signed, and the signature, out of last.eml.
take () # ENTITY
{
  python3 - "$1" "$dir/part" "$dir/signature" <<'PY'
import email, re, sys
raw = open(sys.argv[1], "rb").read()
boundary = re.search(rb'multipart/signed.*?boundary="([^"]+)"', raw, re.S)[1]
pieces = raw.split(b"--" + boundary)
open(sys.argv[2], "wb").write(pieces[1][2:-2])
part = email.message_from_bytes(pieces[2][2:])
open(sys.argv[3], "wb").write(part.get_payload(decode=True))
PY
}
lacks () { ! grep -q -- "$2" "$1"; }
not () { ! "$@"; }

ok "an office" office_make "$office"
home && keys=$made
home && jane=$made
ok "a key of the office" make_key "$keys" program@office.example ''
fpr=$(fingerprint "$keys" program@office.example)
ok "a key of Jane" make_key "$jane" jane@acme.example ''
gpg --homedir "$jane" --batch --armor --export > "$dir/jane.asc" 2> /dev/null
gpg --homedir "$keys" --batch --export > "$dir/office.gpg" 2> /dev/null
gpgconf --homedir "$keys" --kill all
office_own "$keys"
chmod 755 "$dir"

# --- OpenPGP ---------------------------------------------------------------------------------------------------------
configure "  key-home = \"$keys\"
  signing-key = \"openpgp:$fpr\""
ok "qecp keys list shows the key" qecp --config "$conf" keys list
ask 1 jane@acme.example
ok "a question" pass
ok "... is answered" test "$(sent)" = 1
last
ok "... signed" has "$dir/last.eml" '^Content-Type: multipart/signed; micalg=pgp-sha'
ok "... whose parts can be taken" take "$dir/last.eml"
ok "... and gpg agrees" gpgv --keyring "$dir/office.gpg" "$dir/signature" "$dir/part"
ok "... with its subject inside" has "$dir/part" '^Subject: '
ok "we agree ourselves" sh -c "'$top_builddir/qecp' verify --keys '$dir/office.gpg' '$dir/last.eml' | grep -q '^.*valid'"
ok "it was noted which bytes left" has <(qecp --config "$conf" replay --all) '^equal'
ok "nothing was written into the key home" sh -c "! find '$keys' -newer '$dir/jane.asc' -type f | grep ."

# --- encrypted ---------------------------------------------------------------------------------------------------------
sed -i 's/^notice "registration-form" {/& confidential = "required"/' "$office"/rules/*.conf
ok "the rules mark that answer" grep -q 'registration-form" { confidential' "$office"/rules/notices.conf
ask 2 jane@acme.example
ok "without a key of Jane" pass
ok "... it is kept back" waiting '"withheld"'
ok "... and says why" has "$dir/outbox.json" 'no key of jane@acme.example is pinned'
ok "... staff are told, once, by signed mail" test "$(grep -l 'cannot leave' "$office"/mail/out/new/* | wc -l)" -ge 1
ok "status counts it" has <(qecp --config "$conf" status --json) '"outbox_withheld" : 1'
ok "Jane is introduced" qecp --config "$conf" keys introduce "$dir/jane.asc" --for jane@acme.example
ok "... under no other address" not qecp --config "$conf" keys introduce "$dir/jane.asc" --for other@acme.example
later=$(($(date +%s) + 600))
before=$(to_jane)
ok "introduced is not pinned" qecpd --config "$conf" --once --now $later
ok "... so it waits on" test "$(to_jane)" = "$before"
ok "pinned" qecp --config "$conf" keys pin "$(fingerprint "$jane" jane@acme.example)"
ok "then it leaves" qecpd --config "$conf" --once --now $((later + 3600))
ok "... by itself" test "$(to_jane)" = $((before + 1))
last
ok "... encrypted" has "$dir/last.eml" 'multipart/encrypted; protocol="application/pgp-encrypted"'
ok "... its subject, too" has "$dir/last.eml" '^Subject: \[\.\.\.\]'
ok "... and nothing of it is in clear" lacks "$dir/last.eml" 'apply'
ok "Jane can read it" sh -c "gpg --homedir '$jane' --batch --quiet --decrypt '$dir/last.eml' > '$dir/clear' 2> '$dir/gpg.log'"
ok "... and what is inside is signed" take "$dir/clear"
ok "... says gpg" gpgv --keyring "$dir/office.gpg" "$dir/signature" "$dir/part"
ok "... with what was outside recorded" has "$dir/part" '^HP-Outer: Subject: \[\.\.\.\]'
ok "replay is equal" replays

# --- retried: the same bytes -------------------------------------------------------------------------------------------
mv "$office/mail/out" "$office/mail/away" && touch "$office/mail/out"
ask 3 bob@beta.example
sed -i 's/ confidential = "required"//' "$office/rules/notices.conf"
pass
sha=$(qecp --config "$conf" outbox --json | sed -n 's/.*"sealed" : "\(.*\)".*/\1/p' | head -1)
ok "a mail that could not be delivered is sealed" test ${#sha} = 64
rm "$office/mail/out" && mv "$office/mail/away" "$office/mail/out"
ok "tried again" qecpd --config "$conf" --once --now $((later + 90000))
ok "... the same bytes leave" has <(sha256sum "$office"/mail/out/new/*) "^$sha "

# --- a key that is locked, and one that is not there ----------------------------------------------------------------------
home && locked=$made
make_key "$locked" program@office.example 'a passphrase' > /dev/null
locked_fpr=$(fingerprint "$locked" program@office.example)
gpgconf --homedir "$locked" --kill all
office_own "$locked"
configure "  key-home = \"$locked\"
  signing-key = \"openpgp:$locked_fpr\""
ask 4 carl@gamma.example
begin=$(date +%s)
ok "a locked key" pass
ok "... asks nobody" test $(($(date +%s) - begin)) -lt 20
ok "... and keeps the mail back" waiting 'it is locked with a passphrase'
ok "... the notice about it leaves unsigned" has <(cat "$office"/mail/out/new/*) 'cannot leave'
ok "status warns of nothing it cannot know, and counts" has <(qecp --config "$conf" status --json) '"outbox_withheld" : [1-9]'
configure "  key-home = \"$keys\"
  signing-key = \"openpgp:0123456789ABCDEF0123456789ABCDEF01234567\"
  signing = wanted"
ask 5 dora@delta.example
before=$(sent)
ok "a key that is not there, and signing is only wanted" pass
ok "... the mail leaves" test "$(sent)" -gt "$before"
ok "... which is in the log" has "$dir/log" 'seal.unsigned'
ok "status warns" has <(qecp --config "$conf" status 2>&1) 'is not in the key home'
chmod 750 "$keys"
configure "  key-home = \"$keys\"
  signing-key = \"openpgp:$fpr\""
ask 6 emil@delta.example
ok "a key home that others can read" pass
ok "... is not used" waiting 'closed to all others'
chmod 700 "$keys"
ok "replay is equal" replays

# --- S/MIME -------------------------------------------------------------------------------------------------------------
ok "a PKI for the tests" signing_pki "$dir/pki"
home && cms=$made
printf 'disable-crl-checks\ndisable-dirmngr\n' > "$cms/gpgsm.conf"
for file in root sub
do gpgsm --homedir "$cms" --batch --quiet --import "$dir/pki/$file.pem" 2> /dev/null
done
openssl pkcs12 -export -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg SHA1 -inkey "$dir/pki/alice.key" -in "$dir/pki/alice.pem" \
  -passout pass: -out "$dir/alice.p12"
# An empty passphrase opens the file, and is none for the key: nobody is asked.
ok "a certificate of the office" sh -c \
  "echo | gpgsm --homedir '$cms' --batch --pinentry-mode loopback --passphrase-fd 0 --import '$dir/alice.p12'"
gpgconf --homedir "$cms" --kill all
office_own "$cms"
ok "... and its key" test -n "$(ls "$cms/private-keys-v1.d")"
sha=$(openssl x509 -in "$dir/pki/alice.pem" -noout -fingerprint -sha256 | sed 's/.*=//; s/://g')
configure "  key-home = \"$cms\"
  signing-key = \"smime:$sha\""
ok "qecp keys list shows it" has <(qecp --config "$conf" keys list) "$sha"
ask 7 fred@phi.example
ok "a question" pass
last
ok "... answered, signed" has "$dir/last.eml" '^Content-Type: multipart/signed; micalg=sha-256'
ok "... whose parts can be taken" take "$dir/last.eml"
ok "... and openssl agrees" openssl cms -verify -binary -inform DER -in "$dir/signature" -content "$dir/part" -CAfile "$dir/pki/chain.pem" -out /dev/null
ok "we agree ourselves" has <("$top_builddir/qecp" verify --trust "$dir/pki/chain.pem" "$dir/last.eml" --json) '"verdict" : "valid"'
# Erin's certificate is for signing alone; one that can be encrypted for is made here.
ok "a certificate that cannot be encrypted for is refused" not qecp --config "$conf" keys introduce "$dir/pki/erin.pem" --for erin@example.org
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/gina.key" -out "$dir/gina.pem" -days 300 -subj "/O=Gamma/CN=Gina" \
  -addext "subjectAltName = email:gina@gamma.example" -addext "keyUsage = critical,keyEncipherment,keyCertSign" 2> /dev/null
ok "Gina's own certificate is introduced" qecp --config "$conf" keys introduce "$dir/gina.pem" --for gina@gamma.example
gina=$(openssl x509 -in "$dir/gina.pem" -noout -fingerprint -sha256 | sed 's/.*=//; s/://g')
ok "... and pinned" qecp --config "$conf" keys pin "$gina"
sed -i 's/^notice "registration-form" {/& confidential = "wanted"/' "$office/rules/notices.conf"
ask 8 gina@gamma.example
ok "wanted, with a key" pass
last
ok "... it leaves encrypted" has "$dir/last.eml" 'smime-type=enveloped-data'
ok "... Gina can read it" openssl cms -decrypt -in "$dir/last.eml" -inkey "$dir/gina.key" -recip "$dir/gina.pem" -out "$dir/clear"
ok "... and what is inside is signed" take "$dir/clear"
ok "... says openssl" openssl cms -verify -binary -inform DER -in "$dir/signature" -content "$dir/part" -CAfile "$dir/pki/chain.pem" -out /dev/null
ask 9 hugo@eta.example
ok "wanted, without a key" pass
last
ok "... it leaves signed" has "$dir/last.eml" 'multipart/signed'
ok "Gina's key is retired" qecp --config "$conf" keys retire "$gina"
ok "... which the list says" has <(qecp --config "$conf" keys list) 'retired'

# --- an engine that hangs ---------------------------------------------------------------------------------------------------
mkdir -p "$dir/bin"
real=$(command -v gpgconf)
printf '#!/bin/sh\n"%s" "$@" | sed "s|:[^:]*/gpgsm\$|:%s/bin/gpgsm|; s|:[^:]*/gpgsm:|:%s/bin/gpgsm:|"\n' "$real" "$dir" "$dir" > "$dir/bin/gpgconf"
printf '#!/bin/sh\ntest "$1" != --version || exec %s --version\nkill -STOP $$\n' "$(command -v gpgsm)" > "$dir/bin/gpgsm"
chmod 755 "$dir/bin" "$dir/bin/gpgconf" "$dir/bin/gpgsm"
printf 'signatures { timeout = 2 }\n' >> "$conf"
ask 10 ines@iota.example
begin=$(date +%s)
ok "gpgsm hangs, the office does not" env PATH="$dir/bin:$PATH" "${office_as[@]}" "$top_builddir/qecpd" --config "$conf" --once
ok "... for longer than its limit" test $(($(date +%s) - begin)) -lt 40
ok "... and the mail is kept back" waiting '"withheld"'
ok "replay is equal" replays
ok "nothing of the archive is bad" qecp --config "$conf" fsck
tap_end
