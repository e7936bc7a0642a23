#!/bin/sh
# SPDX-License-Identifier: MIT
# arpq stats

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

reading_network
file=$dir/arpq.prom

t 0 'IPv4*gc_thresh3*IPv6*full*' '' stats
j 0 'map(.family) == ["inet", "inet6"] and all(.[]; .gc_thresh3 > 0 and .entries > 0)' stats -j
j 0 'map(.family) == ["inet6"]' stats -6 -j

# --- Metrics ---

# valid FILE: the text is in the format: each family has HELP and TYPE once, then its samples, no
# series is there twice, and the last line is EOF.
valid() {
    awk '
        ended { exit bad = 1 }
        /^# EOF$/ { ended = 1; next }
        /^# HELP [a-z0-9_]+ [A-Z].*\.$/ { name = $3; if (name in families) exit bad = 1; families[name]; next }
        /^# TYPE / { type = /_total / ? "counter" : "gauge"; if ($3 != name || $4 != type) exit bad = 1; next }
        /^# UNIT / { if ($3 != name || name !~ "_" $4 "$") exit bad = 1; next }
        /^[a-z0-9_]+(\{.*\})? [0-9.]+$/ {
            series = $0; sub(/ [0-9.]+$/, "", series)
            this = series; sub(/\{.*/, "", this)
            if (this != name || series in seen) exit bad = 1
            seen[series]; next
        }
        { exit bad = 1 }
        END { exit bad || !ended }' "$1"
}

# metrics FILE: it is valid, also for promtool if there is one.
metrics() {
    if ! valid "$1"; then
        fail 'the metrics are not in the format'
    elif command -v promtool >/dev/null && ! promtool check metrics <"$1" >"$dir/err" 2>&1; then
        fail 'promtool refuses the metrics'
    else
        pass
    fi
}

# has LINE: the last output has this line.
has() {
    if grep -qxF "$1" "$dir/out"; then pass; else fail "no line $1"; fi
}

t 0 '# HELP *# EOF' '' stats --openmetrics
metrics "$dir/out"
has 'arpq_info{version="'"$("$tool" version | sed 's/.*libarpq \(.*\))/\1/')"'"} 1'
has 'arpq_entries{family="ipv4",device="m0",state="permanent"} 1'
has 'arpq_entries{family="ipv4",device="v0",state="noarp"} 1'
has 'arpq_entries{family="ipv6",device="v0",state="permanent"} 2'
# The odd device: a byte that is not UTF-8, a control character and a backslash.
has "$(printf 'arpq_entries{family="ipv4",device="w\001\\\\xff\\\\",state="permanent"} 1')"
if grep -q '192\.0\.2\|2001:db8' "$dir/out"; then fail 'an address is in the metrics'; else pass; fi
for family in ipv4 ipv6; do
    for kind in periodic forced; do
        grep -q "^arpq_table_gc_runs_total{family=\"$family\",kind=\"$kind\"} [0-9]" "$dir/out" ||
            fail "no gc_runs of $family $kind"
    done
done
has "arpq_table_gc_thresh3{family=\"ipv4\"} $(cat /proc/sys/net/ipv4/neigh/default/gc_thresh3 2>/dev/null ||
    "$tool" stats -4 -j | jq .gc_thresh3)"
t 0 '*ipv6*' '' stats --openmetrics -6
if grep -q ipv4 "$dir/out"; then fail '-6 prints IPv4'; else pass; fi

# The same numbers as ip(8); the kernel adds entries of groups between the two.
tries=3
while [ $tries -gt 0 ]; do
    tries=$((tries - 1))
    run stats --openmetrics -4
    ip -4 -j neigh show nud all dev v0 |
        jq -r '[.[] | .state[0] // "NONE" | ascii_downcase] | group_by(.)[] | "\(.[0]) \(length)"' \
            >"$dir/ip"
    sed -n 's/^arpq_entries.*device="v0",state="\(.*\)"}/\1/p' "$dir/out" | sort >"$dir/ours"
    if sort "$dir/ip" | cmp -s - "$dir/ours"; then break; fi
done
if sort "$dir/ip" | cmp -s - "$dir/ours"; then pass; else fail "ip neigh: $(cat "$dir/ip")"; fi

# --- A file ---

umask 077
t 0 '' '' stats --openmetrics --output "$file"
metrics "$file"
if [ "$(stat -c %a "$file")" = 644 ]; then pass; else fail "mode $(stat -c %a "$file")"; fi
# A reader never finds a part of the file.
(i=0; while [ $i -lt 30 ]; do "$tool" stats --openmetrics --output "$file"; i=$((i + 1)); done) &
writer=$!
torn=0
while kill -0 $writer 2>/dev/null; do
    [ "$(tail -n 1 "$file")" = '# EOF' ] || torn=1
done
if [ $torn = 0 ] && [ "$(ls "$dir"/arpq.prom*)" = "$file" ]; then pass; else fail 'a part of a file'; fi
# A failure leaves the file as it was, and no other.
before=$(cat "$file")
: >"$dir/out"
(trap '' XFSZ; ulimit -f 1; exec "$tool" stats --openmetrics --output "$file" 2>"$dir/err")
status=$?
if [ $status = 3 ] && matches "$dir/err" '*arpq.prom: cannot write the file: *' &&
    [ "$(cat "$file")" = "$before" ] && [ "$(ls "$dir"/arpq.prom*)" = "$file" ]; then
    pass
else
    fail "a file that cannot be written: exit status $status"
fi
t 3 '' 'arpq stats: /nosuch/x.prom: cannot write the file: *' stats --openmetrics --output /nosuch/x.prom
t 3 '' 'arpq stats: /dev/null: not a regular file' stats --openmetrics --output /dev/null
t 3 '' "arpq stats: $dir: not a regular file" stats --openmetrics --output "$dir"
t 3 '' 'arpq stats: : cannot write the file: *' stats --openmetrics --output ''
unwritable stats --openmetrics
t 2 '' 'arpq stats: --openmetrics and --json exclude each other*' stats --openmetrics -j
t 2 '' 'arpq stats: --output: only with --openmetrics*' stats --output "$file"
t 2 '' 'arpq stats: --interval: only with --output*' stats --openmetrics --interval 5
t 2 '' 'arpq stats: --interval: not 1 second or more*' stats --openmetrics --interval 0.5 --output "$file"

# --- Repeatedly, with events ---

rm "$file"
start stats --openmetrics --interval 1 --output "$file" -4
await_loop "$running"
tries=100
until [ -s "$file" ] || [ $tries = 0 ]; do sleep 0.05; tries=$((tries - 1)); done
ip neigh add 192.0.2.20 lladdr $m2 dev v0 nud stale
ip neigh change 192.0.2.20 lladdr $m8 dev v0 nud stale
ip neigh del 192.0.2.20 dev v0
tries=100
until grep -q 'event="neigh_removed"} [1-9]' "$file" || [ $tries = 0 ]; do
    sleep 0.05
    tries=$((tries - 1))
done
stop TERM 0
cp "$file" "$dir/out"
metrics "$file"
has 'arpq_events_total{family="ipv4",event="conflict"} 0'
has 'arpq_watch_overruns_total 0'
grep -q '^arpq_events_total{family="ipv4",event="neigh_removed"} [1-9]' "$dir/out" || fail 'no event'
t 3 '' 'arpq stats: /nosuch/x.prom: cannot write*' stats --openmetrics --interval 1 --output /nosuch/x.prom

finish
