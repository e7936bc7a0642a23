/* SPDX-License-Identifier: MIT */
/*
 * A gate for short conversations with the kernel. It lets as many threads in at once as there are
 * processors, in the order in which they arrived. Without the gate, when 64 threads are busy, the
 * scheduler stops some of them inside a call for a hundred milliseconds while other threads
 * complete thousands of calls. With the gate, no thread waits much longer than the others, and the
 * threads complete more calls in total.
 */
#ifndef AQ_HANDLE_GATE_H
#define AQ_HANDLE_GATE_H

#include <stdatomic.h>
#include <stdint.h>

#define AQ_GATE_CELLS 64

/* A gate of all zeros has no thread inside. */
struct aq_gate {
    _Alignas(64) atomic_uint arrived; /* threads that arrived so far */
    _Alignas(64) atomic_uint left;    /* threads that left so far */
    atomic_uint cells[AQ_GATE_CELLS]; /* thread n waits for a change of cell n % 64 */
};

void aq_gate_enter(struct aq_gate *gate, uint32_t at_once);
void aq_gate_leave(struct aq_gate *gate, uint32_t at_once);

#endif
