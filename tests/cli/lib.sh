# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# shellcheck disable=SC2034,SC2086 # the tests use the variables; $peer and others are words
# Shared by the tests of the command-line tool: each sources it with its arguments. It starts
# the script again in a network namespace of its own. It has networks to test in and functions
# that run the tool and check its output.
#
# usage of a test: NAME_test.sh TOOL
# Needs root or unprivileged user namespaces, iproute2, util-linux and jq.
# Exit status: 0 all passed, 1 a test failed or could not run, 77 with ARPQ_ALLOW_SKIP=1 if it could
# not run.

set -u

cannot_run() {
    echo "$(basename "$0"): NOT RUN: $1" >&2
    [ "${ARPQ_ALLOW_SKIP-}" = 1 ] && exit 77
    echo "$(basename "$0"): a failure unless ARPQ_ALLOW_SKIP=1" >&2
    exit 1
}

# --- Enter a private namespace, and prove it before anything is changed. ---

if [ "${1-}" != --inside ]; then
    [ $# -eq 1 ] || { echo "usage: $0 TOOL" >&2; exit 2; }
    [ -x "$1" ] || { echo "$(basename "$0"): no tool at $1" >&2; exit 1; }
    for needed in ip jq unshare; do
        command -v "$needed" >/dev/null || cannot_run "$needed is not installed"
    done
    outside=$(readlink /proc/self/ns/net) || cannot_run "no /proc"
    if [ "$(id -u)" = 0 ]; then user=; else user=-r; fi
    unshare $user -n true || cannot_run "may not make a network namespace (root needed)"
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

# await PATTERN: wait until a line of stdout matches the grep pattern.
await() {
    tries=100
    until grep -q -e "$1" "$dir/out"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.05
    done
}

# same NAME FILTER IP-ARGS ARG...: the filter makes the same of what ip says (IP-ARGS,
# one word list) and of what the tool says.
same() {
    name=$1 filter=$2 ip_args=$3
    shift 3
    tries=3
    while [ $tries -gt 0 ]; do # the kernel may count a packet or notice a carrier between the two
        tries=$((tries - 1))
        run "$@"
        ip $ip_args | jq -Sc ".[0] | $filter" >"$dir/ip" 2>>"$dir/err"
        jq -Sc "$filter" "$dir/out" >"$dir/ours" 2>>"$dir/err"
        if [ -s "$dir/ip" ] && cmp -s "$dir/ip" "$dir/ours"; then
            pass
            return
        fi
    done
    fail "$name: ip $ip_args says $(cat "$dir/ip")"
}

# same_list NAME IP-ARGS ARG...: the tool lists the entries that ip does, with the same
# keys. jq cannot read what ip says of the odd device; ip leaves out a device it was given.
same_list() {
    name=$1 ip_args=$2
    shift 2
    filter='map(.dev //= "v0" | select(.dev | startswith("w") | not)) | sort_by(.dev, .dst)[]'
    tries=3
    while [ $tries -gt 0 ]; do # the kernel adds entries of groups between the two
        tries=$((tries - 1))
        run "$@"
        ip $ip_args | tr -d '\001\377\134' | jq -Sc "$filter" >"$dir/ip" 2>>"$dir/err"
        jq -Scs "$filter" "$dir/out" >"$dir/ours" 2>>"$dir/err"
        if [ "$status" = 0 ] && [ -s "$dir/ip" ] && cmp -s "$dir/ip" "$dir/ours"; then
            pass
            return
        fi
    done
    fail "$name: ip $ip_args says $(cat "$dir/ip")"
}

# knows_localhost: whether this machine has a name to test with; without /etc/hosts it may not.
knows_localhost() {
    getent ahostsv4 localhost >/dev/null || { echo "not run: localhost has no address" && false; }
}

# Sets what plain runs the tool with: no capability, and where that is possible as nobody.
privileges() {
    plain_user='--bounding-set -all --inh-caps -all'
    nobody='--reuid 65534 --regid 65534 --clear-groups'
    if setpriv $nobody $plain_user test -x "$tool" 2>/dev/null; then
        plain_user="$nobody $plain_user"
    fi
    setpriv $plain_user true || cannot_run "cannot put away privileges"
}

# plain STATUS OUT ERR ARG...: as t, without privilege.
plain() {
    want=$1 out=$2 err=$3
    shift 3
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

# await_loop PID: wait until the tool reads its signals, which it blocks (SIGINT and SIGTERM).
await_loop() {
    tries=250
    while mask=$(sed -n 's/^SigBlk:[^0-9a-f]*//p' "/proc/$1/status" 2>/dev/null) && [ -n "$mask" ]; do
        [ $((0x${mask#????????????} & 0x4002)) = 0 ] || break
        tries=$((tries - 1))
        [ $tries -gt 0 ] || break
        sleep 0.02
    done
}

# stop SIGNAL STATUS: it ends by the signal, soon, with that exit status.
stop() {
    await_loop "$running"
    before=$(date +%s)
    kill -s "$1" "$running"
    wait "$running"
    status=$?
    if [ $status = "$2" ] && [ $(($(date +%s) - before)) -lt 10 ]; then
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
    tries=80
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
    if [ $status = 3 ] && matches "$dir/err" '*arpq*: cannot write the output: No space left*'; then
        pass
    else
        fail "arpq $* >/dev/full: exit status $status, not 3"
    fi
    "$tool" "$@" >&- 2>"$dir/err"
    status=$?
    if [ $status = 3 ]; then pass; else fail "arpq $* >&-: exit status $status, not 3"; fi
}

# unread ARG...: a reader that has closed the pipe ends the tool as by SIGPIPE, without a message.
unread() {
    rm -f "$dir/pipe"
    : >"$dir/out"
    mkfifo "$dir/pipe"
    # shellcheck disable=SC2094 # descriptor 4 lets the shell open 5, and is closed
    exec 4<>"$dir/pipe" 5>"$dir/pipe" 4>&-
    timeout 20 "$tool" "$@" >&5 2>"$dir/err" 5>&- </dev/null
    status=$?
    exec 5>&-
    if [ $status = 141 ] && [ ! -s "$dir/err" ]; then
        pass
    else
        fail "arpq $* into a closed pipe: exit status $status, not 141"
    fi
}

# --- Networks ---

odd=$(printf 'w\001\377\134')
accent=$(printf 'caf\303\251')
m9=02:00:00:00:00:09
m8=02:00:00:00:00:08
m2=02:00:00:00:00:02
long=averyveryverylongname

# await_ready [there]: wait until the kernel sends on all links with a carrier, and receives packets
# for the IPv6 addresses that were added with "nodad". Both are some time after the commands.
await_ready() {
    tries=250
    while "$@" ip -o link | grep -qE 'LOWER_UP.*(qdisc noop |state (DOWN|LOWERLAYERDOWN))'; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || break
        sleep 0.02
    done
    [ -e /proc/net/if_inet6 ] || return 0
    until "$@" awk '
        FILENAME ~ /route/ && $9 ~ /^8/ { receives[$1, $10] = 1 }
        FILENAME ~ /inet6/ && $5 ~ /[2367abef]$/ && !(($1, $6) in receives) &&
            !(($1, "lo") in receives) { missing = 1 }
        END { exit missing }' /proc/self/net/ipv6_route /proc/self/net/if_inet6; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || break
        sleep 0.02
    done
}

# A veth pair and entries of every kind, for commands that only read.
make_reading_network() {
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
        ip neigh add proxy 192.0.2.77 dev v0 &&
        ip link add br0 type bridge && ip link set br0 up &&
        ip link add m0 type veth peer name m1 && ip link set m0 master br0 &&
        ip link set m0 up &&
        ip neigh add 192.0.2.50 lladdr 00:00:5e:00:53:50 dev m0 nud permanent &&
        ip route add 100.64.0.0/10 via 192.0.2.9
}

reading_network() {
    make_reading_network || cannot_run "cannot build the test network"
    await_ready
}

# The kernel may remove a FAILED entry when its table is full.
make_failed() {
    ip neigh replace 192.0.2.7 dev v0 nud failed
}

# An INCOMPLETE entry becomes FAILED on its own: made anew for each use.
make_incomplete() {
    ip neigh del 192.0.2.6 dev v0 2>/dev/null
    ip neigh add 192.0.2.6 dev v0 nud incomplete
}

# A veth pair with a neighbour in a namespace behind it.
# there COMMAND...: in the neighbour's namespace.
# shellcheck source-path=SCRIPTDIR source=../second_namespace.sh
. "$(dirname "$0")/../second_namespace.sh"

make_network_with_neighbour() {
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

network_with_neighbour() {
    trap 'kill $peer 2>/dev/null; rm -rf "$dir"' EXIT
    open_second_namespace
    make_network_with_neighbour || cannot_run "cannot build the test network"
    await_ready
    await_ready there
    privileges
}

# finish: the last command of a test.
finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
}

nl='
'
