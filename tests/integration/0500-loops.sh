#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Automatons that answer each other for some days; `make soak` lets them do so for a year.
: "${top_srcdir:?}" "${top_builddir:?}"
export PYTHONDONTWRITEBYTECODE=1
if ! python3 -c 'import sqlite3, zoneinfo; zoneinfo.ZoneInfo ("America/New_York")' 2> /dev/null
then
  echo '1..0 # SKIP python3 (3.9 or newer, with sqlite3 and time zones) is not installed'
  exit 0
fi
exec python3 "$top_srcdir/tests/lib/loops.py" "${LOOP_DAYS:-2}"
