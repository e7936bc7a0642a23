/* SPDX-License-Identifier: MIT */
/*
 * Makes the running kernel look like an older one, without newer features. Link with
 *   SOURCES unit/old_kernel.c namespace.c WRAPS send
 */
#ifndef ARPQ_TEST_UNIT_OLD_KERNEL_H
#define ARPQ_TEST_UNIT_OLD_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

/* The features that the simulated kernel lacks. It ignores unknown attributes. */
struct old_kernel {
    /* Refuse requests for a single neighbour, like kernels before 5.0. */
    bool no_single_get;
    unsigned short_dumps; /* the next dumps of neighbours that lack the entries */
    uint64_t neigh_attributes, addr_attributes; /* a bit for each unknown NDA_* and IFA_* */
    uint32_t flags_ext;                         /* unknown bits of NDA_FLAGS_EXT */
    /* If not 0, the protocol that an address keeps when it is replaced, like that of IPv4 before
     * Linux 6.4. */
    uint8_t kept_protocol;
};
extern struct old_kernel old_kernel;

#endif
