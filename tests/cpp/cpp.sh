#!/bin/bash
# SPDX-License-Identifier: MIT
# cpp.sh SOURCE CC LIBRARY - test include/arpq.hpp: it names every function and constant of the
# interface; it compiles as C++11 to C++23, by g++ and clang++ where these are installed, with and
# without exceptions and RTTI; the programs do what they should, as root and as a user.
set -euo pipefail
source=$1 cc=$2 library=$3
here=$source/tests/cpp
warnings=(-Wall -Wextra -Wpedantic -Wconversion -Wshadow)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
LD_LIBRARY_PATH=$(dirname "$library")
export LC_ALL=C LD_LIBRARY_PATH

fail() {
    echo "FAIL: $*" >&2
    exit 1
}

# ---- The whole interface ----
# Ranges replace the functions that count and that give one element.
jq -r '.functions[].name | select(test("_(count|(table|interfaces|gateways|address)_at)$") | not)' \
    "$source/include/arpq-abi.json" >"$tmp/names"
jq -r '.constants[] | select(.set or (.name | startswith("ARPQ_NAMES_"))).name' \
    "$source/include/arpq-abi.json" >>"$tmp/names"
missing=$(grep -owE '(arpq|ARPQ)_[A-Za-z0-9_]+' "$source/include/arpq.hpp" | sort -u |
    comm -13 - <(sort -u "$tmp/names"))
[ -z "$missing" ] || fail "arpq.hpp lacks: $missing"
echo "ok: $(wc -l <"$tmp/names") names"

# ---- Compilers ----
# Every finding of these versions is a failure; others may find more.
compilers=() first=${CXX:-c++}
for compiler in "$first" g++ clang++; do
    command -v "$compiler" >/dev/null || continue
    kind=$(echo '__clang_major__ __GNUC__' | "$compiler" -x c++ -E -P -)
    case " ${compilers[*]-} " in *" $compiler "*) continue ;; esac
    [ "$compiler" = "$first" ] || [ "$kind" != "$first_kind" ] || continue
    [ "$compiler" != "$first" ] || first_kind=$kind
    case $kind in "__clang_major__ 12" | "14 "*) compiler="$compiler -Werror" ;; esac
    compilers+=("$compiler")
done
[ ${#compilers[@]} -gt 0 ] || fail "there is no C++ compiler"

# The example of the README is a program.
# shellcheck disable=SC2016 # the marks of Markdown
sed -n '/^```cpp$/,/^```$/p' "$source/README.md" | sed '/^```/d' >"$tmp/readme.cpp"
grep -q 'int main' "$tmp/readme.cpp" || fail "README.md has no example in C++"
cat "$here/"{values,empty,main}.cpp >"$tmp/all.cpp"
includes=("-I$source/include" "-I$here")

# try COMMAND... - print the command if it fails
try() {
    "$@" || fail "$*"
}

# accepts CODE OPTION... - whether the compiler in the array "cxx" takes the code
accepts() {
    echo "$1" | "${cxx[@]}" "${@:2}" "${includes[@]}" -include arpq.hpp -x c++ -fsyntax-only - \
        2>/dev/null
}

for compiler in "${compilers[@]}"; do
    read -ra cxx <<<"$compiler"
    for standard in 11 14 17 20 23; do
        option=-std=c++$standard
        [ $standard != 23 ] || "${cxx[@]}" -std=c++23 -x c++ -E /dev/null >"$tmp/out" 2>&1 ||
            option=-std=c++2b
        try "${cxx[@]}" $option "${warnings[@]}" "${includes[@]}" -fsyntax-only "$tmp/all.cpp"
    done
    for options in -fno-rtti '-fno-exceptions -fno-rtti'; do
        read -ra list <<<"$options"
        try "${cxx[@]}" -std=c++11 "${list[@]}" "${warnings[@]}" "${includes[@]}" -fsyntax-only \
            "$tmp/all.cpp"
    done
    accepts 'int number = arpq::result<int>(1).value();' -fexceptions || fail "value()"
    ! accepts 'int number = arpq::result<int>(1).value();' -fno-exceptions ||
        fail "${cxx[0]}: value() exists without exceptions"
    for call in 'wake()' 'resolve(arpq::ip())'; do
        ! accepts "void f(const arpq::handle &h) { h.$call; }" -std=c++17 -Werror=unused-result ||
            fail "${cxx[0]} accepts a result that nobody looks at: $call"
    done
    echo "ok: ${cxx[0]} compiles C++11 to C++23"
done

# ---- Programs ----
try "$cc" -D_GNU_SOURCE -c "$source/tests/namespace.c" -o "$tmp/namespace.o"

# run STANDARD COMPILER... - build the tests and run them. plain.cpp has no exceptions.
run() {
    local option=-std=c++$1
    shift
    try "$@" "$option" "${warnings[@]}" "${includes[@]}" -c "$tmp/all.cpp" -o "$tmp/all.o"
    try "$@" -std=c++11 -fno-exceptions -fno-rtti "${warnings[@]}" "${includes[@]}" \
        -c "$here/plain.cpp" -o "$tmp/plain.o"
    try "$@" "$tmp/"{all,plain,namespace}.o "$library" -pthread -o "$tmp/program"
    try "$tmp/program"
    echo "ok: $1 $option runs"
}

read -ra cxx <<<"${compilers[0]}"
run 11 "${cxx[@]}" -O2
if [ "$(id -u)" = 0 ] && setpriv --reuid 65534 --regid 65534 --clear-groups unshare -rn true; then
    chmod 755 "$tmp"
    if setpriv --reuid 65534 --regid 65534 --clear-groups test -r "$library"; then
        try setpriv --reuid 65534 --regid 65534 --clear-groups "$tmp/program"
        echo "ok: as a user"
    else
        echo "not run as a user: only root may read $library"
    fi
fi
read -ra cxx <<<"${compilers[-1]}"
run 20 "${cxx[@]}"
try "${cxx[@]}" -std=c++11 "${warnings[@]}" "${includes[@]}" "$tmp/readme.cpp" "$library" \
    -o "$tmp/readme"
echo "ok: the example of the README"
