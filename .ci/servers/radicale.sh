#!/usr/bin/env bash
# Radicale, a calendar server, on loopback: one calendar for everybody, one for its owner. Usage: radicale.sh DIR PORT {install|start|seed|stop|VERB ARGS}
# From PyPI by name. Verbs: change UID SUMMARY [LINES], remove CALENDAR UID, open, close.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=${DISCOVER_SERVER_TOOLS:-$here/../../target/servers}/radicale
mkdir -p "$1"; DIR=$(cd "$1" && pwd); PORT=$2; CMD=${3:-start}; URL=http://127.0.0.1:$PORT

install() {
  [ ! -f "$tools/ready" ] || return 0
  python3 -m venv --clear "$tools" 2>/dev/null || { apt-get install -y -qq python3-venv >/dev/null && python3 -m venv --clear "$tools"; }
  "$tools/bin/pip" install --quiet radicale==3.9.0
  touch "$tools/ready"
}
rights() { # who may read the town's calendar
  cat >"$DIR/rights.new" <<R
[owner]
user: amina
collection: .*
permissions: RWrw
[root]
user: .*
collection:
permissions: R
[town]
user: $1
collection: amina/town
permissions: Rr
R
  mv "$DIR/rights.new" "$DIR/rights"
}
start() {
  printf 'amina:rigpass\n' >"$DIR/users"
  [ -f "$DIR/rights" ] || rights '.*'
  cat >"$DIR/config" <<C
[server]
hosts = 127.0.0.1:$PORT
[auth]
type = htpasswd
htpasswd_filename = $DIR/users
htpasswd_encryption = plain
delay = 0
[rights]
type = from_file
file = $DIR/rights
[storage]
filesystem_folder = $DIR/collections
C
  setsid "$tools/bin/python" -m radicale --config "$DIR/config" >"$DIR/http.log" 2>&1 </dev/null &
  echo $! >"$DIR/http.pid"
  for _ in $(seq 100); do curl -s "$URL/.well-known/caldav" -o /dev/null && break; sleep 0.1; done
  echo "ready $URL/amina/town/"
}
ask() { curl -sS --fail-with-body -u amina:rigpass -o /dev/null "$@"; }
put() { ask -X PUT "$URL/amina/$1/$2.ics" -H 'content-type: text/calendar; charset=utf-8' --data-binary @-; }
remove() { ask -X DELETE "$URL/amina/$1/$2.ics"; }
# Rights are read at the start.
open() { rights '.*'; stop; start; }
close() { rights 'amina'; stop; start; }
day() { date -u -d "+$1 days" +%Y%m%d; }
change() { event "$1" "$(day 5)" "$2" "${3:-}" | put town "$1"; } # UID SUMMARY EXTRA
event() { # UID DAY SUMMARY EXTRA
  printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//rig//EN\r\nBEGIN:VEVENT\r\nUID:%s-rig\r\nDTSTAMP:20260101T090000Z\r\nDTSTART:%sT180000Z\r\nDTEND:%sT200000Z\r\nSUMMARY:%s\r\nDESCRIPTION:Bring a torch to %s\r\nATTENDEE;CN=Bob Reed:mailto:bob@example.org\r\n%sEND:VEVENT\r\nEND:VCALENDAR\r\n' "$1" "$2" "$2" "$3" "$3" "${4:-}"
}
seed() {
  local n=${N:-8} i name
  for name in town staff; do
    ask -X MKCOL "$URL/amina/$name/" --data "<?xml version='1.0'?><create xmlns='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><set><prop><resourcetype><collection/><C:calendar/></resourcetype><displayname>$name</displayname></prop></set></create>"
  done
  for i in $(seq "$n"); do event "e$i" "$(day "$i")" "Lantern walk $i" | put town "e$i"; done
  event secret "$(day 9)" "SECRET visit" $'CLASS:CONFIDENTIAL\r\n' | put town secret
  event staff "$(day 9)" "SECRET staff meeting" | put staff staff
  echo "seeded $n events"
}
stop() {
  [ -f "$DIR/http.pid" ] || return 0
  kill "$(cat "$DIR/http.pid")" 2>/dev/null || true
  for _ in $(seq 50); do curl -s "$URL/" -o /dev/null || break; sleep 0.1; done
}
case $CMD in
  install | start | seed | stop) $CMD ;;
  *) shift 2; "$@" ;;
esac
