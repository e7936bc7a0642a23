/* SPDX-License-Identifier: MIT */
/* The events that a watch reports after an overrun of its socket. The test also checks that the
 * events reproduce the table. */
#include "test.h"

#include <sys/socket.h>
#include <unistd.h>

#include "kernel/churn.h"
#include "kernel/neigh.h"
#include "kernel/netns.h"
#include "kernel/watch.h"
#include "process.h"

#define BURST 3000

static void burst(const char *mac)
{
    sh("for i in $(seq 0 %d); do echo neigh replace 10.1.$((i / 250)).$((i %% 250))"
       " dev v0 lladdr %s nud permanent; done | ip -batch -",
       BURST - 1, mac);
}

/* Read up to SYNCED and count by type. Between OVERRUN and SYNCED no event may come twice. */
static void read_overrun(uint32_t type, unsigned *resynced)
{
    static uint8_t reported[BURST];
    struct arpq_event event;
    unsigned count = 0, overruns = 0;

    memset(reported, 0, sizeof reported);
    *resynced = 0;
    while (next(&event, ASYNC_MS) == 1 && event.type != ARPQ_EVENT_SYNCED) {
        unsigned number;

        if (event.type == ARPQ_EVENT_OVERRUN) {
            assert_int_equal(event.flags, 0);
            overruns++;
            continue;
        }
        assert_int_equal(event.type, type);
        number = event.neigh.ip.bytes[2] * 250u + event.neigh.ip.bytes[3];
        assert_true(number < BURST);
        assert_int_equal(reported[number], 0);
        reported[number] = 1;
        count++;
        *resynced += event.flags & ARPQ_EVENT_RESYNC;
    }
    assert_int_equal(event.type, ARPQ_EVENT_SYNCED);
    assert_int_equal(overruns, 1);
    assert_int_equal(count, BURST);
}

static void test_overrun(void **state)
{
    struct arpq_watch_options options = options_of(0);
    struct arpq_sync_stats stats;
    unsigned resynced;

    options.receive_buffer = 4096;
    open_with(&options);
    burst(MAC_A);
    read_overrun(ARPQ_EVENT_NEIGH_ADDED, &resynced);
    assert_true(resynced > BURST / 2);
    EXPECT("");
    burst(MAC_B);
    read_overrun(ARPQ_EVENT_NEIGH_MOVED, &resynced);
    assert_true(resynced > BURST / 2);
    sh("ip link set v0 down");
    read_overrun(ARPQ_EVENT_NEIGH_REMOVED, &resynced);
    assert_true(resynced > BURST / 2);
    assert_int_equal(arpq_watch_stats(w, &stats), 0);
    assert_int_equal(stats.entries, 0);
    assert_true(stats.overruns >= 3);
    assert_int_equal(stats.dumps, 4);
    assert_int_equal(stats.stale, 0);
    /* Events arrive again. */
    sh("ip link set v0 up; ip neigh add 10.1.0.9 dev v0 lladdr " MAC_C " nud permanent");
    EXPECT("ADDED 10.1.0.9 PERMANENT cc\n");
}

/* Changes of interfaces and addresses during the overrun are reported as differences. */
static void test_overrun_of_interfaces(void **state)
{
    struct arpq_watch_options options =
        options_of(ARPQ_WATCH_INTERFACES | ARPQ_WATCH_ADDRESSES | ARPQ_WATCH_NO_NEIGHBOURS);
    struct arpq_event event;
    unsigned overruns = 0, links = 0, addresses = 0;

    sh("ip link add d1 type bridge; ip link set d1 addrgenmode none;"
       "ip addr add 10.8.0.1/24 dev d1; ip addr add 10.6.0.1/24 dev v0 valid_lft 600 preferred_lft "
       "300");
    options.receive_buffer = 4096;
    open_with(&options);
    sleep_ms(2100); /* a lifetime that has become shorter with time is not a difference */
    sh("{ for i in $(seq 1 200); do echo addr add 10.9.0.$i/32 dev v0; done;"
       "  for i in $(seq 1 200); do echo addr del 10.9.0.$i/32 dev v0; done;"
       "  echo addr add 10.7.0.1/24 dev v0; echo link del d1; echo link add d0 type bridge; }"
       " | ip -batch -");
    while (next(&event, ASYNC_MS) == 1 && event.type != ARPQ_EVENT_SYNCED) {
        assert_int_not_equal(event.type, ARPQ_EVENT_ADDRESS_CHANGED);
        overruns += event.type == ARPQ_EVENT_OVERRUN;
        links += event.type == ARPQ_EVENT_INTERFACE_ADDED;
        links -= event.type == ARPQ_EVENT_INTERFACE_REMOVED;
        addresses += event.type == ARPQ_EVENT_ADDRESS_ADDED;
        addresses -= event.type == ARPQ_EVENT_ADDRESS_REMOVED;
        if (event.type == ARPQ_EVENT_INTERFACE_ADDED)
            assert_string_equal(event.interface.name, "d0");
        if (event.type == ARPQ_EVENT_INTERFACE_REMOVED)
            assert_string_equal(event.interface.name, "d1");
    }
    assert_int_equal(event.type, ARPQ_EVENT_SYNCED);
    assert_int_equal(overruns, 1);
    assert_int_equal(links, 0);
    assert_int_equal(addresses, 0);
    EXPECT("");
    sh("ip addr del 10.7.0.1/24 dev v0");
    EXPECT("ADDRESS_REMOVED 10.7.0.1/24 0x80\n");
}

static struct arpq_neigh replayed[1024];
static size_t replayed_count;

static struct arpq_neigh *find_replayed(const struct arpq_neigh *neigh)
{
    for (size_t i = 0; i < replayed_count; i++)
        if (replayed[i].ifindex == neigh->ifindex &&
            arpq_ip_compare(&replayed[i].ip, &neigh->ip) == 0)
            return &replayed[i];
    return NULL;
}

static void replay(const struct arpq_event *event)
{
    struct arpq_neigh *mine = find_replayed(&event->neigh);

    switch (event->type) {
    case ARPQ_EVENT_NEIGH_ADDED:
        assert_null(mine);
        assert_true(replayed_count < LENGTH(replayed));
        replayed[replayed_count++] = event->neigh;
        break;
    case ARPQ_EVENT_NEIGH_CHANGED:
    case ARPQ_EVENT_NEIGH_MOVED:
        assert_non_null(mine);
        assert_int_equal(mine->state, event->old_state);
        *mine = event->neigh;
        break;
    case ARPQ_EVENT_NEIGH_REMOVED:
        assert_non_null(mine);
        *mine = replayed[--replayed_count];
        break;
    default:
        break;
    }
}

static void compare_replayed(void)
{
    struct arpq_table *table;
    size_t count = 0;

    assert_int_equal(arpq_table_get(h, NULL, &table), 0);
    for (uint32_t i = 0; i < arpq_table_count(table); i++) {
        const struct arpq_neigh *neigh = arpq_table_at(table, i);
        const struct arpq_neigh *mine = find_replayed(neigh);

        if (is_group(&neigh->ip))
            continue;
        count++;
        assert_non_null(mine);
        assert_int_equal(mine->state, neigh->state);
        assert_int_equal(mine->flags, neigh->flags);
        assert_int_equal(mine->protocol, neigh->protocol);
        assert_memory_equal(&mine->mac, &neigh->mac, sizeof mine->mac);
    }
    arpq_table_free(table);
    assert_int_equal(count, replayed_count);
    assert_true(count > 100);
}

/* The entries are extern_learn, because so many other entries would start the kernel's garbage
 * collector for the whole machine. */
static const char churn[] =
    "i=0; while [ $i -lt 400 ]; do i=$((i + 1)); n=$((i %% 250 + 1)); f=10.1.0.$n;"
    " [ $((i %% 3)) = 0 ] && f=fd01::$n;"
    " case $((i * 7 %% 11)) in"
    " 0|1|2) echo neigh replace $f dev v0 lladdr " MAC_A " nud stale extern_learn;;"
    " 3|4) echo neigh replace $f dev v0 lladdr " MAC_B " nud permanent protocol 17;;"
    " 5) echo neigh replace $f dev v0 lladdr " MAC_C " nud reachable extern_learn;;"
    " 6) echo neigh replace $f dev v0 lladdr " MAC_B " nud stale extern_learn;"
    "    echo neigh del $f dev v0;;"
    " 7) echo neigh replace $f dev v0 lladdr " MAC_B " nud stale router extern_learn;;"
    " 8) echo neigh replace $f dev v0 lladdr " MAC_A " nud reachable extern_learn;"
    "    echo neigh replace $f dev v0 nud failed extern_learn;;"
    " 9) echo neigh replace $f dev v0 lladdr " MAC_A " nud permanent;"
    "    echo neigh del $f dev v0;"
    "    echo neigh replace $f dev v0 lladdr " MAC_C " nud stale extern_learn;;"
    " *) echo neigh replace $f dev v0p lladdr " MAC_C " nud permanent;;"
    " esac; done | ip -batch -";

static void replay_all(bool overrun)
{
    struct arpq_event event;
    struct arpq_sync_stats stats;

    /* After a loss the library chooses when to read the table again. */
    for (int tries = 0; tries < 50; tries++) {
        while (next(&event, 200) == 1)
            replay(&event);
        assert_int_equal(arpq_watch_stats(w, &stats), 0);
        if (!stats.stale)
            break;
    }
    assert_int_equal(stats.stale, 0);
    assert_int_equal(stats.overruns > 0, overrun);
    compare_replayed();
}

static void replay_churn(uint32_t receive_buffer, bool overrun)
{
    struct arpq_watch_options options = options_of(ARPQ_WATCH_EXISTING);

    replayed_count = 0;
    sh("ip -4 neigh flush all nud permanent; ip -6 neigh flush all nud permanent;"
       "for i in $(seq 1 50); do"
       " echo neigh replace 10.1.0.$i dev v0 lladdr " MAC_C " nud stale extern_learn; done"
       " | ip -batch -");
    options.receive_buffer = receive_buffer;
    reopen(&options);
    sh(churn);
    replay_all(overrun);
}

static void test_replay(void **state)
{
    replay_churn(0, false);
}

static void test_replay_with_overruns(void **state)
{
    replay_churn(4096, true);
}

#define FLOODERS 4
/* Batches of each process. All processes make 256 000 changes, one ninth of them without effect. */
#define FLOOD_BATCHES 1000
#define FLOOD_HOSTS 200

static _Noreturn void run_flooder(uint32_t ifindex, uint64_t random)
{
    struct batch batch;

    batch_open(&batch);
    for (unsigned i = 0; i < FLOOD_BATCHES; i++) {
        while (batch.count < BATCH) {
            struct arpq_neigh neigh = {.ifindex = ifindex, .state = ARPQ_STATE_PERMANENT};

            address_of(draw(&random, FLOOD_HOSTS), AF_INET, &neigh.ip);
            if (draw(&random, 3))
                neigh.mac = mac_number(draw(&random, 60000));
            put_entry(&batch, &neigh);
        }
        batch_send(&batch);
    }
    _exit(0);
}

/* More events than the largest buffer holds, and more than one call reads. */
static void test_replay_of_a_flood(void **state)
{
    struct arpq_watch_options options = options_of(ARPQ_WATCH_EXISTING);
    uint32_t ifindex = ifindex_of("v0");
    pid_t pids[FLOODERS];

    replayed_count = 0;
    open_with(&options);
    for (unsigned i = 0; i < FLOODERS; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0)
            run_flooder(ifindex, i);
    }
    for (unsigned i = 0; i < FLOODERS; i++)
        assert_ended_well(pids[i]);
    replay_all(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_overrun),
        TEST(test_overrun_of_interfaces),
        TEST(test_replay),
        TEST(test_replay_with_overruns),
        TEST(test_replay_of_a_flood),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
