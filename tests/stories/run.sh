#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every story of this folder, or those named: tests/stories/run.sh [--show] [--rebuild] [NAME...]
# --rebuild: at the end of each its office loses its database, and is made again from its mail.
: "${top_srcdir:=$(dirname "$0")/../..}" "${top_builddir:=.}"
export top_srcdir top_builddir PYTHONDONTWRITEBYTECODE=1
stories=$top_srcdir/tests/stories

if ! python3 -c 'import sqlite3, sys, zoneinfo; zoneinfo.ZoneInfo ("America/New_York"); sys.exit (sys.version_info < (3, 9))' 2> /dev/null
then
  echo '1..0 # SKIP python3 (3.9 or newer, with sqlite3 and time zones) is not installed'
  exit 0
fi

if ! command -v openssl > /dev/null
then
  echo '1..0 # SKIP openssl is not installed'
  exit 0
fi

show= rebuild=
test "$1" = --show && { show=--show; shift; }
test "$1" = --rebuild && { rebuild=--rebuild; shift; }
if test $# -eq 0
then
  set -- "$stories"/*/story.txt
  # With sanitizers, which make them four times as long, every fifth: contrib/check tells all of them in a quick
  # build, `make soak` with sanitizers, too.
  if test -z "$QECP_STORIES_ALL" && grep -q '^#define ENABLE_SANITIZERS' "$top_builddir/config.h"
  then
    n=0
    for story
    do
      shift
      test $((n % 5)) != 0 || set -- "$@" "$story"
      n=$((n + 1))
    done
  fi
else
  for name
  do
    shift
    set -- "$@" "$stories/$name/story.txt"
  done
fi
for story
do
  shift
  set -- "$@" "$(dirname "$story")"
done
exec python3 "$top_srcdir/tests/lib/story.py" $show $rebuild "$@"
