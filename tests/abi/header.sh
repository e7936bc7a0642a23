#!/bin/sh
# SPDX-License-Identifier: MIT
# header.sh CC HEADER - check that the header compiles alone, in every supported language,
# without feature macros, and if it is included twice.
set -eu
cc=$1 header=$2
cxx=${CXX:-c++}
warnings='-Wall -Wextra -Wpedantic -Wundef'
if "$(dirname "$0")/../known.sh" "$cc"; then warnings="$warnings -Werror"; fi

# try COMPILER LANGUAGE STANDARD
try() {
    echo "$2 $3"
    # shellcheck disable=SC2086 # a list of options
    printf '#include "%s"\n#include "%s"\nint main(void);\n' "$header" "$header" |
        "$1" -x "$2" "-std=$3" $warnings -fsyntax-only -
}
for standard in c99 c11 c17; do try "$cc" c $standard; done
for standard in c++11 c++17 c++20; do try "$cxx" c++ $standard; done
