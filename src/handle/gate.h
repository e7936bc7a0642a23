/* SPDX-License-Identifier: MIT */
/*
 * A gate for short conversations with the kernel. It lets as many threads in at once as there
 * are processors, in the order in which they came. Without it, the scheduler stops some of 64
 * busy threads inside a call for a hundred milliseconds while others answer thousands of
 * calls; with it, nobody waits much longer than the others, and more is answered in all.
 */
#ifndef AQ_HANDLE_GATE_H
#define AQ_HANDLE_GATE_H

#include <stdatomic.h>
#include <stdint.h>

#define AQ_GATE_CELLS 64

/* All zeros: nobody is inside. */
struct aq_gate {
    _Alignas(64) atomic_uint arrived; /* threads that came so far */
    _Alignas(64) atomic_uint left;    /* threads that left so far */
    atomic_uint cells[AQ_GATE_CELLS]; /* thread n waits for a change of cell n % 64 */
};

void aq_gate_enter(struct aq_gate *gate, uint32_t at_once);
void aq_gate_leave(struct aq_gate *gate, uint32_t at_once);

#endif
