/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <unistd.h>

#include "kernel/resolve.h"
#include "process.h"

struct hosts hosts;

#define FAR_MAC "02:00:5e:00:53:02"

static int is_up(void *context)
{
    const struct arpq_ip ip = ip_of("fd01::2");
    struct arpq_neigh neigh;

    return arpq_resolve(context, &ip, 0, 0, 100, &neigh) == 0;
}

static void await_link(void)
{
    struct arpq_handle *h;

    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_true(wait_until(is_up, h, 5000));
    arpq_close(h);
}

void hosts_make(void)
{
    netns_enter();
    hosts.far = netns_second();
    sh("ip link add v0 type veth peer name v1; ip link set v1 netns %d;"
       "ip addr add 10.1.0.1/24 dev v0; ip addr add fd01::1/64 dev v0 nodad; ip link set v0 up;"
       "for f in ipv4 ipv6; do echo %u > /proc/sys/net/$f/neigh/v0/retrans_time_ms;"
       "  echo 1 > /proc/sys/net/$f/neigh/v0/delay_first_probe_time;"
       "  echo 0 > /proc/sys/net/$f/neigh/v0/locktime; done 2> /dev/null || test $f = ipv6",
       hosts.far.pid, VERDICT_MS / 3);
    netns_sh(&hosts.far,
             "ip link set v1 address " FAR_MAC "; ip link set v1 up;"
             "for i in $(seq 2 %d); do echo addr add 10.1.0.$i/24 dev v1; done | ip -batch -;"
             "ip addr add fd01::2/64 dev v1 nodad",
             LIVE);
    hosts.v0 = ifindex_of("v0");
    hosts.far_mac = mac_of(FAR_MAC);
    await_link();
}

int hosts_set_up(void **state)
{
    hosts_make();
    return 0;
}

int hosts_tear_down(void **state)
{
    netns_second_free(&hosts.far);
    return 0;
}

void hosts_set_verdict(unsigned ms)
{
    sh("echo %u > /proc/sys/net/ipv4/neigh/v0/retrans_time_ms", ms / 3);
}

void hosts_forget(void)
{
    sh("ip neigh flush dev v0 nud all; ip -6 neigh flush dev v0 nud all");
}

static int ask(const struct query *query, struct arpq_neigh *neigh)
{
    const struct arpq_ip ip = ip_of(query->ip);
    int32_t single;
    struct arpq_handle *h;
    int code = arpq_open(&h, NULL);

    if (code < 0)
        return code;
    if (!query->options) {
        code = arpq_resolve(h, &ip, query->ifindex, query->flags, query->timeout_ms, neigh);
    } else {
        code = arpq_resolve_many(h, &ip, 1, query->ifindex, query->options, neigh, &single);
        code = code < 0 ? code : single;
    }
    arpq_close(h);
    return code;
}

struct query_process query_start(bool privileged, const struct query *query)
{
    struct answer answer = {0};
    struct query_process process;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    process.pipe = ends[0];
    process.pid = fork();
    assert_true(process.pid >= 0);
    if (process.pid > 0) {
        close(ends[1]);
        return process;
    }
    deadline(30);
    if (!privileged)
        become_nobody();
    answer.ms = now_ms();
    answer.code = ask(query, &answer.neigh);
    answer.ms = now_ms() - answer.ms;
    _exit(write(ends[1], &answer, sizeof answer) == sizeof answer ? 0 : 1);
}

struct answer query_end(const struct query_process *process)
{
    struct answer answer;

    assert_int_equal(read(process->pipe, &answer, sizeof answer), sizeof answer);
    close(process->pipe);
    assert_ended_well(process->pid);
    return answer;
}

struct answer query_run(bool privileged, const struct query *query)
{
    const struct query_process process = query_start(privileged, query);

    return query_end(&process);
}
