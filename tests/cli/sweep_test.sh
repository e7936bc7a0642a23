#!/bin/sh
# SPDX-License-Identifier: MIT
# arpq sweep

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

network_with_neighbour

three='192.0.2.1 *local*192.0.2.2 *v0 *192.0.2.200 *v0 *'
t 0 "IP  * DEV * MAC * RTT * FLAGS*$three" '2 hosts found besides this machine, 25? addresses asked for on v0 by ARP, *' \
    sweep 192.0.2.0/24
j 0 'map(select(.dst != "192.0.2.1" and .dst)) | sort_by(.dst)
    | map(.dst) == ["192.0.2.2", "192.0.2.200"]
    and all(.[]; .lladdr == "'$m2'" and .dev == "v0" and .attempt == 1 and .rtt_us > 0)' \
    sweep -j -i v0
holds '.[-1].statistics | .method == "arp" and .finished == 1 and .targets > 250
    and .sent >= .targets and .loss_ppm == 0'
entry '' 192.0.2.94
t 2 '' 'arpq sweep: which network?*' sweep
ip route add default via 192.0.2.2
t 0 "*$three" '*hosts found *' sweep
t 0 "*$three" '*hosts found *' sweep --no-source --attempts 1 --rate 100000 --timeout 0.2
ip route del default
t 1 '' '0 hosts found, 1 address asked for on v0 *' sweep 192.0.2.93
t 1 '*w\\x01\\xff\\x5c  *local*' '* on w\\x01\\xff\\x5c by ARP*' sweep 10.9.0.0/28
plain 0 "*192.0.2.2 *v0 *" '*by the kernel?s resolution*' sweep 192.0.2.0/29
t 0 "*192.0.2.2 *v0 *" '*by the kernel?s resolution*' sweep 192.0.2.0/29 --no-raw
t 0 '*2001:db8::2 *v0 *' '2 hosts found besides this machine on v0 by echo request*' sweep -6 -i v0
j 0 'any(.[]; .dst == "fe80::2" and .lladdr == "'$m2'")' sweep -j -6 -i v0
t 0 '*2001:db8::2 *v0 *' '1 host found besides*' sweep 2001:db8::/124
t 2 '' 'arpq sweep: *10.0.0.0/8*: **--force*' sweep 10.0.0.0/8 -i v0
t 0 '*2001:db8::2 *v0 *' '* by echo request*' sweep 2001:db8::/64
t 2 '' 'arpq sweep: ::/0: all hosts of which link?*' sweep ::/0
t 2 '' 'arpq sweep: *224.0.0.0/28*: group addresses*' sweep 224.0.0.0/28 -i v0
t 1 '' 'arpq sweep: 127.0.0.1/8: the interface has no neighbours*' sweep -i lo
t 1 '' 'arpq sweep: 10.0.0.0/8: the interface has no neighbours*' sweep 10.0.0.0/8 -i lo
t 2 '' 'arpq sweep: 0.0.0.0: the unspecified address, which no host has' sweep 0.0.0.0
t 2 '' 'arpq sweep: ::: the unspecified address, which no host has' sweep ::
t 2 '' 'arpq sweep: fe80::99: link-local addresses need their interface, as %NAME or *' sweep fe80::99
t 2 '' 'arpq sweep: ff02::1: group addresses*' sweep ff02::1 -i v0
t 2 '' 'arpq sweep: 255.255.255.255: not addresses of single hosts*' sweep 255.255.255.255
t 2 '' 'arpq sweep: 192.0.2.0/8: more than 65536*' sweep 192.0.2.0/8
t 2 '' 'arpq sweep: bog@s: not an IP address*' sweep bog@s
t 2 '' 'arpq sweep: *192.0.2.0/33*: *the part after*' sweep 192.0.2.0/33
t 2 '' '*is of the family that -6 excludes*' sweep -6 192.0.2.0/24
t 2 '' '*scope of the prefix and --dev*' sweep fe80::%v0/120 -i w1
t 2 '' 'arpq sweep: *0*: *not a number*' sweep --rate 0
t 2 '' 'arpq sweep: *33*: *not a number*' sweep --attempts 33
t 2 '' 'arpq sweep: --timeout: a sweep waits*' sweep --timeout 61
t 2 '' '*no IPv4 network*' sweep -i w1
t 1 '' 'arpq sweep: *198.51.100.0/24*: *?*' sweep 198.51.100.0/24
t 3 '' 'arpq sweep: *nope*: *no interface of this name*' sweep -i nope
start sweep -i v0 --rate 20
sleep 2
stop INT 130
if matches "$dir/out" '*192.0.2.2  *' && matches "$dir/err" '*, not finished'; then
    pass
else
    fail 'arpq sweep, ended by SIGINT: not what was found until then'
fi
start sweep -j -i v0 --rate 20
await '"192.0.2.2"' || fail 'arpq sweep -j: not told at once'
stop TERM 143
holds '.[-1].statistics.finished == 0'
{
    timeout 10 "$tool" sweep -j -i v0 2>"$dir/err"
    echo $? >"$dir/status"
} | head -1 >"$dir/out"
if [ "$(cat "$dir/status")" = 141 ] && [ ! -s "$dir/err" ]; then
    pass
else
    fail "arpq sweep -j | head -1: exit status $(cat "$dir/status")"
fi
unwritable sweep -i v0 --attempts 1
unwritable sweep -j 192.0.2.0/29
unread sweep 192.0.2.0/29

mkdir "$dir/ieee"
for file in oui mam oui36; do echo 'Registry,Assignment,Organization Name,' >"$dir/ieee/$file.csv"; done
ARPQ_IEEE_DATA=$dir/ieee
export ARPQ_IEEE_DATA
t 0 '* FLAGS *VENDOR*NAME*192.0.2.2 *locally administered *' '1 host found *' \
    sweep 192.0.2.0/29 --vendor --names
j 0 'any(.[]; .dst == "192.0.2.2" and .vendor == "locally administered")' \
    sweep 192.0.2.0/29 --vendor --names -j
unset ARPQ_IEEE_DATA

# The progress line is for terminals only.
if command -v script >/dev/null; then
    script -qec "'$tool' sweep 192.0.2.0/27 --rate 30" /dev/null >"$dir/out" 2>"$dir/err" </dev/null
    if grep -q 'round 1: .* packets sent, .* addresses, about [1-9] s left' "$dir/out" &&
        grep -q '192.0.2.2 ' "$dir/out"; then
        pass
    else
        fail 'arpq sweep on a terminal: no progress'
    fi
fi
# It is no longer than the terminal is wide, since what wraps could not be erased.
if command -v script >/dev/null; then
    script -qec "stty cols 20 && '$tool' sweep 192.0.2.0/28 --rate 60" /dev/null \
        >"$dir/out" 2>"$dir/err" </dev/null
    if grep -q 'round 1: [0-9]' "$dir/out" && ! grep -q 'packets sent' "$dir/out"; then
        pass
    else
        fail 'arpq sweep on a narrow terminal: progress is not cut'
    fi
fi

# --- Ranges, lists, netmasks and exclusions ---

j 0 'map(select(.dst)) | map(.dst) == ["192.0.2.1", "192.0.2.2"]' sweep -j --names 192.0.2.1-192.0.2.9
holds '.[-1].statistics | .targets <= 9 and .finished == 1'
j 0 'map(select(.dst and (.local | not)).dst) == ["192.0.2.2"]' sweep -j 192.0.2.2-9
j 0 'map(select(.dst and (.local | not)).dst) | sort == ["192.0.2.2", "192.0.2.200"]' \
    sweep -j 192.0.2.2,192.0.2.200
j 0 'map(select(.dst and (.local | not)).dst) | sort == ["192.0.2.2", "192.0.2.200"]' \
    sweep -j 192.0.2.0/255.255.255.248 192.0.2.200/30 192.0.2.0/29
j 0 'map(select(.dst and (.local | not)).dst) == ["192.0.2.200"]' \
    sweep -j 192.0.2.0/24 --exclude 192.0.2.2 --exclude 192.0.2.3-100
holds '.[-1].statistics.targets < 160'
t 0 '*192.0.2.2 *' '1 host found, 2 addresses asked for on v0 by ARP, *' sweep 192.0.2.2 192.0.2.3
t 0 '' '1 host found, 1 address asked for *' sweep -q 192.0.2.2
# An address of this machine is neither found nor asked for.
t 1 '*192.0.2.1 *local*' '0 hosts found besides this machine*' sweep 192.0.2.1 192.0.2.3
j 1 '.[-1].statistics | .found == 0 and .targets == 1' sweep -j 192.0.2.1 192.0.2.3
j 0 '.[-1].statistics | .found == 1 and .targets == 1' sweep -j 192.0.2.1 192.0.2.2
j 0 'any(.[]; .dst == "192.0.2.2")' sweep -j v0
t 2 '' 'arpq sweep: --exclude leaves no address*' sweep 192.0.2.2 --exclude 192.0.2.0/24
t 2 '' 'arpq sweep: 192.0.2.9-192.0.2.1: the range ends before*' sweep 192.0.2.9-192.0.2.1
t 2 '' 'arpq sweep: 192.0.2.9-x: a range ends with*' sweep 192.0.2.9-x
t 2 '' 'arpq sweep: more than 65536 addresses; --force*' sweep 192.0.2.0/24 10.0.0.0/16
t 2 '' 'arpq sweep: 192.0.2.0/255.0.255.0: *netmask*' sweep 192.0.2.0/255.0.255.0
ip addr add 192.0.2.11/24 dev v0
there ip neigh flush dev v1
t 0 '*192.0.2.2 *' '1 host found, *' sweep 192.0.2.2 --source 192.0.2.11
# The request makes the neighbour know its sender.
if [ -n "$(there ip neigh show 192.0.2.11)" ] && [ -z "$(there ip neigh show 192.0.2.1)" ]; then
    pass
else
    fail 'arpq sweep --source: another sender'
fi
# One target that fails does not end the others; a range is one target.
t 1 '*192.0.2.2 *' 'arpq sweep: 198.51.100.1-6: no interface*1 host found, 1 address *' \
    sweep 198.51.100.1-6 192.0.2.2
t 2 '*192.0.2.2 *' 'arpq sweep: 224.0.0.0/30: group*arpq sweep: 198.51.100.0/30: no int*1 host *' \
    sweep 224.0.0.0/30 198.51.100.0/30 192.0.2.2
t 2 '*192.0.2.2 *' 'arpq sweep: 192.0.2.09: not an*arpq sweep: 192.0.2.9-x: a range *1 host *' \
    sweep 192.0.2.09,192.0.2.2 192.0.2.9-x
j 1 'map(select(.prefix).prefix) == ["198.51.100.0/30"] and any(.[]; .dst == "192.0.2.2")' \
    sweep -j 198.51.100.0/30,192.0.2.2
# The key says whether the argument is an address or a prefix.
j 2 'map(select(.error)) | sort_by(.dst // .prefix)
    == [{"prefix": "192.0.2.9-x", "error": "EINVAL",
            "message": "a range ends with an IPv4 address, or with a number from 0 to 255"},
        {"dst": "198.51.100.1", "error": "ENETUNREACH",
            "message": "no interface of this machine reaches it directly; --dev names one"},
        {"prefix": "2001:db8::/120", "error": "EINVAL",
            "message": "is of the family that -4 excludes"},
        {"dst": "2001:db8::2", "error": "EINVAL", "message": "is of the family that -4 excludes"},
        {"dst": "bogus..x", "error": "EINVAL",
            "message": "not an IP address, nor the name of a host"}]' \
    sweep -j -4 bogus..x 198.51.100.1 192.0.2.9-x 2001:db8::2 2001:db8::/120 192.0.2.2
t 2 '' "arpq sweep: --source: 'bog@s': *" sweep 192.0.2.2 --source bog@s
t 2 '' "arpq sweep: --source: '2001:db8::1': not an IPv4 address" \
    sweep --source 2001:db8::1 192.0.2.0/29
t 2 '' 'arpq sweep: 2001:db8::/120: --source finds IPv4 hosts only*' \
    sweep --source 192.0.2.1 2001:db8::/120
t 2 '' 'arpq sweep: 2001:db8::/120: --no-source finds IPv4 hosts only*' \
    sweep --no-source 2001:db8::/120
ip addr del 192.0.2.11/24 dev v0

# --- A VLAN without an interface of its own ---

start sniff -j --pid "$peer" -i v1 --arp --timeout 30
saw '"vlan":5' "$tool" sweep --vlan 5 --timeout 0.1 --attempts 1 192.0.2.2
stop INT 0
holds 'map(select(.frame)) | length > 0
    and all(.[]; .vlan == 5 and .dst == "192.0.2.1" and .target == "192.0.2.2")'
t 1 '' '0 hosts found, 1 address asked for on v0 by ARP, 1 packet *' \
    sweep --vlan 5 --timeout 0.1 --attempts 1 192.0.2.2
t 1 '*192.0.2.1 *local*' '0 hosts found*' sweep 192.0.2.0/30 --vlan 4094 --timeout 0.1 --attempts 1
for id in 0 4095 x '' -1; do
    t 2 '' "arpq sweep: --vlan: '$id': not a number from 1 to 4094*" sweep --vlan "$id" 192.0.2.2
done
t 2 '' 'arpq sweep: --vlan and --no-raw exclude each other*' sweep --vlan 5 --no-raw 192.0.2.2
t 2 '' 'arpq sweep: 2001:db8::/124: --vlan finds IPv4 hosts only*' sweep --vlan 5 2001:db8::/124
plain 3 '' 'arpq sweep: 192.0.2.2: --vlan needs CAP_NET_RAW' sweep --vlan 5 192.0.2.2

# --- Options that exclude each other, and privileges ---

t 2 '' 'arpq sweep: --source and --no-source exclude each other*' \
    sweep --source 192.0.2.1 --no-source 192.0.2.2
t 2 '' 'arpq sweep: --source and --no-raw exclude each other*' \
    sweep --source 192.0.2.1 --no-raw 192.0.2.2
t 2 '' 'arpq sweep: --no-source and --no-raw exclude each other*' sweep --no-source --no-raw 192.0.2.2
plain 3 '' 'arpq sweep: 192.0.2.2: --source needs CAP_NET_RAW' sweep --source 192.0.2.1 192.0.2.2
plain 3 '' 'arpq sweep: 192.0.2.2: --no-source needs CAP_NET_RAW' sweep --no-source 192.0.2.2

# --- Routes inside the prefix ---

ip link add c0 type veth peer name c1 address 02:00:00:00:00:0c && ip link set c1 netns $peer
ip link set c0 up && there ip link set c1 up && there ip addr add 192.0.2.77/32 dev c1
ip route add 192.0.2.77 dev c0
t 0 '*192.0.2.77 *c0 *02:00:00:00:00:0c *' '1 host found, 16 addresses asked for on v0 by ARP, *' \
    sweep 192.0.2.64/28
t 0 '*192.0.2.77 *c0 *02:00:00:00:00:0c *' '1 host found, 16 addresses asked for on v0 by the k*' \
    sweep 192.0.2.64/28 --no-raw
t 0 '*192.0.2.77 *c0 *02:00:00:00:00:0c *' '1 host found, 1 address asked for on c0 by the k*' \
    sweep 192.0.2.77
t 0 "*192.0.2.77 *v0 *$m2 *" '1 host found, 16 addresses asked for on v0 *' sweep -i v0 192.0.2.64/28
ip route add default via 192.0.2.2
j 0 'any(.[]; .dst == "192.0.2.77" and .dev == "c0")' sweep -j
j 0 'any(.[]; .dst == "192.0.2.77" and .dev == "v0")' sweep -j -i v0
ip route del default
ip route replace blackhole 192.0.2.77
t 1 '' '0 hosts found, 15 addresses asked for on v0 *' sweep 192.0.2.64/28
t 1 '' 'arpq sweep: 192.0.2.77: no interface*' sweep 192.0.2.77
ip route del blackhole 192.0.2.77
ip -6 route add 2001:db8::c dev c0 && there ip addr add 2001:db8::c/128 dev c1 nodad
there ip -6 addr add fe80::c/64 dev c1 nodad
await_ready there
there ip -6 route add 2001:db8::1 dev c1 metric 1
t 0 '*2001:db8::c *c0 *' '2 hosts found besides*' sweep 2001:db8::/124
ip link del c0

# --- A port of a bridge ---

ip link add br0 type bridge && ip link add p0 type veth peer name p1 && ip link set p0 master br0
ip link set br0 up && ip link set p0 up && ip link set p1 up
t 3 '' 'arpq sweep: 192.0.2.0/29: p0 is a port of br0, *' sweep -i p0 192.0.2.0/29

finish
