#!/bin/sh
# SPDX-License-Identifier: MIT
# tcpdump.sh SAMPLES... - what tcpdump makes of the packets that the command SAMPLES writes: the
# right addresses and no complaint.
set -eu
PATH=$PATH:/usr/sbin
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

if ! command -v tcpdump >/dev/null; then
    echo "tcpdump.sh: NOT RUN: tcpdump is not installed" >&2
    [ "${ARPQ_ALLOW_SKIP:-0}" = 1 ] || exit 1
    exit 77
fi

# show COMMAND... - what tcpdump prints of its output, a line for each packet
show() {
    "$@" >"$tmp/pcap"
    tcpdump -r - -nn -e -t -vv <"$tmp/pcap" 2>"$tmp/err" |
        awk '/^[^ \t]/ && NR > 1 { print "" } { printf "%s ", $0 } END { print "" }'
}

status=0
complain() {
    echo "FAIL: $1"
    status=1
}

me=02:00:5e:00:53:01
cat >"$tmp/expected" <<END
^$me > ff:ff:ff:ff:ff:ff, .*length 60: .*Request who-has 192\.0\.2\.2 tell 192\.0\.2\.1, length 46
^$me > 02:00:5e:00:53:02, .*length 60: .*Reply 192\.0\.2\.1 is-at $me, length 46
^$me > ff:ff:ff:ff:ff:ff, .*length 60: .*Request who-has 192\.0\.2\.2 tell 0\.0\.0\.0, length 46
^$me > ff:ff:ff:ff:ff:ff, .*length 60: .*(Announcement|Request who-has) 192\.0\.2\.1
^$me > ff:ff:ff:ff:ff:ff, .*length 60: .*Reply 192\.0\.2\.1 is-at $me, length 46
802\.1Q.*length 64: vlan 123, p 5,.*ARP.*Request who-has 192\.0\.2\.2 tell 192\.0\.2\.1, length 46
192\.0\.2\.1 > 198\.51\.100\.2: ICMP echo request, id 4660, seq 7, length 23
203\.0\.113\.3 > 192\.0\.2\.1: ICMP 198\.51\.100\.2 udp port 9 unreachable, length 36.*192\.0\.2\.1\.1234 > 198\.51\.100\.2\.9:
203\.0\.113\.3 > 192\.0\.2\.1: ICMP time exceeded in-transit, length 36.*192\.0\.2\.1\.1234 > 198\.51\.100\.2\.9:
203\.0\.113\.3 > 192\.0\.2\.1: ICMP 198\.51\.100\.2 unreachable - need to frag \(mtu 1280\), length 36
2001:db8::1 > 2001:db8::2: .*sum ok.*ICMP6, echo request, id 4660, seq 7
2001:db8::3 > 2001:db8::1: .*sum ok.*ICMP6, destination unreachable, unreachable port, 2001:db8::2 udp port 9
2001:db8::3 > 2001:db8::1: .*sum ok.*ICMP6, time exceeded in-transit for 2001:db8::2
2001:db8::3 > 2001:db8::1: .*sum ok.*ICMP6, packet too big, mtu 1280
END

show "$@" >"$tmp/got"
n=0
while read -r pattern; do
    n=$((n + 1))
    sed -n "${n}p" "$tmp/got" | grep -qE -e "$pattern" || complain "packet $n is not $pattern"
done <"$tmp/expected"
[ "$(wc -l <"$tmp/got")" -eq "$n" ] || complain "not $n packets"
! grep -iE 'bad|wrong|invalid|trunc|\[\|' "$tmp/got" || complain "tcpdump complains (above)"

# It does complain where there is reason to.
show "$@" damaged >"$tmp/damaged"
[ "$(grep -cE '(wrong|bad) icmp6? cksum' "$tmp/damaged")" -eq 8 ] ||
    complain "tcpdump does not notice wrong checksums"

[ $status -eq 0 ] || cat "$tmp/got" "$tmp/err"
exit $status
