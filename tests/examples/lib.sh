# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Shared by the tests of examples/: those of the tool with a program in place of the tool.
#
# usage of a test: NAME_test.sh PROGRAM
# Exit status: as those of the tool; 77 not run, for the reason that is printed.

# shellcheck source-path=SCRIPTDIR source=../cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

not_run() {
    echo "NOT RUN: $1"
    exit 77
}

# need PROGRAM
need() { command -v "$1" >/dev/null || not_run "$1 is not installed"; }

# until_so COMMAND...: wait up to 5 s until the command succeeds; it may be a function.
until_so() {
    tries=250
    until "$@"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.02
    done
}

# ends SIGNAL STATUS: the program that start has started ends by the signal with that status.
ends() {
    kill -s "$1" "$running"
    wait "$running"
    status=$?
    if [ $status = "$2" ]; then pass; else fail "after SIG$1: exit status $status, not $2"; fi
}
