#!/usr/bin/env bash
# Isso, comments of a blog, on loopback: the blog's pages at /, Isso at /isso. Usage: isso.sh DIR PORT {install|start|seed|stop|VERB ARGS}
# From PyPI by name. Verbs: comment URI PARENT AUTHOR TEXT, edit ID TEXT, remove ID, close {404|401|no}.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=${DISCOVER_SERVER_TOOLS:-$here/../../target/servers}/isso
mkdir -p "$1"; DIR=$(cd "$1" && pwd); PORT=$2; CMD=${3:-start}; URL=http://127.0.0.1:$PORT

install() {
  [ ! -f "$tools/ready" ] || return 0
  python3 -m venv --clear "$tools" 2>/dev/null || { apt-get install -y -qq python3-venv >/dev/null && python3 -m venv --clear "$tools"; }
  "$tools/bin/pip" install --quiet isso==0.14.0
  touch "$tools/ready"
}
start() {
  cat >"$DIR/isso.cfg" <<C
[general]
dbpath = $DIR/comments.db
host = $URL/
max-age = 31536000
[server]
listen = $URL/
public-endpoint = $URL/isso
[rss]
base = $URL
limit = 100
[guard]
enabled = false
C
  setsid "$tools/bin/python" "$here/isso_site.py" "$DIR" "$PORT" >"$DIR/http.log" 2>&1 </dev/null &
  echo $! >"$DIR/http.pid"
  for _ in $(seq 100); do curl -fs "$URL/news/1/" -o /dev/null && break; sleep 0.1; done
  curl -fs "$URL/isso/count" -o /dev/null -d '["/news/1/"]' -H 'content-type: application/json'
  echo "ready $URL/"
}
ask() { curl -sS --fail-with-body -b "$DIR/jar" -c "$DIR/jar" -H 'content-type: application/json' -H "origin: $URL" "$@"; }
body() { python3 -c 'import json, sys; print(json.dumps({k: (int(v) if k == "parent" else v) for k, v in (p.split("=", 1) for p in sys.argv[1:]) if v}))' "$@"; }
comment() { ask "$URL/isso/new?uri=$1" -d "$(body "parent=$2" "author=$3" "text=$4" "title=News")" | python3 -c 'import json, sys; print(json.load(sys.stdin)["id"])'; }
edit() { ask -X PUT "$URL/isso/id/$1" -d "$(body "text=$2" "author=Amina Khan")" -o /dev/null; }
remove() { ask -X DELETE "$URL/isso/id/$1" -o /dev/null; }
close() { echo "$1" >"$DIR/closed"; }
seed() {
  local n=${N:-6} i first
  for i in $(seq "$n"); do
    first=$(comment /news/1/ "" "Amina Khan" "Is the ford at Mill Lane open in week $i?")
    comment /news/1/ "$first" "Bob Reed" "It was passable on foot in week $i." >/dev/null
  done
  comment /news/2/ "" "Bob Reed" "SECRET: this page's comments are not in the feed that is declared" >/dev/null
  echo "seeded $((n * 2)) comments"
}
stop() { [ ! -f "$DIR/http.pid" ] || kill "$(cat "$DIR/http.pid")" 2>/dev/null || true; }
case $CMD in
  install | start | seed | stop) $CMD ;;
  *) shift 2; "$@" ;;
esac
