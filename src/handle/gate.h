/* SPDX-License-Identifier: MIT */
/*
 * A gate for short conversations with the kernel. It lets in a few threads at once, in the order in
 * which they arrived. When 64 threads are busy without the gate, the scheduler stops some of them
 * inside a call for hundreds of milliseconds while other threads complete thousands of calls. With
 * the gate, all threads complete about the same number of calls, and no call takes much longer than
 * the others. The price is throughput: each call of a crowd includes a change of threads.
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

/* Returns the number of threads to let in at once: two for each processor, so that a processor has
 * a thread to run while the next thread of the queue wakes up. */
uint32_t aq_gate_places(uint32_t processors);

void aq_gate_enter(struct aq_gate *gate, uint32_t at_once);
void aq_gate_leave(struct aq_gate *gate, uint32_t at_once);

#endif
