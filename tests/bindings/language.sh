#!/bin/sh
# SPDX-License-Identifier: MIT
# language.sh LANGUAGE SOURCE LIBRARY BUILD - run the tests of one binding in a network namespace:
#
#   node    bindings/node, with koffi of its node_modules, or of npm where that can be reached
#   rust    bindings/rust, with cargo, offline
#   lua perl ruby go   the program in bindings/examples
#
# LIBRARY is libarpq.so; what is compiled goes to BUILD. The namespace has v0 (192.0.2.1/24,
# 2001:db8::1/64), and the host at the other end of that link has 192.0.2.2 and 2001:db8::2. The
# kernel's table has 192.0.2.9 (02:00:00:00:00:09, permanent); nobody has 192.0.2.77.
# Needs root or unprivileged user namespaces, iproute2 and util-linux.
# Exit status: 0 passed, 1 failed, 77 not run. No namespace is 1, or with ARPQ_ALLOW_SKIP=1 77.
set -u

not_run() {
    echo "NOT RUN: $1"
    exit 77
}

cannot_run() {
    echo "$language: NOT RUN: $1" >&2
    [ "${ARPQ_ALLOW_SKIP-}" = 1 ] && exit 77
    echo "$language: a failure unless ARPQ_ALLOW_SKIP=1" >&2
    exit 1
}

# has PROGRAM PACKAGE - the program that runs the language
has() {
    command -v "$1" >/dev/null || not_run "$1 is not installed (Debian: $2)"
}

# What has to be fetched or compiled is, in the namespace outside: inside there is no network.
prepare() {
    case $language in
    node)
        has node nodejs
        version=$(node -p 'process.versions.node.split(".")[0]')
        [ "$version" -ge 18 ] || not_run "node $version has no test runner (18 has)"
        cp -R "$source/bindings/node" "$build/" || exit 1
        cd "$build/node" || exit 1
        node -e 'require("koffi")' 2>/dev/null && return
        command -v npm >/dev/null || not_run "koffi is not installed, and npm is not there to do it"
        timeout 60 npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=0 \
            >"$build/npm.log" 2>&1 || not_run "npm cannot install koffi: $(grep -im 1 '^npm err' "$build/npm.log")"
        ;;
    rust) has cargo cargo && has rustc rustc ;;
    lua) has luajit luajit ;;
    perl)
        has perl perl
        perl -MFFI::Platypus -e 1 2>/dev/null ||
            not_run "FFI::Platypus is not installed (Debian: libffi-platypus-perl)"
        ;;
    ruby)
        has ruby ruby
        ruby -e 'require "ffi"' 2>/dev/null || not_run "the gem ffi is not installed (Debian: ruby-ffi)"
        ;;
    go) has go golang-go ;;
    *)
        echo "unknown language: $language" >&2
        exit 2
        ;;
    esac
}

if [ "${1-}" != --inside ]; then
    [ $# -eq 4 ] || { echo "usage: $0 LANGUAGE SOURCE LIBRARY BUILD" >&2; exit 2; }
    language=$1 source=$2 library=$3 build=$4
    mkdir -p "$build" || exit 1
    (prepare) || exit
    for needed in ip unshare; do
        command -v "$needed" >/dev/null || cannot_run "$needed is not installed"
    done
    if [ "$(id -u)" = 0 ]; then user=; else user=-r; fi
    # shellcheck disable=SC2086 # no word or one
    unshare $user -n true || cannot_run "may not make a network namespace (root needed)"
    outside=$(readlink /proc/self/ns/net)
    # shellcheck disable=SC2086
    exec unshare $user -n -- sh "$0" --inside "$outside" "$@"
fi
[ "$(readlink /proc/self/ns/net)" != "$2" ] || { echo "still in the namespace outside" >&2; exit 1; }
language=$3 source=$4 library=$5 build=$6

# --- The link, and the host at its other end ---

fifo=$build/ready
rm -f "$fifo"
mkfifo "$fifo" || exit 1
# shellcheck disable=SC2016 # the inner shell expands it
unshare -n sh -c 'echo >"$0"; exec sleep 300' "$fifo" &
peer=$!
trap 'kill $peer 2>/dev/null; rm -f "$fifo"' EXIT
read -r _ <"$fifo"
on_peer="nsenter -t $peer -n ip"
{
    ip link set lo up &&
        ip link add v0 type veth peer name v1 &&
        ip link set v1 netns $peer &&
        ip address add 192.0.2.1/24 dev v0 &&
        ip address add 2001:db8::1/64 dev v0 nodad &&
        ip link set v0 up &&
        $on_peer address add 192.0.2.2/24 dev v1 &&
        $on_peer address add 2001:db8::2/64 dev v1 nodad &&
        $on_peer link set v1 address 02:00:00:00:00:02 up &&
        ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0 nud permanent &&
        ip route add default via 192.0.2.2
} || { echo "cannot make the link" >&2; exit 1; }

# refuses COMMAND... - with a library of another ABI the program says so and fails, without a crash.
# The library is one that has the functions of libarpq and another arpq_abi.
refuses() {
    other=$build/other
    mkdir -p "$other" || exit 1
    echo 'unsigned arpq_abi(void) { return 7; }' >"$other/other.c"
    "${CC:-cc}" -shared -fPIC -Wl,--no-as-needed -o "$other/other.so" \
        "$other/other.c" "$library" || exit 1
    said=$(ARPQ_LIBRARY="$other/other.so" LD_PRELOAD="$other/other.so" timeout 60 "$@" 2>&1)
    status=$?
    case $status:$said in
    0:*) echo "a library of another ABI is not refused: $*" >&2 ;;
    1:*"ABI 7"* | 2:*"ABI 7"*) return 0 ;;
    *) echo "with a library of another ABI: exit status $status: $said" >&2 ;;
    esac
    exit 1
}

# tells COMMAND... - the example says what is true of this network, and then its failures.
tells() {
    timeout 60 "$@" 192.0.2.9 192.0.2.2 192.0.2.77 >"$build/out" 2>&1
    status=$?
    printf '%s\t%s\t%s\n' lookup 192.0.2.9 02:00:00:00:00:09 \
        list 192.0.2.9 '02:00:00:00:00:09	PERMANENT' event NEIGH_ADDED 192.0.2.9 event SYNCED '' \
        mirror 192.0.2.9 02:00:00:00:00:09 resolve 192.0.2.2 02:00:00:00:00:02 >"$build/wanted"
    sed -n '1,6p' "$build/out" | diff "$build/wanted" - && [ $status = 0 ] &&
        for words in 'no neighbour entry' 'invalid argument' 'the handle is closed'; do
            grep -q "^error	.*$words" "$build/out" || { echo "no '$words'" && exit 1; }
        done && return
    sed 's/^/    /' "$build/out"
    echo "exit status $status: $*"
    exit 1
}

# --- The tests, by one command, which is told the library and where the tree is ---

export ARPQ_LIBRARY="$library"
export ARPQ_ABI_JSON="$source/include/arpq-abi.json"
libraries=$(dirname "$library")
export LD_LIBRARY_PATH="$libraries"
cd "$build" || exit 1
case $language in
node)
    cd "$build/node" || exit 1
    timeout 120 node --expose-gc --test test/*.test.js
    ;;
rust)
    export ARPQ_INCLUDE_DIR="$source/include" ARPQ_LIB_DIR="$libraries"
    cd "$source/bindings/rust" || exit 1
    ./generate "$ARPQ_ABI_JSON" | diff arpq-sys/src/generated.rs - ||
        { echo "arpq-sys/src/generated.rs is not what ./generate writes" >&2; exit 1; }
    timeout 500 cargo test --offline --quiet --target-dir "$build/rust" || exit 1
    refuses "$build/rust/debug/examples/lookup" 192.0.2.9
    ;;
lua | perl | ruby | go)
    examples=$source/bindings/examples
    case $language in
    lua) set -- luajit "$examples/arpq.lua" ;;
    perl) set -- perl "$examples/arpq.pl" ;;
    ruby) set -- ruby "$examples/arpq.rb" ;;
    go)
        export CGO_CFLAGS="-I$source/include" CGO_LDFLAGS="-L$libraries"
        export GOCACHE="$build/go-cache" GOPROXY=off
        (cd "$examples/go" && timeout 300 go build -buildvcs=false -o "$build/example" .) || exit 1
        set -- "$build/example"
        ;;
    esac
    tells "$@"
    refuses "$@"
    echo "$language: all steps"
    ;;
esac
