#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A running office is killed, all its processes at once, at moments nobody chose; what is started again finishes, and
# nothing is lost, filed twice or answered with other words.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/office.sh"

kills=8
tap_begin
chmod 755 "$dir"
office=$dir/office
office_make "$office" || exit 99
dump () { python3 "$top_srcdir/tests/lib/office_dump.py" "$office" 2> "$dir/repeated" > "$dir/dump"; }
count () { grep -c "$1" "$dir/dump"; }

daemon_start ()
{
  setsid "${office_as[@]}" "$top_builddir/qecpd" --config "$office/qecp.conf" >> "$dir/log" 2>&1 &
  daemon=$!
}
# Readers and workers are in the daemon's session: everything dies as when the machine does.
daemon_kill () { kill -KILL -- "-$daemon" 2> /dev/null; wait "$daemon" 2> /dev/null; daemon=; }
daemon=
stop_all () { [ -z "$daemon" ] || daemon_kill; }

n=0
feed () # three organizations write, one after the other
{
  for _ in 1 2 3
  do
    n=$((n + 1))
    letter_apply "a$n@org$n.example" "m$n" | office_put "$office" program "1$(printf %04d $n).a" "$(date -u -d -2min +%FT%TZ)"
    letter_form "a$n@org$n.example" "f$n" "Org $n Inc." | office_put "$office" program "1$(printf %04d $n).b" "$(date -u -d -1min +%FT%TZ)"
    letter_documents "a$n@org$n.example" "d$n" | office_put "$office" program "1$(printf %04d $n).c" "$(date -u +%FT%TZ)"
  done
}

for k in $(seq $kills)
do
  feed
  daemon_start
  sleep "$((RANDOM % 2)).$((RANDOM % 9 + 1))"
  daemon_kill
  echo "# killed $k: $(find "$office/mail/program/.Filed" -type f 2> /dev/null | grep -c '\.[abc]$') of $((3 * n)) filed"
done
daemon_start
filed () { [ "$(find "$office/mail/program/.Filed" -type f -name '*.[abc]' | wc -l)" = $((3 * n)) ]; }
# One answer to the first letter, two to the form, one to the documents.
sent () { dump; [ "$(count '^sent:')" = $((4 * n)) ]; }
ok "what was left is finished" wait_until 60 filed
ok "... and every answer sent" wait_until 60 sent
kill -TERM "$daemon"
ok "the daemon ends as it should" wait "$daemon"
daemon=
dump
echo "# $(cat "$dir/repeated") of $(count '^sent:') mails, same Message-ID and bytes"
ok "every mail is there once" test "$(count '^message:')" = $((3 * n))
ok "... filed once" test "$(count '^mail: program \.Filed')" = $((3 * n))
ok "... and nothing waits or was held" test "$(count '^mail:')" = $((3 * n))
ok "every organization has one case" test "$(count '^cases:')" = "$n"
ok "every case has its five documents" test "$(count '^document:.*status=current')" = $((5 * n))
ok "every mail was sent under one Message-ID with the same bytes" \
  test "$(sed -n 's/^sent: \([^ ]*\) .*/\1/p' "$dir/dump" | sort | uniq -d | wc -l)" = 0
ok "nothing is left in the outbox" test "$(count '^outbox:.*status=accepted')" = $((4 * n))
ok "the journal comes out of a replay the same" qecp --config "$office/qecp.conf" replay --all
ok "the office is whole" qecp --config "$office/qecp.conf" fsck
tap_end
