#!/bin/sh
# SPDX-License-Identifier: MIT
# arpq ping

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

network_with_neighbour

echo '0 2147483647' >/proc/sys/net/ipv4/ping_group_range 2>/dev/null
pong="64 bytes from 192.0.2.2: seq=1 ttl=64 time=*.* ms"
t 0 "$pong${nl}*seq=2 *${nl}2 sent, 2 received, 0.0% lost, min/avg/max */*/* ms" '' \
    ping 192.0.2.2 --count 2 --interval 0.05
t 0 '8 bytes from 2001:db8::2: *1 sent, 1 received*' '' ping 2001:db8::2 --count 1 --size 0
t 0 '64 bytes from fe80::2%v0: *1 sent, 1 received*' '' ping fe80::2%v0 --count 1
t 0 '64 bytes from fe80::2*: *1 sent, 1 received*' '' ping fe80::2 -i v0 --count 1
t 0 '65008 bytes from 127.0.0.1: *' '' ping 127.0.0.1 --count 1 --size 65000
j 0 '.[0] | .dst == "192.0.2.2" and .from == "192.0.2.2" and .seq == 1 and .ttl == 64
    and .bytes == 64 and .rtt_ms > 0' ping -j 192.0.2.2 --count 3 --interval 0.01
holds '.[-1].statistics | .sent == 3 and .received == 3 and .errors == 0 and .loss_percent == 0
    and .min_ms <= .avg_ms and .avg_ms <= .max_ms'
t 0 "$pong*1 sent*" '' ping 192.0.2.2 --count 1 --ttl 9 --timeout 2
t 1 "seq=1 no answer${nl}1 sent, 0 received, 100.0% lost" '' ping 192.0.2.92 --count 1 --timeout 0.2
j 1 '.[0].error == "ETIMEDOUT" and .[0].message == "no answer" and .[-1].statistics.loss_percent == 100' \
    ping -j 192.0.2.93 --count 1 --timeout 0.2
t 1 'from 192.0.2.2: seq=1 Time Exceeded*1 error*' '' ping 203.0.113.9 --count 1 --ttl 1
there ip route add unreachable 203.0.113.128/25
sleep 1 # the neighbour's kernel sends one a second
j 1 '.[0] | .from == "192.0.2.2" and .error == "EHOSTUNREACH" and (.message | length > 0) and .type == 3
    and .type_name == "Destination Unreachable" and .code_name != ""' \
    ping -j 203.0.113.129 --count 1
t 1 '' 'arpq ping: *198.51.100.1*: *there is no route to it*' ping 198.51.100.1
t 2 '' 'arpq ping: *192.0.2.255*: *not an address to ping*' ping 192.0.2.255
t 2 '' 'arpq ping: *bog@s*: *not an IP address*' ping bog@s
t 2 '' 'arpq ping: *65001*: *not a number*' ping 192.0.2.2 --size 65001
t 2 '' 'arpq ping: *0*: *not a number*' ping 192.0.2.2 --ttl 0
t 2 '' 'arpq ping: *256*: *not a number*' ping 192.0.2.2 --ttl 256
t 2 '' 'arpq ping: *x*: *not a number of seconds*' ping 192.0.2.2 --interval x
t 2 '' 'arpq ping: --timeout: at most *' ping 192.0.2.2 --timeout 99999999
t 3 '' 'arpq ping: *nope*: *no interface of this name*' ping 192.0.2.2 -i nope
start ping 192.0.2.2
await 'seq=1 ' || fail 'arpq ping: no answer'
stop INT 0
if matches "$dir/out" '64 bytes*sent, *received, 0.0% lost*'; then
    pass
else
    fail 'arpq ping, ended by SIGINT: no statistics'
fi
# A signal does not wait for an answer.
there ip route add blackhole 203.0.113.64/26
start ping 203.0.113.65 --timeout 30
sleep 0.3
stop TERM 1
unwritable ping 192.0.2.2 --count 1
unread ping 192.0.2.2
unread ping 192.0.2.2 192.0.2.200 --count 3 --quiet
"$tool" ping 192.0.2.2 --interval 0.01 2>"$dir/err" | head -1 >"$dir/out"
if [ "$(wc -l <"$dir/out")" = 1 ] && [ ! -s "$dir/err" ]; then pass; else fail 'arpq ping | head'; fi
if echo '1 0' >/proc/sys/net/ipv4/ping_group_range 2>/dev/null; then
    plain 3 '' 'arpq ping: 192.0.2.2: no ICMP socket is allowed*' ping 192.0.2.2 --count 1
    echo '0 2147483647' >/proc/sys/net/ipv4/ping_group_range
    plain 0 "$pong*" '' ping 192.0.2.2 --count 1
fi

# --- As ping(8) and fping(8) are used ---

t 0 '*from 192.0.2.2: *192.0.2.2: 1 sent, 1 received*192.0.2.200: 1 sent, 1 received*' '' \
    ping -c 1 192.0.2.2 192.0.2.200
t 1 '*192.0.2.94: seq=1 no answer*' '' ping -c 1 -W 0.2 192.0.2.2 192.0.2.94
j 0 'map(select(.statistics).statistics.dst) == ["192.0.2.2", "192.0.2.200"]' \
    ping -j -c 2 -i 0.01 192.0.2.2 192.0.2.200
t 0 '*108 bytes*1 sent*' '' ping -4 -n -c1 -s 100 -t 9 -I v0 192.0.2.2
t 0 '*2 sent, 2 received*' '' ping -c 2 -i 0.01 192.0.2.2
t 0 '2 sent, 2 received*' '' ping -q -c 2 -i 0.01 192.0.2.2
t 0 '*1 sent*' '' ping -c 1 -i v0 192.0.2.2
if knows_localhost; then t 0 '*from 127.0.0.1: *' '' ping -4 -c 1 localhost; fi
t 2 "64 bytes from 192.0.2.2: *" 'arpq ping: 192.0.2.09: not an IP address' \
    ping -c 1 192.0.2.09 192.0.2.2
t 3 '' "arpq ping: x: -i takes an interface or the seconds*" ping -c 1 -i x 192.0.2.2
start ping -c 100 192.0.2.2
await 'seq=1 ' || fail 'arpq ping: no answer'
stop INT 130
if matches "$dir/out" '*sent, *received*'; then pass; else fail 'arpq ping: no statistics'; fi

# The end after a time counts requests without an answer.
t 0 '*sent, *received, 0.0% lost*' '' ping -w 0.3 -i 0.1 192.0.2.2
t 1 '*1 sent, 0 received*' '' ping -w 0.2 203.0.113.65
t 1 '*received*' '' ping -c 100 --deadline 0.2 192.0.2.2
t 2 '' "arpq ping: -w: 'x': not a number of seconds*" ping -w x 192.0.2.2

# --- The source address ---

ip addr add 192.0.2.11/24 dev v0
there ip route add blackhole 192.0.2.11/32 # the neighbour answers any other address
t 0 '*1 received*' '' ping -c 1 --source 192.0.2.1 192.0.2.2
t 1 '*0 received*' '' ping -c 1 -W 0.2 --source 192.0.2.11 192.0.2.2
t 1 '*0 received*' '' ping -c 1 -W 0.2 -I 192.0.2.11 192.0.2.2
t 0 '*1 received*' '' ping -c 1 --source 2001:db8::1 2001:db8::2
t 2 '' 'arpq ping: 192.0.2.2: this machine does not have the address of --source' \
    ping -c 1 --source 192.0.2.222 192.0.2.2
t 2 '' "arpq ping: 192.0.2.2: --source '2001:db8::1': not an IPv4 address" \
    ping -c 1 -I 2001:db8::1 192.0.2.2
j 2 '.[0].dst == "2001:db8::2" and .[0].error == "EINVAL" and
    .[0].message == "--source '"'192.0.2.1'"': not an IPv6 address"' \
    ping -j -c 1 --source 192.0.2.1 2001:db8::2
ip addr del 192.0.2.11/24 dev v0

# --- A port of a bridge ---

ip link add br0 type bridge && ip link add p0 type veth peer name p1 && ip link set p0 master br0
ip link set br0 up && ip link set p0 up && ip link set p1 up
t 3 '' 'arpq ping: 192.0.2.2: the interface is a port of a bridge or bond*' ping -c 1 -I p0 192.0.2.2

t 2 '' 'arpq ping: 0.0.0.0: the unspecified address, which no host has' ping 0.0.0.0
t 2 '' 'arpq ping: ::: the unspecified address, which no host has' ping ::

t 2 '' "arpq ping: -w: '0': not a number of seconds above 0" ping -w 0 192.0.2.2

finish
