#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two hundred mails on a simulated clock, in by a real Dovecot and out by a real Exim: every clock is kept, nothing is lost.
. "${top_srcdir:?}/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/servers.sh"
export PYTHONDONTWRITEBYTECODE=1
tap_begin
: "${dir:?}"
stop_all () { servers_stop; }
office=$dir/office
servers_start "$office"
python3 "$top_srcdir/tests/lib/office_day.py" "$office" "$mail" "$out"
