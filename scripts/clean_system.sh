# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Minimal Debian systems to build and test in (sourced after archive.sh by scripts that set cache, the
# folder of the systems, and mirror). They need root and debootstrap. The system of a suite is made
# once and kept as a tar file.
# shellcheck disable=SC2154 # cache, mirror

# make_base SUITE - a minimal system as SUITE/base.tar, if there is none
make_base() {
    local dir=$cache/$1 tree=$cache/$1/base
    [ ! -s "$dir/base.tar" ] || return 0
    rm -rf --one-file-system "$tree"
    debootstrap --variant=minbase "$1" "$tree" "$mirror" || return
    rm -f "$tree"/var/cache/apt/archives/*.deb
    printf '%s\n' 'Acquire::Check-Valid-Until "false";' 'APT::Keep-Downloaded-Packages "true";' \
        >"$tree/etc/apt/apt.conf.d/90test"
    echo force-unsafe-io >"$tree/etc/dpkg/dpkg.cfg.d/90test"
    apt-config dump | grep -E '^Acquire::https?::Proxy' >>"$tree/etc/apt/apt.conf.d/90test"
    tar -C "$tree" -cf "$dir/base.new" . && mv "$dir/base.new" "$dir/base.tar" &&
        rm -rf --one-file-system "$tree"
}

# unpack_base SUITE NAME - a new system at SUITE/NAME
unpack_base() {
    rm -rf --one-file-system "${cache:?}/$1/$2"
    mkdir -p "$cache/$1/$2" && tar -C "$cache/$1/$2" -xf "$cache/$1/base.tar"
}

# mounted DIRECTORY COMMAND... - run COMMAND with the file systems that a system needs mounted below
# DIRECTORY, in a mount and a process namespace: they end with it. The systems of a suite share the
# packages that apt has downloaded.
mounted() {
    local dir=$1
    shift
    # shellcheck disable=SC2016 # the inner shell expands these
    unshare --mount --propagation private --pid --fork --kill-child bash -c '
        set -eu
        dir=$1
        shift
        mount --bind "$dir" "$dir"
        mount -t proc proc "$dir/proc"
        mount -t sysfs -o ro sysfs "$dir/sys"
        mount -t devpts -o newinstance,ptmxmode=666 devpts "$dir/dev/pts"
        mount -t tmpfs tmpfs "$dir/dev/shm"
        mkdir -p "$dir/../archives/partial"
        mount --bind "$dir/../archives" "$dir/var/cache/apt/archives"
        cp -L /etc/resolv.conf "$dir/etc/resolv.conf"
        exec "$@"' mounted "$dir" "$@"
}

# inside DIRECTORY SCRIPT [ARGUMENT...] - run the text of a script as root of the system
inside() {
    local dir=$1
    shift
    mounted "$dir" chroot "$dir" env -i HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        http_proxy="${http_proxy-}" https_proxy="${https_proxy-}" bash -euo pipefail -c "$1" inside "${@:2}"
}
