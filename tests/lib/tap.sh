# SPDX-License-Identifier: GPL-3.0-or-later
#
# TAP for shell tests; to be sourced.  tap_begin makes a private folder, $dir, and removes it at the end after
# calling stop_all, which a test may define to stop what it started.

tap_n=0
tap_failed=0

stop_all () { :; }

tap_begin ()
{
  dir=$(mktemp -d "${TMPDIR:-/tmp}/qecp-test.XXXXXX") || exit 99
  trap 'stop_all; rm -rf "$dir"' EXIT
  trap 'exit 99' HUP INT TERM
}

tap_skip_all () { echo "1..0 # SKIP $1"; exit 0; }

# ok WHAT COMMAND...: the command succeeds.  Its output is shown when it does not.
ok ()
{
  tap_n=$((tap_n + 1))
  tap_what=$1
  shift
  if "$@" > "$dir/tap.out" 2>&1
  then echo "ok $tap_n - $tap_what"
  else
    echo "not ok $tap_n - $tap_what"
    tap_failed=1
    sed 's/^/#   /' "$dir/tap.out"
    for tap_file in out err
    do test -f "$dir/$tap_file" && sed "s/^/#   $tap_file: /" "$dir/$tap_file" | tail -n 20
    done
  fi
}

tap_skip () { tap_n=$((tap_n + 1)); echo "ok $tap_n - $1 # SKIP $2"; }

tap_end () { echo "1..$tap_n"; exit $tap_failed; }
