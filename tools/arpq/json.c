/* SPDX-License-Identifier: MIT */
/* Built on json-c. Keys and their order are those of ip -j. */
#include "json.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>

#include "address.h"
#include "escape.h"
#include "memory.h"

static struct json_object *check_object(struct json_object *object)
{
    if (!object)
        memory_exhausted();
    return object;
}

static void add_member(struct json_object *object, const char *key, struct json_object *value)
{
    if (json_object_object_add(object, key, value) != 0)
        memory_exhausted();
}

static void append_element(struct json_object *list, struct json_object *value)
{
    if (json_object_array_add(list, value) != 0)
        memory_exhausted();
}

static struct json_object *new_text(const char *text)
{
    char *valid = escape_text(text, true);
    struct json_object *value = check_object(json_object_new_string(valid));

    free(valid);
    return value;
}

struct json_object *json_new(void)
{
    return check_object(json_object_new_object());
}

void json_text(struct json_object *object, const char *key, const char *text)
{
    add_member(object, key, new_text(text));
}

void json_number(struct json_object *object, const char *key, uint64_t number)
{
    add_member(object, key, check_object(json_object_new_uint64(number)));
}

/* Prints three decimals instead of the 17 digits of a double. */
void json_fraction(struct json_object *object, const char *key, double number)
{
    char digits[64];

    snprintf(digits, sizeof digits, "%.3f", number);
    add_member(object, key, check_object(json_object_new_double_s(number, digits)));
}

void json_number_set(struct json_object *object, const char *key, uint64_t number)
{
    if (number != 0)
        json_number(object, key, number);
}

void json_true(struct json_object *object, const char *key)
{
    add_member(object, key, check_object(json_object_new_boolean(1)));
}

void json_null(struct json_object *object, const char *key)
{
    add_member(object, key, NULL);
}

void json_mac(struct json_object *object, const char *key, const struct arpq_mac *mac)
{
    char text[ARPQ_MAC_STRLEN];

    if (mac->length != 0)
        json_text(object, key, arpq_mac_format(mac, ARPQ_MAC_COLON, text, sizeof text));
}

void json_ip(struct json_object *object, const char *key, const struct arpq_ip *ip)
{
    char text[ARPQ_IP_STRLEN];

    if (ip->family != 0)
        json_text(object, key, address_format(ip, text));
}

struct json_object *json_list(struct json_object *object, const char *key)
{
    struct json_object *list = check_object(json_object_new_array());

    add_member(object, key, list);
    return list;
}

void json_list_text(struct json_object *list, const char *text)
{
    append_element(list, new_text(text));
}

void json_list_word(const char *word, void *list)
{
    json_list_text(list, word);
}

struct json_object *json_list_object(struct json_object *list)
{
    struct json_object *object = json_new();

    append_element(list, object);
    return object;
}

struct json_object *json_member(struct json_object *object, const char *key)
{
    struct json_object *member = json_new();

    add_member(object, key, member);
    return member;
}

void json_print(struct json_object *object)
{
    const char *text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
                                                                  JSON_C_TO_STRING_NOSLASHESCAPE);

    if (text)
        puts(text);
    else
        memory_exhausted();
    json_object_put(object);
}
