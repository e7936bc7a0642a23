/* SPDX-License-Identifier: MIT */
/* What the files of the command-line tool share. It uses the public header only. */
#ifndef ARPQ_TOOL_H
#define ARPQ_TOOL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <arpq.h>

/* Exit statuses. With several arguments the highest one wins. */
enum status { FOUND = 0, NOT_FOUND = 1, USAGE = 2, ERROR = 3 };

/* The options, by their row in the table of options.c. */
enum option_row {
    OPTION_DEV,
    OPTION_GATEWAY,
    OPTION_JSON,
    OPTION_IPV4,
    OPTION_IPV6,
    OPTION_MASTER,
    OPTION_STATE,
    OPTION_PROXY,
    OPTION_PREFIX,
    OPTION_MAC,
    OPTION_VENDOR,
    OPTION_NAMES,
    OPTION_EXISTING,
    OPTION_INTERFACES,
    OPTION_ADDRESSES,
    OPTION_TIMEOUT,
    OPTION_COUNT,
    OPTION_PROTO,
    OPTION_ROUTER,
    OPTION_MANAGED,
    OPTION_EXTERN_LEARN,
    OPTION_CREATE,
    OPTION_REPLACE,
    OPTION_INSIST,
    OPTION_NETMASK,
    OPTION_REVALIDATE,
    OPTION_MAX_AGE,
    OPTION_RATE,
    OPTION_ATTEMPTS,
    OPTION_FORCE,
    OPTION_NO_SOURCE,
    OPTION_NO_RAW,
    OPTION_INTERVAL,
    OPTION_SIZE,
    OPTION_TTL,
    OPTION_ARP,
    OPTION_NDP,
    OPTION_CLAIMS,
    OPTION_OUTGOING,
    OPTION_PROMISCUOUS,
    OPTION_STATS,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_ROWS
};
#define OPTION_BIT(row) (UINT64_C(1) << (row))

/* One run of the tool: the handle and what the options say. */
struct tool {
    struct arpq *h;
    uint64_t given;   /* OPTION_BIT of every option given */
    const char *dev;  /* --dev as given, or NULL */
    uint32_t ifindex; /* what dev names, or 0 */
    uint32_t flags;   /* ARPQ_VIA_GATEWAY or 0 */
    bool json;
    bool several; /* more than one argument was given to the command */
    bool vendor;
    bool names;
    const char *master;        /* --master as given, or NULL */
    struct arpq_filter filter; /* what the options say of entries, interfaces included */
    uint32_t watch_flags;      /* ARPQ_WATCH_* */
    uint32_t set_flags;        /* ARPQ_SET_* */
    uint32_t resolve_flags;    /* ARPQ_RESOLVE_* */
    uint32_t sweep_flags;      /* ARPQ_SWEEP_* */
    uint32_t sniff_flags;      /* ARPQ_SNIFF_* */
    int64_t timeout_ms;        /* these three: -1 when not given */
    int64_t interval_ms;
    int64_t max_age_ms;
    uint64_t count; /* of lines or requests; this and the next: 0 when not given */
    uint64_t rate;
    uint64_t attempts;
    uint64_t ttl;
    uint64_t size; /* 0 may have been given */
};

static inline bool options_given(const struct tool *t, enum option_row row)
{
    return (t->given & OPTION_BIT(row)) != 0;
}

/* A failure to report about one argument. */
struct failure {
    const char *key;     /* what the argument is in JSON: "dst" or "ifname" */
    const char *subject; /* the argument */
    int code;            /* negative errno value */
    const char *message; /* NULL: what arpq_strerror says */
    const char *detail;  /* the kernel's words, or "" */
};

/* A subcommand: takes its arguments, returns its status. */
typedef enum status command_function(const struct tool *t, int count, char **args);
command_function cmd_lookup, cmd_get, cmd_if, cmd_addr, cmd_show, cmd_watch, cmd_stats;
command_function cmd_set, cmd_del, cmd_flush, cmd_resolve, cmd_sweep, cmd_ping, cmd_sniff;

/* usage.c */
extern const char usage_synopsis[], usage_options[];

/* options.c: FOUND, with first the number of the first argument that is no option; or
 * what was wrong has been said. --help and --version end the reading. */
enum status options_parse(struct tool *t, int argc, char **argv, int *first);
const char *options_name(enum option_row row); /* "--dev" */
enum status usage_error(const char *message);  /* NULL: said already */

/* values.c: what the arguments of options mean. False: it is none of these. */
bool value_number(const char *text, uint64_t most, uint64_t *number);
bool value_seconds(const char *text, int64_t *ms);
bool value_state(const char *text, uint32_t *states); /* or-ed to what is there */
bool value_protocol(const char *text, uint8_t *protocol);
#define ALL_STATES (0xffu | ARPQ_FILTER_STATE_NONE)
/* An address, with a prefix length or without. */
struct prefix {
    struct arpq_ip ip;
    uint8_t length;
};
enum status value_prefix(const char *text, struct prefix *prefix);
/* What was wrong with a value is said, and makes wrong usage. */
enum status value_error(const char *text, int code, const char *message);

/* arguments.c: addresses and interfaces. All answer or report. */
enum status arguments_address(const struct tool *t, const char *text, struct arpq_ip *ip);
typedef enum status address_function(const struct tool *t, const char *asked,
                                     const struct arpq_ip *ip);
enum status arguments_each_address(const struct tool *t, int count, char **args,
                                   address_function *one);
enum status arguments_device(const struct tool *t, bool json, const char *name, uint32_t *ifindex);
enum status arguments_option_devices(struct tool *t); /* --dev and --master, into the filter too */

/* output.c: statuses and failures. */
enum status status_worst(enum status a, enum status b);
enum status report_failure(bool json, const struct failure *f);
enum status report_address(const struct tool *t, const char *asked, const struct arpq_ip *ip,
                           int code);
/* The same in the caller's words (NULL: arpq_strerror's) where there are none better. */
enum status report_address_as(const struct tool *t, const char *asked, const struct arpq_ip *ip,
                              int code, const char *message);
enum status report_kernel(const struct tool *t, const char *what, int code); /* ERROR */
enum status output_finish(enum status status);

/* text.c. A copy of text that is safe to print, to be freed: each backslash, and each
 * byte that is not printable ASCII, as \xNN. With keep_utf8 (for JSON, which escapes
 * control characters itself) only backslashes and bytes that are not UTF-8. */
char *escape_text(const char *text, bool keep_utf8);
void escape_print(const char *text);
_Noreturn void memory_exhausted(void);
void *memory_check(void *memory); /* memory; the tool ends when there is none */

/* Text in a static or given buffer, always valid. */
#define NUMBER_STRLEN 16
const char *error_name(int code);
void device_name(const struct tool *t, uint32_t ifindex, char name[ARPQ_IFNAME_SIZE]);
/* An address without its scope: beside a device name the scope says nothing more. */
const char *address_format(const struct arpq_ip *ip, char text[ARPQ_IP_STRLEN]);
bool address_equal(const struct arpq_ip *a, const struct arpq_ip *b);

/* Tables of names end with {0, NULL}. */
struct number_name {
    uint32_t number;
    const char *name;
};
extern const struct number_name neigh_flag_names[];     /* in the order of ip-neighbour(8) */
extern const struct number_name neigh_protocol_names[]; /* RTPROT_*, as ip-route(8) has them */

extern const struct number_name link_address_flag_names[]; /* as ip-address(8) has them */
extern const struct number_name link_scope_names[];        /* likewise */
extern const struct number_name link_address_protocol_names[];
#define NO_NAMES (&(const struct number_name){0, NULL})

/* The name of a number, or its digits, written to the buffer. */
const char *number_name_text(const struct number_name *names, uint32_t number,
                             char digits[NUMBER_STRLEN]);

/* True for an answer that the library made itself: it has no ages and no probes. */
bool neigh_is_synthetic(const struct arpq_neigh *neigh);

/* Parts of a line of text, on stdout. */
typedef void word_function(const char *word, void *context);
void neigh_each_state(uint32_t state, word_function *one, void *context);
word_function words_print; /* with a space before it */
void device_print(const struct tool *t, uint32_t ifindex);
void address_print_scoped(const struct tool *t, const struct arpq_ip *ip);
/* A line that answers one argument: the link-layer address, and which it was of several. */
void neigh_print_answer(const struct tool *t, const char *asked, const struct arpq_mac *mac);
void neigh_print(const struct tool *t, const struct arpq_neigh *neigh); /* up to its state */
void neigh_print_origin(const struct arpq_neigh *neigh);                /* protocol, flags */

/* grid.c: lines of cells under titles, in columns as wide as they need to be. */
#define GRID_COLUMNS 9
struct grid {
    const char *titles[GRID_COLUMNS]; /* NULL: the column is left out */
    char **cells;
    size_t rows, capacity;
};
char **grid_add(struct grid *grid);           /* one more row, of empty cells */
void grid_set(char **cell, const char *text); /* NULL and "" leave it empty */
void grid_print_and_free(struct grid *grid);
/* A list of words for a cell, with commas: there are few words, all of the tool's own. */
struct words {
    char text[160];
    size_t length;
};
word_function words_add; /* the context is the list */

/* loop.c: to wait for descriptors, for signals that end the tool, and for the reader of
 * the output, all at once. From loop_begin to loop_end a line is written when loop_write
 * is called. */
enum loop_state { LOOP_CONTINUE, LOOP_TIMEOUT, LOOP_STOP, LOOP_FAILED };
struct loop {
    int signals; /* readable when SIGINT or SIGTERM has come */
    bool unread; /* nobody reads the output any more */
};
bool loop_begin(struct loop *loop); /* false: what is wrong has been said */
/* LOOP_CONTINUE: fd is readable; LOOP_TIMEOUT: the time of clock_ms() has come (INT64_MAX: never); LOOP_STOP:
 * a signal, or nobody reads the output any more. */
enum loop_state loop_wait(struct loop *loop, int fd, int64_t until);
enum loop_state loop_write(struct loop *loop);
void loop_end(struct loop *loop); /* signals do what they did before */

/* pinger.c: echo requests on a thread of their own. ip, options and h are set beforehand. */
struct ping_result {
    int code; /* of arpq_ping */
    struct arpq_ping_reply reply;
};
struct pinger {
    struct arpq *h;
    struct arpq_ip ip;
    struct arpq_ping_options options;
    pthread_t thread;
    int ends[2]; /* of a pair of sockets: ours, the thread's */
    bool busy;   /* asked, and no result taken yet */
};
bool pinger_begin(struct pinger *p); /* false: what is wrong has been said */
int pinger_fd(const struct pinger *p);
enum loop_state pinger_ask(struct pinger *p, uint16_t sequence);
enum loop_state pinger_take(struct pinger *p, struct ping_result *result); /* does not wait */
void pinger_end(struct pinger *p, enum status status); /* while busy: of the tool, too */

/* network.c: where to sweep when nothing or little is said of it. */
enum status network_choose(const struct tool *t, uint16_t family, uint32_t *ifindex,
                           struct prefix *prefix);

/* frame.c: one line about a frame. */
void frame_print(const struct tool *t, const struct arpq_frame *frame);

/* link.c: interfaces and addresses. */
const char *link_type_name(uint32_t type, char digits[NUMBER_STRLEN]);
const char *link_scope_name(uint32_t scope, char digits[NUMBER_STRLEN]);
const char *link_operstate_name(uint32_t operstate, char digits[NUMBER_STRLEN]);
bool link_has_other_permanent_mac(const struct arpq_interface *link);
void link_each_flag(uint32_t flags, word_function *one, void *context);
void link_each_address_flag(const struct arpq_address *a, word_function *one, void *context);
void link_print_lifetimes(
    const struct arpq_address *a); /* with a space before each; if there are any */

/* event.c: one line about an event. */
void clock_print(const struct timespec *time); /* local, with a space behind */
void event_print(const struct tool *t, const struct arpq_event *event);

/* vendor.c: who made the interface with this address; NULL when nothing is known. The
 * text is that of a file: not safe to print. The files are read at the first call. */
const char *vendor_name(const struct arpq_mac *mac);
void vendor_print(const struct arpq_mac *mac, const char *before); /* on stdout, if known */

/* names.c: host names, sought by threads in the background. A thread that hangs in the
 * resolver keeps nobody from ending. host_names_find returns a name that the caller may use
 * until its next call of host_names_ask or host_names_find, or NULL when there is none in time. The
 * text comes from the network: not safe to print. */
void host_names_ask(const struct arpq_ip *ip);
const char *host_names_find(const struct arpq_ip *ip, int64_t deadline_ms); /* of clock_ms() */
/* The same for one address of an endless row of them, with a short wait. */
const char *host_names_find_new(const struct arpq_ip *ip);
#define HOST_NAMES_MS 2000 /* how long a list waits for all its names together */
void host_names_close(void);
int64_t clock_ms(void); /* of the monotonic clock */

/* json.c: one object per line. Every function ends the tool when memory runs out. */
struct json_object;
struct json_object *json_new(void);
void json_text(struct json_object *object, const char *key, const char *text);
void json_number(struct json_object *object, const char *key, uint64_t number);
void json_fraction(struct json_object *object, const char *key, double number);
void json_number_set(struct json_object *object, const char *key, uint64_t number); /* not 0 */
void json_true(struct json_object *object, const char *key);
void json_null(struct json_object *object, const char *key);
void json_mac(struct json_object *object, const char *key, const struct arpq_mac *mac);
struct json_object *json_list(struct json_object *object, const char *key);
void json_list_text(struct json_object *list, const char *text);
word_function json_list_word; /* the context is the list */
struct json_object *json_list_object(struct json_object *list);
struct json_object *json_member(struct json_object *object, const char *key); /* an object */
void json_print(struct json_object *object);                                  /* prints and frees */
void neigh_json_states(struct json_object *object, const char *key, uint32_t state);
void neigh_json(struct json_object *object, const struct tool *t, const struct arpq_neigh *neigh,
                bool statistics);
void neigh_json_entry(const struct tool *t, const char *asked, const struct arpq_ip *ip,
                      const struct arpq_neigh *neigh, bool statistics);
void json_failure(const struct failure *f);
/* link.c: the members of an interface (without addr_info), and of an address. stats may be
 * NULL; parent_down: its parent is not up. */
void link_json(struct json_object *object, const struct tool *t, const struct arpq_interface *link,
               const struct arpq_interface_stats *stats, bool parent_down);
void link_json_address(struct json_object *object, const struct arpq_address *a);

/* counters.c: the statistics of an interface, as ip -s -s has them; in text, the counters
 * of what went wrong only where they are not 0. */
void counters_print(const struct arpq_interface_stats *stats);
void counters_json(struct json_object *object, const struct arpq_interface_stats *stats);

#endif
