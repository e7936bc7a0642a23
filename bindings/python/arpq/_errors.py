# SPDX-License-Identifier: MIT
"""The exceptions: OSErrors with errno, and the kernel's words in detail."""
import errno


class Error(OSError):
    """The library or the kernel refused a request.

    errno is the number, strerror what it means, filename the address or interface in question,
    and detail the kernel's own words, or "".
    """

    detail = ""

    def __str__(self):
        text = super().__str__()
        return "%s (kernel: %s)" % (text, self.detail) if self.detail else text


class NotFound(Error, LookupError):
    """The address is directly reachable, but the kernel has no entry for it: see Handle.resolve."""


class InProgress(NotFound):
    """The kernel is resolving the address: ask again, or see Handle.resolve."""


class Unreachable(NotFound):
    """The kernel's entry has failed, or nobody answered."""


class NotDirect(NotFound):
    """No interface reaches the address directly: see Lookup.VIA_GATEWAY."""


class NoDevice(Error, LookupError):
    """There is no such interface."""


class NotSupported(Error):
    """The link has no link-layer addresses, or the system refuses what the request needs."""


class BadArgument(Error, ValueError):
    """An argument makes no sense: the unspecified address, or a link-local one without scope."""


class NoPermission(Error, PermissionError):
    """The request needs a privilege: CAP_NET_ADMIN to change, CAP_NET_RAW to send packets."""


class Busy(Error):
    """The interface is a port of a bridge or bond: use that one, which detail names."""


class Cancelled(Error):
    """Handle.wake ended the wait."""


class TimedOut(Error, TimeoutError):
    """No answer came in time."""


BY_ERRNO = {
    errno.ENOENT: NotFound,
    errno.EAGAIN: InProgress,
    errno.EHOSTUNREACH: Unreachable,
    errno.ENETUNREACH: NotDirect,
    errno.ENODEV: NoDevice,
    errno.EOPNOTSUPP: NotSupported,
    errno.EAFNOSUPPORT: NotSupported,
    errno.EINVAL: BadArgument,
    errno.E2BIG: BadArgument,
    errno.EPERM: NoPermission,
    errno.EACCES: NoPermission,
    errno.EBUSY: Busy,
    errno.ECANCELED: Cancelled,
    errno.ETIMEDOUT: TimedOut,
    errno.ETIME: TimedOut,
}
