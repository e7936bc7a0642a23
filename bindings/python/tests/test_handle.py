# SPDX-License-Identifier: MIT
"""Handles: questions, lists, arguments and errors."""
import errno
import gc
import ipaddress
import os
import socket
import threading
import unittest

import arpq
import net

setUpModule = net.set_up


class Lookup(unittest.TestCase):
    """lookup, get and their kind."""

    def setUp(self):
        self.handle = arpq.Handle()
        self.addCleanup(self.handle.close)

    def test_every_form_of_an_address(self):
        number = int(ipaddress.IPv4Address(net.PEER))
        for form in (net.PEER, number, number.to_bytes(4, "big"), ipaddress.IPv4Address(net.PEER),
                     "::ffff:" + net.PEER):
            self.assertEqual(str(self.handle.lookup(form)), net.PEER_MAC, form)
        packed = ipaddress.IPv6Address(net.PEER6).packed
        for form in (net.PEER6, packed, int.from_bytes(packed, "big"), ipaddress.ip_address(packed)):
            self.assertEqual(str(self.handle.lookup(form)), net.PEER_MAC, form)

    def test_interface(self):
        index = socket.if_nametoindex("py0")
        self.assertEqual(self.handle.interface_index("py0"), index)
        self.assertEqual(self.handle.interface_name(index), "py0")
        for interface in ("py0", index, None):
            self.assertEqual(str(self.handle.lookup(net.PEER, interface)), net.PEER_MAC)
        self.assertIsNone(self.handle.lookup(net.PEER, "py1", default=None))
        with self.assertRaises(arpq.NoDevice) as caught:
            self.handle.lookup(net.PEER, "nothing")
        self.assertEqual(caught.exception.errno, errno.ENODEV)

    def test_scope(self):
        net.ip("neigh replace fe80::77 lladdr 02:00:00:00:00:77 dev py0 nud permanent")
        index = socket.if_nametoindex("py0")
        for form in ("fe80::77%py0", "fe80::77%%%d" % index,
                     ipaddress.IPv6Address("fe80::77%py0")):
            neigh = self.handle.get(form)
            self.assertEqual(neigh.ip, ipaddress.IPv6Address("fe80::77%%%d" % index))
            self.assertEqual(neigh.mac, b"\2\0\0\0\0\x77")
        for form in ("10.77.0.2%py0", "fe80::1%", "%py0"):
            with self.assertRaises(ValueError):
                self.handle.lookup(form)

    def test_origin(self):
        self.assertIs(self.handle.lookup(net.PEER).origin, arpq.Origin.TABLE)
        self.assertIs(self.handle.lookup(net.HOST).origin, arpq.Origin.LOCAL)
        self.assertIs(self.handle.lookup("224.0.0.1", "py0").origin, arpq.Origin.MULTICAST)
        with self.assertRaises(arpq.NotFound):
            self.handle.lookup(net.HOST, flags=arpq.Lookup.TABLE_ONLY)
        mac = self.handle.lookup(net.ELSEWHERE, flags=arpq.Lookup.VIA_GATEWAY)
        self.assertIs(mac.origin, arpq.Origin.GATEWAY)

    def test_unknown(self):
        for address, kind, number in ((net.SILENT, arpq.NotFound, errno.ENOENT),
                                      (net.ELSEWHERE, arpq.NotDirect, errno.ENETUNREACH)):
            for ask in (self.handle.lookup, self.handle.get):
                with self.assertRaises(kind) as caught:
                    ask(address)
                self.assertEqual(caught.exception.errno, number)
                self.assertEqual(caught.exception.filename, address)
                self.assertIsInstance(caught.exception, OSError)
                self.assertIs(ask(address, default=ask), ask)
        with self.assertRaises(arpq.NotFound) as caught:
            self.handle.get(net.SILENT)
        self.assertIn("entry", caught.exception.detail)  # the kernel's words

    def test_wrong_arguments(self):
        for bad in (None, 1.5, [], object(), True, self.handle):
            with self.assertRaises(TypeError):
                self.handle.lookup(bad)
        for bad in ("", "10.77.0.2\0", "x" * 1000, "10.77.0.256", -1, 1 << 128, b"", b"12345", "\ud800"):
            with self.assertRaises(ValueError, msg=repr(bad)):
                self.handle.lookup(bad)
        with self.assertRaises(arpq.BadArgument):
            self.handle.lookup("0.0.0.0")
        with self.assertRaises(ValueError):  # an unknown flag
            self.handle.lookup(net.PEER, flags=1 << 20)
        for bad in (-1, 1 << 32):
            with self.assertRaises(ValueError):
                self.handle.lookup(net.PEER, flags=bad)
            with self.assertRaises(ValueError):
                self.handle.lookup(net.PEER, bad)
        for bad in (1.5, b"py0", []):
            with self.assertRaises(TypeError):
                self.handle.lookup(net.PEER, bad)
        with self.assertRaises(TypeError):
            self.handle.lookup()
        with self.assertRaises(TypeError):
            self.handle.lookup(net.PEER, interfaces="py0")

    def test_many(self):
        ips = [net.PEER, net.SILENT, net.PEER6, net.ELSEWHERE]
        macs = self.handle.lookup_many(ips)
        self.assertEqual([str(mac) for mac in macs], [net.PEER_MAC, "None", net.PEER_MAC, "None"])
        neighs = self.handle.get_many(iter(ips), return_exceptions=True)
        self.assertEqual(neighs[0].mac, macs[0])
        self.assertIsInstance(neighs[1], arpq.NotFound)
        self.assertIsInstance(neighs[3], arpq.NotDirect)
        self.assertEqual(self.handle.lookup_many([]), [])
        with self.assertRaises(TypeError):
            self.handle.lookup_many([net.PEER, None])
        with self.assertRaises(TypeError):
            self.handle.lookup_many(5)
        with self.assertRaises(arpq.BadArgument):
            self.handle.lookup_many(["0.0.0.0"])

    def test_peer(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            with socket.create_connection(server.getsockname()) as client:
                self.assertEqual(self.handle.peer(client), bytes(6))
                self.assertEqual(self.handle.peer(client.fileno()), bytes(6))
            with self.assertRaises(arpq.Error) as caught:
                self.handle.peer(server)
            self.assertEqual(caught.exception.errno, errno.ENOTCONN)
        with self.assertRaises(TypeError):
            self.handle.peer("socket")


class Lists(unittest.TestCase):
    """table, interfaces, gateways."""

    def setUp(self):
        self.handle = arpq.Handle()
        self.addCleanup(self.handle.close)

    def test_table(self):
        table = self.handle.table()
        self.assertIn(ipaddress.ip_address(net.PEER), [neigh.ip for neigh in table])
        self.assertEqual((table.inconsistent, table.malformed), (False, 0))
        for filters, count in (({"family": 4, "mac": net.PEER_MAC}, 1),
                               ({"mac": net.PEER_MAC}, 2), ({"prefix": net.PEER + "/32"}, 1),
                               ({"prefix": ipaddress.ip_network("fd00:77::/64")}, 1),
                               ({"prefix": "10.77.0.2/255.255.255.255"}, 1),
                               ({"prefix": "10.78.0.0/16"}, 0), ({"interface": "lo", "family": 4,
                                "states": arpq.State.PERMANENT}, 0), ({"proxy": True}, 0)):
            self.assertEqual(len(self.handle.table(**filters)), count, filters)
        self.assertEqual(len(self.handle.find_mac(arpq.MAC(net.PEER_MAC))), 2)

    def test_wrong_filters(self):
        for filters in ({"family": 5}, {"family": "4"}, {"mac": "xx"}, {"prefix": "10.0.0.0/33"},
                        {"states": 1 << 20}, {"protocol": 256}, {"prefix": "10.0.0.0/-1"}):
            with self.assertRaises(ValueError, msg=filters):
                self.handle.table(**filters)
        for filters in ({"colour": 1}, {"mac": 5}, {"prefix": 5}, {"interface": 1.5}):
            with self.assertRaises(TypeError, msg=filters):
                self.handle.table(**filters)
        with self.assertRaises(arpq.NoDevice):
            self.handle.table(interface=12345)
        with self.assertRaises(TypeError):
            self.handle.find_mac(None)

    def test_values(self):
        neigh, = self.handle.table(prefix=net.PEER + "/32")
        self.assertIs(neigh.state, arpq.State.PERMANENT)
        self.assertEqual(neigh.ifindex, socket.if_nametoindex("py0"))
        self.assertIn("10.77.0.2", repr(neigh))
        self.assertEqual(neigh._asdict()["mac"], neigh.mac)
        for change in (lambda: setattr(neigh, "state", 1), lambda: delattr(neigh, "ip"),
                       lambda: setattr(neigh.mac, "origin", 1), lambda: setattr(neigh, "x", 1)):
            self.assertRaises(AttributeError, change)
        self.assertRaises(TypeError, arpq.Neigh)

    def test_interfaces(self):
        for read in (False, True):
            found = {link.name: link for link in self.handle.interfaces(read=read)}
            link = found["py0"]
            self.assertEqual(link.kind, "veth")
            self.assertIn(arpq.InterfaceFlag.UP, link.flags)
            self.assertEqual(link.mac, self.handle.lookup(net.HOST))
            address = [a for a in link.addresses if a.ip == ipaddress.ip_address(net.HOST)][0]
            self.assertEqual((address.prefix_length, address.valid_s), (16, None))
            self.assertEqual(link.stats is not None, read)

    def test_gateways(self):
        gateway, = self.handle.gateways(4)
        self.assertEqual(gateway.ip, ipaddress.ip_address(net.PEER))
        self.assertEqual(str(gateway.neigh.mac), net.PEER_MAC)
        self.assertIn(arpq.GatewayFlag.CHOSEN, gateway.flags)

    def test_stats(self):
        self.assertGreater(self.handle.table_stats(4).entries, 0)
        with self.assertRaises(arpq.NotSupported):
            self.handle._table_stats(99)


class Life(unittest.TestCase):
    """Opening and closing, namespaces, threads, forks."""

    def test_closed(self):
        with arpq.Handle() as handle:
            self.assertFalse(handle.closed)
        handle.close()
        self.assertTrue(handle.closed)
        for call in (lambda: handle.lookup(net.PEER), handle.table, handle.interfaces,
                     handle.watch, handle.mirror, handle.wake, lambda: handle.resolve(net.PEER),
                     lambda: handle.sweep("10.77.0.0/30"), lambda: handle.lookup(net.PEER, "py0")):
            with self.assertRaisesRegex(ValueError, "closed; open another one"):
                call()

    def test_namespaces(self):
        with arpq.Handle("/proc/self/ns/net") as handle:
            self.assertEqual(str(handle.lookup(net.PEER)), net.PEER_MAC)
        with arpq.Handle(pid=os.getpid()) as handle, open("/proc/self/ns/net") as file:
            self.assertEqual(str(handle.lookup(net.PEER)), net.PEER_MAC)
            with arpq.Handle(file.fileno()) as handle, arpq.Handle(file):
                self.assertEqual(str(handle.lookup(net.PEER)), net.PEER_MAC)
        with self.assertRaises(FileNotFoundError):
            arpq.Handle("no such namespace")
        with self.assertRaises(ValueError):
            arpq.Handle(-5)
        with self.assertRaises(TypeError):
            arpq.Handle("x", pid=1)
        with self.assertRaises(OSError), open("/dev/null") as file:
            arpq.Handle(file)

    def test_close_while_in_use(self):
        for _ in range(20):
            handle = arpq.Handle()
            seen = []

            def use(handle=handle, seen=seen):
                try:
                    while True:
                        handle.lookup(net.SILENT, default=None)
                        handle.table(family=4)
                except ValueError as error:
                    seen.append(error)

            threads = [threading.Thread(target=use) for _ in range(4)]
            for thread in threads:
                thread.start()
            handle.close()
            for thread in threads:
                thread.join(10)
            self.assertEqual(len(seen), 4)

    def test_descriptors_come_back(self):
        def count():
            gc.collect()
            return len(os.listdir("/proc/self/fd"))

        before = count()
        for _ in range(5):
            handle = arpq.Handle()
            handle.lookup(net.SILENT, default=None)
            watch, mirror = handle.watch(), handle.mirror()
            del handle
            watch.wait(0)
            del watch, mirror
        self.assertEqual(count(), before)

    def test_fork(self):
        handle = arpq.Handle()
        handle.lookup(net.PEER)
        watch = handle.watch()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                if str(handle.lookup(net.PEER)) == net.PEER_MAC:
                    status = 2
                    try:
                        watch.wait(0)
                    except RuntimeError:
                        watch.close()
                        handle.close()
                        status = 0
            finally:
                os._exit(status)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertEqual(str(handle.lookup(net.PEER)), net.PEER_MAC)
        self.assertIsNone(watch.wait(0))
