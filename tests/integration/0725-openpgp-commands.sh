#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Commands that staff sign with OpenPGP, around the mail (PGP/MIME) and inside its text, through a whole office whose roles
# must sign: what is signed counts once; what stands beside it, or is signed by somebody else, does not.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/office.sh"
command -v gpg > /dev/null || tap_skip_all "gpg is not installed"
tap_begin
chmod 755 "$dir"
keys=$(mktemp -d "${TMPDIR:-/tmp}/qecp-pgp.XXXXXX") # a socket's path is short
other=$keys
stop_all ()
{
  for home in "$keys" "$other"
  do gpgconf --homedir "$home" --kill all; rm -rf "$home"
  done
}
pat=pat.manager@office.example ada=ada@org.example
key () { gpg --homedir "$keys" --batch --quiet --passphrase '' --quick-generate-key "$1" ed25519 sign 1y 2> /dev/null; }
ok "keys for the tests" eval "key 'Pat Manager <$pat>' && key 'Mallory <mallory@evil.example>'"

office=$dir/office
ok "an office" office_make "$office"
gpg --homedir "$keys" --batch --armor --export > "$office/staff.asc"
printf 'signatures { keys = {"staff.asc"} }\n' >> "$office/qecp.conf"
chmod -R u+w "$office"
sed -i 's/assurance = token/assurance = signed/' "$office/rules/roles.conf"
office_own "$office"

# Written now: a signature and its mail belong together in time.
arrives () { sed "s/^Date: .*/Date: $(date -R)/" | office_put "$office" program "$(date +%s.%N).a" now; }
pass () { qecpd --config "$office/qecp.conf" --once > "$dir/log" 2>&1 || { cat "$dir/log"; return 1; }; }
letter_apply $ada m1 | arrives
ok "somebody asks" pass
letter_form $ada m2 "Org Inc." | arrives
ok "... and registers" pass
case=APP-$(date +%Y)-0001

sign () { gpg --homedir "$keys" --batch --quiet --passphrase '' --local-user "$1" "${@:2}"; }
words () { printf '/case %s\n/note %s\n' "$case" "$1"; }
# around WHO ID: standard input is the entity that is signed, its lines end as on the wire
around ()
{
  sed 's/$/\r/' > "$dir/entity"
  letter_head $pat "$2" "Re: [$case] Application"
  printf 'Content-Type: multipart/signed; micalg=pgp-sha512;\n protocol="application/pgp-signature"; boundary="next"\n\n--next\n'
  cat "$dir/entity"
  printf '\n--next\nContent-Type: application/pgp-signature; name="signature.asc"\n\n'
  sign "$1" --armor --digest-algo SHA512 --detach-sign < "$dir/entity"
  printf -- '--next--\n'
}
entity () { printf 'Content-Type: text/plain; charset=utf-8\n\n'; words "$1"; }
# inside WHO: standard input is signed
inside () { sign "$1" --digest-algo SHA512 --clear-sign; }
# The last transcript that Pat got.
answer () { newest=$(find "$office/mail/out/new" -type f -newer "$dir/before" -exec grep -l "^To:.*$pat" {} + | xargs grep -l "Your commands" | tail -n 1); cp "$newest" "$dir/out"; }
said () # WORDS
{
  answer && python3 - "$dir/out" "$1" << 'EOF'
import email, email.policy, sys
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
text = mail["Subject"] + "\n" + " ".join(mail.get_body(("plain",)).get_content().split())
print(text)
sys.exit(sys.argv[2] not in text)
EOF
}
noted () { qecp --config "$office/qecp.conf" case timeline "$case" > "$dir/out" && grep -q "$1" "$dir/out"; }
not_noted () { ! noted "$1"; }
comes () { touch "$dir/before"; sleep 0.01; arrives && pass; }

entity "One by PGP/MIME." | around $pat p1 > "$dir/mail"
ok "a command that is signed around" comes < "$dir/mail"
ok "... is done" said "Your commands: done"
ok "... once" noted "One by PGP/MIME."
sed 's/^Message-ID: .*/Message-ID: <p2@office.example>/' "$dir/mail" > "$dir/again"
ok "the same in another mail" comes < "$dir/again"
ok "... has counted already" said "has counted already"

{ letter_head $pat i1 "Re: [$case] Application"; echo; words "Two by clear text." | inside $pat; } > "$dir/mail"
ok "a command that is signed inside" comes < "$dir/mail"
ok "... is done" said "Your commands: done"
ok "... too" noted "Two by clear text."
words "Two by clear text." | inside $pat > "$dir/text"
{ letter_head $pat i2 "Re: [$case] Application"; echo; sed -n '/^-----BEGIN PGP SIGNED/,$p' "$dir/mail"; } > "$dir/again"
ok "the same text in another mail" comes < "$dir/again"
ok "... has counted already, too" said "has counted already"

{ letter_head $pat i3 "Re: [$case] Application"; echo; words "Three before the frame."; echo; words "Four inside." | inside $pat; } > "$dir/mail"
ok "words before what is signed inside" comes < "$dir/mail"
ok "... make it worth nothing" said "nothing was done"
{ letter_head $pat i4 "Re: [$case] Application"; echo; words "Five." | inside mallory@evil.example; } > "$dir/mail"
ok "somebody else's signature" comes < "$dir/mail"
ok "... is not Pat's" said "is not made by $pat"
entity "Six." | around mallory@evil.example p3 > "$dir/mail"
ok "... nor around the mail" comes < "$dir/mail"
ok "... is it" said "is not made by $pat"
entity "Seven." | around $pat p4 | sed 's/Seven/Eight/' > "$dir/mail"
ok "a text that was changed on its way" comes < "$dir/mail"
ok "... is refused" said "nothing was done"
{ letter_head $pat i5 "Re: [$case] Application"; echo; words "Nine."; } > "$dir/mail"
ok "no signature" comes < "$dir/mail"
ok "... is asked for" said "sign the message"
# What was signed around a mail as the text of one, and a signed text as a part: neither shows what its signer saw.
mark='-----BEGIN PGP SIGNED MESSAGE-----'
attached () # WORDS: a mail that shows somebody's file
{
  printf 'Content-Type: multipart/mixed; boundary=mix\n\n--mix\nContent-Type: text/plain\n\nSee what they sent.\n'
  printf -- '--mix\nContent-Disposition: attachment; filename=a.txt\n\n'
  words "$1"
  printf -- '--mix--\n'
}
attached "Ten." | sed 's/$/\r/' > "$dir/entity"
{ letter_head $pat i6 "Re: [$case] Application"; printf '\n%s\nHash: SHA512\n\n' "$mark"
  sed 's/\r$//; s/^-/- -/' "$dir/entity"; echo
  sign $pat --armor --digest-algo SHA512 --detach-sign < "$dir/entity"; } > "$dir/mail"
ok "somebody's file in a signed mail, as words" comes < "$dir/mail"
ok "... is no word of Pat's" said "is a part of a mail, and not words"
attached "Ten, too." | around $pat p5 > "$dir/mail"
ok "... and as the file it is" comes < "$dir/mail"
ok "... it is no command" said "nothing was done"
{ echo "Note: this is what nobody may write:"; echo; words "Eleven."; } | inside $pat > "$dir/text"
{ letter_head $pat p6 "Re: [$case] Application"
  printf 'Content-Type: multipart/signed; micalg=pgp-sha512;\n protocol="application/pgp-signature"; boundary="next"\n\n--next\n'
  sed -n '/^Note/,/^-----BEGIN/p' "$dir/text" | sed '$d'
  printf -- '--next\nContent-Type: application/pgp-signature\n\n'
  sed -n '/^-----BEGIN PGP SIGNATURE/,$p' "$dir/text"
  printf -- '--next--\n'; } > "$dir/mail"
ok "a signed text as a part of a mail" comes < "$dir/mail"
ok "... whose first words nobody would see" said "words by themselves"

# The roster names Pat's key; somebody has another one for his address, and a signed mail of his that he sent to somebody else.
other=$(mktemp -d "${TMPDIR:-/tmp}/qecp-pgp.XXXXXX")
second () { gpg --homedir "$other" --batch --quiet --passphrase '' "$@"; }
ok "another key for Pat" second --quick-generate-key "Pat Manager <$pat>" ed25519 sign 1y
second --batch --armor --export >> "$office/staff.asc"
print=$(gpg --homedir "$keys" --batch --with-colons --list-keys "$pat" | sed -n 's/^fpr:*\(.*\):$/\1/p' | head -n 1)
sed -i "s/name = \"Pat Manager\"/& certificates = { \"$print\" }/" "$office/roster.conf"
entity "Twelve." | around $pat p7 | sed '1,/^MIME-Version/d; s/"next"/"inner"/; s/--next/--inner/' | sed 's/\r$//; s/$/\r/' > "$dir/inner"
{ letter_head $pat p8 "Re: [$case] Application"
  printf 'Content-Type: multipart/signed; micalg=pgp-sha512;\n protocol="application/pgp-signature"; boundary="next"\n\n--next\n'
  cat "$dir/inner"
  printf '\n--next\nContent-Type: application/pgp-signature\n\n'
  second --armor --digest-algo SHA512 --detach-sign < "$dir/inner"
  printf -- '--next--\n'; } > "$dir/mail"
ok "a mail of Pat's inside of another key's signature" comes < "$dir/mail"
ok "... does not make that key Pat's" said "that the roster does not name"
entity "Thirteen." | around $pat p9 > "$dir/mail"
ok "his own key" comes < "$dir/mail"
ok "... is one that the roster names" said "Your commands: done"
ok "... and counts" noted "Thirteen."
for word in Three Four Five Six Seven Eight Nine Ten Eleven Twelve
do ok "no note says $word" not_noted "$word"
done
ok "the journal holds" qecp --config "$office/qecp.conf" replay --all
tap_end
