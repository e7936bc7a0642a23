/* SPDX-License-Identifier: MIT */
/* The kernel's words about a call, read by another thread. */
#include "test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/netns.h"
#include "process.h"

#define WORDS "No link layer address given"

static uint32_t v0;

/* The kernel confirms no entry whose address it does not know. */
static int fail_with_words(struct arpq_handle *handle)
{
    const struct arpq_neigh neigh = {
        .ip = ip_of("10.1.0.9"), .ifindex = v0, .state = ARPQ_STATE_PROBE};

    return arpq_neigh_set(handle, &neigh, 0);
}

static void words_are(struct arpq_handle *handle, const char *expected)
{
    char text[ARPQ_DETAIL_STRLEN];
    int length = arpq_detail_copy(handle, text, sizeof text);

    assert_string_equal(text, expected);
    assert_int_equal(length, strlen(expected));
}

static void *call(void *handle)
{
    return fail_with_words(handle) < 0 ? NULL : handle;
}

/* Like one task of a pool of threads. */
static void call_in_a_thread(struct arpq_handle *handle)
{
    pthread_t thread;
    void *wrong;

    assert_int_equal(pthread_create(&thread, NULL, call, handle), 0);
    assert_int_equal(pthread_join(thread, &wrong), 0);
    assert_null(wrong);
}

static void test_pool(void **state)
{
    const struct arpq_ip own = ip_of("10.1.0.1");
    struct arpq_neigh neigh;
    struct arpq_handle *other;

    assert_int_equal(arpq_open(&other, NULL), 0);
    words_are(h, "");
    for (int i = 0; i < 3; i++) {
        call_in_a_thread(h);
        assert_string_equal(arpq_detail(h), "");
        words_are(h, WORDS);
        words_are(h, WORDS);
        words_are(other, "");
    }
    /* The next call replaces the words, whether it fails or not. */
    assert_int_equal(arpq_neigh_get(h, &own, 0, 0, &neigh), 0);
    words_are(h, "");
    call_in_a_thread(h);
    assert_int_equal(arpq_neigh_set(h, NULL, 0), -EINVAL);
    words_are(h, "");
    assert_int_equal(fail_with_words(h), -EINVAL);
    words_are(h, WORDS);
    assert_string_equal(arpq_detail(h), WORDS);
    arpq_close(other);
}

static void test_sizes(void **state)
{
    char text[] = "xxxxxx";

    assert_int_equal(arpq_detail_copy(h, NULL, 0), 0);
    call_in_a_thread(h);
    assert_int_equal(arpq_detail_copy(h, NULL, 0), strlen(WORDS));
    assert_int_equal(arpq_detail_copy(h, text, 0), strlen(WORDS));
    assert_string_equal(text, "xxxxxx");
    assert_int_equal(arpq_detail_copy(h, text, 5), strlen(WORDS));
    assert_string_equal(text, "No l");
    assert_int_equal(arpq_detail_copy(h, NULL, 5), -EINVAL);
    assert_int_equal(arpq_detail_copy(NULL, text, 5), -EINVAL);
    assert_string_equal(text, "");
}

/* The thread of a mirror makes calls that the user does not see. */
static void test_mirror_thread(void **state)
{
    const struct arpq_mirror_options options = {.size = sizeof options,
                                                .flags = ARPQ_MIRROR_THREAD};
    const struct arpq_ip ip = ip_of("10.1.0.30");
    struct arpq_mirror *mirror;
    struct arpq_mac mac;

    assert_int_equal(arpq_mirror_open(h, &mirror, &options), 0);
    call_in_a_thread(h);
    /* An entry that is written twice is looked up by the thread. */
    sh("ip neigh add 10.1.0.30 dev v0 lladdr " MAC_A
       "; ip neigh replace 10.1.0.30 dev v0 lladdr " MAC_B
       "; ip link add v9 type veth peer name v9p");
    sleep_ms(150);
    words_are(h, WORDS);
    assert_int_equal(arpq_mirror_lookup(mirror, &ip, 0, &mac), 0);
    assert_int_equal(mac.bytes[5], 0xbb);
    arpq_mirror_close(mirror);
}

static void test_fork(void **state)
{
    char text[ARPQ_DETAIL_STRLEN];
    int status;
    pid_t child;

    assert_int_equal(fail_with_words(h), -EINVAL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (arpq_detail_copy(h, text, sizeof text) != 0 || text[0] != '\0')
            _exit(1);
        if (fail_with_words(h) != -EINVAL ||
            arpq_detail_copy(h, text, sizeof text) != (int)strlen(WORDS))
            _exit(2);
        _exit(strcmp(arpq_detail(h), WORDS) == 0 ? 0 : 3);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    words_are(h, WORDS);
}

/* ---- Many threads ---- */

#define THREADS 8

static atomic_bool stop;
static atomic_uint wrong;

static void *call_often(void *unused)
{
    const struct arpq_ip own = ip_of("10.1.0.1");
    struct arpq_neigh neigh;

    while (!atomic_load(&stop)) {
        wrong += fail_with_words(h) != -EINVAL || strcmp(arpq_detail(h), WORDS) != 0;
        wrong += arpq_neigh_get(h, &own, 0, 0, &neigh) != 0;
    }
    return NULL;
}

/* The copy is whole, or empty. */
static void test_threads(void **state)
{
    const uint64_t until = now_ms() + 300;
    pthread_t threads[THREADS];
    char text[ARPQ_DETAIL_STRLEN];

    stop = false;
    wrong = 0;
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, call_often, NULL), 0);
    while (now_ms() < until) {
        int length = arpq_detail_copy(h, text, sizeof text);

        assert_true(length == 0 || strcmp(text, WORDS) == 0);
    }
    stop = true;
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(wrong, 0);
    assert_int_equal(fail_with_words(h), -EINVAL);
    words_are(h, WORDS);
}

static int set_up(void **state)
{
    int code = fixture_set_up(state);

    v0 = ifindex_of("v0");
    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A "; ip neigh change 10.1.0.9 dev v0 nud failed");
    return code;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_FIXTURE(test_pool), TEST_FIXTURE(test_sizes),   TEST_FIXTURE(test_mirror_thread),
        TEST_FIXTURE(test_fork), TEST_FIXTURE(test_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
