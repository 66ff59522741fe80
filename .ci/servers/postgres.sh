#!/usr/bin/env bash
# A real PostgreSQL on loopback. Usage: postgres.sh DIR PORT {install|start|stop|seed}
# Debian's package by name only: postgresql; data in DIR/data. It will not run as root, so it runs as nobody there. Nothing here
# outlives its test, so it does not wait for the disk (fsync off); its log lets go of what was erased (wal_recycle off). Over TLS,
# `discover_password` logs in by its password and `discover_certificate` by the certificate in DIR/tls.
set -euo pipefail
DIR=$(mkdir -p "$1" && cd "$1" && pwd)
PORT=$2
as() { if [ "$(id -u)" = 0 ]; then runuser -u nobody -- "$@"; else "$@"; fi; }
bin() { dirname "$(ls /usr/lib/postgresql/*/bin/initdb | sort -V | tail -1)"; }

install() {
  local as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo -E"
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || $as_root apt-get install -y -qq --no-install-recommends postgresql >/dev/null
}

start() {
  local bin
  bin=$(bin)
  [ "$(id -u)" != 0 ] || chown nobody:nogroup "$DIR"
  # Its folder may lie in one that is closed to others.
  chmod o+x "$(dirname "$DIR")"
  cd /
  [ -d "$DIR/data" ] || as "$bin/initdb" -D "$DIR/data" -U discover --auth=trust -E UTF8 --locale=C.UTF-8 >"$DIR/initdb.log"
  [ -d "$DIR/tls" ] || (certificates) >"$DIR/tls.log" 2>&1
  [ "$(id -u)" != 0 ] || chown -R nobody:nogroup "$DIR/tls"
  as cp "$DIR/tls/pg_hba.conf" "$DIR/data/pg_hba.conf"
  as "$bin/pg_ctl" -D "$DIR/data" -l "$DIR/log" -w -t 60 \
    -o "-c listen_addresses=127.0.0.1 -c port=$PORT -c unix_socket_directories= -c max_connections=200 -c fsync=off -c wal_recycle=off \
        -c ssl=on -c ssl_ca_file=$DIR/tls/ca.pem -c ssl_cert_file=$DIR/tls/server.pem -c ssl_key_file=$DIR/tls/server.key" start >/dev/null
}

certificates() {
  mkdir -p "$DIR/tls"
  cd "$DIR/tls"
  umask 077
  sign() { # NAME SUBJECT EXTENSION
    openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -subj "/CN=$2" -out "$1.csr"
    openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile <(echo "$3") -out "$1.pem"
  }
  openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 -subj "/CN=a test's authority"
  sign server localhost "subjectAltName=DNS:localhost,IP:127.0.0.1"
  sign client discover_certificate "extendedKeyUsage=clientAuth"
  cat >pg_hba.conf <<'HBA'
hostssl all discover_password 127.0.0.1/32 scram-sha-256
hostssl all discover_certificate 127.0.0.1/32 cert
host all discover_password,discover_certificate 127.0.0.1/32 reject
host all all 127.0.0.1/32 trust
HBA
}

seed() {
  "$(bin)/psql" -q -h 127.0.0.1 -p "$PORT" -U discover postgres <<'SQL'
CREATE ROLE discover_password LOGIN SUPERUSER PASSWORD 'zyzzyva-of-a-test';
CREATE ROLE discover_certificate LOGIN SUPERUSER;
SQL
}

stop() { [ ! -f "$DIR/data/postmaster.pid" ] || as "$(bin)/pg_ctl" -D "$DIR/data" -m fast -w stop >/dev/null; }

case ${3:-} in
  install | start | seed | stop) "$3" ;;
  *) sed -n 2,4p "$0"; exit 2 ;;
esac
