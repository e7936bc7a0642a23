# SPDX-License-Identifier: MIT
"""Watches, resolvers, pings, sweeps, mirrors: waiting, ending a wait, event loops."""
import asyncio
import ipaddress
import os
import signal
import subprocess
import sys
import threading
import time
import unittest

import arpq
import net

setUpModule = net.set_up


class Alarm(Exception):
    """What the signal handler of the tests raises."""


class Waits(unittest.TestCase):
    """Without an event loop."""

    def setUp(self):
        self.handle = arpq.Handle()
        self.addCleanup(self.handle.close)

    def test_watch(self):
        with self.handle.watch(family=4) as watch:
            address = net.neighbour(0x0110)
            event = watch.wait(5)
            self.assertIs(event.type, arpq.EventType.NEIGH_ADDED)
            self.assertEqual(str(event.neigh.ip), address)
            self.assertIsNone(event.interface)
            self.assertIsNone(watch.wait(0.05))
            net.ip("neigh del %s dev py0" % address)
            kinds = [next(watch).type]
            while kinds[-1] is arpq.EventType.NEIGH_CHANGED:
                kinds.append(next(watch).type)
            self.assertIs(kinds[-1], arpq.EventType.NEIGH_REMOVED)
            self.assertGreaterEqual(watch.stats().events, 2)
        with self.assertRaisesRegex(ValueError, "closed"):
            next(watch)
        with self.assertRaises(arpq.BadArgument):
            self.handle.watch(neighbours=False)

    def test_existing(self):
        seen = []
        with self.handle.watch(existing=True, interfaces=True, addresses=True) as watch:
            for event in watch:
                if event.type is arpq.EventType.SYNCED:
                    break
                seen.append(event)
        self.assertIn("py0", [e.interface.name for e in seen if e.interface])
        self.assertIn(net.PEER, [str(e.neigh.ip) for e in seen if e.neigh])
        self.assertIn(net.HOST, [str(e.address.ip) for e in seen if e.address])

    def test_resolve(self):
        self.assertEqual(str(self.handle.resolve(net.PEER).mac), net.PEER_MAC)
        start = time.monotonic()
        with self.assertRaises(arpq.Unreachable) as caught:
            self.handle.resolve(net.SILENT, timeout=0.2)
        self.assertLess(time.monotonic() - start, 2)
        self.assertEqual(caught.exception.filename, net.SILENT)
        with self.assertRaises(arpq.InProgress):
            self.handle.resolve("10.77.0.10", timeout=0)
        found = self.handle.resolve_many([net.PEER, net.SILENT, net.PEER6], timeout=0.2)
        self.assertEqual([str(n and n.mac) for n in found], [net.PEER_MAC, "None", net.PEER_MAC])
        for bad in (-1, float("nan"), 1e10):
            self.assertRaises(ValueError, self.handle.resolve, net.PEER, timeout=bad)
        self.assertRaises(TypeError, self.handle.resolve, net.PEER, timeout="1")

    def test_resolver(self):
        with self.handle.resolver(timeout=0.2) as resolver:
            for token, address in enumerate((net.PEER, net.SILENT)):
                resolver.add(address, "py0", token)
            results = {result.token: result for result in resolver}
        self.assertEqual((results[0].code, str(results[0].neigh.mac)), (0, net.PEER_MAC))
        self.assertLess(results[1].code, 0)
        self.assertIsNone(results[1].neigh)

    def test_ping(self):
        reply = self.handle.ping("127.0.0.1", timeout=5)
        self.assertEqual(str(reply.from_), "127.0.0.1")
        self.assertGreater(reply.rtt_ns, 0)
        with self.assertRaises(arpq.TimedOut):
            self.handle.ping(net.PEER, timeout=0.1)
        with self.assertRaises(ValueError):
            self.handle.ping(net.PEER, timeout=None)
        replies = self.handle.ping_many(["127.0.0.1", net.PEER], timeout=0.2)
        self.assertIsNotNone(replies[0])
        self.assertIsNone(replies[1])

    def test_sweep(self):
        with self.handle.sweep(net.HOST + "/30", timeout=0.1, attempts=1) as sweep:
            found = {str(host.ip): host for host in sweep}
        self.assertIn(arpq.FoundFlag.LOCAL, found[net.HOST].flags)
        with self.assertRaises(arpq.BadArgument):
            self.handle.sweep("10.0.0.0/8")
        with self.assertRaises(arpq.NotDirect):
            self.handle.sweep("192.0.2.0/24")

    def test_mirror(self):
        with self.handle.mirror() as mirror:
            self.assertEqual(str(mirror.lookup(net.PEER)), net.PEER_MAC)
            self.assertEqual(mirror.get(net.PEER6).mac, mirror.lookup(net.PEER))
            self.assertEqual(len(mirror.find_mac(net.PEER_MAC)), 2)
            self.assertEqual(len(mirror.table(mac=net.PEER_MAC, family=6)), 1)
            self.assertIn(net.PEER, [str(neigh.ip) for neigh in mirror])
            self.assertIsNone(mirror.lookup(net.SILENT, default=None))
            with self.assertRaises(arpq.NotFound):
                mirror.lookup(net.ELSEWHERE)
            address = net.neighbour(0x0220)
            until = time.monotonic() + 5
            while mirror.lookup(address, default=None) is None and time.monotonic() < until:
                time.sleep(0.005)
            self.assertEqual(mirror.lookup(address), b"\2\0\0\0\2\x20")
        with self.assertRaisesRegex(ValueError, "closed"):
            mirror.lookup(net.PEER)
        with self.handle.mirror(thread=False) as mirror:
            net.neighbour(0x0221)
            self.assertGreaterEqual(mirror.sync(), 1)
            self.assertGreaterEqual(mirror.fileno(), 0)

    def test_objects_outlive_the_handle(self):
        handle = arpq.Handle()
        watch, mirror = handle.watch(), handle.mirror()
        handle.close()
        net.neighbour(0x0330)
        self.assertIsNotNone(watch.wait(5))
        self.assertEqual(str(mirror.lookup(net.PEER)), net.PEER_MAC)

    def test_two_threads(self):
        with self.handle.watch() as watch:
            ended = []

            def wait():
                try:
                    watch.wait(2)
                except ValueError as error:
                    ended.append(error)

            thread = threading.Thread(target=wait)
            thread.start()
            until = time.monotonic() + 1
            caught = None
            while not caught and time.monotonic() < until:
                try:
                    watch.wait(0)
                except RuntimeError as error:
                    caught = error
            self.assertIn("one thread at a time", str(caught))
            watch.close()  # ends the wait of the thread
            start = time.monotonic()
            thread.join(5)
            self.assertLess(time.monotonic() - start, 1.5)
            self.assertIn("closed meanwhile", str(ended))

    def test_wake(self):
        watch = self.handle.watch()
        timer = threading.Timer(0.1, self.handle.wake)
        timer.start()
        with self.assertRaises(arpq.Cancelled):
            next(watch)
        self.handle.wake_clear()
        self.assertIsNone(watch.wait(0.01))
        timer.join()


class Signals(unittest.TestCase):
    """Ctrl-C and other signals end every wait."""

    def setUp(self):
        def ring(*_):
            raise Alarm

        old = signal.signal(signal.SIGALRM, ring)
        self.addCleanup(signal.signal, signal.SIGALRM, old)

    def test_every_wait_ends(self):
        with arpq.Handle() as handle:
            for wait in (lambda: next(handle.watch()), lambda: handle.watch().wait(30),
                         lambda: handle.resolve(net.SILENT, timeout=30, flags=0),
                         lambda: handle.resolve_many([net.SILENT], timeout=30),
                         lambda: handle.ping(net.PEER, timeout=30),
                         lambda: list(handle.sweep("10.77.64.0/24", rate=10))):
                signal.setitimer(signal.ITIMER_REAL, 0.1)
                start = time.monotonic()
                with self.assertRaises(Alarm):
                    wait()
                self.assertLess(time.monotonic() - start, 2)

    def test_a_handler_that_returns_ends_nothing(self):
        seen = []
        signal.signal(signal.SIGALRM, lambda *_: seen.append(1))
        with arpq.Handle() as handle, handle.watch(family=6, prefix="fd00:99::/64") as watch:
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            start = time.monotonic()
            self.assertIsNone(watch.wait(0.3))
            self.assertGreaterEqual(time.monotonic() - start, 0.3)
        self.assertEqual(seen, [1])

    def test_interrupt(self):
        code = "import arpq; print('on', flush=True); next(arpq.Handle().watch(prefix='10.1.0.0/32'))"
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)
        child.stdout.readline()
        time.sleep(0.1)
        child.send_signal(signal.SIGINT)
        _, text = child.communicate(timeout=10)
        self.assertIn("KeyboardInterrupt", text)


class Loop(unittest.IsolatedAsyncioTestCase):
    """With asyncio."""

    async def test_watch(self):
        with arpq.Handle() as handle, handle.watch(family=4) as watch:
            async def change():
                await asyncio.sleep(0.05)
                return net.neighbour(0x0440)

            task = asyncio.create_task(change())
            async for event in watch:
                self.assertEqual(str(event.neigh.ip), await task)
                break

    async def test_resolve_many(self):
        with arpq.Handle() as handle:
            ticks = []

            async def tick():
                while True:
                    ticks.append(1)
                    await asyncio.sleep(0.01)

            task = asyncio.create_task(tick())
            found = await handle.resolve_many([net.PEER, net.SILENT], timeout=0.3)
            task.cancel()
            self.assertEqual([str(n and n.mac) for n in found], [net.PEER_MAC, "None"])
            self.assertGreater(len(ticks), 5)  # the loop was not blocked
            self.assertEqual(str((await handle.resolve(net.PEER)).mac), net.PEER_MAC)
            self.assertEqual(str((await handle.ping("127.0.0.1")).from_), "127.0.0.1")
            with self.assertRaises(arpq.Unreachable):
                await handle.resolve(net.SILENT, timeout=0.1)

    async def test_sweep(self):
        with arpq.Handle() as handle:
            found = [host async for host in handle.sweep(net.HOST + "/30", timeout=0.1, attempts=1)]
            self.assertIn(ipaddress.ip_address(net.HOST), [host.ip for host in found])

    async def test_closed_by_another_task(self):
        with arpq.Handle() as handle:
            watch = handle.watch(prefix="10.1.0.0/32")
            task = asyncio.create_task(watch.__anext__())
            await asyncio.sleep(0.05)
            with self.assertRaisesRegex(RuntimeError, "one task at a time"):
                await watch.__anext__()
            watch.close()
            with self.assertRaisesRegex(ValueError, "closed"):
                await asyncio.wait_for(task, 5)

    async def test_cancelled(self):
        with arpq.Handle() as handle, handle.watch(prefix="10.1.0.0/32") as watch:
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(watch.__anext__(), 0.05)
            self.assertIsNone(watch.wait(0))
        self.assertFalse(asyncio.all_tasks() - {asyncio.current_task()})


class Chaos(unittest.TestCase):
    """Objects closed and collected in any order, from many threads."""

    def test_chaos(self):
        subprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), "chaos.py"),
                        os.environ.get("ARPQ_CHAOS_SECONDS", "2")], check=True, timeout=600)
