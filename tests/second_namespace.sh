#!/bin/sh
# SPDX-License-Identifier: MIT
# second_namespace.sh - what a test in a network namespace takes for the other end of its link: a
# second namespace, held by the process $peer for five minutes, and "there COMMAND..." in it. The
# caller has cannot_run, and ends $peer.

peer=

there() {
    nsenter -t "$peer" -n "$@"
}

open_second_namespace() {
    unshare -n sleep 300 &
    peer=$!
    second_tries=100
    until [ "$(readlink "/proc/$peer/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do
        second_tries=$((second_tries - 1))
        [ $second_tries -gt 0 ] || cannot_run "cannot make a second network namespace"
        sleep 0.05
    done
}
