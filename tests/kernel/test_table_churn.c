/* SPDX-License-Identifier: MIT */
/*
 * Complete lists: an entry that stays in the kernel's table is in every list exactly once, while
 * another process adds and deletes entries as fast as the kernel allows and while the kernel's hash
 * table grows.
 *
 *   ARPQ_CHURN_ENTRIES  stable entries, half IPv4, half IPv6 (20000)
 *   ARPQ_CHURN_SECONDS  how long lists are read (4)
 */
#include "test.h"

#include <arpa/inet.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "kernel/message.h"
#include "kernel/netns.h"
#include "process.h"

#define BATCH 200u
#define MESSAGE_MAX 96u
#define TIDE 30000u /* entries in a large batch: all are added, then all are deleted */
#define SMALL 40u   /* number of entries that fit into one chunk of a dump */

/* The kind of an entry, which determines its prefix: 10.x and fd00::, or 11.x and fd01::. */
enum whose { STABLE, CHURN };

/* Memory that the processes share. */
struct shared {
    atomic_ullong changes;
    atomic_bool done;
};

static struct shared *shared;

/* ---- Changing the table, fast ---- */

struct writer {
    int fd;
    uint32_t ifindex;
    size_t size;
    _Alignas(struct nlmsghdr) char bytes[BATCH * MESSAGE_MAX];
};

static void number_to_bytes(uint32_t n, uint8_t *bytes)
{
    n = htonl(n);
    memcpy(bytes, &n, sizeof n);
}

/* Even numbers are IPv4 addresses, odd ones IPv6. The MAC ends with the number. */
static size_t address_of(enum whose whose, uint32_t n, uint8_t *address)
{
    memset(address, 0, 16);
    if (n % 2) {
        address[0] = 0xfd;
        address[1] = (uint8_t)whose;
        number_to_bytes(n, address + 12);
        return 16;
    }
    number_to_bytes(n, address);
    address[0] = (uint8_t)(10 + whose);
    return 4;
}

static void put_entry(struct writer *writer, uint16_t type, uint16_t flags, enum whose whose,
                      uint32_t n)
{
    struct nlmsghdr *message = (void *)(writer->bytes + writer->size);
    struct ndmsg *header = NLMSG_DATA(message);
    uint8_t address[16], mac[6] = {0x02, (uint8_t)whose};
    size_t length = address_of(whose, n, address);

    memset(message, 0, MESSAGE_MAX);
    message->nlmsg_len = NLMSG_LENGTH(sizeof *header);
    message->nlmsg_type = type;
    message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    header->ndm_family = length == 4 ? AF_INET : AF_INET6;
    header->ndm_ifindex = (int)writer->ifindex;
    /* Permanent entries do not count against the limits of the table. */
    header->ndm_state = NUD_PERMANENT;
    put_attribute(message, NDA_DST, address, length);
    number_to_bytes(n, mac + 2);
    if (type == RTM_NEWNEIGH)
        put_attribute(message, NDA_LLADDR, mac, sizeof mac);
    writer->size += NLMSG_ALIGN(message->nlmsg_len);
}

static void writer_open(struct writer *writer, const char *dev)
{
    writer->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    writer->ifindex = ifindex_of(dev);
    writer->size = 0;
    if (writer->fd < 0)
        abort();
}

/* Send the batch, whose last message has NLM_F_ACK, and wait for the acknowledgement. */
static int flush(struct writer *writer)
{
    _Alignas(struct nlmsghdr) char answer[8192];
    struct nlmsghdr *message = (void *)answer;
    int error;

    if (send(writer->fd, writer->bytes, writer->size, 0) != (ssize_t)writer->size)
        return -errno;
    writer->size = 0;
    if (recv(writer->fd, answer, sizeof answer, 0) < 0)
        return -errno;
    memcpy(&error, NLMSG_DATA(message), sizeof error);
    return message->nlmsg_type == NLMSG_ERROR ? error : -EBADMSG;
}

/* Add or delete the entries from `first` on. Returns 0 or a negative errno value. */
static int change(struct writer *writer, bool add, enum whose whose, uint32_t first, uint32_t count)
{
    uint16_t type = add ? RTM_NEWNEIGH : RTM_DELNEIGH;
    uint16_t flags = add ? NLM_F_CREATE | NLM_F_REPLACE : 0;

    for (uint32_t i = 0; i < count; i++) {
        bool last = i + 1 == count || i % BATCH == BATCH - 1;
        int code = 0;

        put_entry(writer, type, last ? (uint16_t)(flags | NLM_F_ACK) : flags, whose, first + i);
        if (last)
            code = flush(writer);
        if (code < 0)
            return code;
    }
    return 0;
}

/* Add a batch of entries and delete it, repeatedly. Most batches are small; every 64th is large. */
static _Noreturn void churn(void)
{
    static struct writer writer;

    writer_open(&writer, "v0");
    for (uint32_t round = 0; !atomic_load(&shared->done); round++) {
        uint32_t count = round % 64 ? BATCH : TIDE, first = round % 64 * 1000;

        if (change(&writer, true, CHURN, first, count) < 0 ||
            change(&writer, false, CHURN, first, count) < 0)
            _exit(1);
        atomic_fetch_add(&shared->changes, 2 * count);
    }
    _exit(0);
}

static pid_t start(void (*what)(void))
{
    pid_t parent = getpid(), pid;

    atomic_store(&shared->done, false);
    atomic_store(&shared->changes, 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid != 0)
        return pid;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        _exit(1);
    what();
    _exit(0);
}

static void finish(pid_t pid)
{
    atomic_store(&shared->done, true);
    assert_ended_well(pid);
}

/* ---- Counting ---- */

/* How often each stable entry appeared, and other faults. */
struct tally {
    uint32_t stable, wrong;
    uint8_t *times;
};

static struct tally tally_make(uint32_t stable)
{
    struct tally tally = {.stable = stable, .times = calloc(stable, 1)};

    assert_non_null(tally.times);
    return tally;
}

static int count_entry(const struct arpq_neigh *neigh, void *context)
{
    struct tally *tally = context;
    bool v4 = neigh->ip.family == AF_INET;
    uint8_t mac[6] = {0x02, STABLE}, address[16];
    uint32_t n;

    if (neigh->ip.bytes[0] != (v4 ? 10 : 0xfd) || (!v4 && neigh->ip.bytes[1] != STABLE))
        return 0;
    memcpy(&n, neigh->ip.bytes + (v4 ? 0 : 12), sizeof n);
    n = v4 ? ntohl(n) & 0xffffffu : ntohl(n);
    (void)address_of(STABLE, n, address);
    number_to_bytes(n, mac + 2);
    if (n >= tally->stable || memcmp(address, neigh->ip.bytes, sizeof address) != 0 ||
        neigh->mac.length != 6 || memcmp(neigh->mac.bytes, mac, 6) != 0 ||
        neigh->state != ARPQ_STATE_PERMANENT)
        tally->wrong++;
    else if (tally->times[n] < UINT8_MAX)
        tally->times[n]++;
    return 0;
}

static void tally_read(const struct tally *tally, uint16_t family, uint32_t *missed,
                       uint32_t *twice)
{
    *missed = *twice = 0;
    for (uint32_t n = 0; n < tally->stable; n++) {
        if (family && family != (n % 2 ? AF_INET6 : AF_INET))
            continue;
        *missed += tally->times[n] == 0;
        *twice += tally->times[n] > 1;
    }
}

static int compare_entries(const void *a, const void *b)
{
    const struct arpq_neigh *x = *(const struct arpq_neigh *const *)a;
    const struct arpq_neigh *y = *(const struct arpq_neigh *const *)b;

    return x->ifindex == y->ifindex ? arpq_ip_compare(&x->ip, &y->ip)
                                    : (x->ifindex > y->ifindex) - (x->ifindex < y->ifindex);
}

/* No entry may appear twice, including those that come and go. */
static uint32_t count_duplicates(const struct arpq_table *table)
{
    uint32_t count = arpq_table_count(table), duplicates = 0;
    const struct arpq_neigh **sorted = calloc(count + 1, sizeof *sorted);

    assert_non_null(sorted);
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = arpq_table_at(table, i);
    qsort(sorted, count, sizeof *sorted, compare_entries);
    for (uint32_t i = 1; i < count; i++)
        duplicates += compare_entries(&sorted[i - 1], &sorted[i]) == 0;
    free(sorted);
    return duplicates;
}

struct score {
    unsigned lists, inconsistent, dumps, dumps_short, dumps_said;
    uint32_t dump_missed, dump_twice;
};

/* Read one list, which must be right or marked as inconsistent. */
static void make_list(struct arpq_handle *h, uint32_t stable, const struct arpq_filter *filter,
                      struct score *score)
{
    uint16_t family = filter ? filter->family : 0;
    struct tally tally = tally_make(stable);
    struct arpq_table *table;
    uint32_t missed, twice;

    assert_int_equal(arpq_table_get(h, filter, &table), 0);
    for (uint32_t i = 0; i < arpq_table_count(table); i++)
        count_entry(arpq_table_at(table, i), &tally);
    tally_read(&tally, family, &missed, &twice);
    score->lists++;
    if (arpq_table_flags(table) & ARPQ_TABLE_INCONSISTENT)
        score->inconsistent++;
    else if (missed)
        fail_msg("list %u of family %u misses %u of %u entries", score->lists, family, missed,
                 stable);
    assert_int_equal(twice, 0);
    assert_int_equal(tally.wrong, 0);
    assert_int_equal(count_duplicates(table), 0);
    assert_int_equal(arpq_table_malformed(table), 0);
    arpq_table_free(table);
    free(tally.times);
}

/* Read one dump, which must contain no wrong entry. Returns whether the dump was complete or marked
 * as inconsistent. It may be neither if entries change between its chunks. */
static bool make_dump(struct arpq_handle *h, uint32_t stable, struct score *score)
{
    struct tally tally = tally_make(stable);
    uint32_t missed, twice, flags;

    assert_int_equal(arpq_table_each(h, NULL, count_entry, &tally, &flags), 0);
    assert_int_equal(tally.wrong, 0);
    tally_read(&tally, 0, &missed, &twice);
    score->dumps++;
    score->dumps_short += missed != 0;
    score->dumps_said += flags == ARPQ_TABLE_INCONSISTENT;
    score->dump_missed += missed;
    score->dump_twice += twice;
    free(tally.times);
    return flags || missed == 0;
}

static uint32_t from_environment(const char *name, uint32_t otherwise)
{
    const char *text = getenv(name);
    unsigned long value = text ? strtoul(text, NULL, 10) : 0;

    return value ? (uint32_t)value : otherwise;
}

static uint32_t hash_size(struct arpq_handle *h, uint16_t family)
{
    struct arpq_table_stats stats;

    assert_int_equal(arpq_table_stats(h, family, &stats), 0);
    assert_int_equal(stats.hash_size & (stats.hash_size - 1), 0);
    return stats.hash_size;
}

static void setup_link(void)
{
    netns_enter();
    sh("ip link add v0 type veth peer name v1; ip link set v0 addrgenmode none;"
       "ip link set v1 addrgenmode none; ip link set v0 up; ip link set v1 up");
}

static void add_stable(uint32_t count)
{
    static struct writer writer;

    writer_open(&writer, "v0");
    assert_int_equal(change(&writer, true, STABLE, 0, count), 0);
    close(writer.fd);
}

/* ---- Tests ---- */

static void print_score(const struct score *score, uint32_t stable, uint64_t ms)
{
    printf("# %u stable entries, %llu changes in %llu ms: %u lists, %u inconsistent; of %u single"
           " dumps %u missed entries (%u in all, %u came twice), %u reported it\n",
           stable, (unsigned long long)atomic_load(&shared->changes), (unsigned long long)ms,
           score->lists, score->inconsistent, score->dumps, score->dumps_short, score->dump_missed,
           score->dump_twice, score->dumps_said);
}

static void test_churn(void **state)
{
    uint32_t stable = from_environment("ARPQ_CHURN_ENTRIES", 20000);
    uint32_t seconds = from_environment("ARPQ_CHURN_SECONDS", 4);
    const struct arpq_filter filters[] = {
        {.size = sizeof filters[0]},
        {.size = sizeof filters[0], .family = AF_INET},
        {.size = sizeof filters[0], .family = AF_INET6},
        {.size = sizeof filters[0], .states = ARPQ_STATE_PERMANENT},
    };
    struct score score = {0};
    uint64_t begin;
    struct arpq_handle *h;
    pid_t pid;

    setup_link();
    deadline(NETNS_DEADLINE + seconds);
    assert_int_equal(arpq_open(&h, NULL), 0);
    printf("# hash sizes before %u, %u\n", hash_size(h, AF_INET), hash_size(h, AF_INET6));
    add_stable(stable);
    pid = start(churn);
    begin = now_ms();
    for (unsigned i = 0; now_ms() - begin < 1000u * seconds; i++) {
        make_list(h, stable, i % 5 ? &filters[i % 5 - 1] : NULL, &score);
        (void)make_dump(h, stable, &score);
    }
    finish(pid);
    printf("# hash sizes after %u, %u\n", hash_size(h, AF_INET), hash_size(h, AF_INET6));
    print_score(&score, stable, now_ms() - begin);
    assert_true(score.lists >= 1);
    assert_true(score.inconsistent * 10 < score.lists);
    assert_true(atomic_load(&shared->changes) > 0);
    arpq_close(h);
}

/* Add entries in another namespace until the machine's hash table has grown. The table never
 * shrinks, so it may be large enough already. */
static void grow(void)
{
    static struct writer writer;
    uint32_t count = 2 * from_environment("ARPQ_CHURN_ENTRIES", 20000);

    if (unshare(CLONE_NEWNET) != 0)
        _exit(1);
    sh("ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up");
    writer_open(&writer, "v0");
    if (change(&writer, true, CHURN, 0, count) < 0)
        _exit(1);
    atomic_fetch_add(&shared->changes, count);
    _exit(0);
}

static void test_small_list_while_growing(void **state)
{
    struct score score = {0};
    uint32_t before[2];
    uint64_t begin;
    struct arpq_handle *h;
    pid_t pid;

    setup_link();
    assert_int_equal(arpq_open(&h, NULL), 0);
    add_stable(SMALL);
    before[0] = hash_size(h, AF_INET);
    before[1] = hash_size(h, AF_INET6);
    pid = start(grow);
    begin = now_ms();
    while (atomic_load(&shared->changes) == 0 && now_ms() - begin < 10000) {
        make_list(h, SMALL, NULL, &score);
        assert_true(make_dump(h, SMALL, &score)); /* a dump of one chunk */
    }
    finish(pid);
    printf("# hash sizes %u, %u became %u, %u\n", before[0], before[1], hash_size(h, AF_INET),
           hash_size(h, AF_INET6));
    print_score(&score, SMALL, now_ms() - begin);
    assert_true(score.inconsistent * 10 < score.lists);
    arpq_close(h);
}

static int share(void **state)
{
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared == MAP_FAILED;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_list_while_growing),
        cmocka_unit_test(test_churn),
    };

    return cmocka_run_group_tests(tests, share, NULL);
}
