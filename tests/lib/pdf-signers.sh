# SPDX-License-Identifier: GPL-3.0-or-later
# PDF signers that are not ours.  To be read by a shell test after signing-pki.sh:
#
#   pdfs_make DIR PKI   signs in DIR what the tools that are installed can: it_* by iText 5 and BouncyCastle, nss_* by
#                       pdfsig (NSS), pod_* by podofosign (OpenSSL).  What cannot be made is not there.

pdfs_plain () { # DIR
  make=$top_srcdir/tests/lib/pdf_make.py
  python3 "$make" "$1/plain.pdf" && python3 "$make" "$1/form.pdf" form signature-fields &&
  python3 "$make" "$1/stream.pdf" xref-stream && python3 "$make" "$1/tricky.pdf" script layers hidden embedded &&
  python3 "$make" "$1/big400.pdf" size=400000 && python3 "$make" "$1/big3m.pdf" size=3000000
}

pdfs_itext () { # DIR PKI
  jars=/usr/share/java/itext5.jar:/usr/share/java/bcprov.jar:/usr/share/java/bcpkix.jar:/usr/share/java/bcutil.jar
  [ -e /usr/share/java/itext5.jar ] && command -v javac > /dev/null || return 0
  javac -cp "$jars" -d "$1" "$top_srcdir/tests/lib/SignIt.java" 2> "$1/javac.log" || return 0
  while read -r in out who rest
  do echo "$1/$in $1/$out $2/$who.p12 $who $rest"
  done <<EOF | java -Xshare:auto -cp "$jars:$1" SignIt 2> "$1/itext.log"
plain.pdf it_alice_cms.pdf alice cms 0 Sig1
plain.pdf it_alice_cades.pdf alice cades 0 Sig1
stream.pdf it_alice_stream.pdf alice cms 0 Sig1
tricky.pdf it_alice_tricky.pdf alice cms 0 Sig1
big400.pdf it_alice_big400.pdf alice cms 0 Sig1
big3m.pdf it_alice_big3m.pdf alice cms 0 Sig1
plain.pdf it_alice_tsa.pdf alice cades 0 Sig1 tsa=$2/tsa.p12
plain.pdf it_eve_tsa.pdf eve cades 0 Sig1 tsa=$2/tsa.p12
plain.pdf it_eve_cades.pdf eve cades 0 Sig1
plain.pdf it_alice_sha1.pdf alice sha1 0 Sig1
plain.pdf it_bob_cades.pdf bob cades 0 Sig1
plain.pdf it_carol_cms.pdf carol cms 0 Sig1
plain.pdf it_dan_cms.pdf dan cms 0 Sig1
plain.pdf it_short_cms.pdf short cms 0 Sig1
plain.pdf it_server_cms.pdf server cms 0 Sig1
plain.pdf it_fake_cms.pdf fake cms 0 Sig1
plain.pdf it_mallory_cms.pdf mallory cms 0 Sig1
form.pdf it_alice_cert1.pdf alice cms 1 @Sig1
form.pdf it_alice_cert2.pdf alice cms 2 @Sig1
form.pdf it_alice_cert3.pdf alice cms 3 @Sig1
form.pdf it_alice_form.pdf alice cms 0 @Sig1
it_alice_cades.pdf two_alice_erin.pdf erin cades 0 Sig2 append
it_alice_cades.pdf two_alice_mallory.pdf mallory cades 0 Sig2 append
it_alice_cades.pdf two_alice_erin_seen.pdf erin cades 0 Sig2 append visible
it_alice_form.pdf two_form_fields.pdf erin cms 0 @Sig2 append
it_alice_form.pdf two_form_filled.pdf erin cms 0 @Sig2 append fill=Amount:999999
it_alice_cert1.pdf two_cert1.pdf erin cms 0 @Sig2 append
it_alice_cert2.pdf two_cert2.pdf erin cms 0 @Sig2 append
it_alice_cert2.pdf two_cert2_filled.pdf erin cms 0 @Sig2 append fill=Amount:999999
it_alice_cert2.pdf two_cert2_new_seen.pdf erin cms 0 Sig3 append visible
it_alice_cades.pdf it_alice_doctimestamp.pdf alice timestamp 0 TS1 append tsa=$2/tsa.p12
it_alice_cert1.pdf cert1_doctimestamp.pdf alice timestamp 0 TS1 append tsa=$2/tsa.p12
it_eve_cades.pdf it_eve_doctimestamp.pdf eve timestamp 0 TS1 append tsa=$2/tsa.p12
EOF
}

pdfs_nss () { # DIR PKI
  command -v pdfsig > /dev/null && command -v pk12util > /dev/null || return 0
  mkdir -p "$1/nss" && certutil -N -d "sql:$1/nss" --empty-password &&
  for who in alice bob
  do
    pk12util -i "$2/$who.p12" -d "sql:$1/nss" -W test -K "" > /dev/null &&
    pdfsig -nssdir "sql:$1/nss" -add-signature -nick "$who" -reason test "$1/plain.pdf" "$1/nss_$who.pdf" > "$1/nss.log" 2>&1
  done
  [ ! -e "$1/it_alice_cms.pdf" ] ||
    pdfsig -nssdir "sql:$1/nss" -add-signature -nick bob -reason test "$1/it_alice_cms.pdf" "$1/two_alice_nss_bob.pdf" >> "$1/nss.log" 2>&1
}

pdfs_podofo () { # DIR PKI
  command -v podofosign > /dev/null || return 0
  podofosign -in "$1/plain.pdf" -out "$1/pod_alice.pdf" -cert "$2/alice.pem" -pkey "$2/alice.key" -digest SHA256 > "$1/podofo.log" 2>&1
  podofosign -in "$1/plain.pdf" -out "$1/pod_bob.pdf" -cert "$2/bob.pem" -pkey "$2/bob.key" -digest SHA256 -sigsize 8192 >> "$1/podofo.log" 2>&1
}

pdfs_make () { # DIR PKI
  mkdir -p "$1" && pdfs_plain "$1" && pdfs_itext "$1" "$2"
  pdfs_nss "$1" "$2"
  pdfs_podofo "$1" "$2"
}
