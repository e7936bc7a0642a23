/* SPDX-License-Identifier: MIT */
/*
 * In random topologies every answer is the kernel's: the device, the key and the entry that
 * RTM_GETROUTE and RTM_GETNEIGH name. The library is asked by every function that chooses a
 * target, first in topologies that stand still, then while they change under open handles.
 *
 *   ARPQ_SEED            repeats the topologies of a run
 *   ARPQ_FIB_TOPOLOGIES  how many there are in each of the two tests; 0: as many as the time allows
 *   ARPQ_FIB_SECONDS     how long both tests run together without a number of topologies (20)
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

#define CHANGES 30         /* of a topology under open handles */
#define CHANGE_TARGETS 24u /* that are asked for after a change */
#define REPORTS 3u         /* disagreements that are printed */
#define TICK_MS 12         /* more than a tick of the kernel's timer at HZ=100 */

static uint64_t seed;
static struct topology topology;
static struct arpq *plain, *via; /* via: opened with ARPQ_VIA_GATEWAY */
static unsigned long long answers, disagreements;

static void open_handles(void)
{
    const struct arpq_options options = {.size = sizeof options, .flags = ARPQ_VIA_GATEWAY};

    assert_int_equal(arpq_open(&plain, NULL), 0);
    assert_int_equal(arpq_open(&via, &options), 0);
}

static void close_handles(void)
{
    arpq_close(plain);
    arpq_close(via);
}

/* ---- One query ---- */

struct question {
    enum way way;
    struct fib_query query;
    int fd; /* of PEER */
};

static struct outcome ask(const struct question *question)
{
    const struct arpq_ip *ip = &question->query.ip;
    struct outcome outcome;
    struct arpq_neigh *neigh = &outcome.neigh;

    memset(&outcome, 0, sizeof outcome);
    switch (question->way) {
    case LOOKUP:
        outcome.code = arpq_lookup(plain, ip, 0, &neigh->mac);
        break;
    case LOOKUP_VIA:
        outcome.code = arpq_lookup(via, ip, 0, &neigh->mac);
        break;
    case GET:
        outcome.code = arpq_neigh_get(plain, ip, 0, 0, neigh);
        break;
    case GET_VIA:
        outcome.code = arpq_neigh_get(via, ip, 0, 0, neigh);
        break;
    case GET_VIA_FLAG:
        outcome.code = arpq_neigh_get(plain, ip, 0, ARPQ_VIA_GATEWAY, neigh);
        break;
    case PEER:
        outcome.code = arpq_peer(plain, question->fd, &neigh->mac);
        break;
    case RESOLVE:
    case WAYS:
        outcome.code = arpq_resolve(plain, ip, 0, 0, neigh);
        break;
    }
    answers++;
    return outcome;
}

/* The socket of a peer, whose source and mark are part of the kernel's decision; false when the
 * kernel lets it connect to nothing. */
static bool connect_peer(struct question *question, uint32_t mark)
{
    struct sockaddr_storage to;
    socklen_t size = sizeof to;
    int length = arpq_ip_to_sockaddr(&question->query.ip, htons(9), &to);

    question->query.mark = mark;
    question->fd = socket(question->query.ip.family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_true(question->fd >= 0 && length > 0);
    if (mark)
        assert_int_equal(setsockopt(question->fd, SOL_SOCKET, SO_MARK, &mark, sizeof mark), 0);
    if (connect(question->fd, (const struct sockaddr *)&to, (socklen_t)length) != 0) {
        close(question->fd);
        return false;
    }
    assert_int_equal(getsockname(question->fd, (struct sockaddr *)&to, &size), 0);
    assert_int_equal(
        arpq_ip_from_sockaddr((const struct sockaddr *)&to, size, &question->query.source), 0);
    question->query.source.scope = 0;
    return true;
}

/* Whether the outcome is the kernel's. Among equal routes of IPv6 the kernel may choose another
 * one each time. */
static bool is_kernels(const struct question *question, const struct outcome *outcome)
{
    for (unsigned tries = 0; tries < 8; tries++) {
        const struct verdict verdict = verdict_of(&question->query);

        if (verdict_allows(&verdict, question->way, outcome))
            return true;
    }
    return false;
}

/* Ask, and compare with the kernel's answer before and after, and with *old if it is not NULL. */
/* The answers of the first disagreement are printed, not those of its reproductions. */
static bool quiet;
static bool late; /* it is the second time that the question is asked */

static bool agrees(const struct question *question, const struct verdict *old)
{
    const struct verdict verdict = verdict_of(&question->query);
    const struct outcome outcome = ask(question);

    bool agreed = verdict_allows(&verdict, question->way, &outcome) ||
                  (old && verdict_allows(old, question->way, &outcome)) ||
                  is_kernels(question, &outcome);

    /* Some changes of a new topology come late, as when the kernel finds a carrier: an answer
     * may be older than one by a tick. */
    if (!agreed && !late) {
        bool agrees_late;

        sleep_ms(2 * TICK_MS);
        late = true;
        agrees_late = agrees(question, old);
        late = false;
        return agrees_late;
    }
    if (!agreed && !quiet) {
        verdict_print(&verdict);
        outcome_print(&outcome);
    }
    return agreed;
}

/* ---- The smallest topology ---- */

/* Make the topology again and ask once: in it, or after the commands from `change` on. */
static bool reproduces(const struct arpq_ip *ip, enum way way, uint32_t mark, size_t change)
{
    struct question question = {.way = way, .query.ip = *ip};
    size_t count = topology.count;
    bool agreed;

    topology.count = change;
    topology_make(&topology);
    topology.count = count;
    fib_open();
    fib_read_links();
    open_handles();
    if (change < count) {
        ask(&(struct question){.way = LOOKUP, .query.ip = *ip});
        topology_run(&topology, change);
        fib_read_links();
        sleep_ms(TICK_MS);
    }
    agreed = (way == PEER && !connect_peer(&question, mark)) || agrees(&question, NULL);
    if (way == PEER && !agreed)
        close(question.fd);
    close_handles();
    return !agreed;
}

/* Leave out as many commands as possible. */
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

static void report(const struct question *question, size_t change)
{
    const struct arpq_ip *ip = &question->query.ip;
    struct question again = {.way = question->way, .query.ip = *ip};
    char text[INET6_ADDRSTRLEN];
    struct verdict verdict;
    struct outcome outcome;

    if (++disagreements > REPORTS)
        return;
    quiet = true;
    printf("DISAGREEMENT: ARPQ_SEED=%llu ARPQ_FIB_TOPOLOGIES=1: %s of %s mark %u\n",
           (unsigned long long)seed, way_name(question->way),
           inet_ntop(ip->family, ip->bytes, text, sizeof text), question->query.mark);
    if (reproduces(ip, question->way, question->query.mark, change)) {
        minimise(ip, question->way, question->query.mark, change);
        reproduces(ip, question->way, question->query.mark, change);
    } else {
        puts("(not by itself: the whole topology, and what was asked before, are needed)");
    }
    topology_print(&topology);
    if (change < topology.count)
        puts("(the last line is the change under the open handle)");
    open_handles();
    if (again.way != PEER || connect_peer(&again, question->query.mark)) {
        verdict = verdict_of(&again.query);
        outcome = ask(&again);
        verdict_print(&verdict);
        outcome_print(&outcome);
    }
    close_handles();
}

/* ---- All queries about an address ---- */

/* Fill *question with the query that disagrees, if one does. */
static bool ask_peer(const struct arpq_ip *ip, uint32_t mark, struct question *question)
{
    bool agreed;

    *question = (struct question){.way = PEER, .query.ip = *ip};
    if (!connect_peer(question, mark))
        return true;
    agreed = agrees(question, NULL);
    close(question->fd);
    return agreed;
}

/* To resolve makes entries, so that is asked last, and of few. */
static bool ask_all(const struct arpq_ip *ip, bool resolve, struct question *question)
{
    for (enum way way = 0; way < PEER; way++) {
        *question = (struct question){.way = way, .query.ip = *ip};
        if (!agrees(question, NULL))
            return false;
    }
    if (!ask_peer(ip, 0, question) || !ask_peer(ip, TOPOLOGY_MARK, question))
        return false;
    *question = (struct question){.way = RESOLVE, .query.ip = *ip};
    return !resolve || agrees(question, NULL);
}

static void begin_topology(void)
{
    quiet = false;
    topology_choose(&topology, seed);
    topology_make(&topology);
    fib_open();
    fib_read_links();
    open_handles();
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

    if (!run.topologies && is_under_valgrind())
        run.topologies = 1;
    answers = disagreements = 0;
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
    printf("%llu topologies, %llu answers, %llu topologies with a disagreement\n",
           (unsigned long long)run->made, answers, disagreements);
    topology_free(&topology);
    assert_true(answers > 0);
    assert_int_equal(disagreements, 0);
}

static uint64_t first_seed;

static void test_standing(void **state)
{
    struct run run = run_begin(first_seed);

    while (run_goes_on(&run)) {
        struct question question;
        bool agreed = true;

        begin_topology();
        for (size_t i = 0; i < topology.target_count && agreed; i++)
            agreed = ask_all(&topology.targets[i], i % 8 == 0, &question);
        close_handles();
        if (!agreed)
            report(&question, topology.count);
        topology_free(&topology);
    }
    run_end(&run);
}

/* At once the answer is the old one or the new one. */
static bool ask_at_once(const struct arpq_ip *ip, const struct verdict *old,
                        struct question *question)
{
    *question = (struct question){.way = LOOKUP, .query.ip = *ip};
    if (!agrees(question, old))
        return false;
    question->way = GET_VIA;
    return agrees(question, old);
}

/* Change the topology under the open handles and ask for some addresses, the newest targets among
 * them. */
static bool change_and_ask(size_t *change, struct question *question)
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
        if (!ask_at_once(&ips[i], &old[i], question))
            return false;
    sleep_ms(TICK_MS);
    for (size_t i = 0; i < CHANGE_TARGETS; i++)
        if (!ask_all(&ips[i], i % 8 == 0, question))
            return false;
    return true;
}

static void test_changing(void **state)
{
    struct run run = run_begin(first_seed);

    while (run_goes_on(&run)) {
        struct question question;
        size_t change = 0;
        bool agreed = true;

        begin_topology();
        for (unsigned n = 0; n < CHANGES && agreed; n++)
            agreed = change_and_ask(&change, &question);
        close_handles();
        if (!agreed)
            report(&question, change);
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
