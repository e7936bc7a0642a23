# SPDX-License-Identifier: MIT
"""The interface of netifaces: ``from arpq.compat import netifaces``.

interfaces, ifaddresses and gateways, and the constants of address families.
"""
import ipaddress
import socket

from .. import GatewayFlag, Handle, InterfaceFlag

version = "0.11.0"  # of the interface

_NAMES = {name: int(getattr(socket, name)) for name in sorted(dir(socket)) if name.startswith("AF_")}
_NAMES.update(AF_FILE=1, AF_NETLINK=16, AF_ISDN=34)  # the names that netifaces has for these numbers
address_families = {number: name for name, number in _NAMES.items() if name != "AF_ROUTE"}
globals().update(_NAMES)
AF_INET = int(socket.AF_INET)
AF_INET6 = int(socket.AF_INET6)
AF_PACKET = AF_LINK = int(socket.AF_PACKET)
IN6_IFF_AUTOCONF = 1024
IN6_IFF_TEMPORARY = 128
IN6_IFF_DYNAMIC = 8

_handles = {}


def _handle():
    """One handle of the process."""
    if "handle" not in _handles:
        _handles["handle"] = Handle()
    return _handles["handle"]


def interfaces():
    """Return the names of the interfaces, and the labels of addresses that have one."""
    links = _handle().interfaces()
    names = [link.name for link in links]
    for link in links:
        for address in link.addresses:
            if address.label and address.label not in names:
                names.append(address.label)
    return names


def ifaddresses(name):
    """Return a dict: the number of a family -> a list of dicts with addr, netmask and others.

    name is that of an interface, or the label of an address. ValueError for another.
    """
    for link in _handle().interfaces():
        found = {}
        if link.name == name and link.mac:
            found[AF_PACKET] = [_entry(link, str(link.mac), link.broadcast)]
        for address in link.addresses:
            if (address.label or link.name) == name:
                family = AF_INET if address.ip.version == 4 else AF_INET6
                found.setdefault(family, []).append(_address(link, address, family))
        if found or link.name == name:
            return found
    raise ValueError("You must specify a valid interface name.")


def _entry(link, address, other, netmask=None):
    """The dict of an address; other is the broadcast address or the other end."""
    entry = {"addr": address}
    if netmask is not None:
        entry["netmask"] = netmask
    if other is not None:
        kinds = InterfaceFlag.POINTOPOINT | InterfaceFlag.LOOPBACK
        entry["peer" if link.flags & kinds else "broadcast"] = str(other)
    return entry


def _address(link, address, family):
    """As getifaddrs(3) has it: an IPv4 address without broadcast address has itself in its place."""
    if family == AF_INET:
        network = ipaddress.IPv4Network((0, address.prefix_length))
        other = address.peer or address.ip
        if address.broadcast and not link.flags & InterfaceFlag.POINTOPOINT:
            other = address.broadcast
        return _entry(link, str(address.ip), other, str(network.netmask))
    network = ipaddress.IPv6Network((0, address.prefix_length))
    text = str(ipaddress.IPv6Address(int(address.ip)))
    if address.ip.is_link_local:
        text += "%" + link.name
    return _entry(link, text, address.peer, "%s/%d" % (network.netmask, address.prefix_length))


def gateways(old_api=False):
    """Return a dict: family -> list of (gateway, interface, is default), "default" -> those used.

    The default of a family is the gateway that the kernel uses. With old_api the tuples have no
    third item.
    """
    names = {link.ifindex: link.name for link in _handle().interfaces()}
    result = {"default": {}}
    for gateway in _handle().gateways():
        if gateway.ip is None or gateway.flags & GatewayFlag.SELECTIVE:
            continue
        family = AF_INET if gateway.family == AF_INET else AF_INET6
        name = names.get(gateway.ifindex, str(gateway.ifindex))
        text = str(gateway.ip).split("%", 1)[0]
        default = family not in result["default"]
        if default:
            result["default"][family] = (text, name)
        entry = (text, name) if old_api else (text, name, default)
        result.setdefault(family, []).append(entry)
    return result
