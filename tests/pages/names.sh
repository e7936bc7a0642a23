#!/bin/sh
# SPDX-License-Identifier: MIT
# names.sh SOURCE PAGES - check that the header, the version script and the pages of section 3 in
# PAGES name the same functions, each on one page, that each function has a page of its name, and
# that libarpq(7) refers to each page.
set -eu
source=$1 pages=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export LC_ALL=C
status=0

grep -oE '^ +arpq_[a-z0-9_]+;' "$source/src/libarpq.map" | tr -d ' ;' | sort >"$tmp/map"
sed 's,/\*.*\*/,,' "$source/include/arpq.h" | grep -v '^ \*' |
    grep -oE '\barpq_[a-z0-9_]+\(' | tr -d '(' | sort >"$tmp/header"
find "$pages" -name '*.3' -exec grep -L '^\.so' {} + | sort >"$tmp/real"
# shellcheck disable=SC2046 # a list of files
sed -n '/^\.Sh NAME/,/^\.Nd/s/^\.Nm \([a-z0-9_]*\).*/\1/p' $(cat "$tmp/real") | sort >"$tmp/all"
# A family that is no function gives its name to a page, too.
sed 's,.*/,,; s/\.3$//' "$tmp/real" | comm -23 - "$tmp/map" | comm -23 "$tmp/all" - >"$tmp/pages"

# compare A B - report names that only one of the two lists has
compare() {
    if ! diff "$tmp/$1" "$tmp/$2" >"$tmp/diff"; then
        echo "FAIL: < only in $1, > only in $2:"
        grep '^[<>]' "$tmp/diff"
        status=1
    fi
}
[ -s "$tmp/header" ] || { echo "FAIL: no function found in the header"; status=1; }
compare map header
compare map pages

while read -r name; do
    target=$(sed -n 's,^\.so man3/\(.*\)$,\1,p' "$pages/$name.3") || { status=1 && continue; }
    grep -qE "^\.Nm $name( ,)?\$" "$pages/${target:-$name.3}" ||
        { echo "FAIL: $name.3 does not lead to the page of $name" && status=1; }
done <"$tmp/map"
while read -r page; do
    name=$(basename "$page" .3)
    grep -q "^\.Xr $name 3" "$source/man/libarpq.7" ||
        { echo "FAIL: libarpq(7) does not refer to $name(3)" && status=1; }
done <"$tmp/real"
[ $status -ne 0 ] || echo "ok: $(wc -l <"$tmp/map") functions on $(wc -l <"$tmp/real") pages"
exit $status
