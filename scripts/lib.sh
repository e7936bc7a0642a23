# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Shared by the scripts of this directory (sourced): finding or installing what they
# need, and building a preset quietly.

# The comment at the head of a script is its help.
case ${1-} in
-h | --help)
    sed -n '3,/^[^#]/s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac

PATH=$PATH:/usr/sbin:/sbin # ip and others, for users who are not root
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 3

say() { printf '%s\n' "$*"; }

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 3
}

# as_root COMMAND...
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        command -v sudo >/dev/null || die "this needs root, and there is no sudo: $*"
        sudo "$@"
    fi
}

# can_be_root - is this root, or does sudo let it be? sudo may ask for a password.
can_be_root() { [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null && sudo true; }; }

# have WHAT - a command, "pc:NAME" for a pkg-config module, "c-headers", "libfuzzer", "python-headers",
# "python-setuptools" and "python-jsonschema" (of the system's python)
have() {
    case $1 in
    pc:*) pkg-config --exists "${1#pc:}" 2>/dev/null ;;
    c-headers) echo '#include <linux/rtnetlink.h>' | gcc -E - >/dev/null 2>&1 ;;
    libfuzzer)
        echo 'int LLVMFuzzerTestOneInput(const char *d, long n) { return d != 0 && n < 0; }' |
            clang -fsanitize=fuzzer,address -x c -o /dev/null - 2>/dev/null
        ;;
    python-headers)
        [ -f "$(/usr/bin/python3 -c \
            'import sysconfig; print(sysconfig.get_path("include"))' 2>/dev/null)/Python.h" ]
        ;;
    python-setuptools) /usr/bin/python3 -c 'import setuptools' 2>/dev/null ;;
    python-jsonschema) /usr/bin/python3 -c 'import jsonschema' 2>/dev/null ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

# check_cmake VERSION - end if it is older than CMakeLists.txt allows
check_cmake() {
    local least
    least=$(sed -n 's/^cmake_minimum_required(VERSION \(.*\))$/\1/p' CMakeLists.txt)
    [ "$(printf '%s\n' "$least" "$1" | sort -V | head -n 1)" = "$least" ] ||
        die "CMake $least or newer is needed; this system has $1"
}

# install PACKAGE... - with apt-get; nothing if CMake would be too old
install() {
    local version
    as_root apt-get update -qq || return
    version=$(LC_ALL=C apt-cache policy cmake | sed -n 's/^ *Candidate: \([0-9].*\)/\1/p')
    case " $* " in
    *" cmake "*) [ -z "$version" ] || check_cmake "$version" ;;
    esac
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        --no-install-recommends "$@"
}

# need WHAT=PACKAGE... - install the Debian packages of what is missing
need() {
    local pair packages=() missing=() log
    for pair; do
        have "${pair%%=*}" && continue
        missing+=("${pair%%=*}")
        packages+=("${pair#*=}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    if ! command -v apt-get >/dev/null; then
        die "missing here: ${missing[*]} (the Debian packages are: ${packages[*]})"
    fi
    if ! can_be_root; then
        die "missing here: ${missing[*]}. This user cannot install packages. As root, run" \
            "'apt-get install --no-install-recommends ${packages[*]}' and start this script again."
    fi
    say "Installing: ${packages[*]}"
    log=$(mktemp)
    if ! (install "${packages[@]}") >"$log" 2>&1; then # its die ends the subshell only
        cat "$log" >&2
        rm -f "$log"
        die "could not install: ${packages[*]}"
    fi
    rm -f "$log"
    for pair in "${missing[@]}"; do
        have "$pair" || die "still missing after the installation: $pair"
    done
}

# want WHAT=PACKAGE... - the same, but go on without what cannot be installed
want() { (need "$@") || say "The tests that need this count as not run."; }

need_to_build() {
    if have cmake; then check_cmake "$(cmake --version | sed -n '1s/^[^0-9]*//p')"; fi
    need gcc=gcc c-headers=libc6-dev cmake=cmake ninja=ninja-build pkg-config=pkg-config \
        pc:libmnl=libmnl-dev ip=iproute2 unshare=util-linux "$@"
}

# build PRESET - configure and build; output only upon failure
build() {
    local log=build/$1.log
    mkdir -p build
    if ! { cmake --preset "$1" && cmake --build --preset "$1"; } >"$log" 2>&1; then
        grep -vE '^(-- |\[[0-9]+/[0-9]+\] (Building|Linking))' "$log" | tail -n 100 >&2
        return 1
    fi
}

# can_make_namespaces - may this user make a network namespace?
can_make_namespaces() { unshare -n true 2>/dev/null || unshare -Urn true 2>/dev/null; }

# can_open_tun - may this user make TUN and TAP devices? Containers often lack the file.
can_open_tun() { (: <>/dev/net/tun) 2>/dev/null; }

# raise_neighbour_limits - the kernel's limits are one for all namespaces: with several tests
# at a time, one's neighbours would set it to collecting another's. Only root of the machine
# may change them; they are put back at the end. False if a limit stays low.
neighbour_limits=()
raise_neighbour_limits() {
    local file limit low=0
    for file in /proc/sys/net/ipv{4,6}/neigh/default/gc_thresh{3,2,1}; do
        limit=$(cat "$file" 2>/dev/null) || continue
        if [ -w "$file" ] && [ "$limit" -lt 65536 ]; then
            neighbour_limits=("$file=$limit" "${neighbour_limits[@]}")
            echo 65536 2>/dev/null >"$file" || true
            limit=$(cat "$file")
        fi
        [ "$limit" -ge 65536 ] || low=1
    done
    trap restore_neighbour_limits EXIT
    [ $low -eq 0 ]
}

restore_neighbour_limits() {
    local pair
    for pair in "${neighbour_limits[@]}"; do
        echo "${pair#*=}" 2>/dev/null >"${pair%%=*}" || true
    done
}

# tsan_prefix - what a program built with ThreadSanitizer must be started by here:
# nothing, or setarch where the kernel's address randomisation is too wide for it.
tsan_prefix() {
    local program status=0
    program=$(mktemp)
    echo 'int main(void) { return 0; }' | gcc -fsanitize=thread -x c -o "$program" - || status=1
    local i
    for i in 1 2 3 4 5; do
        [ $status -ne 0 ] || "$program" 2>/dev/null || status=$i
    done
    [ $status -eq 0 ] || echo setarch -R
    rm -f "$program"
}
