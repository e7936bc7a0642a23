#!/bin/sh
# SPDX-License-Identifier: MIT
# Tests of the command-line tool where it acts: it changes the table, and sends and hears
# packets. The network is a veth pair with a neighbour in a namespace behind it.
#
# usage: act_test.sh TOOL
# Needs root or unprivileged user namespaces, iproute2, util-linux and jq.
# Exit status: 0 all passed, 1 a test failed or, without ARPQ_ALLOW_SKIP=1, could not run.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# --- The network ---

unshare -n sleep 300 &
peer=$!
trap 'kill $peer 2>/dev/null; rm -rf "$dir"' EXIT
tries=100
until [ "$(readlink /proc/$peer/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || cannot_run "cannot make a second network namespace"
    sleep 0.05
done

# there COMMAND...: in the neighbour's namespace.
there() {
    nsenter -t $peer -n "$@"
}

m2=02:00:00:00:00:02
odd=$(printf 'w\001\377\134')

network() {
    ip link set lo up && there ip link set lo up &&
        ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address $m2 &&
        ip link set v1 netns $peer &&
        ip link set v0 addrgenmode none && there ip link set v1 addrgenmode none &&
        ip link set v0 up && there ip link set v1 up &&
        ip addr add 192.0.2.1/24 brd + dev v0 &&
        ip addr add 2001:db8::1/64 dev v0 nodad && ip addr add fe80::1/64 dev v0 nodad &&
        there ip addr add 192.0.2.2/24 dev v1 && there ip addr add 192.0.2.200/24 dev v1 &&
        there ip addr add 2001:db8::2/64 dev v1 nodad &&
        there ip addr add fe80::2/64 dev v1 nodad &&
        there ip link add d0 type veth peer name d1 &&
        there ip link set d0 up && there ip link set d1 up &&
        there ip addr add 203.0.113.1/24 dev d0 &&
        there sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward' &&
        ip route add 203.0.113.0/24 via 192.0.2.2 &&
        ip link add "$odd" type veth peer name w1 &&
        ip link set "$odd" up && ip link set w1 up &&
        ip addr add 10.9.0.1/28 dev "$odd"
}
network || cannot_run "cannot build the test network"

# Without any capability, and where that is possible as nobody.
plain_user='--bounding-set -all --inh-caps -all'
nobody='--reuid 65534 --regid 65534 --clear-groups'
# shellcheck disable=SC2086 # a list of words
if setpriv $nobody $plain_user test -x "$tool" 2>/dev/null; then
    plain_user="$nobody $plain_user"
fi
# shellcheck disable=SC2086
setpriv $plain_user true || cannot_run "cannot put away privileges"

# plain STATUS OUT ERR ARG...: as t, without privilege.
plain() {
    want=$1 out=$2 err=$3
    shift 3
    # shellcheck disable=SC2086
    setpriv $plain_user "$tool" "$@" >"$dir/out" 2>"$dir/err" </dev/null
    status=$?
    if [ "$status" = "$want" ] && matches "$dir/out" "$out" && matches "$dir/err" "$err"; then
        pass
    else
        fail "arpq $* without privilege: exit status $status, not $want, or other output"
    fi
}

# entry PATTERN IP: ip-neighbour(8) says so of the entry.
entry() {
    said=$(ip neigh show to "$2" nud all)
    # shellcheck disable=SC2254 # it is a pattern
    case $said in
    $1) pass ;;
    *) fail "the entry of $2 is '$said', not like '$1'" ;;
    esac
}

# start ARG...: the tool in the background.
start() {
    : >"$dir/out"
    "$tool" "$@" >"$dir/out" 2>"$dir/err" </dev/null &
    running=$!
}

# stop SIGNAL STATUS: it ends by the signal, soon, with that exit status.
stop() {
    before=$(date +%s)
    kill -s "$1" "$running"
    wait "$running"
    status=$?
    if [ $status = "$2" ] && [ $(($(date +%s) - before)) -lt 3 ]; then
        pass
    else
        fail "arpq, ended by SIG$1: exit status $status, not $2"
    fi
}

# holds FILTER: of the JSON lines on stdout.
holds() {
    if jq -es "$1" "$dir/out" >/dev/null; then pass; else fail "$1 does not hold"; fi
}

# saw PATTERN COMMAND...: what runs says so, soon, the command being run until then.
saw() {
    pattern=$1
    shift
    tries=40
    until grep -q -e "$pattern" "$dir/out"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || break
        "$@" >/dev/null 2>&1
        sleep 0.05
    done
    if [ $tries -gt 0 ]; then pass; else fail "no '$pattern'"; fi
}

# unwritable ARG...: the tool cannot write its output, and says so.
unwritable() {
    : >"$dir/out"
    "$tool" "$@" >/dev/full 2>"$dir/err"
    status=$?
    if [ $status = 3 ] && matches "$dir/err" '*arpq: cannot write the output*'; then
        pass
    else
        fail "arpq $* >/dev/full: exit status $status, not 3"
    fi
    "$tool" "$@" >&- 2>"$dir/err"
    status=$?
    if [ $status = 3 ]; then pass; else fail "arpq $* >&-: exit status $status, not 3"; fi
}

# --- Usage ---

for command in set del resolve ping; do
    t 2 '' "usage: arpq *${nl}Try 'arpq --help'." $command
done
t 2 '' "arpq: set takes no more than 2 arguments${nl}Try *" set 192.0.2.9 $m2 x
t 2 '' "arpq: ping takes no more than 1 argument${nl}Try *" ping 192.0.2.2 192.0.2.3
t 2 '' 'arpq: sweep takes no more than 1 argument*' sweep 192.0.2.0/24 192.0.2.2
t 2 '' 'arpq: flush takes options only*' flush v0
t 2 '' 'arpq: sniff takes options only*' sniff v0
t 2 '' 'arpq: set does not take --vendor*' set --vendor 192.0.2.9 $m2
t 2 '' 'arpq: del does not take --state*' del --state stale 192.0.2.9
t 2 '' 'arpq: flush does not take --vendor*' flush --vendor
t 2 '' 'arpq: resolve does not take --count*' resolve --count 1 192.0.2.9
t 2 '' 'arpq: sweep does not take --mac*' sweep --mac $m2
t 2 '' 'arpq: ping does not take --vendor*' ping --vendor 192.0.2.2
t 2 '' 'arpq: sniff does not take --size*' sniff --size 1
t 2 '' 'arpq: show does not take --create*' show --create

# --- arpq set ---

m9=02:00:00:00:00:09
t 0 '' '' set 192.0.2.9 $m9
entry "* lladdr $m9 PERMANENT *" 192.0.2.9
t 0 '' '' set 192.0.2.9 0200.0000.000a --state stale --dev v0
entry '* lladdr 02:00:00:00:00:0a STALE *' 192.0.2.9
t 0 '' '' set 192.0.2.9 $m9 --replace --router --proto static
entry "* lladdr $m9 router *PERMANENT *" 192.0.2.9
j 0 '.[0].protocol == "static" and (.[0] | has("router"))' get -j 192.0.2.9
t 0 '' '' set 192.0.2.10 $m9 --create --proto 99
t 1 '' 'arpq: 192.0.2.10: there is an entry already*' set 192.0.2.10 $m9 --create
t 1 '' 'arpq: 192.0.2.11: there is no entry to change*' set 192.0.2.11 $m9 --replace
j 0 '.[0] == {"dst": "192.0.2.11", "dev": "v0", "lladdr": "'$m9'", "extern_learn": null,
    "state": ["NOARP"], "protocol": "99"}' \
    set -j 192.0.2.11 $m9 --state NoArp --extern-learn --proto 99
t 0 '' '' set 192.0.2.12 --state failed
t 0 '' '' set 192.0.2.2 --managed
t 0 '' '' set 2001:db8::9 $m9
t 0 '' '' set fe80::9%v0 $m9
t 0 '' '' set 10.9.0.9 $m9
j 0 '.[0].dst == "fe80::9" and .[0].dev == "v0"' set -j fe80::9 -i v0 $m9
j 0 '.[0].dst == "192.0.2.9" and .[0].asked == "::ffff:192.0.2.9"' set -j ::ffff:192.0.2.9 $m9
entry "* lladdr $m9 PERMANENT *" 2001:db8::9
j 0 'map(.dst) == ["192.0.2.10", "192.0.2.11"]' show -j --proto 99
j 0 'map(.dst) == ["192.0.2.11"]' show -j --extern-learn
j 0 'map(.dst) == ["192.0.2.2"]' show -j --managed

t 2 '' 'arpq: 192.0.2.1: refused without --insist*' set 192.0.2.1 $m9
t 2 '' 'arpq: 192.0.2.255: refused*' set 192.0.2.255 $m9
t 2 '' 'arpq: 224.0.0.1: refused*' set 224.0.0.1 $m9 -i v0
t 2 '' 'arpq: 192.0.2.13: refused*' set 192.0.2.13 ff:ff:ff:ff:ff:ff
t 2 '' 'arpq: 192.0.2.13: refused*' set 192.0.2.13 00:00:00:00:00:00
t 0 '' '' set 192.0.2.13 01:00:5e:00:00:01 --insist
t 2 '' 'arpq: 192.0.2.14: *length*' set 192.0.2.14 02:00:00:00:09
t 2 '' 'arpq: 192.0.2.14: *needs a MAC address*' set 192.0.2.14 --state stale
t 2 '' 'arpq: set needs a MAC address*' set 192.0.2.14
t 2 '' 'arpq: xx: not a MAC address' set 192.0.2.14 xx
t 2 '' 'arpq: bogus: not an IP address' set bogus $m9
t 2 '' 'arpq: *one state*' set 192.0.2.14 $m9 --state stale --state noarp
t 2 '' 'arpq: *one state*' set 192.0.2.14 $m9 --state all
t 2 '' 'arpq: tired: not a state*' set 192.0.2.14 $m9 --state tired
t 2 '' 'arpq: *exclude each other*' set 192.0.2.14 $m9 --create --replace
t 2 '' 'arpq: mine: not a protocol*' set 192.0.2.14 $m9 --proto mine
t 2 '' 'arpq: 256: not a protocol*' set 192.0.2.14 $m9 --proto 256
t 2 '' 'arpq: 0: not a protocol*' set 192.0.2.14 $m9 --proto 0
t 2 '' 'arpq: fe80::9: *link-local*' set fe80::9 $m9
t 1 '' 'arpq: 192.88.99.1: ?*' set 192.88.99.1 $m9
t 3 '' 'arpq: nope: no interface of this name' set 192.0.2.14 $m9 -i nope
j 2 '.[0].lladdr == "xx" and .[0].error == "EINVAL"' set -j 192.0.2.14 xx
j 2 '.[0].dst == "192.0.2.1" and .[0].error == "EADDRNOTAVAIL"' set -j 192.0.2.1 $m9
j 1 '.[0].error == "EEXIST"' set -j 192.0.2.10 $m9 --create
plain 3 '' 'arpq: 192.0.2.14: *CAP_NET_ADMIN' set 192.0.2.14 $m9
plain 3 '*"EPERM"*' '' set -j 192.0.2.14 $m9
entry '' 192.0.2.14

# Proxies.
t 0 '' '' set --proxy 192.0.2.77 --dev v0
t 0 '' '' set --proxy 192.0.2.78 --netmask 255.255.255.255
t 0 '' '' set --proxy 0.0.0.0 --netmask 0.0.0.0 -i v0
if [ "$(cat /proc/sys/net/ipv4/conf/v0/proxy_arp)" = 1 ]; then
    pass
else
    fail 'arpq set --netmask 0.0.0.0: proxy_arp is not on'
fi
j 0 'map(.dst) == ["192.0.2.78", "192.0.2.77"] and (map(.dev) == [null, "v0"])' show -j --proxy
t 0 '*192.0.2.78  -  *192.0.2.77  v0  *' '' show --proxy
t 2 '' 'arpq: a proxy entry cannot be managed*' set --proxy 192.0.2.77 --managed
t 2 '' 'arpq: a proxy entry has no MAC*' set --proxy 192.0.2.77 $m9
t 2 '' 'arpq: proxy entries have neither*' set --proxy 192.0.2.77 --state stale
t 2 '' 'arpq: --netmask goes with --proxy*' set 192.0.2.77 $m9 --netmask 0.0.0.0
t 2 '' 'arpq: 255.255.0.0: a proxy*netmask*' set --proxy 192.0.2.77 --netmask 255.255.0.0
t 2 '' 'arpq: 192.0.2.77: *0.0.0.0*' set --proxy 192.0.2.77 --netmask 0.0.0.0
plain 3 '' 'arpq: 192.0.2.79: *CAP_NET_ADMIN' set --proxy 192.0.2.79 -i v0

# --- arpq del ---

t 0 '' '' del --proxy 0.0.0.0 --netmask 0.0.0.0 -i v0
if [ "$(cat /proc/sys/net/ipv4/conf/v0/proxy_arp)" = 0 ]; then
    pass
else
    fail 'arpq del --netmask 0.0.0.0: proxy_arp is on'
fi
t 0 '' '' del --proxy 192.0.2.77 -i v0
t 1 '' 'arpq: 192.0.2.77: there is no such entry*' del --proxy 192.0.2.77 -i v0
j 0 '.[0] | .dst == "192.0.2.78" and has("proxy")' del -j --proxy 192.0.2.78
plain 3 '' 'arpq: 192.0.2.9: *CAP_NET_ADMIN' del 192.0.2.9
j 0 '.[0].dst == "192.0.2.9" and .[0].lladdr == "'$m9'" and .[0].state == ["PERMANENT"]' \
    del -j 192.0.2.9
j 1 '.[0].dst == "192.0.2.9" and .[0].error == "ENOENT"' del -j 192.0.2.9
t 1 '' "arpq: 192.0.2.9: there is no such entry*" del 192.0.2.9 2001:db8::9
entry '' 2001:db8::9
t 0 '' '' del fe80::9%v0
t 2 '' 'arpq: bogus: not an IP address' del bogus
t 2 '' 'arpq: --netmask goes with --proxy*' del 0.0.0.0 --netmask 0.0.0.0
t 3 '' 'arpq: nope: no interface of this name' del -i nope 192.0.2.9

# --- arpq flush ---

t 2 '' 'arpq: flush needs an option*' flush
t 2 '' 'arpq: flush needs an option*' flush -j
t 2 '' 'arpq: flush needs an option*' flush --state all
plain 3 '' 'arpq: *CAP_NET_ADMIN: permission denied*' flush --proto 99
t 0 '2 entries removed' '' flush --proto 99
t 1 '0 entries removed' '' flush --proto 99
t 0 '' '' set 192.0.2.20 $m9 --state stale
t 0 '' '' set 192.0.2.21 $m9
t 0 '' '' set 192.0.2.22 $m9 --state stale
t 0 '1 entry removed' '' flush --prefix 192.0.2.20
entry '' 192.0.2.20
j 0 '.[0] == {"removed": 1}' flush -j -i v0 --state permanent --prefix 192.0.2.20/30
t 0 '[1-9]* removed' '' flush -i v0
entry '' 192.0.2.22
entry '* managed *' 192.0.2.2
t 0 '1 entry removed' '' flush -i v0 --managed
t 1 '0 entries removed' '' flush --proxy
t 2 '' 'arpq: tired: not a state*' flush --state tired
t 3 '' 'arpq: nope: no interface of this name' flush -i nope

# --- arpq resolve ---

t 0 "$m2" '' resolve 192.0.2.2
entry "* lladdr $m2 *" 192.0.2.2
t 0 "$m2" '' resolve 192.0.2.2 --revalidate
t 0 "$m2" '' resolve 2001:db8::2 --max-age 0
t 0 "$m2" '' resolve fe80::2%v0
t 0 "*192.0.2.2 $m2*" '' resolve 192.0.2.2 192.0.2.200 2001:db8::2
j 0 '.[0] | .dst == "192.0.2.200" and .dev == "v0" and .lladdr == "'$m2'" and has("took_us")' \
    resolve -j 192.0.2.200
j 0 '.[0].dst == "192.0.2.2" and .[0].asked == "203.0.113.9"' resolve -gj 203.0.113.9
t 1 '' 'arpq: 192.0.2.98: ?*' resolve 192.0.2.98 --timeout 0.3
t 1 "192.0.2.2 $m2" 'arpq: 192.0.2.98: ?*' resolve 192.0.2.98 192.0.2.2 --timeout 0.3
j 1 'map(.dst) | index("192.0.2.97") != null and index("192.0.2.2") != null' \
    resolve -j 192.0.2.97 192.0.2.2 --timeout 0.3
t 1 '' 'arpq: 203.0.113.9: ?*' resolve 203.0.113.9
t 2 "192.0.2.2 $m2" 'arpq: bogus: not an IP address' resolve bogus 192.0.2.2
t 2 '' 'arpq: 1s: not a number of seconds' resolve --timeout 1s 192.0.2.2
t 2 '' 'arpq: a time is too long*' resolve --timeout 99999999 192.0.2.2
t 3 '' 'arpq: nope: no interface of this name' resolve -i nope 192.0.2.2
ip neigh flush dev v0
plain 0 "$m2" '' resolve 192.0.2.2
plain 1 '' 'arpq: 192.0.2.96: ?*' resolve 192.0.2.96 --timeout 0.3
start resolve 192.0.2.95 --timeout 30
sleep 0.3
stop INT 1
unwritable resolve 192.0.2.2

# --- arpq sweep ---

three='192.0.2.1 *local*192.0.2.2 *v0 *192.0.2.200 *v0 *'
t 0 "IP  * DEV * MAC * RTT * FLAGS*$three" '[1-9]* found of 25? addresses on v0 by ARP, *' \
    sweep 192.0.2.0/24
j 0 'map(select(.dst != "192.0.2.1" and .dst)) | sort_by(.dst)
    | map(.dst) == ["192.0.2.2", "192.0.2.200"]
    and all(.[]; .lladdr == "'$m2'" and .dev == "v0" and .attempt == 1 and .rtt_us > 0)' \
    sweep -j -i v0
holds '.[-1].statistics | .method == "arp" and .finished == 1 and .targets > 250
    and .sent >= .targets and .loss_ppm == 0'
entry '' 192.0.2.94
t 2 '' 'arpq: which network?*' sweep
ip route add default via 192.0.2.2
t 0 "*$three" '*found of*' sweep
t 0 "*$three" '*found of*' sweep --no-source --attempts 1 --rate 100000 --timeout 0.2
ip route del default
t 1 '' '0 found of 1 address *' sweep 192.0.2.93
t 1 '*w\\x01\\xff\\x5c  *local*' '* on w\\x01\\xff\\x5c by ARP*' sweep 10.9.0.0/28
plain 0 "*192.0.2.2 *v0 *" '*by the kernel?s resolution*' sweep 192.0.2.0/29
t 0 "*192.0.2.2 *v0 *" '*by the kernel?s resolution*' sweep 192.0.2.0/29 --no-raw
t 0 '*2001:db8::2 *v0 *' '* found on v0 by echo request*' sweep -6 -i v0
j 0 'any(.[]; .dst == "fe80::2" and .lladdr == "'$m2'")' sweep -j -6 -i v0
t 0 '*2001:db8::2 *v0 *' '*found of*' sweep 2001:db8::/124
t 2 '' 'arpq: 10.0.0.0/8: *--force*' sweep 10.0.0.0/8 -i v0
t 2 '' 'arpq: ::/0: everyone on which link?*' sweep ::/0
t 2 '' 'arpq: 224.0.0.0/28: groups*' sweep 224.0.0.0/28 -i v0
t 2 '' 'arpq: bogus: not an IP address or prefix' sweep bogus
t 2 '' 'arpq: 192.0.2.0/33: not a prefix length' sweep 192.0.2.0/33
t 2 '' '*prefix is of the family*' sweep -6 192.0.2.0/24
t 2 '' '*scope of the prefix and --dev*' sweep fe80::%v0/120 -i w1
t 2 '' 'arpq: 0: not a number*' sweep --rate 0
t 2 '' 'arpq: 33: not a number*' sweep --attempts 33
t 2 '' 'arpq: a sweep waits*' sweep --timeout 61
t 2 '' '*no IPv4 network*' sweep -i w1
t 1 '' 'arpq: 198.51.100.0/24: ?*' sweep 198.51.100.0/24
t 3 '' 'arpq: nope: no interface of this name' sweep -i nope
start sweep -i v0 --rate 20
sleep 0.7
stop INT 0
if matches "$dir/out" '*192.0.2.2  *' && matches "$dir/err" '*, not finished'; then
    pass
else
    fail 'arpq sweep, ended by SIGINT: not what was found until then'
fi
start sweep -j -i v0 --rate 20
await '"192.0.2.2"' || fail 'arpq sweep -j: not told at once'
stop TERM 0
holds '.[-1].statistics.finished == 0'
{
    timeout 10 "$tool" sweep -j -i v0 2>"$dir/err"
    echo $? >"$dir/status"
} | head -1 >"$dir/out"
if [ "$(cat "$dir/status")" -le 1 ] && [ ! -s "$dir/err" ]; then
    pass
else
    fail "arpq sweep -j | head -1: exit status $(cat "$dir/status")"
fi
unwritable sweep -i v0 --attempts 1
unwritable sweep -j 192.0.2.0/29

mkdir "$dir/ieee"
for file in oui mam oui36; do echo 'Registry,Assignment,Organization Name,' >"$dir/ieee/$file.csv"; done
ARPQ_IEEE_DATA=$dir/ieee
export ARPQ_IEEE_DATA
t 0 '* FLAGS *VENDOR*NAME*192.0.2.2 *locally administered *' '*found of*' \
    sweep 192.0.2.0/29 --vendor --names
j 0 'any(.[]; .dst == "192.0.2.2" and .vendor == "locally administered")' \
    sweep 192.0.2.0/29 --vendor --names -j
unset ARPQ_IEEE_DATA

# The line that shows how far it is is for terminals only.
if command -v script >/dev/null; then
    script -qec "'$tool' sweep 192.0.2.0/28 --rate 60" /dev/null >"$dir/out" 2>"$dir/err" </dev/null
    if grep -q 'round 1: .* packets sent' "$dir/out" && grep -q '192.0.2.2 ' "$dir/out"; then
        pass
    else
        fail 'arpq sweep on a terminal: no progress'
    fi
fi

# --- arpq ping ---

echo '0 2147483647' >/proc/sys/net/ipv4/ping_group_range 2>/dev/null
pong="64 bytes from 192.0.2.2: seq=1 ttl=64 time=*.* ms"
t 0 "$pong${nl}*seq=2 *${nl}2 sent, 2 received, 0.0% lost, min/avg/max */*/* ms" '' \
    ping 192.0.2.2 --count 2 --interval 0.05
t 0 '8 bytes from 2001:db8::2: *1 sent, 1 received*' '' ping 2001:db8::2 --count 1 --size 0
t 0 '64 bytes from fe80::2%v0: *1 sent, 1 received*' '' ping fe80::2%v0 --count 1
t 0 '64 bytes from fe80::2*: *1 sent, 1 received*' '' ping fe80::2 -i v0 --count 1
t 0 '65008 bytes from 127.0.0.1: *' '' ping 127.0.0.1 --count 1 --size 65000
j 0 '.[0] | .dst == "192.0.2.2" and .from == "192.0.2.2" and .seq == 1 and .ttl == 64
    and .bytes == 64 and .rtt_ms > 0' ping -j 192.0.2.2 --count 3 --interval 0.01
holds '.[-1].statistics | .sent == 3 and .received == 3 and .errors == 0 and .loss_percent == 0
    and .min_ms <= .avg_ms and .avg_ms <= .max_ms'
t 0 "$pong*1 sent*" '' ping 192.0.2.2 --count 1 --ttl 9 --timeout 2
t 1 "seq=1 no answer${nl}1 sent, 0 received, 100.0% lost" '' ping 192.0.2.92 --count 1 --timeout 0.2
j 1 '.[0].error == "ETIMEDOUT" and .[-1].statistics.loss_percent == 100' \
    ping -j 192.0.2.92 --count 1 --timeout 0.2
t 1 'from 192.0.2.2: seq=1 Time Exceeded*1 error*' '' ping 203.0.113.9 --count 1 --ttl 1
there ip route add unreachable 203.0.113.128/25
sleep 1 # the neighbour's kernel sends one a second
j 1 '.[0] | .from == "192.0.2.2" and .error == "EHOSTUNREACH" and .type == 3
    and .type_name == "Destination Unreachable" and .code_name != ""' \
    ping -j 203.0.113.129 --count 1
t 1 '' 'arpq: 198.51.100.1: there is no route to it' ping 198.51.100.1
t 2 '' 'arpq: 192.0.2.255: not an address to ping*' ping 192.0.2.255
t 2 '' 'arpq: bogus: not an IP address' ping bogus
t 2 '' 'arpq: 65001: not a number*' ping 192.0.2.2 --size 65001
t 2 '' 'arpq: 0: not a number*' ping 192.0.2.2 --ttl 0
t 2 '' 'arpq: 256: not a number*' ping 192.0.2.2 --ttl 256
t 2 '' 'arpq: x: not a number of seconds' ping 192.0.2.2 --interval x
t 2 '' 'arpq: a time is too long*' ping 192.0.2.2 --timeout 99999999
t 3 '' 'arpq: nope: no interface of this name' ping 192.0.2.2 -i nope
start ping 192.0.2.2
await 'seq=1 ' || fail 'arpq ping: no answer'
stop INT 0
if matches "$dir/out" '64 bytes*sent, *received, 0.0% lost*'; then
    pass
else
    fail 'arpq ping, ended by SIGINT: no statistics'
fi
# A signal does not wait for an answer.
there ip route add blackhole 203.0.113.64/26
start ping 203.0.113.65 --timeout 30
sleep 0.3
stop TERM 1
unwritable ping 192.0.2.2 --count 1
"$tool" ping 192.0.2.2 --interval 0.01 2>"$dir/err" | head -1 >"$dir/out"
if [ "$(wc -l <"$dir/out")" = 1 ] && [ ! -s "$dir/err" ]; then pass; else fail 'arpq ping | head'; fi
if echo '1 0' >/proc/sys/net/ipv4/ping_group_range 2>/dev/null; then
    plain 3 '' 'arpq: 192.0.2.2: no ICMP socket is allowed*' ping 192.0.2.2 --count 1
    echo '0 2147483647' >/proc/sys/net/ipv4/ping_group_range
    plain 0 "$pong*" '' ping 192.0.2.2 --count 1
fi

# --- arpq sniff ---

# ask: the neighbour asks for our address.
ask() {
    there ip neigh flush dev v1
    there "$tool" ping 192.0.2.1 --count 1 --timeout 0.2
    there "$tool" ping 2001:db8::1 --count 1 --timeout 0.2
}

start sniff -i v0 --timeout 30
saw "^[0-9-]*T[0-9:.]* arp request 192.0.2.2 dev v0 lladdr $m2 for 192.0.2.1 new\$" ask
saw " neighbour solicitation 2001:db8::2 dev v0 lladdr $m2 for 2001:db8::1" ask
stop INT 0
if matches "$dir/err" '[1-9]* frames heard, *'; then pass; else fail 'arpq sniff: no statistics'; fi

start sniff -j --arp --outgoing --timeout 30
saw '"outgoing":true' ask
saw '"operation":"request"' ask
stop TERM 0
holds 'map(select(.frame)) | all(.[]; .frame == "arp") and any(.[]; .dst == "192.0.2.2"
    and .dev == "v0" and .lladdr == "'$m2'" and .target == "192.0.2.1" and .operation == "request"
    and (.time | test("^[0-9-]*T[0-9:]*[.][0-9]{9}Z$")) and .source == "'$m2'"
    and .destination == "ff:ff:ff:ff:ff:ff")'
holds '.[-1].statistics | .frames > 0 and .dropped == 0'

start sniff -j --ndp -i v0 --timeout 30
saw '"neighbour_solicitation"' ask
stop TERM 0
holds 'map(select(.frame)) | all(.[]; .frame != "arp")'

start sniff --claims -i v0 --promiscuous --timeout 30
saw " arp request 192.0.2.2 dev v0 lladdr $m2 .*new" ask
there ip link set v1 address 02:00:00:00:00:22
saw " 192.0.2.2 dev v0 lladdr 02:00:00:00:00:22 from $m2 .*moved" ask
there ip link set v1 address $m2
stop INT 0

t 0 '' '0 frames heard*' sniff -i w1 --timeout 0.2
ask_for_a_while() {
    for _ in 1 2 3 4 5 6 7 8; do
        sleep 0.1
        ask
    done
}
ask_for_a_while >/dev/null 2>&1 &
asking=$!
t 0 '*arp * dev v0 *' '*frames heard*' sniff --count 1 --arp --timeout 20
wait $asking
plain 3 '' 'arpq: *CAP_NET_RAW: permission denied*' sniff --timeout 1
t 2 '' 'arpq: --promiscuous needs --dev*' sniff --promiscuous
t 2 '' 'arpq: 0: not a number from 1 on' sniff --count 0
t 3 '' 'arpq: nope: no interface of this name' sniff -i nope
ask_for_a_while >/dev/null 2>&1 &
asking=$!
unwritable sniff -i v0 --timeout 2 --count 1
wait $asking
ip link set w1 down
t 3 '' 'arpq: cannot listen: *' sniff -i w1 --timeout 0.2

finish
