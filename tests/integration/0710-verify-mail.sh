#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# qecp verify on messages: signed with openssl and gpg, broken and re-wrapped in every way known, and the examples of RFC 4134.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/signing-pki.sh"
for tool in gpgsm gpg openssl python3
do command -v $tool > /dev/null || tap_skip_all "$tool is not installed"
done
tap_begin
export PYTHONDONTWRITEBYTECODE=1
pki=$dir/pki
mail=$dir/mail
home=$(mktemp -d /tmp/qecp-gpg.XXXXXX)
stop_all () { gpgconf --homedir "$home" --kill all 2> /dev/null; rm -rf "$home"; }
mkdir -p "$mail"

verdict_of () { sed -n 's/^  "verdict" : "\(.*\)",$/\1/p' "$1"; }
verify ()
{
  local file=$1 want=$2 status
  shift 2
  timeout 120 "$top_builddir/qecp" verify --json "$@" "$file" > "$dir/out" 2> "$dir/err"
  status=$?
  got=$(verdict_of "$dir/out")
  case "|$want|" in
    *"|$got|"*) ;;
    *) return 1 ;;
  esac
  test "$got" = valid && test $status = 0 || { test "$got" != valid && test $status = 1; }
}
status_is () { local want=$1; shift; "$@" > "$dir/out" 2> "$dir/err"; test $? = "$want"; }
says () { "$top_builddir/qecp" verify "${@:2}" > "$dir/out" 2> "$dir/err"; grep -q -e "$1" "$dir/out"; }

keys ()
{
  for who in 'Alice <alice@example.org>' 'Mallory <mallory@example.net>' 'Ann (<alice@example.org>) <ann@example.net>'
  do gpg --homedir "$home" --batch --quiet --passphrase '' --allow-freeform-uid --quick-generate-key "$who" rsa2048 sign 1y || return 1
  done
  gpg --homedir "$home" --batch --armor --export '=Alice <alice@example.org>' ann@example.net > "$dir/keys.asc"
}
ok "a PKI for the tests" signing_pki "$pki"
ok "keys for the tests" keys
ok "messages were made" sh -c 'python3 "$1" "$2" "$3" "$4" > "$5"' sh "$top_srcdir/tests/lib/mail_break.py" "$mail" "$pki" "$home" "$dir/expected"
trust="--trust $pki/chain.pem --crl $pki/sub.crl --crl $pki/root.crl --keys $dir/keys.asc"
while read -r name want
# shellcheck disable=SC2086
do ok "$name is $want" verify "$mail/$name.eml" "$want" $trust
done < "$dir/expected"

# shellcheck disable=SC2086
ok "headers that differ are shown" says 'Subject: signed is "the real subject"; the outer header says "decision"' $trust \
  "$mail/protected_subject_differs.eml"
# shellcheck disable=SC2086
ok "the page says who is not the sender" says 'who is not the signer' $trust "$mail/from_other.eml"
# shellcheck disable=SC2086
ok "what nobody can check is named" says 'it is made by RSA-PSS with SHA256, whose mask is made with SHA1' $trust "$mail/smime_pss_mask.eml"
ok "without a root nobody is trusted" verify "$mail/smime_detached.eml" untrusted
ok "no such keys: 2" status_is 2 "$top_builddir/qecp" verify --keys "$dir/none.asc" "$mail/pgp_mime.eml"
ok "without keys nothing can be said" verify "$mail/pgp_mime.eml" error

# openssl finds intact what we call valid.
for file in "$mail"/smime_*.eml
do
  name=${file##*/}
  # shellcheck disable=SC2086
  timeout 120 "$top_builddir/qecp" verify --json $trust "$file" > "$dir/out" 2> /dev/null
  test "$(verdict_of "$dir/out")" = valid || continue
  ok "openssl finds $name intact, too" openssl cms -verify -in "$file" -CAfile "$pki/root.pem" -purpose any -out /dev/null
done

# A signed structure by itself, as the message it would come in.
as_mail ()
{
  case $1 in
    *.eml) echo "$1" ;;
    *)
      { printf 'From: alice@example.org\nDate: Fri, 06 Sep 2002 00:25:21 -0300\nMIME-Version: 1.0\n'
        printf 'Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n'
        openssl base64 -in "$1"; } > "$dir/as.eml"
      echo "$dir/as.eml" ;;
  esac
}

corpora=${QECP_CORPORA:-$top_srcdir/../shared/corpora}
if test -d "$corpora/smime-rfc4134"
then
  while IFS='	' read -r name want why
  do
    case $name in '#'*) continue ;; esac
    ok "RFC 4134, $name is $want: $why" verify "$(as_mail "$corpora/smime-rfc4134/$name")" "$want"
  done < "$top_srcdir/tests/data/verify/rfc4134.tsv"
else tap_skip "the examples of RFC 4134" "no corpora in $corpora (set QECP_CORPORA)"
fi
tap_end
