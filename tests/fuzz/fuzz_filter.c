/* SPDX-License-Identifier: MIT */
/* Passes filters of any size to the library and applies them to entries. The library must accept
 * and match what arpq.h specifies. The first two bytes of the input are the filter's size. The
 * bytes after the filter modify an entry that matches it. */

#include "fuzz/fuzz.h"

#include "fuzz/filter_reference.h"
#include "table/filter.h"

#define SIZE_MOST 4100u

/* Make an entry that the filter probably matches. */
static struct arpq_neigh meant_by(const struct arpq_filter *from)
{
    struct arpq_neigh neigh = {.ifindex = from->ifindex, .protocol = from->protocol};

    neigh.ip = from->prefix;
    if (!neigh.ip.family)
        neigh.ip.family = from->family ? from->family : AF_INET;
    if (neigh.ip.family == AF_INET)
        memset(neigh.ip.bytes + 4, 0, 12);
    neigh.mac.length = from->mac.length;
    memcpy(neigh.mac.bytes, from->mac.bytes, from->mac.length);
    neigh.state = (uint16_t)(from->states & 0xff & (0u - (from->states & 0xff)));
    neigh.flags = from->neigh_flags;
    return neigh;
}

static void change(struct arpq_neigh *neigh, uint8_t what, uint8_t value)
{
    switch (what % 8) {
    case 0:
        neigh->ip.bytes[what / 8 % (neigh->ip.family == AF_INET ? 4 : 16)] ^= value;
        break;
    case 1:
        neigh->ifindex ^= value;
        break;
    case 2:
        neigh->state = value;
        break;
    case 3:
        neigh->flags ^= (uint32_t)value << (what / 8 % 3 * 8);
        break;
    case 4:
        neigh->protocol ^= value;
        break;
    case 5:
        if (neigh->mac.length)
            neigh->mac.bytes[what / 8 % neigh->mac.length] ^= value;
        break;
    case 6:
        neigh->mac.length = value % (ARPQ_MAC_MAX + 1);
        memset(neigh->mac.bytes + neigh->mac.length, 0, ARPQ_MAC_MAX - (size_t)neigh->mac.length);
        break;
    default:
        neigh->ip.family = value & 1 ? AF_INET : AF_INET6;
        if (neigh->ip.family == AF_INET)
            memset(neigh->ip.bytes + 4, 0, 12);
        break;
    }
}

static void check_entries(const struct arpq_filter *from, const struct arpq_filter *filter,
                          const uint8_t *data, size_t size)
{
    struct arpq_neigh neigh = meant_by(from);

    for (;; data += 2, size -= 2) {
        require(aq_filter_matches(filter, &neigh) == reference_matches(from, &neigh));
        if (size < 2)
            return;
        change(&neigh, data[0], data[1]);
    }
}

static void check(const void *bytes, size_t given, const uint8_t *rest, size_t rest_size)
{
    struct arpq_filter from = {0}, filter, again;
    int code;

    memset(&filter, 0xaa, sizeof filter);
    code = aq_filter_read(bytes, &filter);
    require((code == 0) == reference_accepts(bytes, given));
    if (code < 0)
        return;
    memcpy(&from, bytes, given < sizeof from ? given : sizeof from);
    check_entries(&from, &filter, rest, rest_size);
    /* Reading the result again does not change it. */
    filter.size = sizeof filter;
    require(aq_filter_read(&filter, &again) == 0);
    require(memcmp(&filter, &again, sizeof filter) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t given;
    uint8_t *block;

    if (size < 2)
        return 0;
    given = (uint32_t)(data[0] | data[1] << 8) % SIZE_MOST;
    data += 2;
    size -= 2;
    /* Allocate exactly the size of the filter, so that ASan detects a read past its end. */
    block = calloc(1, given < 4 ? 4 : given);
    require(block);
    memcpy(block, data, size < given ? size : given);
    memcpy(block, &given, sizeof given);
    check(block, given, size > given ? data + given : data, size > given ? size - given : 0);
    free(block);
    return 0;
}
