#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh BUILD LIBRARY [TEST...] - build the package in BUILD with the shared library LIBRARY and
# run its tests in a network namespace of their own.
# Exit status: 0 passed, 1 failed, 77 not run, for the reason that is printed.
set -u

not_run() {
    echo "run.sh: NOT RUN: $1" >&2
    exit 77
}

here=$(cd "$(dirname "$0")/.." && pwd)
build=$1 library=$2
shift 2
python=${ARPQ_PYTHON-/usr/bin/python3} # the system's, whatever else comes first in PATH
command -v "$python" >/dev/null || not_run "python3 is not installed"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 9))' || not_run "$python is older than 3.9"
"$python" -c 'import setuptools' 2>/dev/null ||
    not_run "$python has no setuptools (Debian: python3-setuptools)"
include=$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')
[ -f "$include/Python.h" ] || not_run "$include/Python.h is missing (Debian: python3-dev)"
if [ "$(id -u)" = 0 ]; then user=; else user=-r; fi
# shellcheck disable=SC2086 # no word is no argument
unshare $user -n true 2>/dev/null || not_run "this user may not make a network namespace"

mkdir -p "$build" || exit 1
(cd "$here" && ARPQ_PYTHON_LIBDIR=$(dirname "$library") ARPQ_PYTHON_CFLAGS=${ARPQ_PYTHON_CFLAGS--Werror} \
    "$python" -W ignore setup.py -q egg_info --egg-base "$build" build --build-base "$build" \
    --build-lib "$build/lib") || exit 1

outside=$(readlink /proc/self/ns/net)
export ARPQ_TEST_NETNS="$outside" ARPQ_TEST_LIBRARY="$library" PYTHONPATH="$build/lib:$here/tests"
export PYTHONDONTWRITEBYTECODE=1
cd "$here/tests" || exit 1
[ $# -gt 0 ] || set -- discover -q
# shellcheck disable=SC2086
exec unshare $user -n -- "$python" -W error -m unittest "$@"
