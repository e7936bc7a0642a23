#!/bin/sh
# SPDX-License-Identifier: MIT
# json.sh SOURCE CC NAMES... - check include/arpq-abi.json: it is what scripts/abi-json makes of
# the header and the library (NAMES is how to start tests/abi/names.c); the compiler agrees with
# every size, offset, value and signature in it; its functions are those of the version script.
set -eu
source=$1 cc=$2
shift 2
json=$source/include/arpq-abi.json
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export LC_ALL=C

"$@" >"$tmp/names"
"$source/scripts/abi-json" "$source/include/arpq.h" <"$tmp/names" >"$tmp/json"
diff "$json" "$tmp/json" || {
    echo "FAIL: arpq-abi.json differs (>): cmake --build DIR --target abi_json writes it again"
    exit 1
}

# The compiler knows nothing of the script: what it accepts is true on this machine.
cat >"$tmp/asserts.jq" <<'JQ'
def check(condition): "_Static_assert(\(condition), \(condition | @json));";
def arguments: if .parameters == [] then "void" else [.parameters[].type] | join(", ") end;
def member($s): "((struct \($s) *)0)->\(.name)";
def layout($size; $offset):
    .name as $s | check("sizeof(struct \($s)) == \(.[$size])"),
    (.members[] | check("offsetof(struct \($s), \(.name)) == \(.[$offset])"),
        check("sizeof(\(member($s))) == \(.[$size] * .count)"),
        check("_Generic(&\(member($s)), \(.type) (*)\(if .array then "[\(.count)]" else "" end): 1)"));
def kernel: {OPERSTATE: "IF_OPER_", ADDRESS_PROTOCOL: "IFAPROT_", INTERFACE_FLAG: "IFF_",
             LINK_TYPE: "ARPHRD_", PROTOCOL: "RTPROT_", ERROR: ""};

"#include <arpq.h>", "#include <errno.h>", "#include <linux/if.h>", "#include <linux/if_addr.h>",
"#include <linux/if_arp.h>", "#include <linux/rtnetlink.h>",
(.constants[] | check("\(.name) == \(.value)u")),
(.structs[] | select(.pointers | not) | layout("size"; "offset"),
    check("_Alignof(struct \(.name)) <= \(.align)")),
"#if __SIZEOF_POINTER__ == 8",
(.structs[] | check("_Alignof(struct \(.name)) == \(.align)")),
(.structs[] | select(.pointers) | layout("size"; "offset")),
"#else",
(.structs[] | select(.pointers) | layout("size32"; "offset32")),
"#endif",
(.callbacks[] | check("_Generic((\(.name))0, \(.returns) (*)(\(arguments)): 1)")),
(.functions[] | check("_Generic(&\(.name), \(.returns) (*)(\(arguments)): 1)")),
(.sets[] | kernel[.name] as $prefix | select($prefix) | .name as $set | .names[] | "\($prefix)\(.name)" as $name |
    if $set == "OPERSTATE" then check("\($name) == \(.value)")
    else "#ifdef \($name)", check("\($name) == \(.value)"), "#endif" end)
JQ
jq -r -f "$tmp/asserts.jq" "$json" >"$tmp/asserts.c"
grep -c _Static_assert "$tmp/asserts.c" >"$tmp/count"
"$cc" -std=c11 -D_GNU_SOURCE -Wall -Wextra -I"$source/include" -fsyntax-only "$tmp/asserts.c" || {
    echo "FAIL: the compiler disagrees with arpq-abi.json"
    exit 1
}

jq -r '.functions[].name' "$json" | sort >"$tmp/functions"
grep -oE '^ +arpq_[a-z0-9_]+;' "$source/src/libarpq.map" | tr -d ' ;' | sort >"$tmp/map"
diff "$tmp/functions" "$tmp/map" || { echo "FAIL: other functions than in the map"; exit 1; }

size=size
[ "$(echo __SIZEOF_POINTER__ | "$cc" -E -P - | tr -d '\n')" = 8 ] || size=size32
jq -r --arg size "$size" '.structs[] | "\(.name) \(.[$size] // .size)"' "$json" >"$tmp/structs"
# shellcheck disable=SC2046 # a list of names
"$@" $(cut -d' ' -f1 "$tmp/structs") | diff "$tmp/structs" - || {
    echo "FAIL: arpq_sizeof differs"
    exit 1
}
echo "ok: $(cat "$tmp/count") facts, $(wc -l <"$tmp/functions") functions"
