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
office_on_servers "$office"
python3 "$top_srcdir/tests/lib/office_day.py" "$office" "$mail" "$dir/exim/Maildir/new"
