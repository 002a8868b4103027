# SPDX-License-Identifier: GPL-3.0-or-later
# A private Exim for a shell test, run by an ordinary user on free ports of 127.0.0.1.
#
#   . "$top_srcdir/tests/lib/pki.sh"; . "$top_srcdir/tests/lib/exim.sh"
#   exim_start DIR [LMTP_PORT]    0 started, 1 failed, 2 not possible here (EXIM_WHY says why)
#   exim_stop                     to be called by the test's own trap
#
# DIR must be empty or absent and is the server's; it holds pki/ (see pki.sh), Maildir/new/ with every mail
# (unless LMTP_PORT on 127.0.0.1 takes them), log/mainlog.  EXIM_PORT is for STARTTLS, EXIM_TLS_PORT for
# implicit TLS, EXIM_OTHER_PORT for implicit TLS with a certificate for another name.  User "daemon",
# password "secret", inside TLS only.  Recipients refused@ and later@ get 550 and 451.

exim_free_ports () { # N
  python3 - "$1" <<'PY'
import socket, sys
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*[s.getsockname()[1] for s in held])
PY
}

# A command before the command, not a function: $! has to be the server's own process.
EXIM_AS_USER=()
[ "$(id -u)" -ne 0 ] || EXIM_AS_USER=(setpriv --reuid=nobody --regid=nogroup --clear-groups)

exim_config () { # DIR LMTP_PORT USER GROUP
  local dir=$1 lmtp=$2 transport=maildir
  [ -n "$lmtp" ] && transport=lmtp
  cat <<CONFIG
primary_hostname = localhost
spool_directory = $dir/spool
log_file_path = $dir/log/%slog
pid_file_path = $dir/exim.pid
exim_user = $3
exim_group = $4
never_users =
local_interfaces = 127.0.0.1
daemon_smtp_ports = $EXIM_PORT : $EXIM_TLS_PORT : $EXIM_OTHER_PORT
tls_on_connect_ports = $EXIM_TLS_PORT : $EXIM_OTHER_PORT
tls_advertise_hosts = *
tls_certificate = $dir/pki/\${if eq{\$received_port}{$EXIM_OTHER_PORT}{other-name}{server}}.pem
tls_privatekey = $dir/pki/\${if eq{\$received_port}{$EXIM_OTHER_PORT}{other-name}{server}}.key
auth_advertise_hosts = \${if eq{\$tls_in_cipher}{}{}{*}}
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = accept
message_size_limit = 50M
smtp_accept_max = 200
smtp_accept_max_per_host = 100
smtp_accept_max_per_connection = 100000
smtp_accept_queue_per_connection = 0
queue_only = false
deliver_drop_privilege = true
log_selector = +smtp_connection +smtp_mailauth +received_recipients +incoming_port
keep_environment =
add_environment =
host_lookup =
rfc1413_hosts =
check_spool_space = 0
begin acl
acl_rcpt:
  deny message = 5.7.1 authentication required
       !authenticated = *
  deny local_parts = refused
       message = 5.1.1 no such user
  defer local_parts = later
       message = 4.2.1 greylisted
  accept
begin routers
all:
  driver = accept
  transport = $transport
begin transports
maildir:
  driver = appendfile
  directory = $dir/Maildir
  maildir_format
  user = $3
  group = $4
  message_prefix =
  message_suffix =
lmtp:
  driver = smtp
  protocol = lmtp
  hosts = 127.0.0.1
  port = ${lmtp:-24}
  allow_localhost
  hosts_override
  hosts_try_auth =
  hosts_avoid_tls = *
begin retry
* * F,1m,5s
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{\$auth2}{daemon}}{eq{\$auth3}{secret}}}}
  server_set_id = \$auth2
  server_advertise_condition = \${if def:tls_in_cipher}
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = User Name : Password
  server_condition = \${if and{{eq{\$auth1}{daemon}}{eq{\$auth2}{secret}}}}
  server_set_id = \$auth1
  server_advertise_condition = \${if def:tls_in_cipher}
CONFIG
}

exim_find () {
  local binary
  for binary in /usr/sbin/exim4 /usr/sbin/exim /usr/local/sbin/exim; do
    [ -r "$binary" ] && { echo "$binary"; return; }
  done
  return 1
}

exim_answers () {
  (exec 3<>"/dev/tcp/127.0.0.1/$EXIM_PORT" && IFS= read -r -t 5 line <&3 && [ "${line:0:3}" = 220 ]) 2>/dev/null
}

exim_start () { # DIR [LMTP_PORT]
  local dir=$1 lmtp=${2-} binary user group
  EXIM_PID= EXIM_WHY=
  binary=$(exim_find) || { EXIM_WHY="exim is not installed"; return 2; }
  command -v python3 >/dev/null || { EXIM_WHY="python3 is not installed"; return 2; }
  [ "$(id -u)" -ne 0 ] || command -v setpriv >/dev/null ||
    { EXIM_WHY="setpriv is needed to leave root"; return 2; }
  mkdir -p "$dir/spool" "$dir/log" "$dir/Maildir" "$dir/bin" || return 1
  pki_make "$dir/pki" || { EXIM_WHY="openssl is missing or failed"; return 2; }
  cp "$binary" "$dir/bin/exim" && chmod 755 "$dir/bin/exim" || return 1   # without its setuid bit
  [ "$(id -u)" -ne 0 ] || chown -R nobody:nogroup "$dir" || return 1
  user=$("${EXIM_AS_USER[@]}" id -un); group=$("${EXIM_AS_USER[@]}" id -gn)
  for _ in 1 2 3; do              # another test may take a port between looking and binding
    read -r EXIM_PORT EXIM_TLS_PORT EXIM_OTHER_PORT <<<"$(exim_free_ports 3)"
    exim_config "$dir" "$lmtp" "$user" "$group" >"$dir/exim.conf" && chmod 644 "$dir/exim.conf"
    "${EXIM_AS_USER[@]}" "$dir/bin/exim" -C "$dir/exim.conf" -bdf -q5s >"$dir/log/stderr" 2>&1 &
    EXIM_PID=$!
    for _ in $(seq 100); do
      exim_answers && return 0
      kill -0 "$EXIM_PID" 2>/dev/null || break
      sleep 0.1
    done
    exim_stop
  done
  EXIM_WHY="exim did not start: $(head -c 300 "$dir/log/stderr" | tr '\n' ' ')"
  return 1
}

exim_stop () {
  [ -n "${EXIM_PID-}" ] || return 0
  kill "$EXIM_PID" 2>/dev/null; wait "$EXIM_PID" 2>/dev/null
  EXIM_PID=
}
