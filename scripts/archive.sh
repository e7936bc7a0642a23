# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Packages of any Debian suite and architecture without installing them (sourced after lib.sh):
# apt gets folders of its own, so that neither root nor this machine's lists are needed.

# archive_mirror - the URL of the Debian archive that this machine uses
archive_mirror() {
    if [ -n "${ARPQ_DEBIAN_MIRROR:-}" ]; then
        echo "$ARPQ_DEBIAN_MIRROR"
    else
        # shellcheck disable=SC2016 # apt expands these
        apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' |
            sed -n 's/^Debian Debian //p' | head -n 1
    fi
}

archive_keyring() {
    local file
    for file in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
        [ ! -r "$file" ] || { echo "$file" && return; }
    done
    return 1
}

# archive_use DIRECTORY SUITE ARCHITECTURE [STATUS] - set archive_apt to the options by which
# apt-get knows this suite alone. STATUS lists the packages that count as installed; without it
# there are none. Loads the lists of the suite if DIRECTORY has none.
archive_apt=()
archive_use() {
    local dir=$1 suite=$2 arch=$3 status=${4:-$1/status} mirror keyring
    command -v apt-get >/dev/null || die "this needs Debian's packages, and there is no apt-get"
    mirror=$(archive_mirror)
    [ -n "$mirror" ] || die "apt has no Debian source here; ARPQ_DEBIAN_MIRROR=URL names one"
    keyring=$(archive_keyring) || die "Debian's keys are missing: debian-archive-keyring"
    mkdir -p "$dir/lists/partial" "$dir/archives/partial"
    : >"$dir/status"
    printf 'deb%s [signed-by=%s] %s %s main\n' '' "$keyring" "$mirror" "$suite" \
        -src "$keyring" "$mirror" "$suite" >"$dir/sources.list"
    archive_apt=(-q -o "Dir::State=$dir" -o "Dir::State::status=$status" -o "Dir::Cache=$dir"
        -o "Dir::Etc::sourcelist=$dir/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null
        -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Default-Release=
        -o "APT::Architecture=$arch" -o "APT::Architectures=$arch"
        -o APT::Install-Recommends=false -o APT::Sandbox::User=root -o Debug::NoLocking=true
        -o Acquire::Languages=none -o Acquire::GzipIndexes=true
        # A suite that is no longer updated, or a clock that is wrong, must not stop a test.
        -o Acquire::Check-Valid-Until=false)
    compgen -G "$dir/lists/*Packages*" >/dev/null || apt-get "${archive_apt[@]}" update
}

# archive_unpack DIRECTORY DEB... - unpack the packages below DIRECTORY. /bin, /lib and /sbin
# become links to /usr, as on a system that was installed.
archive_unpack() {
    local into=$1 deb name
    shift
    mkdir -p "$into/usr"
    for deb; do
        rm -rf "$into.deb"
        dpkg-deb -x "$deb" "$into.deb" || return
        for name in bin lib sbin; do
            [ -d "$into.deb/$name" ] || continue
            mkdir -p "$into.deb/usr/$name"
            cp -a "$into.deb/$name/." "$into.deb/usr/$name/" && rm -r "${into:?}.deb/$name"
        done
        cp -a "$into.deb/." "$into/" || return
    done
    rm -rf "$into.deb"
    for name in bin lib sbin; do ln -sfn "usr/$name" "$into/$name"; done
}
