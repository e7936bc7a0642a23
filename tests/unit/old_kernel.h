/* SPDX-License-Identifier: MIT */
/*
 * The running kernel without features of later ones. Link with
 *   SOURCES unit/old_kernel.c namespace.c WRAPS send
 */
#ifndef ARPQ_TEST_UNIT_OLD_KERNEL_H
#define ARPQ_TEST_UNIT_OLD_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

/* What the kernel lacks. It ignores unknown attributes. */
struct old_kernel {
    bool no_single_get;                         /* single requests for a neighbour, before 5.0 */
    uint64_t neigh_attributes, addr_attributes; /* a bit for each unknown NDA_* and IFA_* */
    uint32_t flags_ext;                         /* unknown bits of NDA_FLAGS_EXT */
};
extern struct old_kernel old_kernel;

#endif
