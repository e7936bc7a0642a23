# SPDX-License-Identifier: MIT
"""Nanoseconds a call, the best of five rounds.

usage: run.sh BUILD LIBRARY bench   (the path of python-arpreq may be in PYTHON_ARPREQ)
"""
import ctypes
import importlib.util
import os
import time
import unittest

import arpq
import net
from arpq.compat.arpreq import arpreq


def best(function, *args, calls=10000, **kwargs):
    """The time of one call."""
    rounds = []
    for _ in range(5):
        start = time.perf_counter_ns()
        for _ in range(calls):
            function(*args, **kwargs)
        rounds.append((time.perf_counter_ns() - start) // calls)
    return min(rounds)


def by_ctypes():
    """A lookup by ctypes, as short as it can be."""
    library = ctypes.CDLL(os.environ["ARPQ_TEST_LIBRARY"])
    handle = ctypes.c_void_p()
    library.arpq_open(ctypes.byref(handle), None)
    call = library.arpq_lookup_text
    call.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint32,
                     ctypes.c_void_p]

    def lookup(ip):
        mac = ctypes.create_string_buffer(36)
        if call(handle, ip.encode(), None, 0, mac) != 0:
            return None
        return arpq.MAC(mac.raw[:mac.raw[34]])

    return lookup


def original():
    """python-arpreq, if the environment names it."""
    path = os.environ.get("PYTHON_ARPREQ")
    if not path:
        return None
    spec = importlib.util.spec_from_file_location("arpreq", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.arpreq


class Bench(unittest.TestCase):
    """Not a test: it prints a table."""

    def test_lookups(self):
        net.set_up()
        handle = arpq.Handle()
        mirror = handle.mirror()
        rows = [("Handle.lookup", lambda ip: handle.lookup(ip, default=None)),
                ("Handle.get", lambda ip: handle.get(ip, default=None)),
                ("Mirror.lookup", lambda ip: mirror.lookup(ip, default=None)),
                ("ctypes", by_ctypes()), ("compat.arpreq", arpreq), ("python-arpreq", original())]
        print("%-16s %8s %8s" % ("", "hit", "miss"))
        for name, function in rows:
            if function:
                print("%-16s %8d %8d" % (name, best(function, net.PEER), best(function, net.SILENT)))
