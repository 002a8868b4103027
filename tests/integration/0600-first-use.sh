#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What somebody meets first: the conversation that contrib/quickstart shows, and what wrong calls and files are answered.
. "$top_srcdir/tests/lib/tap.sh"
tap_begin

qecp () { timeout 120 "$top_builddir/qecp" "$@"; }
qecpd () { timeout 120 "$top_builddir/qecpd" "$@"; }
office=$dir/office
export QECP_DEMO_DAY=2026-03-02

# says STATUS WORDS COMMAND...: it exits so, and its stderr has the words.
says ()
{
  local want=$1 words=$2 got
  shift 2
  "$@" > "$dir/out" 2> "$dir/err"
  got=$?
  test "$got" = "$want" || { echo "exit status $got, wanted $want"; return 1; }
  grep -q -F -- "$words" "$dir/err" || { echo "stderr lacks: $words"; return 1; }
}
prints () { "${@:2}" > "$dir/out" 2> "$dir/err" && grep -q -F -- "$1" "$dir/out"; }

# --- the show -------------------------------------------------------------------------------------------------------
ok "init makes an office" qecp --now 2026-03-02T08:00:00-05:00 init --data "$top_srcdir" "$office"
ok "the conversation runs" timeout 300 "$top_srcdir/contrib/demo-conversation" "$office" "$top_builddir"
run () { qecp --now 2026-03-16T16:00:00-04:00 --config "$office/qecp.conf" "$@"; }
ok "the case is in Phase 2" prints "phase2-preparation" run case list
ok "the timeline tells of the decision" prints "] Decision on Phase 1: approved" run case timeline APP-2026-0001
ok "... and quickstart finds its mail" grep -q -r '^Subject:.*Decision on' "$office/mail/out"
ok "the journal can be recomputed" prints "equal: " run replay --all
ok "journal and archive are whole" prints "chain whole" run fsck
ok "nothing is held or overdue" run status

# --- wrong calls ----------------------------------------------------------------------------------------------------
ok "no verb" says 2 "usage: qecp" qecp
ok "an unknown verb" says 2 "there is no verb 'cases'" qecp cases
ok "an unknown option" says 2 "unknown option" qecp --verbose status
ok "no configuration there" says 2 "$dir/none.conf" qecp --config "$dir/none.conf" status
ok "no configuration for the daemon" says 2 "$dir/none.conf" qecpd --config "$dir/none.conf" --once
ok "a folder as configuration" says 2 "$dir" qecpd --config "$dir" --once
ok "a time that is none" says 2 "'tomorrow' is not a time" qecpd --once --now tomorrow
ok "init a second time" says 2 "there is an office here already" qecp init --data "$top_srcdir" "$office"
ok "init without anything to copy" says 2 "name their folder with --data" qecp init --data "$dir" "$dir/other"
ok "a case that is not there" says 2 "there is no case APP-2026-0009" run case show APP-2026-0009
ok "a message that is not there" says 2 "there is no message" run explain nobody@nowhere
ok "a mail that is not there" says 2 "$dir/none.eml: No such file" qecp read "$dir/none.eml"

# --- wrong files ----------------------------------------------------------------------------------------------------
# with FILE SED-PROGRAM: FILE of the office is changed for the next test; back puts it back.
with () { cp "$office/$1" "$dir/kept"; sed -i "$2" "$office/$1"; }
back () { cp "$dir/kept" "$office/$1"; }
once () { qecpd --config "$office/qecp.conf" --once --now 2026-03-16T16:00:00-04:00; }

# The line of FILE that has WORDS first.
line_of () { grep -n -m 1 -- "$2" "$office/$1" | cut -d : -f 1; }
kind=$(line_of qecp.conf 'kind = maildir') prefix=$(line_of rules/cases/application.conf 'prefix = "APP"')
with qecp.conf "${kind}s/maildir/mayldir/"
ok "a wrong word in qecp.conf" says 2 "qecp.conf:$kind: kind cannot be \"mayldir\"" once
ok "the same for program check" says 2 "qecp.conf:$kind:" run program check
back qecp.conf
with qecp.conf "${kind}s/maildir/imap/"
ok "an account without a server" says 2 "needs 'host'" once
back qecp.conf
with rules/cases/application.conf 's/prefix = "APP"/prefx = "APP"/'
ok "a wrong word in the rules" says 2 "application.conf:$prefix: unknown option 'prefx'" once
ok "cases can be looked at all the same" prints "APP-2026-0001" run case list
back rules/cases/application.conf
with templates/receipt.md '1a{{if x'
ok "a template that does not parse" says 2 "receipt.md:" once
back templates/receipt.md
mv "$office/roster.conf" "$dir/kept"
ok "no roster" says 2 "$office/roster.conf" once
mv "$dir/kept" "$office/roster.conf"
mv "$office/office.key" "$dir/kept"
ok "no key" says 2 "office.key" once
mv "$dir/kept" "$office/office.key"

# A header is enough of a database: what stands behind it is not looked at before it is known whose it is.
cp "$office/qecp.db" "$dir/kept"
rm -f "$office"/qecp.db-*
printf '\0\0\0\143' | dd of="$office/qecp.db" bs=1 seek=60 conv=notrunc 2> /dev/null
ok "a database of a newer program" says 2 "qecp.db: the database has schema 99" once
cp "$dir/kept" "$office/qecp.db"
printf 'else' | dd of="$office/qecp.db" bs=1 seek=68 conv=notrunc 2> /dev/null
ok "somebody else's database" says 2 "the database of another program" once
echo "no database" > "$office/qecp.db"
ok "no database at all" says 3 "qecp.db: " once
cp "$dir/kept" "$office/qecp.db"
ok "the office runs again" once

tap_end
