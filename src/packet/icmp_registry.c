/* SPDX-License-Identifier: MIT */
#include "arpq.h"

/* One struct contains all names, so that a row can store an offset. A pointer would need a
 * relocation. */
#define TYPE(version, type, codes, name) char type_##version##_##type[sizeof(name)];
#define SAME(version, type, codes, other)
#define CODE(version, type, code, name) char code_##version##_##type##_##code[sizeof(name)];
struct registry_names {
    char none[1];
#include "packet/icmp_registry.def"
};
#undef TYPE
#undef CODE

#define TYPE(version, type, codes, name) name,
#define CODE(version, type, code, name) name,
static const struct registry_names names = {
    "",
#include "packet/icmp_registry.def"
};
#undef TYPE
#undef SAME
#undef CODE

/* A row for a type is followed by rows for its codes. Rows are sorted by key. */
struct row {
    uint16_t key; /* version and type */
    uint16_t name;
    uint8_t first; /* range of codes; empty if first > last */
    uint8_t last;
};

#define KEY(version, type) ((version) << 8 | (type))
#define NAME(member) offsetof(struct registry_names, member)

#define NAMED 1, 0 /* only codes that have a name */
#define CODE_0 0, 0
#define CODES(first, last) first, last
#define ANY 0, 255

#define TYPE(version, type, codes, name) {KEY(version, type), NAME(type_##version##_##type), codes},
#define SAME(version, type, codes, other) {KEY(version, type), NAME(other), codes},
#define CODE(version, type, code, name)                                                            \
    {KEY(version, type), NAME(code_##version##_##type##_##code), code, code},
static const struct row rows[] = {
#include "packet/icmp_registry.def"
};
#define ROWS (sizeof rows / sizeof rows[0])

/* Returns the row of a type, or NULL. */
static const struct row *find_type(uint16_t family, uint8_t type)
{
    unsigned key = family == AF_INET ? KEY(4u, type) : KEY(6u, type);
    size_t low = 0;
    size_t high = ROWS;

    if (family != AF_INET && family != AF_INET6)
        return NULL;
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (rows[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < ROWS && rows[low].key == key ? &rows[low] : NULL;
}

/* Returns the first row from here on with the same type and this code, or NULL. */
static const struct row *find_code(const struct row *row, uint8_t code)
{
    const struct row *type = row;

    for (; row < rows + ROWS && row->key == type->key; row++) {
        if (row->first <= code && code <= row->last)
            return row;
    }
    return NULL;
}

static const char *name_of(const struct row *row)
{
    return (const char *)&names + (row ? row->name : 0);
}

int arpq_icmp_is_assigned(uint16_t family, uint8_t type, uint8_t code)
{
    const struct row *row = find_type(family, type);

    return row && find_code(row, code);
}

const char *arpq_icmp_type_name(uint16_t family, uint8_t type)
{
    return name_of(find_type(family, type));
}

const char *arpq_icmp_code_name(uint16_t family, uint8_t type, uint8_t code)
{
    const struct row *type_row = find_type(family, type);
    const struct row *row = type_row ? find_code(type_row, code) : NULL;

    /* A code that only the row of its type contains has no name. */
    return name_of(row != type_row ? row : NULL);
}
