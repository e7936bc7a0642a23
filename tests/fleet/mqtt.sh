#!/bin/bash
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2016 # the inner shells expand these
# mqtt.sh MQTT [CHANGES [ADDRESSES [PERSISTENCE...]]] - arpq-mqtt with a real mosquitto.
#
# Three network namespaces are the hosts. While their tables change, the broker is restarted, with
# and without memory of its messages, and one client is killed. In the end the broker must have the
# entries that ip-neighbour(8) shows in each namespace, and no others.
# Exit status: 77 if mosquitto or its clients are not installed.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
require mosquitto mosquitto_sub mosquitto_pub jq ip
enter "$@"
mqtt=$2 changes=${3:-300} addresses=${4:-40}
shift $(($# < 4 ? $# : 4))
[ $# -gt 0 ] || set -- false
hosts=(one two three)

dir=$(mktemp -d)
socket=$dir/socket
declare -A space client
broker=
passed=0
failed=0
cleanup() {
    local pid
    for pid in $broker "${space[@]}" "${client[@]}"; do kill "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$dir"
}
trap cleanup EXIT

# ---- The broker ----

start_broker() {
    rm -f "$socket"
    mosquitto -c "$dir/conf" >>"$dir/broker.log" 2>&1 &
    broker=$!
    within 10 test -S "$socket" || { echo "no broker"; cat "$dir/broker.log"; exit 1; }
}

stop_broker() { # stop_broker SIGNAL
    kill -s "$1" "$broker"
    wait "$broker" 2>/dev/null
    broker=
}

# messages TOPIC: the retained messages, "TOPIC PAYLOAD" a line. The last one is published for this,
# so that all have come.
messages() {
    local end=end/$RANDOM$RANDOM got=$dir/got reader
    mosquitto_pub --unix "$socket" -t "$end" -m end -r || return
    : >"$got"
    mosquitto_sub --unix "$socket" -t "$1" -t "$end" -v >"$got" 2>/dev/null &
    reader=$!
    within 20 grep -q "^$end end\$" "$got"
    kill $reader
    wait $reader 2>/dev/null
    grep -v "^$end " "$got"
    mosquitto_pub --unix "$socket" -t "$end" -n -r
}

# ---- The hosts ----

in_host() { # in_host HOST COMMAND...
    local host=$1
    shift
    nsenter -t "${space[$host]}" -n "$@"
}

start_host() {
    unshare -n sleep 1000 &
    space[$1]=$!
    within 10 sh -c '[ "$(readlink /proc/$1/ns/net)" != "$(readlink /proc/self/ns/net)" ]' \
        sh "${space[$1]}" || exit 1
    in_host "$1" sh -c '
        ip link add v0 type veth peer name v1 && ip link set v0 addrgenmode none &&
        ip link set v1 addrgenmode none && ip link set v0 up && ip link set v1 up &&
        ip link add "odd+é" type veth peer name w1 && ip link set "odd+é" addrgenmode none &&
        ip link set "odd+é" up' || { echo "NOT RUN: cannot make a link" >&2; exit 77; }
}

start_client() {
    nsenter -t "${space[$1]}" -n "$mqtt" --unix "$socket" --host-name "$1" >>"$dir/$1.log" 2>&1 &
    client[$1]=$!
}

# changes_of HOST COUNT: so many random changes for ip -batch, which ends at the first failure: only
# entries that the kernel does not collect are removed. The file of the host has their numbers.
changes_of() {
    touch "$dir/$1.permanent"
    awk -v count="$2" -v addresses="$addresses" -v seed="$RANDOM" -v file="$dir/$1.permanent" '
        FILENAME == file { there[$1] = 1 }
        END {
            srand(seed)
            for (i = 0; i < count; i++) {
                n = int(rand() * addresses)
                where = sprintf("10.0.%d.%d", n / 200, n % 200 + 1)
                if (n % 5 == 0) where = sprintf("2001:db8::%x", n)
                where = where " dev " (n % 7 == 0 ? "odd+é" : "v0")
                if (n in there && rand() < 0.3) {
                    print "neigh del " where
                    delete there[n]
                    continue
                }
                state = n % 20 == 1 ? "stale" : n % 20 == 2 ? "reachable" : "permanent"
                if (state == "permanent") there[n] = 1
                printf "neigh replace %s lladdr 02:%02x:%02x:%02x:%02x:%02x nud %s\n", where,
                    int(rand() * 256), int(rand() * 256), int(rand() * 256), n / 256, n % 256, state
            }
            printf "" >file
            for (n in there) print n >file
        }' "$dir/$1.permanent" /dev/null
}

change() { # change COUNT: on each host, at the same time
    local host pids=() pid
    for host in "${hosts[@]}"; do
        changes_of "$host" "$1" >"$dir/$host.batch"
        in_host "$host" ip -batch "$dir/$host.batch" &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do
        wait "$pid" || check 'the changes' false
    done
    done_changes=$((done_changes + ${#hosts[@]} * $1))
}

# ---- What must be true ----

# ip-neighbour(8) as "TOPIC PAYLOAD" lines, sorted; %XX stands for the bytes of the odd name.
wanted() {
    in_host "$1" ip -j neigh show | jq -Scr --arg host "$1" '.[] |
        "arpq/\($host)/\(.dev | gsub("é"; "%c3%a9") | gsub("\\+"; "%2b"))/\(.dst) \(tojson)"' | sort
}

had() {
    messages "arpq/$1/+/+" | grep -v '(null)$' | jq -RScr 'capture("^(?<t>[^ ]*) (?<p>.*)$") | "\(.t) \(.p | fromjson | tojson)"' | sort
}

same() { # same HOST: the broker has what ip-neighbour(8) shows
    wanted "$1" >"$dir/wanted" && had "$1" >"$dir/had" && cmp -s "$dir/wanted" "$dir/had"
}

# The topics by MAC address name the same entries.
same_macs() {
    wanted "$1" | sed -n 's,^arpq/\([^/]*\)/\([^/]*\)/\([^ ]*\) .*"lladdr":"\([^"]*\)".*,\4/\1/\2/\3,p' |
        sort >"$dir/wanted"
    messages "arpq-mac/+/+/$1/+/+" | grep -v /none/ |
        sed -n 's,^arpq-mac/[0-9a-f]*/\(.*\) 1$,\1,p' | sort >"$dir/had"
    cmp -s "$dir/wanted" "$dir/had"
}

status_is() { # status_is HOST STATUS
    [ "$(messages "arpq/$1/status")" = "arpq/$1/status $2" ]
}

check_all() {
    local host
    for host in "${hosts[@]}"; do
        check "$1: the messages of $host" within 30 same "$host"
        [ $failed = 0 ] || diff "$dir/wanted" "$dir/had" | head -n 5
        check "$1: the MAC addresses of $host" within 10 same_macs "$host"
        check "$1: the status of $host" within 10 status_is "$host" online
        [ -s "$dir/wanted" ] || check "$1: $host has entries" false
    done
}

# ---- The run ----

run() { # run PERSISTENCE
    local host part=$((changes / 15)) signal
    done_changes=0
    # In the first run the broker is told to end, and in the other it is killed.
    signal=$([ "$1" = true ] && echo TERM || echo KILL)
    {
        echo 'allow_anonymous true'
        echo "user $(id -un)"
        echo "listener 0 $socket"
        echo "persistence $1"
        echo "persistence_location $dir/"
    } >"$dir/conf"
    start_broker
    for host in "${hosts[@]}"; do start_client "$host"; done
    change "$part"
    change "$part"
    stop_broker "$signal"
    [ "$1" = false ] || check 'the broker keeps its messages' test -s "$dir/mosquitto.db"
    change "$part" # without a broker
    start_broker
    within 20 status_is two online || check 'a client comes back' false
    # Killed when all is sent, and in the other run while it sends.
    [ "$1" = true ] || check 'the messages are sent again' within 30 same two
    kill -s KILL "${client[two]}"
    wait "${client[two]}" 2>/dev/null
    change "$part"
    within 10 status_is two offline || check 'a killed client is offline' false
    start_client two
    change "$part"
    check_all "persistence $1"
    check "$done_changes changes" test $done_changes -ge $((changes - 15))
}

where() { # where HOST: the broker finds the first entry of the host by its MAC address
    local mac ip dev
    read -r ip mac dev < <(in_host "$1" ip -j neigh show dev v0 |
        jq -r 'map(select(.lladdr))[0] | "\(.dst) \(.lladdr) v0"')
    "$mqtt" where --unix "$socket" "$mac" | grep -q "^$1 $dev $ip [A-Z]* online\$"
}

interfaces() {
    in_host one ip link set v0 down
    in_host one ip link set v0 name renamed
    in_host one ip link set renamed up
    in_host one ip neigh replace 10.99.0.1 lladdr 02:00:00:00:00:99 dev renamed nud permanent
    in_host one ip link del 'odd+é'
    check 'a renamed and a removed interface' within 10 same one
    check 'the entry of the renamed one' grep -q '^arpq/one/renamed/10.99.0.1 ' "$dir/had"
    check 'the MAC addresses' within 10 same_macs one
}

for host in "${hosts[@]}"; do start_host "$host"; done
for persistence; do
    run "$persistence"
    for host in "${hosts[@]}"; do check "where, $host" where "$host"; done
    "$mqtt" where --unix "$socket" 02:ff:ff:ff:ff:ff 2>/dev/null
    check 'where nothing is' test $? = 1
    [ "$persistence" != "${!#}" ] || interfaces
    for host in "${hosts[@]}"; do
        kill -s TERM "${client[$host]}"
        wait "${client[$host]}"
        check "the exit status of $host" test $? = 0
    done
    for host in "${hosts[@]}"; do check "$host is offline" status_is "$host" offline; done
    stop_broker TERM
    rm -f "$dir/mosquitto.db"
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
