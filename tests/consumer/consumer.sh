#!/bin/bash
# SPDX-License-Identifier: MIT
# consumer.sh SOURCE WORK - use libarpq as its users do: build it, install it to an
# empty directory, compile C and C++ programs against that copy in every supported way,
# run them, uninstall the library, and check that no file is left.
set -euo pipefail
source=$1 work=$2
here=$source/tests/consumer
version=$(sed -n 's/^#define ARPQ_VERSION_[A-Z]* \([0-9]*\)$/\1/p' "$source/include/arpq.h" |
    paste -sd.)
expected="$version 00:00:5e:00:53:2a"
warnings=(-Wall -Wextra -Wpedantic)
if "$source/tests/known.sh" cc && "$source/tests/known.sh" "${CC:-cc}"; then
    warnings+=(-Werror)
fi
unset DESTDIR PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR LD_LIBRARY_PATH CFLAGS CXXFLAGS LDFLAGS

rm -rf "$work"
mkdir -p "$work"

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

# build NAME OPTION... - build the library in $work/NAME
build() {
    local name=$1
    shift
    quiet cmake -S "$source" -B "$work/$name" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DARPQ_BUILD_TESTS=OFF -DARPQ_MQTT=OFF -DCMAKE_INSTALL_PREFIX="$work/$name-root" "$@"
    quiet cmake --build "$work/$name"
}

# check WHAT PROGRAM - run the program and compare its output with the expected one
check() {
    local output
    output=$("$2") || fail "$1: status $?"
    [ "$output" = "$expected" ] || fail "$1: printed '$output', not '$expected'"
    echo "ok: $1"
}

# not_shared PROGRAM - check that the program does not need the shared library
not_shared() {
    if readelf -d "$1" | grep -q 'NEEDED.*libarpq'; then fail "$1 needs libarpq.so"; fi
}

# with_pkg_config WHAT [--static] - compile the C and C++ programs with the flags of
# pkg-config, which finds arpq.pc through the environment, and run them
with_pkg_config() {
    local what=$1 program language compiler flags
    shift
    [ "$(pkg-config --modversion arpq)" = "$version" ] || fail "$what: arpq.pc has another version"
    for program in "consumer.c c" "consumer.c c++" "consumer.cpp c++"; do
        read -r program language <<<"$program"
        compiler=cc
        [ "$language" = c ] || compiler=c++
        eval "flags=($(pkg-config "$@" --cflags --libs arpq))" # it escapes spaces
        quiet $compiler "${warnings[@]}" -x "$language" "$here/$program" -x none \
            "${flags[@]}" -o "$work/program"
        check "$what, $program, $language" "$work/program"
    done
}

# with_cmake WHAT FROM OPTION... - compile the C and C++ programs with CMake and run them
with_cmake() {
    local what=$1 from=$2
    shift 2
    rm -rf "$work/user"
    quiet cmake -S "$here" -B "$work/user" -G Ninja -DARPQ_FROM="$from" \
        -DARPQ_WARNINGS="$(IFS=';' && echo "${warnings[*]}")" "$@"
    quiet cmake --build "$work/user"
    check "$what, c" "$work/user/consumer"
    check "$what, c++" "$work/user/consumer_cxx"
    check "$what, arpq.hpp" "$work/user/consumer_hpp"
}

# uninstall NAME [ROOT] - uninstall the library and check that only empty directories are
# left
uninstall() {
    local root=${2:-$work/$1-root} left
    quiet cmake --build "$work/$1" --target uninstall
    left=$(find "$root" ! -type d)
    [ -z "$left" ] || fail "uninstall left: $left"
    left=$(find "$root" -type d -name '*arpq*')
    [ -z "$left" ] || fail "uninstall left: $left"
    echo "ok: uninstall ($1)"
}

# ---- Both kinds, relative directories ----
build both -DCMAKE_INSTALL_LIBDIR=lib
quiet cmake --install "$work/both"
root=$work/both-root
cmp "$root/share/arpq/arpq-abi.json" "$here/../../include/arpq-abi.json" ||
    fail "arpq-abi.json is not installed"
if command -v python3 >/dev/null; then
    [ -e "$root/share/man/man3/arpq_mirror_lookup.3" ] || fail "no pages of section 3 are installed"
fi
export PKG_CONFIG_PATH=$root/lib/pkgconfig LD_LIBRARY_PATH=$root/lib
with_pkg_config "pkg-config, shared"
case " $(pkg-config --libs arpq) " in *" -lmnl "*) fail "shared users are given -lmnl" ;; esac

for language in c c++; do
    compiler=cc
    [ $language = c ] || compiler=c++
    read -ra flags < <(pkg-config --cflags --libs-only-L arpq)
    quiet $compiler "${warnings[@]}" -x $language "$here/consumer.c" -x none \
        "${flags[@]}" -l:libarpq.a -lmnl -pthread -o "$work/program"
    not_shared "$work/program"
    check "libarpq.a, $language" "$work/program"
done
if [ -e "$(cc -print-file-name=libmnl.a)" ]; then
    read -ra flags < <(pkg-config --static --cflags --libs arpq)
    quiet cc "${warnings[@]}" -static -x c "$here/consumer.c" -x none "${flags[@]}" -o "$work/program"
    check "pkg-config --static, -static" "$work/program"
else
    echo "not tested, as there is no libmnl.a: pkg-config --static, -static"
fi
with_cmake "find_package, shared" package -DCMAKE_PREFIX_PATH="$root"
with_cmake "find_package, static component" static -DCMAKE_PREFIX_PATH="$root"
not_shared "$work/user/consumer"
if [ -x "$root/bin/arpq" ]; then
    "$root/bin/arpq" --version | grep -qF "$version" || fail "arpq --version"
    echo "ok: installed tool"
fi
uninstall both

# ---- Both kinds, absolute directories ----
quiet cmake -S "$source" -B "$work/both" -DCMAKE_INSTALL_LIBDIR="$work/both-root/x/lib64" \
    -DCMAKE_INSTALL_INCLUDEDIR="$work/both-root/y/include"
quiet cmake --build "$work/both"
quiet cmake --install "$work/both"
export PKG_CONFIG_PATH=$root/x/lib64/pkgconfig LD_LIBRARY_PATH=$root/x/lib64
case $(pkg-config --variable=libdir arpq)$(pkg-config --variable=includedir arpq) in
*//* | *\$*) fail "absolute directories: $(cat "$PKG_CONFIG_PATH/arpq.pc")" ;;
esac
with_pkg_config "pkg-config, absolute directories"
with_cmake "find_package, absolute directories" package -Darpq_DIR="$root/x/lib64/cmake/arpq"
uninstall both

# ---- Staged with DESTDIR, as packagers do, and moved afterwards ----
quiet cmake -S "$source" -B "$work/both" -DCMAKE_INSTALL_LIBDIR=lib \
    -DCMAKE_INSTALL_INCLUDEDIR=include -DCMAKE_INSTALL_PREFIX=/usr/local
quiet cmake --build "$work/both"
export DESTDIR=$work/stage
quiet cmake --install "$work/both"
unset DESTDIR
grep -rlF "$work" "$work/stage" --include='*.pc' --include='*.cmake' --include='*.h' &&
    fail "installed files name the place they were built or staged in"
mv "$work/stage" "$work/moved"
export LD_LIBRARY_PATH=$work/moved/usr/local/lib
export PKG_CONFIG_PATH=$work/moved/usr/local/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$work/moved
cflags=$(pkg-config --cflags arpq)
[[ $cflags == *"$work/moved/usr/local/include"* ]] || fail "DESTDIR: $cflags"
with_pkg_config "pkg-config, staged and moved"
unset PKG_CONFIG_SYSROOT_DIR
with_cmake "find_package, staged and moved" package \
    -DCMAKE_PREFIX_PATH="$work/moved/usr/local"
export DESTDIR=$work/moved
uninstall both "$work/moved"
unset DESTDIR

# ---- Another prefix at install time, with a space ----
late="$work/late root"
quiet cmake --install "$work/both" --prefix "$late"
export PKG_CONFIG_PATH=$late/lib/pkgconfig LD_LIBRARY_PATH=$late/lib
with_pkg_config "pkg-config, cmake --install --prefix"
with_cmake "find_package, cmake --install --prefix" package "-DCMAKE_PREFIX_PATH=$late"
unset LD_LIBRARY_PATH
"$late/bin/arpq" --version | grep -qF "$version" || fail "the installed tool does not run"
uninstall both "$late"

# ---- Components ----
quiet cmake --install "$work/both" --prefix "$work/tool-root" --component Tool
quiet cmake --install "$work/both" --prefix "$work/tool-root" --component Runtime
"$work/tool-root/bin/arpq" --version | grep -qF "$version" || fail "Tool and Runtime alone"
for file in man/man1/arpq.1 bash-completion/completions/arpq arpq/schema/show.json fish/vendor_completions.d/arpq.fish \
    zsh/site-functions/_arpq; do
    [ -e "$work/tool-root/share/$file" ] || fail "the component Tool lacks $file"
done
[ ! -e "$work/tool-root/include" ] || fail "Tool and Runtime contain the header"
rm -r "$work/tool-root"
echo "ok: components"

# ---- Static only ----
build static -DBUILD_SHARED_LIBS=OFF -DCMAKE_INSTALL_LIBDIR=lib -DARPQ_BUILD_TOOL=OFF
quiet cmake --install "$work/static"
unset LD_LIBRARY_PATH
export PKG_CONFIG_PATH=$work/static-root/lib/pkgconfig
with_pkg_config "pkg-config, static only"
not_shared "$work/program"
with_cmake "find_package, static only" package -DCMAKE_PREFIX_PATH="$work/static-root"
uninstall static

# ---- Without libmnl: neither the build nor a user finds it ----
export PKG_CONFIG_LIBDIR=$PKG_CONFIG_PATH
build static -DARPQ_BUILTIN_NETLINK=ON
quiet cmake --install "$work/static"
with_pkg_config "pkg-config, without libmnl"
with_cmake "find_package, without libmnl" package -DCMAKE_PREFIX_PATH="$work/static-root"
unset PKG_CONFIG_LIBDIR
read -ra flags < <(pkg-config --static --cflags --libs arpq)
quiet cc "${warnings[@]}" -static -x c "$here/consumer.c" -x none "${flags[@]}" -o "$work/program"
check "-static, without libmnl" "$work/program"
uninstall static
unset PKG_CONFIG_PATH

# ---- As a part of the user's own build ----
with_cmake "add_subdirectory, static" "$source"
with_cmake "add_subdirectory, shared" "$source" -DBUILD_SHARED_LIBS=ON
