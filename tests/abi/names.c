/* SPDX-License-Identifier: MIT */
/* Prints what only the running library knows, for scripts/abi-json: the names of every set, and the
 * texts of the error codes. With arguments, prints the sizes of these structs. */
#include <arpq.h>

#include <stdio.h>

#define SETS 255u

static void print_name(uint32_t set, uint32_t value)
{
    const char *name = arpq_name(set, value);

    if (name[0] != '\0')
        printf("name\t%u\t%u\t%s\n", (unsigned)set, (unsigned)value, name);
}

/* Link types go to 0xffff. Greater values are flags. */
static void print_set(uint32_t set)
{
    for (uint32_t value = 0; value < 0x1000; value++)
        print_name(set, value);
    for (uint32_t value = 0xff00; value < 0x10000; value++)
        print_name(set, value);
    for (unsigned bit = 12; bit < 32; bit++)
        print_name(set, UINT32_C(1) << bit);
}

int main(int count, char **names)
{
    for (int i = 1; i < count; i++)
        printf("%s %zu\n", names[i], arpq_sizeof(names[i]));
    if (count > 1)
        return 0;
    for (uint32_t set = 1; set <= SETS; set++)
        print_set(set);
    for (int code = 1; code < 4096; code++)
        if (arpq_name(ARPQ_NAMES_ERROR, (uint32_t)code)[0] != '\0')
            printf("error\t%d\t%s\n", code, arpq_strerror(-code));
    return 0;
}
