# SPDX-License-Identifier: MIT
"""Which link-layer (MAC) address does this IP address have?

The kernel's neighbour tables (ARP and NDP) by libarpq::

    import arpq

    with arpq.Handle() as handle:
        print(handle.lookup("192.0.2.1"))          # 00:00:5e:00:53:2a
        for neigh in handle.table(family=4):
            print(neigh.ip, neigh.mac, neigh.state)

arpq.h and libarpq(7) describe what the functions of the C library do, which have the same names.
"""
from ._arpq import (Address, Event, Found, Gateway, Interface, InterfaceStats, Neigh, Pinged,
                    PingReply, Resolved, Sniffed, SnifferStats, SweepStats, SyncStats, TableStats,
                    version)
from ._constants import *  # noqa: F401,F403 - the enumerations are part of the interface
from ._constants import ABI
from ._errors import (BadArgument, Busy, Cancelled, Error, InProgress, NoDevice, NoPermission,
                      NotDirect, NotFound, NotSupported, TimedOut, Unreachable)
from ._mac import MAC
from ._classes import install as _install

_install()

from ._handle import Handle, List  # noqa: E402 - needs the classes
from ._waits import Mirror, Pinger, Resolver, Sniffer, Sweep, Watch  # noqa: E402

__version__ = version()
