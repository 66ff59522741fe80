#!/usr/bin/env bash
# NodeBB 1.4 on loopback, over a Redis of its own. Usage: nodebb.sh DIR PORT {install|start|seed|stop|FILE FN ARGS}
# npm package nodebb (needs Node 4 or later; tried on 20), Debian package redis-server. The door for tests is PORT+1, Redis PORT+2.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=${DISCOVER_SERVER_TOOLS:-$here/../../target/servers}/nodebb
mkdir -p "$1"; DIR=$(cd "$1" && pwd); PORT=$2; CMD=${3:-start}; URL=http://127.0.0.1:$PORT

install() {
  command -v redis-server >/dev/null || apt-get install -y -qq --no-install-recommends redis-server >/dev/null
  command -v npm >/dev/null || apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
  [ ! -f "$tools/ready" ] || return 0
  rm -rf "$tools"; mkdir -p "$tools"; cd "$tools"
  npm pack --silent nodebb@1.4.0 >/dev/null
  tar xzf nodebb-1.4.0.tgz
  cd package
  # No package needs to be compiled: scripts of packages stay unrun.
  npm install --silent --omit=dev --ignore-scripts --no-audit --no-fund --legacy-peer-deps
  mkdir -p public/uploads/{sounds,category,files,profile,system}
  # Builds scripts, styles and templates once; what it writes into this Redis is the same for every start.
  redis "$tools" 17399
  setup 17399 || { tail -n 20 "$tools/setup.log"; exit 1; }
  redis-cli -p 17399 shutdown nosave || true
  touch "$tools/ready"
}
redis() { redis-server --bind 127.0.0.1 --port "$2" --save "" --appendonly no --daemonize yes --dir "$1" --pidfile "$1/redis.pid" >/dev/null; }
setup() { # REDIS-PORT
  redis-cli -p "$1" ping >/dev/null
  local answers
  answers=$(printf '{"url":"%s","secret":"rig","admin:username":"admin","admin:password":"rigpass-1","admin:password:confirm":"rigpass-1","admin:email":"admin@example.org","database":"redis","redis:host":"127.0.0.1","redis:port":"%s","redis:password":"","redis:database":"0"}' "$URL" "$1")
  timeout 240 node app.js --setup="$answers" >"$tools/setup.log" 2>&1
  # They fetch from the network when they are first started.
  redis-cli -p "$1" zrem plugins:active nodebb-plugin-emoji-one nodebb-plugin-emoji-extended nodebb-plugin-soundpack-default >/dev/null
  redis-cli -p "$1" config set dir "$tools" >/dev/null
  redis-cli -p "$1" save >/dev/null
}
start() {
  # Started with what the setup left, so that nothing is built again.
  cp "$tools/dump.rdb" "$DIR/dump.rdb"
  redis "$DIR" $((PORT + 2))
  # The folder of the program is shared; its settings are this start's.
  printf '{"url":"%s","secret":"rig","database":"redis","bind_address":"127.0.0.1","port":"%s","redis":{"host":"127.0.0.1","port":"%s","database":"0"}}' \
    "$URL" "$PORT" $((PORT + 2)) >"$DIR/config.json"
  cd "$tools/package"
  config=$DIR/config.json RIG_DOOR=$((PORT + 1)) setsid node "$here/nodebb.js" >"$DIR/http.log" 2>&1 </dev/null &
  echo $! >"$DIR/http.pid"
  for _ in $(seq 300); do curl -fs "$URL/api/recent" -o /dev/null && break; sleep 0.2; done
  curl -fs "$URL/api/recent" -o /dev/null
  echo "ready $URL/"
}
door() { # FILE FN ARGS -> what it gives back
  python3 -c 'import json, sys; print(json.dumps({"file": sys.argv[1], "fn": sys.argv[2], "args": json.loads(sys.argv[3])}))' "$@" |
    curl -sS --fail-with-body "http://127.0.0.1:$((PORT + 1))/" --data-binary @-
}
field() { python3 -c 'import json, sys; v = json.load(sys.stdin)
for k in sys.argv[1].split("."): v = v[k]
print(v)' "$1"; }
seed() {
  local n=${N:-8} i amina bob cid tid first name group
  for name in postDelay initialPostDelay newbiePostDelay; do door meta configs.set "[\"$name\", 0]" >/dev/null; done
  amina=$(door user create '[{"username": "amina", "email": "amina@example.org", "password": "rigpass-1"}]')
  bob=$(door user create '[{"username": "bob", "email": "bob@example.org", "password": "rigpass-1"}]')
  cid=$(door categories create '[{"name": "Committee", "description": "", "order": 9}]' | field cid)
  for group in registered-users guests; do door privileges categories.rescind "[[\"find\", \"read\", \"topics:read\"], $cid, \"$group\"]" >/dev/null; done
  door topics post "[{\"uid\": 1, \"cid\": $cid, \"title\": \"SECRET minutes of the committee\", \"content\": \"SECRET words in a closed category\"}]" >/dev/null
  for i in $(seq "$n"); do
    tid=$(door topics post "[{\"uid\": $amina, \"cid\": 2, \"title\": \"Boiler swap scheme round $i\", \"content\": \"Who has applied for a heat pump in round $i?\"}]" | field topicData.tid)
    first=$(door topics reply "[{\"uid\": $bob, \"tid\": $tid, \"content\": \"I did, and the survey for round $i took a month.\"}]" | field pid)
    door topics reply "[{\"uid\": $amina, \"tid\": $tid, \"toPid\": $first, \"content\": \"Thanks, that helps the street plan for round $i.\"}]" >/dev/null
  done
  echo "seeded $n topics"
}
stop() {
  [ ! -f "$DIR/http.pid" ] || kill "$(cat "$DIR/http.pid")" 2>/dev/null || true
  [ ! -f "$DIR/redis.pid" ] || kill "$(cat "$DIR/redis.pid")" 2>/dev/null || true
}
case $CMD in
  install | start | seed | stop) $CMD ;;
  *) door "$3" "$4" "$5" ;;
esac
