#!/bin/sh
# SPDX-License-Identifier: MIT
# arpq show, stats, --vendor and --names

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

reading_network

t 0 "IP  * DEV  * MAC * STATE * FLAGS * PROTO${nl}*" '' show
t 0 "*${nl}192.0.2.8  * v0  *$m8  STALE  * router  *static${nl}*" '' show
t 0 "IP *${nl}192.0.2.9  v0   $m9  PERMANENT  -      -" '' show --prefix 192.0.2.9
t 0 "*${nl}203.0.113.9 * w\\\\x01\\\\xff\\\\x5c  *" '' show
make_failed
t 0 "*${nl}192.0.2.7 * v0 * -  * FAILED *" '' show
t 0 "*${nl}192.0.2.4 * v0 * -  * NONE *" '' show
same_list 'show --json' '-j neigh show nud all' show -j
same_list 'show -4' '-4 -j neigh show nud all' show -j -4
same_list 'show -6' '-6 -j neigh show nud all' show -j --ipv6
same_list 'show -i' '-j neigh show dev v0 nud all' show -j -i v0
same_list 'show -i, label' '-j neigh show dev v0 nud all' show -j -i v0:1
same_list 'show --master' '-j neigh show master br0 nud all' show -j --master br0
# ip lists what is learned externally whatever the state: it is no model for this one.
j 0 'map(.dst) == ["192.0.2.8"]' show -j --state stale
same_list 'show --state, two' '-j neigh show nud stale nud noarp' \
    show -j --state STALE --state NoArp
same_list 'show --state all' '-j neigh show nud all' show -j --state all
same_list 'show --prefix' '-j neigh show to 192.0.2.0/29 nud all' show -j --prefix 192.0.2.0/29
same_list 'show --prefix, IPv6' '-j neigh show to 2001:db8::/32 nud all' \
    show -j --prefix 2001:db8:1::/32
same_list 'show --prefix, all of IPv4' '-4 -j neigh show nud all' show -j --prefix 0.0.0.0/0
j 0 'map(.dst) == ["fe80::9"]' show -j --prefix fe80::%v0/10
j 0 'map(.dst) == ["192.0.2.8"]' show -j --proto static
j 0 'map(.dst) == ["192.0.2.8"]' show -j --proto 4 --router
j 0 'map(.dst) == ["192.0.2.3"]' show -j --extern-learn
t 1 '' "arpq show: no entry matches; 'arpq show' prints the whole table" show --managed
j 0 'map(.dst) == ["192.0.2.9"]' show -j --mac "$m9"
j 0 'map(.dst) == ["192.0.2.9"]' show -j --mac 0200.0000.0009 -i v0 -4
j 0 'any(.[]; .dst == "192.0.2.4") and all(.[]; has("state") | not)' show -j --state none
j 0 'map(.dst) == ["192.0.2.77"] and (.[0] | has("proxy"))' show -j --proxy
j 0 'map(.dst) == ["192.0.2.77"]' show -j --proxy --state all
t 0 'IP *192.0.2.77  v0  *-  *-  *proxy  *' '' show --proxy
run show -i v0 -4
if tail -n +2 "$dir/out" | cut -d' ' -f1 >"$dir/ours" &&
    sort -t. -k1,1n -k2,2n -k3,3n -k4,4n "$dir/ours" | cmp -s - "$dir/ours"; then
    pass
else
    fail 'show: not sorted by address'
fi
if grep -q ' $' "$dir/out"; then fail 'show: spaces at the end of a line'; else pass; fi

t 1 '' 'arpq show: no entry matches; *' show --prefix 192.88.99.0/24
t 1 '' 'arpq show: no entry matches; *' show -j --mac 02:00:00:00:99:99
t 1 '' 'arpq show: no entry matches; *' show -i v1 --state permanent
t 1 '' "arpq show: 192.0.2.99: no entry yet; 'arpq resolve 192.0.2.99' asks for it" show 192.0.2.99
t 1 '' "arpq show: 192.0.2.99: no entry yet; 'arpq resolve -i v0 192.0.2.99' asks for it" \
    show 192.0.2.99 dev v0
t 1 '' 'arpq show: no entry matches; *' show 192.0.2.99 nud permanent
j 1 '. == [{"dst": "192.0.2.99", "error": "ENOENT",
    "message": "no entry yet; \u0027arpq resolve 192.0.2.99\u0027 asks for it"}]' show -j 192.0.2.99
t 2 '' 'arpq show: *tired*: *not a state*' show --state tired
t 2 '' 'arpq show: **: *not a state*' show --state ''
t 2 '' 'arpq show: *192.0.2.0/33*: *the part after*' show --prefix 192.0.2.0/33
t 2 '' 'arpq show: *::/129*: the part after*' show --prefix ::/129
t 2 '' 'arpq show: *192.0.2.0/*: *the part after*' show --prefix 192.0.2.0/
t 2 '' 'arpq show: *192.0.2.0/-1*: *the part after*' show --prefix 192.0.2.0/-1
t 2 '' "arpq show: '192.0.2.1/33': the part after '/' is neither a length from 0 to 32 nor *" \
    show 192.0.2.1/33
t 2 '' "arpq watch: '2001:db8::/129': the part after '/' is not a length from 0 to 128*" \
    watch 2001:db8::/129
t 3 '' "arpq show: 'fe80::1%nope': no interface of the name after *" show fe80::1%nope
t 2 '' 'arpq show: *bogus/8*: *not an IP address or prefix*' show --prefix bogus/8
t 2 '' 'arpq show: --mac: *02:00:*: not a MAC*' show --mac 02:00:
t 2 '' 'arpq watch: *xx*: *not a MAC*' watch --mac xx
t 2 '' '*exclude each other*' show -4 -6
t 2 '' '*prefix is of the family*' show -6 --prefix 192.0.2.0/24
t 2 '' '*scope of the prefix and --dev*' show -i v1 --prefix fe80::%v0/64
t 2 '' '*proxy entries have neither*' show --proxy --state stale
t 2 '' '*proxy entries have neither*' show --proxy --mac "$m9"
t 3 '' 'arpq show: *nope*: *no interface of this name*' show -i nope
t 3 '' 'arpq show: *nope*: *no interface of this name*' show --master nope
t 3 '' 'arpq show: --prefix: *fe80::%nope/10*: no interface*' show --prefix fe80::%nope/10
t 0 "IPv4${nl}  entries *IPv6${nl}  entries *%" '' stats
t 0 "IPv6${nl}*gc_thresh3 *" '' stats -6
j 0 'map(.family) == ["inet", "inet6"] and all(.[]; .entries > 0 and .hash_size > 0)' stats -j
j 0 'map(.family) == ["inet"] and .[0].gc_interval_ms > 0 and .[0].allocs >= .[0].destroys' \
    stats -j -4
# --- Makers: --vendor ---
mkdir "$dir/ieee" "$dir/empty"
head='Registry,Assignment,Organization Name,Organization Address'
printf '%s\r\n' "$head" 'MA-L,0050C2,"Large, ""quoted""","Street 1' \
    'MA-L,00' 'Town"' 'MA-L,00005E,Fifty-Three' 'MA-L,00005E,Second' 'MA-L,0000ZZ,Bad' \
    'MA-L,000057,"Unclosed' 'MA-L' '' 'MA-L,000058,' "MA-L,000059,$(printf 'Esc\033\134')" \
    >"$dir/ieee/oui.csv"
printf '%s\n' "$head" 'MA-M,0050C21,Medium,' >"$dir/ieee/mam.csv"
printf '%s' "$head
MA-S,0050C2123,Small" >"$dir/ieee/oui36.csv"
ARPQ_IEEE_DATA=$dir/ieee
export ARPQ_IEEE_DATA

# vendor NAME MAC: of an entry with this address; "-" for none.
vendor() {
    ip neigh replace 192.0.2.60 lladdr "$2" dev v0 nud permanent
    run show --vendor --prefix 192.0.2.60
    if [ "$(sed -n 's/.*PERMANENT  -      -      //p' "$dir/out")" = "$1" ] &&
        [ ! -s "$dir/err" ]; then
        pass
    else
        fail "--vendor of $2 is not '$1'"
    fi
}
vendor 'Large, "quoted"' 00:50:c2:00:00:01
vendor Medium 00:50:c2:10:00:01
vendor Medium 00:50:c2:12:20:01
vendor Small 00:50:c2:12:3f:ff
vendor 'Large, "quoted"' 00:50:c2:22:30:01
vendor Fifty-Three 00:00:5e:00:53:01
vendor 'Esc\x1b\x5c' 00:00:59:00:00:01
vendor 'locally administered' 02:50:c2:12:30:01
vendor - 01:50:c2:12:30:01
vendor - ff:ff:ff:ff:ff:ff
vendor - 00:00:00:00:00:00
vendor - 00:00:57:00:00:01
vendor - 00:00:58:00:00:01
vendor - 00:00:99:00:00:01
ip neigh replace 192.0.2.60 lladdr 00:50:c2:12:30:01 dev v0 nud permanent
t 0 '00:50:c2:12:30:01 Small' '' --vendor 192.0.2.60
t 0 '192.0.2.60 dev v0 *PERMANENT* vendor Small' '' get --vendor 192.0.2.60
j 0 '.[0].vendor == "Small"' -j --vendor 192.0.2.60
j 0 '.[0].vendor == "Small"' show -j --vendor --prefix 192.0.2.60
j 0 '.[0] | has("vendor") | not' show -j --prefix 192.0.2.60
j 0 '.[0].vendor == "Small"' watch -j --vendor --existing --count 1 --prefix 192.0.2.60
t 0 '*added 192.0.2.60 * vendor Small*' '' watch --vendor --existing --count 1 --prefix 192.0.2.60
ARPQ_IEEE_DATA=$dir/empty
t 0 '*PERMANENT  -      -      -' 'arpq show: manufacturers are unknown: *ieee-data*' \
    show --vendor --prefix 192.0.2.60
if [ "$(wc -l <"$dir/err")" = 1 ]; then pass; else fail '--vendor: more than one warning'; fi
t 0 '*"PERMANENT"*' 'arpq show: manufacturers are unknown: *ieee-data*' show -j --vendor -i v0
t 0 '*PERMANENT*' '' show -i v0
rm "$dir/ieee/mam.csv"
ARPQ_IEEE_DATA=$dir/ieee
t 0 '* Small' 'arpq show: manufacturers are unknown: *mam.csv*' show --vendor --prefix 192.0.2.60
unset ARPQ_IEEE_DATA
# --- Host names ---
mkdir "$dir/etc"
cp /etc/ld.so.cache "$dir/etc/" 2>/dev/null
printf 'hosts: files dns\n' >"$dir/etc/nsswitch.conf"
printf '192.0.2.9 nine.example\n2001:db8::9 six.example\n' >"$dir/etc/hosts"
# No host answers at this address: the resolver waits for seconds.
printf 'nameserver 192.0.2.9\noptions timeout:20\n' >"$dir/etc/resolv.conf"

# named ARG...: run the tool with this /etc; leaves $seconds too. The thread sanitizer
# does not see the locks inside libc's resolver: what libc does itself is left out.
named() {
    before=$(date +%s)
    # shellcheck disable=SC2016 # for the inner shell
    TSAN_OPTIONS=${TSAN_OPTIONS-}:ignore_noninstrumented_modules=1 unshare -m sh -c '
        mount --bind "$1/etc" /etc || exit 99
        shift
        exec "$@"' sh "$dir" "$tool" "$@" >"$dir/out" 2>"$dir/err" </dev/null
    status=$?
    seconds=$(($(date +%s) - before))
}

# n OUT ARG...: exit status 0, stdout as the pattern, and soon, though the resolver hangs.
n() {
    out=$1
    shift
    named "$@"
    if [ "$status" = 0 ] && matches "$dir/out" "$out" && [ ! -s "$dir/err" ] &&
        [ $seconds -le 4 ]; then
        pass
    else
        fail "arpq $*: exit status $status after $seconds s, or stdout is not like '$out'"
    fi
}

names_tests() {
    n '*PERMANENT  -      -      nine.example' show --names --prefix 192.0.2.9
    n "* nine.example*${nl}*" show --names -i v0
    n '*STALE  *-' show --names --prefix 192.0.2.8
    n '*"name":"six.example"*' show -j --names --prefix 2001:db8::9
    n '*added 192.0.2.9 * name nine.example*' watch --names --existing --prefix 192.0.2.9 --count 1
    n '*added 192.0.2.8 *router*' watch --names --existing --prefix 192.0.2.8 --count 1
    n '*"name":"nine.example"*' watch -j --names --existing --prefix 192.0.2.9 --count 1
    named show --names --prefix 192.0.2.8
    if [ "$seconds" -ge 1 ]; then pass; else fail '--names: the resolver was not asked, or did not wait'; fi
}

if unshare -m true 2>/dev/null; then
    names_tests
else
    echo "not run: --names, as others would see the mounts (in a chroot that is no mount point)"
fi

# --- The words of ip-neighbour(8) ---

make_failed
for words in 'v0' 'dev v0' '--dev v0'; do
    # shellcheck disable=SC2086 # a list of words
    j 0 'length > 5 and all(.[]; .dev == "v0")' show -j $words
done
j 0 'map(.dst) == ["192.0.2.9"]' show -j 192.0.2.9
j 0 'map(.dst) == ["192.0.2.8", "192.0.2.9"]' show -j 192.0.2.8/31
j 0 'map(.dst) == ["192.0.2.8", "192.0.2.9"]' show -j 192.0.2.8/255.255.255.254
j 0 'map(.dst) == ["192.0.2.8"]' show -j nud stale dev v0
j 0 'map(.dst) == ["192.0.2.3", "192.0.2.8"]' show -j -4 --state stale,noarp v0
j 0 'map(.dst) == ["192.0.2.8"]' show -j v0 stale
j 0 'map(.dst) == ["192.0.2.9"]' show -j lladdr $m9
j 0 'map(.dst) == ["192.0.2.77"]' show -j proxy
j 0 'map(.dst) == ["192.0.2.8"]' show -j proto static
j 0 'map(.dev) | unique == ["m0"]' show -j master br0
j 0 'map(.dst) == ["192.0.2.9"]' show -j to 192.0.2.9 dev v0
t 2 '' "arpq show: 'v0': a second interface*" show v0 dev v1
t 2 '' "arpq show: 'v1': a second interface*" show v0 v1
j 0 'map(.dst) == ["192.0.2.9"]' show -j $m9
t 2 '' "arpq watch: 'stale': neither *prefix nor a MAC address*" watch stale
t 2 '' "arpq show: --prefix: '192.0.2.0/255.0.255.0': *netmask*" show 192.0.2.0/255.0.255.0 \
    --prefix 192.0.2.0/255.0.255.0

# --- A long list: sorted, and complete ---

seq 1 250 | sed "s/.*/neigh add 10.77.1.& lladdr $m9 dev m0 nud permanent/" >"$dir/batch"
seq 1 250 | sed "s/.*/neigh add fd77::& lladdr $m9 dev m0 nud permanent/" >>"$dir/batch"
shuf "$dir/batch" >"$dir/shuffled"
ip -batch "$dir/shuffled" || fail 'cannot make entries'
run show m0 -4
tail -n +2 "$dir/out" | cut -d' ' -f1 >"$dir/ours"
if [ "$(wc -l <"$dir/ours")" -ge 250 ] &&
    sort -t. -k1,1n -k2,2n -k3,3n -k4,4n "$dir/ours" | cmp -s - "$dir/ours"; then
    pass
else
    fail 'arpq show of 250 entries: not sorted'
fi
j 0 'map(select(.dst | startswith("fd77:"))) | length == 250' show -j -6 m0
ip neigh flush dev m0 nud permanent

finish
