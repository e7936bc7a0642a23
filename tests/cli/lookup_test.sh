#!/bin/sh
# SPDX-License-Identifier: MIT
# arpq lookup

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

reading_network

t 0 "$m9" '' 192.0.2.9
t 0 "$m9" '' lookup 192.0.2.9
t 0 "$m9" '' -- 192.0.2.9
t 0 "192.0.2.9 $m9${nl}192.0.2.8 $m8" '' 192.0.2.9 192.0.2.8
t 0 "192.0.2.9 $m9${nl}192.0.2.9 $m9" '' 192.0.2.9 192.0.2.9
t 0 02:00:00:00:06:09 '' 2001:db8::9
t 0 02:00:00:00:06:fe '' fe80::9%v0
t 0 02:00:00:00:06:fe '' -i v0 fe80::9
t 0 02:00:00:00:02:09 '' 203.0.113.9
t 0 "$m9" '' ::ffff:192.0.2.9
t 0 02:00:00:00:00:01 '' 192.0.2.1
t 0 01:00:5e:00:00:fb '' -i v0 224.0.0.251
t 0 ff:ff:ff:ff:ff:ff '' 192.0.2.255
t 0 "$m9" '' --dev v0 192.0.2.9
t 0 "$m9" '' --dev=v0 192.0.2.9
t 0 "$m9" '' 192.0.2.9 -i v0
t 0 02:00:00:00:01:09 '' -i v0:1 198.51.100.9
t 0 "$m9" '' -g 100.64.0.1

t 1 '' 'arpq: *192.0.2.99*: *?*' 192.0.2.99
make_failed
t 1 '' 'arpq: *192.0.2.7*: *?*' 192.0.2.7
t 1 '' 'arpq: *192.0.2.4*: *?*' 192.0.2.4
make_incomplete
t 1 '' 'arpq: *192.0.2.6*: *?*' 192.0.2.6
t 1 '' 'arpq: *192.88.99.1*: *?*' 192.88.99.1
t 1 '' 'arpq: *100.64.0.1*: *?*' 100.64.0.1
t 1 "192.0.2.9 $m9" 'arpq: *192.0.2.99*: *?*' 192.0.2.99 192.0.2.9

t 2 '' 'arpq: *bog@s*: *not an IP address*' bog@s
t 2 '' 'arpq: *-x*: *not an IP address*' -- -x
t 2 '' 'arpq: **: *not an IP address*' ''
t 2 '' 'arpq: *192.0.2.09*: *not an IP address*' 192.0.2.09
t 2 '' 'arpq: *a\\x1bb*: *not an IP address*' "$(printf 'a\033b')"
t 2 "192.0.2.9 $m9${nl}192.0.2.8 $m8" 'arpq: *bog@s*: *not an IP address*' 192.0.2.9 bog@s 192.0.2.8
t 2 '' 'arpq: bog@s:*arpq: 192.0.2.99: *' bog@s 192.0.2.99
t 2 '' 'arpq: fe80::9%v0: *different interfaces*' -i v1 fe80::9%v0
t 2 '' 'arpq: fe80::9: *link-local*--dev*' fe80::9
t 2 '' '*interface name is empty' -i '' 192.0.2.9

t 3 '' 'arpq: *nope*: *no interface of this name*' -i nope 192.0.2.9
t 3 '' 'arpq: *nope*: *no interface of this name*' -i nope 192.0.2.9 192.0.2.8
t 3 '' "arpq: *$long*: *no interface of this name*" --dev "$long" 192.0.2.9
t 3 '' 'arpq: fe80::9%nope: no interface*' fe80::9%nope
t 3 '' "arpq: fe80::9%$long: *longer than 15*" "fe80::9%$long"
t 3 "192.0.2.9 $m9" 'arpq: *nope: no interface*' bog@s fe80::9%nope 192.0.2.9

j 0 '.[0].dst == "192.0.2.9" and .[0].dev == "v0" and .[0].lladdr == "'$m9'"
     and .[0].state == ["PERMANENT"]' --json 192.0.2.9
j 0 'map(.dst) == ["192.0.2.9", "192.0.2.8"]' -j 192.0.2.9 192.0.2.8
j 0 '.[0].dst == "fe80::9" and .[0].dev == "v0"' -j fe80::9%v0
j 0 '.[0].dst == "192.0.2.9" and .[0].asked == "::ffff:192.0.2.9"' -j ::ffff:192.0.2.9
j 0 '.[0].dst == "192.0.2.9" and .[0].asked == "100.64.0.1" and (.[0] | has("gateway"))' \
    -gj 100.64.0.1
j 0 '.[0].dev == "w\u0001\\xff\\"' -j 203.0.113.9
j 1 '.[0].dst == "192.0.2.99" and .[0].error == "ENOENT" and (.[0].message | length > 0)' \
    -j 192.0.2.99
make_failed
j 1 '.[0].error == "EHOSTUNREACH"' -j 192.0.2.7
j 1 '.[0].error == "ENETUNREACH"' -j 192.88.99.1
make_incomplete
j 1 '.[0].error == "EAGAIN" or .[0].error == "EHOSTUNREACH"' -j 192.0.2.6
j 1 'map(.dst) == ["192.0.2.99", "192.0.2.9"]' -j 192.0.2.99 192.0.2.9
j 2 '.[0].dst == "bog@s" and .[0].error == "EINVAL" and .[1].lladdr == "'$m9'"' \
    -j bog@s 192.0.2.9
j 2 '.[0].dst == "a\u001b\"\\\\xff"' -j "$(printf 'a\033"\134\377')"
j 3 '.[0].dst == "fe80::9%nope" and .[0].error == "ENODEV"' -j fe80::9%nope
t 3 '' 'arpq: *nope*: *no interface of this name*' -j -i nope 192.0.2.9

for ip in 192.0.2.9 192.0.2.8 192.0.2.3 2001:db8::9; do
    same "lookup --json" . "-j neigh show to $ip nud all" -j "$ip"
    same "lookup --json, keys in order" keys_unsorted "-j neigh show to $ip nud all" -j "$ip"
done

# --- Other forms of an address ---

t 0 "$m9" '' 0xc0000209
t 0 "$m9" '' 3221225993
t 0 '00:00:00:00:00:00' '' 0x7F000001
t 2 '' 'arpq: 5: not an IP address' 5
if knows_localhost; then t 0 '00:00:00:00:00:00' '' -4 localhost; fi
t 2 '' 'arpq: 2001:db8::9: not an IPv4 address, which -4 asks for' -4 2001:db8::9
t 2 '' 'arpq: 192.0.2.0/24: *a prefix*' 192.0.2.0/24
t 2 '' 'arpq: 02:00:00:00:00:09: *a MAC address; *arpq show --mac*' 02:00:00:00:00:09
t 2 '' 'arpq: \[fe80::1\]: *without brackets*' '[fe80::1]'
t 0 "$m9" '' lookup 192.0.2.9 dev v0
t 1 '' "arpq: 192.0.2.99: no entry yet; 'arpq resolve 192.0.2.99' asks for it*" 192.0.2.99
t 1 '' "arpq: 2001:db8::99: no entry yet; 'arpq resolve 2001:db8::99' asks for it" 2001:db8::99
t 1 '' "arpq: 192.0.2.99: no entry yet; 'arpq resolve -i v0 192.0.2.99' asks*" -i v0 192.0.2.99
t 1 '' 'arpq: 100.64.0.1: no interface of this machine reaches it directly; --gateway *' 100.64.0.1

# --- Names made of digits, and with characters that JSON escapes ---

# shellcheck disable=SC1003 # a backslash in quotes
quoted='o"q\z'
ip link add 4114 type veth peer name peer1 && ip link set 4114 up
ip neigh add fe80::7 lladdr 02:00:00:00:00:07 dev 4114 nud permanent
ip link add "$quoted" type veth peer name peer2 && ip link set "$quoted" up
ip neigh add fe80::7 lladdr 02:00:00:00:00:17 dev "$quoted" nud permanent
t 0 02:00:00:00:00:07 '' -i 4114 fe80::7
t 0 02:00:00:00:00:07 '' fe80::7%4114
ip link property add dev 4114 altname the-digits
t 0 02:00:00:00:00:07 '' fe80::7%the-digits
run get -j -i "$quoted" fe80::7
if [ "$(jq -r .dev "$dir/out")" = "$quoted" ]; then pass; else fail 'JSON: another name'; fi

t 2 '' 'arpq lookup: 0.0.0.0: the unspecified address, which no host has' lookup 0.0.0.0
t 2 '' 'arpq lookup: ::: the unspecified address, which no host has' lookup ::

# A name server that does not answer is no wrong usage; whether one is asked depends on the machine.
for command in lookup 'sweep -j' set; do
    run $command no.such.host.invalid $m9
    case $(cat "$dir/out" "$dir/err") in
    *'no name server answers'*) want=3 ;;
    *) want=2 ;;
    esac
    if [ "$status" = $want ]; then pass; else fail "arpq $command with a name: exit status $status"; fi
done

finish
