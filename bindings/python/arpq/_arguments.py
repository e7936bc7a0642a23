# SPDX-License-Identifier: MIT
"""Arguments that several functions have: times, families, prefixes, filters."""
import ipaddress
import math
import socket

FOREVER = 0xFFFFFFFF
FAMILIES = {None: 0, 0: 0, 4: socket.AF_INET, 6: socket.AF_INET6,
            int(socket.AF_INET): socket.AF_INET, int(socket.AF_INET6): socket.AF_INET6}


def milliseconds(seconds, name="timeout"):
    """Seconds as whole milliseconds, rounded up; None is without limit, and gives None."""
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise TypeError("%s is a number of seconds or None, not %r" % (name, seconds))
    if not 0 <= seconds <= 2000000:
        raise ValueError("%s is from 0 to 2 000 000 seconds, or None for no limit; not %r"
                         % (name, seconds))
    return math.ceil(seconds * 1000)


def answer(seconds, name="timeout"):
    """The member answer_ms of options: at least 1, for 0 is the default of the library."""
    ms = milliseconds(seconds, name)
    return FOREVER if ms is None else max(ms, 1)


def family(value):
    """4, 6, AF_INET, AF_INET6, or None for both."""
    try:
        return int(FAMILIES[value])
    except (KeyError, TypeError):
        raise ValueError("family is 4, 6 or None for both, not %r" % (value,)) from None


def prefix(value):
    """An address and a length, from "10.0.0.0/8" or a network of ipaddress."""
    if value is None:
        return None, 0
    if isinstance(value, (ipaddress.IPv4Network, ipaddress.IPv6Network)):
        return value.network_address, value.prefixlen
    if isinstance(value, str):
        address, slash, length = value.partition("/")
        if not slash:
            return address, 128 if ":" in address else 32
        if length.isdecimal():
            return address, int(length)
        return address, ipaddress.ip_network("0.0.0.0/" + length).prefixlen
    packed = getattr(value, "packed", None)
    if not isinstance(packed, bytes):
        raise TypeError("a prefix is str (\"10.0.0.0/8\") or a network of ipaddress, not %r"
                        % (value,))
    return value, 8 * len(packed)


def filter_tuple(interface=None, master=None, family=None, prefix=None, states=0, flags=0,
                 protocol=0, mac=None, proxy=False):
    """A filter as the extension takes it."""
    address, length = _prefix(prefix)
    return (interface, master, _family(family), address, length, int(states), int(flags),
            int(protocol), mac, proxy)


_prefix, _family = prefix, family
