#!/bin/sh
# SPDX-License-Identifier: MIT
# version.sh LIBRARY PROGRAM... - check that arpq_version() returns the header's version (the
# program compares them), that the SONAME contains the ABI number, and that the file name
# contains the whole version. (The consumer test compares the version in arpq.pc.)
set -eu
library=$1
shift
version=$("$@") || { echo "FAIL: header and library differ: $version"; exit 1; }
abi=${version#* } version=${version% *}
case $library in *.a) echo "ok: $version (static)" && exit 0 ;; esac

soname=$(readelf -d "$library" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
[ "$soname" = "libarpq.so.$abi" ] || { echo "FAIL: SONAME is $soname"; exit 1; }
file=$(basename "$(readlink -f "$library")")
[ "$file" = "libarpq.so.$version" ] || { echo "FAIL: the file is $file"; exit 1; }
echo "ok: $version, $soname"
