#!/bin/sh
# SPDX-License-Identifier: MIT
# Tests of the command-line tool: output and exit status of every form, against a
# network of its own (a veth pair in a namespace that this script makes).
#
# usage: cli_test.sh TOOL
# Needs root or unprivileged user namespaces, iproute2 and jq (Debian: iproute2 jq).
# Exit status: 0 all passed, 1 a test failed, 77 could not run.

set -u

cannot_run() {
    echo "cli_test.sh: NOT RUN: $1" >&2
    exit 77
}

# --- Enter a private namespace, and prove it before anything is changed. ---

if [ "${1-}" != --inside ]; then
    [ $# -eq 1 ] || { echo "usage: $0 TOOL" >&2; exit 2; }
    [ -x "$1" ] || { echo "cli_test.sh: no tool at $1" >&2; exit 1; }
    for needed in ip jq unshare; do
        command -v "$needed" >/dev/null || cannot_run "$needed is not installed"
    done
    outside=$(readlink /proc/self/ns/net) || cannot_run "no /proc"
    if [ "$(id -u)" = 0 ]; then user=; else user=-r; fi
    # shellcheck disable=SC2086 # no argument when user is empty
    unshare $user -n true || cannot_run "may not make a network namespace (root needed)"
    # shellcheck disable=SC2086
    exec unshare $user -n -- sh "$0" --inside "$outside" "$1"
fi
[ "$(readlink /proc/self/ns/net)" != "$2" ] || cannot_run "still in the namespace outside"
tool=$3

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
passed=0
failed=0

# --- Helpers ---

pass() {
    passed=$((passed + 1))
}

fail() {
    failed=$((failed + 1))
    echo "FAILED: $1"
    sed 's/^/    out: /' "$dir/out"
    sed 's/^/    err: /' "$dir/err"
}

# run ARG...: run the tool; leaves $status, $dir/out and $dir/err.
run() {
    : >"$dir/out"
    "$tool" "$@" >"$dir/out" 2>"$dir/err" </dev/null
    status=$?
}

# matches FILE PATTERN: the whole file is like the shell pattern.
matches() {
    # shellcheck disable=SC2254 # it is a pattern
    case $(cat "$1") in
    $2) return 0 ;;
    esac
    return 1
}

# t STATUS OUT ERR ARG...: exit status, and shell patterns for stdout and stderr.
t() {
    want=$1 out=$2 err=$3
    shift 3
    run "$@"
    if [ "$status" != "$want" ]; then
        fail "arpq $*: exit status $status, not $want"
    elif ! matches "$dir/out" "$out"; then
        fail "arpq $*: stdout is not like '$out'"
    elif ! matches "$dir/err" "$err"; then
        fail "arpq $*: stderr is not like '$err'"
    else
        pass
    fi
}

# j STATUS FILTER ARG...: stdout is one JSON object a line, stderr is empty, and the
# jq filter holds for the array of these objects.
j() {
    want=$1 filter=$2
    shift 2
    run "$@"
    lines=$(wc -l <"$dir/out")
    if [ "$status" != "$want" ]; then
        fail "arpq $*: exit status $status, not $want"
    elif [ -s "$dir/err" ]; then
        fail "arpq $*: something on stderr"
    elif ! jq -es "length == $lines and all(.[]; type == \"object\")" "$dir/out" >/dev/null; then
        fail "arpq $*: not one JSON object a line"
    elif ! jq -es "$filter" "$dir/out" >/dev/null; then
        fail "arpq $*: $filter does not hold"
    else
        pass
    fi
}

# same NAME FILTER IP-ARGS ARG...: the filter makes the same of what ip says (IP-ARGS,
# one word list) and of what the tool says.
same() {
    name=$1 filter=$2 ip_args=$3
    shift 3
    run "$@"
    # shellcheck disable=SC2086 # a list of words
    ip $ip_args | jq -Sc ".[0] | $filter" >"$dir/ip" 2>>"$dir/err"
    jq -Sc "$filter" "$dir/out" >"$dir/ours" 2>>"$dir/err"
    if [ -s "$dir/ip" ] && cmp -s "$dir/ip" "$dir/ours"; then
        pass
    else
        fail "$name: ip $ip_args says $(cat "$dir/ip")"
    fi
}

# --- The network ---

odd=$(printf 'w\001\377\134')
accent=$(printf 'caf\303\251')

network() {
    ip link set lo up &&
        ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 &&
        ip link set v0 addrgenmode none && ip link set v1 addrgenmode none &&
        ip link set v0 up && ip link set v1 up &&
        ip addr add 192.0.2.1/24 brd + dev v0 &&
        ip addr add 198.51.100.1/24 dev v0 label v0:1 &&
        ip addr add 10.9.0.1 peer 10.9.0.2/32 dev v0 &&
        ip addr add 2001:db8::1/64 dev v0 nodad &&
        ip addr add fe80::1/64 dev v0 nodad && ip addr add fe80::2/64 dev v1 nodad &&
        ip link add "$odd" type veth peer name "$accent" &&
        ip link set "$odd" up &&
        ip addr add 203.0.113.1/28 dev "$odd" &&
        ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0 nud permanent &&
        ip neigh add 192.0.2.8 lladdr 02:00:00:00:00:08 dev v0 nud stale router protocol static &&
        ip neigh add 192.0.2.7 dev v0 nud failed &&
        ip neigh add 192.0.2.4 dev v0 nud none &&
        ip neigh add 192.0.2.3 lladdr 02:00:00:00:00:03 dev v0 nud noarp extern_learn &&
        ip neigh add 198.51.100.9 lladdr 02:00:00:00:01:09 dev v0 nud permanent &&
        ip neigh add 203.0.113.9 lladdr 02:00:00:00:02:09 dev "$odd" nud permanent &&
        ip neigh add 2001:db8::9 lladdr 02:00:00:00:06:09 dev v0 nud permanent &&
        ip neigh add fe80::9 lladdr 02:00:00:00:06:fe dev v0 nud permanent &&
        ip route add 100.64.0.0/10 via 192.0.2.9
}
network || cannot_run "cannot build the test network"

# An INCOMPLETE entry becomes FAILED on its own: made anew for each use.
make_incomplete() {
    ip neigh del 192.0.2.6 dev v0 2>/dev/null
    ip neigh add 192.0.2.6 dev v0 nud incomplete
}

nl='
'
m9=02:00:00:00:00:09
m8=02:00:00:00:00:08
long=averyveryverylongname

# --- General ---

t 2 '' 'usage: arpq *'
t 2 '' 'usage: arpq *' get
t 2 '' 'usage: arpq *' lookup
t 2 '' 'usage: arpq *' --json
t 2 '' "*nonsense*${nl}Try 'arpq --help'." --nonsense
t 2 '' '*--help*' -x
t 2 '' '*--help*' --dev
t 2 '' '*if takes neither*' if --dev v0
t 2 '' '*if takes neither*' -g if
t 0 'usage: arpq *Exit status:*' '' --help
t 0 'usage: arpq *' '' -h
t 0 'usage: arpq *' '' get --help
t 0 'arpq [0-9]*.[0-9]*.[0-9]* (libarpq [0-9]*.[0-9]*.[0-9]*)' '' --version
t 0 'arpq *' '' -V

# --- arpq IP... ---

t 0 "$m9" '' 192.0.2.9
t 0 "$m9" '' lookup 192.0.2.9
t 0 "$m9" '' -- 192.0.2.9
t 0 "192.0.2.9 $m9${nl}192.0.2.8 $m8" '' 192.0.2.9 192.0.2.8
t 0 "192.0.2.9 $m9${nl}192.0.2.9 $m9" '' 192.0.2.9 192.0.2.9
t 0 02:00:00:00:06:09 '' 2001:db8::9
t 0 02:00:00:00:06:fe '' fe80::9%v0
t 0 02:00:00:00:06:fe '' -i v0 fe80::9
t 0 02:00:00:00:02:09 '' 203.0.113.9
t 0 "$m9" '' ::ffff:192.0.2.9
t 0 02:00:00:00:00:01 '' 192.0.2.1
t 0 01:00:5e:00:00:fb '' -i v0 224.0.0.251
t 0 ff:ff:ff:ff:ff:ff '' 192.0.2.255
t 0 "$m9" '' --dev v0 192.0.2.9
t 0 "$m9" '' --dev=v0 192.0.2.9
t 0 "$m9" '' 192.0.2.9 -i v0
t 0 02:00:00:00:01:09 '' -i v0:1 198.51.100.9
t 0 "$m9" '' -g 100.64.0.1

t 1 '' 'arpq: 192.0.2.99: ?*' 192.0.2.99
t 1 '' 'arpq: 192.0.2.7: ?*' 192.0.2.7
t 1 '' 'arpq: 192.0.2.4: ?*' 192.0.2.4
make_incomplete
t 1 '' 'arpq: 192.0.2.6: ?*' 192.0.2.6
t 1 '' 'arpq: 192.88.99.1: ?*' 192.88.99.1
t 1 '' 'arpq: 100.64.0.1: ?*' 100.64.0.1
t 1 "192.0.2.9 $m9" 'arpq: 192.0.2.99: ?*' 192.0.2.99 192.0.2.9

t 2 '' 'arpq: bogus: not an IP address' bogus
t 2 '' 'arpq: -x: not an IP address' -- -x
t 2 '' 'arpq: : not an IP address' ''
t 2 '' 'arpq: 192.0.2.09: not an IP address' 192.0.2.09
t 2 '' 'arpq: a\\x1bb: not an IP address' "$(printf 'a\033b')"
t 2 "192.0.2.9 $m9${nl}192.0.2.8 $m8" 'arpq: bogus: not an IP address' 192.0.2.9 bogus 192.0.2.8
t 2 '' 'arpq: bogus:*arpq: 192.0.2.99: *' bogus 192.0.2.99
t 2 '' 'arpq: fe80::9%v0: *different interfaces*' -i v1 fe80::9%v0
t 2 '' 'arpq: fe80::9: *link-local*--dev*' fe80::9
t 2 '' '*interface name is empty' -i '' 192.0.2.9

t 3 '' 'arpq: nope: no interface of this name' -i nope 192.0.2.9
t 3 '' 'arpq: nope: no interface of this name' -i nope 192.0.2.9 192.0.2.8
t 3 '' "arpq: $long: *longer than 15*" --dev "$long" 192.0.2.9
t 3 '' 'arpq: fe80::9%nope: no interface*' fe80::9%nope
t 3 '' "arpq: fe80::9%$long: *longer than 15*" "fe80::9%$long"
t 3 "192.0.2.9 $m9" 'arpq: *nope: no interface*' bogus fe80::9%nope 192.0.2.9

j 0 '.[0].dst == "192.0.2.9" and .[0].dev == "v0" and .[0].lladdr == "'$m9'"
     and .[0].state == ["PERMANENT"]' --json 192.0.2.9
j 0 'map(.dst) == ["192.0.2.9", "192.0.2.8"]' -j 192.0.2.9 192.0.2.8
j 0 '.[0].dst == "fe80::9" and .[0].dev == "v0"' -j fe80::9%v0
j 0 '.[0].dst == "192.0.2.9" and .[0].asked == "::ffff:192.0.2.9"' -j ::ffff:192.0.2.9
j 0 '.[0].dst == "192.0.2.9" and .[0].asked == "100.64.0.1" and (.[0] | has("gateway"))' \
    -gj 100.64.0.1
j 0 '.[0].dev == "w\u0001\\xff\\x5c"' -j 203.0.113.9
j 1 '.[0].dst == "192.0.2.99" and .[0].error == "ENOENT" and (.[0].message | length > 0)' \
    -j 192.0.2.99
j 1 '.[0].error == "EHOSTUNREACH"' -j 192.0.2.7
j 1 '.[0].error == "ENETUNREACH"' -j 192.88.99.1
make_incomplete
j 1 '.[0].error == "EAGAIN" or .[0].error == "EHOSTUNREACH"' -j 192.0.2.6
j 1 'map(.dst) == ["192.0.2.99", "192.0.2.9"]' -j 192.0.2.99 192.0.2.9
j 2 '.[0].dst == "bogus" and .[0].error == "EINVAL" and .[1].lladdr == "'$m9'"' \
    -j bogus 192.0.2.9
j 2 '.[0].dst == "a\u001b\"\\x5c\\xff"' -j "$(printf 'a\033"\134\377')"
j 3 '.[0].dst == "fe80::9%nope" and .[0].error == "ENODEV"' -j fe80::9%nope
t 3 '' 'arpq: nope: no interface of this name' -j -i nope 192.0.2.9

for ip in 192.0.2.9 192.0.2.8 192.0.2.3 2001:db8::9; do
    same "lookup --json" . "-j neigh show to $ip nud all" -j "$ip"
    same "lookup --json, keys in order" keys_unsorted "-j neigh show to $ip nud all" -j "$ip"
done

# --- arpq get IP... ---

t 0 "192.0.2.9 dev v0 lladdr $m9 PERMANENT used *s confirmed *s updated *s probes 0*" '' \
    get 192.0.2.9
t 0 "192.0.2.8 dev v0 lladdr $m8 STALE used * probes 0* proto static router" '' get 192.0.2.8
t 0 '192.0.2.3 dev v0 lladdr 02:00:00:00:00:03 NOARP used * extern_learn' '' get 192.0.2.3
t 0 '192.0.2.1 dev v0 lladdr 02:00:00:00:00:01 NOARP local' '' get 192.0.2.1
t 0 '224.0.0.251 dev v0 lladdr 01:00:5e:00:00:fb NOARP multicast' '' get -i v0 224.0.0.251
t 0 '192.0.2.255 dev v0 lladdr ff:ff:ff:ff:ff:ff NOARP broadcast' '' get 192.0.2.255
t 0 "192.0.2.9 dev v0 lladdr $m9 PERMANENT * gateway" '' get --gateway 100.64.0.1
t 0 'fe80::9 dev v0 lladdr 02:00:00:00:06:fe PERMANENT *' '' get fe80::9%v0
t 0 '203.0.113.9 dev w\\x01\\xff\\x5c lladdr *' '' get 203.0.113.9
t 1 '192.0.2.7 dev v0 FAILED used *' '' get 192.0.2.7
make_incomplete
t 1 '192.0.2.6 dev v0 [IF]* used *' '' get 192.0.2.6
t 1 '' 'arpq: 192.0.2.99: ?*' get 192.0.2.99
t 1 "192.0.2.9 dev v0 *" 'arpq: 192.0.2.99: ?*' get 192.0.2.99 192.0.2.9
t 2 '' 'arpq: bogus: not an IP address' get bogus
t 2 '192.0.2.9 dev *' 'arpq: bogus: not an IP address' get bogus 192.0.2.9
t 3 '' 'arpq: nope: no interface of this name' get -i nope 192.0.2.9
t 3 '' "arpq: $long: *longer*" get -i "$long" 192.0.2.9

run get 192.0.2.4
if [ "$status" = 1 ]; then pass; else fail "arpq get of a NONE entry: exit status $status"; fi

j 0 '.[0].router == null and (.[0] | has("router")) and .[0].protocol == "static"' \
    get --json 192.0.2.8
j 0 '.[0] | has("local") and (has("used") | not)' get --json 192.0.2.1
j 1 '(.[0] | has("lladdr") | not) and .[0].state == ["FAILED"]' get -j 192.0.2.7
j 1 '.[0].error == "ENOENT"' get -j 192.0.2.99
j 2 '.[0].error == "EINVAL"' get -j bogus
# Reading a single entry holds a reference, which reading the table does not.
for ip in 192.0.2.9 192.0.2.8 192.0.2.7 192.0.2.3 2001:db8::9; do
    same "get --json" 'del(.refcnt, .used, .confirmed, .updated)' \
        "-j -s neigh show to $ip nud all" get -j "$ip"
    same "get --json, keys in order" 'keys_unsorted - ["refcnt"]' \
        "-j -s neigh show to $ip nud all" get -j "$ip"
done

# --- arpq if ---

t 0 '1: lo: <LOOPBACK,UP,*> mtu 65536 type loopback *: v0: <*BROADCAST,*>*' '' if
t 0 '*: v0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 type ether mac 02:00:00:00:00:01 *' '' if v0
t 0 '*inet 192.0.2.1/24 brd 192.0.2.255 scope global label v0*' '' if v0
t 0 '*inet 198.51.100.1/24 scope global label v0:1*' '' if v0
t 0 '*inet 10.9.0.1 peer 10.9.0.2/32 scope global label v0*' '' if v0
t 0 '*inet6 2001:db8::1/64 scope global nodad*' '' if v0
t 0 '*: v0: *' '' if v0:1
t 0 '*: v1: *: v0: *' '' if v1 v0
t 0 '*: w\\x01\\xff\\x5c: *' '' if "$odd"
t 0 '*: caf\\xc3\\xa9: *' '' if "$accent"
t 3 '' 'arpq: nope: no interface of this name' if nope
t 3 '*: v0: *' 'arpq: nope: no interface of this name' if nope v0
t 3 '' "arpq: $long: interface name is longer than 15 bytes" if "$long"
t 2 '' '*interface name is empty' if ''

j 0 'length >= 5 and .[0].ifname == "lo"' if --json
j 0 '.[0].ifname == "v0" and .[0].mtu == 1500 and (.[0].addr_info | length) == 5' if -j v0
j 0 '.[0].addr_info | map(select(.label == "v0:1").local) == ["198.51.100.1"]' if -j v0
j 0 '.[0].ifname == "w\u0001\\xff\\x5c"' if -j "$odd"
j 0 '.[0].ifname == "caf\u00e9"' if -j "$accent"
j 3 '.[0].ifname == "nope" and .[0].error == "ENODEV" and .[1].ifname == "v0"' if -j nope v0
for dev in lo v0 v1; do
    same "if --json" '{ifindex, ifname, flags, mtu, link_type, address, broadcast}' \
        "-j addr show dev $dev" if -j "$dev"
    same "if --json, addresses" \
        '.addr_info | map(del(.valid_life_time, .preferred_life_time)) | sort_by(.local)' \
        "-j addr show dev $dev" if -j "$dev"
done

# --- Output that cannot be written ---

for form in --help --version 192.0.2.9 '-j 192.0.2.9' 'get 192.0.2.9' if 'if -j'; do
    : >"$dir/out"
    # shellcheck disable=SC2086 # a list of words
    "$tool" $form >/dev/full 2>"$dir/err"
    status=$?
    if [ $status = 3 ] && matches "$dir/err" 'arpq: cannot write the output*'; then
        pass
    else
        fail "arpq $form >/dev/full: exit status $status, not 3"
    fi
done
"$tool" 192.0.2.9 >&- 2>"$dir/err"
status=$?
if [ $status = 3 ]; then pass; else fail "arpq 192.0.2.9 >&-: exit status $status, not 3"; fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
