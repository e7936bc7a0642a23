#!/bin/bash
# SPDX-License-Identifier: MIT
# mqtt_faults.sh MQTT - arpq-mqtt with brokers that fail, and with messages of others.
# Exit status: 77 if a program is not installed.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
require ip
enter "$@"
mqtt=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0
failed=0

check() { # check NAME COMMAND...
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $name"
        sed 's/^/    /' "$dir/out"
    fi
}

# The neighbour 10.9.0.2 gets all packets and answers none.
ip link set lo up && ip link add v0 type veth peer name v1 && ip link set v0 up &&
    ip link set v1 up && ip addr add 10.9.0.1/16 dev v0 &&
    ip neigh add 10.9.0.2 lladdr 02:00:00:00:00:99 dev v0 nud permanent || exit 1

# ---- Brokers and name servers that do not answer ----

gives_up() { # gives_up COMMAND...: with the exit status and the message, after a second
    local begin=${EPOCHREALTIME/./} status
    timeout 8 "$@" >"$dir/out" 2>&1
    status=$?
    [ $status = 3 ] && grep -q 'does not answer in time' "$dir/out" &&
        [ $((${EPOCHREALTIME/./} - begin)) -lt 4000000 ]
}

check 'where: a broker that does not answer' \
    gives_up "$mqtt" where --timeout 1 -h 10.9.0.2 02:00:00:00:00:20
echo 'nameserver 10.9.0.2' >"$dir/resolv.conf"
echo 'hosts: dns' >"$dir/nsswitch.conf"
# shellcheck disable=SC2016 # the inner shell expands these
in_mounts='for file in resolv.conf nsswitch.conf; do
    mount --bind "$0/$file" /etc/$file || exit 77
done
exec "$@"'
if unshare -m sh -c "$in_mounts" "$dir" true 2>/dev/null; then
    check 'where: a name server that does not answer' gives_up unshare -m \
        sh -c "$in_mounts" "$dir" "$mqtt" where --timeout 1 -h broker.example 02:00:00:00:00:20
else
    echo 'not run: a name server: may not mount over /etc/resolv.conf'
fi

echo "$passed passed, $failed failed"
[ $failed = 0 ]
