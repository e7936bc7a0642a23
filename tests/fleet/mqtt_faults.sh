#!/bin/bash
# SPDX-License-Identifier: MIT
# mqtt_faults.sh MQTT - arpq-mqtt with brokers that fail, and with messages of others.
# Exit status: 77 if a program is not installed.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
require ip python3
enter "$@"
mqtt=$2
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
socket=$dir/socket
broker=
client=
cleanup() {
    stop_client
    stop_broker
    rm -rf "$dir"
}
trap cleanup EXIT
passed=0
failed=0

start_client() { # start_client ARGUMENT...
    "$mqtt" --unix "$socket" --host-name h "$@" >"$dir/out" 2>&1 &
    client=$!
}

stop_client() { # returns its exit status
    [ -n "$client" ] || return 0
    kill "$client" 2>/dev/null
    wait "$client"
    local status=$?
    client=
    return $status
}

# start_broker ARGUMENT...: what it gets is in the file got.
start_broker() {
    rm -f "$socket" "$dir/got"
    python3 "$here/fake_broker.py" "$socket" "$@" >"$dir/got" &
    broker=$!
    within 10 test -S "$socket" || exit 1
}

stop_broker() {
    [ -n "$broker" ] || return 0
    kill "$broker"
    wait "$broker" 2>/dev/null
    broker=
}

# The neighbour 10.9.0.2 gets all packets and answers none.
ip link set lo up && ip link add v0 type veth peer name v1 && ip link set v0 up &&
    ip link set v1 up && ip addr add 10.9.0.1/16 dev v0 &&
    ip neigh add 10.9.0.2 lladdr 02:00:00:00:00:99 dev v0 nud permanent || exit 1

# ---- Brokers and name servers that do not answer ----

gives_up() { # gives_up COMMAND...: with the exit status and the message, after a second
    local begin=${EPOCHREALTIME/./} status
    timeout 8 "$@" >"$dir/out" 2>&1
    status=$?
    [ $status = 3 ] && grep -q 'does not answer in time' "$dir/out" &&
        [ $((${EPOCHREALTIME/./} - begin)) -lt 4000000 ]
}

check 'where: a broker that does not answer' \
    gives_up "$mqtt" where --timeout 1 -h 10.9.0.2 02:00:00:00:00:20
echo 'nameserver 10.9.0.2' >"$dir/resolv.conf"
echo 'hosts: dns' >"$dir/nsswitch.conf"
# shellcheck disable=SC2016 # the inner shell expands these
in_mounts='for file in resolv.conf nsswitch.conf; do
    mount --bind "$0/$file" /etc/$file || exit 77
done
exec "$@"'
if unshare -m sh -c "$in_mounts" "$dir" true 2>/dev/null; then
    check 'where: a name server that does not answer' gives_up unshare -m \
        sh -c "$in_mounts" "$dir" "$mqtt" where --timeout 1 -h broker.example 02:00:00:00:00:20
else
    echo 'not run: a name server: may not mount over /etc/resolv.conf'
fi

# ---- What was never sent needs no removal, and no memory until then ----

few_messages() { # the status, and two topics of the neighbour
    within 10 grep -q '^publish arpq/h/v0/10.9.0.2 {' "$dir/got" &&
        [ "$(grep -c '^publish ' "$dir/got")" -lt 20 ]
}

start_client --qos 1
within 10 grep -q 'cannot connect' "$dir/out" || exit 1
for n in {1..500}; do
    echo "neigh add 10.9.1.$((n % 250)) lladdr 02:00:00:00:$((n / 100)):$((n % 100)) dev v0 nud permanent"
    echo "neigh del 10.9.1.$((n % 250)) dev v0"
done >"$dir/batch"
ip -batch "$dir/batch" || exit 1
sleep 0.2
start_broker --keep other message
check 'entries that came and went without a broker' few_messages
check 'the client ends' stop_client
check 'it says so' grep -q '^publish arpq/h/status offline$' "$dir/got"
stop_broker

# ---- An old will may come between "online" and the subscription ----

got() { # got COUNT LINE: so often at least
    [ "$(grep -cxF "$2" "$dir/got")" -ge "$1" ]
}

start_broker --keep arpq/h/status offline
start_client --qos 1
check 'online again after a retained "offline"' within 5 got 2 'publish arpq/h/status online'
check 'the client ends' stop_client
stop_broker

# ---- Refusals ----

# tries_again CODE REASON ARGUMENT...: it says so after a refusal
tries_again() {
    start_broker --refuse "$1"
    start_client "${@:3}"
    within 5 grep -q "cannot connect: .*$2.*; trying again" "$dir/out"
}

end_both() {
    stop_client
    local status=$?
    stop_broker
    return $status
}

for version in 311 5; do
    code=$([ $version = 5 ] && echo 136 || echo 3)
    check "MQTT $version: a server that is unavailable" tries_again "$code" unavailable -V $version
    check "MQTT $version: it connects again" within 5 got 1 'publish arpq/h/status online'
    check "MQTT $version: the client ends" end_both
done
check 'a busy server' tries_again 137 'Server busy' -V 5
check 'the client ends' end_both
check 'too many connections' tries_again 159 'Connection rate exceeded' -V 5
check 'the client ends' end_both

refused() {
    timeout 5 "$mqtt" --unix "$socket" >"$dir/out" 2>&1
    [ $? = 3 ] && grep -q 'the broker refuses this client: .*not authorised' "$dir/out"
}
start_broker --refuse 5
check 'a refusal that is final' refused
stop_broker

# ---- Entries of others ----

mac=02:00:00:00:00:20 # on the page c0
keep=()
entry() { # entry ADDRESS PAYLOAD: of the host evil
    keep+=(--keep "arpq-mac/c0/$mac/evil/eth0/$1" 1 --keep "arpq/evil/eth0/$1" "$2")
}
entry 192.0.2.1 '{"dst":"192.0.2.1","n":[-1.5e+3,true],"state":["STALE"]}'
entry 192.0.2.2 $'{"state":["\e]0;title\a"]}'
entry 192.0.2.3 '{}'
entry 192.0.2.4 $'{"dst":"192.0.2.4"}\n{"host":"gateway"}'
entry 192.0.2.5 '{"dst":"192.0.2.5"}{"host":"gateway"}'
entry 192.0.2.6 '{"dst":"192.0.2.6","host":"gateway","status":"online"}'
entry 192.0.2.7 '{"dst":"192.0.2.7","\u0068ost":"gateway"}'
entry 192.0.2.8 '{"dst":"192.0.2.8",}'
entry 192.0.2.9 $'{"dst":"\xff"}'
entry 192.0.2.10 '{"dst":"192.0.2.10","state":["OK online\u001b"]}'
entry 192.0.2.11é '{"dst":"192.0.2.11"}'
entry 192.0.2.12 '{"dst":"192.0.2.12","state":["STALE"]'
start_broker "${keep[@]}"

where_prints() { # where_prints ARGUMENT... <LINES
    "$mqtt" where --unix "$socket" "$@" "$mac" >"$dir/out" 2>&1
    diff - "$dir/out"
}
check 'where: only valid entries, escaped' where_prints <<'END'
evil eth0 192.0.2.1 STALE offline
evil eth0 192.0.2.10 OK????????????? offline
evil eth0 192.0.2.11\xc3\xa9 - offline
END
check 'where -j: only valid entries' where_prints -j <<'END'
{"host":"evil","status":"offline","dst":"192.0.2.1","n":[-1.5e+3,true],"state":["STALE"]}
{"host":"evil","status":"offline","dst":"192.0.2.10","state":["OK online\u001b"]}
{"host":"evil","status":"offline","dst":"192.0.2.11"}
END
stop_broker

echo "$passed passed, $failed failed"
[ $failed = 0 ]
