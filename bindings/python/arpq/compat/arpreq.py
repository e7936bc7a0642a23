# SPDX-License-Identifier: MIT
"""The interface of python-arpreq: ``from arpq.compat.arpreq import arpreq, arpreqb``.

The MAC of an IPv4 address that the kernel's table has, or that an interface has; None for others.
Arguments, results and exceptions are those of python-arpreq 0.3.4. Two faults of it are mended:
addresses with a label (eth0:1) and the neighbours behind them, and neighbours that only a route
makes reachable, give a MAC.
"""
from .._arpq import arpreq, arpreqb

__all__ = ["arpreq", "arpreqb"]
