# SPDX-License-Identifier: MIT
"""Write what the ABI description says for the extension and for Python.

usage: generate.py ARPQ-ABI.JSON DIRECTORY PACKAGE

DIRECTORY receives value_numbers.h, which numbers enumerations and structs; value_tables.h, the
structs as tables of their members; enum_names.h; abi_sizes.h, what the module checks at import. PACKAGE
receives _constants.py, the enumerations and flags, and _arpq.pyi, the types of the values.
"""
import json
import os
import sys

# The structs that Python sees as values, and their names there.
VALUES = {
    "arpq_neigh": "Neigh",
    "arpq_table_stats": "TableStats",
    "arpq_resolved": "Resolved",
    "arpq_interface": "Interface",
    "arpq_interface_stats": "InterfaceStats",
    "arpq_address": "Address",
    "arpq_gateway": "Gateway",
    "arpq_event": "Event",
    "arpq_sync_stats": "SyncStats",
    "arpq_ping_reply": "PingReply",
    "arpq_pinged": "Pinged",
    "arpq_found": "Found",
    "arpq_sweep_stats": "SweepStats",
    "arpq_sniffed": "Sniffed",
    "arpq_sniffer_stats": "SnifferStats",
}

# The sets of names that become classes: name of the class, and whether values are or-ed.
ENUMS = {
    "STATE": ("State", True),
    "NEIGH_FLAG": ("NeighFlag", True),
    "EVENT": ("EventType", False),
    "EVENT_FLAG": ("EventFlag", True),
    "SNIFFED": ("SniffedType", False),
    "SNIFFED_FLAG": ("SniffedFlag", True),
    "FOUND_FLAG": ("FoundFlag", True),
    "ARP_OPERATION": ("ArpOperation", False),
    "OPERSTATE": ("OperState", False),
    "LINK_MODE": ("LinkMode", False),
    "SCOPE": ("Scope", False),
    "ADDRESS_FLAG": ("AddressFlag", True),
    "ADDRESS_PROTOCOL": ("AddressProtocol", False),
    "INTERFACE_FLAG": ("InterfaceFlag", True),
    "LINK_TYPE": ("LinkType", False),
    "PROTOCOL": ("Protocol", False),
    "SWEEP_METHOD": ("SweepMethod", False),
    "TABLE_FLAG": ("TableFlag", True),
    "PING_FLAG": ("PingFlag", True),
    "MAC_STYLE": ("MacStyle", True),
    "LOOKUP": ("Lookup", True),
    "FILTER": ("Filter", True),
    "RESOLVE": ("Resolve", True),
    "INTERFACES": ("InterfacesFlag", True),
    "WATCH": ("WatchFlag", True),
    "SWEEP": ("SweepFlag", True),
    "SNIFFER": ("SnifferFlag", True),
    "ORIGIN": ("Origin", False),
    "GATEWAY_FLAG": ("GatewayFlag", True),
    "GATEWAYS": ("GatewaysFlag", True),
}

# The class of a member that is a number to C.
MEMBERS = {
    ("arpq_neigh", "state"): "State",
    ("arpq_neigh", "flags"): "NeighFlag",
    ("arpq_neigh", "protocol"): "Protocol",
    ("arpq_interface", "flags"): "InterfaceFlag",
    ("arpq_interface", "type"): "LinkType",
    ("arpq_interface", "operstate"): "OperState",
    ("arpq_interface", "linkmode"): "LinkMode",
    ("arpq_address", "flags"): "AddressFlag",
    ("arpq_address", "scope"): "Scope",
    ("arpq_address", "protocol"): "AddressProtocol",
    ("arpq_gateway", "flags"): "GatewayFlag",
    ("arpq_gateway", "protocol"): "Protocol",
    ("arpq_event", "type"): "EventType",
    ("arpq_event", "flags"): "EventFlag",
    ("arpq_event", "old_state"): "State",
    ("arpq_ping_reply", "flags"): "PingFlag",
    ("arpq_found", "flags"): "FoundFlag",
    ("arpq_sweep_stats", "method"): "SweepMethod",
    ("arpq_sniffed", "type"): "SniffedType",
    ("arpq_sniffed", "flags"): "SniffedFlag",
    ("arpq_sniffed", "operation"): "ArpOperation",
}

# Seconds that may be without limit: None in Python.
LIFETIMES = {("arpq_address", "valid_s"), ("arpq_address", "preferred_s"),
             ("arpq_gateway", "valid_s")}

# Members that Python has in another form: the addresses and names of an interface.
HIDDEN = {"address_first", "address_count", "altname_first", "altname_count"}

RENAMED = {"from": "from_"}  # a keyword

KINDS = {
    "uint8_t": "VALUE_U8", "uint16_t": "VALUE_U16", "uint32_t": "VALUE_U32",
    "uint64_t": "VALUE_U64", "int32_t": "VALUE_I32", "int64_t": "VALUE_I64",
    "char": "VALUE_TEXT", "struct arpq_ip": "VALUE_IP", "struct arpq_mac": "VALUE_MAC",
}


def constant(name):
    """VALUE_INTERFACE_STATS of InterfaceStats"""
    return "".join("_" + c if c.isupper() and i else c for i, c in enumerate(name)).upper()


def field(struct, member):
    """The line of a member in the table of its struct, or None."""
    name, kind = member["name"], member["type"]
    if name.startswith("reserved") or name in HIDDEN:
        return None
    extra = "-1"
    if (struct, name) in MEMBERS:
        extra = "ENUM_" + constant(MEMBERS[struct, name])
    if (struct, name) in LIFETIMES:
        code = "VALUE_LIFETIME"
    elif kind in KINDS:
        code = KINDS[kind]
    else:
        code, extra = "VALUE_STRUCT", "TYPE_" + constant(VALUES[kind.split()[1]])
    return '    {"%s", %s, %s, %d},' % (RENAMED.get(name, name), code, extra, member["offset"])


def write_numbers(out):
    """The numbers of enumerations and structs."""
    print("enum {", file=out)
    for name, _ in ENUMS.values():
        print("    ENUM_%s," % constant(name), file=out)
    print("    ENUM_COUNT\n};\nenum {", file=out)
    for name in VALUES.values():
        print("    TYPE_%s," % constant(name), file=out)
    print("    TYPE_COUNT\n};", file=out)


def write_tables(abi, out):
    """The members of the structs."""
    structs = {struct["name"]: struct for struct in abi["structs"]}
    for struct, name in VALUES.items():
        print("static struct value_field fields_%s[] = {" % name, file=out)
        for member in structs[struct]["members"]:
            line = field(struct, member)
            if line:
                print(line, file=out)
        print("    {0},\n};", file=out)
    print("static const struct value_layout value_layouts[TYPE_COUNT] = {", file=out)
    for struct, name in VALUES.items():
        print('    {"arpq.%s", %d, fields_%s},' % (name, structs[struct]["size"], name), file=out)
    print("};", file=out)


def write_enum_names(out):
    """The names of the enumerations, in the order of their numbers."""
    print("static const char *const enum_names[ENUM_COUNT] = {", file=out)
    for name, _ in ENUMS.values():
        print('    "%s",' % name, file=out)
    print("};", file=out)


def write_sizes(abi, out):
    """The number of the ABI and the sizes of all structs without pointers."""
    print("static const uint32_t abi_number = %d;" % abi["abi"], file=out)
    print("static const struct abi_size abi_sizes[] = {", file=out)
    for struct in abi["structs"]:
        if not struct["pointers"]:
            print('    {"%s", %d},' % (struct["name"], struct["size"]), file=out)
    print("    {0},\n};", file=out)


def write_constants(abi, out):
    """The enumerations in Python."""
    sets = {names["name"]: names["names"] for names in abi["sets"]}
    print("# Generated from arpq-abi.json by generate.py.", file=out)
    print('"""Enumerations and flags of the kernel and of libarpq."""', file=out)
    print("from enum import IntEnum, IntFlag\n\nABI = %d" % abi["abi"], file=out)
    for label, (name, flags) in ENUMS.items():
        print("\n\nclass %s(%s):" % (name, "IntFlag" if flags else "IntEnum"), file=out)
        print('    """ARPQ_NAMES_%s of arpq.h"""\n' % label, file=out)
        for item in sets[label]:
            word = item["name"]
            if not word.isidentifier():
                word = "N" + word
            print("    %s = 0x%x" % (word, item["value"]), file=out)


PYTHON_TYPES = {"char": "str", "struct arpq_ip": "IPAddress | None",
                "struct arpq_mac": "MAC | None"}

# What list.c adds to an interface.
EXTRAS = {"Interface": (("addresses", "tuple[Address, ...]"), ("altnames", "tuple[str, ...]"),
                        ("stats", "InterfaceStats | None"), ("alias", "str"), ("device", "str"),
                        ("bus", "str"))}


def python_type(struct, member):
    """The type of a member for a type checker."""
    kind = member["type"]
    if (struct, member["name"]) in MEMBERS:
        return "_constants." + MEMBERS[struct, member["name"]]
    if (struct, member["name"]) in LIFETIMES:
        return "int | None"
    if kind in PYTHON_TYPES:
        return PYTHON_TYPES[kind]
    return VALUES[kind.split()[1]] + " | None" if kind.startswith("struct") else "int"


def write_stub(abi, out):
    """The values for a type checker."""
    structs = {struct["name"]: struct for struct in abi["structs"]}
    print("# Generated from arpq-abi.json by generate.py.", file=out)
    print("from ipaddress import IPv4Address, IPv6Address\nfrom typing import Any\n", file=out)
    print("from . import _constants\nfrom ._mac import MAC\n", file=out)
    print("IPAddress = IPv4Address | IPv6Address\n\n", file=out)
    print("def version() -> str: ...\ndef strerror(number: int, /) -> str: ...", file=out)
    print("def name(set: int, value: int, /) -> str: ...", file=out)
    print("def arpreq(address: Any, /) -> str | None: ...", file=out)
    print("def arpreqb(address: Any, /) -> bytes | None: ...", file=out)
    for struct, name in VALUES.items():
        print("\nclass %s:" % name, file=out)
        for member in structs[struct]["members"]:
            if field(struct, member):
                print("    @property\n    def %s(self) -> %s: ..."
                      % (RENAMED.get(member["name"], member["name"]), python_type(struct, member)),
                      file=out)
        for label, kind in EXTRAS.get(name, ()):
            print("    @property\n    def %s(self) -> %s: ..." % (label, kind), file=out)
        print("    def _asdict(self) -> dict[str, Any]: ...", file=out)


def main(source, directory, package):
    """Write all files."""
    with open(source, encoding="ascii") as text:
        abi = json.load(text)
    for name, write in (("value_numbers.h", write_numbers), ("enum_names.h", write_enum_names),
                        ("value_tables.h", lambda out: write_tables(abi, out)),
                        ("abi_sizes.h", lambda out: write_sizes(abi, out))):
        with open(os.path.join(directory, name), "w", encoding="ascii") as out:
            print("/* Generated from arpq-abi.json by generate.py. */", file=out)
            write(out)
    for name, write in (("_constants.py", write_constants), ("_arpq.pyi", write_stub)):
        with open(os.path.join(package, name), "w", encoding="ascii") as out:
            write(abi, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
