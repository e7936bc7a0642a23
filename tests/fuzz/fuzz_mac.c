/* SPDX-License-Identifier: MIT */
/* Parses text as a MAC address. Formatting a parsed address in any style and parsing the result
 * gives the same address. */

#include "fuzz/fuzz.h"

static void check_style(const struct arpq_mac *mac, uint32_t style)
{
    char text[ARPQ_MAC_STRLEN];
    struct arpq_mac again;
    int r;

    require(arpq_mac_format(mac, style, text, sizeof text) == text);
    r = arpq_mac_parse(text, &again);
    if ((style & ~ARPQ_MAC_UPPER) == ARPQ_MAC_CISCO && mac->length % 2 != 0 && mac->length > 1)
        require(r < 0); /* the last dotted group is incomplete */
    else
        require(r == 0 && memcmp(mac, &again, sizeof again) == 0);
}

static void check(const char *text)
{
    static const struct arpq_mac zero;
    struct arpq_mac mac;

    memset(&mac, 0xaa, sizeof mac);
    if (arpq_mac_parse(text, &mac) < 0) {
        require(memcmp(&mac, &zero, sizeof mac) == 0);
        return;
    }
    require(mac.length >= 1 && mac.length <= ARPQ_MAC_MAX && mac.origin == 0);
    for (uint32_t style = ARPQ_MAC_COLON; style <= ARPQ_MAC_BARE; style++) {
        check_style(&mac, style);
        check_style(&mac, style | ARPQ_MAC_UPPER);
    }
    require(!arpq_mac_is_zero(&mac) || !arpq_mac_is_broadcast(&mac));
    (void)arpq_mac_is_multicast(&mac);
    (void)arpq_mac_is_local(&mac);
    (void)arpq_mac_to_eui64(&mac, &mac);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = exact_text(data, size);

    check(text);
    free(text);
    return 0;
}
