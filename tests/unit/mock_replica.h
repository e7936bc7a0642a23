/* SPDX-License-Identifier: MIT */
/* A kernel made of a table, a script of events and a clock, and a follower of it. Link with
 * the WRAPS of test_follow. */
#ifndef ARPQ_TEST_UNIT_MOCK_REPLICA_H
#define ARPQ_TEST_UNIT_MOCK_REPLICA_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "kernel/netns.h"
#include "kernel/sys.h"
#include "mirror/replica.h"
#include "table/dump.h"

#define ETHER 2u /* the interface that all entries are on */
#define TABLE_MAX 300
#define STEPS_MAX 2048
#define LOG_MAX 8192
#define NONE 0u /* no link-layer address */

/* ---- The kernel ---- */

/* Entry n is 10.0.n / 256.n % 256; its address is 02:00:00:00:00:mac. */
struct row {
    uint16_t n;
    uint16_t state;
    uint8_t mac;
    bool hidden; /* a dump leaves it out */
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
extern struct step during[8]; /* events that come while the table is dumped */
extern unsigned during_count;
extern uint64_t time_ms, dump_takes_ms, batch_takes_us;
extern int census_code, get_code, fresh_code;
extern unsigned censuses, asked, alarms, batches, undrained;
uint64_t alarm_ms(void);

extern struct arpq h;
extern struct aq_live live;
extern struct aq_rtnl query;

/* A message about entry n. */
void build(union message *message, uint16_t type, uint16_t n, uint16_t state, uint8_t mac);

struct row *row_of(uint16_t n);

/* The table changes; nobody is told. */
void change_silently(uint16_t n, uint16_t state, uint8_t mac);

void delete_silently(uint16_t n);

/* Only an event; nothing changes. */
void add_event(uint16_t type, uint16_t n, uint16_t state, uint8_t mac);

void add_error(int error);

/* The table changes, and an event says so. */
void change(uint16_t n, uint16_t state, uint8_t mac);

/* ---- Who is told ---- */

struct told {
    uint32_t type, flags, old_state;
    uint16_t n;
    uint8_t mac, old_mac;
};

extern struct told told[LOG_MAX];
extern unsigned told_count;
extern unsigned room_for; /* reservations that are granted; then -ENOMEM */

#define assert_told(at, is_type, is_flags, is_n)                                                   \
    do {                                                                                           \
        assert_between(at, 0, told_count - 1);                                                     \
        assert_int_equal(told[at].type, is_type);                                                  \
        assert_int_equal(told[at].flags, is_flags);                                                \
        assert_int_equal(told[at].n, is_n);                                                        \
    } while (0)

/* How often a type was told. */
unsigned count_told(uint32_t type);

/* ---- Fixture ---- */

extern struct aq_replica replica;
extern struct aq_ifmap interfaces;
extern struct aq_view *view;
extern const struct aq_replica_options options;

/* Set up a test: an empty table, nothing in the script, the follower not started. */
int set_up(void **state);

/* Stop the follower; no dump may have begun with events unread. */
int tear_down(void **state);

/* How many entries the follower holds. */
uint32_t count_held(void);

/* Started on what is in the table, and that forgotten. */
void begin(void);

int sync_follow(void);

/* The copy is what the kernel has. */
void assert_in_step(void);

#endif
