#!/bin/bash
# SPDX-License-Identifier: MIT
# lint.sh LINTER SOURCE BUILD - one of listed, floors, names, root, manual, packages, warnings,
# or shellcheck, cppcheck, tidy, analyzer.
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

# judge TOOL COMMAND... - run COMMAND if known.sh knows TOOL. Else the lint counts as not run: the
# findings would be no failures, and newer linters look for them for long. ARPQ_LINT_ALL=1 prints them.
judge() {
    local tool=$1
    shift
    if tests/known.sh "$tool"; then
        "$@"
    elif [ "${ARPQ_LINT_ALL-}" = 1 ]; then
        "$@" || true
    else
        exit 77
    fi
}

# compile COMPILER - compile every file of the library, tool, tests, benchmark and examples, with the
# optimiser: many warnings need it, and the debug build does not use it. Of the tests, which are most
# of the files, only the syntax.
compile() {
    local everything=$build/warnings
    cmake -S . -B "$everything" -G Ninja --log-level=ERROR -DCMAKE_C_COMPILER="$1" \
        -DCMAKE_C_FLAGS='-O2 -Werror' -DCMAKE_EXPORT_COMPILE_COMMANDS=ON \
        -DARPQ_BUILD_TESTS=ON -DARPQ_BUILD_BENCH=ON -DARPQ_BUILD_EXAMPLES=ON >/dev/null &&
        jq -r 'unique_by(.file)[].command' "$everything/compile_commands.json" |
        sed 's/ -o [^ ]* -c / -o \/dev\/null -c /; /\/tests\/[^ ]*\.c$/s/ -O2 / -fsyntax-only /' | tr '\n' '\0' |
            xargs -0 -P "$jobs" -n 1 sh -c
}

check_scripts() {
    printf '%s\0' "$@" | xargs -0 -P "$jobs" -n 8 shellcheck -x
}

tidy() {
    files src tools examples | grep '\.c$' | xargs -P "$jobs" -n 4 clang-tidy --quiet -p "$build" \
        --warnings-as-errors='*' --extra-arg=-Wno-unknown-warning-option 2> >(grep -vE 'warnings? generated|^Suppressed|^Use -' >&2)
}

# gcc's own analyser. The flags come from pkg-config and src/CMakeLists.txt's include
# directories.
analyze() {
    local packages
    read -ra packages < <(pkg-config --cflags libmnl)
    files src tools examples | grep '\.c$' | xargs -P "$jobs" -n 1 gcc -std=c11 -D_GNU_SOURCE \
        -Iinclude -Isrc -Itools/arpq "${packages[@]}" -O2 -Wall -Wextra -Werror -fanalyzer -c -o /dev/null
}

case $linter in
listed)
    # A source or test that no CMakeLists.txt names would be silently left out. arpq-mqtt is built
    # only where libmosquitto is.
    mqtt=$source/tools/arpq-mqtt
    grep -qF "$mqtt/" "$build/compile_commands.json" && mqtt=none
    unlisted=$(comm -23 \
        <(find "$source"/{src,tools,tests/{attack,unit,kernel,fuzz}} -name '*.c' \
            -not -path "$mqtt/*" | sort) \
        <(files src tools tests))
    [ -z "$unlisted" ] || { printf 'not built:\n%s\n' "$unlisted" && exit 1; }
    ;;
floors) tests/floors.sh "$source" "$build" ;;
names)
    # A backtrace must name the subsystem, and scripts/amalgamate makes one file of all: nothing in
    # src/ has two definitions. Of netlink_*.c the library has only one.
    twice=$(ctags -R --languages=C --kinds-C=fvsuegt --exclude=netlink_mnl.c -x src |
        awk '{ print ($2 ~ /^(struct|union|enum)$/ ? "struct " : "") $1 }' | sort | uniq -d)
    [ -z "$twice" ] || { printf 'defined twice:\n%s\n' "$twice" && exit 1; }
    ;;
root)
    # A file at the root that is not named here is a scratch file.
    named='README\.md|CONTRIBUTING\.md|CHANGELOG\.md|SECURITY\.md|LICENSE|arpq\.pc\.in'
    named+='|CMakeLists\.txt|CMakePresets\.json|\.(clang-format|clang-tidy|editorconfig|gitattributes|gitignore)'
    stray=$(git ls-files | grep -v / | grep -vxE "$named" || true)
    [ -z "$stray" ] || { printf 'not named:\n%s\n' "$stray" && exit 1; }
    ;;
manual)
    # libarpq(7) lists each function of the library, and no other.
    differences=$(diff \
        <(grep -oE '^ +arpq_[a-z0-9_]+;' src/libarpq.map | tr -d ' ;' | LC_ALL=C sort -u) \
        <(sed -n '/^\.Sh FUNCTIONS/,/^\.Sh FILES/p' man/libarpq.7 |
            grep -oE 'Fn arpq_[a-z0-9_]+' | cut -d' ' -f2 | LC_ALL=C sort -u) || true)
    [ -z "$differences" ] ||
        { printf '< not in libarpq(7), > not in libarpq.map:\n%s\n' "$differences" && exit 1; }
    mapfile -t generated < <(grep -L '^\.so' "$build"/man/man3/*.3) # the others refer to these
    mandoc -T lint -W warning man/*.[17] tools/arpq-mqtt/*.1 "${generated[@]}"
    ;;
packages) tests/packages.sh "$source" ;;
warnings)
    compiler=$(jq -r '.[0].command | split(" ")[0]' "$build/compile_commands.json")
    judge "$compiler" compile "$compiler"
    ;;
shellcheck)
    mapfile -t scripts < <(grep -rlE --exclude-dir={build,node_modules,.git} \
        -e '^#!/(bin/(ba)?sh|usr/bin/env (ba)?sh)' .)
    judge shellcheck check_scripts "${scripts[@]}" scripts/lib.sh
    ;;
cppcheck)
    # The whole programme is not given, so "unused" and "missing" say nothing.
    mapfile -t sources < <(files src tools)
    judge cppcheck cppcheck --quiet --std=c11 --error-exitcode=1 -j "$jobs" --inline-suppr \
        --enable=warning,performance,portability --suppress=missingIncludeSystem \
        -Iinclude -Isrc -D_GNU_SOURCE "${sources[@]}"
    ;;
tidy) judge clang-tidy tidy ;;
analyzer) judge gcc analyze ;;
*)
    echo "unknown linter: $linter" >&2
    exit 2
    ;;
esac
