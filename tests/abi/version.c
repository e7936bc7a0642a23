/* SPDX-License-Identifier: MIT */
/* Prints the version of the running library. Fails if it is not the version of the header with
 * which this program was compiled. */
#include <arpq.h>

#include <stdio.h>
#include <string.h>

int main(void)
{
    char header[64];

    snprintf(header, sizeof header, "%d.%d.%d", ARPQ_VERSION_MAJOR, ARPQ_VERSION_MINOR,
             ARPQ_VERSION_PATCH);
    puts(arpq_version());
    return strcmp(header, arpq_version()) == 0 ? 0 : 1;
}
