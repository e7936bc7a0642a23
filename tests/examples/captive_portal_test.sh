#!/bin/sh
# SPDX-License-Identifier: MIT
# examples/captive_portal

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
command -v curl >/dev/null || not_run "curl is not installed"

network_with_neighbour

# visit WANT STATUS COMMAND...: the page and the HTTP status that a command gets.
visit() {
    page=$1 code=$2
    shift 2
    "$@" -s -m 5 -o "$dir/out" -w '%{http_code}' >"$dir/code" 2>"$dir/err" # of curl
    if [ "$(cat "$dir/code")" = "$code" ] && matches "$dir/out" "$page"; then
        pass
    else
        fail "$*: HTTP $(cat "$dir/code"), not $code, or the page is not like '$page'"
    fi
}

list=$dir/allowed.txt
echo '# nobody' >"$list"
: >"$dir/empty"
start 8080 "$list"
until_so curl -s -m 1 -o /dev/null http://127.0.0.1:8080/

visit "Please sign in, $m2." 511 there curl http://192.0.2.1:8080/
visit "Please sign in, $m2." 511 there curl 'http://[2001:db8::1]:8080/'
visit "Please sign in, $m2." 511 there curl 'http://[fe80::1%v1]:8080/'

# The list is read again; a list with a fault is not used.
printf '02-00-00-00-00-AA # another\n\n  # the visitor\n  %s\t# yes\r\n' "$m2" >"$list"
kill -HUP "$running"
is_welcome() { [ "$(there curl -s -m 5 http://192.0.2.1:8080/)" = "Welcome, $m2." ]; }
until_so is_welcome
visit "Welcome, $m2." 200 there curl http://192.0.2.1:8080/
visit "Welcome, $m2." 200 there curl 'http://[2001:db8::1]:8080/any?page'

# The end of a long comment is no entry.
printf '# %300s\n%s\n' "$m2" "$m9" >"$list"
kill -HUP "$running"
is_refused() { [ "$(there curl -s -m 5 http://192.0.2.1:8080/)" = "Please sign in, $m2." ]; }
if until_so is_refused; then pass; else fail "a MAC at the end of a long comment is listed"; fi
echo "$m2" >"$list" # as before
kill -HUP "$running"
until_so is_welcome

echo bogus >"$list"
kill -HUP "$running"
sleep 0.1
visit "Welcome, $m2." 200 there curl http://192.0.2.1:8080/

# A visitor behind a router, and methods that the portal does not have.
visit 'You are not on this link.' 403 there curl --interface 203.0.113.1 http://192.0.2.1:8080/
visit 'Only GET and HEAD.' 405 there curl -X DELETE http://192.0.2.1:8080/
visit 'Only GET and HEAD.' 405 there curl -d 'user=me' http://192.0.2.1:8080/

# Many at a time have one answer.
# shellcheck disable=SC2016 # the inner shell expands it
there sh -c 'n=0; while [ $n -lt 20 ]; do
    curl -s -m 5 http://192.0.2.1:8080/ & n=$((n + 1)); done; wait' >"$dir/out"
if [ "$(sort "$dir/out" | uniq -c | tr -s ' ')" = " 20 Welcome, $m2." ]; then
    pass
else
    fail "20 visits at a time"
fi
t 1 '' 'cannot serve port 8080' 8080 "$dir/empty"
ends TERM 0

# Wrong arguments and files.
t 2 '' 'usage: *'
t 2 '' 'usage: *' 0 "$list"
t 2 '' 'usage: *' 80x "$list"
t 2 '' 'usage: *' 65536 "$list"
t 2 '' 'usage: *' 8080 "$list" more
t 1 '' "$dir/none: *" 8080 "$dir/none"
t 1 '' "line 1: not a MAC: bogus$nl*" 8080 "$list"

finish
