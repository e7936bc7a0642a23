#!/bin/sh
# SPDX-License-Identifier: MIT
# arpq gateway

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

network_with_neighbour

# --- Nothing ---

t 1 '' 'arpq gateway: no default route; --all searches all tables' gateway
t 1 '' 'arpq gateway: no default route' gateway --all
t 1 '' 'arpq gateway: no default route; --all searches all tables' gateway -j
t 2 '' 'arpq gateway: *eth9*' gateway eth9
t 3 '' 'arpq gateway: eth9: *' gateway dev eth9
t 2 '' '*exclude each other*' gateway -4 -6
t 0 '*default gateways*--all*--resolve*' '' gateway --help

# --- Routes ---

ip neigh add 192.0.2.9 lladdr $m9 dev v0
ip route add default via 192.0.2.9 metric 100 proto dhcp src 192.0.2.1
t 0 "192.0.2.9 dev v0 metric 100 lladdr $m9 PERMANENT proto dhcp src 192.0.2.1 chosen" '' gateway
ip route add default via 10.9.0.2 dev "$odd" metric 50
t 0 "10.9.0.2 dev w*metric 50 chosen${nl}192.0.2.9 dev v0 metric 100 *" '' gateway
t 0 "192.0.2.9 dev v0 metric 100 lladdr $m9 PERMANENT proto dhcp src 192.0.2.1" '' gateway dev v0
t 0 '10.9.0.2 dev w*chosen' '' gateway -i "$odd"
t 1 '' '*no default route*' gateway -6
t 1 '' 'arpq gateway: no default route by lo; --all searches all tables' gateway dev lo
j 0 'map(.gateway) == ["10.9.0.2", "192.0.2.9"]
    and .[1] == {"dst": "default", "family": "inet", "gateway": "192.0.2.9", "dev": "v0",
        "metric": 100, "lladdr": "02:00:00:00:00:09", "state": ["PERMANENT"], "protocol": "dhcp",
        "prefsrc": "192.0.2.1", "table": "main", "weight": 1, "flags": []}
    and (.[0] | .chosen and (has("lladdr") or has("state") | not))' gateway -j
ip route del default metric 50

# same_routes ARG...: the tool lists the routes that ip does.
same_routes() {
    filter='{gateway, dev, metric, protocol: (.protocol // "boot"), prefsrc, flags: (.flags // [])}'
    run gateway -j "$@"
    ip -j -4 route show default | jq -Sc ".[] | $filter" >"$dir/ip" 2>>"$dir/err"
    jq -Sc "$filter" "$dir/out" >"$dir/ours" 2>>"$dir/err"
    if [ -s "$dir/ip" ] && cmp -s "$dir/ip" "$dir/ours"; then
        pass
    else
        fail "ip -j route show default says $(cat "$dir/ip")"
    fi
}

# chosen FAMILY DESTINATION: the chosen gateway is the one to which ip says packets go.
chosen() {
    run gateway -j "-$1"
    want=$(ip -j "-$1" route get "$2" | jq -c '.[0] | [.gateway, .dev]')
    have=$(jq -c 'select(.chosen) | [.gateway, .dev]' "$dir/out")
    if [ -n "$want" ] && [ "$want" = "$have" ]; then
        pass
    else
        fail "ip route get $2 says $want, not $have"
    fi
}

ip route add default via 203.0.113.77 dev v0 onlink metric 200
ip route add default via 192.0.2.3 metric 300
ip route add default dev w1 metric 400
same_routes -4
chosen 4 8.8.8.8
ip -6 route add default via fe80::9 dev v0 metric 30
ip -6 route add default via 2001:db8::2 metric 40 pref high
chosen 6 2001:4860:4860::8888
ip route add default via 192.0.2.4 table 77
ip rule add pref 100 to 8.0.0.0/7 table 77
chosen 4 8.8.8.8
t 0 '192.0.2.4 dev v0 table 77 chosen*' '' gateway -4
ip rule del pref 100
t 0 '*192.0.2.4 dev v0 table 77' '' gateway -4 --all
t 0 '*- dev w1 metric 400' '' gateway -4
t 0 'fe80::9 dev v0 metric 30 chosen*2001:db8::2 dev v0 metric 40 pref high' \
    '' gateway -6
j 0 '.[1] | .pref == "high" and .family == "inet6"' gateway -6 -j
ip -4 route add default via inet6 fe80::9 dev v0 metric 500
t 0 '*fe80::9 dev v0 metric 500 family inet' '' gateway -4
ip route flush default
ip -6 route flush default

ip route add default nexthop via 192.0.2.9 weight 2 nexthop via 192.0.2.2
t 0 "192.0.2.9 dev v0 lladdr $m9 PERMANENT weight 2 chosen${nl}192.0.2.2 dev v0*chosen" \
    '' gateway
j 0 'map(.weight) == [2, 1] and all(.[]; .chosen)' gateway -j
ip route flush default

# --- Resolving ---

ip neigh flush dev v0
ip route add default via 192.0.2.2
t 0 '192.0.2.2 dev v0 chosen' '' gateway
t 0 "192.0.2.2 dev v0 lladdr $m2 REACHABLE chosen" '' gateway --resolve
entry "*lladdr $m2 *" 192.0.2.2
j 0 ".[0].lladdr == \"$m2\"" gateway -j --resolve
ip -6 route add default via fe80::2 dev v0
t 0 "*fe80::2 dev v0 metric 1024 lladdr $m2 *" '' gateway --resolve
ip route add default via 192.0.2.5 metric 9
t 1 "192.0.2.2 *lladdr $m2 *192.0.2.5 dev v0 metric 9 FAILED" '' gateway --resolve -4
j 1 '.[1] | .state == ["FAILED"] and (has("lladdr") | not)' gateway -j --resolve -4
ip route flush default
ip -6 route flush default
ip route add default dev v0
t 0 '- dev v0 chosen' '' gateway --resolve

# --- Without privilege, other words, output ---

ip route replace default via 192.0.2.2
plain 0 "192.0.2.2 dev v0 lladdr $m2 *chosen" '' gateway
plain 0 "192.0.2.2 dev v0 lladdr $m2 *chosen" '' gateway --resolve
t 2 '' "*did you mean 'arpq gateway'?*" route
t 2 '' "*did you mean 'arpq gateway'?*" gw
t 2 '' "*--resolve: an option of other commands: gateway*" show --resolve
unwritable gateway
unread gateway
unread gateway --resolve

finish
