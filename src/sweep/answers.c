/* SPDX-License-Identifier: MIT */
#include "sweep/answers.h"

#include <errno.h>
#include <stdlib.h>

/* Values of first; others are the mark of a MAC. */
#define SILENT 0u
#define LEFT_OUT 1u

struct aq_heard_cell {
    uint32_t first;  /* the mark of the first machine */
    uint32_t second; /* while silent, when it was asked; then another machine's mark, or 0 */
};

int aq_heard_make(struct aq_heard *heard, uint64_t count, uint64_t seed)
{
    if (count > SIZE_MAX / sizeof *heard->cells)
        return -ENOMEM;
    heard->cells = calloc((size_t)count, sizeof *heard->cells);
    if (!heard->cells)
        return -ENOMEM;
    heard->count = heard->silent = count;
    heard->seed = seed;
    return 0;
}

void aq_heard_free(struct aq_heard *heard)
{
    free(heard->cells);
    heard->cells = NULL;
}

void aq_heard_leave_out(struct aq_heard *heard, uint32_t number)
{
    heard->silent -= heard->cells[number].first == SILENT;
    heard->cells[number].first = LEFT_OUT;
}

bool aq_heard_is_silent(const struct aq_heard *heard, uint32_t number)
{
    return heard->cells[number].first == SILENT;
}

void aq_heard_ask(struct aq_heard *heard, uint32_t number, uint64_t now_us)
{
    heard->cells[number].second = (uint32_t)now_us;
}

uint32_t aq_heard_waited(const struct aq_heard *heard, uint32_t number, uint64_t now_us)
{
    return (uint32_t)now_us - heard->cells[number].second;
}

/* FNV-1a, with a last stir. Neither SILENT nor LEFT_OUT. */
static uint32_t mark_of(const struct aq_heard *heard, const struct arpq_mac *mac)
{
    uint64_t hash = heard->seed;

    for (unsigned i = 0; i < mac->length; i++)
        hash = (hash ^ mac->bytes[i]) * 0x100000001b3u;
    hash ^= hash >> 32;
    return (uint32_t)(hash * 0x9e3779b97f4a7c15u >> 32) | 2u;
}

static bool is_further(const struct aq_heard *heard, uint32_t number, uint32_t mark)
{
    for (unsigned i = 0; i < heard->further_count; i++)
        if (heard->further[i].number == number && heard->further[i].mark == mark)
            return true;
    return false;
}

enum aq_heard_news aq_heard_note(struct aq_heard *heard, uint32_t number,
                                 const struct arpq_mac *mac)
{
    struct aq_heard_cell *cell = &heard->cells[number];
    uint32_t mark = mark_of(heard, mac);

    if (cell->first == SILENT) {
        *cell = (struct aq_heard_cell){.first = mark};
        heard->silent--;
        return AQ_HEARD_FIRST;
    }
    if (cell->first == LEFT_OUT || cell->first == mark || cell->second == mark)
        return AQ_HEARD_NOTHING;
    if (cell->second == 0) {
        cell->second = mark;
        return AQ_HEARD_ANOTHER;
    }
    if (heard->further_count == AQ_HEARD_FURTHER || is_further(heard, number, mark))
        return AQ_HEARD_NOTHING;
    heard->further[heard->further_count].number = number;
    heard->further[heard->further_count].mark = mark;
    heard->further_count++;
    return AQ_HEARD_ANOTHER;
}
