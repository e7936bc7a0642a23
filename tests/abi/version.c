/* SPDX-License-Identifier: MIT */
/* Prints the version of the library that is running; fails when the header that
 * this was compiled with has another one. */
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
