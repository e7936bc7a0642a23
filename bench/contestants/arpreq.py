# SPDX-License-Identifier: MIT
"""Print the nanoseconds of a lookup by python-arpreq of the addresses on standard input.

The environment variable PYTHON_ARPREQ may name the compiled module.
"""
import importlib.util
import os
import sys
import time

LIMIT_NS = 150_000_000


def module():
    path = os.environ.get("PYTHON_ARPREQ")
    if not path:
        import arpreq
        return arpreq
    spec = importlib.util.spec_from_file_location("arpreq", path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def main():
    lookup = module().arpreq
    addresses = sys.stdin.read().split()
    calls, took, start = 0, 0, time.perf_counter_ns()
    while took < LIMIT_NS:
        for address in addresses:
            if lookup(address) is None:
                sys.exit(address + ": no answer")
        calls += len(addresses)
        took = time.perf_counter_ns() - start
    print(took / calls)


main()
