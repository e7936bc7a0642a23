/* SPDX-License-Identifier: MIT */
/* Slow name servers: the tool looks up many names at the same time. */
#include "test.h"

#include <netdb.h>
#include <pthread.h>

#undef LENGTH /* the tool has its own */
#include "clock.h"
#include "host_names.h"

#define WORKERS 8
#define WAIT_MS 5000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned inside;
static bool gate_open = true;

int __wrap_getnameinfo(const struct sockaddr *address, socklen_t size, char *name,
                       socklen_t name_size, char *service, socklen_t service_size, int flags);
int __wrap_getnameinfo(const struct sockaddr *address, socklen_t size, char *name,
                       socklen_t name_size, char *service, socklen_t service_size, int flags)
{
    pthread_mutex_lock(&lock);
    inside++;
    pthread_cond_broadcast(&changed);
    while (!gate_open)
        pthread_cond_wait(&changed, &lock);
    inside--;
    pthread_mutex_unlock(&lock);
    snprintf(name, name_size, "slow.example");
    return 0;
}

static struct arpq_ip numbered_ip(unsigned n)
{
    char text[ARPQ_IP_STRLEN];

    snprintf(text, sizeof text, "192.0.2.%u", n);
    return ip_of(text);
}

static void set_gate(bool open)
{
    pthread_mutex_lock(&lock);
    gate_open = open;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

/* Waits until so many lookups run at the same time. Returns how many do. */
static unsigned wait_for_lookups(unsigned count)
{
    struct timespec until;
    unsigned now;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_MS / 1000;
    pthread_mutex_lock(&lock);
    while (inside < count && pthread_cond_timedwait(&changed, &lock, &until) == 0)
        ;
    now = inside;
    pthread_mutex_unlock(&lock);
    return now;
}

static void ask_and_find(unsigned n)
{
    const struct arpq_ip ip = numbered_ip(n);
    const char *name;

    host_names_ask(&ip);
    name = host_names_find(&ip, clock_ms() + WAIT_MS);
    assert_non_null(name);
    assert_string_equal(name, "slow.example");
}

/* The worker that has looked up the first name is idle when the others are asked for. */
static void test_idle_worker_is_not_the_only_one(void **state)
{
    unsigned lookups;

    ask_and_find(0);
    set_gate(false);
    for (unsigned n = 1; n <= WORKERS; n++) {
        const struct arpq_ip ip = numbered_ip(n);

        host_names_ask(&ip);
    }
    lookups = wait_for_lookups(WORKERS);
    set_gate(true);
    for (unsigned n = 1; n <= WORKERS; n++)
        ask_and_find(n);
    host_names_close();
    assert_int_equal(lookups, WORKERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_idle_worker_is_not_the_only_one)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
