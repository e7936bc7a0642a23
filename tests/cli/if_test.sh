#!/bin/sh
# SPDX-License-Identifier: MIT
# arpq if

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

reading_network

t 0 '1: lo: <LOOPBACK,UP,*> mtu 65536 type loopback *: v0: <*BROADCAST,*>*' '' if
t 0 '*: v0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 type ether mac 02:00:00:00:00:01 *' '' if v0
t 0 '*inet 192.0.2.1/24 brd 192.0.2.255 scope global label v0*' '' if v0
t 0 '*inet 198.51.100.1/24 scope global label v0:1*' '' if v0
t 0 '*inet 10.9.0.1 peer 10.9.0.2/32 scope global label v0*' '' if v0
t 0 '*inet6 2001:db8::1/64 scope global nodad*' '' if v0
t 0 '*: v0: *' '' if v0:1
t 0 '*: v1: *: v0: *' '' if v1 v0
# The words of ip-link(8), unless an interface has that name.
for words in 'show v0' 'list v0' 'ls dev v0'; do
    # shellcheck disable=SC2086 # a list of words
    j 0 'map(.ifname) == ["v0"]' if -j $words
done
ip link add d0 type veth peer name d1
j 0 'any(.[]; .ifname == "v0") and all(.[]; .flags | index("UP") != null)' if -j up
j 0 'any(.[]; .ifname == "v0") and all(.[]; .flags | index("UP") != null)' addr show -j up
ip link set dev d0 name up
j 0 'map(.ifname) == ["up"]' if -j up
ip link del dev up
t 0 '*inet 192.0.2.1/24*' '' if -4 v0
if grep -q inet6 "$dir/out"; then fail 'arpq if -4: an IPv6 address'; else pass; fi
j 0 'all(.[]; .addr_info | length > 0 and all(.[]; .family == "inet6"))' addr show -j -6
t 0 '*: w\\x01\\xff\\x5c: *' '' if "$odd"
t 0 '*: caf\\xc3\\xa9: *' '' if "$accent"
t 3 '' 'arpq if: *nope*: *no interface of this name*' if nope
t 3 '*: v0: *' 'arpq if: *nope*: *no interface of this name*' if nope v0
t 3 '' "arpq if: *$long*: *no interface of this name*" if "$long"
t 2 '' '*interface name is empty' if ''

j 0 'length >= 5 and .[0].ifname == "lo"' if --json
j 0 '.[0].ifname == "v0" and .[0].mtu == 1500 and (.[0].addr_info | length) == 5' if -j v0
j 0 '.[0].addr_info | map(select(.label == "v0:1").local) == ["198.51.100.1"]' if -j v0
j 0 '.[0].ifname == "w\u0001\\xff\\"' if -j "$odd"
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
t 2 '' 'arpq show: --stats: an option of other commands*' show --stats
ip link property del dev v0 altname an-alternative-name-of-v0

finish
