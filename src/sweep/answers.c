/* SPDX-License-Identifier: MIT */
#include "sweep/answers.h"

#include <errno.h>
#include <stdlib.h>

#include "value/hash.h"

/* Values of `first` that do not stand for a MAC. */
#define SILENT 0u
#define EXCLUDED 1u
#define ELSEWHERE 2u

struct aq_answers_cell {
    uint32_t first;  /* the mark of the first machine */
    uint32_t second; /* silent target: the time of its last request; target elsewhere: its link;
                      * other target: the number of requests that count as lost, up to
                      * AQ_ANSWER_LOST, or the mark of a second machine */
};

int aq_answers_make(struct aq_answers *answers, uint64_t count, uint64_t seed)
{
    if (count > SIZE_MAX / sizeof *answers->cells)
        return -ENOMEM;
    answers->cells = calloc((size_t)count, sizeof *answers->cells);
    if (!answers->cells)
        return -ENOMEM;
    answers->count = answers->silent = count;
    answers->seed = seed;
    return 0;
}

void aq_answers_free(struct aq_answers *answers)
{
    free(answers->cells);
    answers->cells = NULL;
}

void aq_answers_exclude(struct aq_answers *answers, uint32_t number)
{
    answers->silent -= answers->cells[number].first == SILENT;
    answers->cells[number].first = EXCLUDED;
}

void aq_answers_set_elsewhere(struct aq_answers *answers, uint32_t number, uint32_t ifindex)
{
    aq_answers_exclude(answers, number);
    answers->cells[number] = (struct aq_answers_cell){.first = ELSEWHERE, .second = ifindex};
}

uint32_t aq_answers_elsewhere(const struct aq_answers *answers, uint32_t number)
{
    const struct aq_answers_cell *cell = &answers->cells[number];

    return cell->first == ELSEWHERE ? cell->second : 0;
}

bool aq_answers_is_silent(const struct aq_answers *answers, uint32_t number)
{
    return answers->cells[number].first == SILENT;
}

void aq_answers_asked(struct aq_answers *answers, uint32_t number, uint64_t now_us)
{
    answers->cells[number].second = (uint32_t)now_us;
}

uint32_t aq_answers_waited(const struct aq_answers *answers, uint32_t number, uint64_t now_us)
{
    return (uint32_t)now_us - answers->cells[number].second;
}

/* Returns the mark of a MAC, a number above AQ_ANSWER_LOST and the values above. */
static uint32_t mark_of(const struct aq_answers *answers, const struct arpq_mac *mac)
{
    return (uint32_t)aq_hash_mac(answers->seed, mac) | (AQ_ANSWER_LOST + 1);
}

static bool is_further(const struct aq_answers *answers, uint32_t number, uint32_t mark)
{
    for (unsigned i = 0; i < answers->further_count; i++)
        if (answers->further[i].number == number && answers->further[i].mark == mark)
            return true;
    return false;
}

enum aq_answer aq_answers_note(struct aq_answers *answers, uint32_t number,
                               const struct arpq_mac *mac)
{
    struct aq_answers_cell *cell = &answers->cells[number];
    uint32_t mark = mark_of(answers, mac);

    if (cell->first == SILENT) {
        *cell = (struct aq_answers_cell){.first = mark};
        answers->silent--;
        return AQ_ANSWER_FIRST;
    }
    if (cell->first <= ELSEWHERE || cell->first == mark || cell->second == mark)
        return AQ_ANSWER_NONE;
    if (cell->second <= AQ_ANSWER_LOST) {
        cell->second = mark;
        return AQ_ANSWER_ANOTHER;
    }
    if (answers->further_count == AQ_ANSWER_FURTHER || is_further(answers, number, mark))
        return AQ_ANSWER_NONE;
    answers->further[answers->further_count].number = number;
    answers->further[answers->further_count].mark = mark;
    answers->further_count++;
    return AQ_ANSWER_ANOTHER;
}

void aq_answers_set_lost(struct aq_answers *answers, uint32_t number, uint32_t lost)
{
    answers->cells[number].second = lost;
}

uint32_t aq_answers_take_lost(struct aq_answers *answers, uint32_t number,
                              const struct arpq_mac *mac)
{
    struct aq_answers_cell *cell = &answers->cells[number];
    uint32_t lost = cell->second;

    if (lost > AQ_ANSWER_LOST || cell->first != mark_of(answers, mac))
        return 0;
    cell->second = 0;
    return lost;
}
