#!/bin/bash
# SPDX-License-Identifier: MIT
# scrape.sh TOOL - a Prometheus scrapes the metrics through node_exporter's textfile collector, and
# also as OpenMetrics from a web server. Exit status: 77 if one of the programs is not installed.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
require prometheus promtool prometheus-node-exporter curl jq python3 ip
enter "$@"
tool=$2
contrib=$(cd "$(dirname "$0")/../../contrib/prometheus" && pwd)
dir=$(mktemp -d)
running=()
trap 'kill "${running[@]}" 2>/dev/null; wait; rm -rf "$dir"' EXIT
passed=0
failed=0

ip link set lo up && ip link add v0 type veth peer name v1 && ip link set v0 up &&
    ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0 nud permanent &&
    ip neigh add 2001:db8::9 lladdr 02:00:00:00:00:09 dev v0 nud stale || exit 1

mkdir "$dir/textfile"
"$tool" stats --openmetrics --interval 1 --output "$dir/textfile/arpq.prom" 2>"$dir/arpq.log" &
running+=($!)
prometheus-node-exporter --web.listen-address=127.0.0.1:9100 --collector.disable-defaults \
    --collector.textfile --collector.textfile.directory="$dir/textfile" 2>"$dir/exporter.log" &
running+=($!)
python3 - "$dir/textfile/arpq.prom" 2>"$dir/web.log" <<'END' &
import http.server
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with open(sys.argv[1], "rb") as file:
            text = file.read()
        self.send_response(200)
        self.send_header("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8")
        self.end_headers()
        self.wfile.write(text)


http.server.HTTPServer(("127.0.0.1", 9101), Handler).serve_forever()
END
running+=($!)
cat >"$dir/prometheus.yml" <<END
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [$contrib/arpq.rules.yml]
scrape_configs:
  - {job_name: node, static_configs: [{targets: ["127.0.0.1:9100"]}]}
  - {job_name: direct, static_configs: [{targets: ["127.0.0.1:9101"]}]}
END
promtool check config "$dir/prometheus.yml" || exit 1
prometheus --config.file="$dir/prometheus.yml" --storage.tsdb.path="$dir/data" \
    --web.listen-address=127.0.0.1:9090 2>"$dir/prometheus.log" &
running+=($!)

# holds FILTER PATH [QUERY]: the jq filter holds for the answer of Prometheus, soon.
holds() {
    local filter=$1 path=$2 query=${3-}
    for _ in $(seq 100); do
        if curl -sfG "http://127.0.0.1:9090/api/v1/$path" ${query:+--data-urlencode "query=$query"} |
            jq -e "$filter" >"$dir/answer" 2>/dev/null; then
            passed=$((passed + 1))
            return
        fi
        sleep 0.2
    done
    failed=$((failed + 1))
    echo "FAILED: $path $query: $filter"
    curl -sG "http://127.0.0.1:9090/api/v1/$path" ${query:+--data-urlencode "query=$query"} | head -c 2000
}

holds '[.data.activeTargets[].health] == ["up", "up"]' targets
for job in node direct; do
    holds '.data.result[0].value[1] == "1"' query \
        "sum(arpq_entries{job=\"$job\",family=\"ipv4\",device=\"v0\",state=\"permanent\"})"
    holds '.data.result[0].value[1] == "1"' query \
        "sum(arpq_entries{job=\"$job\",family=\"ipv6\",device=\"v0\",state=\"stale\"})"
    holds '.data.result | length == 2' query "arpq_table_gc_thresh3{job=\"$job\"}"
done
holds '.data.arpq_table_lookups_total[0].type == "counter"' metadata
holds '.data.arpq_table_gc_interval_seconds[0].type == "gauge"' metadata
holds '.data.result == []' query 'node_textfile_scrape_error != 0'
holds '.data.groups[0].rules | length == 7 and all(.[]; .health == "ok")' rules
# A change is counted.
ip neigh del 192.0.2.9 dev v0
holds '.data.result[0].value[1] == "1"' query \
    'arpq_events_total{job="node",family="ipv4",event="neigh_removed"}'
holds '.data.result == []' query 'arpq_entries{device="v0",state="permanent"}'
echo "$passed passed, $failed failed"
[ $failed = 0 ]
