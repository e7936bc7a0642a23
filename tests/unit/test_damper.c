/* SPDX-License-Identifier: MIT */
/* Hosts on the link can neither hide a conflict nor make the damper grow without bound. */
#include "test.h"

#include <malloc.h>
#include <string.h>
#include <time.h>

#include "neighmap/damper.h"
#include "process.h"
#include "value/hash.h"

#define DAMPING_MS 10000u
#define V4(n)                                                                                      \
    {                                                                                              \
        .family = AF_INET, .bytes = {                                                              \
            10,                                                                                    \
            (uint8_t)((n) >> 16),                                                                  \
            (uint8_t)((n) >> 8),                                                                   \
            (uint8_t)(n)                                                                           \
        }                                                                                          \
    }

static struct aq_damper *damper;
static uint64_t now_ms;
static size_t held; /* bytes of memory that the damper has */

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    void *block = __real_calloc(count, size);

    held += malloc_usable_size(block);
    return block;
}

void __real_free(void *block);
void __wrap_free(void *block);
void __wrap_free(void *block)
{
    held -= malloc_usable_size(block);
    __real_free(block);
}

static int set_up(void **state)
{
    now_ms = 1000;
    damper = aq_damper_make(20261129);
    return 0;
}

static int tear_down(void **state)
{
    aq_damper_free(damper);
    damper = NULL;
    return 0;
}

static struct arpq_mac mac_number(uint32_t n)
{
    return (struct arpq_mac){
        .length = 6,
        .bytes = {2, 0, (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n}};
}

/* Address number n moves from one MAC to another. */
static struct aq_history_verdict move(uint32_t n, uint32_t from, uint32_t to)
{
    const struct arpq_neigh neigh = {.ip = V4(n), .ifindex = 2, .mac = mac_number(to)};
    const struct arpq_mac old = mac_number(from);

    return aq_damper_note(damper, &neigh, &old, now_ms, DAMPING_MS);
}

static void test_back(void **state)
{
    assert_false(move(1, 0xa, 0xb).again);
    now_ms += DAMPING_MS - 1;
    assert_true(move(1, 0xb, 0xa).conflict);
    /* The conflict is reported once in the damping time. */
    assert_false(move(1, 0xa, 0xb).conflict);
    now_ms += DAMPING_MS - 1;
    assert_false(move(1, 0xb, 0xa).conflict);
    now_ms += 1;
    assert_true(move(1, 0xa, 0xb).conflict);
    now_ms += DAMPING_MS;
    assert_false(move(1, 0xb, 0xa).conflict);
}

/* Before the owner answers, the attacker moves as many other addresses as fit into a large
 * neighbour table. */
static void test_crowd(void **state)
{
    for (uint32_t round = 0; round < 5; round++) {
        const uint32_t victim = 1000000 + round;

        assert_false(move(victim, 0xa, 0xb).again);
        for (uint32_t n = 0; n < 65536; n++)
            (void)move(round * 65536 + n, 0xc, 0xd);
        assert_true(move(victim, 0xb, 0xa).conflict);
        now_ms += DAMPING_MS;
    }
}

/* The attacker moves addresses that share a set of the largest table with the victim. It does not
 * know the seed, so that they share a set for another seed only. */
static void test_chosen_addresses(void **state)
{
    const struct arpq_ip victim = V4(7);
    const uint64_t lowest_bits = (1u << 14) - 1, home = aq_hash_ip(0, &victim, 2) & lowest_bits;
    unsigned chosen = 0;

    assert_false(move(7, 0xa, 0xb).again);
    for (uint32_t n = 8; n < 16000000 && chosen < 40; n++) {
        const struct arpq_ip ip = V4(n);

        if ((aq_hash_ip(0, &ip, 2) & lowest_bits) == home) {
            now_ms++;
            (void)move(n, 0xc, 0xd);
            chosen++;
        }
    }
    assert_int_equal(chosen, 40);
    assert_true(move(7, 0xb, 0xa).conflict);
}

/* Moves to new MACs do not make the damper forget the owner's MAC, and are a conflict
 * themselves. */
static void test_many_macs(void **state)
{
    unsigned conflicts = 0;
    uint32_t from = 0xa;

    for (uint32_t to = 1; to <= 5; to++) {
        conflicts += move(1, from, to).conflict;
        from = to;
    }
    assert_int_equal(conflicts, 1);
    now_ms += DAMPING_MS - 1;
    for (uint32_t to = 6; to <= 50; to++) {
        conflicts += move(1, from, to).conflict;
        from = to;
    }
    assert_int_equal(conflicts, 1);
    now_ms += 1;
    assert_true(move(1, from, 0xa).conflict);
}

/* An address that moves from one router to a second and then to a third is not a conflict. Many
 * addresses that move once are not a conflict either. */
static void test_no_conflict(void **state)
{
    assert_false(move(1, 0xa, 0xb).conflict);
    assert_false(move(1, 0xb, 0xc).conflict);
    for (uint32_t n = 2; n < 30000; n++) {
        struct aq_history_verdict damped = move(n, 0xa, 0xb);

        assert_false(damped.conflict);
        assert_false(damped.again);
    }
}

static void test_interfaces(void **state)
{
    const struct arpq_mac a = mac_number(0xa);
    struct arpq_neigh neigh = {.ip = V4(1), .ifindex = 2, .mac = mac_number(0xb)};

    assert_false(aq_damper_note(damper, &neigh, &a, now_ms, DAMPING_MS).again);
    neigh.ifindex = 3;
    assert_false(aq_damper_note(damper, &neigh, &a, now_ms, DAMPING_MS).again);
}

/* Three million addresses move in the damping time. The memory and the time of each call stay
 * bounded. */
static void test_bounds(void **state)
{
    struct timespec began, end; /* of processor time, because the machine may be busy */
    double seconds;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &began);
    for (uint32_t n = 0; n < 3000000; n++)
        (void)move(n, 0xa, 0xb);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    seconds = (double)(end.tv_sec - began.tv_sec) + (double)(end.tv_nsec - began.tv_nsec) / 1e9;
    assert_between(held, 1, AQ_DAMPER_MEMORY_MAX);
    print_message("%.0f ns a move\n", seconds * 1e9 / 3000000);
    assert_true(seconds < 30 * slowness());
    /* The damper still finds a conflict. */
    (void)move(4000000, 0xa, 0xb);
    assert_true(move(4000000, 0xb, 0xa).conflict);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_back),      TEST(test_crowd),       TEST(test_chosen_addresses),
        TEST(test_many_macs), TEST(test_no_conflict), TEST(test_interfaces),
        TEST(test_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
