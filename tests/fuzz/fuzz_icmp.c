/* SPDX-License-Identifier: MIT */
/* Decodes arbitrary bytes as an ICMP message. Encoding a decoded message gives the same bytes, and
 * the original datagram lies within the message. The first byte of the input chooses the family,
 * whether the checksum stays unchanged, and whether the ICMPv6 addresses are passed. */
#include "fuzz/fuzz.h"

#include <errno.h>
#include <sys/socket.h>

#define IPV6 0x01
#define AS_IT_IS 0x02
#define ADDRESSED 0x04
#define HEADER 8

static void check_original(const struct arpq_icmp *icmp, size_t size)
{
    static const struct arpq_icmp zero;
    size_t from = offsetof(struct arpq_icmp, original_source);
    size_t end = icmp->original_offset + icmp->original_length;

    if (!(icmp->flags & ARPQ_ICMP_ORIGINAL)) {
        require(memcmp((const char *)icmp + from, (const char *)&zero + from, sizeof zero - from) ==
                0);
        return;
    }
    require(icmp->original_offset == HEADER && end <= size);
    require(icmp->original_source.family == icmp->family);
    require(icmp->original_destination.family == icmp->family);
    if (icmp->original_payload_offset == 0)
        require(icmp->original_protocol == 0 && icmp->original_type == 0 &&
                icmp->original_source_port == 0 && icmp->original_identifier == 0);
    else
        require(icmp->original_payload_offset > HEADER && icmp->original_payload_offset <= end);
}

/* The decoder may accept messages shorter than a header; the encoder always writes a whole
 * header. */
static void check_again(const struct arpq_icmp *icmp, const uint8_t *message, size_t size)
{
    uint8_t *again = malloc(HEADER + icmp->payload_length);
    int length;

    require(again);
    length = arpq_icmp_encode(icmp, message + icmp->payload_offset, icmp->payload_length, again,
                              HEADER + icmp->payload_length);
    require(length == (int)(HEADER + icmp->payload_length));
    if (size >= HEADER) {
        require((size_t)length == size && memcmp(again, message, 2) == 0);
        require(memcmp(again + 4, message + 4, size - 4) == 0);
    }
    /* Ones' complement has two representations of 0; the encoder writes one of them. */
    if (size >= HEADER && !(icmp->flags & ARPQ_ICMP_UNVERIFIED) && icmp->checksum != 0xffff)
        require(memcmp(again + 2, message + 2, 2) == 0);
    free(again);
}

static void check(uint8_t how, uint8_t *message, size_t size)
{
    static const struct arpq_icmp zero;
    struct arpq_ip source = {.family = AF_INET6, .bytes = {0xfe, 0x80}};
    struct arpq_ip destination = {.family = AF_INET6, .bytes = {0xff, 0x02}};
    uint16_t family = how & IPV6 ? AF_INET6 : AF_INET;
    const struct arpq_ip *from = (how & (IPV6 | ADDRESSED)) == (IPV6 | ADDRESSED) ? &source : NULL;
    const struct arpq_ip *to = from ? &destination : NULL;
    struct arpq_icmp icmp;
    int code;

    if (!(how & AS_IT_IS) && size >= 4) {
        uint16_t sum;

        message[2] = message[3] = 0;
        sum = arpq_icmp_checksum(from, to, message, size);
        message[2] = (uint8_t)(sum >> 8);
        message[3] = (uint8_t)sum;
    }
    memset(&icmp, 0xaa, sizeof icmp);
    code = arpq_icmp_decode(family, from, to, message, size, &icmp);
    if (code == -EILSEQ) {
        require(icmp.payload_offset + icmp.payload_length == size);
        check_original(&icmp, size);
        return;
    }
    if (code < 0) {
        require(memcmp(&icmp, &zero, sizeof icmp) == 0);
        return;
    }
    require(arpq_icmp_is_assigned(family, icmp.type, icmp.code));
    require(*arpq_icmp_type_name(family, icmp.type) != '\0');
    require(icmp.payload_offset + icmp.payload_length == size);
    check_original(&icmp, size);
    check_again(&icmp, message, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *message;

    if (size < 1 || size > 65536)
        return 0;
    message = exact_copy(data + 1, size - 1);
    check(data[0], message, size - 1);
    free(message);
    return 0;
}
