#compdef arpq
# SPDX-License-Identifier: MIT
# Completion for zsh: commands, options and interfaces, as the help of the tool lists them.

_arpq_interfaces() {
    local -a found=(${(f)"$(arpq if 2>/dev/null | sed -n 's/^[0-9]*: \([^:]*\): .*/\1/p')"})
    compadd -a found
}

_arpq_namespaces() {
    local -a found=(/run/netns/*(N:t))
    compadd -a found
}

_arpq_states() {
    compadd none incomplete reachable stale delay probe failed noarp permanent all
}

_arpq_commands() {
    local -a found=(${(f)"$(arpq help 2>/dev/null | sed -n 's/^  \([a-z]*\)  *\([A-Z].*\)/\1:\2/p')"})
    _describe command found
}

# The long options of a command with what they are for; a description that has no room beside its
# option is in the next line.
_arpq_options() {
    local -a found=(${(f)"$(arpq $1 --help 2>/dev/null | awk '
        /^  (-[^ ], |    )--/ {
            sub(/^ *(-[^ ], )?/, "")
            name = $1
            sub(/^--[^ ]+( [^ ]+)? */, "")
            if ($0 == "") { getline; sub(/^ */, "") }
            gsub(/:/, "\\:")
            print name ":" $0
        }')"})
    _describe -o option found
}

_arpq_addr_words() {
    local -a found=(${(s:|:)${(j:|:)${(f)"$(arpq addr --help 2>/dev/null |
        sed -nE 's/^(usage:|      ) arpq addr ([a-z|]+).*/\2/p')"}}})
    compadd -a found
}

_arpq() {
    local command before=${words[CURRENT-1]}
    local -i i

    for ((i = 2; i < CURRENT; i++)); do
        case ${words[i]} in
        -i | -I | --dev | --interface | --iface | --master | --netns | --pid | --state) ((i++)) ;;
        -*) ;;
        *) command=${words[i]} && break ;;
        esac
    done
    case $before in
    -i | -I | --dev | --interface | --iface | --master | dev | master) _arpq_interfaces ;;
    --netns) _arpq_namespaces ;;
    --state | nud) _arpq_states ;;
    *)
        if [[ ${words[CURRENT]} == -* ]]; then
            _arpq_options $command
        elif [[ -z $command || $command == help ]]; then
            _arpq_commands
        elif [[ $command == (show|watch|sniff|if|sweep|flush) ]]; then
            _arpq_interfaces
        elif [[ $command == addr && $before == addr ]]; then
            _arpq_addr_words
        fi
        ;;
    esac
}

_arpq "$@"
