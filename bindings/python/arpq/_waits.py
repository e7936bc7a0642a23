# SPDX-License-Identifier: MIT
"""What waits for events and answers: each is an iterator, for "for" and for "async for"."""
from . import _arpq
from ._aio import closing, next_result
from ._arguments import filter_tuple, milliseconds, prefix as _prefix
from ._errors import BY_ERRNO, Error


def error_of(result):
    """The exception of a Resolved or Pinged, with the reply of a Pinged."""
    number = -result.code
    error = BY_ERRNO.get(number, Error)(number, _arpq.strerror(number), str(result.ip))
    error.reply = getattr(result, "reply", None)
    return error


class _Waits:
    """The common part: with, for, async for."""

    __slots__ = ()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Close it, and end the wait of a task or thread. It may be closed twice."""
        closing(self)
        super().close()

    def __aiter__(self):
        return self

    async def __anext__(self):
        return await next_result(self)

    def wait(self, timeout=None):
        """Return the next result, or None when the time (in seconds) has passed."""
        ms = milliseconds(timeout)
        return self.next(-1 if ms is None else ms)

    def __repr__(self):
        return "<arpq.%s, %s>" % (type(self).__name__, "closed" if self.closed else "open")


class Watch(_Waits, _arpq.Watch):
    """An iterator of changes (Event) that does not end: see Handle.watch."""

    __slots__ = ()


class Resolver(_Waits, _arpq.Resolver):
    """An iterator of results (Resolved), which ends when no address is pending."""

    __slots__ = ()

    def add(self, ip, interface=None, token=0):
        """Ask for one more address. token comes back with the result."""
        self._add(ip, interface, token)


class Pinger(_Waits, _arpq.Pinger):
    """An iterator of results (Pinged), which ends when no request is pending."""

    __slots__ = ()

    def add(self, ip, sequence=0, token=0):
        """Send one more echo request. token comes back with the result."""
        self._add(ip, sequence, token)


class Sweep(_Waits, _arpq.Sweep):
    """An iterator of the hosts (Found) that are there: see Handle.sweep."""

    __slots__ = ()

    def __new__(cls, handle, prefix, flags=0, interface=None, rate=0, attempts=0, answer_ms=0,
                source=None, vlan=0):
        address, length = _prefix(prefix)
        return super().__new__(cls, handle, address, length, flags, interface, rate, attempts,
                               answer_ms, source, vlan)


class Sniffer(_Waits, _arpq.Sniffer):
    """An iterator of frames (Sniffed) that does not end: see Handle.sniff."""

    __slots__ = ()


class Mirror(_arpq.Mirror):
    """The table in memory: see Handle.mirror."""

    __slots__ = ()

    def __new__(cls, handle, thread=True, receive_buffer=0, damping_ms=10000):
        return super().__new__(cls, handle, thread, receive_buffer, damping_ms)

    def table(self, **filters):
        """Return the list of entries (Neigh), filtered as Handle.table does it."""
        return self._table(filter_tuple(**filters))[0]

    def __iter__(self):
        return iter(self.table())

    def __len__(self):
        return self.stats().entries

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __repr__(self):
        return "<arpq.Mirror, %s>" % ("closed" if self.closed else "open")
