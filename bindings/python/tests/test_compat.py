# SPDX-License-Identifier: MIT
"""arpq.compat.netifaces and arpq.compat.getmac."""
import unittest

import arpq
import net
from arpq.compat import getmac, netifaces

setUpModule = net.set_up


class Netifaces(unittest.TestCase):
    """Names, addresses, gateways."""

    def test_interfaces(self):
        net.ip("addr replace 10.79.0.1/24 brd + dev py0 label py0:9")
        names = netifaces.interfaces()
        self.assertEqual(names[0], "lo")
        self.assertLess(names.index("py1"), names.index("py0:9"))
        self.assertEqual(netifaces.ifaddresses("py0:9"), {netifaces.AF_INET: [
            {"addr": "10.79.0.1", "netmask": "255.255.255.0", "broadcast": "10.79.0.255"}]})

    def test_addresses(self):
        found = netifaces.ifaddresses("lo")
        self.assertEqual(found[netifaces.AF_INET],
                         [{"addr": "127.0.0.1", "netmask": "255.0.0.0", "peer": "127.0.0.1"}])
        self.assertEqual(found[netifaces.AF_LINK],
                         [{"addr": "00:00:00:00:00:00", "peer": "00:00:00:00:00:00"}])
        found = netifaces.ifaddresses("py0")
        self.assertIn({"addr": "fd00:77::1", "netmask": "ffff:ffff:ffff:ffff::/64"},
                      found[netifaces.AF_INET6])
        for entry in found[netifaces.AF_INET6]:
            if entry["addr"].startswith("fe80"):
                self.assertTrue(entry["addr"].endswith("%py0"))
        with self.assertRaisesRegex(ValueError, "valid interface name"):
            netifaces.ifaddresses("nothing")

    def test_gateways(self):
        gateways = netifaces.gateways()
        self.assertEqual(gateways["default"][netifaces.AF_INET], (net.PEER, "py0"))
        self.assertIn((net.PEER, "py0", True), gateways[netifaces.AF_INET])
        self.assertIn((net.PEER, "py0"), netifaces.gateways(old_api=True)[netifaces.AF_INET])

    def test_constants(self):
        self.assertEqual((netifaces.AF_INET, netifaces.AF_INET6, netifaces.AF_LINK), (2, 10, 17))
        self.assertEqual(netifaces.address_families[17], "AF_PACKET")


class Getmac(unittest.TestCase):
    """get_mac_address."""

    def test_addresses(self):
        ask = getmac.get_mac_address
        with arpq.Handle() as handle:
            own = str(handle.lookup(net.HOST))
        self.assertEqual(ask(ip=net.PEER), net.PEER_MAC)
        self.assertEqual(ask(ip6=net.PEER6), net.PEER_MAC)
        self.assertEqual(ask(hostname=net.PEER), net.PEER_MAC)
        self.assertEqual(ask(interface="py0"), own)
        self.assertEqual(ask("py0"), own)
        self.assertEqual(ask(), own)  # by the default route
        for arguments in ({"ip": net.SILENT, "network_request": False}, {"interface": "nothing"},
                          {"ip": "nonsense"}, {"ip": net.ELSEWHERE}):
            self.assertIsNone(ask(**arguments), arguments)
