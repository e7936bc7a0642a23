# SPDX-License-Identifier: MIT
"""chaos.py SECONDS - eight threads use, close, drop and collect objects in random order.

What they raise is counted by type; anything but the exceptions of closed and shared objects ends
the program with status 1. ARPQ_SEED repeats the random choices.
"""
import collections
import gc
import os
import random
import sys
import threading
import time

import arpq
import net

SHARED = []  # objects that every thread may use, close and drop
SEEN = collections.Counter()
WRONG = []


def make(rng, handle):
    """A random object."""
    return rng.choice((arpq.Handle, handle.watch, lambda: handle.watch(existing=True),
                       lambda: handle.mirror(thread=False), handle.mirror, handle.resolver,
                       handle.pinger, lambda: handle.sweep("10.77.0.0/29", attempts=1),
                       handle.table, lambda: handle.interfaces(read=True), handle.gateways))()


def use(rng, thing, handle):
    """A random use of an object."""
    if isinstance(thing, arpq.Handle):
        rng.choice((thing.table, thing.interfaces, lambda: thing.lookup(net.PEER),
                    lambda: thing.lookup_many([net.PEER, net.SILENT]), thing.close, thing.gateways,
                    lambda: thing.get(net.PEER)))()
    elif isinstance(thing, arpq.Mirror):
        rng.choice((thing.sync, thing.close, lambda: thing.lookup(net.PEER), lambda: list(thing),
                    lambda: thing.find_mac(net.PEER_MAC), thing.stats))()
    elif isinstance(thing, list):
        repr(rng.choice(thing)) if thing else None
    else:
        if hasattr(thing, "add"):
            thing.add(net.PEER)
        rng.choice((lambda: thing.wait(0), lambda: thing.wait(0.001), thing.close, thing.fileno,
                    lambda: thing.next(0)))()


def step(rng):
    """One step of a thread."""
    handle = arpq.Handle()
    choice = rng.random()
    if choice < 0.4 or not SHARED:
        SHARED.append(make(rng, handle))
    if choice > 0.2:
        use(rng, rng.choice(SHARED), handle)
    if len(SHARED) > 40 or choice < 0.1:
        SHARED.pop(rng.randrange(len(SHARED)))
    if choice < 0.02:
        gc.collect()


def work(seed, until):
    """A thread."""
    rng = random.Random(seed)
    while time.monotonic() < until:
        try:
            step(rng)
            SEEN["done"] += 1
        except (ValueError, RuntimeError, StopIteration, IndexError, arpq.Error) as error:
            SEEN[type(error).__name__] += 1
        except BaseException as error:  # anything else is a fault
            WRONG.append(repr(error))


def main():
    """Eight threads for some seconds."""
    seconds = float(sys.argv[1])
    seed = int(os.environ.get("ARPQ_SEED", time.time_ns()))
    net.set_up()
    threads = [threading.Thread(target=work, args=(seed + i, time.monotonic() + seconds))
               for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if os.environ.get("ARPQ_CHAOS_SECONDS") or WRONG:
        print("seed", seed, dict(SEEN), WRONG[:5])
    SHARED.clear()
    gc.collect()
    return 1 if WRONG or SEEN["done"] == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
