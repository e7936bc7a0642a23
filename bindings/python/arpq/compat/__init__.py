# SPDX-License-Identifier: MIT
"""The interfaces of other packages, answered by libarpq."""
