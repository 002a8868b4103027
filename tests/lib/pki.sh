# SPDX-License-Identifier: GPL-3.0-or-later
# Certificates for test servers.  To be read by a shell test:
#
#   pki_make DIR   makes, unless they are there, in DIR:
#     ca.pem                      a private CA
#     server.pem server.key       for localhost and 127.0.0.1, by that CA
#     other-name.pem other-name.key  for elsewhere.example.org, by that CA
#     other-ca.pem                another CA, that signed nothing
# Returns 1 when openssl is missing or fails.

pki_ca () { # DIR NAME TITLE
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$3" \
    -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -keyout "$1/$2.key" -out "$1/$2.pem" 2>/dev/null
}

pki_server () { # DIR NAME SUBJECT-ALT-NAMES
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" \
    -keyout "$1/$2.key" -out "$1/$2.csr" 2>/dev/null &&
  printf 'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=%s\n' "$3" >"$1/$2.ext" &&
  openssl x509 -req -in "$1/$2.csr" -CA "$1/ca.pem" -CAkey "$1/ca.key" -CAcreateserial -days 30 \
    -extfile "$1/$2.ext" -out "$1/$2.pem" 2>/dev/null
}

pki_make () { # DIR
  [ -s "$1/server.pem" ] && return 0
  command -v openssl >/dev/null && mkdir -p "$1" &&
  pki_ca "$1" ca "Private test CA" &&
  pki_ca "$1" other-ca "Another test CA" &&
  pki_server "$1" server "DNS:localhost,IP:127.0.0.1" &&
  pki_server "$1" other-name "DNS:elsewhere.example.org"
}
