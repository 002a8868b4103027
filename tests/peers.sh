#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Each of the forty problems in tests/stories/README names a test that is there, and each test that is named after one stands there.
. "$top_srcdir/tests/lib/tap.sh"

tap_begin
stories=$top_srcdir/tests/stories
sed -n '/^FORTY PROBLEMS/,$ s/^ \{0,1\}\([0-9]\{1,2\}\)  \(.*[^ ]\)  *\(.*\)$/\1 \2 \3/p' "$stories/README" > "$dir/rows"

# A story, or "FILE CASE": a test whose cases' names begin with CASE.
is_there () # NUMBER NAME [FILE]
{
  case $2 in
    peers-$(printf %02d "$1")-*) ;;
    *) echo "'$2' is not named after problem $1"; return 1 ;;
  esac
  if test -n "$3"
  then grep -q "\(ok\|check\) \"$2: " "$top_srcdir/$3"
  else test -s "$stories/$2/story.txt"
  fi
}

number=0
while read -r row
do
  number=$((number + 1))
  name=${row##* }
  before=${row% *}
  file=${before##* }
  case $file in tests/*) ;; *) file= ;; esac
  ok "$name is there" is_there "$number" "$name" "$file"
  echo "$name" >> "$dir/names"
done < "$dir/rows"
ok "there are forty" test "$number" = 40
for story in "$stories"/peers-*
do ok "$(basename "$story") stands in the table" grep -qx "$(basename "$story")" "$dir/names"
done
tap_end
