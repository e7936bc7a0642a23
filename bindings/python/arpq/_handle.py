# SPDX-License-Identifier: MIT
"""The class Handle."""
import os

from . import _arpq
from ._aio import collect
from ._arguments import FOREVER, answer, family as _family, filter_tuple, milliseconds
from ._constants import GatewaysFlag, InterfacesFlag, TableFlag, WatchFlag
from ._waits import Mirror, Pinger, Resolver, Sniffer, Sweep, Watch, error_of


class List(list):
    """A list with what the library says of it.

    inconsistent is true when entries may be missing, because they changed during every attempt to
    read them; malformed counts those that were left out because the kernel's message was bad.
    """

    __slots__ = ("inconsistent", "malformed")

    def __init__(self, items=(), inconsistent=False, malformed=0):
        super().__init__(items)
        self.inconsistent = inconsistent
        self.malformed = malformed


def _table(result):
    items, flags, malformed = result
    return List(items, bool(flags & TableFlag.INCONSISTENT), malformed)


def _only(results, member):
    """The answer of the only result."""
    if results[0].code != 0:
        raise error_of(results[0])
    return getattr(results[0], member)


def _each(results, member, return_exceptions):
    """The answers in the order of the questions."""
    return [getattr(result, member) if result.code == 0 else
            error_of(result) if return_exceptions else None for result in results]


def _open_namespace(netns, pid):
    """The descriptor of a namespace, and whether it is to be closed."""
    if pid is not None:
        if netns is not None:
            raise TypeError("give netns or pid, not both")
        netns = "/proc/%d/ns/net" % pid
    if netns is None:
        return -1, False
    if isinstance(netns, int):
        if netns < 0:
            raise ValueError("netns is a descriptor, a path or a name, not %d" % netns)
        return netns, False
    if hasattr(netns, "fileno"):
        return netns.fileno(), False
    path = os.fspath(netns)
    if "/" not in path:
        path = os.path.join("/run/netns", path)
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC), True


class Handle(_arpq.Handle):
    """The sockets of the library, and what it knows of this machine's interfaces.

    netns  the network namespace: a descriptor, a path, or a name that ip-netns(8) made; None is
           that of the calling thread.
    pid    instead of netns: the namespace of a process.

    Any number of threads may use a handle. What is opened on it works on after it is closed.

    In an event loop resolve, resolve_many, ping and ping_many return an awaitable of what they
    return elsewhere, and watches, sweeps and the like are iterators for "async for".
    """

    __slots__ = ()

    def __init__(self, netns=None, *, pid=None):
        fd, opened = _open_namespace(netns, pid)
        try:
            super().__init__(fd)
        finally:
            if opened:
                os.close(fd)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __repr__(self):
        return "<arpq.Handle, %s>" % ("closed" if self.closed else "open")

    # ---- Many addresses ----

    def lookup_many(self, ips, interface=None, *, flags=0, return_exceptions=False):
        """Return a list with the MAC of each address, and None for one that is not known.

        With return_exceptions the list has the exception that lookup would raise, as in
        asyncio.gather.
        """
        return self._lookup_many(ips, interface, int(flags), return_exceptions)

    def get_many(self, ips, interface=None, *, flags=0, return_exceptions=False):
        """Return a list with the whole entry (Neigh) of each address; as lookup_many."""
        return self._get_many(ips, interface, int(flags), return_exceptions)

    # ---- Lists ----

    def table(self, **filters):
        """Return the neighbour table as a List of Neigh.

        interface  entries of this interface (name or ifindex)
        master     entries of the ports of this bridge, bond or VRF
        family     4 or 6
        prefix     entries in this prefix: "10.0.0.0/8", or a network of ipaddress
        states     entries in one of these states (State)
        flags      entries with all of these flags (NeighFlag)
        protocol   entries that this protocol made (Protocol)
        mac        entries with this MAC
        proxy      the proxy entries, and no others
        """
        return _table(self._table(filter_tuple(**filters)))

    def find_mac(self, mac, **filters):
        """Return the List of the entries that have a MAC: which IP addresses has it?"""
        if mac is None:
            raise TypeError("find_mac needs a MAC")
        return self.table(mac=mac, **filters)

    def interfaces(self, *, read=False):
        """Return the List of interfaces, with their addresses.

        With read they are read from the kernel now, with statistics, alternative names and texts.
        """
        items, flags = self._interfaces(InterfacesFlag.READ if read else 0)
        return List(items, bool(flags & InterfacesFlag.INCONSISTENT))

    def gateways(self, family=None, *, all_tables=False):
        """Return the List of default routes (Gateway), those that the kernel uses first."""
        items, flags = self._gateways(_family(family), int(all_tables))
        return List(items, bool(flags & GatewaysFlag.INCONSISTENT))

    def table_stats(self, family):
        """Return the kernel's figures for the table of a family, 4 or 6 (TableStats)."""
        return self._table_stats(_family(family))

    # ---- Resolving ----

    def resolve(self, ip, interface=None, *, timeout=3.5, flags=0):
        """Return the entry (Neigh) of an address, which the kernel asks for if it must.

        timeout is in seconds; None is without limit, and 0 asks and does not wait. Raise
        Unreachable when nobody answers.
        """
        if timeout == 0:
            return self._resolve_at_once(ip, interface, int(flags))
        resolver = self.resolver(timeout=timeout, flags=flags)
        return collect(resolver, [ip], lambda _, ip: resolver.add(ip, interface),
                       lambda results: _only(results, "neigh"))

    def resolve_many(self, ips, interface=None, *, timeout=3.5, flags=0, max_age=0, window=0,
                     return_exceptions=False):
        """Resolve many addresses at a time; return the list of their entries (Neigh).

        timeout is for each address, from when it is asked for. An address that does not resolve
        is None, or with return_exceptions the exception.
        """
        resolver = self.resolver(timeout=timeout, flags=flags, max_age=max_age, window=window)
        return collect(resolver, list(ips),
                       lambda number, ip: resolver.add(ip, interface, number),
                       lambda results: _each(results, "neigh", return_exceptions))

    def resolver(self, *, timeout=3.5, flags=0, max_age=0, window=0):
        """Return a Resolver, to which addresses can be added while it works."""
        return Resolver(self, int(flags), answer(timeout), milliseconds(max_age, "max_age"),
                        window)

    # ---- Events and the wire ----

    def watch(self, *, existing=False, interfaces=False, addresses=False, neighbours=True,
              receive_buffer=0, damping=10, **filters):
        """Return a Watch, an iterator of changes (Event), also for "async for".

        existing    first an event for all that is there
        interfaces, addresses, neighbours   what to tell of
        filters     which neighbours, as for table
        """
        flags = ((WatchFlag.EXISTING if existing else 0) |
                 (WatchFlag.INTERFACES if interfaces else 0) |
                 (WatchFlag.ADDRESSES if addresses else 0) |
                 (0 if neighbours else WatchFlag.NO_NEIGHBOURS))
        return Watch(self, filter_tuple(**filters), int(flags), receive_buffer,
                     milliseconds(damping, "damping"))

    def mirror(self, *, thread=True, receive_buffer=0, damping=10):
        """Return a Mirror, a copy of the table in memory that answers without system calls."""
        return Mirror(self, thread, receive_buffer, milliseconds(damping, "damping"))

    def sweep(self, prefix, *, interface=None, rate=0, attempts=0, timeout=None, source=None,
              vlan=0, flags=0):
        """Return a Sweep, an iterator of the hosts (Found) that are there in a prefix.

        timeout is how long to wait after the last packet; None is the library's choice.
        """
        return Sweep(self, prefix, int(flags), interface, rate, attempts,
                     0 if timeout is None else answer(timeout), source, vlan)

    def sniff(self, *, interface=None, flags=0, receive_buffer=0, damping=10, claims=0):
        """Return a Sniffer, an iterator of the ARP and NDP frames that are heard (Sniffed)."""
        return Sniffer(self, int(flags), interface, receive_buffer,
                       milliseconds(damping, "damping"), claims)

    def ping(self, ip, interface=None, *, timeout=1, size=56, hop_limit=0, source=None, flags=0):
        """Send an ICMP echo request; return the reply (PingReply).

        Raise TimedOut without a reply, and Unreachable or TimedOut with reply set for an error
        that somebody reports.
        """
        pinger = self.pinger(interface, timeout=timeout, size=size, hop_limit=hop_limit,
                             source=source, flags=flags)
        return collect(pinger, [ip], lambda _, ip: pinger.add(ip),
                       lambda results: _only(results, "reply"))

    def ping_many(self, ips, interface=None, *, timeout=1, size=56, window=0,
                  return_exceptions=False):
        """Ping many addresses at a time; return the list of replies, as resolve_many does it."""
        pinger = self.pinger(interface, timeout=timeout, size=size, window=window)
        return collect(pinger, list(ips), lambda number, ip: pinger.add(ip, 0, number),
                       lambda results: _each(results, "reply", return_exceptions))

    def pinger(self, interface=None, *, timeout=1, size=56, hop_limit=0, source=None, window=0,
               flags=0):
        """Return a Pinger, to which targets can be added while it works."""
        if timeout is None:
            raise ValueError("a ping needs a timeout in seconds")
        return Pinger(self, int(flags), interface, answer(timeout), size or FOREVER, hop_limit,
                      source, window)

