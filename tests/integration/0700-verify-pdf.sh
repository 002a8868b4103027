#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# qecp verify on PDF documents: signed by tools that are not ours, broken in every way known, odd ones; and what independent
# judges say.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/lib/signing-pki.sh"
. "$top_srcdir/tests/lib/pdf-signers.sh"
for tool in gpgsm openssl python3
do command -v $tool > /dev/null || tap_skip_all "$tool is not installed"
done
tap_begin

# A folder of our own in memory for key homes: what lies in it is ours.
unset RUNTIME_DIRECTORY
XDG_RUNTIME_DIR=$(mktemp -d /dev/shm/qecp-0700.XXXXXX) || XDG_RUNTIME_DIR=$(mktemp -d)
export XDG_RUNTIME_DIR
stop_all () { rm -rf "$XDG_RUNTIME_DIR"; }
export PYTHONDONTWRITEBYTECODE=1
pki=$dir/pki
pdf=$dir/pdf
trust="--trust $pki/chain.pem --crl $pki/sub.crl --crl $pki/root.crl"

verdict_of () { sed -n 's/^  "verdict" : "\(.*\)",$/\1/p' "$1"; }

# verify FILE VERDICT OPTION...: that is the verdict (or one of several with | between), the exit status fits, and nothing else is said.
verify ()
{
  local file=$1 want=$2 status
  shift 2
  timeout 120 "$top_builddir/qecp" verify --json "$@" "$file" > "$dir/out" 2> "$dir/err"
  status=$?
  test ! -s "$dir/err" || return 1
  got=$(verdict_of "$dir/out")
  case "|$want|" in
    *"|$got|"*) ;;
    *) return 1 ;;
  esac
  test "$got" = valid && test $status = 0 || { test "$got" != valid && test $status = 1; }
}

status_is () { local want=$1; shift; "$@" > "$dir/out" 2> "$dir/err"; test $? = "$want"; }
says () { "$top_builddir/qecp" verify "${@:2}" > "$dir/out" 2> "$dir/err"; grep -q -e "$1" "$dir/out"; }

# --- by tools ---------------------------------------------------------------------------------------
ok "a PKI for the tests" signing_pki "$pki"
pdfs_make "$pdf" "$pki" > "$dir/make.log" 2>&1
while read -r name want options
do
  if test -s "$pdf/$name.pdf"
  # shellcheck disable=SC2086
  then ok "$name is $want" verify "$pdf/$name.pdf" "$want" $trust $options
  else tap_skip "$name is $want" "its signer is not installed"
  fi
done <<EOF
it_alice_cms valid
it_alice_cades valid
it_alice_stream valid
it_alice_tricky valid
it_alice_big400 valid
it_alice_big3m valid
it_alice_tsa valid
it_alice_sha1 weak
it_bob_cades valid
it_carol_cms revoked
it_dan_cms expired
it_alice_cms expired --at 2020-06-01T00:00:00Z
it_eve_cades valid
it_eve_cades expired --at 2027-06-01T00:00:00Z
it_eve_tsa valid --at 2027-06-01T00:00:00Z
it_eve_doctimestamp valid --at 2027-06-01T00:00:00Z
it_short_cms weak
it_server_cms untrusted
it_fake_cms untrusted
it_mallory_cms untrusted
it_alice_cert1 valid
it_alice_cert2 valid
it_alice_cert3 valid
it_alice_form valid
it_alice_doctimestamp valid
cert1_doctimestamp valid
two_alice_erin valid
two_alice_erin_seen valid
two_alice_mallory untrusted
two_form_fields valid
two_form_filled changed
two_cert1 changed
two_cert2 valid
two_cert2_filled valid
two_cert2_new_seen changed
nss_alice valid
pod_alice valid
pod_bob valid
EOF
good=$pdf/nss_alice.pdf
test -s "$pdf/it_alice_cms.pdf" && good=$pdf/it_alice_cms.pdf

# --- broken, and attacks -----------------------------------------------------------------------------
: > "$dir/expected"
for way in break forge viewers structure
do ok "documents were broken: pdf_$way" sh -c 'python3 "$1" "$2" "$3" >> "$4"' sh "$top_srcdir/tests/lib/pdf_$way.py" "$pdf" "$pki" "$dir/expected"
done
while read -r name want
# shellcheck disable=SC2086
do ok "${name%.pdf} is $want" verify "$pdf/$name" "$want" $trust
done < "$dir/expected"

# --- what a person sees ---------------------------------------------------------------------------------
own=$pdf/own_rsa.pdf
# shellcheck disable=SC2086
ok "the page names the signer" says 'Signer  *Alice Signer, Test Org' $trust "$own"
# shellcheck disable=SC2086
ok "the page names the change" says 'page [12]: Contents changed' $trust "$pdf/isa_content.pdf"
# shellcheck disable=SC2086
ok "scripts and hidden content are told" says 'it holds scripts' $trust "$pdf/tricky.pdf"
# shellcheck disable=SC2086
ok "what a click shows or hides is told" says 'it can hide and show parts of itself' $trust "$pdf/note_hide.pdf"
# shellcheck disable=SC2086
ok "what a click sets back is told" says 'it can set back what was filled in' $trust "$pdf/note_reset.pdf"
# shellcheck disable=SC2086
ok "what is seen and not printed is told" says 'that are seen and not printed' $trust "$pdf/note_unprinted.pdf"
# shellcheck disable=SC2086
ok "what is printed and leads somewhere is not" sh -c '! "$@" | grep -E "it can|not printed"' sh "$top_builddir/qecp" verify $trust "$pdf/note_nothing.pdf"
ok "without a root nobody is trusted" verify "$own" untrusted
ok "with somebody else's root neither" verify "$own" untrusted --trust "$pki/other-root.pem"
ok "a list that is out of date is told" says 'out of date' --trust "$pki/chain.pem" --crl "$pki/old.crl" "$own"
ok "no list at all is told" says 'revocation was not checked' --trust "$pki/chain.pem" "$own"
ok "no file: 2" status_is 2 "$top_builddir/qecp" verify "$dir/none.pdf"
ok "no root in the file: 2" status_is 2 "$top_builddir/qecp" verify --trust "$own" "$own"
ok "no list in the file: 2" status_is 2 "$top_builddir/qecp" verify --crl "$own" "$own"
ok "no such option: 2" status_is 2 "$top_builddir/qecp" verify --pardon "$own"
ok "two files: 2" status_is 2 "$top_builddir/qecp" verify "$own" "$own"
ok "no time: 2" status_is 2 "$top_builddir/qecp" verify --at yesterday "$own"

# --- nothing stays, nothing is asked ------------------------------------------------------------------------
no_rest () { ! find "$XDG_RUNTIME_DIR" -mindepth 1 | grep .; }
ok "no key home is left" no_rest
asks_nobody ()
{
  # shellcheck disable=SC2086
  strace -f -qq -e trace=connect -o "$dir/trace" "$top_builddir/qecp" verify $trust "$own" > "$dir/out" 2> "$dir/err"
  test -s "$dir/out" && ! grep 'AF_INET' "$dir/trace"
}
if command -v strace > /dev/null && strace -o /dev/null true 2> /dev/null && ! nm "$top_builddir/qecp" 2> /dev/null | grep -q __asan_init
then ok "no connection is opened because of a document" asks_nobody
else tap_skip "no connection is opened because of a document" "strace is not installed, or the build is one with sanitizers"
fi

# --- engines that fail -----------------------------------------------------------------------------------------
mkdir -p "$dir/bin"
real=$(command -v gpgconf)
cat > "$dir/bin/gpgconf" <<EOF
#!/bin/sh
"$real" "\$@" | sed "s|:[^:]*/gpgsm\$|:$dir/bin/gpgsm|; s|:[^:]*/gpgsm:|:$dir/bin/gpgsm:|"
EOF
chmod +x "$dir/bin/gpgconf"
with_engine () # BODY VERDICT
{
  printf '#!/bin/sh\n%s\n' "$1" > "$dir/bin/gpgsm"
  chmod +x "$dir/bin/gpgsm"
  # shellcheck disable=SC2086
  PATH="$dir/bin:$PATH" verify "$own" "$2" $trust
}
ok "a gpgsm that ends at once: error" with_engine 'exit 1' error
ok "a gpgsm that ends well with nothing done: never valid" with_engine 'exit 0' error

# --- one verifier for many, and what goes wrong around it ------------------------------------------------------
many () # WANTED WORD...: what the driver prints, in one line
{
  local want=$1
  shift
  timeout 120 "$top_builddir/tests/lib/verify-driver" "$pki/chain.pem" 3 "$@" > "$dir/out" 2> "$dir/err" || return 1
  test "$(paste -s -d ' ' "$dir/out")" = "$want"
}
silent ()
{
  printf '#!/bin/sh\ntest "$1" != --version || exec %s --version\nkill -STOP $$\n' "$(command -v gpgsm)" > "$dir/bin/gpgsm"
  PATH="$dir/bin:$PATH" many error "$own"
}
ok "a gpgsm that says nothing: error" silent
fake=$pdf/cms_same_serial.pdf
ok "a hostile certificate does not spoil the genuine one" many "untrusted valid untrusted valid" "$fake" "$own" "$fake" "$own"
ok "the key home may vanish" many "valid valid valid" "$own" vanish "$own" "$own"
ok "gpgsm may be killed: that one is an error, the next is not" many "valid error valid" "$own" kill "$own" "$own"
ok "gpgsm may hang: that one is an error, the next is not" many "valid error valid" "$own" stop "$own" "$own"
killed ()
{
  "$top_builddir/tests/lib/verify-driver" "$pki/chain.pem" 100 "$own" stop "$own" > "$dir/out" 2>&1 &
  for _ in $(seq 100); do test -s "$dir/out" && break; sleep 0.1; done
  kill -9 $!
  wait $! 2> /dev/null
  for _ in $(seq 100); do no_rest && return 0; sleep 0.1; done
  return 1
}
ok "an office that is killed leaves no key home" killed
ok "a hundred in a row" many "$(yes valid | head -n 100 | paste -s -d ' ')" $(yes "$own" | head -n 100)

# --- judges ----------------------------------------------------------------------------------------------------
# Where we say valid, NSS must find every signature intact; where only we object, it is listed, not failed.
agrees ()
{
  pdfsig -nocert "$1" > "$dir/judge" 2> /dev/null
  ! grep -E 'Signature Validation:' "$dir/judge" | grep -v 'Signature is Valid\|not yet been verified'
}
# openssl_agrees FILE: what openssl says of the last signature's CMS over the octets of its byte range.
openssl_agrees ()
{
  python3 - "$1" "$dir" <<'EOF' &&
import re, sys
data = open (sys.argv[1], "rb").read ()
a, b, c, d = [int (n) for n in re.findall (rb"/ByteRange ?\[([^\]]*)\]", data)[-1].split ()]
cms = bytes.fromhex (data[b + 1:c - 1].decode ())
head = 2 + (cms[1] & 127 if cms[1] > 128 else 0)
size = head + (int.from_bytes (cms[2:head], "big") if cms[1] > 128 else cms[1])
open (sys.argv[2] + "/judge.der", "wb").write (cms[:size])
open (sys.argv[2] + "/judge.bin", "wb").write (data[a:a + b] + data[c:c + d])
EOF
  openssl cms -verify -binary -inform DER -in "$dir/judge.der" -content "$dir/judge.bin" -CAfile "$pki/root.pem" -purpose any -out /dev/null
}
# NSS does not find a signer that is named by its key identifier (RFC 5652, 5.3 allows it): openssl does, so it is NSS that is wrong.
ok "openssl finds own_keyid.pdf intact, too" openssl_agrees "$pdf/own_keyid.pdf"
changed_one () { ! openssl_agrees "$pdf/cms_other_content.pdf"; }
ok "... and would see what does not fit" changed_one
if command -v pdfsig > /dev/null
then
  for file in "$pdf"/*.pdf
  do
    name=${file##*/}
    # shellcheck disable=SC2086
    timeout 120 "$top_builddir/qecp" verify --json $trust "$file" > "$dir/out" 2> /dev/null
    case $(verdict_of "$dir/out") in
      valid)
        case $name in
          own_pss.pdf|own_pss_key.pdf|own_keyid.pdf|cms_sha3.pdf|ts_*|*doctimestamp*) ;; # NSS knows none; own_keyid: see above
          *) ok "pdfsig finds $name intact, too" agrees "$file" ;;
        esac ;;
      invalid|changed) agrees "$file" && grep -q 'Signature is Valid' "$dir/judge" &&
        echo "# pdfsig finds every signature of $name intact; we do not accept it: $(sed -n '/"reasons" : \[$/{n;s/^ *//p;q}' "$dir/out")" ;;
    esac
  done
else tap_skip "pdfsig agrees" "poppler-utils is not installed"
fi

# --- documents nobody here wrote ----------------------------------------------------------------------------------
corpora=${QECP_CORPORA:-$top_srcdir/../shared/corpora}
if test -d "$corpora/pdf/pyhanko"
then
  while IFS='	' read -r name want why
  do
    case $name in '#'*) continue ;; esac
    if test -e "$corpora/pdf/pyhanko/$name"
    then ok "$name is $want: $why" verify "$corpora/pdf/pyhanko/$name" "$want" --at 2026-11-24T00:00:00Z
    else tap_skip "$name is $want" "it is not in the corpus here"
    fi
  done < "$top_srcdir/tests/data/verify/pyhanko.tsv"
else tap_skip "the pyHanko corpus" "no corpora in $corpora (set QECP_CORPORA)"
fi
tap_end
