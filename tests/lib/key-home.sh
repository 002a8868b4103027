# SPDX-License-Identifier: GPL-3.0-or-later
# An office whose mail is signed with keys of its own.  To be read by a shell test in bash, which has set dir, office and conf:
#
#   home                                      $made is a GnuPG home with a path short enough for its agent's socket
#   end_agents                                ends the agents of all of them, and removes them: for stop_all
#   make_key HOME ADDRESS PASSPHRASE [EXPIRY] an OpenPGP key
#   fingerprint HOME [ADDRESS]                its fingerprint
#   configure LINES                           puts them into the section delivery of $conf, in the place of what was put there before
#   ask NAME FROM                             somebody asks something, which is answered
#   waiting WORDS                             whether the outbox says so
#   replays                                   whether the office replays equal

homes=()
home ()
{
  made=$(mktemp -d /tmp/qk.XXXXXX) && homes+=("$made") && chmod 700 "$made"
}
end_agents () { for h in "${homes[@]}"; do gpgconf --homedir "$h" --kill all 2> /dev/null; rm -rf "$h"; done; }
make_key ()
{
  gpg --homedir "$1" --batch --quiet --pinentry-mode loopback --passphrase "$3" --quick-gen-key "$2 <$2>" future-default default "${4:-0}" 2>&1
}
fingerprint () { gpg --homedir "$1" --batch --with-colons --list-keys ${2:+"$2"} 2> /dev/null | awk -F: '$1 == "fpr" { print $10; exit }'; }
configure ()
{
  sed -i '/^  # BEGIN$/,/^  # END$/d' "${conf:?}"
  printf '  # BEGIN\n%s\n  # END\n' "$1" > "${dir:?}/lines"
  sed -i "/^delivery {/r $dir/lines" "$conf"
}
ask ()
{
  printf 'From: %s\r\nTo: program@office.example\r\nMessage-ID: <%s@mail.example>\r\nSubject: A question\r\nDate: %s\r\n\r\nWe want to apply, what do we do?\r\n' \
    "$2" "$1" "$(date -R)" | office_put "${office:?}" program "$1" now
}
has () { grep -q -- "$2" "$1"; }
waiting () { qecp --config "$conf" outbox --json > "$dir/outbox.json" && has "$dir/outbox.json" "$1"; }
replays () { qecp --config "$conf" replay --all; }
