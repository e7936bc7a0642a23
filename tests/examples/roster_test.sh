#!/bin/sh
# SPDX-License-Identifier: MIT
# examples/roster

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need ping

network_with_neighbour

# The table: what has spoken, by MAC, without the entries of groups and of those that are unknown.
t 0 '' ''
ping -c 1 -W 2 192.0.2.2 >/dev/null
ping -c 1 -W 2 2001:db8::2 >/dev/null
ip neigh replace 10.9.0.9 lladdr $m9 dev "$odd" nud permanent
ip neigh replace 192.0.2.9 lladdr $m9 dev v0 nud permanent
ip neigh replace 192.0.2.7 dev v0 nud failed
ip neigh replace 224.0.0.9 lladdr 01:00:5e:00:00:09 dev v0 nud permanent
all="$m2 v0 192.0.2.2 2001:db8::2 gateway$nl$m9 v0 * 10.9.0.9 192.0.2.9"
ip route add default via 192.0.2.2
plain 0 "$all" ''

# A sweep finds what has not spoken, and this machine.
ip neigh flush dev v0
t 0 "02:00:00:00:00:01 v0 192.0.2.1 this machine$nl$m2 v0 192.0.2.2 gateway$nl$m9 *" '' 192.0.2.0/30
ip -6 neigh flush dev v0
t 0 "*$m2 v0 *fe80::2%v0*$nl$m9 *" '' fe80::%v0/64

# Failures: of the arguments, and of the system as an exception.
t 2 '' 'usage: roster *; bogus: invalid*' bogus
t 2 '' 'usage: roster *; 192.0.2.0/33: *' 192.0.2.0/24 192.0.2.0/33
t 1 '' 'roster: *no interface*' 198.51.100.0/24
t 1 '' 'roster: *' 10.0.0.0/8

finish
