# SPDX-License-Identifier: GPL-3.0-or-later
#
# Completion of qecp and qecpd in bash.

_qecp_refs ()
{
  local config=$1
  qecp ${config:+--config "$config"} case list 2> /dev/null | awk 'NR > 1 { print $1 }'
}

_qecp ()
{
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb='' config='' words='' i

  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++))
  do
    case ${COMP_WORDS[i]} in
      --config) config=${COMP_WORDS[++i]} ;;
      --now) ((i++)) ;;
      -*) ;;
      *) verb=${COMP_WORDS[i]}; break ;;
    esac
  done
  case $prev in
    --config|--roster) compopt -o default; return ;;
    --to) compopt -o default; return ;;
    --previous) compopt -o dirnames; return ;;
    --data|--rules|--templates|--svg) compopt -o default; return ;;
    --from)
      compopt -o dirnames
      mapfile -t COMPREPLY < <(compgen -W "all $(sed -n 's/^mailbox "\([^"]*\)".*/\1/p' "${config:-qecp.conf}" 2> /dev/null)" -- "$cur"); return ;;
    --now|--as|--until) return ;;
  esac
  case $verb in
    '') words='--config --now --help --version init read verify explain case held outbox keys roster timers knowledge program replay fsck backup restore rebuild status' ;;
    init) words='--data --help'; compopt -o dirnames ;;
    read) words='--json --help'; compopt -o default ;;
    verify) words='--trust --crl --keys --at --json --help'; compopt -o default ;;
    explain) words='--json --help' ;;
    case)
      if test $((i + 1)) = "$COMP_CWORD"
      then words='list show timeline export'
      else words="--all --to --everything --json --help $(_qecp_refs "$config")"
      fi ;;
    keys)
      if test $((i + 1)) = "$COMP_CWORD"
      then words='list introduce pin retire'
      else words='--for --as --json --help'; compopt -o default
      fi ;;
    outbox) words='retry --all --json --help' ;;
    held) words='release refile --as --json --help' ;;
    knowledge|roster) words='--json --help' ;;
    timers) words="--json --help $(_qecp_refs "$config")" ;;
    program)
      if test $((i + 1)) = "$COMP_CWORD"
      then words='check graph simulate diff show'
      else words='--rules --roster --templates --json --svg --years --entities --seed --help'
           compopt -o default
      fi ;;
    replay) words='--all --help' ;;
    fsck) words='--help' ;;
    backup) words='--previous --json --help'; compopt -o dirnames ;;
    restore) words='--check --json --help'; compopt -o dirnames ;;
    rebuild) words='--from --until --new-key --json --help' ;;
    status) words='--json --prometheus --help' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}

_qecpd ()
{
  case ${COMP_WORDS[COMP_CWORD-1]} in
    --config|-c) compopt -o default; COMPREPLY=() ;;
    --now) COMPREPLY=() ;;
    *) mapfile -t COMPREPLY < <(compgen -W '--config --once --now --version --help' -- "${COMP_WORDS[COMP_CWORD]}") ;;
  esac
}

complete -F _qecp qecp
complete -F _qecpd qecpd
