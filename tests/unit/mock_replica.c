/* SPDX-License-Identifier: MIT */
/* A simulated kernel (a table, a script of events and a clock) and a replica of it. */
#include "test.h"

#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "handle/interfaces.h"
#include "handle/sockets.h"
#include "ifmap/view_build.h"
#include "kernel/rtnl_event.h"
#include "unit/mock_replica.h"

struct row table[TABLE_MAX];
unsigned row_count;
struct step steps[STEPS_MAX];
unsigned step_count, step_at;
struct step during[8]; /* events that arrive during a dump */
unsigned during_count;
uint64_t time_ms, dump_takes_ms, batch_takes_us;
static uint64_t batches_took_us;
int dump_code, get_code, refresh_code;
unsigned dumps, confirmations, alarms, batches, undrained;
static uint64_t alarm_at_us;

uint64_t alarm_ms(void)
{
    return alarm_at_us ? alarm_at_us / 1000 - time_ms : 0;
}

struct arpq_handle h;
struct aq_live live;
struct aq_rtnl query;

void build(union message *message, uint16_t type, uint16_t n, uint16_t state, uint8_t mac)
{
    const uint8_t ip[4] = {10, 0, (uint8_t)(n >> 8), (uint8_t)n};
    const uint8_t address[6] = {2, 0, 0, 0, 0, mac};
    struct ndmsg *header;

    memset(message, 0, sizeof *message);
    mnl_nlmsg_put_header(message->bytes);
    message->header.nlmsg_type = type;
    header = mnl_nlmsg_put_extra_header(&message->header, sizeof *header);
    header->ndm_family = AF_INET;
    header->ndm_ifindex = ETHER;
    header->ndm_state = state;
    header->ndm_type = RTN_UNICAST;
    mnl_attr_put(&message->header, NDA_DST, sizeof ip, ip);
    if (mac != NONE)
        mnl_attr_put(&message->header, NDA_LLADDR, sizeof address, address);
}

struct row *row_of(uint16_t n)
{
    for (unsigned i = 0; i < row_count; i++)
        if (table[i].n == n)
            return &table[i];
    return NULL;
}

void change_silently(uint16_t n, uint16_t state, uint8_t mac)
{
    struct row *row = row_of(n);

    if (!row)
        row = &table[row_count++];
    *row = (struct row){.n = n, .state = state, .mac = mac};
}

void delete_silently(uint16_t n)
{
    struct row *row = row_of(n);

    assert_non_null(row);
    if (row) /* the compiler does not know that the assertion excludes NULL */
        *row = table[--row_count];
}

void add_event(uint16_t type, uint16_t n, uint16_t state, uint8_t mac)
{
    build(&steps[step_count++].message, type, n, state, mac);
}

void add_error(int error)
{
    steps[step_count++].error = error;
}

void change(uint16_t n, uint16_t state, uint8_t mac)
{
    change_silently(n, state, mac);
    add_event(RTM_NEWNEIGH, n, state, mac);
}

int __wrap_aq_rtnl_events(struct aq_rtnl *rtnl, struct aq_rtnl_buffers *buffers,
                          aq_rtnl_handler handler, void *context);
int __wrap_aq_dump(struct arpq_handle *handle, const struct aq_dump *dump);
void __wrap_aq_rtnl_neigh_get_many(struct aq_rtnl *rtnl, const struct aq_neigh_key *keys,
                                   unsigned count, struct arpq_neigh *neighs, int *codes);
int __wrap_aq_sockets_lock(struct arpq_handle *handle, struct aq_rtnl **rtnl);
void __wrap_aq_sockets_unlock(struct arpq_handle *handle, struct aq_rtnl *rtnl);
int __wrap_aq_interfaces_refresh(struct arpq_handle *handle);
int __wrap_aq_interfaces_update(struct arpq_handle *handle, unsigned generation);
unsigned __wrap_aq_interfaces_generation(struct arpq_handle *handle);
int __wrap_aq_namespace_run(struct arpq_handle *handle, int (*function)(void *context),
                            void *context);
uint32_t __wrap_aq_sys_set_receive_buffer(int fd, uint32_t bytes);
int __wrap_arpq_table_stats(struct arpq_handle *handle, uint16_t family,
                            struct arpq_table_stats *stats);
int __wrap_aq_sys_epoll(void);
int __wrap_aq_sys_timer(void);
int __wrap_aq_sys_epoll_add(int epoll_fd, int fd);
int __wrap_aq_sys_timer_at(int fd, uint64_t us);
uint64_t __wrap_aq_sys_now_ms(void);
uint64_t __wrap_aq_sys_now_us(void);

int __wrap_aq_rtnl_events(struct aq_rtnl *rtnl, struct aq_rtnl_buffers *buffers,
                          aq_rtnl_handler handler, void *context)
{
    const struct step *step = &steps[step_at];

    assert_non_null(rtnl);
    assert_non_null(buffers);
    batches++;
    batches_took_us += batch_takes_us;
    if (step_at == step_count)
        return -EAGAIN;
    step_at++;
    if (step->error)
        return step->error;
    {
        int code = handler(&step->message.header, context);

        return code < 0 ? code : 1;
    }
}

int __wrap_aq_dump(struct arpq_handle *handle, const struct aq_dump *dump)
{
    assert_ptr_equal(handle, &h);
    dumps++;
    undrained += step_at < step_count;
    time_ms += dump_takes_ms;
    for (unsigned i = 0; i < row_count && dump_code >= 0; i++) {
        union message message;
        int code;

        if (table[i].hidden)
            continue;
        build(&message, RTM_NEWNEIGH, table[i].n, table[i].state, table[i].mac);
        code = dump->handler(&message.header, dump->context);
        if (code < 0)
            return code;
    }
    for (unsigned i = 0; i < during_count; i++)
        steps[step_count++] = during[i];
    during_count = 0;
    return dump_code;
}

void __wrap_aq_rtnl_neigh_get_many(struct aq_rtnl *rtnl, const struct aq_neigh_key *keys,
                                   unsigned count, struct arpq_neigh *neighs, int *codes)
{
    assert_ptr_equal(rtnl, &query);
    assert_between(count, 1, AQ_RTNL_BATCH);
    for (unsigned i = 0; i < count; i++, confirmations++) {
        const struct row *row = row_of((uint16_t)(keys[i].ip.bytes[2] << 8 | keys[i].ip.bytes[3]));
        union message message;

        memset(&neighs[i], 0, sizeof neighs[i]);
        assert_int_equal(keys[i].ifindex, ETHER);
        codes[i] = get_code < 0 ? get_code : row ? 0 : -ENOENT;
        if (codes[i] < 0)
            continue;
        build(&message, RTM_NEWNEIGH, row->n, row->state, row->mac);
        assert_int_equal(aq_rtnl_neigh_parse(&message.header, &neighs[i]), 0);
    }
}

int __wrap_aq_sockets_lock(struct arpq_handle *handle, struct aq_rtnl **rtnl)
{
    assert_ptr_equal(handle, &h);
    *rtnl = &query;
    return 0;
}

void __wrap_aq_sockets_unlock(struct arpq_handle *handle, struct aq_rtnl *rtnl)
{
    assert_ptr_equal(handle, &h);
    assert_ptr_equal(rtnl, &query);
}

int __wrap_aq_interfaces_refresh(struct arpq_handle *handle)
{
    assert_ptr_equal(handle, &h);
    return refresh_code;
}

int __wrap_aq_interfaces_update(struct arpq_handle *handle, unsigned generation)
{
    assert_ptr_equal(handle, &h);
    return 0;
}

unsigned __wrap_aq_interfaces_generation(struct arpq_handle *handle)
{
    assert_ptr_equal(handle, &h);
    return 1;
}

/* The function opens the event socket of the replica. The test needs no socket, so it does not call
 * the function. */
int __wrap_aq_namespace_run(struct arpq_handle *handle, int (*function)(void *context),
                            void *context)
{
    assert_ptr_equal(handle, &h);
    return 0;
}

uint32_t __wrap_aq_sys_set_receive_buffer(int fd, uint32_t bytes)
{
    return bytes;
}

int __wrap_arpq_table_stats(struct arpq_handle *handle, uint16_t family,
                            struct arpq_table_stats *stats)
{
    assert_ptr_equal(handle, &h);
    stats->entries = family == AF_INET ? 10 : 0;
    return 0;
}

int __wrap_aq_sys_epoll(void)
{
    return 100000;
}
int __wrap_aq_sys_timer(void)
{
    return 100001;
}

int __wrap_aq_sys_epoll_add(int epoll_fd, int fd)
{
    assert_int_equal(epoll_fd, 100000);
    assert_true(fd == -1 || fd == 100001);
    return 0;
}

int __wrap_aq_sys_timer_at(int fd, uint64_t us)
{
    assert_int_equal(fd, 100001);
    alarms++;
    alarm_at_us = us;
    return 0;
}

uint64_t __wrap_aq_sys_now_ms(void)
{
    return time_ms + batches_took_us / 1000;
}
uint64_t __wrap_aq_sys_now_us(void)
{
    return time_ms * 1000 + batches_took_us;
}

struct report reports[LOG_MAX];
unsigned report_count;
unsigned reservations; /* the number of reservations that succeed before -ENOMEM */

static void record(const struct aq_change *change, void *context)
{
    struct report *to = &reports[report_count++];

    assert_ptr_equal(context, &report_count);
    assert_between(report_count, 1, LOG_MAX);
    memset(to, 0, sizeof *to);
    to->type = change->type;
    to->flags = change->flags;
    to->old_state = change->old_state;
    if (change->neigh) {
        assert_int_equal(change->neigh->ifindex, ETHER);
        assert_int_equal(change->neigh->mac.type, 1);
        to->n = (uint16_t)(change->neigh->ip.bytes[2] << 8 | change->neigh->ip.bytes[3]);
        to->mac = change->neigh->mac.bytes[5];
        to->old_mac = change->old_mac->bytes[5];
    }
}

static int reserve(void *context)
{
    assert_ptr_equal(context, &report_count);
    if (reservations == 0)
        return -ENOMEM;
    reservations--;
    return 0;
}

unsigned count_reports(uint32_t type)
{
    unsigned count = 0;

    for (unsigned i = 0; i < report_count; i++)
        count += reports[i].type == type;
    return count;
}

struct aq_replica replica;
struct aq_ifmap interfaces;
struct aq_view *view;

static int make_view(void)
{
    struct arpq_interface ether = {.name = "ether", .ifindex = ETHER, .flags = IFF_UP, .type = 1};
    struct arpq_address own = {.ifindex = ETHER, .prefix_length = 24};

    ether.mac = (struct arpq_mac){.length = 6, .type = 1, .bytes = {2, 0, 0, 0, 0, 200}};
    own.ip = (struct arpq_ip){.family = AF_INET, .bytes = {10, 0, 0, 250}};
    if (aq_ifmap_put_link(&interfaces, &ether) < 0 || aq_ifmap_put_address(&interfaces, &own) < 0)
        return -1;
    if (aq_ifmap_settle(&interfaces) < 0)
        return -1;
    return aq_view_build(&interfaces, NULL, &view);
}

int set_up(void **state)
{
    row_count = step_count = step_at = during_count = 0;
    memset(steps, 0, sizeof steps);
    memset(during, 0, sizeof during);
    time_ms = 1000000;
    dump_takes_ms = batch_takes_us = batches_took_us = 0;
    dump_code = get_code = refresh_code = 0;
    dumps = confirmations = alarms = batches = undrained = report_count = 0;
    alarm_at_us = 0;
    reservations = 1000000;
    memset(&replica, 0, sizeof replica);
    memset(&interfaces, 0, sizeof interfaces);
    h.netns_fd = -1;
    h.references = 1;
    h.live = &live;
    if (make_view() < 0)
        return -1;
    atomic_store(&h.view, view);
    return 0;
}

int tear_down(void **state)
{
    aq_replica_stop(&replica);
    aq_view_free(view);
    aq_ifmap_clear(&interfaces);
    return undrained > 0; /* fails if a dump began while events were unread */
}

const struct aq_replica_options options = {
    .notify = record, .reserve = reserve, .context = &report_count};

uint32_t count_held(void)
{
    return aq_neighmap_count(atomic_load(&replica.map));
}

void begin(void)
{
    assert_int_equal(aq_replica_start(&replica, &h, &options), 0);
    assert_int_equal(count_held(), row_count);
    report_count = 0;
    dumps = confirmations = alarms = 0;
}

int sync_follow(void)
{
    return aq_replica_sync(&replica);
}

void assert_in_step(void)
{
    struct aq_found found;
    uint32_t number = 0;

    assert_int_equal(count_held(), row_count);
    while ((number = aq_neighmap_next(atomic_load(&replica.map), number, &found))) {
        const struct row *row = row_of((uint16_t)(found.fields.ip[2] << 8 | found.fields.ip[3]));

        assert_non_null(row);
        if (!row)
            return;
        assert_int_equal(found.fields.state, row->state);
        assert_int_equal(found.fields.mac_known, row->mac != NONE);
        if (row->mac != NONE)
            assert_int_equal(found.fields.mac.bytes[5], row->mac);
    }
}
