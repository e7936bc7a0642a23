#!/bin/sh
# SPDX-License-Identifier: MIT
# options.sh SOURCE TOOL - check that each command of the tool has a page, that its page and
# arpq(1) together list the options of its help and no other, and that arpq(1) lists the commands.
set -eu
source=$1 tool=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export LC_ALL=C
status=0
more=' -I -V --interface ' # spellings that the help does not list

# of_page PAGE - the options that the section OPTIONS lists
of_page() {
    sed -n '/^\.Sh OPTIONS/,/^\.Sh/s/^\.It Fl/Fl/p' "$1" | awk -v more="$more" '{
        for (i = 1; i <= NF; i++)
            if ($i == "Fl" || $i == "Ar") flag = $i == "Fl"
            else if (flag && $i !~ /^[,;]$/ && !index(more, " -" $i " ")) print "-" $i
    }' | sort -u
}

# compare WHAT A B - report words that only one of the two lists has
compare() {
    diff "$2" "$3" >"$tmp/diff" || { echo "FAIL: $1:" && grep '^[<>]' "$tmp/diff" && status=1; }
}

"$tool" help | sed -n 's/^  \([a-z]*\)  *[A-Z].*/\1/p' | sort >"$tmp/commands"
sed -n 's/^\.It Xr arpq-\([a-z]*\) 1$/\1/p' "$source/man/arpq.1" | sort >"$tmp/listed"
compare "commands, < only in the help, > only in arpq(1)" "$tmp/commands" "$tmp/listed"
find "$source/man" -name 'arpq-*.1' | sed 's/.*arpq-//; s/\.1$//' | sort >"$tmp/pages"
compare "commands, < only in the help, > only a page" "$tmp/commands" "$tmp/pages"

of_page "$source/man/arpq.1" >"$tmp/common"
while read -r command; do
    page=$source/man/arpq-$command.1
    [ -e "$page" ] || continue
    "$tool" help "$command" | sed -nE 's/^ +(-., )?(--[a-z0-9-]+).*/\1\2/p' | tr -s ', ' '\n' |
        sort -u >"$tmp/help"
    case $command in
    help | version) comm -12 "$tmp/common" "$tmp/help" >"$tmp/applies" ;;
    *) cp "$tmp/common" "$tmp/applies" ;;
    esac
    of_page "$page" | sort -u - "$tmp/applies" >"$tmp/page"
    compare "options of $command, < only in its help, > only in its page" "$tmp/help" "$tmp/page"
done <"$tmp/commands"
[ $status -ne 0 ] || echo "ok: $(wc -l <"$tmp/commands") commands"
exit $status
