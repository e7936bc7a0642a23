#!/bin/sh
# SPDX-License-Identifier: MIT
# arpq without a command: usage, versions and output that cannot be written.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

reading_network

t 2 '' 'usage: arpq *'
t 2 '' 'arpq get: an argument is missing: *' get
t 2 '' 'arpq lookup: an argument is missing: *' lookup
t 2 '' 'arpq: an argument is missing: arpq ?lookup? *' --json
t 2 '' "*nonsense*${nl}Try 'arpq --help'." --nonsense
t 2 '' '*--help*' -x
t 2 '' '*--help*' --dev
t 2 '' 'arpq if: -g: an option of other commands: *' -g if
t 2 '' 'arpq get: --names: an option of other commands: *' get --names 192.0.2.9
t 2 '' 'arpq: --state: an option of other commands*' --state stale 192.0.2.9
t 2 '' 'arpq show: -g: an option of other commands: *' show -g
t 2 '' 'arpq show: --count: an option of other commands: *' show --count 1
t 2 '' 'arpq watch: --proxy: an option of other commands: *' watch --proxy
t 2 '' 'arpq stats: -i: an option of other commands: *' stats -i v0
t 0 'usage: arpq *Exit status:*' '' --help
t 0 'usage: arpq *' '' -h
t 0 'usage: arpq *' '' get --help
t 0 'arpq [0-9]*.[0-9]*.[0-9]* (libarpq [0-9]*.[0-9]*.[0-9]*)' '' --version
t 0 'arpq *' '' -V
for form in --help --version 192.0.2.9 '-j 192.0.2.9' 'get 192.0.2.9' if 'if -j --stats' show 'show -j' stats \
    'watch --existing'; do
    : >"$dir/out"
    # shellcheck disable=SC2086 # a list of words
    "$tool" $form >/dev/full 2>"$dir/err"
    status=$?
    if [ $status = 3 ] && matches "$dir/err" 'arpq*: cannot write the output: No space left*'; then
        pass
    else
        fail "arpq $form >/dev/full: exit status $status, not 3"
    fi
done
for form in --help help 192.0.2.9 '-j 192.0.2.9' if 'show -j' stats 'watch --existing' \
    '-j 192.0.2.240'; do
    # shellcheck disable=SC2086 # a list of words
    unread $form
    # Also if the parent process ignores SIGPIPE.
    trap '' PIPE
    # shellcheck disable=SC2086 # a list of words
    unread $form
    trap - PIPE
done
"$tool" 192.0.2.9 >&- 2>"$dir/err"
status=$?
if [ $status = 3 ]; then pass; else fail "arpq 192.0.2.9 >&-: exit status $status, not 3"; fi

# --- Help ---

t 0 '*Every command that asks the kernel takes -j *' '' help
t 2 '' 'arpq help: -j: an option of other commands: *' help -j
t 2 '' 'arpq version: --netns: an option of other commands: *' version --netns X

for command in lookup get resolve show watch sweep ping sniff if addr set del flush stats; do
    t 0 "usage: arpq $command *--help *" '' $command --help
    cp "$dir/out" "$dir/help"
    t 0 '*' '' help $command
    if cmp -s "$dir/out" "$dir/help" && ! grep -q '.\{100\}' "$dir/help"; then
        pass
    else
        fail "arpq help $command is not arpq $command --help, or has a line that is too long"
    fi
    t 0 'usage: *' '' $command -h
done
t 0 'usage: arpq *' '' help
if grep -q '.\{100\}' "$dir/out"; then fail 'arpq help has a line that is too long'; else pass; fi
t 0 'arpq [0-9]*' '' version
t 0 'arpq [0-9]*' '' -v
t 2 '' "arpq help: 'swep': no such command; did you mean 'sweep'?*" help swep
t 2 '' "arpq help: 'nonsense': no such command${nl}*" help nonsense
t 2 '' "arpq help: '': no such command${nl}*" help ''
t 0 "usage: arpq version${nl}*" '' help version
for command in lookup get resolve show watch sweep ping sniff if addr set del flush stats; do
    t 0 "usage: arpq $command *" '' $command help
done

# --- Mistyped commands and options ---

t 2 '' "arpq: 'shwo' is neither *did you mean 'arpq show'?*" shwo
t 2 '' "arpq: 'neigh' is neither *did you mean 'arpq show'?*" neigh show
t 2 '' "*did you mean 'arpq sweep'?*" scan
t 2 '' "*did you mean 'arpq ping'?*" pign 192.0.2.9
t 2 '' "*did you mean 'arpq resolve'?*" resol 192.0.2.9
t 2 '' "arpq watch: --cuont: no such option; did you mean --count?*" watch --cuont 3
t 2 '' 'arpq show: --count: an option of other commands: watch, ping, sniff*' show --count 1
t 2 '' 'arpq show: --dev: needs an argument, NAME*' show --dev
t 2 '' 'arpq show: -i: needs an argument, NAME*' show -i
t 2 '' 'arpq show: --p: ambiguous: --prefix, --proto, --proxy, --pid*' show --p
for form in show watch flush sweep ping 'get 192.0.2.9' 'addr add 192.0.2.5/24' 'addr flush'; do
    # shellcheck disable=SC2086 # a list of words
    t 2 '' 'arpq *: dev: needs an argument, NAME*' $form dev
done
t 2 '' 'arpq show: nud: needs an argument, STATE*' show nud
t 2 '' 'arpq show: --json: takes no argument*' show --json=1
t 2 '' "arpq show: --dev: 'v1': the option is given twice" show -i v0 --dev v1
t 2 '' "arpq watch: --count: '': not a number*" watch --count ''
t 2 '' "arpq watch: --count: '99999999999': not a number*" watch --count 99999999999
t 2 '' "arpq sweep: --rate: '99999999999': not a number from 1 to 4294967295" sweep --rate 99999999999
t 2 '' "arpq watch: -W: 'abc': not a number of seconds" watch -W abc
t 2 '' "arpq watch: --time: 'abc': not a number of seconds" watch --time abc
t 2 '' "arpq show: lladdr: 'xx': not a MAC address*" show lladdr xx
t 2 '' "arpq show: nud: 'tired': not a state*" show nud tired
t 2 '' "arpq show: dev: 'v0': the option is given twice" show -i v0 dev v0
t 2 '' '*-4 and -6 exclude each other*' show -46
t 0 '*' '' show --interface v0
t 2 '' 'arpq: -x: no such option*' -x
t 2 '' "arpq: -a: no such option; 'arpq show' prints the table*" -an
t 2 '' "arpq sweep: --localnet: no such option; 'arpq sweep' without*" sweep --localnet
t 2 '' "arpq show: '192.0.2.8': a second address*" show 192.0.2.9 192.0.2.8
t 2 '' 'arpq: v0: the name of an interface*' v0
# The mistyped command is named, not an option that the other command has.
t 2 '' "arpq: 'arping' is neither *did you mean 'arpq ping'?*" arping -c 1 192.0.2.9
t 2 '' "arpq: 'shwo' is neither *did you mean 'arpq show'?*" -s shwo
for word in n ne:neigh l:link a:addr sw:sweep; do
    t 2 '' "arpq: '${word%:*}' is neither *did you mean 'arpq *" "${word%:*}"
done
t 2 '' "arpq: 'neigh' is neither *did you mean 'arpq flush'?*" neigh flush all
t 2 '' "arpq: 'ne' is neither *did you mean 'arpq set'?*" ne add 192.0.2.9
t 2 '' "arpq ping: -l: no such option${nl}*" ping -l 3 192.0.2.9
t 2 '' "arpq: 'q0' before the command 'show': --netns NAME*" -n q0 show
t 2 '' "*'arpq show' prints the table*" -n

# Options of other tools, and what they are here.
t 2 '' 'arpq show: -br: no such option; --json*' -br show
t 2 '' "arpq show: -s: no option of this command; 'arpq get IP'*" -s show
t 2 '' "arpq: -s: no option of this command; 'arpq set IP MAC'*" -s 192.0.2.9 $m9
t 2 '' "arpq set: -s: no option of this command; 'arpq set IP MAC'*" set -s 192.0.2.9 $m9
t 2 '' "arpq resolve: -c: no option of this command; one answer ends it*" resolve -c 1 192.0.2.9
t 2 '' "arpq resolve: -w: no option of this command; --timeout*" resolve -w 1 192.0.2.9
t 2 '' "arpq resolve: -D: no such option; 'arpq sweep IP'*" resolve -D 192.0.2.9
t 2 '' 'arpq sweep: -g: no option of this command; targets need no option*' sweep -g 192.0.2.0/28
t 2 '' 'arpq sweep: -t: no option of this command; --timeout*' sweep -t 500
t 2 '' 'arpq sweep: -r: no such option; --attempts*' sweep -r 1
t 2 '' 'arpq sweep: --retry: no such option; --attempts*' sweep --retry=1
t 2 '' 'arpq sweep: --arpspa: no such option; --source*' sweep --arpspa=192.0.2.1
t 2 '' 'arpq sweep: --bandwidth: no such option; --rate*' sweep --bandwidth=1000
t 2 '' 'arpq sweep: -Q: no such option; --vlan ID *' sweep -Q 5
t 2 '' 'arpq sweep: -a: no such option; only hosts that answer*' sweep -a
t 2 '' "arpq ping: -g: no option of this command; 'arpq sweep PREFIX'*" ping -g 192.0.2.0/29
t 2 '' 'arpq: 192.0.2.9,192.0.2.8: *separated by spaces' 192.0.2.9,192.0.2.8
t 2 '' "arpq show: --dev: '': an interface name is empty" show --dev ''
t 2 '' "arpq show: --master: '': an interface name is empty" show --master ''
for command in lookup get resolve ping set del; do
    t 2 '' "arpq $command: an argument is missing: arpq $command *${nl}Try 'arpq $command --help'." \
        $command
done
t 2 '' "arpq set: 'temp': this command takes at most 2 arguments*" set 192.0.2.9 $m9 temp
t 2 '' "arpq stats: 'v0': this command takes options only*" stats v0
t 2 '' "arpq gateway: 'v0': this command takes options only; '-i v0' selects*" gateway v0
t 2 '' "arpq if: 'v1': a second interface*" if -i v0 v1
t 2 '' "arpq gateway: 'x': this command takes options only${nl}*" gateway x
# An interface that does not exist has one status.
t 3 '' "arpq show: 'nonsense': neither an interface, an IP address*" show nonsense
t 3 '' "arpq watch: 'eth9': neither an interface, an IP address*" watch eth9
t 3 '' 'arpq show: eth9: no interface of this name*' show dev eth9
t 2 '' "arpq show: '192.0.2.300': neither an interface, an IP address*" show 192.0.2.300

# --- Every option of every command, with an argument that is wrong ---

# refused COMMAND OPTION ARG...: exit status 2 or 3, nothing on stdout, and a message that names the
# command and the option or its argument.
refused() {
    command=$1 option=$2
    shift 2
    # shellcheck disable=SC2086 # a list of words
    timeout 5 "$tool" "$command" "$@" $argument >"$dir/out" 2>"$dir/err" </dev/null
    status=$?
    if { [ $status = 2 ] || [ $status = 3 ]; } && [ ! -s "$dir/out" ] &&
        grep -q "^arpq $command: .*\($option\|$bad\).*: ..*" "$dir/err"; then
        pass
    else
        fail "arpq $command $* $argument: exit status $status, or another message"
    fi
}

# An argument that its option takes, by the word for it in the help.
good_argument() {
    case $1 in
    FILE) echo /nosuch/file ;;
    NAME) if [ "$2" = proto ]; then echo static; else echo v0; fi ;;
    N | BYTES | SECONDS | PID) echo 1 ;;
    IP* | TARGET) echo 192.0.2.1 ;;
    MAC) echo $m9 ;;
    MASK) echo 255.255.255.255 ;;
    esac
}

# wrong_arguments COMMAND OPTION KIND: KIND is the word for the argument in the help.
wrong_arguments() {
    bad=nothing
    argument=
    refused "$1" "--$2" "--$2"
    argument=$needed
    bad="''"
    refused "$1" "--$2" "--$2" ''
    bad=99999
    refused "$1" "--$2" "--$2" "$(printf '%0300d' 0 | tr 0 9)"
    case $1-$2 in # these two wait for the interface
    watch-dev | sniff-dev) ;;
    *) bad=@bogus@ && refused "$1" "--$2" "--$2" @bogus@ ;;
    esac
    case $2 in # these may be repeated
    state | exclude) ;;
    *)
        bad=nothing
        good=$(good_argument "$3" "$2")
        refused "$1" "--$2" "--$2" "$good" "--$2" "$good"
        ;;
    esac
}

# What commands may change; the kernel itself adds and removes other entries.
# What no refused command may change. The states of links and of IPv6 addresses change by themselves.
configuration() {
    ip neigh show nud permanent && ip neigh show proxy
    ip -br -4 addr | awk '{ $2 = ""; print }'
    ip -br link | awk '{ print $1, $3 }'
}

configuration >"$dir/before"
for command in lookup get resolve show watch sweep ping sniff if addr set del flush stats; do
    case $command in
    lookup | get | resolve | ping | del) needed=192.0.2.9 ;;
    set) needed="192.0.2.9 $m8" ;;
    sweep) needed=192.0.2.0/29 ;;
    *) needed= ;;
    esac
    "$tool" "$command" --help | sed -n 's/^  .* --\([a-z0-9-]*\) \([A-Z][A-Z]*\).*/\1 \2/p
        s/^  .* --\([a-z0-9-]*\)  .*/\1 -/p' >"$dir/options"
    while read -r option kind; do
        case $option-$command in
        netns-lookup | pid-lookup | [!np]* | proto-* | prefix-* | proxy-*) ;;
        *) continue ;; # the same for all commands
        esac
        if [ "$kind" != - ]; then
            wrong_arguments "$command" "$option" "$kind"
        else
            bad=nothing argument=$needed
            refused "$command" "--$option" "--$option=x"
        fi
    done <"$dir/options"
    bad=nothing argument=$needed
    refused "$command" --zzz --zzz
    refused "$command" -Z -Z
done
configuration >"$dir/after"
if cmp -s "$dir/before" "$dir/after"; then pass; else fail 'a refused command changed something'; fi

# --- The scripts beside the tests ---

for script in "$(dirname "$0")"/../../scripts/*; do
    [ -x "$script" ] || continue
    if head -n 1 "$script" | grep -q python && ! command -v python3 >/dev/null; then continue; fi
    for option in -h --help; do
        timeout 10 "$script" $option >"$dir/out" 2>"$dir/err" </dev/null
        status=$?
        if [ $status = 0 ] && [ ! -s "$dir/err" ] &&
            head -n 1 "$dir/out" | grep -q "^$(basename "$script") .*- "; then
            pass
        else
            fail "$script $option: exit status $status, or no usage"
        fi
    done
done

# --- Another namespace ---

unshare -n sleep 60 &
other=$!
tries=100
until [ "$(readlink /proc/$other/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || break
    sleep 0.05
done
nsenter -t $other -n sh -c "ip link add q0 type veth peer name q1 && ip link set q0 up &&
    ip neigh add 10.3.0.9 lladdr $m9 dev q0 nud permanent"
j 0 'map(.ifname) | sort == ["lo", "q0", "q1"]' if -j --pid $other
j 0 'map(.ifname) | sort == ["lo", "q0", "q1"]' if -j --netns /proc/$other/ns/net
j 0 'map(.dst) == ["10.3.0.9"]' show -j -4 --pid $other
t 3 '' "arpq if: --netns: 'nosuch': no such namespace" if --netns nosuch
t 3 '' "arpq if: --pid: '2147483647': no such process" if --pid 2147483647
t 3 '' "arpq if: --netns: '/dev/null': not a network namespace" if --netns /dev/null
t 2 '' "arpq if: --netns: '': *" if --netns ''
t 2 '' '*--netns and --pid exclude each other*' if --netns x --pid 1
kill $other

finish
