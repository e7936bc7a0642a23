#!/bin/sh
# SPDX-License-Identifier: MIT
# readme.sh SOURCE CC LIBRARY BINDINGS BUILD - run the programs of README.md in C, Python, JavaScript
# and Rust, in the network of inside.sh. BINDINGS is where the tests of the bindings have built theirs.
# The program in C++ is run by the test bindings.cpp.
# Exit status: 0 passed, 1 failed, 77 a language was not run, for the reason that is printed.
set -u
source=$1 cc=$2 library=$3 bindings=$4 build=$5
mac=00:00:5e:00:53:01
status=0

# block LANGUAGE - the first program of README.md in that language
block() {
    sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/{/^\`\`\`\$/q;/^\`\`\`$1\$/d;p;}" "$source/README.md"
}

not_run() {
    echo "NOT RUN: $1"
    [ $status = 1 ] || status=77
}

# prints LANGUAGE COMMAND... - whether the program ends with 0 and begins with the MAC address
prints() {
    language=$1
    shift
    if timeout 120 "$@" >out 2>&1 && [ "$(grep -cxF $mac out)" -ge 1 ]; then
        echo "ok: $language"
    else
        echo "failed: $language"
        sed 's/^/    /' out
        status=1
    fi
}

# A crate of its own, that uses the one of the tree.
make_crate() {
    mkdir -p crate/src
    block rust >crate/src/main.rs
    printf '[package]\nname = "readme"\nversion = "0.0.0"\nedition = "2021"\n%s\n' \
        "[dependencies]
arpq = { path = \"$source/bindings/rust/arpq\" }" >crate/Cargo.toml
}

rm -rf "$build"
mkdir -p "$build" && cd "$build" || exit 1
libraries=$(dirname "$library")
export LD_LIBRARY_PATH="$libraries" ARPQ_LIBRARY="$library"
export ARPQ_ABI_JSON="$source/include/arpq-abi.json"
ip neigh replace 192.0.2.1 lladdr $mac dev eth0 nud permanent || exit 1

block c >program.c
"$cc" -Wall -Wextra -Werror -o program program.c -I"$source/include" "$library" || exit 1
prints C ./program

if [ -d "$bindings/../python/lib/arpq" ]; then
    block python >program.py
    PYTHONPATH="$bindings/../python/lib" prints Python /usr/bin/python3 program.py
else
    not_run "Python: the module is not built"
fi

if [ -d "$bindings/node/node/node_modules/koffi" ]; then
    mkdir -p node_modules
    ln -s "$bindings/node/node" node_modules/arpq
    block js >program.js
    prints JavaScript node --preserve-symlinks program.js
else
    not_run "JavaScript: the package is not built"
fi

if command -v cargo >/dev/null && [ -d "$bindings/rust/rust" ]; then
    make_crate
    export ARPQ_INCLUDE_DIR="$source/include" ARPQ_LIB_DIR="$libraries"
    prints Rust cargo run --offline --quiet --manifest-path crate/Cargo.toml \
        --target-dir "$bindings/rust/rust"
else
    not_run "Rust: the crates are not built"
fi
exit $status
