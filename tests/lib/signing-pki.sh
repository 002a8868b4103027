# SPDX-License-Identifier: GPL-3.0-or-later
# People, authorities and keys for signature tests.  To be read by a shell test:
#
#   signing_pki DIR   makes, unless it is there, in DIR:
#     root.pem                a root; sub.pem an authority below it; other-root.pem somebody else's; tsa.pem a time stamping authority
#     NAME.pem NAME.key NAME.p12 (password "test") for
#       alice bob(EC) paul(EC of 521 bits) petra(RSA for PSS only) erin eve(for three days) carol(revoked in sub.crl) dan(expired 2021) short(RSA 1024) server(no signing purpose) : by sub
#       fake                  by an authority of alice's issuer's name with alice's serial, below other-root
#       mallory               signed by herself, with alice's name
#     sub.crl root.crl        lists of the two authorities; old.crl is sub's, out of date
# Returns 1 when openssl is missing or fails.

signing_config () { # DIR
  cat > "$1/openssl.cnf" <<EOF
[ca]
default_ca = d
[d]
dir = $1
database = $1/index.txt
serial = $1/serial
crlnumber = $1/crlnumber
new_certs_dir = $1
certificate = $1/sub.pem
private_key = $1/sub.key
default_md = sha256
default_days = 3650
default_crl_days = 3650
policy = p
unique_subject = no
[p]
commonName = supplied
organizationName = optional
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[sub]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[person]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
extendedKeyUsage = emailProtection
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
crlDistributionPoints = URI:http://127.0.0.1:9/never-asked.crl
subjectAltName = email:\${ENV::EMAIL}
[tsa]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
authorityKeyIdentifier = keyid
[server]
basicConstraints = CA:FALSE
keyUsage = critical,keyEncipherment
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost
EOF
}

signing_root () { # DIR NAME TITLE
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1/$2.key" -out "$1/$2.pem" -days 7300 -subj "/O=Test/CN=$3" \
    -config "$1/openssl.cnf" -extensions root
}

signing_sub () { # DIR NAME ROOT
  openssl req -newkey rsa:2048 -nodes -keyout "$1/$2.key" -out "$1/$2.csr" -subj "/O=Test/CN=Test Sub CA" -config "$1/openssl.cnf" &&
  openssl x509 -req -in "$1/$2.csr" -CA "$1/$3.pem" -CAkey "$1/$3.key" -CAcreateserial -out "$1/$2.pem" -days 7000 \
    -extfile "$1/openssl.cnf" -extensions sub
}

signing_pack () { # DIR NAME CHAIN...
  openssl pkcs12 -export -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg SHA1 -inkey "$1/$2.key" -in "$1/$2.pem" \
    -certfile "$3" -name "$2" -passout pass:test -out "$1/$2.p12"
}

signing_person () { # DIR NAME TITLE SECTION KEY... -- CA-OPTIONS...
  signing_dir=$1 signing_name=$2 signing_title=$3 signing_section=$4
  shift 4
  signing_key=$1
  shift
  EMAIL=$signing_name@example.org
  export EMAIL
  # shellcheck disable=SC2086
  openssl req -newkey $signing_key -nodes -keyout "$signing_dir/$signing_name.key" -out "$signing_dir/$signing_name.csr" \
    -subj "/O=Test Org/CN=$signing_title" -config "$signing_dir/openssl.cnf" &&
  openssl ca -batch -config "$signing_dir/openssl.cnf" -in "$signing_dir/$signing_name.csr" -out "$signing_dir/$signing_name.pem" \
    -extensions "$signing_section" -notext "$@" &&
  signing_pack "$signing_dir" "$signing_name" "$signing_dir/chain.pem"
}

signing_make () { # DIR
  mkdir -p "$1" && : > "$1/index.txt" && echo 1000 > "$1/serial" && echo 01 > "$1/crlnumber" &&
  signing_config "$1" && EMAIL=nobody@example.org && export EMAIL &&
  signing_root "$1" root "Test Root CA" && signing_sub "$1" sub root && cat "$1/sub.pem" "$1/root.pem" > "$1/chain.pem" &&
  signing_root "$1" other-root "Other Root CA" && signing_sub "$1" other-sub other-root &&
  cat "$1/other-sub.pem" "$1/other-root.pem" > "$1/other-chain.pem" &&
  signing_person "$1" alice "Alice Signer" person rsa:2048 &&
  signing_person "$1" bob "Bob Signer" person "ec -pkeyopt ec_paramgen_curve:P-256" &&
  signing_person "$1" paul "Paul Curve" person "ec -pkeyopt ec_paramgen_curve:P-521" &&
  signing_person "$1" petra "Petra Pss" person "rsa-pss -pkeyopt rsa_keygen_bits:2048" &&
  signing_person "$1" erin "Erin Signer" person rsa:2048 &&
  signing_person "$1" eve "Eve Brief" person rsa:2048 -days 3 &&
  signing_person "$1" carol "Carol Revoked" person rsa:2048 &&
  signing_person "$1" dan "Dan Expired" person rsa:2048 -startdate 20200101000000Z -enddate 20210101000000Z &&
  signing_person "$1" short "Sam Short" person rsa:1024 &&
  signing_person "$1" server "localhost" server rsa:2048 &&
  signing_person "$1" tsa "Test TSA" tsa rsa:2048 &&
  openssl ca -config "$1/openssl.cnf" -gencrl -crl_lastupdate 20200101000000Z -crl_nextupdate 20200201000000Z -out "$1/old.crl" &&
  openssl ca -config "$1/openssl.cnf" -revoke "$1/carol.pem" &&
  openssl ca -config "$1/openssl.cnf" -gencrl -out "$1/sub.crl" &&
  openssl ca -config "$1/openssl.cnf" -cert "$1/root.pem" -keyfile "$1/root.key" -gencrl -out "$1/root.crl" &&
  # The same issuer and serial as alice's, from somebody else.
  EMAIL=alice@example.org openssl req -newkey rsa:2048 -nodes -keyout "$1/fake.key" -out "$1/fake.csr" \
    -subj "/O=Test Org/CN=Alice Signer" -config "$1/openssl.cnf" &&
  EMAIL=alice@example.org openssl x509 -req -in "$1/fake.csr" -CA "$1/other-sub.pem" -CAkey "$1/other-sub.key" -set_serial 0x1000 -days 3000 \
    -extfile "$1/openssl.cnf" -extensions person -out "$1/fake.pem" &&
  signing_pack "$1" fake "$1/other-chain.pem" &&
  EMAIL=mallory@example.org openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1/mallory.key" -out "$1/mallory.pem" -days 3000 \
    -subj "/O=Test Org/CN=Alice Signer" -config "$1/openssl.cnf" -extensions person &&
  signing_pack "$1" mallory "$1/mallory.pem"
}

signing_pki () { # DIR
  [ -s "$1/mallory.p12" ] && return 0
  command -v openssl > /dev/null && mkdir -p "$1" && signing_make "$1" > "$1/log" 2>&1
}
