#!/bin/sh
# SPDX-License-Identifier: MIT
# examples/epoll_daemon

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need ping

network_with_neighbour
echo 100 >/proc/sys/net/ipv4/neigh/v0/retrans_time_ms # nobody answers: known after 0.3 s
echo 100 >/proc/sys/net/ipv6/neigh/v0/retrans_time_ms

# prints LINE...: each is a line of the output, soon.
prints() {
    for line; do
        if until_so grep -qx -e "$line" "$dir/out"; then pass; else fail "no line '$line'"; fi
    done
}

# The first round: two hosts that are there, one that is not, one behind a router.
start 1 192.0.2.2 2001:db8::2 192.0.2.77 203.0.113.2
prints "192.0.2.2 is there: $m2" "2001:db8::2 is there: $m2" \
    '192.0.2.77 is not there: .*nobody answered' '203.0.113.2 is not there: no interface.*'

# The report: the MAC by the mirror, the time by the pinger.
reported() {
    kill -USR1 $running
    sleep 0.05
    grep -qx -e "$1" "$dir/out"
}
for line in "192.0.2.2: there, $m2, [0-9.]* ms" "2001:db8::2: there, $m2, [0-9.]* ms" \
    '192.0.2.77: not there, .*' '203.0.113.2: not there, .*'; do
    if until_so reported "$line"; then pass; else fail "no report '$line'"; fi
done

# The host gets another card, and says something with it.
there ip link set v1 address $m9
there ping -c 1 -W 2 192.0.2.1 >/dev/null
prints "192.0.2.2 has moved from $m2 to $m9"

# It leaves, and comes back: what was known is printed once.
there ip address delete 192.0.2.2/24 dev v1
there ip address add 192.0.2.3/24 dev v1
prints '192.0.2.2 is not there: .*'
there ip address add 192.0.2.2/24 dev v1
prints "192.0.2.2 is there: $m9"
if [ "$(grep -c '^192.0.2.77 is not there' "$dir/out")" = 1 ]; then pass; else fail "said twice"; fi
ends TERM 0
if [ ! -s "$dir/err" ]; then pass; else fail "something on stderr"; fi

# A change of an interface starts a round, long before the next hour.
start 3600 192.0.2.2
prints "192.0.2.2 is there: $m9"
ip link set v0 down
prints '192.0.2.2 is not there: .*'
ip link set v0 up
prints "192.0.2.2 is there: $m9"
ends INT 0

t 2 '' 'usage: *'
t 2 '' 'usage: *' 10
t 2 '' 'usage: *' 0 192.0.2.2
t 2 '' 'usage: *' 10x 192.0.2.2
t 2 '' 'usage: *' 10 192.0.2.2 bogus

finish
