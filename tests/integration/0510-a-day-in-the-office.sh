#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two hundred mails on a simulated clock, in by a real Dovecot and out by a real Exim: every clock is kept, nothing is lost.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/dovecot.sh"
. "$top_srcdir/tests/lib/office.sh"
. "$top_srcdir/tests/lib/pki.sh"
. "$top_srcdir/tests/lib/exim.sh"
export PYTHONDONTWRITEBYTECODE=1
tap_begin
: "${dir:?}"
stop_all () { dovecot_stop; exim_stop; }
dovecot_start
exim_start "$dir/exim"
case $? in
  2) tap_skip_all "$EXIM_WHY" ;;
  1) echo "Bail out! $EXIM_WHY"; exit 99 ;;
esac
office=$dir/office
office_make "$office" || exit 99
printf 'secret\n' > "$office/password"
mailbox () # NAME
{
  printf 'mailbox "%s" {\n  address = "%s@office.example"\n  kind = imap\n  host = "localhost"\n' "$1" "$1"
  printf '  port = %s\n  ca-file = "%s"\n  user = "%s"\n  secret-file = "./password"\n  timeout = 20\n}\n' "$imaps_port" "$ca" "$1"
}
{
  sed -n '1,/^}/p' "$office/qecp.conf"
  mailbox program
  mailbox support
  printf 'delivery {\n  kind = smtp\n  host = "localhost"\n  port = %s\n  ca-file = "%s"\n' "$EXIM_TLS_PORT" "$dir/exim/pki/ca.pem"
  printf '  user = "daemon"\n  secret-file = "./password"\n  timeout = 20\n}\n'
} > "$dir/conf"
cp "$dir/conf" "$office/qecp.conf"
office_own "$office"
python3 "$top_srcdir/tests/lib/office_day.py" "$office" "$mail" "$dir/exim/Maildir/new"
