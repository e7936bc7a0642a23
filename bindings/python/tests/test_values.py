# SPDX-License-Identifier: MIT
"""Values: MACs, copies, enumerations, exceptions."""
import copy
import pickle
import unittest

import arpq
import net

setUpModule = net.set_up


class Mac(unittest.TestCase):
    """The class MAC."""

    def test_forms(self):
        for form in ("00:00:5e:00:53:2a", "00-00-5E-00-53-2A", "0000.5e00.532a", "00005e00532a",
                     b"\0\0\x5e\0\x53\x2a", arpq.MAC("00:00:5e:00:53:2a")):
            mac = arpq.MAC(form)
            self.assertEqual(str(mac), "00:00:5e:00:53:2a")
            self.assertEqual(mac, b"\0\0\x5e\0\x53\x2a")
            self.assertEqual(hash(mac), hash(bytes(mac)))
        self.assertEqual(repr(mac), "MAC('00:00:5e:00:53:2a')")
        self.assertEqual(f"{mac:>20}", "   00:00:5e:00:53:2a")
        self.assertIs(mac.type, arpq.LinkType.ETHER)

    def test_wrong(self):
        for bad in ("", "xx", "00:00:5e:00:53:2", b"", bytes(33), "00:00:5e:00:53:2a\0"):
            with self.assertRaises(ValueError, msg=repr(bad)):
                arpq.MAC(bad)
        for bad in (None, 5, 1.5, [1, 2]):
            with self.assertRaises(TypeError):
                arpq.MAC(bad)

    def test_kinds(self):
        self.assertTrue(arpq.MAC("01:00:5e:00:00:01").is_multicast)
        self.assertFalse(arpq.MAC("00:00:5e:00:00:01").is_multicast)
        self.assertTrue(arpq.MAC("02:00:5e:00:00:01").is_local)


class Values(unittest.TestCase):
    """Copies, comparison, enumerations."""

    def test_copies(self):
        with arpq.Handle() as handle:
            own = handle.lookup(net.HOST)
            again = pickle.loads(pickle.dumps(own))
            self.assertEqual((again, again.origin), (own, arpq.Origin.LOCAL))
            for value in handle.table() + handle.interfaces(read=True) + handle.gateways():
                for other in (copy.copy(value), copy.deepcopy(value),
                              pickle.loads(pickle.dumps(value))):
                    self.assertEqual(value, other)
                    self.assertEqual(hash(value), hash(other))
                    self.assertEqual(repr(value), repr(other))
            table = handle.table()
            self.assertNotEqual(table[0], table[1])
            self.assertNotEqual(table[0], 5)

    def test_values_of_other_versions(self):
        for arguments in ((0, b"short", None), (999, bytes(128), None), (0, bytes(128), 5)):
            with self.assertRaises(ValueError):
                arpq._arpq._value(*arguments)

    def test_exceptions(self):
        self.assertTrue(issubclass(arpq.NotFound, OSError) and issubclass(arpq.NotFound, LookupError))
        self.assertTrue(issubclass(arpq.TimedOut, TimeoutError))
        self.assertTrue(issubclass(arpq.NoPermission, PermissionError))
        self.assertTrue(issubclass(arpq.BadArgument, ValueError))

    def test_docstrings(self):
        for name, value in vars(arpq).items():
            if not name.startswith("_") and callable(value):
                self.assertTrue(value.__doc__, name)
        for name in dir(arpq.Handle):
            if not name.startswith("_"):
                self.assertTrue(getattr(arpq.Handle, name).__doc__, name)
