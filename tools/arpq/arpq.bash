# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Completion for bash: commands, options and interfaces, as the help of the tool lists them.

_arpq() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command='' given words='' i

    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        -i | -I | --dev | --interface | --iface | --master | --netns | --pid | --state) ((i++)) ;;
        -*) ;;
        *) command=${COMP_WORDS[i]} && break ;;
        esac
    done
    case $before in
    -i | -I | --dev | --interface | --iface | --master | dev | master)
        words=$(arpq if 2>/dev/null | sed -n 's/^[0-9]*: \([^:]*\): .*/\1/p') ;;
    --netns)
        words=$(ls /run/netns 2>/dev/null) ;;
    --state | nud)
        words='none incomplete reachable stale delay probe failed noarp permanent all' ;;
    *)
        if [[ $word == -* ]]; then
            words=$(arpq ${command:+"$command"} --help 2>/dev/null | grep -oE -e '--[a-z0-9-]+')
        elif [[ -z $command || $command == help ]]; then
            words=$(arpq help 2>/dev/null | sed -n 's/^  \([a-z]*\)  *[A-Z].*/\1/p')
        elif [[ $command =~ ^(show|watch|sniff|if|sweep|flush)$ ]]; then
            words=$(arpq if 2>/dev/null | sed -n 's/^[0-9]*: \([^:]*\): .*/\1/p')
        elif [[ $command == addr && $before == addr ]]; then
            words=$(arpq addr --help 2>/dev/null |
                sed -nE 's/^(usage:|      ) arpq addr ([a-z|]+).*/\2/p' | tr '|' ' ')
        fi
        ;;
    esac
    # compgen -W would expand the words: an interface may have the name $(reboot).
    COMPREPLY=()
    while read -r given; do
        [ -z "$given" ] || printf -v given %q "$given"
        if [[ -n $given && $given == "$word"* ]]; then COMPREPLY+=("$given"); fi
    done < <(tr ' ' '\n' <<<"$words")
}
complete -F _arpq arpq
