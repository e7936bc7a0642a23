# SPDX-License-Identifier: MIT
"""The network of the tests: a namespace of their own, which run.sh has entered."""
import os
import subprocess

HOST = "10.77.0.1"
PEER = "10.77.0.2"
SILENT = "10.77.0.9"
ELSEWHERE = "192.0.2.9"
PEER_MAC = "02:00:00:00:00:02"
PEER6 = "fd00:77::2"


def ip(line, check=True):
    """Run ip(8)."""
    subprocess.run(["ip"] + line.split(), check=check, stderr=None if check else subprocess.DEVNULL)


def neighbour(number, what="replace"):
    """A permanent entry."""
    address = "10.77.%d.%d" % (number >> 8, number & 255)
    ip("neigh %s %s lladdr 02:00:00:00:%02x:%02x dev py0 nud permanent"
       % (what, address, number >> 8, number & 255))
    return address


def set_up():
    """py0 and its other end py1, with entries; once for all test modules."""
    if os.environ.get("ARPQ_TEST_NETNS") == os.readlink("/proc/self/ns/net"):
        raise SystemExit("run these tests by run.sh: this is the namespace outside")
    if os.path.exists("/sys/class/net/py0") or os.environ.get("ARPQ_TEST_READY"):
        return
    os.environ["ARPQ_TEST_READY"] = "1"
    for line in ("link set lo up", "link add py0 type veth peer name py1",
                 "link set py0 up", "link set py1 up",
                 "addr add %s/16 dev py0" % HOST, "addr add fd00:77::1/64 dev py0 nodad",
                 "neigh add %s lladdr %s dev py0 nud permanent" % (PEER, PEER_MAC),
                 "neigh add %s lladdr %s dev py0 nud permanent" % (PEER6, PEER_MAC),
                 "route add default via %s" % PEER):
        ip(line)
