/* SPDX-License-Identifier: MIT */
/* Keys and their order are those of ip -j. */
#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "escape.h"
#include "memory.h"

#define MOST_DEPTH 8

/* An open object or list. */
struct json_object {
    size_t depth;
    char end; /* '}' or ']' */
    bool used;
};

static struct {
    char *text;
    size_t length, capacity;
    struct json_object open[MOST_DEPTH];
    size_t depth; /* depth of the innermost open object or list */
} line;

static struct {
    const char *key, *text; /* text is NULL if no line begins with it */
} first;

/* Makes room for size more bytes at the end of the line. Returns a pointer to that room. */
static char *reserve(size_t size)
{
    if (line.capacity - line.length < size) {
        line.capacity = 2 * (line.capacity + size);
        line.text = memory_check(realloc(line.text, line.capacity));
    }
    return line.text + line.length;
}

static void put(const char *text, size_t size)
{
    memcpy(reserve(size), text, size);
    line.length += size;
}

static void put_string(const char *text)
{
    char *begin = reserve(ESCAPE_JSON_SIZE(strlen(text)));
    char *end = escape_json(begin, text);

    line.length += (size_t)(end - begin);
}

static struct json_object *open_at(size_t depth, char begin, char end)
{
    struct json_object *object = &line.open[depth];

    *object = (struct json_object){.depth = depth, .end = end};
    put(&begin, 1);
    line.depth = depth;
    return object;
}

/* Ends all objects and lists that are open inside object. Writes a comma unless the next element is
 * the first one. */
static void next_element(struct json_object *object)
{
    for (; line.depth > object->depth; line.depth--)
        put(&line.open[line.depth].end, 1);
    if (object->used)
        put(",", 1);
    object->used = true;
}

/* The tool defines all keys, so they need no escaping. */
static void put_key(struct json_object *object, const char *key)
{
    next_element(object);
    put("\"", 1);
    put(key, strlen(key));
    put("\":", 2);
}

void json_begin_lines(const char *key, const char *text)
{
    first.key = key;
    first.text = text;
}

struct json_object *json_new(void)
{
    struct json_object *object;

    line.length = 0;
    object = open_at(0, '{', '}');
    if (first.text)
        json_text(object, first.key, first.text);
    return object;
}

void json_text(struct json_object *object, const char *key, const char *text)
{
    put_key(object, key);
    put_string(text);
}

void json_number(struct json_object *object, const char *key, uint64_t number)
{
    char digits[24], *begin = digits + sizeof digits;

    do {
        *--begin = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    put_key(object, key);
    put(begin, (size_t)(digits + sizeof digits - begin));
}

/* Prints three decimals instead of the 17 digits of a double. */
void json_fraction(struct json_object *object, const char *key, double number)
{
    char digits[64] = "";

    put_key(object, key);
    put(digits, (size_t)snprintf(digits, sizeof digits, "%.3f", number));
}

void json_number_set(struct json_object *object, const char *key, uint64_t number)
{
    if (number != 0)
        json_number(object, key, number);
}

void json_true(struct json_object *object, const char *key)
{
    put_key(object, key);
    put("true", 4);
}

void json_null(struct json_object *object, const char *key)
{
    put_key(object, key);
    put("null", 4);
}

void json_mac(struct json_object *object, const char *key, const struct arpq_mac *mac)
{
    char text[ARPQ_MAC_STRLEN];

    if (mac->length != 0)
        json_text(object, key, address_format_mac(mac, text));
}

void json_ip(struct json_object *object, const char *key, const struct arpq_ip *ip)
{
    char text[ARPQ_IP_STRLEN];

    if (ip->family != 0)
        json_text(object, key, address_format(ip, text));
}

struct json_object *json_list(struct json_object *object, const char *key)
{
    put_key(object, key);
    return open_at(object->depth + 1, '[', ']');
}

void json_list_text(struct json_object *list, const char *text)
{
    next_element(list);
    put_string(text);
}

void json_list_word(const char *word, void *list)
{
    json_list_text(list, word);
}

struct json_object *json_list_object(struct json_object *list)
{
    next_element(list);
    return open_at(list->depth + 1, '{', '}');
}

struct json_object *json_member(struct json_object *object, const char *key)
{
    put_key(object, key);
    return open_at(object->depth + 1, '{', '}');
}

const char *json_end(struct json_object *object)
{
    for (; line.depth > object->depth; line.depth--)
        put(&line.open[line.depth].end, 1);
    put("}", 2);
    return line.text;
}

void json_print(struct json_object *object)
{
    json_end(object);
    line.text[line.length - 1] = '\n'; /* instead of the NUL */
    fwrite(line.text, 1, line.length, stdout);
}
