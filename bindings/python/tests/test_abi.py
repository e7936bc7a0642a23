# SPDX-License-Identifier: MIT
"""A library of another ABI is refused at import with a sentence that says what to do."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

STUB = """
#include <stddef.h>
#include <string.h>
unsigned arpq_abi(void) { return %d; }
size_t arpq_sizeof(const char *name) { return strcmp(name, "arpq_neigh") ? %d : 1; }
"""


@unittest.skipUnless(shutil.which("cc"), "no compiler")
class Abi(unittest.TestCase):
    """The check at import."""

    def refused(self, abi, preload=True):
        with tempfile.TemporaryDirectory() as where:
            library = os.path.join(where, "stub.so")
            subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", library], check=True,
                           input=(STUB % (abi, 24)).encode())
            return subprocess.run([sys.executable, "-c", "import arpq; print(arpq.ABI)"],
                                  env=dict(os.environ, LD_PRELOAD=library if preload else ""),
                                  capture_output=True, text=True)

    def test_other_number(self):
        result = self.refused(99)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("ImportError: this package is built for ABI 0 of libarpq", result.stderr)
        self.assertIn("has ABI 99: install", result.stderr)

    def test_other_size(self):
        result = self.refused(0)
        self.assertRegex(result.stderr, "ImportError: struct arpq_.* bytes in this package")

    def test_right(self):
        self.assertEqual(self.refused(99, preload=False).stdout, "0\n")
