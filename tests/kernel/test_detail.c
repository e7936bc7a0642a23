/* SPDX-License-Identifier: MIT */
/* The kernel's words about a call, read by another thread. */
#include "test.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
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

static void *call_without_words(void *handle)
{
    return arpq_neigh_set(handle, NULL, 0) < 0 ? NULL : handle;
}

/* Like one task of a pool of threads. */
static void run_in_a_thread(void *(*task)(void *), struct arpq_handle *handle)
{
    pthread_t thread;
    void *wrong;

    assert_int_equal(pthread_create(&thread, NULL, task, handle), 0);
    assert_int_equal(pthread_join(thread, &wrong), 0);
    assert_null(wrong);
}

static void call_in_a_thread(struct arpq_handle *handle)
{
    run_in_a_thread(call, handle);
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

/* ---- Calls that ask the kernel for no entry ---- */

static const struct arpq_ip missing_ip = {.family = AF_INET, .bytes = {198, 51, 100, 77}};
static const struct arpq_ip other_ip = {.family = AF_INET6, .bytes = {0xfe, 0x80, [15] = 9}};
static struct arpq_ip own_ip;
static int peer_fd;

#define NO_INDEX 4000000

static int lookup_own(void)
{
    struct arpq_mac mac;

    return arpq_lookup(h, &own_ip, v0, 0, &mac);
}
static int lookup_text_own(void)
{
    struct arpq_mac mac;

    return arpq_lookup_text(h, "10.1.0.1", "v0", 0, &mac);
}
static int lookup_none(void)
{
    return arpq_lookup_many(h, NULL, 0, 0, 0, NULL, NULL);
}
static int neigh_get_own(void)
{
    struct arpq_neigh neigh;

    return arpq_neigh_get(h, &own_ip, v0, 0, &neigh);
}
static int peer_own(void)
{
    struct arpq_mac mac;

    return arpq_peer(h, peer_fd, 0, &mac);
}
static int lookup_missing(void)
{
    struct arpq_mac mac;

    return arpq_lookup(h, &missing_ip, NO_INDEX, 0, &mac);
}
static int lookup_text_missing(void)
{
    struct arpq_mac mac;

    return arpq_lookup_text(h, "fe80::9%4000000", NULL, 0, &mac);
}
static int lookup_many_missing(void)
{
    struct arpq_mac mac;
    int32_t code;

    assert_int_equal(arpq_lookup_many(h, &missing_ip, 1, NO_INDEX, 0, &mac, &code), 0);
    return code;
}
static int neigh_get_missing(void)
{
    struct arpq_neigh neigh;

    return arpq_neigh_get(h, &other_ip, NO_INDEX, 0, &neigh);
}

static void test_unasked(void **state)
{
    static const struct {
        int (*call)(void);
        int code;
    } rows[] = {
        {lookup_own, 0},
        {lookup_text_own, 0},
        {lookup_none, 0},
        {neigh_get_own, 0},
        {peer_own, 0},
        {lookup_missing, -ENODEV},
        {lookup_text_missing, -ENODEV},
        {lookup_many_missing, -ENODEV},
        {neigh_get_missing, -ENODEV},
    };
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};

    own_ip = ip_of("10.1.0.1");
    memcpy(&to.sin_addr, own_ip.bytes, 4);
    peer_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(peer_fd, (struct sockaddr *)&to, sizeof to), 0);
    settle();
    for (size_t i = 0; i < LENGTH(rows); i++) {
        assert_int_equal(rows[i].call(), rows[i].code); /* the next calls ask for no route */
        assert_int_equal(fail_with_words(h), -EINVAL);
        assert_int_equal(rows[i].call(), rows[i].code);
        words_are(h, "");
        assert_string_equal(arpq_detail(h), "");
        /* Another thread has dropped the words of the handle, but not those of this thread. */
        assert_int_equal(fail_with_words(h), -EINVAL);
        run_in_a_thread(call_without_words, h);
        assert_int_equal(rows[i].call(), rows[i].code);
        if (rows[i].code < 0)
            assert_string_equal(arpq_detail(h), "");
    }
    close(peer_fd);
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
        TEST_FIXTURE(test_pool),          TEST_FIXTURE(test_unasked), TEST_FIXTURE(test_sizes),
        TEST_FIXTURE(test_mirror_thread), TEST_FIXTURE(test_fork),    TEST_FIXTURE(test_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
