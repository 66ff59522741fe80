#!/usr/bin/env bash
# HyperKitty, the archive of Mailman 3, on loopback with Django's own server. Usage: hyperkitty.sh DIR PORT {install|start|seed|stop|VERB ARGS}
# From PyPI by name; no Mailman core runs: messages are put in as the core's archiver does.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=${DISCOVER_SERVER_TOOLS:-$here/../../target/servers}/hyperkitty
mkdir -p "$1"; DIR=$(cd "$1" && pwd); PORT=$2; CMD=${3:-start}; URL=http://127.0.0.1:$PORT
export DJANGO_SETTINGS_MODULE=rig_settings PYTHONPATH=$here/hyperkitty RIG_DIR=$DIR PYTHONWARNINGS=ignore PYTHONDONTWRITEBYTECODE=1

install() {
  [ ! -f "$tools/ready" ] || return 0
  python3 -m venv --clear "$tools" 2>/dev/null || { apt-get install -y -qq python3-venv >/dev/null && python3 -m venv --clear "$tools"; }
  "$tools/bin/pip" install --quiet hyperkitty==1.3.12 "django<5"
  touch "$tools/ready"
}
start() {
  "$tools/bin/python" -m django migrate -v0 >"$DIR/migrate.log" 2>&1
  setsid "$tools/bin/python" -m django runserver --noreload --insecure "127.0.0.1:$PORT" >"$DIR/http.log" 2>&1 </dev/null &
  echo $! >"$DIR/http.pid"
  for _ in $(seq 200); do curl -fs "$URL/" -o /dev/null && break; sleep 0.2; done
  curl -fs "$URL/" -o /dev/null
  echo "ready $URL/"
}
verb() { "$tools/bin/python" "$here/hyperkitty/rig_verbs.py" "$@" 2>>"$DIR/verbs.log"; }
seed() { verb seed "${N:-8}"; }
stop() { [ ! -f "$DIR/http.pid" ] || kill "$(cat "$DIR/http.pid")" 2>/dev/null || true; }
case $CMD in
  install | start | seed | stop) $CMD ;;
  *) shift 2; verb "$@" ;;
esac
