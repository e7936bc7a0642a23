#!/bin/bash
# SPDX-License-Identifier: MIT
# prometheus.sh TOOL - contrib/prometheus: the rules and the expressions of the dashboard are valid,
# and the tool writes each metric that they name. Exit status: 77 without promtool.
set -euo pipefail
tool=$1
contrib=$(cd "$(dirname "$0")/../../contrib/prometheus" && pwd)
command -v promtool >/dev/null || { echo "NOT RUN: promtool is not installed" >&2; exit 77; }
unshare -rn true 2>/dev/null || { echo "NOT RUN: may not make a network namespace" >&2; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

promtool check rules "$contrib/arpq.rules.yml"
promtool test rules "$contrib/arpq.rules.test.yml"

# The expressions of the dashboard, as rules.
jq '{groups: [{name: "dashboard", rules: [.panels[].targets[].expr
    | gsub("\\$__rate_interval"; "5m") | {record: "x:y", expr: .}]}]}' \
    "$contrib/arpq-dashboard.json" >"$dir/dashboard.yml"
promtool check rules --lint=none "$dir/dashboard.yml"

# A link with an entry, so that every family of metrics has a sample.
# shellcheck disable=SC2016 # for the inner shell
unshare -rn sh -c '
    ip link add v0 type veth peer name v1 && ip link set v0 up &&
    ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0 nud permanent || exit 1
    "$1" stats --openmetrics --interval 1 --output "$2/arpq.prom" &
    for i in 1 2 3 4 5 6 7 8 9 10; do [ -s "$2/arpq.prom" ] && break; sleep 0.2; done
    kill $!
    wait $!' sh "$tool" "$dir"
promtool check metrics <"$dir/arpq.prom"
named=$(grep -ohE 'arpq_[a-z0-9_]+' "$contrib"/arpq.rules.yml "$contrib"/arpq-dashboard.json | sort -u)
for metric in $named; do
    grep -q "^${metric}[ {]" "$dir/arpq.prom" || { echo "the tool writes no $metric" && exit 1; }
done
echo "$(wc -w <<<"$named") metrics are named and written"
