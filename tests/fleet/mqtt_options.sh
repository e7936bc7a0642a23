#!/bin/bash
# SPDX-License-Identifier: MIT
# mqtt_options.sh MQTT - the options of arpq-mqtt: TLS, passwords, qualities of service, versions,
# and what is refused. Exit status: 77 if mosquitto, its clients or openssl are not installed.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
require mosquitto mosquitto_sub mosquitto_passwd openssl ip
enter "$@"
mqtt=$2
dir=$(mktemp -d)
broker=
trap '[ -z "$broker" ] || kill $broker; wait; rm -rf "$dir"' EXIT
passed=0
failed=0

fail() {
    failed=$((failed + 1))
    echo "FAILED: $*"
    sed 's/^/    /' "$dir/out"
}

# t STATUS PATTERN ARG...: the exit status and a part of what it prints.
t() {
    local want=$1 pattern=$2 status
    shift 2
    timeout 10 "$mqtt" "$@" >"$dir/out" 2>&1
    status=$?
    if [ $status = "$want" ] && grep -q -e "$pattern" "$dir/out"; then
        passed=$((passed + 1))
    else
        fail "arpq-mqtt $*: exit status $status, not $want, or no '$pattern'"
    fi
}

# ---- What needs no broker ----

t 0 '^usage: arpq-mqtt ' --help
t 0 '^arpq-mqtt [0-9]' --version
t 0 '--help .*' --help
t 0 '--protocol-version ' --help
t 2 '^arpq-mqtt: -4 and -6 exclude each other' -4 -6
t 3 'cannot connect to 127.0.0.1: ' where -h 127.0.0.1 -p 1 02:00:00:00:00:01
t 2 "Try 'arpq-mqtt --help'" --nonsense
t 2 "only command is 'where'" wher 02:00:00:00:00:01
t 2 'a MAC address is missing' where
t 2 'not a MAC address' where 192.0.2.1
t 2 'not a number from 1 to 65535' -p 0
t 2 'not a number from 0 to 2' -q 3
t 2 'not a number from 5 to' -k 1
t 2 'not 311 or 5' -V 4
t 2 '-P needs -u' -P secret
t 2 'need each other' --cert "$dir/x"
t 2 'need --cafile' --insecure
t 2 'not a topic' -t 'a/#'
t 2 'an empty name' --host-name ''
t 2 'cannot read the file' -o /nosuch
echo 'stray words' >"$dir/options"
t 2 "'stray': not an option of a file" -o "$dir/options"
# The file may have 64 words, and no more are left out without a message.
{ for _ in {1..31}; do echo '-k 60'; done; echo '-q 3'; } >"$dir/options"
t 2 'not a number from 0 to 2' -o "$dir/options"
{ for _ in {1..32}; do echo '-k 60'; done; printf '\n# a comment\n'; } >"$dir/options"
t 2 'a MAC address is missing' where -o "$dir/options"
echo --insecure >>"$dir/options"
t 2 'more than 64 words' -o "$dir/options"
t 3 'cannot set the options of the connection' --cafile /nosuch
t 3 "cannot connect to $dir/nosuch: " where --unix "$dir/nosuch" 02:00:00:00:00:01

# ---- TLS and passwords ----

ip link set lo up || exit 1
ip link add v0 type veth peer name v1 && ip link set v0 up &&
    ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0 nud permanent || exit 1
{
    for name in ca other; do
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
            -subj "/CN=$name" -keyout "$dir/$name.key" -out "$dir/$name.crt"
    done
    for name in localhost client; do
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" \
            -keyout "$dir/$name.key" -out "$dir/$name.csr"
        openssl x509 -req -in "$dir/$name.csr" -CA "$dir/ca.crt" -CAkey "$dir/ca.key" \
            -CAcreateserial -days 2 -out "$dir/$name.crt"
    done
} 2>"$dir/openssl" || { cat "$dir/openssl"; exit 1; }
mosquitto_passwd -b -c "$dir/passwords" fleet secret || exit 1
cat >"$dir/conf" <<END
user $(id -un)
listener 8883 127.0.0.1
cafile $dir/ca.crt
certfile $dir/localhost.crt
keyfile $dir/localhost.key
require_certificate true
allow_anonymous false
password_file $dir/passwords
END
mosquitto -c "$dir/conf" >"$dir/log" 2>&1 &
broker=$!
tls=(-h 127.0.0.1 --cafile "$dir/ca.crt" --cert "$dir/client.crt" --key "$dir/client.key")
login=(-u fleet -P secret)
for _ in $(seq 100); do
    timeout 5 mosquitto_sub "${tls[@]}" --insecure "${login[@]}" -t x -E 2>/dev/null && break
    sleep 0.05
done

# publishes ARG...: the entry comes to the broker, and where finds it.
publishes() {
    local client found=
    "$mqtt" "${tls[@]}" --host-name h "$@" >"$dir/out" 2>&1 &
    client=$!
    for _ in $(seq 20); do
        found=$("$mqtt" where "${tls[@]}" "$@" 02-00-00-00-00-09 2>&1) && break
    done
    kill $client
    if wait $client && [ "$found" = 'h v0 192.0.2.9 PERMANENT online' ]; then
        passed=$((passed + 1))
    else
        fail "with $*: $found"
    fi
}

publishes --insecure "${login[@]}"
publishes -h localhost "${login[@]}" -q 0
publishes -h localhost "${login[@]}" -q 2 -V 5 -t some/prefix -k 10
printf '# a comment\n\n-u fleet\n-P  secret\n--insecure\n' >"$dir/options"
publishes -o "$dir/options"
t 3 'the broker refuses this client: ' "${tls[@]}" --insecure -u fleet -P wrong
t 3 'the broker refuses this client: ' "${tls[@]}" --insecure
t 3 'the broker refuses this client: ' where "${tls[@]}" --insecure 02:00:00:00:00:09
t 3 'TLS error' where -h 127.0.0.1 -p 8883 --cafile "$dir/other.crt" "${login[@]}" \
    --insecure 02:00:00:00:00:09
t 3 'TLS error' where "${tls[@]}" "${login[@]}" 02:00:00:00:00:09 # the name is localhost
timeout 2 "$mqtt" -h 127.0.0.1 -p 1 >"$dir/out" 2>&1
if [ $? = 124 ] && [ "$(grep -c 'cannot connect' "$dir/out")" = 1 ]; then
    passed=$((passed + 1))
else
    fail 'a client without a broker'
fi
echo "$passed passed, $failed failed"
[ $failed = 0 ]
