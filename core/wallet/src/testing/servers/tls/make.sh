#!/bin/sh
# Makes the certificates of the tests anew with OpenSSL 3: an authority that only the tests trust, and what it
# certified. The authority's key is thrown away, so all files change at once. Run it in this folder.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/$1.pem"; }

key root
key server
cat > "$work/ca.cnf" <<EOF
[ca]
default_ca = tests
[tests]
database = $work/index
new_certs_dir = $work
rand_serial = yes
private_key = $work/root.pem
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = any
EOF
: > "$work/index"

# certify FILE NAME FROM UNTIL EXTENSION...
certify() {
    file=$1 name=$2 from=$3 until=$4 issuer=$5 signer=$6
    shift 6
    printf '%s\n' "$@" > "$work/extensions"
    openssl req -new -config "$work/ca.cnf" -key "$work/$signer.pem" -subj "/CN=$name" -out "$work/request"
    openssl ca -batch -notext -config "$work/ca.cnf" -in "$work/request" -extfile "$work/extensions" \
        -startdate "$from" -enddate "$until" $issuer -out "$work/$file.crt" 2> "$work/log" || { cat "$work/log"; exit 1; }
    openssl x509 -in "$work/$file.crt" -outform der -out "$file.der"
}

certify root 'Vidimus test root' 20200101000000Z 21200101000000Z -selfsign root \
    'basicConstraints = critical, CA:TRUE' 'keyUsage = critical, keyCertSign'
by_root="-cert $work/root.crt"
for one in \
    'server 20200101000000Z 21200101000000Z IP:127.0.0.1,DNS:localhost' \
    'other-host 20200101000000Z 21200101000000Z IP:127.0.0.2,DNS:authority.example' \
    'expired 20200101000000Z 20210101000000Z IP:127.0.0.1,DNS:localhost' \
    'not-begun 21190101000000Z 21200101000000Z IP:127.0.0.1,DNS:localhost'
do
    set -- $one
    certify "$1" "$1" "$2" "$3" "$by_root" server \
        "subjectAltName = $4" 'basicConstraints = critical, CA:FALSE' 'extendedKeyUsage = serverAuth'
done
openssl pkcs8 -topk8 -nocrypt -in "$work/server.pem" -outform der -out server.key.der
