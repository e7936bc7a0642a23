/* SPDX-License-Identifier: MIT */
/*
 * In random topologies every answer must equal the kernel's: the device, the key and the entry that
 * RTM_GETROUTE and RTM_GETNEIGH name. Each function that chooses a target is called, first in
 * topologies that do not change, then in topologies that change under open handles.
 *
 *   ARPQ_SEED            repeats the topologies of a run
 *   ARPQ_FIB_TOPOLOGIES  number of topologies in each test; 0: as many as the time allows
 *   ARPQ_FIB_ROUTES      number of further routes in each topology, for a large FIB (0)
 *   ARPQ_FIB_SECONDS     duration of both tests if no number is given (20)
 */
#include "test.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/fib.h"
#include "kernel/netns.h"
#include "kernel/topology.h"
#include "kernel/verdict.h"
#include "process.h"
#include "random.h"

#define CHANGES 30         /* changes of one topology while handles are open */
#define CHANGE_TARGETS 24u /* targets looked up after each change */
#define REPORTS 3u         /* number of disagreements that are printed */
#define TICK_MS 12         /* longer than a tick of the kernel's timer at HZ=100 */
#define REMEMBERED_MS 1100 /* longer than the library remembers a decision */

static uint64_t seed;
static struct topology topology;
static struct arpq_handle *h;
static unsigned long long outcomes, disagreements;

/* ---- One query ---- */

struct call {
    enum way way;
    struct fib_query query;
    int fd; /* the connected socket that PEER uses */
};

static struct outcome run_call(const struct call *call)
{
    const struct arpq_ip *ip = &call->query.ip;
    struct outcome outcome;
    struct arpq_neigh *neigh = &outcome.neigh;

    memset(&outcome, 0, sizeof outcome);
    switch (call->way) {
    case LOOKUP:
        outcome.code = arpq_lookup(h, ip, 0, 0, &neigh->mac);
        break;
    case LOOKUP_VIA:
        outcome.code = arpq_lookup(h, ip, 0, ARPQ_LOOKUP_VIA_GATEWAY, &neigh->mac);
        break;
    case GET:
        outcome.code = arpq_neigh_get(h, ip, 0, 0, neigh);
        break;
    case GET_VIA:
        outcome.code = arpq_neigh_get(h, ip, 0, ARPQ_LOOKUP_VIA_GATEWAY, neigh);
        break;
    case PEER:
        outcome.code = arpq_peer(h, call->fd, 0, &neigh->mac);
        break;
    case RESOLVE:
    case WAYS:
        outcome.code = arpq_resolve(h, ip, 0, 0, 0, neigh);
        break;
    }
    outcomes++;
    return outcome;
}

/* Connect the socket of a peer. Its source and mark are part of the kernel's decision. Returns
 * false if the kernel refuses to connect. */
static bool connect_peer(struct call *call, uint32_t mark)
{
    struct sockaddr_storage to;
    socklen_t size = sizeof to;
    int length = arpq_ip_to_sockaddr(&call->query.ip, htons(9), &to);

    call->query.mark = mark;
    call->fd = socket(call->query.ip.family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_true(call->fd >= 0 && length > 0);
    if (mark)
        assert_int_equal(setsockopt(call->fd, SOL_SOCKET, SO_MARK, &mark, sizeof mark), 0);
    if (connect(call->fd, (const struct sockaddr *)&to, (socklen_t)length) != 0) {
        close(call->fd);
        return false;
    }
    assert_int_equal(getsockname(call->fd, (struct sockaddr *)&to, &size), 0);
    assert_int_equal(arpq_ip_from_sockaddr((const struct sockaddr *)&to, size, &call->query.source),
                     0);
    call->query.source.scope = 0;
    return true;
}

/* Whether the kernel gives this answer. If several IPv6 routes are equal, the kernel may choose a
 * different one each time, so the function asks repeatedly. */
static bool is_kernels(const struct call *call, const struct outcome *outcome)
{
    for (unsigned tries = 0; tries < 8; tries++) {
        const struct verdict verdict = verdict_of(&call->query);

        if (verdict_allows(&verdict, call->way, outcome))
            return true;
    }
    return false;
}

/* True while a disagreement is reproduced: only the original disagreement is printed. */
static bool is_quiet;

/* Call the library. Accept the kernel's answer before or after the call, and *old unless it is
 * NULL. */
static bool agrees_now(const struct call *call, const struct verdict *old, bool print)
{
    const struct verdict verdict = verdict_of(&call->query);
    const struct outcome outcome = run_call(call);
    bool agreed = verdict_allows(&verdict, call->way, &outcome) ||
                  (old && verdict_allows(old, call->way, &outcome)) || is_kernels(call, &outcome);

    if (!agreed && print) {
        verdict_print(&verdict);
        outcome_print(&outcome);
    }
    return agreed;
}

/* The kernel makes some changes only after the command, for example when it detects a carrier. An
 * answer may be one timer tick older than such a change. Of IPv6 routes the kernel avoids one with a
 * gateway that does not answer, and no event tells of that: an answer may be as old as a remembered
 * decision. */
static bool agrees(const struct call *call, const struct verdict *old)
{
    const bool ipv6 = call->query.ip.family == AF_INET6;

    if (agrees_now(call, old, false))
        return true;
    sleep_ms(2 * TICK_MS);
    if (agrees_now(call, old, !is_quiet && !ipv6))
        return true;
    if (!ipv6)
        return false;
    sleep_ms(REMEMBERED_MS);
    return agrees_now(call, old, !is_quiet);
}

/* ---- Reducing a topology ---- */

/* Rebuild the topology and repeat the call. The commands from number `change` on run when the
 * handles are open. */
static bool reproduces(const struct arpq_ip *ip, enum way way, uint32_t mark, size_t change)
{
    struct call call = {.way = way, .query.ip = *ip};
    size_t count = topology.count;
    bool agreed;

    topology.count = change;
    topology_make(&topology);
    topology.count = count;
    fib_open();
    fib_read_links();
    assert_int_equal(arpq_open(&h, NULL), 0);
    if (change < count) {
        run_call(&(struct call){.way = LOOKUP, .query.ip = *ip});
        topology_run(&topology, change);
        fib_read_links();
        sleep_ms(TICK_MS);
    }
    agreed = (way == PEER && !connect_peer(&call, mark)) || agrees(&call, NULL);
    if (way == PEER && !agreed)
        close(call.fd);
    arpq_close(h);
    return !agreed;
}

/* Remove as many commands as possible while the disagreement remains. */
static void minimise(const struct arpq_ip *ip, enum way way, uint32_t mark, size_t change)
{
    static struct command saved[COMMANDS_MAX];

    for (size_t size = 16; size > 0; size /= 4)
        for (size_t first = 0; first < topology.count; first += size) {
            memcpy(saved, topology.commands, sizeof saved);
            for (size_t i = first; i < first + size && i < topology.count; i++)
                topology.commands[i].skip = true;
            if (!reproduces(ip, way, mark, change))
                memcpy(topology.commands, saved, sizeof saved);
        }
}

static void report(const struct call *call, size_t change)
{
    const struct arpq_ip *ip = &call->query.ip;
    struct call again = {.way = call->way, .query.ip = *ip};
    char text[INET6_ADDRSTRLEN];
    struct verdict verdict;
    struct outcome outcome;

    if (++disagreements > REPORTS)
        return;
    is_quiet = true;
    printf("DISAGREEMENT: ARPQ_SEED=%llu ARPQ_FIB_TOPOLOGIES=1: %s of %s mark %u\n",
           (unsigned long long)seed, way_name(call->way),
           inet_ntop(ip->family, ip->bytes, text, sizeof text), call->query.mark);
    if (reproduces(ip, call->way, call->query.mark, change)) {
        minimise(ip, call->way, call->query.mark, change);
        reproduces(ip, call->way, call->query.mark, change);
    } else {
        puts("(not by itself: the whole topology, and what was asked before, are needed)");
    }
    topology_print(&topology);
    if (change < topology.count)
        puts("(the last line is the change under the open handle)");
    assert_int_equal(arpq_open(&h, NULL), 0);
    if (again.way != PEER || connect_peer(&again, call->query.mark)) {
        verdict = verdict_of(&again.query);
        outcome = run_call(&again);
        verdict_print(&verdict);
        outcome_print(&outcome);
    }
    arpq_close(h);
}

/* ---- All queries about an address ---- */

/* Returns false if the outcomes disagree, and stores the call in *call. */
static bool check_peer(const struct arpq_ip *ip, uint32_t mark, struct call *call)
{
    bool agreed;

    *call = (struct call){.way = PEER, .query.ip = *ip};
    if (!connect_peer(call, mark))
        return true;
    agreed = agrees(call, NULL);
    close(call->fd);
    return agreed;
}

/* arpq_resolve creates entries, so it comes last, and only for some addresses. */
static bool check_all(const struct arpq_ip *ip, bool resolve, struct call *call)
{
    for (enum way way = 0; way < PEER; way++) {
        *call = (struct call){.way = way, .query.ip = *ip};
        if (!agrees(call, NULL))
            return false;
    }
    if (!check_peer(ip, 0, call) || !check_peer(ip, TOPOLOGY_MARK, call))
        return false;
    *call = (struct call){.way = RESOLVE, .query.ip = *ip};
    return !resolve || agrees(call, NULL);
}

static void begin_topology(void)
{
    is_quiet = false;
    topology_choose(&topology, seed);
    topology_make(&topology);
    topology_add_routes(setting("ARPQ_FIB_ROUTES", 0));
    fib_open();
    fib_read_links();
    assert_int_equal(arpq_open(&h, NULL), 0);
}

/* ---- The tests ---- */

struct run {
    uint64_t first_seed, topologies, made, end_ms;
};

static struct run run_begin(uint64_t first_seed)
{
    struct run run = {.first_seed = first_seed,
                      .topologies = setting("ARPQ_FIB_TOPOLOGIES", 0),
                      .end_ms = now_ms() + setting("ARPQ_FIB_SECONDS", 20) * 500};

    if (!run.topologies && is_slow())
        run.topologies = 1;
    outcomes = disagreements = 0;
    return run;
}

static bool run_goes_on(struct run *run)
{
    seed = run->first_seed + run->made;
    if (run->topologies ? run->made == run->topologies : now_ms() >= run->end_ms)
        return false;
    run->made++;
    return true;
}

static void run_end(const struct run *run)
{
    printf("%llu topologies, %llu outcomes, %llu topologies with a disagreement\n",
           (unsigned long long)run->made, outcomes, disagreements);
    topology_free(&topology);
    assert_true(outcomes > 0);
    assert_int_equal(disagreements, 0);
}

static uint64_t first_seed;

static void test_standing(void **state)
{
    struct run run = run_begin(first_seed);

    while (run_goes_on(&run)) {
        struct call call;
        bool agreed = true;

        begin_topology();
        for (size_t i = 0; i < topology.target_count && agreed; i++)
            agreed = check_all(&topology.targets[i], i % 8 == 0, &call);
        arpq_close(h);
        if (!agreed)
            report(&call, topology.count);
        topology_free(&topology);
    }
    run_end(&run);
}

/* Immediately after a change the library may still give the old answer. */
static bool check_at_once(const struct arpq_ip *ip, const struct verdict *old, struct call *call)
{
    *call = (struct call){.way = LOOKUP, .query.ip = *ip};
    if (!agrees(call, old))
        return false;
    call->way = GET_VIA;
    return agrees(call, old);
}

/* Change the topology under the open handles and look up some addresses, including the newest
 * targets. */
static bool change_and_check(size_t *change, struct call *call)
{
    struct verdict old[CHANGE_TARGETS];
    struct arpq_ip ips[CHANGE_TARGETS];

    *change = topology_change(&topology);
    for (size_t i = 0; i < CHANGE_TARGETS; i++) {
        size_t at = i < 6 && i < topology.target_count
                        ? topology.target_count - 1 - i
                        : draw(&topology.random, (uint32_t)topology.target_count);
        const struct fib_query query = {.ip = topology.targets[at]};

        ips[i] = query.ip;
        old[i] = verdict_of(&query);
    }
    topology_run(&topology, *change);
    fib_read_links();
    for (size_t i = 0; i < CHANGE_TARGETS; i++)
        if (!check_at_once(&ips[i], &old[i], call))
            return false;
    sleep_ms(TICK_MS);
    for (size_t i = 0; i < CHANGE_TARGETS; i++)
        if (!check_all(&ips[i], i % 8 == 0, call))
            return false;
    return true;
}

static void test_changing(void **state)
{
    struct run run = run_begin(first_seed);

    while (run_goes_on(&run)) {
        struct call call;
        size_t change = 0;
        bool agreed = true;

        begin_topology();
        for (unsigned n = 0; n < CHANGES && agreed; n++)
            agreed = change_and_check(&change, &call);
        arpq_close(h);
        if (!agreed)
            report(&call, change);
        topology_free(&topology);
    }
    run_end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_standing),
        cmocka_unit_test(test_changing),
    };

    first_seed = seed_of_run();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
