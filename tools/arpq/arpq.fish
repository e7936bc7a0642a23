# SPDX-License-Identifier: MIT
# Completion for fish: commands, options and interfaces, as the help of the tool lists them.

function __arpq_command
    set -l words (commandline -opc)
    set -l is_argument no
    for word in $words[2..-1]
        if test $is_argument = yes
            set is_argument no
        else if contains -- $word -i -I --dev --interface --iface --master --netns --pid --state
            set is_argument yes
        else if not string match -q -- '-*' $word
            echo $word
            return 0
        end
    end
    return 1
end

function __arpq_commands
    arpq help 2>/dev/null | string replace -rf '^  ([a-z]+) +([A-Z].*)' '$1\t$2'
end

# The long options of the command with what they are for; a description that has no room beside its
# option is in the next line.
function __arpq_options
    arpq (__arpq_command) --help 2>/dev/null | awk '
        /^  (-[^ ], |    )--/ {
            sub(/^ *(-[^ ], )?/, "")
            name = $1
            sub(/^--[^ ]+( [^ ]+)? */, "")
            if ($0 == "") { getline; sub(/^ */, "") }
            print name "\t" $0
        }'
end

function __arpq_interfaces
    arpq if 2>/dev/null | string replace -rf '^[0-9]+: ([^:]+): .*' '$1'
end

function __arpq_namespaces
    ls /run/netns 2>/dev/null
end

function __arpq_states
    string split ' ' 'none incomplete reachable stale delay probe failed noarp permanent all'
end

function __arpq_addr_words
    arpq addr --help 2>/dev/null | string replace -rf '^(usage:|      ) arpq addr ([a-z|]+).*' '$2' |
        string split '|'
end

function __arpq_words
    set -l before (commandline -opc)[-1]
    set -l command (__arpq_command)
    switch $before
        case -i -I --dev --interface --iface --master dev master
            __arpq_interfaces
        case --netns
            __arpq_namespaces
        case --state nud
            __arpq_states
        case '*'
            if string match -q -- '-*' (commandline -ct)
                __arpq_options
            else if test -z "$command" -o "$command" = help
                __arpq_commands
            else if contains -- $command show watch sniff if sweep flush
                __arpq_interfaces
            else if test "$command" = addr -a "$before" = addr
                __arpq_addr_words
            end
    end
end

complete -c arpq -f -a '(__arpq_words)'
