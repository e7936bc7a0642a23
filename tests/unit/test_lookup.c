/* SPDX-License-Identifier: MIT */
/* Answers to a lookup that need no entry. The test simulates the choice of the target. */
#include "test.h"

#include "handle/handle.h"
#include "neigh/ask.h"

static struct aq_live live = {.epoch = 1, .detail.serial = 1};
static struct arpq_handle handle = {.live = &live};
static struct aq_target target;

int __wrap_aq_target_find(struct arpq_handle *h, const struct aq_query *query,
                          struct aq_target *found);
int __wrap_aq_target_find(struct arpq_handle *h, const struct aq_query *query,
                          struct aq_target *found)
{
    *found = target;
    return 0;
}

int __wrap_aq_interfaces_refresh(struct arpq_handle *h);
int __wrap_aq_interfaces_refresh(struct arpq_handle *h)
{
    return 0;
}

int __wrap_aq_interfaces_update(struct arpq_handle *h, unsigned generation);
int __wrap_aq_interfaces_update(struct arpq_handle *h, unsigned generation)
{
    return 0;
}

/* The codes are the same while the view may be old, when the target is used by its index. */
static void expect(int code, uint8_t mac_length)
{
    const struct arpq_ip ip = {.family = AF_INET, .bytes = {10, 7, 0, 1}};
    struct arpq_mac mac;

    target.mac_length = target.mac.length = mac_length;
    for (int by_index = 0; by_index < 2; by_index++) {
        target.by_index = by_index;
        memset(&mac, 0xaa, sizeof mac);
        aq_rtnl_detail_save(&live.detail, "older", 5);
        live.detail.any = code == 0; /* a failure drops the text of the thread in any case */
        assert_int_equal(arpq_lookup(&handle, &ip, 1, 0, &mac), code);
        assert_int_equal(mac.length, mac_length);
        assert_string_equal(arpq_detail(&handle), "");
        assert_int_equal(mac.origin, code == 0 ? target.mac.origin : 0);
    }
}

static void test_own(void **state)
{
    target = (struct aq_target){.ifindex = 1, .answered = ARPQ_NEIGH_LOCAL};
    target.mac.origin = ARPQ_ORIGIN_LOCAL;
    expect(0, 6);
    expect(-EOPNOTSUPP, 0); /* a tun device has no link-layer address */
}

static void test_group(void **state)
{
    target = (struct aq_target){.ifindex = 1, .answered = ARPQ_NEIGH_MULTICAST};
    target.mac.origin = ARPQ_ORIGIN_MULTICAST;
    expect(0, 6);
    expect(-EOPNOTSUPP, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_own), cmocka_unit_test(test_group)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
