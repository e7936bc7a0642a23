#!/bin/bash
# SPDX-License-Identifier: MIT
# lint.sh LINTER SOURCE BUILD - one of listed, shellcheck, cppcheck, tidy, analyzer.
# BUILD holds the compile_commands.json that names the files and their options.
set -euo pipefail
linter=$1 source=$2 build=$3
jobs=$(nproc)
cd "$source"

# files DIRECTORY... - the C files of these directories that the build compiles
files() {
    local directory
    for directory; do
        jq -r '.[].file' "$build/compile_commands.json" | grep -F "$source/$directory/" || true
    done | sort -u
}

case $linter in
listed)
    # A source or test that no CMakeLists.txt names would be silently left out.
    unlisted=$(comm -23 \
        <(find "$source"/src "$source"/tools "$source"/tests/{unit,kernel,fuzz} -name '*.c' | sort) \
        <(files src tools tests))
    [ -z "$unlisted" ] || { printf 'not built:\n%s\n' "$unlisted" && exit 1; }
    ;;
shellcheck)
    mapfile -t scripts < <(grep -rlE --exclude-dir=build --exclude-dir=.git \
        -e '^#!/(bin/(ba)?sh|usr/bin/env (ba)?sh)' .)
    shellcheck -x "${scripts[@]}" scripts/lib.sh
    ;;
cppcheck)
    # The whole programme is not given, so "unused" and "missing" say nothing.
    mapfile -t sources < <(files src tools)
    cppcheck --quiet --std=c11 --error-exitcode=1 -j "$jobs" --inline-suppr \
        --enable=warning,performance,portability --suppress=missingIncludeSystem \
        -Iinclude -Isrc -D_GNU_SOURCE "${sources[@]}"
    ;;
tidy)
    files src tools examples | xargs -P "$jobs" -n 4 clang-tidy --quiet -p "$build" \
        --warnings-as-errors='*' --extra-arg=-Wno-unknown-warning-option 2> >(grep -vE 'warnings? generated|^Suppressed|^Use -' >&2)
    ;;
analyzer)
    # gcc's own analyser, with the warnings of the ordinary build. The flags come
    # from one place: pkg-config and src/CMakeLists.txt's include directories.
    read -ra mnl < <(pkg-config --cflags libmnl json-c)
    files src tools | xargs -P "$jobs" -n 1 gcc -std=c11 -D_GNU_SOURCE -Iinclude -Isrc \
        "${mnl[@]}" -O2 -Wall -Wextra -Werror -fanalyzer -c -o /dev/null
    ;;
*)
    echo "unknown linter: $linter" >&2
    exit 2
    ;;
esac
