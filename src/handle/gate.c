/* SPDX-License-Identifier: MIT */
#include "handle/gate.h"

#include "kernel/sys.h"

uint32_t aq_gate_places(uint32_t processors)
{
    return processors < AQ_GATE_CELLS / 2 ? 2 * processors : AQ_GATE_CELLS;
}

/* The numbers wrap around, so only their difference shows their order. */
static bool gate_is_open(const struct aq_gate *gate, uint32_t number, uint32_t at_once)
{
    return (int32_t)(number - atomic_load(&gate->left)) < (int32_t)at_once;
}

void aq_gate_enter(struct aq_gate *gate, uint32_t at_once)
{
    uint32_t number = atomic_fetch_add(&gate->arrived, 1);
    atomic_uint *cell = &gate->cells[number % AQ_GATE_CELLS];

    while (!gate_is_open(gate, number, at_once)) {
        uint32_t seen = atomic_load(cell);

        if (!gate_is_open(gate, number, at_once))
            aq_sys_futex_wait(cell, seen);
    }
}

void aq_gate_leave(struct aq_gate *gate, uint32_t at_once)
{
    uint32_t next = atomic_fetch_add(&gate->left, 1) + at_once;
    atomic_uint *cell = &gate->cells[next % AQ_GATE_CELLS];

    if ((int32_t)(atomic_load(&gate->arrived) - next) <= 0)
        return; /* thread `next` has not arrived yet, and will find the gate open */
    atomic_fetch_add(cell, 1);
    aq_sys_futex_wake(cell);
}
