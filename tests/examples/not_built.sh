#!/bin/sh
# SPDX-License-Identifier: MIT
# not_built.sh EXAMPLE - say that it is not tested, as a test.
echo "NOT RUN: examples/$1 is not built: a library that it needs is not installed"
exit 77
