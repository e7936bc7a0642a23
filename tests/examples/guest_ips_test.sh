#!/bin/sh
# SPDX-License-Identifier: MIT
# examples/guest_ips

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

need ping

network_with_neighbour

# Nobody has spoken: no address. What the guest says first ends the wait.
t 1 '' '' $m2
start $m2 60
until_so grep -q '^State:.S' "/proc/$running/status" # it waits
there ping -c 1 -W 2 192.0.2.1 >/dev/null 2>&1 || cannot_run "no answer to ping"
wait $running
status=$?
if [ $status = 0 ] && matches "$dir/out" '192.0.2.2 dev v0 [A-Z]*'; then
    pass
else
    fail "the first packet of the guest: exit status $status"
fi

# All addresses, of both families, in every state that has a MAC.
ping -c 1 -W 2 192.0.2.200 >/dev/null
ip neigh replace 2001:db8::2 lladdr $m2 dev v0 nud stale
ip neigh replace fe80::2 lladdr $m2 dev v0 nud permanent
ip neigh replace 192.0.2.9 lladdr $m9 dev v0 nud permanent
ip neigh replace 10.9.0.2 lladdr $m2 dev "$odd" nud permanent
v6="2001:db8::2 dev v0 STALE${nl}fe80::2%v0 dev v0 PERMANENT"
run $m2
LC_ALL=C sort "$dir/out" >"$dir/sorted"
if [ $status = 0 ] && [ "$(wc -l <"$dir/out")" = 5 ] && matches "$dir/sorted" \
    "10.9.0.2 dev * PERMANENT${nl}192.0.2.2 dev v0 *${nl}192.0.2.200 dev v0 *$nl$v6"; then
    pass
else
    fail "guest_ips $m2: exit status $status"
fi
t 0 '192.0.2.9 dev v0 PERMANENT' '' 02-00-00-00-00-09
t 0 '192.0.2.9 dev v0 PERMANENT' '' $m9 30

# More than the first guess of room.
n=10
while [ $n -lt 50 ]; do
    echo "neigh replace 192.0.2.$n lladdr $m8 dev v0 nud permanent"
    n=$((n + 1))
done | ip -batch -
run $m8
if [ "$(sort -u "$dir/out" | wc -l)" = 40 ]; then pass; else fail "40 addresses"; fi

t 1 '' '' 02:00:00:00:00:99 1
t 2 '' 'usage: *'
t 2 '' 'usage: *' bogus
t 2 '' 'usage: *' $m2 5x
t 2 '' 'usage: *' $m2 -5
t 2 '' 'usage: *' $m2 1 more

finish
