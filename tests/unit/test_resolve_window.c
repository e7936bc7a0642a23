/* SPDX-License-Identifier: MIT */
/* Checks how many addresses arpq_resolve_many adds to its resolver. The test simulates the
 * resolver. */
#include "test.h"

#include "handle/handle.h"
#include "resolve/resolver.h"

#define COUNT 100000u

static struct aq_live live;
static struct arpq_handle handle = {.live = &live};
static struct arpq_resolver fake;
static uint32_t added, fetched, at_first;

int __wrap_arpq_resolver_open(struct arpq_handle *h, struct arpq_resolver **resolver,
                              const struct arpq_resolve_options *options);
int __wrap_arpq_resolver_open(struct arpq_handle *h, struct arpq_resolver **resolver,
                              const struct arpq_resolve_options *options)
{
    added = fetched = at_first = 0;
    fake.window = options->window;
    *resolver = &fake;
    return 0;
}

void __wrap_arpq_resolver_close(struct arpq_resolver *resolver);
void __wrap_arpq_resolver_close(struct arpq_resolver *resolver)
{
    assert_ptr_equal(resolver, &fake);
}

int __wrap_arpq_resolver_add(struct arpq_resolver *resolver, const struct arpq_ip *ip,
                             uint32_t ifindex, uint64_t token);
int __wrap_arpq_resolver_add(struct arpq_resolver *resolver, const struct arpq_ip *ip,
                             uint32_t ifindex, uint64_t token)
{
    assert_int_equal(token, added);
    added++;
    return 0;
}

uint32_t __wrap_arpq_resolver_pending(const struct arpq_resolver *resolver);
uint32_t __wrap_arpq_resolver_pending(const struct arpq_resolver *resolver)
{
    return added - fetched;
}

int __wrap_arpq_resolver_next(struct arpq_resolver *resolver, struct arpq_resolved *resolved,
                              int32_t timeout_ms);
int __wrap_arpq_resolver_next(struct arpq_resolver *resolver, struct arpq_resolved *resolved,
                              int32_t timeout_ms)
{
    assert_int_equal(timeout_ms, -1);
    if (at_first == 0)
        at_first = added;
    if (fetched == added)
        return -ENODATA;
    *resolved = (struct arpq_resolved){.token = fetched++, .code = -EHOSTUNREACH};
    return 1;
}

/* arpq_resolve_many fills the window, but does not add all addresses before it fetches a result. */
static void test_window(void **state)
{
    static const uint32_t windows[] = {1, 1024, 65536};
    struct arpq_ip *ips = calloc(COUNT, sizeof *ips);
    struct arpq_neigh *neighs = calloc(COUNT, sizeof *neighs);

    assert_non_null(ips);
    assert_non_null(neighs);
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        const struct arpq_resolve_options options = {.size = sizeof options, .window = windows[i]};

        assert_int_equal(arpq_resolve_many(&handle, ips, COUNT, 0, &options, neighs, NULL), 0);
        assert_between(at_first, windows[i], windows[i] + 10000);
        assert_int_equal(fetched, COUNT);
    }
    free(ips);
    free(neighs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_window)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
