/* SPDX-License-Identifier: MIT */
/* Checks how arpq_resolve_many and arpq_resolve use their resolver: how many addresses they add, how
 * long they wait. The test simulates the resolver. */
#include "test.h"

#include "handle/handle.h"
#include "resolve/resolver.h"

#define COUNT 100000u

static struct aq_live live;
static struct arpq_handle handle = {.live = &live};
static struct arpq_resolver fake;
static uint32_t added, fetched, at_first, answer_ms;
static int32_t waits_ms; /* how long the caller waits for a result */
static bool is_silent;   /* there is no result in time */
static bool was_kept;    /* the entries remain when the resolver closes */

int __wrap_arpq_resolver_open(struct arpq_handle *h, struct arpq_resolver **resolver,
                              const struct arpq_resolve_options *options);
int __wrap_arpq_resolver_open(struct arpq_handle *h, struct arpq_resolver **resolver,
                              const struct arpq_resolve_options *options)
{
    added = fetched = at_first = 0;
    fake.window = options->window;
    fake.keeps_entries = false;
    answer_ms = options->answer_ms;
    *resolver = &fake;
    return 0;
}

void __wrap_arpq_resolver_close(struct arpq_resolver *resolver);
void __wrap_arpq_resolver_close(struct arpq_resolver *resolver)
{
    assert_ptr_equal(resolver, &fake);
    was_kept = resolver->keeps_entries;
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
    assert_int_equal(timeout_ms, waits_ms);
    if (is_silent)
        return 0;
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
    waits_ms = -1;
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        const struct arpq_resolve_options options = {.size = sizeof options, .window = windows[i]};

        assert_int_equal(arpq_resolve_many(&handle, ips, COUNT, 0, &options, neighs, NULL), 0);
        assert_between(at_first, windows[i], windows[i] + 10000);
        assert_int_equal(fetched, COUNT);
    }
    free(ips);
    free(neighs);
}

static int revalidate(int32_t timeout_ms)
{
    const struct arpq_ip ip = {.family = AF_INET, .bytes = {10, 1, 0, 2}};
    struct arpq_neigh neigh;

    waits_ms = timeout_ms;
    return arpq_resolve(&handle, &ip, 1, ARPQ_RESOLVE_REVALIDATE, timeout_ms, &neigh);
}

/* The limit of the wait includes the wait for a place in the table, and a call that does not wait
 * leaves the entry that it started to resolve. */
static void test_revalidate(void **state)
{
    is_silent = true;
    assert_int_equal(revalidate(0), -EAGAIN);
    assert_true(was_kept);
    assert_int_equal(revalidate(150), -EHOSTUNREACH);
    assert_false(was_kept);
    assert_int_equal(answer_ms, 150);
    for (int i = 0; i < 2; i++) {
        fake.pending.stages[AQ_STAGE_BUDGET4 + i].count = 1;
        assert_int_equal(revalidate(150), -EHOSTUNREACH);
        fake.budgets[i].full = true; /* the table has no room for the entry */
        assert_int_equal(revalidate(150), -ENOBUFS);
        assert_int_equal(revalidate(0), -EAGAIN);
        memset(&fake, 0, sizeof fake);
    }
    is_silent = false;
    assert_int_equal(revalidate(150), -EHOSTUNREACH);
    assert_int_equal(revalidate(-1), -EHOSTUNREACH);
    assert_int_equal(answer_ms, ARPQ_FOREVER);
    assert_false(was_kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_window),
                                       cmocka_unit_test(test_revalidate)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
