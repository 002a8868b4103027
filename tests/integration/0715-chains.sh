#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Who vouches for a signer: paths of certificates that hold and that do not (RFC 5280, 6).
. "$top_srcdir/tests/lib/tap.sh"
for tool in gpgsm openssl python3
do command -v $tool > /dev/null || tap_skip_all "$tool is not installed"
done
tap_begin
export PYTHONDONTWRITEBYTECODE=1
mail=$dir/mail
mkdir -p "$mail"

verify ()
{
  timeout 120 "$top_builddir/qecp" verify --trust "$2" "$mail/$1.eml" > "$dir/out" 2> "$dir/err"
  case "|$3|" in
    *"|$(sed -n '1s/.*: //p' "$dir/out")|"*) ;;
    *) return 1 ;;
  esac
}
says () { verify "$1" "$mail/root.pem" untrusted && grep -q -e "$2" "$dir/out"; }

ok "mails were made" sh -c 'python3 "$1" "$2" > "$3"' sh "$top_srcdir/tests/lib/chains.py" "$mail" "$dir/expected"
while read -r name want
do ok "$name is $want" verify "$name" "$mail/root.pem" "$want"
done < "$dir/expected"

ok "who is trusted himself needs nobody" verify nobody "$mail/self.pem" valid
ok "where it ends is told" says bridge_missing '"Far Root" vouches for itself, and is not trusted here'
ok "who is no authority is told" says person_as_authority '"Sub 2" is no authority'
ok "what does not hold is told" says length_exceeded 'path length constraint exceeded, at that of "Sub 1"'
ok "... where it is of nobody, too" says policy_required_none 'does not hold: no explicit policy$'
tap_end
