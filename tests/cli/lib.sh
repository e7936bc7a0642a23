# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# What the tests of the command-line tool share: sourced by each, with its arguments. It
# starts the script again in a network namespace of its own, and has helpers that run the
# tool and look at what it said.

set -u

cannot_run() {
    echo "$(basename "$0"): NOT RUN: $1" >&2
    [ "${ARPQ_ALLOW_SKIP-}" = 1 ] && exit 0
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

# await PATTERN: wait until a line of stdout matches the grep pattern.
await() {
    tries=100
    until grep -q -e "$1" "$dir/out"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.05
    done
}

# finish: the last command of a test.
finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
}

# shellcheck disable=SC2034 # for those who source this
nl='
'
