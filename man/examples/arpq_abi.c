/* SPDX-License-Identifier: MIT */
/* Check at the start that the library fits the header, as a binding does. */
#include <arpq.h>
#include <stdio.h>

int main(void)
{
    if (arpq_abi() != ARPQ_ABI) {
        fprintf(stderr, "libarpq %s has ABI %u, not %u\n",
                arpq_version(), arpq_abi(), ARPQ_ABI);
        return 1;
    }
    if (arpq_version_number() < ARPQ_VERSION_NUMBER)
        fprintf(stderr, "libarpq %s is older than the header\n",
                arpq_version());
    if (arpq_sizeof("arpq_neigh") < sizeof(struct arpq_neigh))
        fprintf(stderr, "struct arpq_neigh is smaller than here\n");
    puts("the library fits");
    return 0;
}
