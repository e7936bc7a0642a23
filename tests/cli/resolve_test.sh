#!/bin/sh
# SPDX-License-Identifier: MIT
# arpq resolve

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

network_with_neighbour

t 0 "$m2" '' resolve 192.0.2.2
entry "* lladdr $m2 *" 192.0.2.2
t 0 "$m2" '' resolve 192.0.2.2 --revalidate
t 0 "$m2" '' resolve 2001:db8::2 --max-age 0
t 0 "$m2" '' resolve fe80::2%v0
t 0 "*192.0.2.2 $m2*" '' resolve 192.0.2.2 192.0.2.200 2001:db8::2
j 0 '.[0] | .dst == "192.0.2.200" and .dev == "v0" and .lladdr == "'$m2'" and has("took_us")' \
    resolve -j 192.0.2.200
j 0 '.[0].dst == "192.0.2.2" and .[0].asked == "203.0.113.9"' resolve -gj 203.0.113.9
t 1 '' 'arpq resolve: *192.0.2.98*: *?*' resolve 192.0.2.98 --timeout 0.3
t 1 "192.0.2.2 $m2" 'arpq resolve: *192.0.2.98*: *?*' resolve 192.0.2.98 192.0.2.2 --timeout 0.3
j 1 'map(.dst) | index("192.0.2.97") != null and index("192.0.2.2") != null' \
    resolve -j 192.0.2.97 192.0.2.2 --timeout 0.3
t 1 '' 'arpq resolve: *203.0.113.9*: *?*' resolve 203.0.113.9
t 2 "192.0.2.2 $m2" 'arpq resolve: *bog@s*: *not an IP address*' resolve bog@s 192.0.2.2
t 2 '' 'arpq resolve: *1s*: *not a number of seconds*' resolve --timeout 1s 192.0.2.2
t 2 '' 'arpq resolve: a time is too long*' resolve --timeout 99999999 192.0.2.2
t 3 '' 'arpq resolve: *nope*: *no interface of this name*' resolve -i nope 192.0.2.2
ip neigh flush dev v0
plain 0 "$m2" '' resolve 192.0.2.2
plain 1 '' 'arpq resolve: *192.0.2.96*: *?*' resolve 192.0.2.96 --timeout 0.3
t 1 '' 'arpq resolve: 192.0.2.94: not known yet; the request is sent*' resolve --timeout 0 192.0.2.94
j 1 '.[0].error == "EAGAIN" and (.[0].message | startswith("not known yet"))' \
    resolve -W 0 -j 192.0.2.93

# A STALE entry of a host that is up: without privilege the kernel waits 5 s before it asks.
ip neigh replace 192.0.2.2 lladdr $m2 dev v0 nud stale
plain 1 '' 'arpq resolve: 192.0.2.2: not confirmed within 0.3 s; *5 s more*' \
    resolve --revalidate -W 0.3 192.0.2.2
plain 1 '*"error":"EAGAIN","message":"not confirmed within 0.3 s; *' '' \
    resolve --max-age 0 -W 0.3 -j 192.0.2.2
plain 1 '' 'arpq resolve: 192.0.2.2: not confirmed; --timeout 0 does not wait' \
    resolve --revalidate -W 0 192.0.2.2
t 0 "$m2" '' resolve --revalidate -W 9 192.0.2.2
start resolve 192.0.2.95 --timeout 30
sleep 0.3
stop INT 130
unwritable resolve 192.0.2.2
unread resolve 192.0.2.2
unread resolve -j 192.0.2.2 192.0.2.3

t 2 '' "arpq resolve: 192.0.2.0/29: *not a prefix; *'arpq sweep PREFIX' finds*" resolve 192.0.2.0/29
t 2 '' "arpq resolve: 192.0.2.1-5: *not a range; 'arpq sweep RANGE' finds*" resolve 192.0.2.1-5

# --- A port of a bridge ---

ip link add br0 type bridge && ip link add p0 type veth peer name p1 && ip link set p0 master br0
ip link set br0 up && ip link set p0 up && ip link set p1 up
t 3 '' 'arpq resolve: 192.0.2.2: p0 is a port of br0, *' resolve -i p0 192.0.2.2

t 2 '' 'arpq resolve: 0.0.0.0: the unspecified address, which no host has' resolve 0.0.0.0
t 2 '' 'arpq resolve: ::: the unspecified address, which no host has' resolve ::

# --- Names: no server answers, which takes libc seconds ---

mkdir "$dir/etc"
cp /etc/ld.so.cache "$dir/etc/" 2>/dev/null
printf 'hosts: files dns\n' >"$dir/etc/nsswitch.conf"
printf '192.0.2.200 up.example\n' >"$dir/etc/hosts"
printf 'nameserver 192.0.2.9\noptions timeout:3 attempts:1\n' >"$dir/etc/resolv.conf"
ip neigh replace 192.0.2.9 lladdr $m9 dev v0 nud permanent

# start_named ARG...: the tool with this /etc in the background.
start_named() {
    : >"$dir/out"
    # shellcheck disable=SC2016 # for the inner shell
    TSAN_OPTIONS=${TSAN_OPTIONS-}:ignore_noninstrumented_modules=1 unshare -m sh -c '
        mount --bind "$1/etc" /etc || exit 99
        shift
        exec "$@"' sh "$dir" "$tool" "$@" >"$dir/out" 2>"$dir/err" </dev/null &
    running=$!
    tries=100 # the shell, too, blocks signals
    while grep -q -e sh -e unshare "/proc/$running/comm" && [ $tries -gt 0 ]; do
        tries=$((tries - 1))
        sleep 0.05
    done
}

if unshare -m mount --bind "$dir/etc" /etc 2>/dev/null; then
    start_named resolve -j 192.0.2.2 slow.example up.example bog@s
    if await '"dst":"192.0.2.2"' && await '"dst":"192.0.2.200"' && await '"dst":"bog@s"' &&
        ! grep -q slow.example "$dir/out"; then
        pass
    else
        fail 'arpq resolve: a slow name delays other addresses'
    fi
    wait "$running"
    status=$?
    if [ $status = 3 ]; then pass; else fail "arpq resolve of a slow name: $status, not 3"; fi
    holds 'all(.[]; (.took_us // 0) < 2000000) and
        map(select(.dst == "slow.example"))[0].error == "ETIMEDOUT"'
    start_named resolve slow.example
    stop INT 130
else
    echo 'not run: slow names, as /etc cannot be replaced'
fi

finish
