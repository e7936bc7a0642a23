# SPDX-License-Identifier: MIT
"""Builds the extension out of the sources of the library, so that a wheel has the library inside.

ARPQ_PYTHON_LIBDIR=DIRECTORY links to the shared library in that directory instead, and
ARPQ_PYTHON_RPATH= leaves it to the dynamic linker to find the library, as packages do.
ARPQ_PYTHON_CFLAGS has options for the compiler and the linker, such as those of sanitizers.
"""
import glob
import os
import re
import subprocess
import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
LIBDIR = os.environ.get("ARPQ_PYTHON_LIBDIR")
RPATH = os.environ.get("ARPQ_PYTHON_RPATH", LIBDIR)
FLAGS = os.environ.get("ARPQ_PYTHON_CFLAGS", "").split()


def version():
    """As the header says it."""
    with open(os.path.join(TREE, "include", "arpq.h"), encoding="utf-8") as header:
        text = header.read()
    return ".".join(re.search(r"#define ARPQ_VERSION_%s (\d+)" % part, text).group(1)
                    for part in ("MAJOR", "MINOR", "PATCH"))


def library_sources():
    """Those of the library without libmnl: the module needs no other library at run time."""
    return sorted(path for path in glob.glob(os.path.join(TREE, "src", "*", "*.c"))
                  if not path.endswith("netlink_mnl.c"))


class Build(build_ext):
    """Generates headers and constants first."""

    def build_extension(self, ext):
        os.makedirs(self.build_temp, exist_ok=True)
        package = os.path.join(self.build_lib, "arpq")
        os.makedirs(package, exist_ok=True)
        subprocess.check_call([sys.executable, os.path.join(HERE, "generate.py"),
                               os.path.join(TREE, "include", "arpq-abi.json"), self.build_temp,
                               package])
        ext.include_dirs.append(os.path.abspath(self.build_temp))
        if not LIBDIR:  # absolute names, which setup() does not take, keep objects out of the tree
            ext.sources += library_sources()
        super().build_extension(ext)

    def copy_extensions_to_source(self):
        super().copy_extensions_to_source()
        for name in ("_constants.py", "_arpq.pyi"):
            self.copy_file(os.path.join(self.build_lib, "arpq", name),
                           os.path.join(HERE, "arpq", name))


def extension():
    """The extension, of the stable ABI: one file for Python 3.9 and later."""
    link = ["-Wl,--version-script=" + os.path.join(HERE, "src", "module.map"), "-Wl,-z,relro,-z,now"]
    if LIBDIR:
        link += ["-L" + LIBDIR, "-larpq"] + (["-Wl,-rpath," + RPATH] if RPATH else [])
    os.chdir(HERE)
    return Extension(
        "arpq._arpq", sorted(glob.glob("src/*.c")), py_limited_api=True,
        depends=sorted(glob.glob("src/*.h")) + ["generate.py", "setup.py", "../../include/arpq.h",
                                                "../../include/arpq-abi.json"],
        include_dirs=[os.path.join(TREE, "include"), os.path.join(TREE, "src")],
        define_macros=[("_GNU_SOURCE", None)],
        extra_compile_args=["-std=c11", "-fvisibility=hidden", "-pthread", "-g0"] + FLAGS,
        extra_link_args=link + FLAGS)


setup(version=version(), ext_modules=[extension()], cmdclass={"build_ext": Build},
      options={"bdist_wheel": {"py_limited_api": "cp39"}})
