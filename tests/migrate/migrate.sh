#!/bin/sh
# SPDX-License-Identifier: MIT
# migrate.sh LANGUAGE SOURCE LIBRARY TOOL BUILD - check the examples in one language (c, sh, python)
# of docs/migrate: pages.py runs them in a network namespace, whose network the README there
# describes. BUILD has the package for Python in python/lib, where its own test has built it.
# Needs root or unprivileged user namespaces, iproute2, util-linux and python3.
# Exit status: 0 passed, 1 failed, 77 not run. No namespace is 1, or with ARPQ_ALLOW_SKIP=1 77.
set -u

cannot_run() {
    echo "migrate: NOT RUN: $1" >&2
    [ "${ARPQ_ALLOW_SKIP-}" = 1 ] && exit 77
    echo "migrate: a failure unless ARPQ_ALLOW_SKIP=1" >&2
    exit 1
}

if [ "${1-}" != --inside ]; then
    [ $# -eq 5 ] || { echo "usage: $0 LANGUAGE SOURCE LIBRARY TOOL BUILD" >&2; exit 2; }
    for needed in ip unshare python3; do
        command -v "$needed" >/dev/null || cannot_run "$needed is not installed"
    done
    if [ "$1" = python ] && [ ! -d "$5/python/lib" ]; then
        echo "NOT RUN: the package for Python is not built (see the test bindings.python)"
        exit 77
    fi
    if [ "$(id -u)" = 0 ]; then user=; else user=-r; fi
    # shellcheck disable=SC2086 # no word or one
    unshare $user -n true || cannot_run "may not make a network namespace (root needed)"
    outside=$(readlink /proc/self/ns/net)
    # shellcheck disable=SC2086
    exec unshare $user -n -- sh "$0" --inside "$outside" "$@"
fi
[ "$(readlink /proc/self/ns/net)" != "$2" ] || cannot_run "still in the namespace outside"
language=$3 source=$4 library=$5 tool=$6 build=$7

# --- The network of docs/migrate/README.md ---

# shellcheck source-path=SCRIPTDIR source=../second_namespace.sh
. "$(dirname "$0")/../second_namespace.sh"
trap 'kill $peer 2>/dev/null' EXIT
open_second_namespace

{
    ip link set lo up && there ip link set lo up &&
        ip link add eth0 address 02:00:00:00:00:01 type veth peer name eth0 \
            address 02:00:00:00:00:02 netns $peer &&
        ip link set eth0 addrgenmode none && there ip link set eth0 addrgenmode none &&
        ip link set eth0 up && there ip link set eth0 up &&
        ip address add 192.0.2.1/24 brd + dev eth0 &&
        ip address add 198.51.100.1/24 dev eth0 label eth0:1 &&
        ip address add 2001:db8::1/64 dev eth0 nodad &&
        there ip address add 192.0.2.2/24 dev eth0 && there ip address add 192.0.2.3/24 dev eth0 &&
        there ip address add 2001:db8::2/64 dev eth0 nodad &&
        ip link add eth1 address 02:00:00:00:01:01 type veth peer name eth2 &&
        ip link set eth1 addrgenmode none && ip link set eth1 up && ip link set eth2 up &&
        ip address add 10.0.0.1/24 dev eth1 &&
        ip route add default via 192.0.2.2 &&
        ip route add 100.64.0.0/24 dev eth1 scope link
    # The kernel collects no entry that is permanent or extern_learn, however full its table is.
    ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent &&
        ip neigh add 192.0.2.20 lladdr 02:00:00:00:00:20 dev eth0 nud permanent &&
        ip neigh add 192.0.2.7 lladdr 02:00:00:00:00:07 dev eth0 nud stale extern_learn &&
        ip neigh add 192.0.2.8 lladdr 02:00:00:00:00:08 dev eth0 nud stale extern_learn &&
        ip neigh change 192.0.2.8 dev eth0 nud failed extern_learn &&
        ip neigh add 198.51.100.9 lladdr 02:00:00:00:00:19 dev eth0 nud permanent &&
        ip neigh add 2001:db8::7 lladdr 02:00:00:00:00:07 dev eth0 nud permanent &&
        ip neigh add 10.0.0.9 lladdr 02:00:00:00:01:09 dev eth1 nud permanent &&
        ip neigh add 100.64.0.5 lladdr 02:00:00:00:01:05 dev eth1 nud permanent
} || cannot_run "cannot build the test network"
tries=250
while ip -o link | grep -qE 'LOWER_UP.*(qdisc noop |state (DOWN|LOWERLAYERDOWN))'; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || break
    sleep 0.02
done

python=python3
[ "$language" != python ] || python=${ARPQ_PYTHON-/usr/bin/python3}
"$python" -B "$source/tests/migrate/pages.py" "$language" "$source" "$library" "$tool" "$build"
