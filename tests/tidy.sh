#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What no compiler sees: no file holds what a merge left, and the manual pages are well formed.
. "$top_srcdir/tests/lib/tap.sh"
tap_begin
cd "$top_srcdir" || exit 99

no_merge_left ()
{
  ! grep -rnE --exclude-dir=corpus --exclude-dir=data '^(<{7} |>{7} |={7}$)' \
    README.md Makefile.am configure.ac src rules templates contrib tests
}

pages_hold () { mandoc -T lint -W warning src/*.[1-8]; }

ok "no file holds what a merge left" no_merge_left
if command -v mandoc > /dev/null
then ok "the manual pages are well formed" pages_hold
else tap_skip "the manual pages are well formed" "mandoc is not installed"
fi
tap_end
