#!/bin/sh
# SPDX-License-Identifier: MIT
# exports.sh CC NM HEADER MAP SHARED STATIC
# Checks that the header, the version script and the shared library have the same
# functions, and that all names in the static library begin with one of our prefixes.
set -eu
cc=$1 nm=$2 header=$3 map=$4 shared=$5 static=$6
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export LC_ALL=C
status=0

"$cc" -E -P "$header" | grep -oE '\barpq_[a-z0-9_]+ *\(' | tr -d ' (' | sort -u >"$tmp/header"
grep -oE '^ +arpq_[a-z0-9_]+;' "$map" | tr -d ' ;' | sort -u >"$tmp/map"
"$nm" -D --defined-only "$shared" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort -u \
    >"$tmp/shared"
"$nm" -g --defined-only "$static" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u >"$tmp/static"

# compare A B - report names that only one of the two lists has
compare() {
    if ! diff "$tmp/$1" "$tmp/$2" >"$tmp/diff"; then
        echo "FAIL: < only in $1, > only in $2:"
        grep '^[<>]' "$tmp/diff"
        status=1
    fi
}
[ -s "$tmp/header" ] || { echo "FAIL: no function found in $header"; status=1; }
compare header map
compare map shared

if ! comm -23 "$tmp/map" "$tmp/static" | diff - /dev/null; then
    echo "FAIL: missing from the static library (above)"
    status=1
fi
# Names that the compiler adds for its own instrumentation begin with "__".
if grep -vE '^(arpq_|aq_|__)' "$tmp/static"; then
    echo "FAIL: the static library takes names that are not ours (above)"
    status=1
fi
needed=$(readelf -d "$shared" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | paste -sd' ')
for library in $needed; do
    case $library in
    libmnl.so.* | libc.so* | ld64.so* | libc.musl-* | ld-linux* | libpthread.so.*) ;;
    *) echo "FAIL: the library needs $library" && status=1 ;;
    esac
done
[ $status -ne 0 ] || echo "ok: $(wc -l <"$tmp/map") functions, needs $needed"
exit $status
