#!/bin/sh
# SPDX-License-Identifier: MIT
# arpq addr

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

reading_network

# address FILTER: the one address 10.55.0.1 or fd55::1 of v1, as ip has it.
address() {
    ip -j -d addr show dev v1 | jq -ce ".[0].addr_info[] | select(.local == \"10.55.0.1\" or
        .local == \"fd55::1\") | $1" >"$dir/out" 2>"$dir/err"
    if [ "$(cat "$dir/out")" = "$2" ]; then pass; else fail "addr: $1 is not $2"; fi
}
t 0 '' '' addr add 10.55.0.1/24 dev v1 brd + label v1:x scope link valid_lft 6000 preferred_lft 3000
address '[.prefixlen, .broadcast, .label, .scope]' '[24,"10.55.0.255","v1:x","link"]'
address '.valid_life_time > 5990 and .preferred_life_time > 2990' true
t 1 '' 'arpq addr: *10.55.0.1/24*: *the interface has this address*' addr add 10.55.0.1/24 dev v1
t 0 '' '' addr change 10.55.0.1/24 dev v1 valid_lft 2000 metric 77
address '[.metric, .valid_life_time > 1990, .preferred_life_time > 1990]' '[77,true,true]'
t 3 '' 'arpq addr: 10.55.0.1/24: the kernel cannot change the label of an address; *add* do' \
    addr change 10.55.0.1/24 dev v1 label v1:y
t 1 '' 'arpq addr: 10.55.0.1: the interface has it as 10.55.0.1/24' addr del 10.55.0.1 dev v1
t 1 '' '*the interface does not have this address*' addr del 10.55.0.2/24 dev v1
j 1 '.[0].error == "ENOENT" and .[0].message == "the interface has it as 10.55.0.1/24"' \
    addr del -j 10.55.0.1 dev v1
t 0 '' '' addr del 10.55.0.1/24 -i v1
t 1 '' '*the interface does not have this address*' addr change 10.55.0.1/24 dev v1
t 0 '' '' addr change 10.55.0.1 create dev v1 peer 10.56.0.2/30
address '[.address, .prefixlen]' '["10.56.0.2",30]'
t 0 '' '' addr del 10.55.0.1 dev v1 peer 10.56.0.2/30

# The line of a removal has the address as it was before, also among others of the same number.
ip addr add 10.55.0.1/16 dev v1
ip addr add 10.55.0.1/24 dev v1 label v1:x metric 77
ip addr add 10.55.0.1/32 dev v1
j 0 '.[0] | .prefixlen == 24 and .label == "v1:x" and .metric == 77 and .scope == "global"
    and (has("dynamic") | not) and .valid_life_time == 4294967295' addr del -j 10.55.0.1/24 dev v1
ip addr flush dev v1 to 10.55.0.1
ip addr add fd55::1/64 dev v1 nodad
j 0 '.[0] | .nodad and (has("dynamic") | not)' addr del -j fd55::1/64 dev v1
t 0 '' '' addr add fd55::1/64 dev v1 nodad home noprefixroute mngtmpaddr
address '[.nodad, .home, .noprefixroute, .mngtmpaddr, .scope]' '[true,true,true,true,"global"]'
t 0 '' '' addr change fd55::1/64 dev v1 nodad valid_lft 600 preferred_lft 0
address '[.nodad, .home, .deprecated, .preferred_life_time]' '[true,null,true,0]'
t 0 '' '' addr del fd55::1/64 dev v1
t 0 '' '' addr add 127.55.0.1/32 dev lo
j 0 '.[0].addr_info | map(select(.local == "127.55.0.1").scope) == ["host"]' if -j lo
t 0 '' '' addr del 127.55.0.1/32 dev lo
t 2 '' '*a label has up to 15 bytes*' addr add 10.55.0.1/24 dev v1 label v1:sixteen-bytes
t 2 '' "arpq addr: *'10.55.0.1/33': the part after '/' is neither a length*" addr add 10.55.0.1/33 dev v1
t 2 '' '*preferred for longer than it is valid*' \
    addr add 10.55.0.1/24 dev v1 valid_lft 5 preferred_lft 6
t 3 '' 'arpq addr: 10.55.0.1/24: the kernel does not support the word anycast for an IPv4 address' \
    addr add 10.55.0.1/24 dev v1 anycast 10.55.0.9
t 3 '' '*not support the word nodad for an IPv4 *' addr add 10.55.0.1/24 dev v1 nodad
t 3 '' '*not support the word label for an IPv6 *' addr add fd55::1/64 dev v1 label x
t 2 '' "arpq addr: dev: 'v1': the interface is given twice*" addr add 10.55.0.1/24 dev v1 dev v1
t 2 '' "arpq addr: dev: 'v0': the interface is given twice*" addr add 10.55.0.1/24 -i v1 dev v0
t 2 '' '*IFA_F_MCAUTOJOIN*' addr add ff05::55/64 dev v1
t 2 '' "arpq addr: 'nonsense': no word*" addr add 10.55.0.1/24 dev v1 nonsense
t 2 '' "arpq addr: valid_lft: '0': not a number of seconds*" addr add 10.55.0.1/24 dev v1 valid_lft 0
t 2 '' "arpq addr: scope: needs a value*" addr add 10.55.0.1/24 dev v1 scope
t 2 '' "arpq addr: scope: '256': not global*" addr add 10.55.0.1/24 dev v1 scope 256
t 2 '' "arpq addr: brd: '+': not an IPv4 address*" addr add fd55::1/64 dev v1 brd +
t 2 '' "arpq addr: *'10.55.0.1/x': the part after '/' is neither*" addr add 10.55.0.1/x dev v1
t 2 '' '*an interface is needed: dev NAME*' addr add 10.55.0.1/24
t 0 '*: v0: *' '' addr
t 0 '*: v0: *' '' addr list
t 2 '' 'arpq addr: an address is needed: *' addr add
t 3 '' 'arpq addr: *nope*: *no interface of this name*' addr add 10.55.0.1/24 dev nope
j 1 '.[0].local == "192.0.2.1/24" and .[0].error == "EEXIST" and (.[0].detail | length > 0)' \
    addr add -j 192.0.2.1/24 dev v0
privileges
plain 3 '' '*needs CAP_NET_ADMIN*' addr add 10.55.0.1/24 dev v1

# --- replace, flush, show, netmasks ---

t 0 '' '' addr replace 10.55.0.1/24 dev v1 valid_lft 3000
address '.valid_life_time > 2990' true
t 0 '' '' addr replace dev v1 local 10.55.0.1/255.255.255.0 metric 8
address '[.prefixlen, .metric]' '[24,8]'
t 0 '*inet 10.55.0.1/24*' '' addr show dev v1
t 0 '*inet 10.55.0.1/24*' '' addr show v1
j 0 'map(.ifname) == ["v1"]' addr show -j v1
t 0 '1 address removed' '' addr flush dev v1 to 10.55.0.0/16
t 1 '0 addresses removed' '' addr flush dev v1 to 10.55.0.0/16
t 2 '' 'arpq addr: addr flush needs an interface or a prefix*' addr flush
t 2 '' "arpq addr: 'v1': an interface is named with the word dev: dev v1*" addr flush v1
t 2 '' "arpq addr: 'nonsense': no word of this command*" addr flush nonsense
j 0 '.[0] | .ifname == "v1" and .local == "10.55.0.1" and .prefixlen == 31
    and (has("broadcast") | not)' addr add -j 10.55.0.1/31 brd + dev v1
j 0 '.[0].removed == 1' addr flush -j dev v1 -4
t 2 '' "arpq addr: *'10.55.0.1/255.0.255.0': *" addr add 10.55.0.1/255.0.255.0 dev v1
t 2 '' "arpq addr: dev: needs an argument, NAME*" addr add 10.55.0.1/24 dev

# A name may look like an option.
ip link add -- -f0 type veth peer name f1 2>/dev/null || ip link add name -f0 type veth peer name f1
t 0 '' '' addr add 10.56.0.1/24 dev -f0
t 0 '*inet 10.56.0.1/24*' '' if -- -f0
t 0 '' '' addr del 10.56.0.1/24 dev -f0

finish
