#!/bin/bash
# SPDX-License-Identifier: MIT
# two_files.sh SOURCE WORK [full] - write arpq.c and arpq.h to WORK, twice, compile the program of
# README.md with them, and run it in a network namespace, whose neighbour 192.0.2.1 it prints.
#
# "full" compiles with the optimiser and every warning of -Wall -Wextra as an error, by each of gcc
# and clang that is there, links the object with C++, links a static program with musl, and prints
# the sizes. Without it the test takes some seconds.
# Exit status: 0 passed, 1 failed, 77 not run. No namespace is 1, or with ARPQ_ALLOW_SKIP=1 77.
set -euo pipefail
source=$1 work=$2 extent=${3-}
expected=00:00:5e:00:53:01

fail() {
    echo "FAIL: $*" >&2
    exit 1
}

# run_here PROGRAM... - in the namespace, each program prints the address
run_here() {
    local program
    ip link add v0 type veth peer name p0
    ip address add 192.0.2.7/24 dev v0
    ip link set v0 up && ip link set p0 up
    ip neighbour add 192.0.2.1 lladdr $expected dev v0 nud permanent
    for program; do
        [ "$("$program")" = $expected ] || fail "${program##*/} did not print $expected"
        echo "ok: ${program##*/} printed $expected"
    done
}

if [ "$extent" = --inside ]; then
    shift 3
    run_here "$@"
    exit
fi

command -v python3 >/dev/null || { echo "NOT RUN: python3 is not installed" && exit 77; }
namespace=(unshare -n)
if ! unshare -n true 2>/dev/null; then
    namespace=(unshare -Urn)
    if ! unshare -Urn true 2>/dev/null; then
        echo "NOT RUN: no right to make network namespaces" >&2
        [ "${ARPQ_ALLOW_SKIP-}" = 1 ] && exit 77
        echo "a failure unless ARPQ_ALLOW_SKIP=1" >&2
        exit 1
    fi
fi

# ---- The same bytes twice, and nothing left of the tree ----
rm -rf "$work"
mkdir -p "$work/again"
"$source/scripts/amalgamate" "$work"
PYTHONHASHSEED=1 "$source/scripts/amalgamate" "$work/again"
cmp "$work/arpq.c" "$work/again/arpq.c"
cmp "$work/arpq.h" "$source/include/arpq.h"
if grep -nE '^#include "' "$work/arpq.c" | grep -vF '"arpq.h"'; then
    fail "arpq.c includes a file of the tree (above)"
fi
if grep -n 'mnl' "$work/arpq.c" | grep -v libmnl; then fail "arpq.c uses libmnl (above)"; fi
echo "ok: $(wc -l <"$work/arpq.c") lines, twice the same"

cd "$work"
# shellcheck disable=SC2016 # the backquotes are Markdown's
sed -n '/^```c$/,/^```$/{/^```$/q;/^```c$/d;p}' "$source/README.md" >program.c
grep -q 'int main' program.c || fail "README.md has no example in C"
programs=("$PWD/program")

"${CC:-cc}" -c arpq.c
if nm -g --defined-only arpq.o | awk '{ print $3 }' | grep -v '^arpq_'; then
    fail "arpq.o has these symbols"
fi
if [ "$extent" != full ]; then
    "${CC:-cc}" -I. -o program program.c arpq.o -lpthread
else
    for compiler in gcc clang; do
        command -v $compiler >/dev/null || { echo "not run: no $compiler" && continue; }
        for options in -O2 -Os -O0; do
            $compiler -I. $options -Wall -Wextra -Werror -c -o "$compiler.o" arpq.c
        done
        $compiler -I. -O2 -Wall -Wextra -Werror -o "$compiler-program" program.c arpq.c -lpthread
        programs+=("$PWD/$compiler-program")
        echo "ok: $compiler, -Wall -Wextra -Werror"
    done
    c++ -I. -Wall -Wextra -Werror -o cxx-program -x c++ program.c -x none arpq.o -lpthread
    programs+=("$PWD/cxx-program")

    # What a small program needs, and no more of the library.
    small=(-Os -ffunction-sections -fdata-sections "-Wl,--gc-sections" -s)
    cc -I. "${small[@]}" -o program program.c arpq.c -lpthread
    echo "size: $(stat -c %s program) bytes, the program of README.md with arpq.c, stripped"
    if command -v musl-gcc >/dev/null; then
        mkdir -p kernel # musl has no headers of the kernel
        for name in linux asm asm-generic; do
            ln -sfn "$(echo "#include <$name/errno.h>" | cc -E - |
                sed -n "s|^# .*\"\(.*/$name\)/errno.h\".*|\1|p" | head -n 1)" "kernel/$name"
        done
        musl-gcc -static -I. -isystem kernel -Wall -Wextra -Werror "${small[@]}" -o musl-program \
            program.c arpq.c -lpthread
        if readelf -d musl-program | grep -q NEEDED; then fail "musl-program is not static"; fi
        programs+=("$PWD/musl-program")
        echo "size: $(stat -c %s musl-program) bytes, static with musl, stripped"
    else
        echo "not run: no musl-gcc (Debian: musl-tools)"
    fi
fi
"${namespace[@]}" "$BASH" "$source/tests/amalgamation/two_files.sh" "$source" "$work" --inside \
    "${programs[@]}"
