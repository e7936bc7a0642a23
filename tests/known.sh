#!/bin/sh
# SPDX-License-Identifier: MIT
# known.sh TOOL - succeed if what this version of TOOL finds is a failure of the tests. The
# versions are those of Debian 12. Others warn of more, and a user who has them must be able
# to build and test, so their findings are no failures.
set -eu
tool=$1

# compiler - its kind and major version; clang defines __GNUC__ as well
compiler() {
    printf '__clang_major__ __GNUC__\n' | "$tool" -x c -E -P - |
        sed -e 's/^__clang_major__ /gcc /' -e 's/^\([0-9]*\) .*/clang \1/'
}

# version - the first number that the tool prints
version() { "$tool" --version | sed -n 's/^[^0-9]*\([0-9]*\.[0-9]*\).*/\1/p' | head -n 1; }

case ${tool##*/} in
clang-tidy | cppcheck | shellcheck) found="${tool##*/} $(version)" ;;
*) found=$(compiler) ;;
esac
case $found in
"gcc 12" | "clang-tidy 14.0" | "cppcheck 2.10" | "shellcheck 0.9") ;;
*)
    echo "$found: findings of this version are no failures, ${0##*/} does not name it" >&2
    exit 1
    ;;
esac
