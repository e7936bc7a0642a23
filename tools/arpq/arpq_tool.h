/* SPDX-License-Identifier: MIT */
/* What the files of the command-line tool share. It uses the public header only. */
#ifndef ARPQ_TOOL_H
#define ARPQ_TOOL_H

#include <stdbool.h>
#include <stdint.h>

#include <arpq.h>

/* Exit statuses. With several arguments the highest one wins. */
enum verdict { FOUND = 0, NOT_FOUND = 1, USAGE = 2, ERROR = 3 };

/* One run of the tool: the handle and what the options say. */
struct tool {
    struct arpq *h;
    const char *dev; /* --dev as given, or NULL */
    uint32_t ifindex; /* what dev names, or 0 */
    uint32_t flags;   /* ARPQ_VIA_GATEWAY or 0 */
    bool json;
    bool several; /* more than one argument was given to the command */
};

/* A failure to report about one argument. */
struct failure {
    const char *key;     /* what the argument is in JSON: "dst" or "ifname" */
    const char *subject; /* the argument */
    int code;            /* negative errno value */
    const char *message; /* NULL: what arpq_strerror says */
    const char *detail;  /* the kernel's words, or "" */
};

/* A subcommand: takes its arguments, returns its verdict. */
typedef enum verdict command(const struct tool *t, int count, char **args);
command cmd_lookup, cmd_get, cmd_if;

/* main.c: arguments that name addresses and interfaces. Both answer or report. */
typedef enum verdict answer(const struct tool *t, const char *asked, const struct arpq_ip *ip);
enum verdict for_each_address(const struct tool *t, int count, char **args, answer *one);
enum verdict find_device(const struct tool *t, bool json, const char *name, uint32_t *ifindex);

/* output.c: text, and the words for numbers. */
enum verdict worst(enum verdict a, enum verdict b);
enum verdict report(bool json, const struct failure *f);
enum verdict report_address(const struct tool *t, const char *asked, const struct arpq_ip *ip,
                            int code);
enum verdict finish_output(enum verdict verdict);
_Noreturn void out_of_memory(void);

/* A copy of text that is safe to print, to be freed: each backslash, and each byte
 * that is not printable ASCII, as \xNN. With keep_utf8 (for JSON, which escapes
 * control characters itself) only backslashes and bytes that are not UTF-8. */
char *escaped(const char *text, bool keep_utf8);
void print_escaped(const char *text);

/* Text in a static or given buffer, always valid. */
#define NUMBER_STRLEN 16
const char *error_name(int code);
void device_name(const struct tool *t, uint32_t ifindex, char name[ARPQ_IFNAME_SIZE]);
/* An address without its scope: beside a device name the scope says nothing more. */
const char *bare_ip(const struct arpq_ip *ip, char text[ARPQ_IP_STRLEN]);
bool same_bare_ip(const struct arpq_ip *a, const struct arpq_ip *b);

/* Tables of names end with {0, NULL}. */
struct number_name {
    uint32_t number;
    const char *name;
};
extern const struct number_name neigh_flag_names[]; /* in the order of ip-neighbour(8) */
extern const struct number_name protocol_names[];   /* RTPROT_*, as ip-route(8) has them */

/* The name of a number, or its digits, written to the buffer. */
const char *name_of(const struct number_name *names, uint32_t number, char digits[NUMBER_STRLEN]);

/* True for an answer that the library made itself: it has no ages and no probes. */
bool is_made(const struct arpq_neigh *neigh);

/* json.c: one object per line. Every function ends the tool when memory runs out. */
struct json_object;
struct json_object *json_new(void);
void json_text(struct json_object *object, const char *key, const char *text);
void json_number(struct json_object *object, const char *key, uint64_t number);
void json_true(struct json_object *object, const char *key);
void json_null(struct json_object *object, const char *key);
void json_mac(struct json_object *object, const char *key, const struct arpq_mac *mac);
struct json_object *json_list(struct json_object *object, const char *key);
void json_list_text(struct json_object *list, const char *text);
struct json_object *json_list_object(struct json_object *list);
void json_print(struct json_object *object); /* prints and frees */
void json_entry(const struct tool *t, const char *asked, const struct arpq_ip *ip,
                const struct arpq_neigh *neigh, bool statistics);
void json_failure(const struct failure *f);

#endif
