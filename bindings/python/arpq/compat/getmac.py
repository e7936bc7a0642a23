# SPDX-License-Identifier: MIT
"""The interface of getmac: ``from arpq.compat.getmac import get_mac_address``."""
import socket

from .. import Error, Handle

_handles = {}


def _handle():
    """One handle of the process."""
    if "handle" not in _handles:
        _handles["handle"] = Handle()
    return _handles["handle"]


def get_mac_address(interface=None, ip=None, ip6=None, hostname=None, network_request=True):
    """Return a MAC as text, or None.

    interface  the MAC of an interface of this machine
    ip, ip6    the MAC of an IPv4 or IPv6 address; an address behind a gateway has none
    hostname   the same of a name, which is resolved to IPv4
    Without these, the MAC of the interface that the default route leads to.
    network_request  whether the kernel may ask for an address that it does not know
    """
    if hostname is not None and ip is None and ip6 is None:
        ip = _resolve_name(hostname)
        if ip is None:
            return None
    try:
        if ip is not None or ip6 is not None:
            return _of_address(ip if ip is not None else ip6, network_request)
        return _of_interface(interface)
    except (Error, ValueError):
        return None


def _resolve_name(hostname):
    try:
        return socket.gethostbyname(hostname)
    except OSError:
        return None


def _of_address(address, network_request):
    mac = _handle().lookup(address, default=None)
    if mac is None and network_request:
        with _handle().resolver() as resolver:
            resolver.add(address)
            neigh = next(resolver).neigh
        mac = neigh and neigh.mac
    return None if mac is None else str(mac)


def _of_interface(interface):
    handle = _handle()
    index = None
    if interface is None:
        for gateway in handle.gateways():
            index = gateway.ifindex
            break
    else:
        index = handle.interface_index(interface)
    for link in handle.interfaces():
        if link.ifindex == index and link.mac:
            return str(link.mac)
    return None
