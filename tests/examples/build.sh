#!/bin/bash
# SPDX-License-Identifier: MIT
# build.sh SOURCE BUILD WORK - install the library of BUILD in an empty directory, and build the
# programs of examples/ with it as their users do: by the command in the head of each, and all of
# them by CMake and find_package.
set -euo pipefail
source=$1 build=$2 work=$3
unset DESTDIR PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR LD_LIBRARY_PATH CFLAGS CXXFLAGS LDFLAGS

fail() {
    echo "FAIL: $*" >&2
    exit 1
}

# quiet COMMAND... - run the command and show its output only if it fails
quiet() {
    "$@" >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        fail "$*"
    }
}

rm -rf "$work"
mkdir -p "$work/by-hand"
quiet cmake --install "$build" --prefix "$work/root" --component Runtime
quiet cmake --install "$build" --prefix "$work/root" --component Devel
pc=$(find "$work/root" -name arpq.pc)
export PKG_CONFIG_PATH=${pc%/*}

# With all warnings, which are failures with the compilers that known.sh names. The compilers are the
# functions of these names, which the commands call.
warnings=(-Wall -Wextra -Wpedantic)
if "$source/tests/known.sh" "${CC:-cc}"; then warnings+=(-Werror); fi
cc() { command "${CC:-cc}" "${warnings[@]}" "$@"; }
c++() { command "${CXX:-c++}" "${warnings[@]}" "$@"; }

# The head of an example is the first comment with more than one line.
cd "$source/examples"
built=0 left_out=()
for file in *.c *.cpp; do
    [ -e "$file" ] || continue
    command=$(sed -n 's/^ \* Build:  //p' "$file")
    grep -q '^ \* Run:    \./' "$file" || fail "$file does not say how to run it"
    # shellcheck disable=SC2016 # it is the text of the command
    needs=$(sed -n 's/.*\$(pkg-config --cflags --libs \([^)]*\)).*/\1/p' <<<"$command")
    [ -n "$needs" ] || fail "$file does not say how to build it"
    # shellcheck disable=SC2086 # words
    if ! pkg-config --exists $needs; then
        left_out+=("$file")
        continue
    fi
    command=${command/ -o / -o "$work/by-hand/"}
    eval "$command" || fail "$file: $command"
    built=$((built + 1))
done

quiet cmake -S "$source/examples" -B "$work/cmake" -G Ninja -DCMAKE_PREFIX_PATH="$work/root" \
    -DCMAKE_C_FLAGS="${warnings[*]}" -DCMAKE_CXX_FLAGS="${warnings[*]}"
quiet cmake --build "$work/cmake"
for program in "$work/by-hand/"*; do
    [ -x "$work/cmake/${program##*/}" ] || fail "examples/CMakeLists.txt lacks ${program##*/}"
done
echo "$built examples built; left out, because a library is not installed: ${left_out[*]:-none}"
[ $built -gt 0 ]
