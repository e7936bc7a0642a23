#!/bin/sh
# SPDX-License-Identifier: MIT
# arpq sniff

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

network_with_neighbour

# ask: the neighbour asks for our address.
ask() {
    there ip neigh flush dev v1
    there "$tool" ping 192.0.2.1 --count 1 --timeout 0.2
    there "$tool" ping 2001:db8::1 --count 1 --timeout 0.2
}

start sniff -i v0 --timeout 30
saw "^[0-9-]*T[0-9:.]* arp request 192.0.2.2 dev v0 lladdr $m2 for 192.0.2.1 new\$" ask
saw " neighbour solicitation 2001:db8::2 dev v0 lladdr $m2 for 2001:db8::1" ask
stop INT 0
if matches "$dir/err" '[1-9]* frames, *'; then pass; else fail 'arpq sniff: no statistics'; fi

start sniff -j --arp --outgoing --timeout 30
saw '"outgoing":true' ask
saw '"operation":"request"' ask
stop TERM 0
holds 'map(select(.frame)) | all(.[]; .frame == "arp") and any(.[]; .dst == "192.0.2.2"
    and .dev == "v0" and .lladdr == "'$m2'" and .target == "192.0.2.1" and .operation == "request"
    and (.time | test("^[0-9-]*T[0-9:]*[.][0-9]{9}Z$")) and .source == "'$m2'"
    and .destination == "ff:ff:ff:ff:ff:ff")'
holds '.[-1].statistics | .frames > 0 and .dropped == 0'

start sniff -j --ndp -i v0 --timeout 30
saw '"neighbour_solicitation"' ask
stop TERM 0
holds 'map(select(.frame)) | all(.[]; .frame != "arp")'

start sniff --claims -i v0 --promiscuous --timeout 30
saw " arp request 192.0.2.2 dev v0 lladdr $m2 .*new" ask
there ip link set v1 address 02:00:00:00:00:22
saw " 192.0.2.2 dev v0 lladdr 02:00:00:00:00:22 from $m2 .*moved" ask
there ip link set v1 address $m2
stop INT 0

t 0 '' '0 frames, *' sniff -i w1 --arp --timeout 0.2
ask_for_a_while() {
    for _ in 1 2 3 4 5 6 7 8; do
        sleep 0.1
        ask
    done
}
ask_for_a_while >/dev/null 2>&1 &
asking=$!
t 0 '*arp * dev v0 *' '1 frame, 1 address claimed, *' sniff --count 1 --arp --timeout 20
wait $asking
plain 3 '' 'arpq sniff: listening needs CAP_NET_RAW' sniff --timeout 1
t 2 '' 'arpq sniff: --promiscuous needs --dev*' sniff --promiscuous
t 2 '' 'arpq sniff: *0*: *not a number from 1 to 4294967295*' sniff --count 0
t 0 '' 'arpq sniff: nope: no interface of this name*waiting*' sniff -i nope --timeout 0.1
t 0 '' 'arpq sniff: nope: no interface of this name*waiting*' sniff nope --timeout 0.1
t 2 '' 'arpq sniff: *an interface name is empty*' sniff '' --timeout 5
# As in tcpdump(8): any interface, and protocols.
t 0 '*' '* frame*, *' sniff -i any --timeout 0.1
t 0 '' '0 frames, *' sniff arp -i w1 --timeout 0.1
t 0 '*' '* frame*, *' sniff ndp v0 --timeout 0.1
t 3 '' 'arpq sniff: *a/b*' sniff a/b --timeout 5
ask_for_a_while >/dev/null 2>&1 &
asking=$!
unwritable sniff -i v0 --timeout 2 --count 1
unread sniff -i v0 --timeout 9
wait $asking
ip link set w1 down
t 0 '' 'arpq sniff: w1: *waiting*' sniff -i w1 --timeout 0.2

# --- An interface that is removed and created again ---

start sniff -i f0 --arp --timeout 30
sleep 0.3
for mac in 02:00:00:00:00:41 02:00:00:00:00:42; do
    ip link add f0 type veth peer name f1
    ip link set f1 netns $peer
    there ip link set f1 address $mac
    ip link set f0 up
    there ip link set f1 up
    there ip addr add 198.51.100.2/24 dev f1
    saw " arp request 198.51.100.2 dev f0 lladdr $mac" \
        there "$tool" resolve 198.51.100.1 --timeout 0.1
    ip link del f0
    sleep 0.5
done
stop INT 0
if grep -q 'f0: the interface was removed; waiting' "$dir/err"; then
    pass
else
    fail 'arpq sniff -i: nothing about the interface that was removed'
fi

for ip in 192.0.2.1 fe80::1 192.0.2.0/24; do
    t 2 '' "arpq sniff: '$ip': an interface is needed, not an IP address; *watch $ip'*" \
        sniff -W 0.1 $ip
done
t 3 '' 'arpq sniff: 192.0.2.300: no interface of this name*' sniff -W 0.1 192.0.2.300

finish
