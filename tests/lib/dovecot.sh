# SPDX-License-Identifier: GPL-3.0-or-later
#
# A private Dovecot on 127.0.0.1 for one test; to be sourced after tap.sh.
#
#   dovecot_start          sets $imap_port, $imaps_port, $ca, $other_ca, $mail; skips the test when there is none
#   dovecot_stop           to be called from stop_all
#   dovecot_deliver USER FILE NAME   as an MDA would
#
# Any user with the password "secret" has a Maildir, $mail/USER.  The server never runs as root: root starts it
# as nobody.  The certificate is for localhost and 127.0.0.1, signed by a CA of its own.

dovecot_user=$(id -un)
dovecot_group=$(id -gn)
dovecot_as=
if test "$(id -u)" = 0
then
  dovecot_user=nobody
  dovecot_group=nogroup
  dovecot_as="setpriv --reuid=nobody --regid=nogroup --clear-groups"
fi

# Ports nobody listens on now, one for each argument.
free_ports ()
{
  python3 -c '
import socket, sys
held = [socket.socket() for _ in sys.argv[1:]]
for s in held: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in held])' "$@"
}

# make_ca NAME: NAME.pem, and the certificate NAME-server.pem with NAME-server.key
make_ca ()
{
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
    -keyout "$dir/pki/$1.key" -out "$dir/pki/$1.pem" -subj "/CN=qecp test CA $1" &&
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=localhost" \
    -keyout "$dir/pki/$1-server.key" -out "$dir/pki/$1-server.csr" &&
  printf '%s\n' 'subjectAltName=DNS:localhost,IP:127.0.0.1' 'basicConstraints=CA:FALSE' \
    'keyUsage=digitalSignature' 'extendedKeyUsage=serverAuth' > "$dir/pki/ext" &&
  openssl x509 -req -in "$dir/pki/$1-server.csr" -CA "$dir/pki/$1.pem" -CAkey "$dir/pki/$1.key" \
    -CAcreateserial -days 30 -extfile "$dir/pki/ext" -out "$dir/pki/$1-server.pem"
}

dovecot_configure ()
{
  cat > "$dir/dovecot/conf" <<CONF
base_dir = $dir/dovecot/run
state_dir = $dir/dovecot/run
log_path = $dir/dovecot/log
protocols = imap
listen = 127.0.0.1
default_internal_user = $dovecot_user
default_internal_group = $dovecot_group
default_login_user = $dovecot_user
ssl = yes
ssl_cert = <$dir/pki/ours-server.pem
ssl_key = <$dir/pki/ours-server.key
disable_plaintext_auth = yes
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:$mail/%u
mail_uid = $dovecot_user
mail_gid = $dovecot_group
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 50
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=$dovecot_user gid=$dovecot_group home=$mail/%u allow_all_users=yes
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = $imap_port
  }
  inet_listener imaps {
    port = $imaps_port
    ssl = yes
  }
}
CONF
}

# Does something answer on port $1?
answers () { python3 -c 'import socket,sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1)' "$1" 2> /dev/null; }

dovecot_try ()
{
  # shellcheck disable=SC2046
  set -- $(free_ports 1 2)
  imap_port=$1 imaps_port=$2
  dovecot_configure
  test -z "$dovecot_as" || chown -R "$dovecot_user:$dovecot_group" "$dir/dovecot" "$dir/mail" "$dir/pki"
  $dovecot_as dovecot -F -c "$dir/dovecot/conf" > "$dir/dovecot/out" 2>&1 &
  dovecot_pid=$!
  for _ in $(seq 100)
  do
    answers "$imaps_port" && return 0
    kill -0 "$dovecot_pid" 2> /dev/null || break
    sleep 0.1
  done
  dovecot_stop
  return 1
}

# Somebody else may take a port between our look and the start: try again.
dovecot_start ()
{
  PATH=$PATH:/usr/sbin
  for tool in dovecot openssl python3
  do command -v $tool > /dev/null || tap_skip_all "$tool is not installed"
  done
  mail=$dir/mail ca=$dir/pki/ours.pem other_ca=$dir/pki/other.pem
  mkdir -p "$dir/dovecot/run" "$mail" "$dir/pki"
  chmod 755 "$dir"
  { make_ca ours && make_ca other; } > "$dir/pki/log" 2>&1 || { cat "$dir/pki/log"; exit 99; }
  dovecot_try || dovecot_try || dovecot_try || { sed 's/^/# /' "$dir/dovecot/out" "$dir/dovecot/log"; exit 99; }
}

dovecot_stop ()
{
  test -n "$dovecot_pid" || return 0
  kill "$dovecot_pid" 2> /dev/null
  wait "$dovecot_pid" 2> /dev/null
  dovecot_pid=
}

dovecot_deliver ()
{
  mkdir -p "$mail/$1/new" "$mail/$1/cur" "$mail/$1/tmp"
  cp "$2" "$mail/$1/tmp/$3"
  test -z "$dovecot_as" || chown -R "$dovecot_user:$dovecot_group" "$mail/$1"
  mv "$mail/$1/tmp/$3" "$mail/$1/new/$3"
}
