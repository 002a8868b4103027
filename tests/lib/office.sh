# SPDX-License-Identifier: GPL-3.0-or-later
#
# An office and its correspondents, for shell tests; to be sourced after tap.sh.
#
#   office_make DIR           an office with the definition of this source tree, its people and two mailboxes
#   office_put DIR BOX NAME TIME   standard input becomes mail NAME of the Maildir BOX, received at TIME (UTC)
#   letter ...                the mails of a conversation (see below)
#   qecp ..., qecpd ...       our programs; root runs them as nobody
#   wait_until SECONDS COMMAND...  true as soon as the command is
#
# Letters are stamped by the office's own mail server, so that a sender counts as who he says he is.

office_as=()
[ "$(id -u)" -ne 0 ] || office_as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)

qecp () { timeout 120 "${office_as[@]}" "$top_builddir/qecp" "$@"; }
qecpd () { timeout 120 "${office_as[@]}" "$top_builddir/qecpd" "$@"; }

# What root made belongs to whom the programs run as.
office_own () { [ ${#office_as[@]} -eq 0 ] || chown -R nobody:nogroup "$@"; }

office_make () # DIR
{
  "$top_builddir/qecp" init --data "$top_srcdir" "$1" > "$1.out" 2>&1 || { cat "$1.out"; return 1; }
  # The key decides about Message-IDs: with one key two offices can be compared.
  printf 'a key for tests, of no worth: 0123456789abcdef\n' > "$1/office.key"
  sed -i 's/^  # authserv-id.*/  authserv-id = "mx.office.example"/' "$1/qecp.conf"
  office_own "$1"
}

office_put () # DIR BOX NAME TIME
{
  mkdir -p "$1/mail/$2/new" "$1/mail/$2/cur" "$1/mail/$2/tmp"
  cat > "$1/mail/$2/tmp/$3"
  touch -d "$4" "$1/mail/$2/tmp/$3"
  office_own "$1/mail"
  mv "$1/mail/$2/tmp/$3" "$1/mail/$2/new/$3"
}

wait_until () # SECONDS COMMAND...
{
  local end=$((SECONDS + $1))
  shift
  until "$@" > /dev/null 2>&1
  do [ $SECONDS -lt $end ] || return 1; sleep 0.1
  done
}

# head FROM ID SUBJECT [TO]: the header of a letter, without its end
letter_head ()
{
  printf 'Authentication-Results: mx.office.example; dmarc=pass header.from=%s\n' "${1#*@}"
  printf 'Received: from mail.%s by mx.office.example with ESMTPS; Mon, 4 Jan 2027 10:00:00 -0500\n' "${1#*@}"
  printf 'From: %s\nTo: %s\nMessage-ID: <%s@%s>\nSubject: %s\n' "$1" "${4:-program@office.example}" "$2" "${1#*@}" "$3"
  printf 'Date: Mon, 4 Jan 2027 10:00:00 -0500\nMIME-Version: 1.0\n'
}

letter_apply () # FROM ID
{
  letter_head "$1" "$2" "We want to apply"
  printf '\nDear office,\n\nwe want to apply to become a qualified entity.\n'
}

letter_form () # FROM ID ORGANIZATION
{
  letter_head "$1" "$2" "Re: Register your organization: fill in this form"
  cat <<FORM

Organization (legal name): $3
Organization address (street, city, State, ZIP): 1 Main Street, Springfield, IL 62701
Organization phone: +1 217 555 0100
Contact first name: Ada
Contact last name: Applicant
Contact email: $1
Contact phone: +1 217 555 0101
Quasi qualified entity (yes or no; yes only for a QCDR): no
FORM
}

# What an office program makes of WORDS: one page that can be read.
pdf_saying () # WORDS
{
  LC_ALL=C awk -v words="$1" '
    function put(text) { printf "%s", text; at += length (text) }
    function object(text) { place[++n] = at; put(n " 0 obj\n" text "\nendobj\n") }
    BEGIN {
      put("%PDF-1.4\n")
      object("<< /Type /Catalog /Pages 2 0 R >>")
      object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
      object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>")
      page = "BT /F 11 Tf 72 720 Td (" words ") Tj ET"
      object("<< /Length " length (page) " >>\nstream\n" page "\nendstream")
      object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
      start = at
      put("xref\n0 " n + 1 "\n0000000000 65535 f \n")
      for (i = 1; i <= n; i++) put(sprintf ("%010d 00000 n \n", place[i]))
      put("trailer\n<< /Size " n + 1 " /Root 1 0 R >>\nstartxref\n" start "\n%%EOF\n")
    }'
}

# What Phase 1 needs; the words SUBMIT may follow in a letter of its own.
letter_documents () # FROM ID
{
  letter_head "$1" "$2" "Our documents"
  printf 'Content-Type: multipart/mixed; boundary="next"\n\n'
  printf -- '--next\nContent-Type: text/plain\n\nHere are our Phase 1 documents.\n'
  for name in letter-of-commitment.pdf incorporation.pdf budget.pdf experience.pdf data-source-attestation.pdf
  do
    printf -- '--next\nContent-Type: application/pdf; name="%s"\n' "$name"
    printf 'Content-Disposition: attachment; filename="%s"\nContent-Transfer-Encoding: base64\n\n' "$name"
    pdf_saying "$name of $1" | base64
  done
  printf -- '--next--\n'
}

letter_submit () # FROM ID
{
  letter_head "$1" "$2" "Our application"
  printf '\nSUBMIT\n'
}

# Standard input is the text, commands first.
letter_staff () # FROM ID CASE
{
  letter_head "$1" "$2" "Re: [$3] Application"
  echo
  cat
}

letter_stranger () # FROM ID SUBJECT [TO]
{
  letter_head "$1" "$2" "$3" "${4-}"
  printf '\nHello, who can tell me more?\n'
}

# daemon_start DIR: qecpd in the background, its log in $dir/log; daemon_stop: as a service manager does, its status
daemon=
daemon_start ()
{
  "${office_as[@]}" "$top_builddir/qecpd" --config "$1/qecp.conf" >> "$dir/log" 2>&1 &
  daemon=$!
}

daemon_stop ()
{
  local status=0
  [ -n "$daemon" ] || return 0
  kill -TERM "$daemon" 2> /dev/null
  wait "$daemon" || status=$?
  daemon=
  return $status
}

logged () { grep -q "$@" "$dir/log"; }
# Lines of the log that match: at least so many.
logged_times () { [ "$(grep -c "$2" "$dir/log")" -ge "$1" ]; }
