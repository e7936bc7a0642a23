/* SPDX-License-Identifier: MIT */
/* Print the version of the running library. Fails when it differs from the version in the header
 * that this program was compiled with. */
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
