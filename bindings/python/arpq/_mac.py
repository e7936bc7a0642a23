# SPDX-License-Identifier: MIT
"""The class MAC."""
from . import _arpq
from ._constants import LinkType, Origin


class MAC(bytes):
    """A link-layer address: its bytes, with text as str.

    MAC("00:00:5e:00:53:2a") and MAC(bytes) make one. type is the kind of its link; origin tells
    what answered a lookup: the table, or this machine itself (an own address, a group).
    """

    type = LinkType.ETHER
    origin = Origin.TABLE

    def __new__(cls, address):
        return super().__new__(cls, _arpq._mac_parse(address))

    def __setattr__(self, name, value):
        raise AttributeError("a MAC is constant")

    def __delattr__(self, name):
        raise AttributeError("a MAC is constant")

    def __str__(self):
        return self.hex(":")

    def __repr__(self):
        return "MAC('%s')" % self.hex(":")

    def __format__(self, spec):
        return format(self.hex(":"), spec)

    def __reduce__(self):
        return _restore, (bytes(self), int(self.type), int(self.origin))

    @property
    def is_multicast(self):
        """Whether it is a group (of 6 or 8 bytes)."""
        return len(self) in (6, 8) and bool(self[0] & 1)

    @property
    def is_local(self):
        """Whether it is locally administered, as random addresses are."""
        return len(self) in (6, 8) and bool(self[0] & 2)


def _restore(address, link_type, origin):
    """What copy and pickle make a MAC with."""
    mac = MAC(address)
    if link_type != LinkType.ETHER:
        object.__setattr__(mac, "type", LinkType(link_type))
    if origin != Origin.TABLE:
        object.__setattr__(mac, "origin", Origin(origin))
    return mac
