#!/bin/sh
# SPDX-License-Identifier: MIT
# inside.sh COMMAND... - run a command in a network namespace that is like the one in the examples
# of the manual pages. It has eth0 (02:00:00:00:00:10) with 192.0.2.10/24 and 2001:db8::10/64, and
# a default route by 192.0.2.1. On its link are 192.0.2.1 (00:00:5e:00:53:01), 192.0.2.7
# (00:80:77:12:34:56), 192.0.2.20 (02:00:00:00:00:20) and 192.0.2.31 (2a:00:00:00:00:31), with IPv6
# addresses of the same numbers. Nobody has 192.0.2.77.
# Needs root or unprivileged user namespaces, iproute2 and util-linux.
# Exit status: that of the command; 1, or with ARPQ_ALLOW_SKIP=1 77, if there is no namespace.
set -u

cannot_run() {
    echo "NOT RUN: $1" >&2
    [ "${ARPQ_ALLOW_SKIP-}" = 1 ] && exit 77
    echo "a failure unless ARPQ_ALLOW_SKIP=1" >&2
    exit 1
}

if [ "${1-}" != --inside ]; then
    [ $# -ge 1 ] || { echo "usage: $0 COMMAND..." >&2; exit 2; }
    for needed in ip nsenter unshare; do
        command -v "$needed" >/dev/null || cannot_run "$needed is not installed"
    done
    if [ "$(id -u)" = 0 ]; then user=; else user=-r; fi
    # shellcheck disable=SC2086 # no word or one
    unshare $user -n true || cannot_run "may not make a network namespace (root needed)"
    # shellcheck disable=SC2086
    exec unshare $user -n -m -- sh "$0" --inside "$(readlink /proc/self/ns/net)" "$@"
fi
[ "$(readlink /proc/self/ns/net)" != "$2" ] || { echo "still in the namespace outside" >&2; exit 1; }
shift 2

# shellcheck source-path=SCRIPTDIR source=../second_namespace.sh
. "$(dirname "$0")/../second_namespace.sh"
trap 'kill $peer 2>/dev/null' EXIT
open_second_namespace

# up COMMAND... - set a link up without a link-local address. The mode has a command of its own, as
# a single command sets the link up first, and the kernel then sends a router solicitation.
up() {
    "$@" addrgenmode none && "$@" up
}

# host N MAC - a host of the link: a port of the switch, with an address of its own
host() {
    there ip link add "p$1" type veth peer name "h$1" &&
        there ip link set "p$1" master switch && up there ip link set "p$1" &&
        there ip link set "h$1" address "$2" && up there ip link set "h$1" &&
        there ip address add "192.0.2.$1/24" dev "h$1" &&
        there ip address add "2001:db8::$1/64" dev "h$1" nodad
}

# The hosts share a namespace: each interface answers for its own addresses only.
{
    ip link set lo up &&
        ip link add eth0 address 02:00:00:00:00:10 type veth peer name uplink &&
        ip link set uplink netns $peer &&
        there ip link add switch type bridge &&
        up there ip link set switch &&
        there ip link set uplink master switch && up there ip link set uplink &&
        there sh -c 'cd /proc/sys/net/ipv4/conf/all && echo 1 >arp_ignore && echo 2 >arp_announce &&
            echo 0 >rp_filter' &&
        host 1 00:00:5e:00:53:01 && host 7 00:80:77:12:34:56 && host 20 02:00:00:00:00:20 &&
        host 31 2a:00:00:00:00:31 &&
        ip address add 192.0.2.10/24 brd + dev eth0 &&
        ip address add 2001:db8::10/64 dev eth0 nodad &&
        up ip link set eth0 &&
        ip route add default via 192.0.2.1 metric 100 proto dhcp src 192.0.2.10
} || cannot_run "cannot build the test network"

# ready COMMAND... - whether the links of a namespace carry packets, and its IPv6 addresses receive
# them: both is a moment after the commands.
ready() {
    "$@" ip -o link | grep -qE 'LOWER_UP.*(qdisc noop |state (DOWN|LOWERLAYERDOWN))' && return 1
    "$@" ip -6 address | sed -n 's,.*inet6 \(2001:[^/]*\)/.*,\1,p' | while read -r address; do
        "$@" ip -6 route show table local | grep -q "local $address " || exit 1
    done
}
tries=250
until ready && ready there; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || { echo "the links do not carry packets" >&2; exit 1; }
    sleep 0.02
done
"$@"
