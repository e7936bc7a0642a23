/* SPDX-License-Identifier: MIT */
#include "kernel/fixture.h"

#include <stddef.h>

#include "kernel/netns.h"

struct arpq_handle *h;

/* The kernel may give a link an address before it reads the mode of the same request. */
void fixture_add_veth(const char *name, const char *mac)
{
    sh("ip link add %s address %s type veth peer name %sp;"
       "ip link set %s addrgenmode none; ip link set %sp addrgenmode none;"
       "ip link set %s up; ip link set %sp up",
       name, mac, name, name, name, name, name);
}

void fixture_await_carrier(void)
{
    sh("for link in v0 v0p; do until ip link show $link | grep -q 'state UP'; do sleep 0.01; done;"
       "done");
}

void fixture_enter(unsigned prefix_length)
{
    netns_enter();
    fixture_add_veth("v0", MAC_V0);
    sh("ip link set v0p address " MAC_V0P ";"
       "ip addr add 10.1.0.1/%u dev v0; ip addr add fd01::1/64 dev v0 nodad",
       prefix_length);
}

int fixture_set_up(void **state)
{
    fixture_enter(24);
    return arpq_open(&h, NULL);
}

int fixture_tear_down(void **state)
{
    arpq_close(h);
    h = NULL;
    return 0;
}
