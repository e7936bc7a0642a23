#!/bin/bash
# SPDX-License-Identifier: MIT
# lib.sh - what the tests of the fleet begin with.

not_run() {
    echo "NOT RUN: $1" >&2
    exit 77
}

# require PROGRAM... - the programs without which the test cannot run
require() {
    PATH=$PATH:/usr/sbin:/sbin
    local program
    for program; do
        command -v "$program" >/dev/null || not_run "$program is not installed"
    done
}

# enter ARGUMENT... - start the test again in a network namespace of its own, with --inside before
# the arguments, unless it is there
enter() {
    local user=()
    [ "${1-}" != --inside ] || return 0
    [ "$(id -u)" = 0 ] || user=(-r)
    unshare "${user[@]}" -n true || not_run "may not make a network namespace"
    exec unshare "${user[@]}" -n -- "$0" --inside "$@"
}
