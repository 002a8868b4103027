# SPDX-License-Identifier: GPL-3.0-or-later
#
# An office on real mail servers, for shell tests; to be sourced after tap.sh, before tap_begin.
#
#   servers_start DIR         Dovecot, Exim, and in DIR an office whose mail comes in by the one and leaves by the other; no Exim skips all
#   servers_stop
#   servers_configure DIR     an office that is there uses them, too
#   deliver USER              standard input is mail that arrives
#   answer TO SUBJECT         such a mail left; its file
#   files_in FOLDER           how many mails lie there (program, program/.Filed)
#
# shellcheck disable=SC2154
. "$top_srcdir/tests/lib/dovecot.sh"
. "$top_srcdir/tests/lib/office.sh"
. "$top_srcdir/tests/lib/pki.sh"
. "$top_srcdir/tests/lib/exim.sh"

servers_n=0

servers_start () # DIR
{
  dovecot_start
  exim_start "$dir/exim"
  case $? in
    2) tap_skip_all "$EXIM_WHY" ;;
    1) echo "Bail out! $EXIM_WHY"; exit 99 ;;
  esac
  out=$dir/exim/Maildir/new
  office_make "$1" && servers_configure "$1" || exit 99
}

servers_stop ()
{
  dovecot_stop
  exim_stop
}

servers_configure () # DIR
{
  local box
  printf 'secret\n' > "$1/password"
  {
    sed -n '1,/^}/p' "$1/qecp.conf"
    for box in program support
    do
      printf 'mailbox "%s" {\n  address = "%s@office.example"\n  kind = imap\n  host = "localhost"\n' $box $box
      printf '  port = %s\n  ca-file = "%s"\n  user = "%s"\n  secret-file = "./password"\n  timeout = 10\n}\n' "$imaps_port" "$ca" $box
    done
    printf 'delivery {\n  kind = smtp\n  host = "localhost"\n  port = %s\n  ca-file = "%s"\n' "$EXIM_TLS_PORT" "$dir/exim/pki/ca.pem"
    printf '  user = "daemon"\n  secret-file = "./password"\n  timeout = 20\n}\n'
  } > "$1/qecp.conf.new"
  mv "$1/qecp.conf.new" "$1/qecp.conf"
  office_own "$1"
}

deliver () # USER
{
  servers_n=$((servers_n + 1))
  cat > "$dir/letter"
  dovecot_deliver "$1" "$dir/letter" "$(date +%s).M$servers_n.here"
}

answer () { grep -lis "^To: .*$1" "$out"/* | xargs -r grep -lis "^Subject: .*$2" | grep .; }

files_in () { find "$mail/$1/new" "$mail/$1/cur" -type f 2> /dev/null | wc -l; }
