# SPDX-License-Identifier: MIT
"""Gives the extension the classes that are written in Python."""
import enum
import importlib
import ipaddress

from . import _arpq, _constants, _errors, _mac


def _parsers():
    """The classes that python-arpreq takes as IPv4 addresses, as far as they are installed."""
    found = []
    for module, name in (("ipaddr", "IPv4Address"), ("ipaddress", "IPv4Address"),
                         ("netaddr", "IPAddress")):
        try:
            found.append(getattr(importlib.import_module(module), name))
        except ImportError:
            pass
    return tuple(found)


def install():
    """Called once, before anything is used."""
    classes = {name: value for name, value in vars(_constants).items()
               if isinstance(value, enum.EnumMeta)}
    classes.update(errors=_errors.BY_ERRNO, Error=_errors.Error, MAC=_mac.MAC,
                   IPv4Address=ipaddress.IPv4Address, IPv6Address=ipaddress.IPv6Address,
                   parsers=_parsers())
    _arpq._set_classes(classes)
