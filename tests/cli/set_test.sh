#!/bin/sh
# SPDX-License-Identifier: MIT
# arpq set, del and flush

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

network_with_neighbour

m9=02:00:00:00:00:09
t 0 '' '' set 192.0.2.9 $m9
entry "* lladdr $m9 PERMANENT *" 192.0.2.9
t 0 '' '' set 192.0.2.9 0200.0000.000a --state stale --dev v0
entry '* lladdr 02:00:00:00:00:0a STALE *' 192.0.2.9
t 0 '' '' set 192.0.2.9 $m9 --replace --router --proto static
entry "* lladdr $m9 router *PERMANENT *" 192.0.2.9
j 0 '.[0].protocol == "static" and (.[0] | has("router"))' get -j 192.0.2.9
t 0 '' '' set 192.0.2.10 $m9 --create --proto 98
t 1 '' 'arpq set: *192.0.2.10*: *there is an entry already*' set 192.0.2.10 $m9 --create
t 1 '' 'arpq set: *192.0.2.11*: *there is no entry to replace*' set 192.0.2.11 $m9 --replace
j 0 '.[0] == {"dst": "192.0.2.11", "dev": "v0", "lladdr": "'$m9'", "extern_learn": null,
    "state": ["NOARP"], "protocol": "98"}' \
    set -j 192.0.2.11 $m9 --state NoArp --extern-learn --proto 98
t 0 '' '' set 192.0.2.12 --state failed
t 0 '' '' set 192.0.2.2 --managed
t 0 '' '' set 2001:db8::9 $m9
t 0 '' '' set fe80::9%v0 $m9
t 0 '' '' set 10.9.0.9 $m9
j 0 '.[0].dst == "fe80::9" and .[0].dev == "v0"' set -j fe80::9 -i v0 $m9
j 0 '.[0].dst == "192.0.2.9" and .[0].asked == "::ffff:192.0.2.9"' set -j ::ffff:192.0.2.9 $m9
entry "* lladdr $m9 PERMANENT *" 2001:db8::9
j 0 'map(.dst) == ["192.0.2.10", "192.0.2.11"]' show -j --proto 98
j 0 'map(.dst) == ["192.0.2.11"]' show -j --extern-learn
j 0 'map(.dst) == ["192.0.2.2"]' show -j --managed

t 2 '' 'arpq set: 192.0.2.1: an address of this machine; --insist*' set 192.0.2.1 $m9
t 2 '' 'arpq set: 127.0.0.9: an address of this machine; --insist*' set 127.0.0.9 $m9 -i v0
t 2 '' 'arpq set: 192.0.2.255: an address of no single host; --insist*' set 192.0.2.255 $m9
t 2 '' 'arpq set: 224.0.0.1: an address of no single host; --insist*' set 224.0.0.1 $m9 -i v0
t 2 '' 'arpq set: 192.0.2.13: the MAC address is the broadcast*' set 192.0.2.13 ff:ff:ff:ff:ff:ff
t 2 '' 'arpq set: 192.0.2.13: the MAC address is zero*' set 192.0.2.13 00:00:00:00:00:00
t 0 '' '' set 192.0.2.13 01:00:5e:00:00:01 --insist
t 2 '' 'arpq set: 192.0.2.14: a MAC address of v0 has 6 bytes, not 5' set 192.0.2.14 02:00:00:00:09
t 2 '' 'arpq set: 192.0.2.14: a MAC address of v0 has 6 bytes, not 7' \
    set 192.0.2.14 02:00:00:00:09:01:02 dev v0
t 2 '' 'arpq set: 192.0.2.300: not an IP address' set 192.0.2.300
t 2 '' 'arpq set: --state: an entry has one state, and the state none cannot be set*' \
    set 192.0.2.14 $m9 --state none
t 2 '' 'arpq set: *192.0.2.14*: **needs a MAC address*' set 192.0.2.14 --state stale
t 2 '' 'arpq set: set needs a MAC address*' set 192.0.2.14
t 1 '' 'arpq set: 192.0.2.14: the state probe without a MAC address needs an existing entry' \
    set 192.0.2.14 dev v0 nud probe
t 1 '' 'arpq set: 192.0.2.14: there is no entry to replace*' \
    set 192.0.2.14 dev v0 nud delay --replace
t 2 '' 'arpq set: *xx*: *not a MAC address*' set 192.0.2.14 xx
t 2 '' 'arpq set: *bog@s*: *not an IP address*' set bog@s $m9
t 2 '' 'arpq set: *one state*' set 192.0.2.14 $m9 --state stale --state noarp
t 2 '' 'arpq set: *one state*' set 192.0.2.14 $m9 --state all
t 2 '' 'arpq set: *tired*: *not a state*' set 192.0.2.14 $m9 --state tired
t 2 '' 'arpq set: *exclude each other*' set 192.0.2.14 $m9 --create --replace
t 2 '' 'arpq set: *mine*: *not a protocol*' set 192.0.2.14 $m9 --proto mine
t 2 '' 'arpq set: *256*: *not a protocol*' set 192.0.2.14 $m9 --proto 256
t 2 '' 'arpq set: *0*: *not a protocol*' set 192.0.2.14 $m9 --proto 0
t 2 '' 'arpq set: fe80::9: *link-local*' set fe80::9 $m9
t 1 '' 'arpq set: *192.88.99.1*: *?*' set 192.88.99.1 $m9
t 3 '' 'arpq set: *nope*: *no interface of this name*' set 192.0.2.14 $m9 -i nope
j 2 '.[0].lladdr == "xx" and .[0].error == "EINVAL"' set -j 192.0.2.14 xx
j 2 '.[0].dst == "192.0.2.1" and .[0].error == "EADDRNOTAVAIL"' set -j 192.0.2.1 $m9
j 1 '.[0].error == "EEXIST"' set -j 192.0.2.10 $m9 --create
plain 3 '' 'arpq set: *192.0.2.14*: **CAP_NET_ADMIN*' set 192.0.2.14 $m9
plain 3 '*"EPERM"*' '' set -j 192.0.2.14 $m9
entry '' 192.0.2.14

# Proxies.
t 0 '' '' set --proxy 192.0.2.77 --dev v0
t 0 '' '' set --proxy 192.0.2.78 --netmask 255.255.255.255
t 0 '' '' set --proxy 0.0.0.0 --netmask 0.0.0.0 -i v0
if [ "$(cat /proc/sys/net/ipv4/conf/v0/proxy_arp)" = 1 ]; then
    pass
else
    fail 'arpq set --netmask 0.0.0.0: proxy_arp is not on'
fi
j 0 'map(.dst) == ["192.0.2.78", "192.0.2.77"] and (map(.dev) == [null, "v0"])' show -j --proxy
t 0 '*192.0.2.78  -  *192.0.2.77  v0  *' '' show --proxy
t 2 '' 'arpq set: a proxy entry cannot be managed*' set --proxy 192.0.2.77 --managed
t 2 '' 'arpq set: a proxy entry has no MAC*' set --proxy 192.0.2.77 $m9
t 2 '' 'arpq set: a proxy entry has no state*' set --proxy 192.0.2.77 --state stale
t 2 '' 'arpq set: --netmask goes with --proxy*' set 192.0.2.77 $m9 --netmask 0.0.0.0
t 2 '' 'arpq set: *255.255.0.0*: *a proxy*netmask*' set --proxy 192.0.2.77 --netmask 255.255.0.0
t 2 '' 'arpq set: *192.0.2.77*: **0.0.0.0*' set --proxy 192.0.2.77 --netmask 0.0.0.0
plain 3 '' 'arpq set: *192.0.2.79*: **CAP_NET_ADMIN*' set --proxy 192.0.2.79 -i v0
# --- arpq del ---
t 0 '' '' del --proxy 0.0.0.0 --netmask 0.0.0.0 -i v0
if [ "$(cat /proc/sys/net/ipv4/conf/v0/proxy_arp)" = 0 ]; then
    pass
else
    fail 'arpq del --netmask 0.0.0.0: proxy_arp is on'
fi
t 1 '' 'arpq set: 192.0.2.78: there is a proxy entry for all interfaces*' \
    set --proxy 192.0.2.78 -i v0
t 1 '' 'arpq set: 192.0.2.78: there is a proxy entry already, for the interface or for all' \
    set --proxy 192.0.2.78 -i v0 --create
j 0 'map(.dst) == ["192.0.2.78", "192.0.2.77"] and (map(.dev) == [null, "v0"])' show -j --proxy
t 0 '' '' del --proxy 192.0.2.77 -i v0
t 1 '' "arpq del: 192.0.2.77: there is no such entry; 'arpq show --proxy' lists the entries" \
    del --proxy 192.0.2.77 -i v0
j 0 '.[0] | .dst == "192.0.2.78" and has("proxy")' del -j --proxy 192.0.2.78
plain 3 '' 'arpq del: *192.0.2.9*: **CAP_NET_ADMIN*' del 192.0.2.9
j 0 '.[0].dst == "192.0.2.9" and .[0].lladdr == "'$m9'" and .[0].state == ["PERMANENT"]' \
    del -j 192.0.2.9
j 1 '.[0].dst == "192.0.2.9" and .[0].error == "ENOENT"' del -j 192.0.2.9
t 1 '' "arpq del: *192.0.2.9*: *there is no such entry*" del 192.0.2.9 2001:db8::9
entry '' 2001:db8::9
t 0 '' '' del fe80::9%v0
t 2 '' 'arpq del: *bog@s*: *not an IP address*' del bog@s
ip neigh add 192.0.2.43 lladdr $m9 dev v0 nud permanent
t 2 '' 'arpq del: 192.0.2.09: not an IP address' del 192.0.2.43 192.0.2.09
entry '*PERMANENT*' 192.0.2.43
ip neigh del 192.0.2.43 dev v0
t 2 '' 'arpq del: 0.0.0.0: the unspecified address, which no host has' del 0.0.0.0
t 1 '' 'arpq del: 192.88.99.1: no interface of this machine reaches it directly; --dev names one' \
    del 192.88.99.1
t 2 '' 'arpq del: --netmask goes with --proxy*' del 0.0.0.0 --netmask 0.0.0.0
t 3 '' 'arpq del: *nope*: *no interface of this name*' del -i nope 192.0.2.9
# --- arpq flush ---
t 2 '' 'arpq flush: flush needs an option*' flush
t 2 '' 'arpq flush: flush needs an option*' flush -j
plain 3 '' 'arpq flush: removing entries needs CAP_NET_ADMIN' flush --proto 98
t 0 '2 entries removed' '' flush --proto 98
t 1 '0 entries removed' '' flush --proto 98
t 0 '' '' set 192.0.2.20 $m9 --state stale
t 0 '' '' set 192.0.2.21 $m9
t 0 '' '' set 192.0.2.22 $m9 --state stale
t 0 '1 entry removed' '' flush --prefix 192.0.2.20
entry '' 192.0.2.20
j 0 '.[0] == {"removed": 1}' flush -j -i v0 --state permanent --prefix 192.0.2.20/30
t 0 '[1-9]* removed' '' flush -i v0
entry '' 192.0.2.22
entry '* managed *' 192.0.2.2
t 0 '1 entry removed' '' flush -i v0 --managed
t 1 '0 entries removed' '' flush --proxy
ip neigh add 192.0.2.41 lladdr $m9 dev v0 nud stale
ip neigh add fd00::41 lladdr $m9 dev v0 nud stale
ip neigh add 192.0.2.42 lladdr $m9 dev v0 nud permanent
t 0 '[2-9]* entries removed' '' flush all
entry '' 192.0.2.41
entry '' fd00::41
entry '*PERMANENT*' 192.0.2.42
ip neigh del 192.0.2.42 dev v0
t 0 '*The word all selects every entry that is not spared.*' '' flush --help
ip neigh add 192.0.2.42 lladdr $m9 dev v0 nud permanent extern_learn
t 1 '0 entries removed' '' flush to 192.0.2.42 extern_learn
t 1 '0 entries removed' '' flush to 192.0.2.42 nud permanent
t 0 '1 entry removed' '' flush to 192.0.2.42 nud permanent extern_learn
t 2 '' 'arpq set: a proxy entry has no MAC*' set 192.0.2.9 $m9 pub
# Linux 6.17 and later: an entry that a control program validates.
run set 192.0.2.44 $m9 extern_valid nud stale
if [ "$status" = 0 ]; then
    t 0 '* STALE  extern_valid *' '' show 192.0.2.44
    t 0 '* extern_valid' '' get 192.0.2.44
    j 0 'map(.dst) == ["192.0.2.44"] and (.[0] | has("extern_valid"))' show -j extern_valid
    t 1 '0 entries removed' '' flush 192.0.2.44
    t 0 '1 entry removed' '' flush 192.0.2.44 --extern-valid
elif matches "$dir/err" '*the kernel does not support*' || matches "$dir/err" '*not supported*'; then
    pass
else
    fail 'arpq set extern_valid'
fi
t 2 '' 'arpq flush: *tired*: *not a state*' flush --state tired
t 3 '' 'arpq flush: *nope*: *no interface of this name*' flush -i nope

# --- The words of ip-neighbour(8) ---

t 0 '' '' set 192.0.2.40 lladdr $m9 dev v0 nud stale
entry "* lladdr $m9 STALE *" 192.0.2.40
t 0 '' '' set 192.0.2.40 $m9 dev v0 nud permanent router
entry "* lladdr $m9 router PERMANENT *" 192.0.2.40
t 0 '' '' set 192.0.2.41 --mac $m9
t 0 '' '' set 192.0.2.41 2:0:0:0:0:9
entry "* lladdr $m9 *" 192.0.2.41
t 2 '' 'arpq set: two MAC addresses*' set 192.0.2.41 lladdr $m9 $m9
t 2 '' "arpq set: dev: needs an argument*" set 192.0.2.41 $m9 dev
t 0 '' '' del 192.0.2.41 dev v0
t 0 '' '' set proxy 192.0.2.42 dev v0
t 0 '' '' del proxy 192.0.2.42 dev v0
t 0 '1 entry removed' '' flush dev v0 nud permanent to 192.0.2.40
t 2 '' 'arpq set: 192.0.2.43: the MAC address is a group address*odd*--insist*' \
    set 192.0.2.43 85:3b:4c:36:41:f5

finish
