#!/bin/bash
# SPDX-License-Identifier: MIT
# lib.sh - what the tests of the fleet begin with, and how they check.
# shellcheck disable=SC2154 # dir: the folder of the test

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

# check NAME COMMAND... - count in passed or failed; show the output in $dir/out upon a failure
check() {
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $name"
        [ ! -f "$dir/out" ] || sed 's/^/    /' "$dir/out"
    fi
}

# within SECONDS COMMAND... - the command succeeds in this time
within() {
    local until=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $until ] || return 1
        sleep 0.1
    done
}
