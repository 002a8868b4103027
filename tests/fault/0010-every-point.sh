#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# An office dies at each fault point in turn, is started again, and must then be what an office is that never died:
# the same journal to the last hash, every mail filed once, every answer sent, a repeat only byte for byte.
# With sanitizers, which make each of some thousand starts four times as long, at every seventh.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/office.sh"

grep -q '^#define ENABLE_FAULT_POINTS' "$top_builddir/config.h" || tap_skip_all "configured without --enable-fault-points"
every=1
grep -q '^#define ENABLE_SANITIZERS' "$top_builddir/config.h" && every=7
tap_begin
chmod 755 "$dir"
now=2027-01-13T15:01:00Z

dump () { python3 "$top_srcdir/tests/lib/office_dump.py" "$1" 2> "$1.repeated" | grep -v -e '^input: id=1 ' > "$1.dump"; }

pass () { qecpd --config "$1/qecp.conf" --once --now $now > "$1.log" 2>&1; }
case_of () { qecp --config "$1/qecp.conf" case show --json APP-2027-0001 > "$1.case" 2> "$1.out"; }
whole () { qecp --config "$1/qecp.conf" replay --all && qecp --config "$1/qecp.conf" fsck; }

# sweep BASE STEP: every STEP-th of the points that are worth it (fault_sweep.py)
sweep ()
{
  PYTHONDONTWRITEBYTECODE=1 python3 "$top_srcdir/tests/lib/fault_sweep.py" --step $2 "$1" $now "${office_as[@]}" "$top_builddir" > "$1.sweep"
}

# golden BASE: the life without a death
golden ()
{
  rm -rf "$dir/golden"
  cp -a "$1" "$dir/golden"
  pass "$dir/golden" || return 1
  dump "$dir/golden"
  cp "$dir/golden.dump" "$1.dump"
  case_of "$dir/golden"
  mv "$dir/golden.case" "$1.case"
  pass "$dir/golden" && dump "$dir/golden" && cmp "$1.dump" "$dir/golden.dump" && whole "$dir/golden"
}

report ()
{
  grep '^bad' "$1.sweep" | sed 's/^/#   /' | head -n 20
  grep '^#' "$1.sweep"
  echo "# $(grep -c '^good' "$1.sweep") points: $(sed -n 's/^good [0-9]* \([^ ]*\) .*/\1/p' "$1.sweep" | sort | uniq -c |
    awk '{printf "%s%s %d", sep, $2, $1; sep = ", "}')"
  echo "# $(grep -c 'repeated [1-9]' "$1.sweep") of these runs sent a mail twice, with the same Message-ID and bytes"
}
all_good () { grep -q '^good' "$1.sweep" && grep -q '^# of ' "$1.sweep" && ! grep '^bad' "$1.sweep"; }
reached () { grep -q "^good [0-9]* $2 " "$1.sweep"; }

# --- a conversation, its clock and its answers ------------------------------------------------------------------
office=$dir/office
office_make "$office" || exit 99
rm -rf "$office"/qecp.db* "$office/archive" # so that the schema is made under fire too
ada=ada@org.example pat=pat.manager@office.example
letter_apply $ada m1 | office_put "$office" program 1.a 2027-01-04T15:00:00Z
letter_form $ada m2 "Org Inc." | office_put "$office" program 2.a 2027-01-04T16:00:00Z
letter_documents $ada m3 | office_put "$office" program 3.a 2027-01-05T16:00:00Z
letter_submit $ada m4 | office_put "$office" program 4.a 2027-01-06T16:00:00Z
printf '/finding 1.2 met\n/clarify 1.3 due 2bd\nWhich years?\n' | letter_staff $pat m5 APP-2027-0001 |
  office_put "$office" program 5.a 2027-01-07T16:00:00Z
letter_stranger bob@else.example m6 "A question" support@office.example |
  office_put "$office" support 1.a 2027-01-07T17:00:00Z

ok "the conversation without a death" golden "$office"
ok "... had its reminder and its overdue notice" test "$(grep -c '^timer:.*status=fired' "$office.dump")" = 2
# Three of them tell of the stranger's question again, which nobody answers.
ok "... sent seventeen mails" test "$(grep -c '^sent:' "$office.dump")" = 17
started=$SECONDS
sweep "$office" $every
echo "# $((SECONDS - started)) s"
report "$office"
ok "dying at any point and starting again ends in the same state" all_good "$office"
for point in store.migrating store.migrated definition.archived uidlist.save look.archived message.read message.before-commit held.before-commit \
  group.before-commit group.committed look.before-move mailbox.moved-one look.moved timer.before-commit timer.committed archive.written \
  archive.named archive.synced delivery.written delivery.named delivery.accepted delivery.before-commit delivery.committed
do [ $every != 1 ] || ok "... $point was reached" reached "$office" $point
done

# --- a new office: the definition itself goes into the archive ----------------------------------------------------
fresh=$dir/fresh
office_make "$fresh" || exit 99
rm -rf "$fresh"/qecp.db* "$fresh/archive"
ok "a new office without a death" golden "$fresh"
sweep "$fresh" $((8 * every)) # one file has three points
report "$fresh"
ok "dying at some points of its first start ends in the same state" all_good "$fresh"
tap_end
