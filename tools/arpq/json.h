/* SPDX-License-Identifier: MIT */
/* Writes JSON Lines. The parts of a line are written in order: adding to an object or list ends all
 * objects and lists inside it. Every function ends the tool if memory runs out. */
#ifndef ARPQ_TOOL_JSON_H
#define ARPQ_TOOL_JSON_H

#include "tool.h"
#include "words.h"

struct json_object;

/* Begins every further line with this member. Keeps text; NULL begins no line with it. */
void json_begin_lines(const char *key, const char *text);

struct json_object *json_new(void); /* begins a line; only one line is open at a time */
void json_text(struct json_object *object, const char *key, const char *text);
void json_number(struct json_object *object, const char *key, uint64_t number);
void json_fraction(struct json_object *object, const char *key, double number);
/* Adds nothing if number is 0. */
void json_number_set(struct json_object *object, const char *key, uint64_t number);
void json_true(struct json_object *object, const char *key);
void json_null(struct json_object *object, const char *key);
void json_mac(struct json_object *object, const char *key, const struct arpq_mac *mac);
void json_ip(struct json_object *object, const char *key, const struct arpq_ip *ip);
struct json_object *json_list(struct json_object *object, const char *key);
void json_list_text(struct json_object *list, const char *text);
word_function json_list_word; /* the context is the list */
struct json_object *json_list_object(struct json_object *list);
struct json_object *json_member(struct json_object *object, const char *key); /* adds an object */
void json_print(struct json_object *object); /* ends the line and prints it */
/* Ends the line and returns it without the newline. It is valid until the next line begins. */
const char *json_end(struct json_object *object);

#endif
