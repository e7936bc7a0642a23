#!/bin/sh
# SPDX-License-Identifier: MIT
# arpq get

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

reading_network

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
make_failed
t 1 '192.0.2.7 dev v0 FAILED used *' '' get 192.0.2.7
make_incomplete
t 1 '192.0.2.6 dev v0 [IF]* used *' '' get 192.0.2.6
t 1 '' 'arpq get: *192.0.2.99*: *?*' get 192.0.2.99
t 1 "192.0.2.9 dev v0 *" 'arpq get: *192.0.2.99*: *?*' get 192.0.2.99 192.0.2.9
t 2 '' 'arpq get: *bog@s*: *not an IP address*' get bog@s
t 2 '192.0.2.9 dev *' 'arpq get: *bog@s*: *not an IP address*' get bog@s 192.0.2.9
t 3 '' 'arpq get: *nope*: *no interface of this name*' get -i nope 192.0.2.9
t 3 '' "arpq get: *$long*: *no interface of this name*" get -i "$long" 192.0.2.9

run get 192.0.2.4
if [ "$status" = 1 ]; then pass; else fail "arpq get of a NONE entry: exit status $status"; fi

j 0 '.[0].router == null and (.[0] | has("router")) and .[0].protocol == "static"' \
    get --json 192.0.2.8
j 0 '.[0] | has("local") and (has("used") | not)' get --json 192.0.2.1
make_failed
j 1 '(.[0] | has("lladdr") | not) and .[0].state == ["FAILED"]' get -j 192.0.2.7
j 1 '.[0].error == "ENOENT"' get -j 192.0.2.99
j 2 '.[0].error == "EINVAL"' get -j bog@s
# Reading a single entry holds a reference, which reading the table does not.
make_failed
for ip in 192.0.2.9 192.0.2.8 192.0.2.7 192.0.2.3 2001:db8::9; do
    same "get --json" 'del(.refcnt, .used, .confirmed, .updated)' \
        "-j -s neigh show to $ip nud all" get -j "$ip"
    same "get --json, keys in order" 'keys_unsorted - ["refcnt"]' \
        "-j -s neigh show to $ip nud all" get -j "$ip"
done

t 2 '' 'arpq get: 0.0.0.0: the unspecified address, which no host has' get 0.0.0.0
t 2 '' 'arpq get: ::: the unspecified address, which no host has' get ::

finish
