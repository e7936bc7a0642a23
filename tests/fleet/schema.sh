#!/bin/sh
# SPDX-License-Identifier: MIT
# schema.sh TOOL - the JSON Schemas against what the tool prints (schema.py).
# Exit status: 77 if Python has no module jsonschema (Debian: python3-jsonschema).

python=
for one in python3 /usr/bin/python3; do
    if [ -z "$python" ] && "$one" -c 'import jsonschema' 2>/dev/null; then python=$one; fi
done
[ -n "$python" ] || { echo "NOT RUN: Python has no module jsonschema" >&2; exit 77; }

# shellcheck source-path=SCRIPTDIR source=../cli/lib.sh
. "$(dirname "$0")/../cli/lib.sh"

source=$(cd "$(dirname "$0")/../.." && pwd)
lines=$dir/lines
mkdir "$lines" "$dir/ieee" "$dir/schema"

# The files are what the script writes.
"$python" "$source/scripts/json-schema" "$dir/schema"
if diff -r "$source/tools/arpq/schema" "$dir/schema" >"$dir/out" 2>"$dir/err"; then
    pass
else
    fail 'tools/arpq/schema is not what scripts/json-schema writes'
fi

# said COMMAND ARG...: add what the tool prints to the lines of the command.
said() {
    command=$1
    shift
    timeout 20 "$tool" "$command" -j "$@" >>"$lines/$command" 2>"$dir/err" </dev/null
}

peer=
network_with_neighbour
echo 'Registry,Assignment,Organization Name,Organization Address' |
    tee "$dir/ieee/mam.csv" "$dir/ieee/oui36.csv" >"$dir/ieee/oui.csv"
echo 'MA-L,00005E,"ICANN, IANA Department",nowhere' >>"$dir/ieee/oui.csv"
export ARPQ_IEEE_DATA="$dir/ieee"
echo '0 2147483647' >/proc/sys/net/ipv4/ping_group_range 2>/dev/null

# --- The table ---

ip neigh add 192.0.2.9 lladdr 00:00:5e:00:53:09 dev v0 nud permanent
ip neigh add 192.0.2.8 lladdr $m8 dev v0 nud stale router protocol static
ip neigh add 192.0.2.3 lladdr 02:00:00:00:00:03 dev v0 nud noarp extern_learn
ip neigh add 192.0.2.4 dev v0 nud none
ip neigh add 2001:db8::9 lladdr 02:00:00:00:06:09 dev v0 nud permanent
ip neigh add proxy 192.0.2.77 dev v0
said show
said show --host --vendor
said show --proxy
said show 192.0.2.99
said lookup --host --vendor 192.0.2.9 192.0.2.8 192.0.2.1 224.0.0.1 ::ffff:192.0.2.9 nonsense 203.0.113.5
said lookup -g 203.0.113.5
said get --vendor 192.0.2.9 192.0.2.8 192.0.2.3 192.0.2.1 2001:db8::9 fe80::7
said resolve --timeout 0.2 192.0.2.2 2001:db8::2 192.0.2.1 198.18.0.1
said set 192.0.2.30 $m9
said set ::ffff:192.0.2.31 $m9 --state stale
said set 192.0.2.32 nonsense
said set 224.0.0.1 $m9
said set --proxy 192.0.2.78 -i v0
said del 192.0.2.30 192.0.2.99
said flush 192.0.2.31
said flush 192.0.2.31
said stats
said stats --host -4

# --- The network ---

said sweep --attempts 1 --timeout 0.1 192.0.2.0/29
said sweep --attempts 1 --timeout 0.1 --vendor --names 192.0.2.0/30,192.0.2.200
said sweep --no-raw --timeout 0.5 192.0.2.2
said sweep 198.18.0.0/30 bogus..x 8.8.8.8
said ping -c 2 --interval 0.1 192.0.2.2
said ping -c 1 --timeout 0.2 192.0.2.3 2001:db8::2 198.18.0.1 nonsense
said ping -c 1 -t 1 203.0.113.77
ip link add x0 type veth peer name x1
ip link set x0 up
ip link set v0 alias "the first" && ip link property add dev v0 altname $long
said if
said if --stats --host
said if nosuch
said gateway
ip route add default via 192.0.2.2 metric 7
ip -6 route add default via fe80::2 dev v0
said gateway --vendor
said gateway --resolve --all
said addr
said addr add 192.0.2.50/24 brd + dev v0 label v0:x valid_lft 3600 preferred_lft 600
said addr add 192.0.2.50/24 dev v0
said addr add 2001:db8::50/64 dev v0 nodad
said addr flush dev v0 to 2001:db8::50/128
said addr show nosuch

# --- Events ---

start watch -j --host --vendor --existing --interfaces --addresses --timeout 20
await synced
ip neigh replace 192.0.2.20 lladdr 02:00:00:00:00:20 dev v0 nud stale
ip neigh replace 192.0.2.20 lladdr 02:00:00:00:00:21 dev v0 nud stale
ip neigh replace 192.0.2.20 lladdr 02:00:00:00:00:20 dev v0 nud stale
ip neigh change 192.0.2.20 dev v0 nud delay
ip neigh del 192.0.2.20 dev v0
ip link set x0 down
ip link del x0
ip addr add 192.0.2.60/24 dev v0
ip addr change 192.0.2.60/24 dev v0 valid_lft 90 preferred_lft 60
ip addr del 192.0.2.60/24 dev v0
await '192.0.2.60.*address_removed\|address_removed.*192.0.2.60' || fail 'no address_removed'
stop TERM 0
cp "$dir/out" "$lines/watch"
start sniff -j --host --vendor --outgoing -i v0
await_loop "$running"
ip neigh flush dev v0 nud reachable
"$tool" resolve --revalidate 192.0.2.2 2001:db8::2 >/dev/null 2>&1
await '"arp"' || fail 'no ARP frame'
await neighbour_advertisement || fail 'no neighbour advertisement'
stop TERM 0
cp "$dir/out" "$lines/sniff"

"$python" "$(dirname "$0")/schema.py" "$source" "$lines" >"$dir/out" 2>"$dir/err"
status=$?
cat "$dir/out"
if [ $status = 0 ] && grep -q '^15 schemas, 0 failures' "$dir/out"; then pass; else fail 'schema.py'; fi
finish
