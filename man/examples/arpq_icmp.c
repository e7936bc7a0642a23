/* SPDX-License-Identifier: MIT */
/* Write an ICMP echo request, read it again, and print its type. */
#include <arpq.h>
#include <stdio.h>

int main(void)
{
    struct arpq_icmp icmp = {.family = AF_INET,
                             .type = 8,
                             .identifier = 1000,
                             .sequence = 1};
    uint8_t message[64];
    int size =
        arpq_icmp_encode(&icmp, "payload", 7, message, sizeof message);

    if (size < 0 || arpq_icmp_decode(AF_INET, NULL, NULL, message,
                                     (size_t)size, &icmp) < 0)
        return 1;
    printf("%s: sequence %u, %u bytes, checksum 0x%04x\n",
           arpq_icmp_type_name(icmp.family, icmp.type), icmp.sequence,
           icmp.payload_length, icmp.checksum);
    return 0;
}
