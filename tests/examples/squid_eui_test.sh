#!/bin/sh
# SPDX-License-Identifier: MIT
# examples/squid_eui: lines of Squid's protocol in, lines out

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

network_with_neighbour
echo 100 >/proc/sys/net/ipv4/neigh/v0/retrans_time_ms # nobody answers: known after 0.3 s

# says QUESTIONS ANSWERS: these lines, as a shell pattern, and exit status 0.
# shellcheck disable=SC2059 # they are formats, for the line ends
says() {
    printf "$1" | timeout 20 "$tool" >"$dir/out" 2>"$dir/err"
    status=$?
    if [ $status = 0 ] && matches "$dir/out" "$(printf "$2")" && [ ! -s "$dir/err" ]; then
        pass
    else
        fail "exit status $status; '$1' is not answered by '$2'"
    fi
}

# The visitor, in both families; by name of MAC, in any style.
says '0 192.0.2.2\n' "0 OK tag=$m2\n"
says '1 2001:db8::2\n' "1 OK tag=$m2\n"
says '18446744073709551615 192.0.2.2 -\n' "18446744073709551615 OK tag=$m2\n"
says "3 192.0.2.2 $m9\n" "3 ERR tag=$m2\n"
says "4 192.0.2.2 $m9 02-00-00-00-00-02\n" "4 OK tag=$m2\n"
says "5  192.0.2.2   0200.0000.0002 \n" "5 OK tag=$m2\n"
says '6 192.0.2.1\n' '6 OK tag=02:00:00:00:00:01\n'

# No host of this link.
says '7 203.0.113.2\n' '7 ERR message="no interface*"\n'
says '8 198.51.100.1\n' '8 ERR message="no interface*"\n'

says '9 127.0.0.1\n' '9 ERR message="not a host of the link"\n'
says '9 ::1 00:00:00:00:00:00\n' '9 ERR message="not a host of the link"\n'

# A question without answer does not delay the others, and its own comes in the end.
says '10 192.0.2.77\n11 192.0.2.2\n12 192.0.2.200\n' \
    "11 OK tag=$m2\n12 OK tag=$m2\n10 ERR message=\"*nobody answered*\"\n"

# What is wrong is said, and the next line is read.
says '20 bogus\n21 192.0.2.2\n' "20 BH message=\"not an IP address\"\n21 OK tag=$m2\n"
says '22 192.0.2.2 zz\n' '22 BH message="not a MAC address"\n'
says '23 \n' '23 BH message="not an IP address"\n'
no_channel='BH message="no channel number: set concurrency in external_acl_type"\n'
says '\n' "$no_channel"
says '192.0.2.2\n24\n -1 192.0.2.2\n' "$no_channel$no_channel$no_channel"
many=$(printf '%070000d' 0)
says "25 $many\n26 192.0.2.2\n" "25 BH message=\"the line is too long\"\n26 OK tag=$m2\n"
says '' ''
says '27 192.0.2.2' '' # no line

# The answer comes while Squid waits for it: Squid keeps the pipe open.
mkfifo "$dir/questions"
exec 3<>"$dir/questions"
"$tool" <"$dir/questions" >"$dir/out" 2>"$dir/err" 3>&- &
running=$!
for channel in 1 2 3; do
    echo "$channel 192.0.2.2" >&3
    if until_so grep -qx "$channel OK tag=$m2" "$dir/out"; then pass; else fail "no answer"; fi
done
exec 3>&-
wait $running
status=$?
if [ $status = 0 ]; then pass; else fail "exit status $status after the end of the input"; fi

t 2 '' 'usage: *' argument

finish
