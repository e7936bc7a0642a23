#!/bin/sh
# SPDX-License-Identifier: MIT
# examples/radius_hook

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

network_with_neighbour
echo 100 >/proc/sys/net/ipv4/neigh/v0/retrans_time_ms # nobody answers: known after 0.3 s
station='Calling-Station-Id := "02-00-00-00-00-02"'
unset FRAMED_IP_ADDRESS FRAMED_IPV6_ADDRESS

# The first question makes the kernel ask; the table has no entry.
t 0 "$station" '' 192.0.2.2
t 0 "$station" '' 2001:db8::2
export FRAMED_IP_ADDRESS=192.0.2.200
t 0 "$station" ''
ip neigh flush dev v0
plain 0 "$station" '' # without privilege
export FRAMED_IPV6_ADDRESS=2001:db8::77
t 0 "$station" '' # IPv4 comes first
unset FRAMED_IP_ADDRESS
export FRAMED_IPV6_ADDRESS=2001:db8::2
t 0 "$station" ''

t 7 '' 'radius_hook: 192.0.2.77: *nobody answered*' 192.0.2.77
t 7 '' 'radius_hook: 203.0.113.2: no interface*' 203.0.113.2
for special in 255.255.255.255 192.0.2.255 224.0.0.1 127.0.0.1 ff02::1 ::1; do
    t 7 '' "radius_hook: $special: no interface*" $special
done
t 5 '' 'radius_hook: not an IP address: bogus' bogus
t 5 '' 'radius_hook: not an IP address: ' ''
t 5 '' 'radius_hook: not an IP address: *' 192.0.2.2 more
t 2 '' 'radius_hook: 0.0.0.0: invalid*' 0.0.0.0
unset FRAMED_IPV6_ADDRESS
t 5 '' 'radius_hook: not an IP address: (none)'

"$tool" 192.0.2.2 >/dev/full 2>"$dir/err"
status=$?
if [ $status = 2 ]; then pass; else fail "/dev/full: exit status $status, not 2"; fi

finish
