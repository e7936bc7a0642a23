/* SPDX-License-Identifier: MIT */
/* A simulated kernel (a table, a script of events and a clock) and a replica of it. Link with the
 * WRAPS of test_replica. */
#ifndef ARPQ_TEST_UNIT_MOCK_REPLICA_H
#define ARPQ_TEST_UNIT_MOCK_REPLICA_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "kernel/netns.h"
#include "kernel/sys.h"
#include "mirror/replica.h"
#include "table/dump.h"

#define ETHER 2u /* the interface of all entries */
#define TABLE_MAX 300
#define STEPS_MAX 2048
#define LOG_MAX 8192
#define NONE 0u /* no link-layer address */

/* ---- The kernel ---- */

/* Entry n has the IP address 10.0.n / 256.n % 256 and the MAC 02:00:00:00:00:mac. */
struct row {
    uint16_t n;
    uint16_t state;
    uint8_t mac;
    bool hidden; /* dumps omit the entry */
};

union message {
    struct nlmsghdr header;
    char bytes[128];
};

struct step {
    int error;
    union message message;
};

extern struct row table[TABLE_MAX];
extern unsigned row_count;
extern struct step steps[STEPS_MAX];
extern unsigned step_count, step_at;
extern struct step during[8]; /* events that arrive during a dump */
extern unsigned during_count;
extern uint64_t time_ms, dump_takes_ms, batch_takes_us;
extern int dump_code, get_code, refresh_code;
extern unsigned dumps, confirmations, alarms, batches, undrained;
uint64_t alarm_ms(void);

extern struct arpq_handle h;
extern struct aq_live live;
extern struct aq_rtnl query;

/* Build a message about entry n. */
void build(union message *message, uint16_t type, uint16_t n, uint16_t state, uint8_t mac);

struct row *row_of(uint16_t n);

/* Change the table without an event. */
void change_silently(uint16_t n, uint16_t state, uint8_t mac);

void delete_silently(uint16_t n);

/* Add an event without a change of the table. */
void add_event(uint16_t type, uint16_t n, uint16_t state, uint8_t mac);

void add_error(int error);

/* Change the table and add the event. */
void change(uint16_t n, uint16_t state, uint8_t mac);

/* ---- Reports of the replica ---- */

struct report {
    uint32_t type, flags, old_state;
    uint16_t n;
    uint8_t mac, old_mac;
};

extern struct report reports[LOG_MAX];
extern unsigned report_count;
extern unsigned reservations; /* the number of reservations that succeed before -ENOMEM */

#define assert_report(at, is_type, is_flags, is_n)                                                 \
    do {                                                                                           \
        assert_between(at, 0, report_count - 1);                                                   \
        assert_int_equal(reports[at].type, is_type);                                               \
        assert_int_equal(reports[at].flags, is_flags);                                             \
        assert_int_equal(reports[at].n, is_n);                                                     \
    } while (0)

/* The number of events of that type that the replica reported. */
unsigned count_reports(uint32_t type);

/* ---- Fixture ---- */

extern struct aq_replica replica;
extern struct aq_ifmap interfaces;
extern struct aq_view *view;
extern const struct aq_replica_options options;

/* Start each test with an empty table, an empty script and a stopped replica. */
int set_up(void **state);

/* Stop the replica. Fail if a dump began while events were unread. */
int tear_down(void **state);

/* The number of entries in the replica. */
uint32_t count_held(void);

/* Start the replica on the current table and clear the recorded events. */
void begin(void);

int sync_follow(void);

/* Fail the test unless the replica equals the table. */
void assert_in_step(void);

#endif
