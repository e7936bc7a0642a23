/* SPDX-License-Identifier: MIT */
/* Processes that change the neighbour table and set a link down and up. */
#include "test.h"

#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/churn.h"
#include "kernel/message.h"
#include "kernel/netns.h"
#include "process.h"

#define MACS 40u

uint64_t seed;

uint32_t devices[DEVICES];

void address_of(uint32_t host, uint16_t family, struct arpq_ip *ip)
{
    memset(ip, 0, sizeof *ip);
    ip->family = family;
    ip->bytes[0] = family == AF_INET ? 10 : 0xfd;
    ip->bytes[1] = 7;
    ip->bytes[family == AF_INET ? 2 : 14] = (uint8_t)(host >> 8);
    ip->bytes[family == AF_INET ? 3 : 15] = (uint8_t)host;
}

struct arpq_mac mac_number(uint32_t n)
{
    return (struct arpq_mac){.bytes = {2, 0, 0x5e, 0, (uint8_t)(n >> 8), (uint8_t)n}, .length = 6};
}

void put_entry(struct batch *batch, const struct arpq_neigh *neigh)
{
    struct nlmsghdr *message = (void *)(batch->bytes + batch->size);
    struct ndmsg *header = NLMSG_DATA(message);

    memset(message, 0, MESSAGE_MAX);
    message->nlmsg_len = NLMSG_LENGTH(sizeof *header);
    message->nlmsg_type = neigh->mac.length ? RTM_NEWNEIGH : RTM_DELNEIGH;
    message->nlmsg_flags = NLM_F_REQUEST;
    header->ndm_family = (uint8_t)neigh->ip.family;
    header->ndm_ifindex = (int)neigh->ifindex;
    put_attribute(message, NDA_DST, neigh->ip.bytes, neigh->ip.family == AF_INET ? 4 : 16);
    if (neigh->mac.length) {
        message->nlmsg_flags |= NLM_F_CREATE | NLM_F_REPLACE;
        header->ndm_state = (uint16_t)neigh->state;
        header->ndm_flags = (uint8_t)neigh->flags;
        put_attribute(message, NDA_LLADDR, neigh->mac.bytes, neigh->mac.length);
        put_attribute(message, NDA_PROTOCOL, &neigh->protocol, 1);
    }
    batch->size += NLMSG_ALIGN(message->nlmsg_len);
    batch->count++;
}

void batch_open(struct batch *batch)
{
    batch->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    batch->count = 0;
    batch->size = 0;
    if (batch->fd < 0)
        abort();
}

uint32_t batch_send(struct batch *batch)
{
    char answer[8192];
    uint32_t done = batch->count;

    if (send(batch->fd, batch->bytes, batch->size, 0) != (ssize_t)batch->size)
        done = 0;
    while (recv(batch->fd, answer, sizeof answer, MSG_DONTWAIT) > 0)
        done -= done > 0;
    batch->count = 0;
    batch->size = 0;
    return done;
}

void choose_entry(uint64_t *random, struct arpq_neigh *neigh)
{
    static const uint16_t states[] = {NUD_PERMANENT, NUD_PERMANENT, NUD_PERMANENT, NUD_STALE,
                                      NUD_REACHABLE};
    uint16_t family = draw(random, 2) ? AF_INET : AF_INET6;
    uint32_t mac = draw(random, MACS);

    memset(neigh, 0, sizeof *neigh);
    address_of(draw(random, HOSTS), family, &neigh->ip);
    neigh->ifindex = devices[draw(random, DEVICES)];
    if (draw(random, 3) == 0)
        return;
    neigh->mac = mac_number(mac);
    neigh->state = states[draw(random, 5)];
    neigh->protocol = (uint8_t)(1 + mac % 7);
    if (draw(random, 4) == 0)
        neigh->flags = family == AF_INET ? NTF_EXT_LEARNED : NTF_ROUTER;
    /* Many collectable entries would start the kernel's garbage collector. It works on the whole
     * machine, so other tests would lose entries. */
    if (neigh->state != NUD_PERMANENT)
        neigh->flags |= NTF_EXT_LEARNED;
}

/* Run either a burst that no follower can keep up with, or a slow phase. */
static void churn_burst(struct batch *batch, uint64_t *random, struct shared *shared)
{
    bool slow = draw(random, 4) == 0;
    uint32_t batches = slow ? 100 : 1 + draw(random, 12);
    uint32_t each = slow ? 1 + draw(random, 2) : BATCH;

    for (uint32_t i = 0; i < batches && !shared->stop; i++) {
        for (uint32_t n = 0; n < each; n++) {
            struct arpq_neigh neigh;

            choose_entry(random, &neigh);
            put_entry(batch, &neigh);
        }
        shared->operations += batch_send(batch);
        if (slow)
            usleep(1000);
    }
    usleep(1000 * draw(random, 40));
}

static _Noreturn void run_churner(struct shared *shared, uint64_t random)
{
    struct batch batch;

    batch_open(&batch);
    while (!shared->stop)
        churn_burst(&batch, &random, shared);
    _exit(0);
}

static void set_up(int fd, const char *name, bool up)
{
    struct ifreq request = {0};

    strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
    if (ioctl(fd, SIOCGIFFLAGS, &request) != 0)
        abort();
    request.ifr_flags = (short)(up ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP);
    if (ioctl(fd, SIOCSIFFLAGS, &request) != 0)
        abort();
}

static _Noreturn void run_flapper(const struct shared *shared, uint64_t random)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    while (!shared->stop) {
        usleep(1000 * (50 + draw(&random, 300)));
        set_up(fd, "b0", false);
        usleep(1000 * draw(&random, 20));
        set_up(fd, "b0", true);
    }
    _exit(0);
}

static pid_t start_process(struct churn *churn, unsigned i)
{
    uint64_t random = seed * 1000 + i;
    pid_t pid;

    fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (i < CHURNERS)
        run_churner(churn->shared, random);
    run_flapper(churn->shared, random);
}

void churn_start(struct churn *churn, unsigned share, unsigned shares)
{
    churn->shared = mmap(NULL, sizeof *churn->shared, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(churn->shared != MAP_FAILED);
    churn->began_ms = now_ms();
    churn->least_ms = setting("ARPQ_CHURN_SECONDS", 6) * 1000 * share / shares;
    churn->most_ms = churn->least_ms * 3 + 30000;
    churn->least_operations = setting("ARPQ_CHURN_OPS", 20000) / slowness();
    deadline((unsigned)(churn->most_ms / 1000) + NETNS_DEADLINE);
    for (unsigned i = 0; i <= CHURNERS; i++)
        churn->pids[i] = start_process(churn, i);
}

bool churn_goes_on(const struct churn *churn, bool enough_lost)
{
    uint64_t passed = now_ms() - churn->began_ms;

    return passed < churn->least_ms ||
           (passed < churn->most_ms &&
            (!enough_lost || churn->shared->operations < churn->least_operations));
}

unsigned long long churn_stop(struct churn *churn)
{
    unsigned long long operations;

    churn->shared->stop = true;
    for (unsigned i = 0; i <= CHURNERS; i++) {
        int status = -1;

        assert_int_equal(waitpid(churn->pids[i], &status, 0), churn->pids[i]);
        assert_int_equal(status, 0);
    }
    operations = churn->shared->operations;
    munmap(churn->shared, sizeof *churn->shared);
    assert_true(operations >= churn->least_operations);
    return operations;
}
