# SPDX-License-Identifier: MIT
"""arpq.compat.arpreq: what python-arpreq does, and its two faults mended."""
import ipaddress
import unittest

import net
from arpq.compat.arpreq import arpreq, arpreqb


def setUpModule():
    """The labelled address and the route that python-arpreq has no answer for."""
    net.set_up()
    net.ip("addr replace 10.88.0.1/24 dev py0 label py0:1")
    net.ip("neigh replace 10.88.0.2 lladdr 02:00:00:00:88:02 dev py0 nud permanent")
    net.ip("route replace 10.99.0.0/24 dev py0 scope link")
    net.ip("neigh replace 10.99.0.2 lladdr 02:00:00:00:99:02 dev py0 nud permanent")


class Arpreq(unittest.TestCase):
    """Arguments, results, exceptions."""

    def test_forms(self):
        for form in (0x7F000001, b"127.0.0.1", "127.0.0.1", ipaddress.IPv4Address("127.0.0.1"),
                     b"127.0.0.1\0beyond"):
            self.assertEqual(arpreqb(form), bytes(6))
            self.assertEqual(arpreq(form), "00:00:00:00:00:00")
        self.assertIs(type(arpreqb("127.0.0.1")), bytes)

    def test_results(self):
        self.assertEqual(arpreq(net.PEER), net.PEER_MAC)
        self.assertEqual(arpreqb(net.PEER), bytes.fromhex(net.PEER_MAC.replace(":", "")))
        for unknown in (net.SILENT, net.ELSEWHERE, "127.0.0.2", "10.77.255.255", "224.0.0.1",
                        "255.255.255.255", "0.0.0.0", 0, True):
            self.assertIsNone(arpreq(unknown), unknown)

    def test_mended_faults(self):
        self.assertEqual(arpreq("10.88.0.1"), arpreq(net.HOST))
        self.assertEqual(arpreq("10.88.0.2"), "02:00:00:00:88:02")
        self.assertEqual(arpreq("10.99.0.2"), "02:00:00:00:99:02")

    def test_incomplete(self):
        net.ip("neigh replace 10.77.3.3 dev py0 nud failed")
        self.assertIsNone(arpreq("10.77.3.3"))

    def test_values_that_are_refused(self):
        for bad in (b"Foobar", -1, 1 << 32, 1 << 64, "\u201c\ufffd\u201d", "", "1.2.3", "1.2.3.4 ",
                    "01.2.3.4", "::1"):
            with self.assertRaises(ValueError, msg=repr(bad)):
                arpreq(bad)
        with self.assertRaisesRegex(ValueError, "^Invalid IPv4 address: Foobar$"):
            arpreq("Foobar")

    def test_types_that_are_refused(self):
        for bad in (None, object(), [], (), 1.0, ipaddress.IPv6Address("::1"), bytearray(b"1.2.3.4")):
            with self.assertRaises(TypeError, msg=repr(bad)):
                arpreq(bad)
        with self.assertRaisesRegex(TypeError, "not None$"):
            arpreqb(None)
