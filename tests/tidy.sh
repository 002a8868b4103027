#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What no compiler sees: no file holds what a merge left, C is laid out for 100 columns (contrib/.clang-format), the reader has one
# GLib, and the manual pages are well formed.
. "$top_srcdir/tests/lib/tap.sh"
tap_begin
cd "$top_srcdir" || exit 99

no_merge_left ()
{
  ! grep -rnE --exclude-dir=corpus --exclude-dir=data '^(<{7} |>{7} |={7}$)' \
    README.md Makefile.am configure.ac src rules templates contrib tests
}

# But for tables, which are kept by hand: from " = {" to "};".
no_wide_line ()
{
  awk 'FNR == 1 { table = "" }
       table != "" { if (index ($0, table) == 1) table = ""; next }
       /^[^()]*= \{$|^[^ ].*\] = \{$/ { match ($0, /^ */); table = substr ($0, 1, RLENGTH) "};"; next }
       length ($0) > 100 { print FILENAME ":" FNR ": " length ($0) " columns"; bad = 1 }
       END { exit bad }' src/*.[ch] src/*/*.[ch]
}

# It is shared, and an archive that the reader is linked with may bring its own.
one_glib ()
{
  nm "$top_builddir/qecp-reader" |
    awk '$3 == "main" { is_program = 1 } $2 != "U" && $3 == "g_malloc" { second = 1 } END { exit !is_program || second }'
}

pages_hold () { mandoc -T lint -W warning src/*.[1-8]; }

ok "no file holds what a merge left" no_merge_left
ok "no line of the programs is wider than 100 columns" no_wide_line
ok "the reader has one GLib" one_glib
if command -v mandoc > /dev/null
then ok "the manual pages are well formed" pages_hold
else tap_skip "the manual pages are well formed" "mandoc is not installed"
fi
tap_end
