/* SPDX-License-Identifier: MIT */
/* Prints the version and the ABI number of the running library. Fails if they are not those of the
 * header with which this program was compiled. */
#include <arpq.h>

#include <stdio.h>
#include <string.h>

int main(void)
{
    char header[64];

    snprintf(header, sizeof header, "%d.%d.%d", ARPQ_VERSION_MAJOR, ARPQ_VERSION_MINOR,
             ARPQ_VERSION_PATCH);
    printf("%s %u\n", arpq_version(), (unsigned)arpq_abi());
    return strcmp(header, arpq_version()) == 0 && arpq_version_number() == ARPQ_VERSION_NUMBER &&
                   arpq_abi() == ARPQ_ABI
               ? 0
               : 1;
}
