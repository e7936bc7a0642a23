/* SPDX-License-Identifier: MIT */
/*
 * The fixture of most kernel tests: an open handle in a separate network namespace with
 *   v0   MAC_V0, Ethernet, 10.1.0.1/24 and fd01::1/64
 *   v0p  MAC_V0P, its peer
 * Both links are up and have no link-local address.
 */
#ifndef ARPQ_TEST_KERNEL_FIXTURE_H
#define ARPQ_TEST_KERNEL_FIXTURE_H

#include <arpq.h>

#define MAC_V0 "02:00:00:00:00:a0"
#define MAC_V0P "02:00:00:00:00:a1"

/* MACs of neighbours. */
#define MAC_A "02:00:00:00:00:aa"
#define MAC_B "02:00:00:00:00:bb"
#define MAC_C "02:00:00:00:00:cc"

/* The handle of the running test. */
extern struct arpq_handle *h;

/* Make a veth pair. One end has this name and this MAC; the name of its peer has a "p" appended. */
void fixture_add_veth(const char *name, const char *mac);

/* Enter a namespace and make v0. Its IPv4 address has a prefix of that length. */
void fixture_enter(unsigned prefix_length);

/* Wait until the kernel has found the carrier of v0 and v0p, so that it sends no further message
 * about it. */
void fixture_await_carrier(void);

int fixture_set_up(void **state);
int fixture_tear_down(void **state);

/* Defines a test that uses the set_up function of its file and the tear-down of the fixture. */
#define TEST_FIXTURE(name) cmocka_unit_test_setup_teardown(name, set_up, fixture_tear_down)

#endif
