/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "arpq.h"

/* One struct contains all names, so that a row can store an offset. A pointer would need a
 * relocation. */
#define NAME(set, value, name) char set##_##name[sizeof #name];
struct constant_names {
    char none[1];
#include "value/constants.def"
};
#undef NAME

#define NAME(set, value, name) #name,
static const struct constant_names constant_names = {
    "",
#include "value/constants.def"
};
#undef NAME

/* Rows are sorted by set. */
struct constant_row {
    uint32_t value;
    uint16_t name;
    uint16_t set;
};

#define NAME(set, value, name)                                                                     \
    {value, offsetof(struct constant_names, set##_##name), ARPQ_NAMES_##set},
static const struct constant_row constant_rows[] = {
#include "value/constants.def"
};
#undef NAME
#define CONSTANT_ROWS (sizeof constant_rows / sizeof constant_rows[0])

static const char *constant_name(const struct constant_row *row)
{
    return (const char *)&constant_names + row->name;
}

/* Returns the first row of a set. The row has another set if there is no such set. */
static const struct constant_row *constant_first(uint32_t set)
{
    size_t low = 0, high = CONSTANT_ROWS - 1;

    while (low < high) {
        const size_t middle = (low + high) / 2;

        if (constant_rows[middle].set < set)
            low = middle + 1;
        else
            high = middle;
    }
    return &constant_rows[low];
}

static bool constant_in(const struct constant_row *row, uint32_t set)
{
    return row < constant_rows + CONSTANT_ROWS && row->set == set;
}

const char *arpq_name(uint32_t set, uint32_t value)
{
    if (set == ARPQ_NAMES_ERROR && value > INT32_MAX)
        value = 0 - value;
    for (const struct constant_row *row = constant_first(set); constant_in(row, set); row++)
        if (row->value == value)
            return constant_name(row);
    return constant_names.none;
}

/* tolower(3) and strcasecmp(3) depend on the locale: in Turkish, 'I' is not the capital of 'i'. */
static char constant_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool constant_is_named(const struct constant_row *row, const char *name)
{
    const char *own = constant_name(row);

    while (*own != '\0' && *own == constant_upper(*name)) {
        own++;
        name++;
    }
    return *own == '\0' && *name == '\0';
}

int arpq_value(uint32_t set, const char *name, uint32_t *value)
{
    const struct constant_row *row = constant_first(set);

    if (!value)
        return -EINVAL;
    *value = 0;
    if (!name || !constant_in(row, set))
        return -EINVAL;
    for (; constant_in(row, set); row++)
        if (constant_is_named(row, name)) {
            *value = row->value;
            return 0;
        }
    return -ENOENT;
}
