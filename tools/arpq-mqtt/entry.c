/* SPDX-License-Identifier: MIT */
/* The skip functions return the text behind what they skip, or NULL if it is not there. Only spaces
 * can lie between the parts of an entry, because control characters are refused. */
#include "entry.h"

#include <mosquitto.h>
#include <stdint.h>
#include <string.h>

static const char *skip_spaces(const char *text)
{
    return text + strspn(text, " ");
}

static const char *skip_string(const char *text)
{
    if (*text++ != '"')
        return NULL;
    while (*text != '"') {
        if (*text == '\0')
            return NULL;
        if (*text++ != '\\')
            continue;
        if (*text == 'u' && strspn(text + 1, "0123456789abcdefABCDEF") >= 4)
            text += 5;
        else if (*text != '\0' && strchr("\"\\/bfnrt", *text))
            text++;
        else
            return NULL;
    }
    return text + 1;
}

static const char *skip_digits(const char *text)
{
    const size_t count = strspn(text, "0123456789");

    return count == 0 ? NULL : text + count;
}

static const char *skip_number(const char *text)
{
    if (*text == '-')
        text++;
    text = *text == '0' ? text + 1 : skip_digits(text);
    if (text && *text == '.')
        text = skip_digits(text + 1);
    if (text && (*text == 'e' || *text == 'E')) {
        text++;
        text = skip_digits(*text == '+' || *text == '-' ? text + 1 : text);
    }
    return text;
}

static const char *skip_scalar(const char *text)
{
    static const char *const words[] = {"true", "false", "null"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strncmp(text, words[i], strlen(words[i])) == 0)
            return text + strlen(words[i]);
    return *text == '"' ? skip_string(text) : skip_number(text);
}

static const char *skip_list(const char *text)
{
    if (*skip_spaces(text + 1) == ']')
        return skip_spaces(text + 1) + 1;
    do {
        text = skip_scalar(skip_spaces(text + 1));
        if (!text)
            return NULL;
        text = skip_spaces(text);
    } while (*text == ',');
    return *text == ']' ? text + 1 : NULL;
}

/* A backslash could hide one of the names that an entry may not have. */
static bool is_allowed_name(const char *name, size_t length)
{
    return !memchr(name, '\\', length) && !(length == 6 && memcmp(name, "\"host\"", 6) == 0) &&
           !(length == 8 && memcmp(name, "\"status\"", 8) == 0);
}

static const char *skip_member(const char *text)
{
    const char *end = skip_string(text);

    if (!end || !is_allowed_name(text, (size_t)(end - text)))
        return NULL;
    text = skip_spaces(end);
    if (*text != ':')
        return NULL;
    text = skip_spaces(text + 1);
    return *text == '[' ? skip_list(text) : skip_scalar(text);
}

/* mosquitto_validate_utf8 refuses control characters too. */
bool entry_is_valid(const char *text)
{
    const size_t length = strlen(text);

    if (length > UINT16_MAX || mosquitto_validate_utf8(text, (int)length) != MOSQ_ERR_SUCCESS ||
        *text != '{')
        return false;
    do {
        text = skip_member(skip_spaces(text + 1));
        if (!text)
            return false;
        text = skip_spaces(text);
    } while (*text == ',');
    return strcmp(text, "}") == 0;
}
