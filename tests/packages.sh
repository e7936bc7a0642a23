#!/bin/bash
# SPDX-License-Identifier: MIT
# packages.sh SOURCE - what the packages repeat agrees with its one place: the version with
# include/arpq.h, the symbols with src/libarpq.map, and the version of the ABI with both.
# Exit status: 0 passed, 1 failed, 77 not run.
set -euo pipefail
cd "$1"
[ -d debian ] || { echo "NOT RUN: a release tarball has no debian/" >&2; exit 77; }
failed=0

wrong() {
    echo "$*"
    failed=1
}

version=$(sed -n 's/^#define ARPQ_VERSION_[A-Z]* \([0-9]*\)$/\1/p' include/arpq.h | paste -sd.)
major=${version%%.*}

# has_version FILE EXPRESSION - sed prints the version that FILE has
has_version() {
    local found
    found=$(sed -nE "$2" "$1" | head -n 1)
    [ "$found" = "$version" ] || wrong "$1 has the version '$found', include/arpq.h $version"
}

has_version CHANGELOG.md 's/^## ([0-9.]+).*/\1/p'
has_version debian/changelog '1s/^libarpq \(([0-9.]+)-.*/\1/p'
has_version packaging/alpine/APKBUILD 's/^pkgver=(.*)/\1/p'
has_version packaging/openwrt/Makefile 's/^PKG_VERSION:=(.*)/\1/p'
has_version packaging/rpm/libarpq.spec 's/^Version: *(.*)/\1/p'
has_version bindings/node/package.json 's/^ *"version": "(.*)".*/\1/p'
for crate in arpq arpq-sys; do
    has_version "bindings/rust/$crate/Cargo.toml" 's/^version = "(.*)"/\1/p'
done

# Each symbol of the map with its tag, as dpkg-gensymbols names it.
symbols() {
    awk '/^ARPQ_[0-9.]+ \{/ { tag = $1; print tag "@" tag }
        /^ +arpq_[a-z0-9_]+;/ { sub(/;/, "", $1); print $1 "@" tag }' src/libarpq.map | LC_ALL=C sort
}
differences=$(diff <(symbols) <(sed -nE 's/^ ([^ ]+) .*/\1/p' debian/libarpq0.symbols | LC_ALL=C sort) || true)
[ -z "$differences" ] ||
    wrong "< not in debian/libarpq0.symbols, > not in src/libarpq.map:"$'\n'"$differences"

# A new major number is a new SONAME, and a new name of the package.
for file in debian/libarpq"$major".symbols debian/libarpq"$major".install; do
    [ -f "$file" ] || wrong "there is no $file"
done
grep -q "^libarpq\.so\.$major libarpq$major " debian/libarpq"$major".symbols ||
    wrong "debian/libarpq$major.symbols is not of libarpq.so.$major"
grep -q "^Package: libarpq$major$" debian/control || wrong "debian/control has no libarpq$major"
exit $failed
