#!/bin/sh
# SPDX-License-Identifier: MIT
# arpq watch

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

reading_network

# start_watch ARG...: watch in the background, from when the table has been told.
start_watch() {
    : >"$dir/out"
    "$tool" watch --existing --timeout 30 "$@" >"$dir/out" 2>"$dir/err" </dev/null &
    watcher=$!
    await synced || fail "arpq watch --existing $*: no synced"
}

# saw PATTERN: the watch says so, soon.
saw() {
    if await "$1"; then pass; else fail "arpq watch: no '$1'"; fi
}

# stop_watch SIGNAL: the watch ends by it, with status 0.
stop_watch() {
    await_loop "$watcher"
    before=$(date +%s)
    kill -s "$1" "$watcher"
    wait "$watcher"
    status=$?
    if [ $status = 0 ] && [ ! -s "$dir/err" ] && [ $(($(date +%s) - before)) -lt 10 ]; then
        pass
    else
        fail "arpq watch, ended by SIG$1: exit status $status"
    fi
}
for address in 192.0.2.9 2001:db8::9; do
    j 0 ".[-1].event == \"synced\" and any(.[]; .event == \"neigh_added\" and .dst == \"$address\")" \
        watch -j --existing --timeout 0
done
j 0 'map(.event) == ["neigh_added", "synced"] and .[0].dst == "192.0.2.9" and .[0].dev == "v0"' \
    watch -j --existing --prefix 192.0.2.9 --timeout 0
j 0 'length == 3' watch -j --existing --count 3
j 0 'map(.dst) == ["192.0.2.8", null]' watch -j --existing --proto static --timeout 0
j 0 "all(.[]; .host == \"$(uname -n)\" and .event and .time) and .[0].ifindex and .[0].dev" \
    watch -j --host --existing --timeout 0
t 2 '' 'arpq watch: --host needs --json*' watch --host --timeout 0
t 0 '' '' watch --timeout 0.1 198.18.0.0/15
t 0 '' '' watch --timeout 0 198.18.0.0/15

m20=02:00:00:00:00:20
start_watch --interfaces --addresses
ip neigh add 192.0.2.20 lladdr $m20 dev v0 nud reachable
saw "^[0-9]*-[0-9]*-[0-9]*T[0-9:]*\.[0-9]* added 192\.0\.2\.20 dev v0 lladdr $m20 REACHABLE"
ip neigh change 192.0.2.20 lladdr $m20 dev v0 nud stale
saw " changed 192\.0\.2\.20 dev v0 lladdr $m20 STALE (was REACHABLE)\$"
ip neigh change 192.0.2.20 lladdr 02:00:00:00:00:21 dev v0 nud permanent
saw " moved 192\.0\.2\.20 dev v0 lladdr 02:00:00:00:00:21 PERMANENT .*from $m20"
ip neigh del 192.0.2.20 dev v0
saw ' removed 192\.0\.2\.20 dev v0'
ip addr add 198.51.100.77/24 dev v1
saw ' address added 198\.51\.100\.77/24 dev v1'
ip addr del 198.51.100.77/24 dev v1
saw ' address removed 198\.51\.100\.77/24 dev v1'
ip link add w0 type veth peer name w1
saw ' interface added w0 down'
ip link set w0 up
saw ' interface changed w0 up.* (was down)'
ip link del w0
saw ' interface removed w0'
stop_watch INT

start_watch -j -i v0 --addresses
ip neigh add 192.0.2.20 lladdr $m20 dev v0 nud stale
ip neigh change 192.0.2.20 lladdr 02:00:00:00:00:21 dev v0 nud permanent
ip addr add 198.51.100.78/24 dev v1
ip addr add 198.51.100.77/24 dev v0
ip addr del 198.51.100.77/24 dev v0
ip addr del 198.51.100.78/24 dev v1
ip neigh del 192.0.2.20 dev v0
saw '"neigh_removed".*"192.0.2.20"'
stop_watch TERM
if jq -es 'all(.[]; (keys_unsorted[0]) == "event")
    and (map(select(.event == "neigh_moved")) | length == 1 and .[0].old_lladdr == "'$m20'"
         and .[0].dst == "192.0.2.20" and .[0].old_state == ["STALE"]
         and .[0].state == ["PERMANENT"])
    and (map(select(.event == "address_added" and .ifname == "v0" and .prefixlen == 24).local)
         | index("198.51.100.77") != null)
    and all(.[]; .dev // .ifname // "v0" | . == "v0")' "$dir/out" >/dev/null; then
    pass
else
    fail 'arpq watch -j: not what was done'
fi

# A reader that closes its end ends the watch by SIGPIPE without a message.
: >"$dir/out"
{
    timeout 10 "$tool" watch --existing --timeout 9 2>"$dir/err"
    echo $? >"$dir/ip"
} | head -1 >"$dir/out"
if [ "$(cat "$dir/ip")" = 141 ] && [ ! -s "$dir/err" ] && [ "$(wc -l <"$dir/out")" = 1 ]; then
    pass
else
    fail "arpq watch | head -1: exit status $(cat "$dir/ip")"
fi
before=$(date +%s)
"$tool" watch --existing --timeout 20 2>"$dir/err" | head -1 >"$dir/out"
if [ $(($(date +%s) - before)) -lt 10 ]; then pass; else fail 'arpq watch | head -1 goes on'; fi
# It need not wait for a change to notice that.
before=$(date +%s)
"$tool" watch --existing --prefix 192.0.2.9 --timeout 20 2>"$dir/err" | head -2 >"$dir/out"
if [ $(($(date +%s) - before)) -lt 10 ] && [ "$(wc -l <"$dir/out")" = 2 ]; then
    pass
else
    fail 'arpq watch | head -2 waits for a change'
fi
# A reader that does not read keeps no signal waiting: more than a pipe holds is told.
mkfifo "$dir/pipe"
seq 1 200 | sed "s/.*/neigh add 10.99.0.& lladdr $m20 dev m0 nud permanent/" >"$dir/batch"
seq 1 200 | sed "s/.*/neigh add 10.99.1.& lladdr $m20 dev m0 nud permanent/" >>"$dir/batch"
seq 1 200 | sed "s/.*/neigh add 10.99.2.& lladdr $m20 dev m0 nud permanent/" >>"$dir/batch"
ip -batch "$dir/batch" || fail 'cannot make entries'
# shellcheck disable=SC2217 # that is the point of it
sleep 30 <"$dir/pipe" &
sleeper=$!
"$tool" watch -j --existing >"$dir/pipe" 2>"$dir/err" </dev/null &
watcher=$!
sleep 0.5
stop_watch TERM
kill $sleeper
wait $sleeper 2>/dev/null
ip neigh flush dev m0 nud permanent

t 2 '' 'arpq watch: *1s*: *not a number of seconds*' watch --timeout 1s
t 2 '' 'arpq watch: *-1*: *not a number of seconds*' watch --timeout -1
t 2 '' 'arpq watch: *.*: *not a number of seconds*' watch --timeout .
t 2 '' 'arpq watch: *0*: *not a number from 1 to 4294967295*' watch --count 0
t 2 '' 'arpq watch: *1x*: *not a number from 1 to 4294967295*' watch --count 1x
t 2 '' 'arpq watch: *10.0.0.0/33*: *the part after*' watch --prefix 10.0.0.0/33
t 0 '' 'arpq watch: nope: no interface of this name; waiting*' watch -i nope --timeout 0.1
t 2 '' 'arpq watch: *: an interface name is empty' watch -i ''

# --- Words, and the time and interface of every event ---

j 0 'map(.dst) == ["192.0.2.9", null]' watch -j --existing --timeout 0 192.0.2.9
j 0 'all(.[]; .event == "synced" or .dev == "v0")' watch -j --existing --timeout 0 dev v0
j 0 'all(.[]; .time | test("^[0-9-]*T[0-9:]*[.][0-9]{9}Z$"))
    and all(.[] | select(.dst); .ifindex > 0) and any(.[]; .dst)' watch -j --existing --timeout 0
j 0 'all(.[]; .event == "synced" or .ifindex > 0) and all(.[]; has("time"))
    and any(.[]; .event == "interface_added") and any(.[]; .event == "address_added")' \
    watch -j --existing --timeout 0 link address

# --- An interface that is removed and created again ---

: >"$dir/out"
"$tool" watch -i f0 --interfaces --timeout 30 >"$dir/out" 2>"$dir/err" </dev/null &
watcher=$!
tries=100
until grep -q waiting "$dir/err" || [ $tries = 0 ]; do tries=$((tries - 1)); sleep 0.05; done
for address in 192.0.2.31 192.0.2.32; do
    ip link add f0 type veth peer name f1
    ip link set f0 up
    ip neigh add "$address" lladdr $m9 dev f0 nud permanent
    ip neigh add 192.0.2.33 lladdr $m9 dev v0 nud permanent
    saw " added $address dev f0"
    ip link del f0
    saw " interface removed f0"
    ip neigh del 192.0.2.33 dev v0
    : >"$dir/out"
done
kill $watcher
wait $watcher
status=$?
if [ $status = 0 ] && grep -q 'f0: no interface of this name; waiting' "$dir/err" &&
    grep -q 'f0: the interface was removed; waiting' "$dir/err" &&
    ! grep -q 192.0.2.33 "$dir/out"; then
    pass
else
    fail "arpq watch -i of an interface that comes and goes: exit status $status"
fi

finish
