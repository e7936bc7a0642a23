#!/bin/sh
# SPDX-License-Identifier: MIT
# Tests of the command-line tool where it only reads: output and exit status of every
# form, against a network of its own (a veth pair in a namespace that this script makes).
#
# usage: cli_test.sh TOOL
# Needs root or unprivileged user namespaces, iproute2 and jq (Debian: iproute2 jq).
# Exit status: 0 all passed, 1 a test failed or, without ARPQ_ALLOW_SKIP=1, could not run.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# same NAME FILTER IP-ARGS ARG...: the filter makes the same of what ip says (IP-ARGS,
# one word list) and of what the tool says.
same() {
    name=$1 filter=$2 ip_args=$3
    shift 3
    run "$@"
    # shellcheck disable=SC2086 # a list of words
    ip $ip_args | jq -Sc ".[0] | $filter" >"$dir/ip" 2>>"$dir/err"
    jq -Sc "$filter" "$dir/out" >"$dir/ours" 2>>"$dir/err"
    if [ -s "$dir/ip" ] && cmp -s "$dir/ip" "$dir/ours"; then
        pass
    else
        fail "$name: ip $ip_args says $(cat "$dir/ip")"
    fi
}

# same_list NAME IP-ARGS ARG...: the tool lists the entries that ip does, with the same
# keys. jq cannot read what ip says of the odd device; ip leaves out a device it was given.
same_list() {
    name=$1 ip_args=$2
    shift 2
    run "$@"
    filter='map(.dev //= "v0" | select(.dev | startswith("w") | not)) | sort_by(.dev, .dst)[]'
    # shellcheck disable=SC2086 # a list of words
    ip $ip_args | tr -d '\001\377\134' | jq -Sc "$filter" >"$dir/ip" 2>>"$dir/err"
    jq -Scs "$filter" "$dir/out" >"$dir/ours" 2>>"$dir/err"
    if [ "$status" = 0 ] && [ -s "$dir/ip" ] && cmp -s "$dir/ip" "$dir/ours"; then
        pass
    else
        fail "$name: ip $ip_args says $(cat "$dir/ip")"
    fi
}

# start_watch ARG...: watch in the background, from when the table has been told.
start_watch() {
    : >"$dir/out"
    "$tool" watch --existing --timeout 30 "$@" >"$dir/out" 2>"$dir/err" </dev/null &
    watcher=$!
    await synced || fail "arpq watch --existing $*: no synced"
}

# saw PATTERN: the watch says so, soon.
saw() {
    if await "$1"; then pass; else fail "arpq watch: no '$1'"; fi
}

# stop_watch SIGNAL: the watch ends by it, with status 0.
stop_watch() {
    before=$(date +%s)
    kill -s "$1" "$watcher"
    wait "$watcher"
    status=$?
    if [ $status = 0 ] && [ ! -s "$dir/err" ] && [ $(($(date +%s) - before)) -lt 5 ]; then
        pass
    else
        fail "arpq watch, ended by SIG$1: exit status $status"
    fi
}

# --- The network ---

odd=$(printf 'w\001\377\134')
accent=$(printf 'caf\303\251')

network() {
    ip link set lo up &&
        ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 &&
        ip link set v0 addrgenmode none && ip link set v1 addrgenmode none &&
        ip link set v0 up && ip link set v1 up &&
        ip addr add 192.0.2.1/24 brd + dev v0 &&
        ip addr add 198.51.100.1/24 dev v0 label v0:1 &&
        ip addr add 10.9.0.1 peer 10.9.0.2/32 dev v0 &&
        ip addr add 2001:db8::1/64 dev v0 nodad &&
        ip addr add fe80::1/64 dev v0 nodad && ip addr add fe80::2/64 dev v1 nodad &&
        ip link add "$odd" type veth peer name "$accent" &&
        ip link set "$odd" up &&
        ip addr add 203.0.113.1/28 dev "$odd" &&
        ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0 nud permanent &&
        ip neigh add 192.0.2.8 lladdr 02:00:00:00:00:08 dev v0 nud stale router protocol static &&
        ip neigh add 192.0.2.7 dev v0 nud failed &&
        ip neigh add 192.0.2.4 dev v0 nud none &&
        ip neigh add 192.0.2.3 lladdr 02:00:00:00:00:03 dev v0 nud noarp extern_learn &&
        ip neigh add 198.51.100.9 lladdr 02:00:00:00:01:09 dev v0 nud permanent &&
        ip neigh add 203.0.113.9 lladdr 02:00:00:00:02:09 dev "$odd" nud permanent &&
        ip neigh add 2001:db8::9 lladdr 02:00:00:00:06:09 dev v0 nud permanent &&
        ip neigh add fe80::9 lladdr 02:00:00:00:06:fe dev v0 nud permanent &&
        ip neigh add proxy 192.0.2.77 dev v0 &&
        ip link add br0 type bridge && ip link set br0 up &&
        ip link add m0 type veth peer name m1 && ip link set m0 master br0 &&
        ip link set m0 up &&
        ip neigh add 192.0.2.50 lladdr 00:00:5e:00:53:50 dev m0 nud permanent &&
        ip route add 100.64.0.0/10 via 192.0.2.9
}
network || cannot_run "cannot build the test network"

# An INCOMPLETE entry becomes FAILED on its own: made anew for each use.
make_incomplete() {
    ip neigh del 192.0.2.6 dev v0 2>/dev/null
    ip neigh add 192.0.2.6 dev v0 nud incomplete
}

m9=02:00:00:00:00:09
m8=02:00:00:00:00:08
long=averyveryverylongname

# --- General ---

t 2 '' 'usage: arpq *'
t 2 '' 'usage: arpq *' get
t 2 '' 'usage: arpq *' lookup
t 2 '' 'usage: arpq *' --json
t 2 '' "*nonsense*${nl}Try 'arpq --help'." --nonsense
t 2 '' '*--help*' -x
t 2 '' '*--help*' --dev
t 2 '' "arpq: if does not take --dev${nl}Try *" if --dev v0
t 2 '' 'arpq: if does not take --gateway*' -g if
t 2 '' 'arpq: get does not take --names*' get --names 192.0.2.9
t 2 '' 'arpq: lookup does not take --state*' --state stale 192.0.2.9
t 2 '' 'arpq: show does not take --gateway*' show -g
t 2 '' 'arpq: show does not take --count*' show --count 1
t 2 '' 'arpq: watch does not take --proxy*' watch --proxy
t 2 '' 'arpq: stats does not take --dev*' stats -i v0
t 2 '' 'arpq: show takes options only*' show v0
t 2 '' 'arpq: stats takes options only*' stats v0
t 0 'usage: arpq *Exit status:*' '' --help
t 0 'usage: arpq *' '' -h
t 0 'usage: arpq *' '' get --help
t 0 'arpq [0-9]*.[0-9]*.[0-9]* (libarpq [0-9]*.[0-9]*.[0-9]*)' '' --version
t 0 'arpq *' '' -V

# --- arpq IP... ---

t 0 "$m9" '' 192.0.2.9
t 0 "$m9" '' lookup 192.0.2.9
t 0 "$m9" '' -- 192.0.2.9
t 0 "192.0.2.9 $m9${nl}192.0.2.8 $m8" '' 192.0.2.9 192.0.2.8
t 0 "192.0.2.9 $m9${nl}192.0.2.9 $m9" '' 192.0.2.9 192.0.2.9
t 0 02:00:00:00:06:09 '' 2001:db8::9
t 0 02:00:00:00:06:fe '' fe80::9%v0
t 0 02:00:00:00:06:fe '' -i v0 fe80::9
t 0 02:00:00:00:02:09 '' 203.0.113.9
t 0 "$m9" '' ::ffff:192.0.2.9
t 0 02:00:00:00:00:01 '' 192.0.2.1
t 0 01:00:5e:00:00:fb '' -i v0 224.0.0.251
t 0 ff:ff:ff:ff:ff:ff '' 192.0.2.255
t 0 "$m9" '' --dev v0 192.0.2.9
t 0 "$m9" '' --dev=v0 192.0.2.9
t 0 "$m9" '' 192.0.2.9 -i v0
t 0 02:00:00:00:01:09 '' -i v0:1 198.51.100.9
t 0 "$m9" '' -g 100.64.0.1

t 1 '' 'arpq: 192.0.2.99: ?*' 192.0.2.99
t 1 '' 'arpq: 192.0.2.7: ?*' 192.0.2.7
t 1 '' 'arpq: 192.0.2.4: ?*' 192.0.2.4
make_incomplete
t 1 '' 'arpq: 192.0.2.6: ?*' 192.0.2.6
t 1 '' 'arpq: 192.88.99.1: ?*' 192.88.99.1
t 1 '' 'arpq: 100.64.0.1: ?*' 100.64.0.1
t 1 "192.0.2.9 $m9" 'arpq: 192.0.2.99: ?*' 192.0.2.99 192.0.2.9

t 2 '' 'arpq: bogus: not an IP address' bogus
t 2 '' 'arpq: -x: not an IP address' -- -x
t 2 '' 'arpq: : not an IP address' ''
t 2 '' 'arpq: 192.0.2.09: not an IP address' 192.0.2.09
t 2 '' 'arpq: a\\x1bb: not an IP address' "$(printf 'a\033b')"
t 2 "192.0.2.9 $m9${nl}192.0.2.8 $m8" 'arpq: bogus: not an IP address' 192.0.2.9 bogus 192.0.2.8
t 2 '' 'arpq: bogus:*arpq: 192.0.2.99: *' bogus 192.0.2.99
t 2 '' 'arpq: fe80::9%v0: *different interfaces*' -i v1 fe80::9%v0
t 2 '' 'arpq: fe80::9: *link-local*--dev*' fe80::9
t 2 '' '*interface name is empty' -i '' 192.0.2.9

t 3 '' 'arpq: nope: no interface of this name' -i nope 192.0.2.9
t 3 '' 'arpq: nope: no interface of this name' -i nope 192.0.2.9 192.0.2.8
t 3 '' "arpq: $long: no interface of this name" --dev "$long" 192.0.2.9
t 3 '' 'arpq: fe80::9%nope: no interface*' fe80::9%nope
t 3 '' "arpq: fe80::9%$long: *longer than 15*" "fe80::9%$long"
t 3 "192.0.2.9 $m9" 'arpq: *nope: no interface*' bogus fe80::9%nope 192.0.2.9

j 0 '.[0].dst == "192.0.2.9" and .[0].dev == "v0" and .[0].lladdr == "'$m9'"
     and .[0].state == ["PERMANENT"]' --json 192.0.2.9
j 0 'map(.dst) == ["192.0.2.9", "192.0.2.8"]' -j 192.0.2.9 192.0.2.8
j 0 '.[0].dst == "fe80::9" and .[0].dev == "v0"' -j fe80::9%v0
j 0 '.[0].dst == "192.0.2.9" and .[0].asked == "::ffff:192.0.2.9"' -j ::ffff:192.0.2.9
j 0 '.[0].dst == "192.0.2.9" and .[0].asked == "100.64.0.1" and (.[0] | has("gateway"))' \
    -gj 100.64.0.1
j 0 '.[0].dev == "w\u0001\\xff\\x5c"' -j 203.0.113.9
j 1 '.[0].dst == "192.0.2.99" and .[0].error == "ENOENT" and (.[0].message | length > 0)' \
    -j 192.0.2.99
j 1 '.[0].error == "EHOSTUNREACH"' -j 192.0.2.7
j 1 '.[0].error == "ENETUNREACH"' -j 192.88.99.1
make_incomplete
j 1 '.[0].error == "EAGAIN" or .[0].error == "EHOSTUNREACH"' -j 192.0.2.6
j 1 'map(.dst) == ["192.0.2.99", "192.0.2.9"]' -j 192.0.2.99 192.0.2.9
j 2 '.[0].dst == "bogus" and .[0].error == "EINVAL" and .[1].lladdr == "'$m9'"' \
    -j bogus 192.0.2.9
j 2 '.[0].dst == "a\u001b\"\\x5c\\xff"' -j "$(printf 'a\033"\134\377')"
j 3 '.[0].dst == "fe80::9%nope" and .[0].error == "ENODEV"' -j fe80::9%nope
t 3 '' 'arpq: nope: no interface of this name' -j -i nope 192.0.2.9

for ip in 192.0.2.9 192.0.2.8 192.0.2.3 2001:db8::9; do
    same "lookup --json" . "-j neigh show to $ip nud all" -j "$ip"
    same "lookup --json, keys in order" keys_unsorted "-j neigh show to $ip nud all" -j "$ip"
done

# --- arpq get IP... ---

t 0 "192.0.2.9 dev v0 lladdr $m9 PERMANENT used *s confirmed *s updated *s probes 0*" '' \
    get 192.0.2.9
t 0 "192.0.2.8 dev v0 lladdr $m8 STALE used * probes 0* proto static router" '' get 192.0.2.8
t 0 '192.0.2.3 dev v0 lladdr 02:00:00:00:00:03 NOARP used * extern_learn' '' get 192.0.2.3
t 0 '192.0.2.1 dev v0 lladdr 02:00:00:00:00:01 NOARP local' '' get 192.0.2.1
t 0 '224.0.0.251 dev v0 lladdr 01:00:5e:00:00:fb NOARP multicast' '' get -i v0 224.0.0.251
t 0 '192.0.2.255 dev v0 lladdr ff:ff:ff:ff:ff:ff NOARP broadcast' '' get 192.0.2.255
t 0 "192.0.2.9 dev v0 lladdr $m9 PERMANENT * gateway" '' get --gateway 100.64.0.1
t 0 'fe80::9 dev v0 lladdr 02:00:00:00:06:fe PERMANENT *' '' get fe80::9%v0
t 0 '203.0.113.9 dev w\\x01\\xff\\x5c lladdr *' '' get 203.0.113.9
t 1 '192.0.2.7 dev v0 FAILED used *' '' get 192.0.2.7
make_incomplete
t 1 '192.0.2.6 dev v0 [IF]* used *' '' get 192.0.2.6
t 1 '' 'arpq: 192.0.2.99: ?*' get 192.0.2.99
t 1 "192.0.2.9 dev v0 *" 'arpq: 192.0.2.99: ?*' get 192.0.2.99 192.0.2.9
t 2 '' 'arpq: bogus: not an IP address' get bogus
t 2 '192.0.2.9 dev *' 'arpq: bogus: not an IP address' get bogus 192.0.2.9
t 3 '' 'arpq: nope: no interface of this name' get -i nope 192.0.2.9
t 3 '' "arpq: $long: no interface of this name" get -i "$long" 192.0.2.9

run get 192.0.2.4
if [ "$status" = 1 ]; then pass; else fail "arpq get of a NONE entry: exit status $status"; fi

j 0 '.[0].router == null and (.[0] | has("router")) and .[0].protocol == "static"' \
    get --json 192.0.2.8
j 0 '.[0] | has("local") and (has("used") | not)' get --json 192.0.2.1
j 1 '(.[0] | has("lladdr") | not) and .[0].state == ["FAILED"]' get -j 192.0.2.7
j 1 '.[0].error == "ENOENT"' get -j 192.0.2.99
j 2 '.[0].error == "EINVAL"' get -j bogus
# Reading a single entry holds a reference, which reading the table does not.
for ip in 192.0.2.9 192.0.2.8 192.0.2.7 192.0.2.3 2001:db8::9; do
    same "get --json" 'del(.refcnt, .used, .confirmed, .updated)' \
        "-j -s neigh show to $ip nud all" get -j "$ip"
    same "get --json, keys in order" 'keys_unsorted - ["refcnt"]' \
        "-j -s neigh show to $ip nud all" get -j "$ip"
done

# --- arpq if ---

t 0 '1: lo: <LOOPBACK,UP,*> mtu 65536 type loopback *: v0: <*BROADCAST,*>*' '' if
t 0 '*: v0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 type ether mac 02:00:00:00:00:01 *' '' if v0
t 0 '*inet 192.0.2.1/24 brd 192.0.2.255 scope global label v0*' '' if v0
t 0 '*inet 198.51.100.1/24 scope global label v0:1*' '' if v0
t 0 '*inet 10.9.0.1 peer 10.9.0.2/32 scope global label v0*' '' if v0
t 0 '*inet6 2001:db8::1/64 scope global nodad*' '' if v0
t 0 '*: v0: *' '' if v0:1
t 0 '*: v1: *: v0: *' '' if v1 v0
t 0 '*: w\\x01\\xff\\x5c: *' '' if "$odd"
t 0 '*: caf\\xc3\\xa9: *' '' if "$accent"
t 3 '' 'arpq: nope: no interface of this name' if nope
t 3 '*: v0: *' 'arpq: nope: no interface of this name' if nope v0
t 3 '' "arpq: $long: no interface of this name" if "$long"
t 2 '' '*interface name is empty' if ''

j 0 'length >= 5 and .[0].ifname == "lo"' if --json
j 0 '.[0].ifname == "v0" and .[0].mtu == 1500 and (.[0].addr_info | length) == 5' if -j v0
j 0 '.[0].addr_info | map(select(.label == "v0:1").local) == ["198.51.100.1"]' if -j v0
j 0 '.[0].ifname == "w\u0001\\xff\\x5c"' if -j "$odd"
j 0 '.[0].ifname == "caf\u00e9"' if -j "$accent"
j 3 '.[0].ifname == "nope" and .[0].error == "ENODEV" and .[1].ifname == "v0"' if -j nope v0
for dev in lo v0 v1; do
    same "if --json" '{ifindex, ifname, flags, mtu, link_type, address, broadcast}' \
        "-j addr show dev $dev" if -j "$dev"
    same "if --json, addresses" \
        '.addr_info | map(del(.protocol)) | sort_by(.local)' \
        "-j addr show dev $dev" if -j "$dev"
done

# All keys and values that ip has, the settings of one kind of device excepted, and what
# releases newer than 6.1 print.
for dev in lo v0 v1 br0 m0; do
    same "if --json --stats, everything" \
        'del(.linkinfo.info_data, .linkinfo.info_slave_data, .linkmode, .inet6_addr_gen_mode,
             .stats64.tx.carrier_up_count, .stats64.tx.carrier_down_count,
             .gso_ipv4_max_size, .gro_ipv4_max_size, .["netns-immutable"]) |
         .addr_info |= map(del(.protocol))' \
        "-d -s -s -j addr show dev $dev" if -j --stats "$dev"
done
ip link property add dev v0 altname an-alternative-name-of-v0
ip link set v0 alias 'to the east'
t 0 '*: v0: * altname an-alternative-name-of-v0*' '' if an-alternative-name-of-v0
t 0 "*${nl}    alias to the east${nl}*" '' if v0
j 0 '.[0].altnames == ["an-alternative-name-of-v0"] and .[0].ifalias == "to the east"' if -j v0
t 0 '*: m0: * kind veth port bridge master br0 parent m1 *' '' if m0
t 0 "*${nl}    rx: bytes * packets *${nl}    tx: bytes *${nl}    carrier: changes *" '' if --stats v0
t 2 '' 'arpq: show does not take --stats*' show --stats
ip link property del dev v0 altname an-alternative-name-of-v0

# --- arpq addr ---

# address FILTER: the one address 10.55.0.1 or fd55::1 of v1, as ip has it.
address() {
    ip -j -d addr show dev v1 | jq -ce ".[0].addr_info[] | select(.local == \"10.55.0.1\" or
        .local == \"fd55::1\") | $1" >"$dir/out" 2>"$dir/err"
    if [ "$(cat "$dir/out")" = "$2" ]; then pass; else fail "addr: $1 is not $2"; fi
}
t 0 '' '' addr add 10.55.0.1/24 dev v1 brd + label v1:x scope link valid_lft 6000 preferred_lft 3000
address '[.prefixlen, .broadcast, .label, .scope]' '[24,"10.55.0.255","v1:x","link"]'
address '.valid_life_time > 5990 and .preferred_life_time > 2990' true
t 1 '' 'arpq: 10.55.0.1/24: the interface has this address*' addr add 10.55.0.1/24 dev v1
t 0 '' '' addr change 10.55.0.1/24 dev v1 valid_lft 2000 metric 77
address '[.metric, .valid_life_time > 1990, .preferred_life_time > 1990]' '[77,true,true]'
t 3 '' '*the kernel does not let that be set, or changed' addr change 10.55.0.1/24 dev v1 label v1:y
t 1 '' '*the interface does not have this address*' addr del 10.55.0.1 dev v1
t 0 '' '' addr del 10.55.0.1/24 -i v1
t 1 '' '*the interface does not have this address*' addr change 10.55.0.1/24 dev v1
t 0 '' '' addr change 10.55.0.1 create dev v1 peer 10.56.0.2/30
address '[.address, .prefixlen]' '["10.56.0.2",30]'
t 0 '' '' addr del 10.55.0.1 dev v1 peer 10.56.0.2/30
t 0 '' '' addr add fd55::1/64 dev v1 nodad home noprefixroute mngtmpaddr
address '[.nodad, .home, .noprefixroute, .mngtmpaddr, .scope]' '[true,true,true,true,"global"]'
t 0 '' '' addr change fd55::1/64 dev v1 nodad valid_lft 600 preferred_lft 0
address '[.nodad, .home, .deprecated, .preferred_life_time]' '[true,null,true,0]'
t 0 '' '' addr del fd55::1/64 dev v1
t 0 '' '' addr add 127.55.0.1/32 dev lo
j 0 '.[0].addr_info | map(select(.local == "127.55.0.1").scope) == ["host"]' if -j lo
t 0 '' '' addr del 127.55.0.1/32 dev lo
t 2 '' '*a label has up to 15 characters*' addr add 10.55.0.1/24 dev v1 label v1:sixteen-bytes
t 2 '' '*the prefix is longer than the address*' addr add 10.55.0.1/33 dev v1
t 2 '' '*preferred for longer than it is valid*' \
    addr add 10.55.0.1/24 dev v1 valid_lft 5 preferred_lft 6
t 3 '' '*the kernel does not let that be set*' addr add 10.55.0.1/24 dev v1 anycast 10.55.0.9
t 2 '' '*IFA_F_MCAUTOJOIN*' addr add ff05::55/64 dev v1
t 2 '' "arpq: addr: 'nonsense' makes no sense there*" addr add 10.55.0.1/24 dev v1 nonsense
t 2 '' "arpq: valid_lft: '0' makes no sense there*" addr add 10.55.0.1/24 dev v1 valid_lft 0
t 2 '' "arpq: scope: '' makes no sense there*" addr add 10.55.0.1/24 dev v1 scope
t 2 '' "arpq: scope: '256' makes no sense there*" addr add 10.55.0.1/24 dev v1 scope 256
t 2 '' "arpq: brd: '+' makes no sense there*" addr add fd55::1/64 dev v1 brd +
t 2 '' "arpq: add: '10.55.0.1/x' makes no sense there*" addr add 10.55.0.1/x dev v1
t 2 '' '*needs an interface: dev NAME*' addr add 10.55.0.1/24
t 2 '' 'arpq: addr takes add, change or del*' addr
t 2 '' 'arpq: addr takes add, change or del*' addr list
t 2 '' 'arpq: addr takes add, change or del*' addr add
t 3 '' 'arpq: nope: no interface of this name' addr add 10.55.0.1/24 dev nope
j 1 '.[0].local == "192.0.2.1/24" and .[0].error == "EEXIST" and (.[0].detail | length > 0)' \
    addr add -j 192.0.2.1/24 dev v0
if command -v setpriv >/dev/null && [ "$(id -u)" = 0 ]; then
    status=0
    setpriv --reuid 65534 --clear-groups --inh-caps=-all "$tool" addr add 10.55.0.1/24 dev v1 \
        >"$dir/out" 2>"$dir/err" || status=$?
    if [ "$status" = 3 ] && matches "$dir/err" '*permission denied*'; then
        pass
    else
        fail "arpq addr add without privileges: exit status $status"
    fi
fi

# --- arpq show ---

t 0 "IP  * DEV  * MAC * STATE * FLAGS * PROTO${nl}*" '' show
t 0 "*${nl}192.0.2.8  * v0  *$m8  STALE  * router  *static${nl}*" '' show
t 0 "IP *${nl}192.0.2.9  v0   $m9  PERMANENT  -      -" '' show --prefix 192.0.2.9
t 0 "*${nl}203.0.113.9 * w\\\\x01\\\\xff\\\\x5c  *" '' show
t 0 "*${nl}192.0.2.7 * v0 * -  * FAILED *" '' show
t 0 "*${nl}192.0.2.4 * v0 * -  * NONE *" '' show
same_list 'show --json' '-j neigh show nud all' show -j
same_list 'show -4' '-4 -j neigh show nud all' show -j -4
same_list 'show -6' '-6 -j neigh show nud all' show -j --ipv6
same_list 'show -i' '-j neigh show dev v0 nud all' show -j -i v0
same_list 'show -i, label' '-j neigh show dev v0 nud all' show -j -i v0:1
same_list 'show --master' '-j neigh show master br0 nud all' show -j --master br0
# ip lists what is learned externally whatever the state: it is no model for this one.
j 0 'map(.dst) == ["192.0.2.8"]' show -j --state stale
same_list 'show --state, two' '-j neigh show nud stale nud noarp' \
    show -j --state STALE --state NoArp
same_list 'show --state all' '-j neigh show nud all' show -j --state all
same_list 'show --prefix' '-j neigh show to 192.0.2.0/29 nud all' show -j --prefix 192.0.2.0/29
same_list 'show --prefix, IPv6' '-j neigh show to 2001:db8::/32 nud all' \
    show -j --prefix 2001:db8:1::/32
same_list 'show --prefix, all of IPv4' '-4 -j neigh show nud all' show -j --prefix 0.0.0.0/0
j 0 'map(.dst) == ["fe80::9"]' show -j --prefix fe80::%v0/10
j 0 'map(.dst) == ["192.0.2.8"]' show -j --proto static
j 0 'map(.dst) == ["192.0.2.8"]' show -j --proto 4 --router
j 0 'map(.dst) == ["192.0.2.3"]' show -j --extern-learn
t 1 '' '' show --managed
j 0 'map(.dst) == ["192.0.2.9"]' show -j --mac "$m9"
j 0 'map(.dst) == ["192.0.2.9"]' show -j --mac 0200.0000.0009 -i v0 -4
j 0 'any(.[]; .dst == "192.0.2.4") and all(.[]; has("state") | not)' show -j --state none
j 0 'map(.dst) == ["192.0.2.77"] and (.[0] | has("proxy"))' show -j --proxy
j 0 'map(.dst) == ["192.0.2.77"]' show -j --proxy --state all
t 0 'IP *192.0.2.77  v0  *-  *-  *proxy  *' '' show --proxy
run show -i v0 -4
if tail -n +2 "$dir/out" | cut -d' ' -f1 >"$dir/ours" &&
    sort -t. -k1,1n -k2,2n -k3,3n -k4,4n "$dir/ours" | cmp -s - "$dir/ours"; then
    pass
else
    fail 'show: not sorted by address'
fi
if grep -q ' $' "$dir/out"; then fail 'show: spaces at the end of a line'; else pass; fi

t 1 '' '' show --prefix 192.88.99.0/24
t 1 '' '' show -j --mac 02:00:00:00:99:99
t 1 '' '' show -i v1 --state permanent
t 2 '' 'arpq: tired: not a state*' show --state tired
t 2 '' 'arpq: : not a state*' show --state ''
t 2 '' 'arpq: 192.0.2.0/33: not a prefix length' show --prefix 192.0.2.0/33
t 2 '' 'arpq: ::/129: not a prefix length' show --prefix ::/129
t 2 '' 'arpq: 192.0.2.0/: not a prefix length' show --prefix 192.0.2.0/
t 2 '' 'arpq: 192.0.2.0/-1: not a prefix length' show --prefix 192.0.2.0/-1
t 2 '' 'arpq: bogus/8: not an IP address or prefix' show --prefix bogus/8
t 2 '' 'arpq: 02:00:: not a MAC*' show --mac 02:00:
t 2 '' 'arpq: xx: not a MAC*' watch --mac xx
t 2 '' '*exclude each other*' show -4 -6
t 2 '' '*prefix is of the family*' show -6 --prefix 192.0.2.0/24
t 2 '' '*scope of the prefix and --dev*' show -i v1 --prefix fe80::%v0/64
t 2 '' '*proxy entries have neither*' show --proxy --state stale
t 2 '' '*proxy entries have neither*' show --proxy --mac "$m9"
t 3 '' 'arpq: nope: no interface of this name' show -i nope
t 3 '' 'arpq: nope: no interface of this name' show --master nope
t 3 '' 'arpq: fe80::%nope/10: no interface*' show --prefix fe80::%nope/10

# --- arpq stats ---

t 0 "IPv4${nl}  entries *IPv6${nl}  entries *%" '' stats
t 0 "IPv6${nl}*gc_thresh3 *" '' stats -6
j 0 'map(.family) == ["inet", "inet6"] and all(.[]; .entries > 0 and .hash_size > 0)' stats -j
j 0 'map(.family) == ["inet"] and .[0].gc_interval_ms > 0 and .[0].allocs >= .[0].destroys' \
    stats -j -4

# --- arpq watch ---

for address in 192.0.2.9 2001:db8::9; do
    j 0 ".[-1].event == \"synced\" and any(.[]; .event == \"neigh_added\" and .dst == \"$address\")" \
        watch -j --existing --timeout 0
done
j 0 'map(.event) == ["neigh_added", "synced"] and .[0].dst == "192.0.2.9" and .[0].dev == "v0"' \
    watch -j --existing --prefix 192.0.2.9 --timeout 0
j 0 'length == 3' watch -j --existing --count 3
j 0 'map(.dst) == ["192.0.2.8", null]' watch -j --existing --proto static --timeout 0
t 0 '' '' watch --timeout 0.1
t 0 '' '' watch --timeout 0

m20=02:00:00:00:00:20
start_watch --interfaces --addresses
ip neigh add 192.0.2.20 lladdr $m20 dev v0 nud reachable
saw "^[0-9]*-[0-9]*-[0-9]*T[0-9:]*\.[0-9]* added 192\.0\.2\.20 dev v0 lladdr $m20 REACHABLE"
ip neigh change 192.0.2.20 lladdr $m20 dev v0 nud stale
saw " changed 192\.0\.2\.20 dev v0 lladdr $m20 STALE (was REACHABLE)"
ip neigh change 192.0.2.20 lladdr 02:00:00:00:00:21 dev v0 nud permanent
saw " moved 192\.0\.2\.20 dev v0 lladdr 02:00:00:00:00:21 PERMANENT .*from $m20"
ip neigh del 192.0.2.20 dev v0
saw ' removed 192\.0\.2\.20 dev v0'
ip addr add 198.51.100.77/24 dev v1
saw ' address added 198\.51\.100\.77/24 dev v1'
ip addr del 198.51.100.77/24 dev v1
saw ' address removed 198\.51\.100\.77/24 dev v1'
ip link add w0 type veth peer name w1
saw ' interface added w0 down'
ip link set w0 up
saw ' interface changed w0 up.* (was down)'
ip link del w0
saw ' interface removed w0'
stop_watch INT

start_watch -j -i v0 --addresses
ip neigh add 192.0.2.20 lladdr $m20 dev v0 nud stale
ip neigh change 192.0.2.20 lladdr 02:00:00:00:00:21 dev v0 nud permanent
ip addr add 198.51.100.78/24 dev v1
ip addr add 198.51.100.77/24 dev v0
ip addr del 198.51.100.77/24 dev v0
ip addr del 198.51.100.78/24 dev v1
ip neigh del 192.0.2.20 dev v0
saw '"neigh_removed".*"192.0.2.20"'
stop_watch TERM
if jq -es 'all(.[]; (keys_unsorted[0]) == "event")
    and (map(select(.event == "neigh_moved")) | length == 1 and .[0].old_lladdr == "'$m20'"
         and .[0].dst == "192.0.2.20" and .[0].old_state == ["STALE"]
         and .[0].state == ["PERMANENT"])
    and (map(select(.event == "address_added" and .ifname == "v0" and .prefixlen == 24).local)
         | index("198.51.100.77") != null)
    and all(.[]; .dev // .ifname // "v0" | . == "v0")' "$dir/out" >/dev/null; then
    pass
else
    fail 'arpq watch -j: not what was done'
fi

# A reader that goes away ends the watch, and nobody is told off.
: >"$dir/out"
{
    timeout 10 "$tool" watch --existing --timeout 9 2>"$dir/err"
    echo $? >"$dir/ip"
} | head -1 >"$dir/out"
if [ "$(cat "$dir/ip")" = 0 ] && [ ! -s "$dir/err" ] && [ "$(wc -l <"$dir/out")" = 1 ]; then
    pass
else
    fail "arpq watch | head -1: exit status $(cat "$dir/ip")"
fi
before=$(date +%s)
"$tool" watch --existing --timeout 20 2>"$dir/err" | head -1 >"$dir/out"
if [ $(($(date +%s) - before)) -lt 5 ]; then pass; else fail 'arpq watch | head -1 goes on'; fi
# It need not wait for a change to notice that.
before=$(date +%s)
"$tool" watch --existing --prefix 192.0.2.9 --timeout 20 2>"$dir/err" | head -2 >"$dir/out"
if [ $(($(date +%s) - before)) -lt 5 ] && [ "$(wc -l <"$dir/out")" = 2 ]; then
    pass
else
    fail 'arpq watch | head -2 waits for a change'
fi
# A reader that does not read keeps no signal waiting: more than a pipe holds is told.
mkfifo "$dir/pipe"
seq 1 200 | sed "s/.*/neigh add 10.99.0.& lladdr $m20 dev m0 nud permanent/" >"$dir/batch"
seq 1 200 | sed "s/.*/neigh add 10.99.1.& lladdr $m20 dev m0 nud permanent/" >>"$dir/batch"
seq 1 200 | sed "s/.*/neigh add 10.99.2.& lladdr $m20 dev m0 nud permanent/" >>"$dir/batch"
ip -batch "$dir/batch" || fail 'cannot make entries'
# shellcheck disable=SC2217 # that is the point of it
sleep 30 <"$dir/pipe" &
sleeper=$!
"$tool" watch -j --existing >"$dir/pipe" 2>"$dir/err" </dev/null &
watcher=$!
sleep 0.5
stop_watch TERM
kill $sleeper
wait $sleeper 2>/dev/null
ip neigh flush dev m0 nud permanent

t 2 '' 'arpq: 1s: not a number of seconds' watch --timeout 1s
t 2 '' 'arpq: -1: not a number of seconds' watch --timeout -1
t 2 '' 'arpq: .: not a number of seconds' watch --timeout .
t 2 '' 'arpq: 0: not a number from 1 on' watch --count 0
t 2 '' 'arpq: 1x: not a number from 1 on' watch --count 1x
t 2 '' 'arpq: 10.0.0.0/33: not a prefix length' watch --prefix 10.0.0.0/33
t 3 '' 'arpq: nope: no interface of this name' watch -i nope

# --- Makers: --vendor ---

mkdir "$dir/ieee" "$dir/empty"
head='Registry,Assignment,Organization Name,Organization Address'
printf '%s\r\n' "$head" 'MA-L,0050C2,"Large, ""quoted""","Street 1' \
    'MA-L,00' 'Town"' 'MA-L,00005E,Fifty-Three' 'MA-L,00005E,Second' 'MA-L,0000ZZ,Bad' \
    'MA-L,000057,"Unclosed' 'MA-L' '' 'MA-L,000058,' "MA-L,000059,$(printf 'Esc\033\134')" \
    >"$dir/ieee/oui.csv"
printf '%s\n' "$head" 'MA-M,0050C21,Medium,' >"$dir/ieee/mam.csv"
printf '%s' "$head
MA-S,0050C2123,Small" >"$dir/ieee/oui36.csv"
ARPQ_IEEE_DATA=$dir/ieee
export ARPQ_IEEE_DATA

# vendor NAME MAC: of an entry with this address; "-" for none.
vendor() {
    ip neigh replace 192.0.2.60 lladdr "$2" dev v0 nud permanent
    run show --vendor --prefix 192.0.2.60
    if [ "$(sed -n 's/.*PERMANENT  -      -      //p' "$dir/out")" = "$1" ] &&
        [ ! -s "$dir/err" ]; then
        pass
    else
        fail "--vendor of $2 is not '$1'"
    fi
}
vendor 'Large, "quoted"' 00:50:c2:00:00:01
vendor Medium 00:50:c2:10:00:01
vendor Medium 00:50:c2:12:20:01
vendor Small 00:50:c2:12:3f:ff
vendor 'Large, "quoted"' 00:50:c2:22:30:01
vendor Fifty-Three 00:00:5e:00:53:01
vendor 'Esc\x1b\x5c' 00:00:59:00:00:01
vendor 'locally administered' 02:50:c2:12:30:01
vendor - 01:50:c2:12:30:01
vendor - ff:ff:ff:ff:ff:ff
vendor - 00:00:00:00:00:00
vendor - 00:00:57:00:00:01
vendor - 00:00:58:00:00:01
vendor - 00:00:99:00:00:01
ip neigh replace 192.0.2.60 lladdr 00:50:c2:12:30:01 dev v0 nud permanent
t 0 '00:50:c2:12:30:01 Small' '' --vendor 192.0.2.60
t 0 '192.0.2.60 dev v0 *PERMANENT* vendor Small' '' get --vendor 192.0.2.60
j 0 '.[0].vendor == "Small"' -j --vendor 192.0.2.60
j 0 '.[0].vendor == "Small"' show -j --vendor --prefix 192.0.2.60
j 0 '.[0] | has("vendor") | not' show -j --prefix 192.0.2.60
j 0 '.[0].vendor == "Small"' watch -j --vendor --existing --count 1 --prefix 192.0.2.60
t 0 '*added 192.0.2.60 * vendor Small*' '' watch --vendor --existing --count 1 --prefix 192.0.2.60
ARPQ_IEEE_DATA=$dir/empty
t 0 '*PERMANENT  -      -      -' 'arpq: makers are not known: *ieee-data*' \
    show --vendor --prefix 192.0.2.60
if [ "$(wc -l <"$dir/err")" = 1 ]; then pass; else fail '--vendor: more than one warning'; fi
t 0 '*"PERMANENT"*' 'arpq: makers are not known: *ieee-data*' show -j --vendor -i v0
t 0 '*PERMANENT*' '' show -i v0
rm "$dir/ieee/mam.csv"
ARPQ_IEEE_DATA=$dir/ieee
t 0 '* Small' 'arpq: makers are not known: *mam.csv*' show --vendor --prefix 192.0.2.60
unset ARPQ_IEEE_DATA

# --- Host names: --names, with resolver files of the test's own ---

printf 'hosts: files dns\n' >"$dir/nsswitch"
printf '192.0.2.9 nine.example\n2001:db8::9 six.example\n' >"$dir/hosts"
# What is sent there is answered by nobody: the resolver waits for seconds.
printf 'nameserver 192.0.2.9\noptions timeout:20\n' >"$dir/resolv"

# named ARG...: run the tool with these files; leaves $seconds too. The thread sanitizer
# does not see the locks inside libc's resolver: what libc does itself is left out.
named() {
    before=$(date +%s)
    # shellcheck disable=SC2016 # for the inner shell
    TSAN_OPTIONS=${TSAN_OPTIONS-}:ignore_noninstrumented_modules=1 unshare -m sh -c 'for file in nsswitch.conf hosts resolv.conf; do
            mount --bind "$1/${file%.conf}" /etc/$file || exit 99
        done
        shift
        exec "$@"' sh "$dir" "$tool" "$@" >"$dir/out" 2>"$dir/err" </dev/null
    status=$?
    seconds=$(($(date +%s) - before))
}

# n OUT ARG...: exit status 0, stdout as the pattern, and soon, though the resolver hangs.
n() {
    out=$1
    shift
    named "$@"
    if [ "$status" = 0 ] && matches "$dir/out" "$out" && [ ! -s "$dir/err" ] &&
        [ $seconds -le 4 ]; then
        pass
    else
        fail "arpq $*: exit status $status after $seconds s, or stdout is not like '$out'"
    fi
}

n '*PERMANENT  -      -      nine.example' show --names --prefix 192.0.2.9
n "* nine.example*${nl}*" show --names -i v0
n '*STALE  *-' show --names --prefix 192.0.2.8
n '*"name":"six.example"*' show -j --names --prefix 2001:db8::9
n '*added 192.0.2.9 * name nine.example*' watch --names --existing --prefix 192.0.2.9 --count 1
n '*added 192.0.2.8 *router*' watch --names --existing --prefix 192.0.2.8 --count 1
n '*"name":"nine.example"*' watch -j --names --existing --prefix 192.0.2.9 --count 1
named show --names --prefix 192.0.2.8
if [ "$seconds" -ge 1 ]; then pass; else fail '--names: the resolver was not asked, or did not wait'; fi

# --- Output that cannot be written ---

for form in --help --version 192.0.2.9 '-j 192.0.2.9' 'get 192.0.2.9' if 'if -j --stats' show 'show -j' stats \
    'watch --existing'; do
    : >"$dir/out"
    # shellcheck disable=SC2086 # a list of words
    "$tool" $form >/dev/full 2>"$dir/err"
    status=$?
    if [ $status = 3 ] && matches "$dir/err" 'arpq: cannot write the output*'; then
        pass
    else
        fail "arpq $form >/dev/full: exit status $status, not 3"
    fi
done
"$tool" 192.0.2.9 >&- 2>"$dir/err"
status=$?
if [ $status = 3 ]; then pass; else fail "arpq 192.0.2.9 >&-: exit status $status, not 3"; fi

finish
