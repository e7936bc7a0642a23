#!/bin/bash
# SPDX-License-Identifier: MIT
# pipes.sh TOOL MQTT - run the commands of docs/FLEET.md, each with a real or, for Kafka, an imitated
# receiver: names of hosts become this machine's, and watches end by themselves.
# A receiver that is not installed is reported as not run.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
require ip
enter "$@"
tool=$2 mqtt=$3
page=$(cd "$(dirname "$0")/../.." && pwd)/docs/FLEET.md
dir=$(mktemp -d)
running=()
database=
cleanup() {
    [ -z "$database" ] || as_postgres pg_ctl -D "$dir/data" -m immediate stop >/dev/null 2>&1
    [ ${#running[@]} = 0 ] || kill "${running[@]}" 2>/dev/null
    wait 2>/dev/null
    rm -rf "$dir"
}
trap cleanup EXIT
passed=0
failed=0
not_run=0

ip link set lo up && ip link add v0 type veth peer name v1 && ip link set v0 up &&
    ip neigh add 192.0.2.20 lladdr 02:00:00:00:00:20 dev v0 nud stale || exit 1

# ---- What the commands call ----

mkdir "$dir/bin"
chmod 755 "$dir"
cat >"$dir/bin/arpq" <<END
#!/bin/sh
[ "\$1" != watch ] || set -- "\$@" --timeout 1.5
exec "$tool" "\$@"
END
cat >"$dir/bin/arpq-mqtt" <<END
#!/bin/sh
exec timeout 5 "$mqtt" "\$@"
END
if command -v kcat >/dev/null; then # a broker inside librdkafka
    printf '#!/bin/sh\nexec %s -X test.mock.num.brokers=1 -X log_level=4 "$@"\n' "$(command -v kcat)" >"$dir/bin/kcat"
fi
chmod +x "$dir"/bin/*

# blocks NAME: the shell blocks of the page that follow "<!-- run: NAME -->", as files.
blocks() {
    awk -v name="$1" -v file="$dir/block.$1" '
        $0 == "<!-- run: " name " -->" { wanted = 1; next }
        /^```sh$/ && wanted { n++; inside = 1; next }
        /^```/ { inside = wanted = 0 }
        inside { print >(file "." n) }' "$page"
    sed -i -e 's/broker\.example/127.0.0.1/; s/kafka\.example/127.0.0.1/; s/siem\.example/127.0.0.1/' \
        -e "s,/var/lib/prometheus/node-exporter,$dir,; s/--port 514 /--port 10514 /" "$dir/block.$1".*
    ls "$dir/block.$1".*
}

# page NAME: the blocks succeed, without a message.
page() {
    local block
    for block in $(blocks "$1"); do
        PATH=$dir/bin:$PATH timeout 20 bash -o pipefail "$block" >"$dir/out" 2>"$dir/err" </dev/null &
        local shell=$!
        sleep 0.5
        ip neigh replace 192.0.2.20 lladdr "02:00:00:00:00:$((RANDOM % 80 + 10))" dev v0 nud stale
        if wait $shell && [ ! -s "$dir/err" ]; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "FAILED: $block" && cat "$block" "$dir/out" "$dir/err"
        fi
    done
}

holds() { # holds NAME COMMAND...
    local name=$1
    shift
    if "$@" >/dev/null; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $name" && cat "$dir/out"
    fi
}

needs() { # needs PROGRAM...: false, with the reason, if one is missing
    local program
    for program; do
        command -v "$program" >/dev/null && continue
        not_run=$((not_run + 1))
        echo "NOT RUN: $program is not installed"
        return 1
    done
}

# ---- The page ----

page lines
holds 'a line of JSON' jq -es 'any(.[]; .host and .event == "neigh_added" and .ifindex)' "$dir/out"
page openmetrics
holds 'the file' grep -q '^arpq_entries{' "$dir/arpq.prom"

if needs mosquitto mosquitto_sub mosquitto_pub; then
    printf 'user %s\nlistener 1883 127.0.0.1\nallow_anonymous true\n' "$(id -un)" >"$dir/conf"
    mosquitto -c "$dir/conf" 2>"$dir/broker" &
    running+=($!)
    for _ in $(seq 50); do mosquitto_pub -h 127.0.0.1 -t x -m y 2>/dev/null && break; sleep 0.1; done
    timeout 10 mosquitto_sub -h 127.0.0.1 -t neighbours/events -C 1 >"$dir/event" &
    page mosquitto_pub
    wait $!
    holds 'an event in the broker' jq -e '.event and .host' "$dir/event"
    sed -i 's/^exec/exec timeout 2/' "$dir/bin/arpq-mqtt"
    "$mqtt" -h 127.0.0.1 --quiet &
    client=$!
    sleep 1.5
    ip neigh replace 192.0.2.20 lladdr 02:00:00:00:00:20 dev v0 nud stale
    sleep 0.5
    for block in $(blocks where); do
        holds 'where' env PATH="$dir/bin:$PATH" bash "$block"
    done
    kill $client
    wait $client
    for block in $(blocks mqtt); do # ends by timeout(1)
        PATH=$dir/bin:$PATH bash "$block" >"$dir/out" 2>&1
        holds 'arpq-mqtt' grep -q 'connected' "$dir/out"
    done
fi

if needs kcat; then page kafka; fi

if needs logger python3; then
    timeout 30 python3 - 10514 >"$dir/syslog" <<'END' &
import socket
import sys

server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("ready", flush=True)
connection = server.accept()[0]
while True:
    data = connection.recv(65536)
    if not data:
        break
    sys.stdout.buffer.write(data)
    sys.stdout.flush()
END
    receiver=$!
    for _ in $(seq 100); do grep -q ready "$dir/syslog" && break; sleep 0.1; done
    page syslog
    wait $receiver
    holds 'a message of syslog' grep -q '<28>1 .* arpq .*"event":"neigh_moved"' "$dir/syslog"
fi

# ---- PostgreSQL, which refuses to run as root ----

binaries=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
as_postgres() {
    PATH=$binaries:$PATH setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}
start_postgres() {
    install -d -o 65534 -g 65534 "$dir/data"
    as_postgres initdb -D "$dir/data" -A trust -U postgres &&
        as_postgres pg_ctl -D "$dir/data" -w -l "$dir/data/log" \
            -o "-c listen_addresses='' -k $dir/data -c fsync=off" start
}
if [ -z "$binaries" ] || ! as_postgres true 2>/dev/null; then
    not_run=$((not_run + 1))
    echo "NOT RUN: no server of PostgreSQL, or no other user to run it"
elif needs psql; then
    if ! start_postgres >"$dir/initdb" 2>&1; then cat "$dir/initdb"; exit 1; fi
    database=1
    export PGHOST=$dir/data PGUSER=postgres
    page postgresql
    holds 'the output of the query' grep -q '192\.0\.2\.20' "$dir/out"
    psql -Atc "SELECT count(*) FROM neighbours WHERE line->>'dst' = '192.0.2.20'" >"$dir/out"
    holds 'rows of show' grep -qx 1 "$dir/out"
    psql -Atc "SELECT count(*) > 0 FROM neighbour_events WHERE line->>'event' = 'neigh_moved'" >"$dir/out"
    holds 'rows of watch' grep -qx t "$dir/out"
fi
echo "$passed passed, $failed failed, $not_run not run"
[ $failed = 0 ]
