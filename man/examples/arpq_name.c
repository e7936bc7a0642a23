/* SPDX-License-Identifier: MIT */
/* Print the values of names of states, and the names of flags. */
#include <arpq.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        uint32_t state;

        if (arpq_value(ARPQ_NAMES_STATE, argv[i], &state) < 0)
            printf("%s is no state\n", argv[i]);
        else
            printf("%s = 0x%02x\n", arpq_name(ARPQ_NAMES_STATE, state),
                   state);
    }
    return 0;
}
