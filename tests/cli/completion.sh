#!/bin/bash
# SPDX-License-Identifier: MIT
# completion.sh SHELL SOURCE TOOL - compare what bash, zsh or fish completes with the tables of the
# tool: every command, every option of each command, the states, and the words of addr.
# Exit status: 0 passed, 1 failed, 77 the shell is not installed.
set -uo pipefail
shell=$1 source=$2 tool=$3
file=$source/tools/arpq/arpq.$shell
command -v "$shell" >/dev/null || { echo "NOT RUN: $shell is not installed" >&2; exit 77; }
PATH=$(dirname "$tool"):$PATH
export LC_ALL=C
failed=0 passed=0

# complete_bash WORD... - the completions of the last word, one a line; likewise for the others
complete_bash() {
    # shellcheck disable=SC2016 # for the inner shell
    bash -c '. "$1" && shift && COMP_WORDS=("$@") && COMP_CWORD=$(($# - 1)) && _arpq &&
        printf "%s\n" "${COMPREPLY[@]}"' bash "$file" "$@"
}

# The functions of zsh that offer completions print them here.
complete_zsh() {
    # shellcheck disable=SC2016
    zsh -f -c '
        compadd() { if [[ $1 == -a ]]; then print -rl -- ${(P)2}; else print -rl -- "$@"; fi }
        _describe() { [[ $1 != -o ]] || shift; print -rl -- ${${(P)2}%%:*} }
        file=$1; shift
        words=("$@") CURRENT=$#
        set --
        source $file' zsh "$file" "$@" | grep -e "^${*: -1}"
}

complete_fish() {
    # shellcheck disable=SC2016
    fish --no-config -c 'source $argv[1]; complete -C "$argv[2]"' "$file" "$*" | cut -f1
}

# expect WANTED WORD... - WANTED has one word a line
expect() {
    local wanted=$1 got
    shift
    got=$(complete_"$shell" "$@" | sort -u)
    wanted=$(sort -u <<<"$wanted")
    if [ "$got" = "$wanted" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s: completion of "%s"\n' "$shell" "$*"
        diff <(echo "$wanted") <(echo "$got") | sed 's/^</missing:/; s/^>/too much:/'
    fi
}

# The second run, in a network namespace: no shell expands the name of an interface.
if [ "${4-}" = --inside ]; then
    work=$(mktemp -d) && cd "$work" || exit 1
    # shellcheck disable=SC2016 # the name
    name='$(>ran)'
    ip link add "$name" type veth peer name '*' || exit 1
    wanted=$name
    # shellcheck disable=SC2016,SC1003
    [ "$shell" != bash ] || wanted='\$\(\>ran\)'
    complete_"$shell" arpq show '' >out
    grep -qxF -- "$wanted" out || { echo "FAILED: $shell: not '$wanted', but:" && cat out && failed=1; }
    [ ! -e ran ] || { echo "FAILED: $shell: it has run the name of an interface" && failed=1; }
    rm -r "$work"
    exit $failed
fi

"$shell" -n "$file" || exit 1
commands=$(sed -nE 's/^#include "cmd_([a-z]+)\.h"$/\1/p' "$source/tools/arpq/commands.c")
expect "$commands" arpq ''
expect "$commands" arpq help ''
expect sweep arpq sw
expect sweep arpq --netns blue --pid 1 -j -i lo sw
all=''
for command in $commands; do
    options=$(arpq "$command" --help | sed -nE 's/^  (-.,|   ) (--[a-z0-9-]+).*/\2/p')
    [ -n "$options" ] || { echo "FAILED: no options in the help of $command" && exit 1; }
    expect "$options" arpq "$command" --
    all+=$options$'\n'
done
# The help of the commands has every row of the table of options.
table=$(sed -nE 's/^ *\[OPTION_[A-Z0-9_]+\] = \{"([a-z0-9-]+)".*/--\1/p' "$source/tools/arpq/option_table.c")
[ "$(sort -u <<<"$table")" = "$(sed '/^$/d' <<<"$all" | sort -u)" ] ||
    { echo "FAILED: the help and the table of options differ" && failed=1; }

states=$(arpq show --state nonsense 2>&1 | sed -n 's/.*(\(none, .*all\)).*/\1/p' | sed 's/, /\n/g; s/ or /\n/')
expect "$states" arpq show --state ''
expect "$states" arpq set 192.0.2.9 nud ''
for option in -i -I --dev --interface --iface --master dev master; do
    expect lo arpq show "$option" lo
done
expect lo arpq show lo
words=$(arpq addr --help | sed -nE 's/^.* arpq addr ([a-z|]+) .*/\1/p' | tr '|' '\n')
expect "$words" arpq addr ''
expect '' arpq get ''

namespace=(unshare -n)
unshare -n true 2>/dev/null || namespace=(unshare -Urn)
if "${namespace[@]}" true 2>/dev/null; then
    "${namespace[@]}" "$BASH" "$0" "$shell" "$source" "$tool" --inside || failed=$((failed + 1))
    passed=$((passed + 1))
else
    echo "not tested: names of interfaces, which need a network namespace"
fi
echo "$shell: $passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 20 ]
