#!/bin/sh
# SPDX-License-Identifier: MIT
# examples.sh SOURCE CC LIBRARY BUILD - compile the examples of the manual pages of section 3, with
# warnings as errors, and run each as its page shows it. What it prints has to be what the page
# says. inside.sh starts this script in the network that the pages assume.
set -u
source=$1 cc=$2 library=$3 build=$4
warnings='-Wall -Wextra'
if "$source/tests/known.sh" "$cc"; then warnings="$warnings -Werror"; fi
mkdir -p "$build" || exit 1
cd "$build" || exit 1

# The compiler is most of the time: two at once.
# shellcheck disable=SC2016 # the inner shell expands it
printf '%s\n' "$source"/man/examples/*.c |
    xargs -P 2 -I FILE sh -c '"$1" -std=c11 -D_GNU_SOURCE $2 -I"$3/include" "$0" -o \
        "$(basename "$0" .c)" "$4" -Wl,-rpath,"$(dirname "$4")"' \
        FILE "$cc" "$warnings" "$source" "$library" || exit 1

passed=0
failed=0
for page in "$source"/man/examples/*.out; do
    name=$(basename "$page" .out)
    command=$(sed -n '1s/^\$ //p' "$page")
    {
        ip neigh flush all nud all &&
            ip neigh replace 192.0.2.1 lladdr 00:00:5e:00:53:01 dev eth0 nud reachable &&
            ip neigh replace 192.0.2.7 lladdr 00:80:77:12:34:56 dev eth0 nud stale &&
            ip neigh replace 192.0.2.9 lladdr 02:00:00:00:00:09 dev eth0 nud permanent
    } || exit 1
    case $command in
    "./$name" | "./$name "*) ;;
    *) echo "FAILED: $page does not begin with the command" && failed=$((failed + 1)) && continue ;;
    esac
    timeout 20 sh -c "$command" >out 2>&1
    if sed 1d "$page" | diff - out >difference; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $command (< the page, > the program)"
        cat difference
    fi
done
echo "$passed examples passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
